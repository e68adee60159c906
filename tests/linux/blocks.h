/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of a packet socket's ring, laid out as Linux 6.18 does it: the block's head of 48 bytes;
 * each packet with a head of 48 and an address of 20 bytes, its network header at a multiple of 16
 * behind them with room for 16 bytes of link header (and 10 of sizes), and padded to 8.
 */
#ifndef NM_BLOCKS_H
#define NM_BLOCKS_H

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "platform/linux/packet_ring.h"
#include "tests/guard.h"

#define BLOCK_ROOM 16384

struct block {
	_Alignas(16) uint8_t b[BLOCK_ROOM];
	size_t len, last;		/* last: where the last packet's head is */
	uint32_t packets;
};

struct block_packet {
	const void *bytes;
	uint32_t captured, length;
	uint32_t status;		/* TP_STATUS_VLAN_VALID */
	uint16_t tag;
	uint16_t protocol;		/* of the address */
	uint8_t way;			/* PACKET_OUTGOING */
	bool sized;
	struct virtio_net_hdr sizes;
	uint32_t s, ns;
};

static inline void block_put(struct block *b, size_t at, const void *bytes, size_t len)
{
	memcpy(b->b + at, bytes, len);
}

static inline void block_begin(struct block *b)
{
	memset(b, 0, sizeof(*b));
	b->len = sizeof(struct tpacket_block_desc);
}

static inline void block_end(struct block *b)
{
	struct tpacket_block_desc head = { .version = 1 };

	head.hdr.bh1.block_status = TP_STATUS_USER;
	head.hdr.bh1.num_pkts = b->packets;
	head.hdr.bh1.offset_to_first_pkt = sizeof(head);
	head.hdr.bh1.blk_len = (uint32_t)b->len;
	block_put(b, 0, &head, sizeof(head));
}

/* False: there is no room. */
static inline bool block_add(struct block *b, const struct block_packet *p)
{
	struct sockaddr_ll from = { .sll_family = AF_PACKET, .sll_protocol = htons(p->protocol),
				    .sll_pkttype = p->way };
	struct tpacket3_hdr head = {
		.tp_sec = p->s, .tp_nsec = p->ns, .tp_snaplen = p->captured, .tp_len = p->length,
		.tp_status = TP_STATUS_USER | p->status,
		.tp_net = (uint16_t)(TPACKET_ALIGN(TPACKET3_HDRLEN + 16) +
				     (p->sized ? sizeof(p->sizes) : 0)),
	};
	uint32_t next;

	head.hv1.tp_vlan_tci = p->tag;
	head.tp_mac = (uint16_t)(head.tp_net - 14);
	next = (head.tp_mac + p->captured + 7) & ~7u;
	if (next > BLOCK_ROOM - b->len)
		return false;
	if (b->packets++)		/* the one before says where this one is */
		block_put(b, b->last, &(uint32_t){ (uint32_t)(b->len - b->last) }, 4);
	b->last = b->len;
	block_put(b, b->len, &head, sizeof(head));
	block_put(b, b->len + TPACKET_ALIGN(sizeof(head)), &from, sizeof(from));
	if (p->sized)
		block_put(b, b->len + head.tp_mac - sizeof(p->sizes), &p->sizes, sizeof(p->sizes));
	if (p->captured)
		block_put(b, b->len + head.tp_mac, p->bytes, p->captured);
	b->len += next;
	return true;
}

/* Its first bytes, where reading further is noticed. */
static inline struct buf block_cut(const struct block *b, size_t len)
{
	return buf_of(guarded(b->b, len), len);
}

#endif
