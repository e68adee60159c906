/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of a packet socket's ring (TPACKET_V3, linux/if_packet.h): what the kernel writes becomes
 * samples. Memory only; packet.c maps it and says which block is whose.
 */
#ifndef NM_LINUX_PACKET_RING_H
#define NM_LINUX_PACKET_RING_H

#include "platform/platform.h"

/* What all packets of a tap have in common. */
struct packet_form {
	uint32_t index, rate;
	bool sized;			/* before each stands what it is of (virtio_net_hdr) */
	bool headless;			/* they have no link header */
};

struct packet_count { unsigned samples, bad; };

/*
 * All samples of a block. `now` is the agent's time, `clock` that of the machine, whose stamps
 * the kernel sets. Bad is a block or a packet that does not keep to its room; nothing behind it
 * is read.
 */
struct packet_count packet_block(struct buf block, const struct packet_form *form, nm_time now,
				 nm_time clock, sample_fn *got, void *ctx);

#endif
