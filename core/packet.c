// SPDX-License-Identifier: Apache-2.0
/*
 * From the first header of a packet to the last that can be read: one reader after the other,
 * each chosen by the one before. The readers stand in packet_link.c, packet_media.c, packet_ip.c
 * and tunnel.c. Only what will be read is set to zero, because a packet has room for many layers
 * and most have three.
 */
#include "core/packet_private.h"

static reader *const readers[LAYER_COUNT] = {
#define LAYER(name, word, number, reader) reader,
#include "core/layer.def"
#undef LAYER
};

static const uint8_t first_layer[] = {
	[LINK_ETHERNET]    = LAYER_ETHERNET,
	[LINK_IP]          = LAYER_IP,
	[LINK_MPLS]        = LAYER_MPLS,
	[LINK_PPP]         = LAYER_PPP,
	[LINK_LLC]         = LAYER_LLC,
	[LINK_TOKEN_BUS]   = LAYER_TOKENBUS,
	[LINK_TOKEN_RING]  = LAYER_TOKENRING,
	[LINK_FDDI]        = LAYER_FDDI,
	[LINK_FRAME_RELAY] = LAYER_FRAME_RELAY,
	[LINK_HDLC]        = LAYER_HDLC,
	[LINK_SMDS]        = LAYER_SMDS,
	[LINK_AAL5]        = LAYER_AAL5,
	[LINK_WLAN]        = LAYER_WLAN,
	[LINK_AMPDU]       = LAYER_AMPDU,
	[LINK_AMSDU]       = LAYER_AMSDU,
	[LINK_UNKNOWN]     = LAYER_END,
};

static void packet_reset(struct packet *p)
{
	p->src_mac = p->dst_mac = p->tunnel_id = 0;
	p->etype = 0;
	p->vlan_count = p->label_count = p->tunnel = p->layer_count = 0;
	p->outer.seen = p->inner.seen = false;
}

/* Inline, because a call would cost a fiftieth of all. */
static inline __attribute__((always_inline)) void walk_on(struct walk *w, struct packet *p,
							  enum layer_kind next)
{
	while (next != LAYER_END && p->layer_count + READER_LAYERS < PACKET_LAYERS) {
		w->kind = next;
		next = readers[next](w);
	}
	if (next != LAYER_END)
		layer_note(w, LAYER_DEEPER, 0);
}

void packet_dissect(struct buf in, enum packet_link link, struct packet *p)
{
	struct walk w = { .in = in, .p = p };

	packet_reset(p);
	if (link == LINK_MPLS)
		p->etype = 0x8847;
	walk_on(&w, p, first_layer[link]);
	p->ended = (uint32_t)(w.in.p - in.p);
}

void packet_dissect_payload(struct buf in, uint16_t etype, struct packet *p)
{
	struct walk w = { .in = in, .p = p };

	packet_reset(p);
	walk_on(&w, p, layer_follow_etype(&w, etype));
	p->ended = (uint32_t)(w.in.p - in.p);
}

/* The readers of TCP and SCTP stay where their header begins, that of UDP moves behind it. */
uint32_t packet_headers(const struct packet *p, struct buf in)
{
	enum { SCTP_LEN = 12 };
	uint8_t last = p->layer_count ? p->layers[p->layer_count - 1].kind : LAYER_END;

	switch (last) {
	case LAYER_TCP:
		return p->ended + (uint32_t)(in.p[p->ended + 12] >> 4) * 4;
	case LAYER_SCTP:
		return p->ended + SCTP_LEN;
	case LAYER_UDP:
		return p->ended;
	default:
		return 0;
	}
}

/* --- what follows ------------------------------------------------------------ */

static const struct { uint16_t etype; uint8_t kind; } by_etype[] = {
	{ 0x0800, LAYER_IP4 },
	{ 0x86dd, LAYER_IP6 },
	{ 0x8100, LAYER_VLAN },
	{ 0x88a8, LAYER_VLAN },
	{ 0x9100, LAYER_VLAN },
	{ 0x8847, LAYER_MPLS },
	{ 0x8848, LAYER_MPLS },
	{ 0x8863, LAYER_PPPOE },	/* discovery: its code is not 0 */
	{ 0x8864, LAYER_PPPOE },
	{ 0x88e7, LAYER_PBB },
	{ 0x88e5, LAYER_MACSEC },
	{ 0x894f, LAYER_NSH },
	{ 0x6558, LAYER_ETHERNET },	/* transparent bridging, in tunnels */
	{ 0x880b, LAYER_PPP },
	{ 0x0806, LAYER_OTHER },
};

static enum layer_kind kind_of_etype(uint16_t etype)
{
	for (size_t i = 0; i < sizeof(by_etype) / sizeof(by_etype[0]); i++)
		if (by_etype[i].etype == etype)
			return by_etype[i].kind;
	return LAYER_END;
}

enum layer_kind layer_by_etype(struct walk *w, uint16_t etype)
{
	enum layer_kind kind = kind_of_etype(etype);

	if (kind != LAYER_END && kind != LAYER_OTHER)
		return kind;
	layer_note(w, LAYER_OTHER, etype);
	return LAYER_END;
}

bool is_frame(const struct walk *w, size_t offset)
{
	const uint8_t *b = w->in.p + offset;
	enum layer_kind kind;

	if (!has(w, offset + 14))
		return false;
	kind = kind_of_etype(be16(b + 12));
	if (kind == LAYER_IP4 || kind == LAYER_IP6)
		return has(w, offset + 15) && b[14] >> 4 == (kind == LAYER_IP4 ? 4 : 6);
	return kind != LAYER_END;
}

static const uint8_t by_proto[] = {
	[1]   = LAYER_ICMP,
	[2]   = LAYER_IGMP,
	[4]   = LAYER_IPIP,
	[6]   = LAYER_TCP,
	[17]  = LAYER_UDP,
	[33]  = LAYER_DCCP,
	[41]  = LAYER_IPIP,
	[47]  = LAYER_GRE,
	[51]  = LAYER_AH,
	[58]  = LAYER_ICMP6,
	[97]  = LAYER_ETHERIP,
	[115] = LAYER_L2TP,
	[132] = LAYER_SCTP,
	[136] = LAYER_UDPLITE,
	[137] = LAYER_MPLS,
	[143] = LAYER_ETHERNET,
};

enum layer_kind layer_by_proto(struct walk *w, uint8_t proto)
{
	w->upper = proto;
	return proto < sizeof(by_proto) ? by_proto[proto] : LAYER_END;
}

/* --- the record ---------------------------------------------------------------- */

static void outer_to_flow(const struct packet_ip *ip, struct flow *f)
{
	f->src = ip->src;
	f->dst = ip->dst;
	f->flow_label = ip->flow_label;
	f->fragment_id = ip->fragment_id;
	f->fragment_offset = ip->fragment_offset;
	f->src_port = ip->src_port;
	f->dst_port = ip->dst_port;
	f->tcp_flags = ip->tcp_flags;
	f->proto = ip->proto;
	f->tos = ip->tos;
	f->ttl_min = f->ttl_max = ip->ttl;
	f->icmp_type = ip->icmp_type;
	f->icmp_code = ip->icmp_code;
	f->ip_length = ip->length;
}

static void inner_to_flow(const struct packet_ip *ip, struct flow *f)
{
	f->inner_src = ip->src;
	f->inner_dst = ip->dst;
	f->inner_src_port = ip->src_port;
	f->inner_dst_port = ip->dst_port;
	f->inner_proto = ip->proto;
}

static void vlans_to_flow(const struct packet *p, struct flow *f)
{
	if (!p->vlan_count)
		return;
	if (!f->vlan)
		f->vlan = p->vlans[0];
	if (!f->src_vlan)
		f->src_vlan = p->vlans[0];
	if (p->vlan_count > 1)
		f->inner_vlan = p->vlans[1];
}

void packet_to_flow(const struct packet *p, struct flow *f)
{
	f->src_mac = p->src_mac;
	f->dst_mac = p->dst_mac;
	f->etype = p->etype;
	vlans_to_flow(p, f);
	memcpy(f->labels, p->labels, p->label_count * sizeof(p->labels[0]));
	f->label_count = p->label_count;
	if (p->outer.seen)
		outer_to_flow(&p->outer, f);
	if (p->inner.seen)
		inner_to_flow(&p->inner, f);
	f->tunnel = p->tunnel;
	f->tunnel_id = p->tunnel_id;
}

void packet_carried_to_flow(struct buf in, struct flow *f)
{
	struct walk w = { .in = in };
	struct packet p;

	packet_dissect(in, is_frame(&w, 0) ? LINK_ETHERNET : LINK_IP, &p);
	if (!p.outer.seen)
		return;
	inner_to_flow(p.inner.seen ? &p.inner : &p.outer, f);
	if (f->tunnel == TUNNEL_NONE)
		f->tunnel = TUNNEL_OTHER;
}
