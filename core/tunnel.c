// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of tunnels in IP: IPIP and its kin (RFC 2003, 2473, 4213), EtherIP (RFC 3378), GRE (RFC
 * 2784, 2890, 1701, PPTP's RFC 2637, NVGRE's RFC 7637) with ERSPAN's three headers, and on UDP
 * VXLAN (RFC 7348, GPE), Geneve (RFC 8926), GTP-U (3GPP TS 29.281), L2TP (RFC 2661, 3931), Teredo
 * (RFC 4380), MPLS (RFC 7510) and GRE (RFC 8086); and NSH (RFC 8300).
 *
 * A port proves nothing: whatever does not look like its tunnel stays UDP.
 */
#include "core/packet_private.h"

#define PROTO_IP4  4
#define PROTO_L2TP 115

/* The packet behind a number that GPE and NSH share in part. */
static enum layer_kind by_next_protocol(uint8_t next)
{
	static const uint8_t kinds[] = {
		[1] = LAYER_IP4, [2] = LAYER_IP6, [3] = LAYER_ETHERNET, [4] = LAYER_NSH,
		[5] = LAYER_MPLS,
	};

	return next < sizeof(kinds) ? kinds[next] : LAYER_END;
}

/* --- directly in IP --------------------------------------------------------------- */

enum layer_kind read_ipip(struct walk *w)
{
	layer_note(w, LAYER_IPIP, 0);
	tunnel_enter(w, TUNNEL_IPIP, 0);
	return w->upper == PROTO_IP4 ? LAYER_IP4 : LAYER_IP6;
}

enum layer_kind read_etherip(struct walk *w)
{
	if (!has(w, 2))
		return layer_cut(w, LAYER_ETHERIP);
	if (w->in.p[0] >> 4 != 3)
		return layer_bad(w, LAYER_ETHERIP);
	w->in.p += 2;
	layer_note(w, LAYER_ETHERIP, 0);
	tunnel_enter(w, TUNNEL_OTHER, 0);
	return LAYER_ETHERNET;
}

/* --- GRE -------------------------------------------------------------------------- */

enum {
	GRE_CHECKSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGEMENT = 0x0080, GRE_VERSION = 0x0007,
	ETYPE_BRIDGED = 0x6558, ETYPE_ERSPAN = 0x88be, ETYPE_ERSPAN3 = 0x22eb,
};

/* Source routes (RFC 1701) end with one of length 0. */
static void skip_routes(struct buf *in)
{
	uint8_t len;

	do {
		buf_skip(in, 3);
		len = buf_u8(in);
		buf_skip(in, len);
	} while (len && !in->bad);
}

/* Mirrored frames. The header names the session; type I has none, type III may have a second. */
static enum layer_kind read_erspan(struct walk *w, uint16_t flags, uint16_t etype)
{
	enum { FRAME_TYPE_IP = 2 };
	struct buf *in = &w->in;
	uint32_t first;
	uint16_t last;

	if (etype == ETYPE_ERSPAN && !(flags & GRE_SEQUENCE)) {
		tunnel_enter(w, TUNNEL_ERSPAN, 0);
		return LAYER_ETHERNET;
	}
	first = buf_u32(in);
	buf_skip(in, 4);
	if (etype == ETYPE_ERSPAN)
		last = 0;
	else
		last = (uint16_t)buf_u32(in);
	buf_skip(in, last & 1 ? 8 : 0);
	if (in->bad)
		return layer_cut(w, LAYER_GRE);
	tunnel_enter(w, TUNNEL_ERSPAN, first & 0x3ff);
	return (last >> 10 & 0x1f) == FRAME_TYPE_IP ? LAYER_IP : LAYER_ETHERNET;
}

enum layer_kind read_gre(struct walk *w)
{
	struct buf *in = &w->in;
	uint16_t flags = buf_u16(in), etype = buf_u16(in);
	uint32_t key = 0;

	if (flags & (GRE_CHECKSUM | GRE_ROUTING))
		buf_skip(in, 4);
	if (flags & GRE_KEY)
		key = buf_u32(in);
	if (flags & GRE_SEQUENCE)
		buf_skip(in, 4);
	if (flags & GRE_ROUTING)
		skip_routes(in);
	if ((flags & GRE_VERSION) == 1 && flags & GRE_ACKNOWLEDGEMENT)
		buf_skip(in, 4);
	if (in->bad)
		return layer_cut(w, LAYER_GRE);
	layer_note(w, LAYER_GRE, key);
	if (etype == ETYPE_ERSPAN || etype == ETYPE_ERSPAN3)
		return read_erspan(w, flags, etype);
	if (etype == ETYPE_BRIDGED && (flags & 0xf000) == GRE_KEY)
		tunnel_enter(w, TUNNEL_NVGRE, key >> 8);
	tunnel_enter(w, TUNNEL_GRE, key);
	return layer_by_etype(w, etype);
}

/* --- on UDP ------------------------------------------------------------------------ */

static const struct {
	uint16_t port;
	uint8_t kind;
	bool either;			/* answers come from the port, too */
} by_port[] = {
	{ 4789, LAYER_VXLAN,  false },
	{ 8472, LAYER_VXLAN,  false },	/* before there was a registered one */
	{ 4790, LAYER_VXLAN,  false },	/* generic protocol extension */
	{ 6081, LAYER_GENEVE, false },
	{ 2152, LAYER_GTPU,   true },
	{ 6635, LAYER_MPLS,   false },
	{ 4754, LAYER_GRE,    false },
	{ 1701, LAYER_L2TP,   true },
	{ 3544, LAYER_TEREDO, true },
};

enum layer_kind read_udp(struct walk *w)
{
	const uint8_t *b = w->in.p;
	uint16_t from, to;

	if (!has(w, 4))
		return layer_cut(w, LAYER_UDP);
	w->ip->src_port = from = be16(b);
	w->ip->dst_port = to = be16(b + 2);
	layer_note(w, LAYER_UDP, 0);
	if (!has(w, 8))
		return LAYER_END;
	w->in.p += 8;
	for (size_t i = 0; i < sizeof(by_port) / sizeof(by_port[0]); i++) {
		if (by_port[i].port != to && !(by_port[i].either && by_port[i].port == from))
			continue;
		if (by_port[i].kind == LAYER_MPLS)
			tunnel_enter(w, TUNNEL_MPLS_UDP, 0);
		return by_port[i].kind;
	}
	return LAYER_END;
}

/* VXLAN, and with the flag P what is in it by number. */
enum layer_kind read_vxlan(struct walk *w)
{
	enum { VALID = 0x08, PROTOCOL = 0x04 };
	const uint8_t *b = w->in.p;
	uint32_t vni;

	if (has(w, 1) && !(b[0] & VALID))
		return LAYER_END;
	if (!has(w, 8))
		return layer_cut(w, LAYER_VXLAN);
	vni = be32(b + 4) >> 8;
	w->in.p += 8;
	layer_note(w, LAYER_VXLAN, vni);
	tunnel_enter(w, TUNNEL_VXLAN, vni);
	return w->ip->dst_port == 4790 && b[0] & PROTOCOL ? by_next_protocol(b[3]) : LAYER_ETHERNET;
}

enum layer_kind read_geneve(struct walk *w)
{
	const uint8_t *b = w->in.p;
	size_t len = 8 + (has(w, 1) ? (b[0] & 0x3f) * 4u : 0);
	uint32_t vni;

	if (has(w, 1) && b[0] >> 6)
		return LAYER_END;	/* another version */
	if (!has(w, len))
		return layer_cut(w, LAYER_GENEVE);
	vni = be32(b + 4) >> 8;
	w->in.p += len;
	layer_note(w, LAYER_GENEVE, vni);
	tunnel_enter(w, TUNNEL_GENEVE, vni);
	return layer_by_etype(w, be16(b + 2));
}

/*
 * Two numbers, and extension headers: each tells its length in words and ends with the type of
 * the next, 0 for none.
 */
static void skip_gtp_options(struct buf *in, bool extended)
{
	uint8_t type, words;

	buf_skip(in, 3);		/* sequence, number of the packet unit */
	type = buf_u8(in);
	while (extended && type && !in->bad) {
		words = buf_u8(in);
		if (!words)
			in->bad = true;
		else
			buf_skip(in, words * 4u - 2);
		type = buf_u8(in);
	}
}

enum layer_kind read_gtpu(struct walk *w)
{
	enum { VERSION = 0xf0, VERSION_1 = 0x30, OPTIONAL = 0x07, EXTENDED = 0x04, PACKET = 255 };
	struct buf *in = &w->in;
	uint8_t flags = buf_u8(in), type = buf_u8(in);
	uint32_t endpoint;

	if (!in->bad && (flags & VERSION) != VERSION_1)
		return LAYER_END;	/* another version, or charging's GTP' */
	buf_skip(in, 2);
	endpoint = buf_u32(in);
	if (flags & OPTIONAL)
		skip_gtp_options(in, flags & EXTENDED);
	if (in->bad)
		return layer_cut(w, LAYER_GTPU);
	layer_note(w, LAYER_GTPU, endpoint);
	tunnel_enter(w, TUNNEL_GTPU, endpoint);
	return type == PACKET ? layer_by_version(w) : LAYER_END;
}

/* Only with a whole IPv6 header in it; before that may be an authentication and an origin. */
enum layer_kind read_teredo(struct walk *w)
{
	struct buf in = w->in;

	if (buf_left(&in) >= 4 && be16(in.p) == 1)
		buf_skip(&in, 13u + in.p[2] + in.p[3]);
	if (buf_left(&in) >= 2 && be16(in.p) == 0)
		buf_skip(&in, 8);
	if (buf_left(&in) < 40 || in.p[0] >> 4 != 6)
		return LAYER_END;
	w->in = in;
	layer_note(w, LAYER_TEREDO, 0);
	tunnel_enter(w, TUNNEL_TEREDO, 0);
	return LAYER_IP6;
}

/* --- L2TP -------------------------------------------------------------------------- */

/*
 * Version 3 agrees on cookies of 0, 4 or 8 bytes and a sublayer of 0 or 4 beforehand; a frame is
 * found where an EtherType says so.
 */
static enum layer_kind read_l2tp3(struct walk *w, bool control)
{
	uint32_t session = buf_u32(&w->in);

	if (w->in.bad)
		return layer_cut(w, LAYER_L2TP);
	layer_note(w, LAYER_L2TP, session);
	tunnel_enter(w, TUNNEL_L2TP, session);
	for (size_t skip = 0; session && !control && skip <= 12; skip += 4)
		if (is_frame(w, skip)) {
			w->in.p += skip;
			return LAYER_ETHERNET;
		}
	return LAYER_END;
}

static enum layer_kind read_l2tp2(struct walk *w, uint16_t flags)
{
	enum { CONTROL = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x0800, OFFSET = 0x0200 };
	struct buf *in = &w->in;
	uint32_t id;

	buf_skip(in, flags & LENGTH ? 2 : 0);
	id = buf_u32(in);		/* tunnel, session */
	buf_skip(in, flags & SEQUENCE ? 4 : 0);
	if (flags & OFFSET)
		buf_skip(in, buf_u16(in));
	if (in->bad)
		return layer_cut(w, LAYER_L2TP);
	layer_note(w, LAYER_L2TP, id);
	tunnel_enter(w, TUNNEL_L2TP, id);
	return flags & CONTROL ? LAYER_END : LAYER_PPP;
}

/* Directly in IP there is only version 3, and nothing before its session. */
enum layer_kind read_l2tp(struct walk *w)
{
	struct buf *in = &w->in;
	uint16_t flags;

	if (w->upper == PROTO_L2TP)
		return read_l2tp3(w, false);
	flags = buf_u16(in);
	if (in->bad)
		return layer_cut(w, LAYER_L2TP);
	if ((flags & 0x0f) == 2)
		return read_l2tp2(w, flags);
	if ((flags & 0x0f) != 3)
		return LAYER_END;
	buf_skip(in, 2);
	return read_l2tp3(w, flags >> 15);
}

/* --- service chains ------------------------------------------------------------------ */

enum layer_kind read_nsh(struct walk *w)
{
	const uint8_t *b = w->in.p;
	size_t len = has(w, 4) ? (be16(b) & 0x3f) * 4u : 8;

	if (!has(w, len))
		return layer_cut(w, LAYER_NSH);
	if (b[0] >> 6 || len < 8)
		return layer_bad(w, LAYER_NSH);
	w->in.p += len;
	layer_note(w, LAYER_NSH, 0);
	return by_next_protocol(b[3]);
}
