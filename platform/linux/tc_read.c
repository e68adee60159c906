// SPDX-License-Identifier: Apache-2.0
/* Hooks and filters that there are, of everybody, and which of them are ours. */
#define _GNU_SOURCE
#include <linux/pkt_cls.h>
#include <stdio.h>
#include <string.h>

#include "platform/linux/nl_attr.h"
#include "platform/linux/tc_private.h"

/* --- labels --------------------------------------------------------------------- */

#define MADE '+'			/* the hook is ours */
#define MET  '-'

void tc_label(char label[TC_LABEL], uint32_t instance, bool made)
{
	snprintf(label, TC_LABEL, "netmeta%c%08x", made ? MADE : MET, (unsigned)instance);
}

static bool is_ours(const char *label, uint32_t instance)
{
	char same[TC_LABEL];

	tc_label(same, instance, label[7] == MADE);
	return !strcmp(label, same);
}

/* Of any instance. */
static bool is_label(const char *label)
{
	return !strncmp(label, "netmeta", 7) && (label[7] == MADE || label[7] == MET) &&
	       strlen(label) == TC_LABEL - 1;
}

/* What is read of a qdisc or a filter. */
struct object {
	struct tcmsg own;
	char kind[16];
	struct buf options;
	char label[TC_LABEL + 1];
	struct buf cookie;
};

static const struct nl_attr object_attrs[] = {
	NL_ATTR(TCA_KIND,    NL_TEXT,  struct object, kind),
	NL_ATTR(TCA_OPTIONS, NL_BYTES, struct object, options),
	{ 0 }
};

static const struct nl_attr bpf_attrs[] = {
	NL_ATTR(TCA_BPF_NAME, NL_TEXT, struct object, label),
	{ 0 }
};

static const struct nl_attr action_attrs[] = {
	NL_ATTR(TCA_ACT_COOKIE, NL_BYTES, struct object, cookie),
	{ 0 }
};
static const struct nl_attr actions_attrs[] = { NL_NESTED(1, action_attrs), { 0 } };
static const struct nl_attr matchall_attrs[] = {
	NL_NESTED(TCA_MATCHALL_ACT, actions_attrs),
	{ 0 }
};

/* A kind that has one filter of each preference deletes that by the preference only. */
static const struct { const char *name; const struct nl_attr *attrs; bool single; } kinds[] = {
	{ "bpf", bpf_attrs, false }, { "matchall", matchall_attrs, true },
};

static bool read_object(struct object *o, const struct nlmsghdr *h)
{
	memset(o, 0, sizeof(*o));
	if (mnl_nlmsg_get_payload_len(h) < sizeof(o->own))
		return false;
	memcpy(&o->own, mnl_nlmsg_get_payload(h), sizeof(o->own));
	nl_message_attrs(object_attrs, h, sizeof(o->own), o);
	return true;
}

static void read_label(struct object *o)
{
	size_t len;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (buf_left(&o->options) && !strcmp(o->kind, kinds[i].name))
			nl_attrs(kinds[i].attrs, o->options.p, buf_left(&o->options), o);
	len = buf_left(&o->cookie);
	if (len == TC_LABEL - 1) {
		memcpy(o->label, o->cookie.p, len);
		o->label[len] = 0;
	}
}

bool tc_is_single(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kind, kinds[i].name))
			return kinds[i].single;
	return false;
}

/* --- what is there ------------------------------------------------------------------- */

static enum tc_hook hook_of(const struct object *o)
{
	if (!strcmp(o->kind, "clsact"))
		return TC_HOOK_CLSACT;
	return strcmp(o->kind, "ingress") ? TC_HOOK_OTHER : TC_HOOK_INGRESS;
}

static void take_hook(void *ctx, const struct nlmsghdr *h)
{
	struct tc_hooks *all = ctx;
	struct object o;
	uint32_t index;
	unsigned i = 0;

	if (h->nlmsg_type != RTM_NEWQDISC || !read_object(&o, h))
		return;
	index = (uint32_t)o.own.tcm_ifindex;
	if (o.own.tcm_parent != TC_H_CLSACT || index <= all->after)
		return;
	while (i < all->count && all->ifindex[i] < index)
		i++;
	if (i == TC_HOOKS || (i < all->count && all->ifindex[i] == index))
		return;
	all->count += all->count < TC_HOOKS;
	memmove(&all->ifindex[i + 1], &all->ifindex[i], (all->count - i - 1) * sizeof(index));
	memmove(&all->kind[i + 1], &all->kind[i], all->count - i - 1);
	all->ifindex[i] = index;
	all->kind[i] = (uint8_t)hook_of(&o);
}

enum nm_err tc_find_hooks(struct nl *nl, struct tc_hooks *all, uint32_t after, char why[NM_WHY])
{
	const struct tcmsg any = { .tcm_family = AF_UNSPEC };

	memset(all, 0, sizeof(*all));
	all->after = after;
	nl_begin(nl, RTM_GETQDISC, NLM_F_DUMP, &any, sizeof(any));
	return nl_ask(nl, take_hook, all, "hooks of tc cannot be read", why);
}

static void take_filter(void *ctx, const struct nlmsghdr *h)
{
	struct tc_filters *f = ctx;
	struct object o;
	uint32_t pref;
	uint64_t bit;

	if (h->nlmsg_type != RTM_NEWTFILTER || !read_object(&o, h))
		return;
	read_label(&o);
	pref = TC_H_MAJ(o.own.tcm_info) >> 16;
	bit = pref && pref <= TC_PREFS ? (uint64_t)1 << (pref - 1) : 0;
	f->any = true;
	f->made = f->made || (is_label(o.label) && o.label[7] == MADE);
	f->taken[f->parent == TC_EGRESS] |= bit;
	if (o.own.tcm_handle && !is_label(o.label))
		f->others[f->parent == TC_EGRESS] |= bit;
	if (!o.own.tcm_handle || strcmp(o.kind, f->owner->kind) ||
	    !is_ours(o.label, f->owner->instance) || f->count == TC_OURS)
		return;
	o.own.tcm_parent = f->parent;
	f->ours[f->count++] = o.own;
}

/* An ingress hook shows the filters of its only direction for both: it is asked about one. */
enum nm_err tc_find_filters(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
			    enum tc_hook hook, struct tc_filters *f, char why[NM_WHY])
{
	static const uint32_t parents[2] = { TC_INGRESS, TC_EGRESS };
	enum nm_err err = NM_OK;

	memset(f, 0, sizeof(*f));
	f->owner = owner;
	for (unsigned i = 0; i < (hook == TC_HOOK_CLSACT ? 2 : 1) && !err; i++) {
		struct tcmsg own = { .tcm_ifindex = (int)ifindex, .tcm_parent = parents[i] };

		f->parent = parents[i];
		nl_begin(nl, RTM_GETTFILTER, NLM_F_DUMP, &own, sizeof(own));
		err = nl_ask(nl, take_filter, f, "filters of tc cannot be read", why);
	}
	return err;
}

