// SPDX-License-Identifier: Apache-2.0
/* Hooks and filters as the kernel tells them: which are ours, which preferences are taken. */
#include <string.h>

#include "platform/linux/tc_private.h"
#include "tests/linux/nl_stage.h"
#include "tests/linux/words.h"
#include "tests/test.h"

#define ROOT 0xffffffffu		/* the parent of a root qdisc */
#define OWN  0x1234abcdu

static struct words w;
static struct nl nl;
static char why[NM_WHY];

static const struct tc_owner bpf = { OWN, "bpf" }, matchall = { OWN, "matchall" };

static size_t begin(uint16_t type, uint32_t ifindex, uint32_t handle, uint32_t parent,
		    uint32_t info, const char *kind)
{
	size_t at = w_message(&w, type, 0, 0, 0);

	w32(&w, 0);			/* family, padding */
	w32(&w, ifindex);
	w32(&w, handle);
	w32(&w, parent);
	w32(&w, info);
	w_attr(&w, TCA_KIND, kind, (uint16_t)(strlen(kind) + 1));
	return at;
}

static void qdisc(uint32_t ifindex, uint32_t parent, const char *kind)
{
	w_finish(&w, begin(RTM_NEWQDISC, ifindex, 0xffff0000, parent, 1, kind));
}

/* tc's preference is the upper half of the information; the lower one is a protocol. */
static void filter(uint32_t handle, uint32_t pref, const char *kind, const char *name,
		   const char *cookie)
{
	size_t at = begin(RTM_NEWTFILTER, 5, handle, 0xfffffff2, pref << 16 | 0x0300, kind);
	size_t options = w_nest(&w, TCA_OPTIONS);

	if (name)
		w_attr(&w, 7, name, (uint16_t)(strlen(name) + 1));	/* TCA_BPF_NAME */
	if (cookie) {
		size_t actions = w_nest(&w, 2), first = w_nest(&w, 1);	/* TCA_MATCHALL_ACT */

		w_attr(&w, 6, cookie, (uint16_t)strlen(cookie));	/* TCA_ACT_COOKIE */
		w_end(&w, first);
		w_end(&w, actions);
	}
	w_end(&w, options);
	w_finish(&w, at);
}

static void answer(void)
{
	nl_stage_answer = buf_of(w.b, w.len);
}

static void labels(void)
{
	char label[TC_LABEL];

	tc_label(label, 0xab, true);
	check(!strcmp(label, "netmeta+000000ab"));
	tc_label(label, UINT32_MAX, false);
	check(!strcmp(label, "netmeta-ffffffff"));
	check(tc_is_single("matchall") && !tc_is_single("bpf") && !tc_is_single("u32"));
}

static void hooks_in_order(void)
{
	struct tc_hooks all;

	w.len = 0;
	qdisc(9, TC_H_CLSACT, "clsact");
	qdisc(3, TC_H_CLSACT, "ingress");
	qdisc(3, ROOT, "fq_codel");
	qdisc(4, ROOT, "noqueue");
	qdisc(7, TC_H_CLSACT, "something");
	qdisc(9, TC_H_CLSACT, "clsact");		/* told twice */
	answer();
	check(tc_find_hooks(&nl, &all, 0, why) == NM_OK && all.count == 3);
	check(all.ifindex[0] == 3 && all.kind[0] == TC_HOOK_INGRESS);
	check(all.ifindex[1] == 7 && all.kind[1] == TC_HOOK_OTHER);
	check(all.ifindex[2] == 9 && all.kind[2] == TC_HOOK_CLSACT);
	check(tc_find_hooks(&nl, &all, 3, why) == NM_OK && all.count == 2 && all.ifindex[0] == 7);
	check(tc_find_hooks(&nl, &all, 9, why) == NM_OK && all.count == 0);
}

/* The lowest ones are kept, whatever the order. */
static void more_hooks_than_room(void)
{
	static uint8_t many[8192];
	size_t len = 0;
	struct tc_hooks all;
	bool in_order = true;

	for (uint32_t i = 0; i < 2 * TC_HOOKS; i++) {
		w.len = 0;
		qdisc(1 + i * 37 % (2 * TC_HOOKS), TC_H_CLSACT, "clsact");
		memcpy(many + len, w.b, w.len);
		len += w.len;
	}
	check(len < sizeof(many));
	nl_stage_answer = buf_of(many, len);
	check(tc_find_hooks(&nl, &all, 0, why) == NM_OK && all.count == TC_HOOKS);
	for (uint32_t i = 0; i < TC_HOOKS; i++)
		in_order = in_order && all.ifindex[i] == i + 1;
	check(in_order);
	check(tc_find_hooks(&nl, &all, TC_HOOKS, why) == NM_OK && all.count == TC_HOOKS);
	check(all.ifindex[0] == TC_HOOKS + 1 && all.ifindex[TC_HOOKS - 1] == 2 * TC_HOOKS);
}

static void ours_by_name(void)
{
	struct tc_filters f;

	w.len = 0;
	filter(0, 2, "bpf", NULL, NULL);		/* the head of a preference */
	filter(1, 2, "bpf", "netmeta-1234abcd", NULL);
	filter(1, 3, "bpf", "netmeta-1234abce", NULL);	/* of another instance */
	filter(1, 9, "bpf", "netmeta", NULL);
	filter(1, 64, "u32", NULL, NULL);
	filter(1, 65, "u32", NULL, NULL);
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_INGRESS, &f, why) == NM_OK);
	check(f.any && !f.made && f.count == 1);
	check(f.ours[0].tcm_ifindex == 5 && f.ours[0].tcm_handle == 1);
	check(f.ours[0].tcm_info == 0x00020300 && f.ours[0].tcm_parent == TC_INGRESS);
	check(f.taken[0] == (1ull << 63 | 1 << 8 | 1 << 2 | 1 << 1) && f.taken[1] == 0);
	check(f.others[0] == (1ull << 63 | 1 << 8));
	check(tc_find_filters(&nl, &matchall, 5, TC_HOOK_INGRESS, &f, why) == NM_OK);
	check(f.any && f.count == 0);
}

static void ours_by_cookie(void)
{
	struct tc_filters f;

	w.len = 0;
	filter(1, 1, "matchall", NULL, "netmeta-00000001");
	filter(1, 2, "matchall", NULL, "netmeta+1234abcd");
	filter(1, 3, "matchall", NULL, "netmeta+1234abc");	/* a byte too short */
	filter(1, 4, "matchall", NULL, "netmeta*1234abcd");
	filter(1, 5, "flower", NULL, "netmeta-1234abcd");
	answer();
	check(tc_find_filters(&nl, &matchall, 5, TC_HOOK_CLSACT, &f, why) == NM_OK);
	check(f.made && f.count == 2);			/* both directions were asked for */
	check(f.ours[0].tcm_parent == TC_INGRESS && f.ours[1].tcm_parent == TC_EGRESS);
	check(f.ours[0].tcm_info >> 16 == 2 && f.ours[1].tcm_info >> 16 == 2);
	check(f.taken[0] == 0x1f && f.taken[1] == 0x1f && f.others[1] == 0x1c);
}

/* The sign of another instance is inherited; one in a label of another form is nobody's. */
static void signs(void)
{
	struct tc_filters f;

	w.len = 0;
	filter(1, 1, "bpf", "netmeta+0000000", NULL);
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_INGRESS, &f, why) == NM_OK && !f.made);
	filter(1, 1, "bpf", "netmeta+00000007", NULL);
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_INGRESS, &f, why) == NM_OK && f.made);
	check(f.count == 0);
	w.len = 0;
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_CLSACT, &f, why) == NM_OK);
	check(!f.any && !f.made && !f.taken[0] && !f.count);
}

/* Whatever cannot be read is somebody's, and in the way of nothing but the hook's end. */
static void damaged(void)
{
	struct tc_filters f;
	struct tc_hooks all;

	w.len = 0;
	filter(1, 1, "bpf", "netmeta+1234abcd", NULL);
	w.b[16 + 20] = 3;		/* the kind's length: less than its header */
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_INGRESS, &f, why) == NM_OK);
	check(f.any && f.count == 0);
	w.len = 0;
	w_finish(&w, w_message(&w, RTM_NEWTFILTER, 0, 0, 0));
	w_finish(&w, w_message(&w, RTM_NEWQDISC, 0, 0, 0));
	answer();
	check(tc_find_filters(&nl, &bpf, 5, TC_HOOK_INGRESS, &f, why) == NM_OK && !f.any);
	check(tc_find_hooks(&nl, &all, 0, why) == NM_OK && all.count == 0);
}

TESTS({ "labels have 16 characters, a sign and the instance",        labels },
      { "hooks are told in order, root qdiscs are none",             hooks_in_order },
      { "of too many hooks the lowest come first",                   more_hooks_than_room },
      { "a filter of BPF is ours by its whole name",                 ours_by_name },
      { "a filter of any other kind is ours by its whole cookie",    ours_by_cookie },
      { "who made the hook is told by every instance's sign",        signs },
      { "what is damaged is not ours",                               damaged })
