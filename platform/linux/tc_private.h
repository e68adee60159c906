/* SPDX-License-Identifier: Apache-2.0 */
/* What tc.c decides by: hooks and filters that there are, read by tc_read.c. */
#ifndef NM_LINUX_TC_PRIVATE_H
#define NM_LINUX_TC_PRIVATE_H

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "platform/linux/tc.h"

#define TC_INGRESS TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define TC_EGRESS  TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

#define TC_OURS  32			/* filters of one owner at one interface, read at once */
#define TC_PREFS 64			/* preferences tried, from 1 */
#define TC_HOOKS 64			/* interfaces read at once */

enum tc_hook { TC_HOOK_NONE, TC_HOOK_CLSACT, TC_HOOK_INGRESS, TC_HOOK_OTHER };

struct tc_hooks {
	uint32_t after;			/* those behind this number are wanted ... */
	uint32_t ifindex[TC_HOOKS];	/* ... the lowest ones, in order */
	uint8_t kind[TC_HOOKS];		/* enum tc_hook */
	unsigned count;
};

/* The filters of one interface. */
struct tc_filters {
	const struct tc_owner *owner;
	uint32_t parent;		/* asked for just now */
	bool any, made;			/* there is one; there is one with the sign */
	/* Bits: preferences of ingress, egress, from number 1 on; those of others. */
	uint64_t taken[2], others[2];
	struct tcmsg ours[TC_OURS];
	unsigned count;
};

/* `made`: the hook is ours. */
void tc_label(char label[TC_LABEL], uint32_t instance, bool made);
/* Does a kind have one filter of each preference, so that it is deleted by that alone? */
bool tc_is_single(const char *kind);

enum nm_err tc_find_hooks(struct nl *nl, struct tc_hooks *all, uint32_t after,
			  char why[NM_WHY]) NM_MUST_CHECK;
enum nm_err tc_find_filters(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
			    enum tc_hook hook, struct tc_filters *f,
			    char why[NM_WHY]) NM_MUST_CHECK;

#endif
