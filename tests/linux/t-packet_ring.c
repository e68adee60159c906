// SPDX-License-Identifier: Apache-2.0
/* Blocks of a packet socket's ring: what each packet becomes, and everything that is not whole. */
#include "platform/linux/packet_ring.h"

#include <stddef.h>

#include "tests/linux/blocks.h"
#include "tests/test.h"

#define NOW   time_of_s(1000)		/* the agent's */
#define CLOCK time_of_s(5000)		/* the machine's */

static const struct packet_form plain = { .index = 7, .rate = 100 };
static const struct packet_form sized = { .index = 7, .rate = 100, .sized = true };
static const uint8_t packet[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static struct block block;
static struct sample samples[16];
static unsigned count;
static unsigned sum;

static void got(void *ctx, const struct sample *s)
{
	(void)ctx;
	if (check(count < 16))
		samples[count++] = *s;
	for (const uint8_t *p = s->bytes.p; p < s->bytes.end; p++)
		sum += *p;
}

static bool feed(struct buf bytes, const struct packet_form *form, unsigned good, unsigned bad)
{
	struct packet_count n;

	count = 0;
	n = packet_block(bytes, form, NOW, CLOCK, got, NULL);
	return n.samples == good && n.bad == bad && count == good;
}

static bool whole(const struct packet_form *form, unsigned good, unsigned bad)
{
	block_end(&block);
	return feed(block_cut(&block, block.len), form, good, bad);
}

static struct block_packet of(uint32_t length)
{
	return (struct block_packet){ .bytes = packet, .captured = 36, .length = length,
				      .protocol = 0x0800, .s = 4999, .ns = 250000000 };
}

/* A block that is one packet. */
static void single(struct block_packet p)
{
	block_begin(&block);
	check(block_add(&block, &p));
}

/* --- what is read ------------------------------------------------------------------ */

static void incoming(void)
{
	const struct sample *s = samples;

	single(of(1514));
	check(whole(&plain, 1, 0));
	check(buf_left(&s->bytes) == 36 && !memcmp(s->bytes.p, packet, 36));
	check(s->length == 1514 && s->rate == 100 && s->at_if == 7 && s->in_if == 7 && !s->out_if);
	check(s->direction == DIRECTION_INGRESS && s->source == FLOW_PACKET && !s->etype);
	check(!s->tagged && !s->told_segments && !s->segments && !s->segment_size);
	check(s->seen.ns == 999250000000);	/* 0.75 s ago */
}

static void outgoing(void)
{
	struct block_packet p = of(60);

	p.way = PACKET_OUTGOING;
	single(p);
	check(whole(&plain, 1, 0));
	check(samples[0].direction == DIRECTION_EGRESS && samples[0].at_if == 7);
	check(!samples[0].in_if && samples[0].out_if == 7);
}

/* For others, for all, for many: all of it came in. */
static void ways(void)
{
	static const uint8_t in[] = {
		PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST,
	};

	for (size_t i = 0; i < sizeof(in); i++) {
		struct block_packet p = of(60);

		p.way = in[i];
		single(p);
		check(whole(&plain, 1, 0) && samples[0].direction == DIRECTION_INGRESS);
	}
}

static void tags(void)
{
	struct block_packet p = of(60);

	p.tag = 0x6005;
	single(p);
	check(whole(&plain, 1, 0) && !samples[0].tagged);	/* not said to be one */
	p.status = TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID;
	single(p);
	check(whole(&plain, 1, 0) && samples[0].tagged && samples[0].vlan == 0x6005);
}

static void sizes(void)
{
	struct block_packet p = of(14546);

	p.sized = true;
	p.sizes.gso_type = VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN;
	p.sizes.gso_size = 1448;
	single(p);
	check(whole(&sized, 1, 0));
	check(samples[0].told_segments && samples[0].segment_size == 1448);
	check(!samples[0].segments && samples[0].length == 14546);
	check(buf_left(&samples[0].bytes) == 36 && !memcmp(samples[0].bytes.p, packet, 36));
	p.sizes.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	single(p);
	check(whole(&sized, 1, 0));
	check(samples[0].told_segments && !samples[0].segment_size);
}

/* Without its link header a packet is what its protocol says; numbers of the kernel say nothing. */
static void headless(void)
{
	static const struct packet_form form = { .index = 7, .rate = 1, .headless = true };
	struct block_packet p = of(60);

	single(p);
	check(whole(&form, 1, 0) && samples[0].etype == 0x0800);
	p.protocol = 4;
	single(p);
	check(whole(&form, 1, 0) && !samples[0].etype);
}

static void stamps(void)
{
	static const struct { uint32_t s; int64_t seen; } of_clock[] = {
		{ 5000, 1000 }, { 4941, 941 }, { 4940, 0 }, { 5001, 0 }, { 0, 0 },
	};

	for (size_t i = 0; i < sizeof(of_clock) / sizeof(of_clock[0]); i++) {
		struct block_packet p = of(60);

		p.s = of_clock[i].s;
		p.ns = 0;
		single(p);
		check(whole(&plain, 1, 0));
		check(samples[0].seen.ns == time_of_s(of_clock[i].seen).ns);
	}
}

static void several(void)
{
	block_begin(&block);
	for (uint32_t i = 0; i < 10; i++) {
		struct block_packet p = of(100 + i);

		p.captured = i * 4;
		check(block_add(&block, &p));
	}
	check(whole(&plain, 10, 0));
	for (uint32_t i = 0; i < 10; i++)
		check(samples[i].length == 100 + i && buf_left(&samples[i].bytes) == i * 4);
}

/* The kernel gives blocks back when their time is over; there is none without a packet, but. */
static void empty(void)
{
	block_begin(&block);
	check(whole(&plain, 0, 0));
}

/* --- what is not whole ------------------------------------------------------------------ */

/* Three packets, of which everything that does not end before the cut is left out. */
static void cut(void)
{
	size_t ends[3];

	block_begin(&block);
	for (uint32_t i = 0; i < 3; i++) {
		struct block_packet p = of(100);

		p.sized = true;
		check(block_add(&block, &p));
		ends[i] = block.last + 92 + 36;
	}
	block_end(&block);
	for (size_t len = 0; len < ends[2]; len++) {
		unsigned good = (len >= ends[0]) + (len >= ends[1]);

		check(feed(block_cut(&block, len), &sized, good, 1));
	}
	check(feed(block_cut(&block, ends[2]), &sized, 3, 0));
}

/* A number of `len` bytes in the first of two packets, or in the block's head, is this. */
static bool bent(size_t at, size_t len, uint32_t value, unsigned good)
{
	const uint16_t half = (uint16_t)value;
	struct block_packet p = of(100);

	p.sized = true;
	block_begin(&block);
	check(block_add(&block, &p) && block_add(&block, &p));
	block_end(&block);
	block_put(&block, at, len == 2 ? (const void *)&half : &value, len);
	return feed(block_cut(&block, block.len), &sized, good, 1);
}

#define BLOCK(member)  offsetof(struct tpacket_block_desc, hdr.bh1.member)
#define PACKET(member) (sizeof(struct tpacket_block_desc) + offsetof(struct tpacket3_hdr, member))

static void numbers(void)
{
	check(bent(BLOCK(num_pkts), 4, 3, 2));		/* the third is nowhere */
	check(bent(BLOCK(num_pkts), 4, UINT32_MAX, 2));
	check(bent(BLOCK(offset_to_first_pkt), 4, 0, 0));
	check(bent(BLOCK(offset_to_first_pkt), 4, 47, 0));
	check(bent(BLOCK(offset_to_first_pkt), 4, UINT32_MAX, 0));
	check(bent(PACKET(tp_next_offset), 4, 0, 1));
	check(bent(PACKET(tp_next_offset), 4, 47, 1));
	check(bent(PACKET(tp_next_offset), 4, UINT32_MAX, 1));
	check(bent(PACKET(tp_next_offset), 4, (uint32_t)-48, 1));
	check(bent(PACKET(tp_mac), 2, 9, 0));		/* no room for the sizes */
	check(bent(PACKET(tp_mac), 2, UINT16_MAX, 0));
	check(bent(PACKET(tp_snaplen), 4, UINT32_MAX, 0));
	check(bent(PACKET(tp_snaplen), 4, BLOCK_ROOM, 0));
}

TESTS({ "a packet that comes in is what its room says", incoming },
      { "a packet that goes out is told by its address", outgoing },
      { "whoever it is for, it came in", ways },
      { "a tag stands beside the packet", tags },
      { "what was merged has parts of one size", sizes },
      { "without a link header the protocol tells", headless },
      { "stamps are ages of the machine's clock", stamps },
      { "packets follow each other", several },
      { "a block may be empty", empty },
      { "every truncation is noticed", cut },
      { "no number leads out of the block", numbers })
