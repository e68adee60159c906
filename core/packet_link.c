// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of what stands below IP: Ethernet (IEEE 802.3), its tags (802.1Q, 802.1ad), LLC and
 * SNAP (802.2), provider backbone bridging (802.1ah), MACsec (802.1AE), MPLS (RFC 3032, 4385),
 * PPPoE (RFC 2516) and PPP (RFC 1661).
 */
#include "core/packet_private.h"

#define ETHERNET_LEN 14
#define LENGTH_MOST  1500

static uint64_t mac(const uint8_t *b)
{
	return (uint64_t)be16(b) << 32 | be32(b + 2);
}

/* An EtherType is the packet's until there is one that is no VLAN tag. */
static enum layer_kind follow_etype(struct walk *w, uint16_t etype)
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
		p->dst_mac = mac(b);
		p->src_mac = mac(b + 6);
	}
	if (w->ip)
		tunnel_enter(w, TUNNEL_OTHER, 0);
	etype = be16(b + 12);
	w->in.p += ETHERNET_LEN;
	layer_note(w, LAYER_ETHERNET, 0);
	return etype > LENGTH_MOST ? follow_etype(w, etype) : LAYER_LLC;
}

/* Destination and source service point, control; SNAP has an EtherType behind them. */
enum layer_kind read_llc(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, 3))
		return layer_cut(w, LAYER_LLC);
	if (b[0] != 0xaa || b[1] != 0xaa || b[2] != 0x03) {
		layer_note(w, LAYER_LLC, 0);
		w->in.p += 3;
		return b[0] == 0x06 && b[1] == 0x06 && b[2] == 0x03 ? LAYER_IP4 : LAYER_END;
	}
	if (!has(w, 8))
		return layer_cut(w, LAYER_SNAP);
	layer_note(w, LAYER_SNAP, 0);
	w->in.p += 8;
	if (b[3] || b[4] || (b[5] && b[5] != 0xf8))	/* a vendor's numbers, but for RFC 1042's */
		return LAYER_END;
	return follow_etype(w, be16(b + 6));
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
	return etype > LENGTH_MOST ? follow_etype(w, etype) : LAYER_LLC;
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
