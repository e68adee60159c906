/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of nf_tables that log samples of one interface, set by its netlink: no nft, no
 * libnftnl. They are a table of their own, which belongs to the socket that made it
 * (NFT_TABLE_F_OWNER, Linux 5.12 or later): nobody else can change or flush it, and it is gone when
 * the last descriptor of the socket is closed, by whatever end. A kernel that knows no owners
 * refuses such a table, and then there is none: one without owner would outlive the agent.
 */
#ifndef NM_LINUX_NFTABLES_H
#define NM_LINUX_NFTABLES_H

#include "platform/linux/nl.h"

struct nft_sampling {
	const char *table;		/* its name, nobody else's */
	const char *device;
	const char *prefix;		/* in front of what is logged, less than 128 bytes */
	bool ingress, egress;
	uint32_t rate;			/* one packet in so many, by chance; 1: all of them */
	uint32_t snap;			/* bytes of each */
	uint16_t group;			/* of nfnetlink_log */
};

/*
 * Make it, all or nothing; the table ends with the socket. The sentence says which step the kernel
 * refused. NM_ABSENT: this kernel lacks it; NM_GONE: there is no such device; NM_LOCKED: there is
 * such a table; NM_RIGHTS: CAP_NET_ADMIN is missing.
 */
enum nm_err nft_sample(struct nl *nl, const struct nft_sampling *what,
		       char why[NM_WHY]) NM_MUST_CHECK;

#endif
