// SPDX-License-Identifier: Apache-2.0
/*
 * A block: its head says how many packets there are and where the first begins; each says where
 * the next one begins. In a packet's room stand a head, the address it came from or goes to, with
 * its direction, perhaps what the kernel merged, and its first bytes.
 *
 * Nothing that stands in the block is believed before it was compared with the block's size.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <string.h>

#include "platform/linux/packet_ring.h"

#define ETYPE_LEAST 1536		/* below that numbers are lengths, or the kernel's own */
#define AGE_MOST    (60 * NM_NS_PER_S)	/* of a stamp; else the clock was set meanwhile */

/* One packet's room, and what stands in it. */
struct place {
	struct tpacket3_hdr head;
	struct sockaddr_ll from;
	struct virtio_net_hdr sizes;
	struct buf bytes;
};

/* A copy of `len` bytes, because nobody says that they are aligned. */
static bool copy(void *to, size_t len, struct buf room, size_t offset)
{
	if (offset > buf_left(&room) || buf_left(&room) - offset < len)
		return false;
	memcpy(to, room.p + offset, len);
	return true;
}

static bool find(struct buf room, bool sized, struct place *p)
{
	if (!copy(&p->head, sizeof(p->head), room, 0) ||
	    !copy(&p->from, sizeof(p->from), room, TPACKET_ALIGN(sizeof(p->head))))
		return false;
	if (sized && (p->head.tp_mac < sizeof(p->sizes) ||
		      !copy(&p->sizes, sizeof(p->sizes), room, p->head.tp_mac - sizeof(p->sizes))))
		return false;
	buf_skip(&room, p->head.tp_mac);
	p->bytes = buf_take(&room, p->head.tp_snaplen);
	return !p->bytes.bad;
}

/* When it was seen, in the agent's time. */
static nm_time seen(const struct tpacket3_hdr *h, nm_time now, nm_time clock)
{
	int64_t age = time_since(clock, time_plus(time_of_s(h->tp_sec), h->tp_nsec));

	return age >= 0 && age < AGE_MOST ? time_plus(now, -age) : (nm_time){ 0 };
}

static struct sample sample_of(const struct place *p, const struct packet_form *form)
{
	const struct tpacket3_hdr *h = &p->head;
	bool out = p->from.sll_pkttype == PACKET_OUTGOING;
	uint16_t etype = ntohs(p->from.sll_protocol);
	struct sample s = {
		.bytes = p->bytes, .length = h->tp_len, .rate = form->rate, .at_if = form->index,
		.in_if = out ? 0 : form->index, .out_if = out ? form->index : 0,
		.tagged = h->tp_status & TP_STATUS_VLAN_VALID,
		.direction = out ? DIRECTION_EGRESS : DIRECTION_INGRESS, .source = FLOW_PACKET,
	};

	if (s.tagged)
		s.vlan = (uint16_t)h->hv1.tp_vlan_tci;
	if (form->headless && etype >= ETYPE_LEAST)
		s.etype = etype;
	s.told_segments = form->sized;
	if (form->sized && p->sizes.gso_type != VIRTIO_NET_HDR_GSO_NONE)
		s.segment_size = p->sizes.gso_size;
	return s;
}

struct packet_count packet_block(struct buf block, const struct packet_form *form, nm_time now,
				 nm_time clock, sample_fn *got, void *ctx)
{
	struct packet_count count = { 0, 0 };
	struct tpacket_block_desc head;
	struct place p = { .head = { .tp_next_offset = 0 } };
	uint32_t next;

	if (!copy(&head, sizeof(head), block, 0)) {
		count.bad++;
		return count;
	}
	next = head.hdr.bh1.offset_to_first_pkt;
	for (uint32_t i = 0; i < head.hdr.bh1.num_pkts; i++) {
		struct sample s;

		buf_skip(&block, next);
		if (next < sizeof(p.head) || block.bad || !find(block, form->sized, &p)) {
			count.bad++;
			break;
		}
		s = sample_of(&p, form);
		s.seen = seen(&p.head, now, clock);
		got(ctx, &s);
		count.samples++;
		next = p.head.tp_next_offset;
	}
	return count;
}
