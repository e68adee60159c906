/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters of ours in the hooks of tc, which every packet of an interface passes: clsact has one
 * for each direction, the older ingress only that one.
 *
 * A filter outlives who made it, so each has a label, in its name or in the cookie of its action:
 * netmeta, a sign, and the instance in eight hexadecimal digits. What is not labelled with our
 * own instance is never touched. An interface has one hook, which we make when there is none;
 * then the sign is +, and so it is of every filter, of whatever instance, that is added while one
 * with + is there. Who takes away the last filter, and that had a +, takes the hook away, too.
 * So a hook that somebody else made, or uses, stays, and ours goes, even when its maker has
 * crashed; but who crashes between making both leaves an empty hook, which costs nothing.
 */
#ifndef NM_LINUX_TC_H
#define NM_LINUX_TC_H

#include "platform/linux/nl.h"

#define TC_LABEL 17			/* bytes of a label with its 0 */

struct tc_owner {
	uint32_t instance;
	const char *kind;		/* of its filters: "bpf" or "matchall" */
};

/*
 * Put what a filter's TCA_OPTIONS holds, with the label where the kind has room for it:
 * TCA_BPF_NAME; TCA_ACT_COOKIE of the first action, TC_LABEL - 1 bytes.
 */
typedef void tc_options_fn(struct nl *nl, const char label[TC_LABEL], bool egress, void *ctx);

/*
 * Filters for all protocols in the directions that are wanted, in front of everybody else's as
 * far as there is room; what the owner had there before goes. All or nothing, but beside an ingress
 * hook only that direction can be had: NM_LOCKED when it is not wanted, otherwise the other one
 * is left out with a line in the log, and `why` says so, too. `nl` is of NETLINK_ROUTE.
 */
enum nm_err tc_attach(struct nl *nl, const struct tc_owner *owner, const struct tap_want *want,
		      tc_options_fn *options, void *ctx, char why[NM_WHY]) NM_MUST_CHECK;
/* Take away the owner's filters, and hooks by the rule above; of one interface, or 0: of all. */
enum nm_err tc_detach(struct nl *nl, const struct tc_owner *owner, uint32_t ifindex,
		      char why[NM_WHY]) NM_MUST_CHECK;

#endif
