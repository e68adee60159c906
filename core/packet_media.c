// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of links that only samples show: token bus (IEEE 802.4), token ring (802.5), FDDI (ISO
 * 9314-2), frame relay (RFC 2427, and Cisco's way), HDLC (Cisco's, in packets over SONET), SMDS
 * (RFC 1209), AAL5 (RFC 2684) and 802.11 with its two ways of aggregation. What each carries is
 * told by LLC, by an EtherType or by ISO's protocol number.
 */
#include "core/packet_private.h"

#define ADDRESSES 12

/* The first frame's destination and source. */
static void addresses(struct walk *w, const uint8_t *dst, const uint8_t *src)
{
	if (w->p->layer_count)
		return;
	w->p->dst_mac = be48(dst);
	w->p->src_mac = be48(src);
}

/* --- rings and busses ------------------------------------------------------------- */

/* Access control has only the ring; frame control says whether there is LLC. */
enum layer_kind read_token(struct walk *w)
{
	static const uint8_t masks[] = { [LAYER_TOKENBUS] = 0xc0, [LAYER_TOKENRING] = 0xc0,
					 [LAYER_FDDI] = 0x70 };
	static const uint8_t data[] = { [LAYER_TOKENBUS] = 0x40, [LAYER_TOKENRING] = 0x40,
					[LAYER_FDDI] = 0x50 };
	enum { ROUTED = 0x80, ROUTE_LEN = 0x1f };
	const uint8_t *b = w->in.p;
	size_t control = w->kind == LAYER_TOKENRING ? 2 : 1, len = control + ADDRESSES;

	if (!has(w, len))
		return layer_cut(w, w->kind);
	addresses(w, b + control, b + control + 6);
	if (w->kind == LAYER_TOKENRING && b[control + 6] & ROUTED) {
		w->p->src_mac &= ~(uint64_t)0 >> 17;
		len += has(w, len + 1) ? b[len] & ROUTE_LEN : 1;
	}
	if (!has(w, len))
		return layer_cut(w, w->kind);
	layer_note(w, w->kind, 0);
	w->in.p += len;
	return (b[control - 1] & masks[w->kind]) == data[w->kind] ? LAYER_LLC : LAYER_END;
}

/* --- lines ------------------------------------------------------------------------ */

/* The address ends at a set lowest bit; unnumbered information follows, or an EtherType. */
enum layer_kind read_frame_relay(struct walk *w)
{
	enum { LAST = 1, LONGEST = 4, UNNUMBERED = 0x03 };
	struct buf *in = &w->in;
	uint8_t first;
	int len = 0;

	do
		first = buf_u8(in);
	while (!in->bad && !(first & LAST) && ++len < LONGEST);
	first = buf_u8(in);
	if (first == UNNUMBERED && buf_left(in) && !in->p[0])
		buf_skip(in, 1);		/* a pad, to align what follows */
	if (in->bad || !buf_left(in))
		return layer_cut(w, LAYER_FRAME_RELAY);
	layer_note(w, LAYER_FRAME_RELAY, 0);
	if (first == UNNUMBERED)
		return layer_by_nlpid(w);
	return layer_follow_etype(w, (uint16_t)(first << 8 | buf_u8(in)));
}

/* Cisco's address is 0f or 8f, with a zero behind it; anything else is PPP. */
enum layer_kind read_hdlc(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, 4))
		return layer_cut(w, LAYER_HDLC);
	if ((b[0] & 0x7f) != 0x0f || b[1])
		return LAYER_PPP;
	layer_note(w, LAYER_HDLC, 0);
	w->in.p += 4;
	return layer_follow_etype(w, be16(b + 2));
}

enum layer_kind read_smds(struct walk *w)
{
	enum { HEADER = 36 };

	if (!has(w, HEADER))
		return layer_cut(w, LAYER_SMDS);
	layer_note(w, LAYER_SMDS, 0);
	w->in.p += HEADER;
	return LAYER_LLC;
}

/* LLC, or a circuit for one protocol. */
enum layer_kind read_aal5(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, 3))
		return layer_cut(w, LAYER_AAL5);
	layer_note(w, LAYER_AAL5, 0);
	if (b[0] == b[1] && (b[0] == 0xaa || b[0] == 0xfe) && b[2] == 0x03)
		return LAYER_LLC;
	return layer_by_version(w);
}

/* --- 802.11 ------------------------------------------------------------------------- */

enum {
	WLAN_TYPE = 0x0c, WLAN_CONTROL = 0x04, WLAN_DATA = 0x08,	/* of the first byte */
	WLAN_EMPTY = 0x40, WLAN_QOS = 0x80,
	WLAN_TO = 0x01, WLAN_FROM = 0x02, WLAN_PROTECTED = 0x40, WLAN_ORDER = 0x80,
	WLAN_LEN = 24,
};

static size_t wlan_length(const uint8_t *b)
{
	bool qos = (b[0] & WLAN_TYPE) == WLAN_DATA && b[0] & WLAN_QOS;

	return WLAN_LEN + ((b[1] & (WLAN_TO | WLAN_FROM)) == (WLAN_TO | WLAN_FROM) ? 6 : 0) +
	       (qos ? 2 : 0) + (qos && b[1] & WLAN_ORDER ? 4 : 0);
}

/* Which of the addresses are source and destination, by where the frame comes from and goes. */
static void wlan_addresses(struct walk *w, const uint8_t *b)
{
	static const struct { uint8_t dst, src; } at[] = {
		[0]                   = { 4,  10 },
		[WLAN_TO]             = { 16, 10 },
		[WLAN_FROM]           = { 4,  16 },
		[WLAN_TO | WLAN_FROM] = { 16, 24 },
	};
	uint8_t way = b[1] & (WLAN_TO | WLAN_FROM);

	addresses(w, b + at[way].dst, b + at[way].src);
}

/* Frames of data have LLC behind them, but for empty, encrypted and later parts. */
enum layer_kind read_wlan(struct walk *w)
{
	enum { AGGREGATE = 0x80, PART = 0x0f };
	const uint8_t *b = w->in.p;
	size_t len = has(w, 2) ? wlan_length(b) : WLAN_LEN;

	if (has(w, 2) && (b[0] & WLAN_TYPE) == WLAN_CONTROL) {
		layer_note(w, LAYER_WLAN, 0);
		return LAYER_END;
	}
	if (!has(w, len))
		return layer_cut(w, LAYER_WLAN);
	wlan_addresses(w, b);
	layer_note(w, LAYER_WLAN, 0);
	w->in.p += len;
	if ((b[0] & WLAN_TYPE) != WLAN_DATA || b[0] & WLAN_EMPTY || b[1] & WLAN_PROTECTED)
		return LAYER_END;
	if (b[22] & PART) {
		layer_note(w, LAYER_FRAGMENT, 0);
		return LAYER_END;
	}
	if (b[0] & WLAN_QOS && b[len - (b[1] & WLAN_ORDER ? 6 : 2)] & AGGREGATE)
		return LAYER_AMSDU;
	return LAYER_LLC;
}

/* Of frames sent together the first: length, checksum and a mark before it. */
enum layer_kind read_ampdu(struct walk *w)
{
	enum { MARK = 0x4e };

	if (!has(w, 4))
		return layer_cut(w, LAYER_AMPDU);
	if (w->in.p[3] != MARK)
		return layer_bad(w, LAYER_AMPDU);
	w->in.p += 4;
	return LAYER_WLAN;
}

/* Of packets in one frame the first: addresses and a length before it. */
enum layer_kind read_amsdu(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, ADDRESSES + 2))
		return layer_cut(w, LAYER_AMSDU);
	addresses(w, b, b + 6);
	layer_note(w, LAYER_AMSDU, 0);
	w->in.p += ADDRESSES + 2;
	return LAYER_LLC;
}
