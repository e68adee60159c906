// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of what stands below IP: Ethernet (IEEE 802.3), its tags (802.1Q, 802.1ad), LLC and
 * SNAP (802.2), provider backbone bridging (802.1ah), MACsec (802.1AE), MPLS (RFC 3032, 4385),
 * PPPoE (RFC 2516) and PPP (RFC 1661).
 */
#include "core/packet_private.h"

#define ETHERNET_LEN 14
#define LENGTH_MOST  1500

enum layer_kind layer_follow_etype(struct walk *w, uint16_t etype)
{
	enum layer_kind kind = layer_by_etype(w, etype);

	if (kind != LAYER_VLAN && !w->p->etype && !w->ip)
		w->p->etype = etype;
	return kind;
}

enum layer_kind read_ethernet(struct walk *w)
{
	const uint8_t *b = w->in.p;
	struct packet *p = w->p;
	uint16_t etype;

	if (!has(w, ETHERNET_LEN))
		return layer_cut(w, LAYER_ETHERNET);
	if (!p->layer_count) {
		p->dst_mac = be48(b);
		p->src_mac = be48(b + 6);
	}
	if (w->ip)
		tunnel_enter(w, TUNNEL_OTHER, 0);
	etype = be16(b + 12);
	w->in.p += ETHERNET_LEN;
	layer_note(w, LAYER_ETHERNET, 0);
	return etype > LENGTH_MOST ? layer_follow_etype(w, etype) : LAYER_LLC;
}

/*
 * An organization and a protocol number of its own: EtherTypes, or the bridges' frames, before
 * which AAL5 has two bytes.
 */
static enum layer_kind by_snap(struct walk *w, const uint8_t *b)
{
	uint32_t organization = be32(b) >> 8;
	uint16_t number = be16(b + 3);

	if (organization == 0x0080c2 && (number == 1 || number == 7)) {
		if (w->p->layers[0].kind == LAYER_AAL5)
			buf_skip(&w->in, 2);
		return LAYER_ETHERNET;
	}
	if (organization && organization != 0x0000f8)	/* RFC 1042's second one */
		return LAYER_END;
	return layer_follow_etype(w, number);
}

enum layer_kind layer_by_nlpid(struct walk *w)
{
	enum { SNAP = 0x80, IP6 = 0x8e, IP4 = 0xcc, PPP = 0xcf };

	if (!has(w, 1))
		return layer_cut(w, LAYER_LLC);
	switch (buf_u8(&w->in)) {
	case IP4:
		return LAYER_IP4;
	case IP6:
		return LAYER_IP6;
	case PPP:
		return LAYER_PPP;
	case SNAP:
		if (!has(w, 5))
			return layer_cut(w, LAYER_SNAP);
		layer_note(w, LAYER_SNAP, 0);
		w->in.p += 5;
		return by_snap(w, w->in.p - 5);
	default:
		return LAYER_END;
	}
}

/* Destination and source service point, control; SNAP and ISO have a protocol behind them. */
enum layer_kind read_llc(struct walk *w)
{
	enum { SNAP = 0xaaaa03, ISO = 0xfefe03, IP = 0x060603 };
	const uint8_t *b = w->in.p;
	uint32_t points;

	if (!has(w, 3))
		return layer_cut(w, LAYER_LLC);
	points = (uint32_t)b[0] << 16 | be16(b + 1);
	if (points != SNAP) {
		layer_note(w, LAYER_LLC, 0);
		w->in.p += 3;
		return points == IP ? LAYER_IP4 : points == ISO ? layer_by_nlpid(w) : LAYER_END;
	}
	if (!has(w, 8))
		return layer_cut(w, LAYER_SNAP);
	layer_note(w, LAYER_SNAP, 0);
	w->in.p += 8;
	return by_snap(w, b + 3);
}

enum layer_kind read_vlan(struct walk *w)
{
	const uint8_t *b = w->in.p;
	struct packet *p = w->p;
	uint16_t vlan, etype;

	if (!has(w, 4))
		return layer_cut(w, LAYER_VLAN);
	vlan = be16(b) & 0x0fff;
	etype = be16(b + 2);
	if (!w->ip && p->vlan_count < PACKET_VLANS)
		p->vlans[p->vlan_count++] = vlan;
	w->in.p += 4;
	layer_note(w, LAYER_VLAN, vlan);
	return etype > LENGTH_MOST ? layer_follow_etype(w, etype) : LAYER_LLC;
}

/* Priority, flags and the service; a whole frame follows. */
enum layer_kind read_pbb(struct walk *w)
{
	if (!has(w, 4))
		return layer_cut(w, LAYER_PBB);
	layer_note(w, LAYER_PBB, be32(w->in.p) & 0xffffff);
	w->in.p += 4;
	return LAYER_ETHERNET;
}

/* Readable when only its integrity is protected. */
enum layer_kind read_macsec(struct walk *w)
{
	enum { SCI = 0x20, ENCRYPTED = 0x08, CHANGED = 0x04 };
	uint8_t flags = has(w, 1) ? w->in.p[0] : 0;
	size_t len = flags & SCI ? 14 : 6;

	if (!has(w, len))
		return layer_cut(w, LAYER_MACSEC);
	layer_note(w, LAYER_MACSEC, 0);
	w->in.p += len;
	if (flags & (ENCRYPTED | CHANGED))
		return LAYER_END;
	if (!has(w, 2))
		return layer_cut(w, LAYER_MACSEC);
	w->in.p += 2;
	return layer_by_etype(w, be16(w->in.p - 2));
}

/*
 * Nothing says what is behind the last label. IP shows by its version, a control word by a first
 * half byte of 0, and a frame by its EtherType.
 */
static enum layer_kind behind_labels(struct walk *w)
{
	enum layer_kind kind = layer_by_version(w);

	if (kind != LAYER_END || !has(w, 1))
		return kind;
	if (is_frame(w, 0))
		return LAYER_ETHERNET;
	if (w->in.p[0] >> 4 || !is_frame(w, 4))
		return LAYER_END;
	w->in.p += 4;
	return LAYER_ETHERNET;
}

enum layer_kind read_mpls(struct walk *w)
{
	struct packet *p = w->p;
	uint32_t entry;

	if (!has(w, 4))
		return layer_cut(w, LAYER_MPLS);
	if (w->ip)
		tunnel_enter(w, TUNNEL_OTHER, 0);
	entry = be32(w->in.p);
	w->in.p += 4;
	if (!w->ip && p->label_count < FLOW_LABELS)
		p->labels[p->label_count++] = entry >> 12;
	layer_note(w, LAYER_MPLS, entry >> 12);
	return entry & 0x100 ? behind_labels(w) : LAYER_MPLS;
}

/* Code 0 is data, any other discovery. */
enum layer_kind read_pppoe(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, 6))
		return layer_cut(w, LAYER_PPPOE);
	layer_note(w, LAYER_PPPOE, be16(b + 2));
	w->in.p += 6;
	return b[1] ? LAYER_END : LAYER_PPP;
}

/* The protocol has one byte when that is odd; what stands before it may be left out, too. */
enum layer_kind read_ppp(struct walk *w)
{
	uint16_t proto;

	if (has(w, 2) && w->in.p[0] == 0xff && w->in.p[1] == 0x03)
		w->in.p += 2;
	if (!has(w, 1) || ((!(w->in.p[0] & 1) || w->in.p[0] == 0xff) && !has(w, 2)))
		return layer_cut(w, LAYER_PPP);
	proto = buf_u8(&w->in);
	if (!(proto & 1))
		proto = (uint16_t)(proto << 8 | buf_u8(&w->in));
	layer_note(w, LAYER_PPP, 0);
	switch (proto) {
	case 0x0021:
		return LAYER_IP4;
	case 0x0057:
		return LAYER_IP6;
	case 0x0281:
	case 0x0283:
		return LAYER_MPLS;
	default:
		return LAYER_END;
	}
}
