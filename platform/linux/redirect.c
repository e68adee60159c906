// SPDX-License-Identifier: Apache-2.0
/* All actions mirred are asked for at once, of whatever filters they are. */
#include "platform/linux/redirect.h"

#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <string.h>

#include "platform/linux/nl.h"
#include "platform/linux/nl_attr.h"

#define PATIENCE_MS 2000

struct listed { struct buf actions; };
struct action { struct buf parms; };

static const struct nl_attr listed_attrs[] = {
	NL_ATTR(TCA_ACT_TAB, NL_BYTES, struct listed, actions),
	{ 0 }
};

static const struct nl_attr option_attrs[] = {
	NL_ATTR(TCA_MIRRED_PARMS, NL_BYTES, struct action, parms),
	{ 0 }
};

static const struct nl_attr action_attrs[] = {
	NL_NESTED(TCA_ACT_OPTIONS, option_attrs),
	{ 0 }
};

static bool redirects(const struct nlattr *a)
{
	struct action action = { .parms = { 0 } };
	struct tc_mirred parms;
	const void *at = mnl_attr_get_payload(a);

	if (!nl_attrs(action_attrs, at, mnl_attr_get_payload_len(a), &action) ||
	    buf_left(&action.parms) < sizeof(parms))
		return false;
	memcpy(&parms, action.parms.p, sizeof(parms));
	return parms.eaction == TCA_EGRESS_REDIR || parms.eaction == TCA_INGRESS_REDIR;
}

static void take(void *ctx, const struct nlmsghdr *h)
{
	struct listed listed = { .actions = { 0 } };
	const struct nlattr *a;
	bool *found = ctx;

	if (!nl_message_attrs(listed_attrs, h, sizeof(struct tcamsg), &listed))
		return;
	for (a = (const void *)listed.actions.p;
	     mnl_attr_ok(a, (int)(listed.actions.end - (const uint8_t *)a)); a = mnl_attr_next(a))
		*found |= redirects(a);
}

bool tc_redirects(void)
{
	const struct tcamsg own = { 0 };
	struct nlattr *tab, *first;
	char why[NM_WHY];
	bool found = false;
	struct nl nl;

	if (nl_open(&nl, NETLINK_ROUTE, PATIENCE_MS, why))
		return false;
	nl_begin(&nl, RTM_GETACTION, NLM_F_DUMP, &own, sizeof(own));
	tab = nl_nest(&nl, TCA_ACT_TAB);
	first = nl_nest(&nl, 1);
	nl_text(&nl, TCA_ACT_KIND, "mirred");
	nl_end(&nl, first);
	nl_end(&nl, tab);
	if (nl_ask(&nl, take, &found, "actions of tc cannot be read", why))
		found = false;
	nl_close(&nl);
	return found;
}
