/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets of a capture as they were on their link, for the tests of header dissection: classic
 * pcap and pcapng in both byte orders. Links that an exporter never samples are brought into a
 * form that the dissector knows, and named in front of its layers.
 */
#ifndef NM_FRAMES_H
#define NM_FRAMES_H

#include "core/packet.h"

#define FRAME_MOST 131072		/* bytes of a packet, a jumbogram's too */

struct frames {
	struct buf rest;
	bool swapped, next_generation;
	uint32_t link;			/* of all; of pcapng, of the last interface told */
};

struct frame {
	uint32_t link, wire_len;
	struct buf bytes;
};

static inline uint32_t frames_u32(const struct frames *f, struct buf *in)
{
	uint32_t v = buf_u32(in);

	return f->swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t frames_u16(const struct frames *f, struct buf *in)
{
	uint16_t v = buf_u16(in);

	return f->swapped ? __builtin_bswap16(v) : v;
}

static inline bool frames_open(struct frames *f, struct buf file)
{
	struct buf in = file;
	uint32_t magic = buf_u32(&in);

	*f = (struct frames){ .rest = file, .next_generation = magic == 0x0a0d0d0a };
	if (f->next_generation)
		return true;
	f->swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
	buf_skip(&in, 16);
	f->link = frames_u32(f, &in) & 0xffff;
	f->rest = in;
	return !in.bad;
}

/* One block of pcapng: a section's and an interface's are remembered, a packet's is a frame. */
static inline bool frames_block(struct frames *f, struct frame *frame)
{
	enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, SIMPLE = 3, ENHANCED = 6 };
	struct buf look = f->rest, block;
	uint32_t type = frames_u32(f, &look), len;

	if (type == SECTION) {
		buf_skip(&look, 4);
		f->swapped = buf_u32(&look) == 0x4d3c2b1a;
	}
	look = f->rest;
	buf_skip(&look, 4);
	len = frames_u32(f, &look);
	block = buf_take(&f->rest, len);
	buf_skip(&block, 8);
	if (type == INTERFACE)
		f->link = frames_u16(f, &block);
	if (type != SIMPLE && type != ENHANCED)
		return false;
	buf_skip(&block, type == ENHANCED ? 12 : 0);
	len = type == ENHANCED ? frames_u32(f, &block) : (uint32_t)buf_left(&block) - 8;
	*frame = (struct frame){ .link = f->link, .wire_len = frames_u32(f, &block) };
	frame->bytes = buf_take(&block, len);
	return !frame->bytes.bad;
}

static inline bool frames_next(struct frames *f, struct frame *frame)
{
	uint32_t len;

	while (f->next_generation && buf_left(&f->rest))
		if (frames_block(f, frame))
			return true;
	if (f->next_generation || !buf_left(&f->rest))
		return false;
	buf_skip(&f->rest, 8);
	len = frames_u32(f, &f->rest);
	*frame = (struct frame){ .link = f->link, .wire_len = frames_u32(f, &f->rest) };
	frame->bytes = buf_take(&f->rest, len);
	return !frame->bytes.bad;
}

/* --- links --------------------------------------------------------------------- */

/*
 * Where the payload is, and its EtherType: put behind a frame's empty addresses they can be
 * dissected, and the layer "eth" is called by the link's name instead.
 */
static inline uint16_t cooked_payload(struct buf *in)
{
	buf_skip(in, 14);
	return buf_u16(in);
}

static inline uint16_t cooked2_payload(struct buf *in)
{
	uint16_t etype = buf_u16(in);

	buf_skip(in, 18);
	return etype;
}

/* Attributes in the byte order of the machine, here little endian; number 9 is the packet. */
static inline uint16_t nflog_payload(struct buf *in)
{
	uint8_t family = buf_u8(in);

	buf_skip(in, 3);
	while (!in->bad && buf_left(in)) {
		struct buf look = *in;
		uint16_t len = __builtin_bswap16(buf_u16(&look));
		uint16_t type = __builtin_bswap16(buf_u16(&look));

		if (type == 9) {
			buf_skip(in, 4);
			in->end = in->p + (len - 4);
			break;
		}
		buf_skip(in, (len + 3u) & ~3u);
	}
	return family == 2 ? 0x0800 : 0x86dd;
}

static const struct frame_link {
	uint32_t number;		/* LINKTYPE_ */
	enum packet_link link;
	uint16_t (*payload)(struct buf *in);	/* NULL: as it is */
	const char *name;
} frame_links[] = {
	{ 1,   LINK_ETHERNET, NULL, NULL },
	{ 9,   LINK_PPP,      NULL, NULL },
	{ 101, LINK_IP,       NULL, NULL },
	{ 228, LINK_IP,       NULL, NULL },
	{ 229, LINK_IP,       NULL, NULL },
	{ 219, LINK_MPLS,     NULL, NULL },
	{ 6,   LINK_TOKEN_RING,  NULL, NULL },
	{ 10,  LINK_FDDI,        NULL, NULL },
	{ 100, LINK_AAL5,        NULL, NULL },
	{ 104, LINK_HDLC,        NULL, NULL },
	{ 105, LINK_WLAN,        NULL, NULL },
	{ 107, LINK_FRAME_RELAY, NULL, NULL },
	/* Numbers for everybody's own use: links that have none. */
	{ 147, LINK_TOKEN_BUS,   NULL, NULL },
	{ 148, LINK_SMDS,        NULL, NULL },
	{ 149, LINK_AMPDU,       NULL, NULL },
	{ 150, LINK_AMSDU,       NULL, NULL },
	{ 113, LINK_ETHERNET, cooked_payload,  "sll" },
	{ 276, LINK_ETHERNET, cooked2_payload, "sll2" },
	{ 239, LINK_ETHERNET, nflog_payload,   "nflog" },
	{ 0,   LINK_UNKNOWN,  NULL, "dlt" },
};

static inline const struct frame_link *frame_link(uint32_t number)
{
	const struct frame_link *l = frame_links;

	while (l->number && l->number != number)
		l++;
	return l;
}

/* The frame's bytes as the dissector wants them, in room for FRAME_MOST; how many they are. */
static inline size_t frame_prepare(const struct frame *f, uint8_t *room)
{
	const struct frame_link *l = frame_link(f->link);
	struct buf in = f->bytes;
	uint16_t etype;
	size_t head = 0;

	if (l->payload) {
		etype = l->payload(&in);
		head = 14;
		memset(room, 0, head);
		room[12] = (uint8_t)(etype >> 8);
		room[13] = (uint8_t)etype;
	}
	if (buf_left(&in) > FRAME_MOST - head)
		return 0;
	memcpy(room + head, in.p, buf_left(&in));
	return head + buf_left(&in);
}

#endif
