// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as hooks and filters of tc: hooks come in order and once, ours have the kind and the
 * parent that was asked for, and what is ours has a preference that is taken. With an odd first
 * byte the rest is a list that becomes messages of this machine's byte order, so that seeds mean
 * the same everywhere: what it is, an interface, a handle, a preference, the length of a label,
 * and it.
 * tests/fuzz/run.py runs it.
 */
#include "platform/linux/tc_private.h"
#include "tests/guard.h"
#include "tests/linux/nl_stage.h"
#include "tests/linux/words.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define ROOM 512			/* for one message, at the least */

enum { QDISC = 1, MATCHALL = 2, OTHER = 4, ROOT = 8 };	/* of what it is */

static void compose_label(struct words *w, bool cookie, struct buf label)
{
	size_t options = w_nest(w, TCA_OPTIONS), actions, first;
	uint16_t len = (uint16_t)buf_left(&label);

	if (cookie) {
		actions = w_nest(w, 2);
		first = w_nest(w, 1);
		w_attr(w, 6, label.p, len);
		w_end(w, first);
		w_end(w, actions);
	} else {
		w_attr(w, 7, label.p, len);
	}
	w_end(w, options);
}

static void compose(struct words *w, struct buf in)
{
	while (buf_left(&in) && w->len < sizeof(w->b) - ROOM) {
		uint8_t what = buf_u8(&in), ifindex = buf_u8(&in), handle = buf_u8(&in);
		uint8_t pref = buf_u8(&in), len = buf_u8(&in);
		struct buf label = buf_take(&in, len < buf_left(&in) ? len : buf_left(&in));
		size_t at = w_message(w, what & QDISC ? RTM_NEWQDISC : RTM_NEWTFILTER, 0, 0, 0);
		const char *kind = what & QDISC ? (what & OTHER ? "ingress" : "clsact") :
				   what & MATCHALL ? "matchall" : what & OTHER ? "u32" : "bpf";

		w32(w, 0);
		w32(w, ifindex);
		w32(w, handle);
		w32(w, what & ROOT ? 0xffffffff : TC_H_CLSACT);
		w32(w, (uint32_t)pref << 16);
		w_attr(w, TCA_KIND, kind, (uint16_t)(strlen(kind) + 1));
		compose_label(w, what & MATCHALL, label);
		w_finish(w, at);
	}
}

static void look_at_hooks(struct nl *nl, uint32_t after)
{
	char why[NM_WHY];
	struct tc_hooks all;

	must(tc_find_hooks(nl, &all, after, why) == NM_OK && all.count <= TC_HOOKS);
	for (unsigned i = 0; i < all.count; i++) {
		must(all.ifindex[i] > after);
		after = all.ifindex[i];
	}
}

static void look_at_filters(struct nl *nl, const char *kind, enum tc_hook hook)
{
	const struct tc_owner owner = { 1, kind };
	char why[NM_WHY];
	struct tc_filters f;

	must(tc_find_filters(nl, &owner, 5, hook, &f, why) == NM_OK && f.count <= TC_OURS);
	must(f.any || (!f.made && !f.count && !f.taken[0] && !f.taken[1]));
	must(hook == TC_HOOK_CLSACT || !f.taken[1]);
	must(tc_is_single(kind) == !strcmp(kind, "matchall"));
	for (unsigned i = 0; i < f.count; i++) {
		bool egress = f.ours[i].tcm_parent == TC_EGRESS;
		uint32_t pref = f.ours[i].tcm_info >> 16;

		must(egress || f.ours[i].tcm_parent == TC_INGRESS);
		must(f.ours[i].tcm_handle);
		must(!pref || pref > TC_PREFS || f.taken[egress] >> (pref - 1) & 1);
	}
	for (unsigned i = 0; i < 2; i++)
		must((f.others[i] & ~f.taken[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w;
	static struct nl nl;
	struct buf in = buf_of(data, size);

	w.len = 0;
	if (!size || size > sizeof(w.b))
		return 0;
	if (buf_u8(&in) & 1)
		compose(&w, in);
	else
		w_bytes(&w, in.p, buf_left(&in));
	nl_stage_answer = buf_of(memcpy(guarded_room((w.len + 3) & ~(size_t)3), w.b, w.len), w.len);
	look_at_hooks(&nl, 0);
	look_at_hooks(&nl, 3);
	look_at_filters(&nl, "bpf", TC_HOOK_CLSACT);
	look_at_filters(&nl, "matchall", TC_HOOK_INGRESS);
	return 0;
}
