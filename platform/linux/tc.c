// SPDX-License-Identifier: Apache-2.0
/* Who owns what, and the messages that change it (linux/pkt_cls.h, rtnetlink.h). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include "platform/linux/tc_private.h"
#include "platform/linux/why.h"

#define HOOK_HANDLE TC_H_MAKE(TC_H_CLSACT, 0)
#define TRIES       4			/* to delete TC_OURS filters each */

/* --- taking away ------------------------------------------------------------------------ */

/* What is not there any more, alone or with its interface, is what was wanted. */
static enum nm_err gone_is_fine(enum nm_err err)
{
	return err == NM_ABSENT || err == NM_GONE ? NM_OK : err;
}

static enum nm_err delete_ours(struct nl *nl, const struct tc_filters *f, char why[NM_WHY])
{
	enum nm_err err = NM_OK;

	for (unsigned i = 0; i < f->count && !err; i++) {
		struct tcmsg own = f->ours[i];

		if (tc_is_single(f->owner->kind))
			own.tcm_handle = 0;
		nl_begin(nl, RTM_DELTFILTER, NLM_F_ACK, &own, sizeof(own));
		nl_text(nl, TCA_KIND, f->owner->kind);
		err = gone_is_fine(nl_ask(nl, NULL, NULL, "a filter of tc cannot be deleted", why));
	}
	return err;
}

static enum nm_err delete_hook(struct nl *nl, uint32_t ifindex, char why[NM_WHY])
{
	const struct tcmsg own = {
		.tcm_ifindex = (int)ifindex, .tcm_handle = HOOK_HANDLE, .tcm_parent = TC_H_CLSACT,
	};

	nl_begin(nl, RTM_DELQDISC, NLM_F_ACK, &own, sizeof(own));
	nl_text(nl, TCA_KIND, "clsact");
	return gone_is_fine(nl_ask(nl, NULL, NULL, "a hook of tc cannot be deleted", why));
}

/* Until none is left. `f` tells what is, and whether one had the sign. */
static enum nm_err delete_filters(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
				  enum tc_hook hook, struct tc_filters *f, char why[NM_WHY])
{
	enum nm_err err = tc_find_filters(nl, owner, ifindex, hook, f, why);
	bool made = f->made;

	for (unsigned tries = 0; !err && f->count && tries < TRIES; tries++) {
		err = delete_ours(nl, f, why);
		if (!err)
			err = tc_find_filters(nl, owner, ifindex, hook, f, why);
	}
	f->made = made;
	if (!err && f->count)
		return why_say(why, NM_IO, "a filter of tc cannot be deleted: it stays");
	return err;
}

static enum nm_err clean(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
			 enum tc_hook hook, char why[NM_WHY])
{
	struct tc_filters f;
	enum nm_err err = delete_filters(nl, owner, ifindex, hook, &f, why);

	if (!err && f.made && !f.any && hook == TC_HOOK_CLSACT)
		err = delete_hook(nl, ifindex, why);
	return err;
}

enum nm_err tc_detach(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
		      char why[NM_WHY])
{
	struct tc_hooks all = { .after = ifindex ? ifindex - 1 : 0 };
	enum nm_err err;

	do {
		err = tc_find_hooks(nl, &all, all.after, why);
		for (unsigned i = 0; i < all.count && !err; i++)
			if (!ifindex || all.ifindex[i] == ifindex)
				err = clean(nl, owner, all.ifindex[i], all.kind[i], why);
		if (all.count)
			all.after = all.ifindex[all.count - 1];
	} while (!err && !ifindex && all.count == TC_HOOKS);
	return err;
}

/* --- attaching ---------------------------------------------------------------------------- */

static enum nm_err make_hook(struct nl *nl, uint32_t ifindex, enum tc_hook *hook, bool *made,
			     char why[NM_WHY])
{
	const struct tcmsg own = {
		.tcm_ifindex = (int)ifindex, .tcm_handle = HOOK_HANDLE, .tcm_parent = TC_H_CLSACT,
	};
	struct tc_hooks there;
	enum nm_err err;

	nl_begin(nl, RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &own, sizeof(own));
	nl_text(nl, TCA_KIND, "clsact");
	err = nl_ask(nl, NULL, NULL, "the hook clsact of tc cannot be made", why);
	*made = !err;
	*hook = TC_HOOK_CLSACT;
	if (err != NM_LOCKED)
		return err;
	err = tc_find_hooks(nl, &there, ifindex - 1, why);
	if (err)
		return err;
	*hook = there.count && there.ifindex[0] == ifindex ? there.kind[0] : TC_HOOK_NONE;
	return *hook == TC_HOOK_CLSACT || *hook == TC_HOOK_INGRESS ? NM_OK :
	       why_say(why, NM_LOCKED, "the hook of tc is taken by something unknown");
}

struct filter {
	const struct tap_want *want;
	tc_options_fn *options;
	void *ctx;
	char label[TC_LABEL];
};

/* In front of the others: at the lowest preference that is free. */
static enum nm_err put_filter(struct nl *nl, const struct filter *filter,
			      const struct tc_filters *f, bool egress, char why[NM_WHY])
{
	struct tcmsg own = {
		.tcm_ifindex = (int)filter->want->index,
		.tcm_parent = egress ? TC_EGRESS : TC_INGRESS,
	};
	struct nlattr *options;
	uint32_t pref = 1;

	while (pref < TC_PREFS && f->taken[egress] >> (pref - 1) & 1)
		pref++;
	if (f->others[egress] & (((uint64_t)1 << (pref - 1)) - 1))
		log_line(CONF_LOG_WARN, "tc: %s has filters of others in front of ours: what they "
			 "take is not sampled", filter->want->name);
	own.tcm_info = TC_H_MAKE(pref << 16, htons(ETH_P_ALL));
	nl_begin(nl, RTM_NEWTFILTER, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &own, sizeof(own));
	nl_text(nl, TCA_KIND, f->owner->kind);
	options = nl_nest(nl, TCA_OPTIONS);
	filter->options(nl, filter->label, egress, filter->ctx);
	nl_end(nl, options);
	return nl_ask(nl, NULL, NULL, "a filter of tc cannot be made", why);
}

static enum nm_err put_filters(struct nl *nl, const struct tc_owner *owner,
			       struct filter *filter, enum tc_hook hook, bool *made,
			       char why[NM_WHY])
{
	const struct tap_want *want = filter->want;
	struct tc_filters f;
	enum nm_err err = delete_filters(nl, owner, want->index, hook, &f, why);

	*made = *made || (!err && f.made);
	tc_label(filter->label, owner->instance, *made);
	if (!err && want->ingress)
		err = put_filter(nl, filter, &f, false, why);
	if (!err && want->egress && hook == TC_HOOK_CLSACT)
		err = put_filter(nl, filter, &f, true, why);
	return err;
}

/* What was begun and went wrong. */
static void undo(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex, enum tc_hook hook,
		 bool made)
{
	char unsaid[NM_WHY];
	struct tc_filters f;
	enum nm_err err = delete_filters(nl, owner, ifindex, hook, &f, unsaid);

	if (!err && made && !f.any)
		err = delete_hook(nl, ifindex, unsaid);
	if (err)
		log_line(CONF_LOG_WARN, "tc: %s", unsaid);
}

enum nm_err tc_attach(struct nl *nl, const struct tc_owner *owner, const struct tap_want *want,
		      tc_options_fn *options, void *ctx, char why[NM_WHY])
{
	struct filter filter = { .want = want, .options = options, .ctx = ctx };
	enum tc_hook hook;
	bool made;
	enum nm_err err = make_hook(nl, want->index, &hook, &made, why);

	if (err)
		return err;
	if (hook == TC_HOOK_INGRESS && !want->ingress)
		return why_say(why, NM_LOCKED, "%s has an ingress qdisc, beside which there is no "
			       "egress hook", want->name);
	err = put_filters(nl, owner, &filter, hook, &made, why);
	if (err) {
		undo(nl, owner, want->index, hook, made);
		return err;
	}
	if (hook == TC_HOOK_INGRESS && want->egress) {
		why_say(why, NM_OK, "%s has an ingress qdisc, beside which only that direction can "
			"be sampled", want->name);
		log_line(CONF_LOG_WARN, "tc: %s", why);
	}
	return NM_OK;
}
