// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a block of a packet socket's ring: samples have a rate, an interface and bytes that
 * lie in the block, and there are no more than the block has room for heads. The first byte
 * says how its packets look; with its lowest bit the rest is a list that becomes a block of this
 * machine's byte order, so that seeds mean the same everywhere: the number of bytes of a packet,
 * what becomes of it, and the bytes; a number of 255 damages a byte (how, and two bytes where).
 * Otherwise the rest is the block. tests/fuzz/run.py runs it.
 */
#include "platform/linux/packet_ring.h"

#include "tests/linux/blocks.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define NOW   time_of_s(1795620090)
#define CLOCK time_of_s(1795620095)

enum { COMPOSED = 1, SIZED = 2, HEADLESS = 4 };		/* of the first byte */
enum { OUTGOING = 1, TAGGED = 2, MERGED = 4, OLD = 8, LONG = 16 };	/* of a packet's */

struct fed {
	struct packet_form form;
	struct buf block;
	unsigned samples, sum;
};

static void got(void *ctx, const struct sample *s)
{
	struct fed *fed = ctx;

	must(s->rate == fed->form.rate && s->at_if == fed->form.index);
	must(s->direction == DIRECTION_INGRESS ? s->at_if == s->in_if && !s->out_if
					       : s->at_if == s->out_if && !s->in_if);
	must(s->told_segments == fed->form.sized && (s->told_segments || !s->segment_size));
	must(!s->etype || fed->form.headless);
	must(!s->seen.ns || (s->seen.ns <= NOW.ns && time_since(NOW, s->seen) < 60 * NM_NS_PER_S));
	must(s->bytes.p >= fed->block.p && s->bytes.p <= s->bytes.end &&
	     s->bytes.end <= fed->block.end && !s->bytes.bad);
	for (const uint8_t *p = s->bytes.p; p < s->bytes.end; p++)
		fed->sum += *p;
	fed->samples++;
}

static void add(struct block *b, uint8_t what, struct buf bytes, bool sized)
{
	uint32_t len = (uint32_t)buf_left(&bytes);
	struct block_packet p = {
		.bytes = bytes.p, .captured = len, .length = what & LONG ? 14546 : len,
		.way = what & OUTGOING ? PACKET_OUTGOING : PACKET_HOST, .sized = sized,
		.status = what & TAGGED ? TP_STATUS_VLAN_VALID : 0, .tag = 0x6005,
		.protocol = 0x0800, .s = what & OLD ? 7 : 1795620094,
	};

	if (what & MERGED)
		p.sizes = (struct virtio_net_hdr){ .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
						   .gso_size = 1448 };
	block_add(b, &p);
}

/* The list, of which either the packets or the damages are done. */
static void items(struct block *b, struct buf in, bool sized, bool damages)
{
	while (buf_left(&in)) {
		uint8_t len = buf_u8(&in), what = buf_u8(&in);

		if (len == UINT8_MAX) {
			uint16_t at = buf_u16(&in);

			if (damages && at < b->len)
				b->b[at] ^= what;
		} else {
			struct buf bytes = buf_take(&in, len < buf_left(&in) ? len : buf_left(&in));

			if (!damages)
				add(b, what, bytes, sized);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct block block;
	struct fed fed = { .form = { .index = 3, .rate = 10 } };
	struct buf in = buf_of(data, size);
	struct packet_count n;
	uint8_t first = buf_u8(&in);

	if (!size || size > BLOCK_ROOM)
		return 0;
	fed.form.sized = first & SIZED;
	fed.form.headless = first & HEADLESS;
	fed.block = in;
	if (first & COMPOSED) {
		block_begin(&block);
		items(&block, in, fed.form.sized, false);
		block_end(&block);
		items(&block, in, fed.form.sized, true);
		fed.block = block_cut(&block, block.len);
	}
	n = packet_block(fed.block, &fed.form, NOW, CLOCK, got, &fed);
	must(n.samples == fed.samples && n.bad <= 1);
	must(n.samples <= buf_left(&fed.block) / sizeof(struct tpacket3_hdr));
	return 0;
}
