/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What nfnetlink_log sends, read: datagrams of packets, each a message of attributes whose heads
 * are in host order and whose contents are in network order. It sees bytes only, so that it is
 * tested without a socket.
 *
 * A rule says who it is by its prefix, which stands in every packet: so the rate of a sample is
 * the one it was picked with, also when a tap got another since; and what somebody else's rule
 * sends to our group is told apart.
 */
#ifndef NM_LINUX_NFLOG_READ_H
#define NM_LINUX_NFLOG_READ_H

#include "platform/platform.h"

#define NFLOG_PREFIX     "netmeta 1/"	/* and the rate behind it */
#define NFLOG_PREFIX_MAX 24
#define NFLOG_COPY       960		/* bytes of a packet, at the most */
#define NFLOG_LINK       64		/* of its link header; Ethernet has 14, InfiniBand 44 */

/* Zeroed at first. */
struct nflog {
	uint32_t next;			/* number of the packet that comes next */
	uint64_t drops;			/* datagrams that the kernel dropped, as it counts them */
	uint64_t owed;			/* of these: no gap has told yet what was in them */
	struct tap_losses losses;
	uint8_t frame[NFLOG_LINK + NFLOG_COPY];
};

/* Give all packets of a datagram, at an address for any type, to `got`. How many. */
unsigned nflog_read(struct nflog *n, const void *datagram, size_t len, nm_time now,
		    sample_fn *got, void *ctx);

/*
 * The kernel says that it has dropped so many datagrams. A dropped datagram is one lost sample
 * until the gap behind it tells how many there were, so missing + dropped never counts one twice.
 */
void nflog_dropped(struct nflog *n, uint64_t drops);

#endif
