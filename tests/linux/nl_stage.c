// SPDX-License-Identifier: Apache-2.0
/* Netlink without a kernel. */
#include "tests/linux/nl_stage.h"

#include "platform/linux/nl_attr.h"

struct buf nl_stage_answer;

void nl_begin(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len)
{
	(void)nl, (void)type, (void)flags, (void)own, (void)own_len;
}

enum nm_err nl_ask(struct nl *nl, nl_fn *got, void *ctx, const char *what, char why[NM_WHY])
{
	const struct nlmsghdr *h = (const void *)nl_stage_answer.p;
	int len = (int)buf_left(&nl_stage_answer);

	(void)nl, (void)what, (void)why;
	for (; nl_ok(h, len); h = mnl_nlmsg_next(h, &len))
		got(ctx, h);
	return NM_OK;
}
