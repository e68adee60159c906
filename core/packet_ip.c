// SPDX-License-Identifier: Apache-2.0
/*
 * Readers of IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200) and the transports. Only
 * the first fragment has ports. The lengths in IP headers end the packet where they can be true,
 * so that padding of short frames is no header.
 */
#include "core/packet_private.h"

#define IP4_LEN    20
#define IP6_LEN    40
#define EXTENSIONS 16			/* followed; eight kinds are known, most once a packet */
#define OPTIONS    8			/* of the hop-by-hop header looked at */

enum {
	NEXT_HOP_BY_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44, NEXT_AH = 51, NEXT_NOTHING = 59,
	NEXT_DESTINATION = 60, NEXT_MOBILITY = 135, NEXT_HIP = 139, NEXT_SHIM6 = 140,
};

/* The next IP header's place; NULL when they are too many. */
static struct packet_ip *ip_begin(struct walk *w, enum layer_kind kind)
{
	struct packet *p = w->p;

	if (w->headers == PACKET_DEPTH) {
		layer_note(w, LAYER_DEEPER, 0);
		return NULL;
	}
	if (!w->headers && !p->etype)
		p->etype = kind == LAYER_IP4 ? 0x0800 : 0x86dd;
	w->ip = w->headers++ ? &p->inner : &p->outer;
	*w->ip = (struct packet_ip){ .seen = true };
	layer_note(w, kind, 0);
	return w->ip;
}

/* The packet ends after len bytes, when that can be. */
static void end_after(struct walk *w, size_t len)
{
	if (len < buf_left(&w->in))
		w->in.end = w->in.p + len;
}

enum layer_kind read_ip(struct walk *w)
{
	return layer_by_version(w) == LAYER_IP6 ? read_ip6(w) : read_ip4(w);
}

enum layer_kind read_ip4(struct walk *w)
{
	const uint8_t *b = w->in.p;
	size_t header = has(w, IP4_LEN) ? (b[0] & 0x0f) * 4u : IP4_LEN;
	struct packet_ip *ip;
	uint16_t fragment;

	if (!has(w, header))
		return layer_cut(w, LAYER_IP4);
	if (b[0] >> 4 != 4 || header < IP4_LEN)
		return layer_bad(w, LAYER_IP4);
	ip = ip_begin(w, LAYER_IP4);
	if (!ip)
		return LAYER_END;
	fragment = be16(b + 6);
	ip->tos = b[1];
	ip->length = be16(b + 2);
	ip->fragment_id = be16(b + 4);
	ip->more_fragments = fragment & 0x2000;
	ip->fragment_offset = fragment & 0x1fff;
	ip->ttl = b[8];
	ip->proto = b[9];
	ip->src = addr_v4(b + 12);
	ip->dst = addr_v4(b + 16);
	if (ip->length >= header)
		end_after(w, ip->length);
	w->in.p += header;
	if (!ip->fragment_offset)
		return layer_by_proto(w, ip->proto);
	layer_note(w, LAYER_FRAGMENT, 0);
	return LAYER_END;
}

/* --- IPv6 ---------------------------------------------------------------------- */

static bool is_extension(uint8_t next)
{
	switch (next) {
	case NEXT_HOP_BY_HOP:
	case NEXT_ROUTING:
	case NEXT_FRAGMENT:
	case NEXT_AH:
	case NEXT_DESTINATION:
	case NEXT_MOBILITY:
	case NEXT_HIP:
	case NEXT_SHIM6:
		return true;
	default:
		return false;
	}
}

/* Of a jumbogram (RFC 2675) the length is an option; 0 when there is none. */
static uint32_t jumbo_length(const uint8_t *b, size_t len)
{
	struct buf in = buf_of(b + 2, len - 2);

	for (int i = 0; i < OPTIONS && buf_left(&in); i++) {
		uint8_t option = buf_u8(&in), size = option ? buf_u8(&in) : 0;

		if (option == 0xc2 && size == 4)
			return buf_u32(&in);
		buf_skip(&in, size);
	}
	return 0;
}

static void read_fragment(const uint8_t *b, struct packet_ip *ip)
{
	uint16_t fragment = be16(b + 2);

	ip->fragment_offset = fragment >> 3;
	ip->more_fragments = fragment & 1;
	ip->fragment_id = be32(b + 4);
}

static size_t extension_length(uint8_t kind, const uint8_t *b)
{
	return kind == NEXT_FRAGMENT ? 8 : kind == NEXT_AH ? (b[1] + 2u) * 4 : (b[1] + 1u) * 8;
}

/* What the signalling protocols have behind them is nothing: then they are what is carried. */
static bool is_carried(uint8_t kind, uint8_t next)
{
	return next == NEXT_NOTHING && kind >= NEXT_MOBILITY && kind <= NEXT_SHIM6;
}

/* One extension header, of the kind in ip->proto; false when the walk ends in it. */
static bool read_extension(struct walk *w, struct packet_ip *ip, bool jumbo)
{
	const uint8_t *b = w->in.p;
	uint8_t kind = ip->proto;
	size_t len = has(w, 8) ? extension_length(kind, b) : 8;
	uint32_t length;

	if (!has(w, len)) {
		layer_cut(w, LAYER_EXTENSION | (uint32_t)kind << 8);
		return false;
	}
	if (kind == NEXT_HOP_BY_HOP && jumbo && (length = jumbo_length(b, len)))
		ip->length = IP6_LEN + length;
	if (kind == NEXT_FRAGMENT)
		read_fragment(b, ip);
	if (is_carried(kind, b[0]))
		return false;
	ip->proto = b[0];
	w->in.p += len;
	if (kind == NEXT_FRAGMENT && ip->fragment_offset) {
		layer_note(w, LAYER_FRAGMENT, 0);
		return false;
	}
	return true;
}

static enum layer_kind read_extensions(struct walk *w, struct packet_ip *ip, bool jumbo)
{
	for (int i = 0; is_extension(ip->proto); i++) {
		if (i == EXTENSIONS) {
			layer_note(w, LAYER_DEEPER, 0);
			return LAYER_END;
		}
		if (!read_extension(w, ip, jumbo))
			return LAYER_END;
	}
	return layer_by_proto(w, ip->proto);
}

enum layer_kind read_ip6(struct walk *w)
{
	const uint8_t *b = w->in.p;
	struct packet_ip *ip;
	uint16_t payload;
	uint32_t first;

	if (!has(w, IP6_LEN))
		return layer_cut(w, LAYER_IP6);
	first = be32(b);
	if (first >> 28 != 6)
		return layer_bad(w, LAYER_IP6);
	ip = ip_begin(w, LAYER_IP6);
	if (!ip)
		return LAYER_END;
	payload = be16(b + 4);
	ip->tos = (uint8_t)(first >> 20);
	ip->flow_label = first & 0xfffff;
	ip->length = payload ? IP6_LEN + payload : 0;
	ip->proto = b[6];
	ip->ttl = b[7];
	memcpy(&ip->src, b + 8, sizeof(ip->src));
	memcpy(&ip->dst, b + 24, sizeof(ip->dst));
	if (payload)
		end_after(w, ip->length);
	w->in.p += IP6_LEN;
	return read_extensions(w, ip, !payload);
}

/* --- what IP carries ------------------------------------------------------------ */

/* In IPv4 it is the packet's protocol; what it protects is read all the same. */
enum layer_kind read_ah(struct walk *w)
{
	const uint8_t *b = w->in.p;
	size_t len = has(w, 2) ? extension_length(NEXT_AH, b) : 2;

	if (!has(w, len))
		return layer_cut(w, LAYER_AH);
	w->in.p += len;
	layer_note(w, LAYER_AH, 0);
	return layer_by_proto(w, b[0]);
}

/* The ports, and whether they are there. */
static bool read_two_ports(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!has(w, 4))
		return false;
	w->ip->src_port = be16(b);
	w->ip->dst_port = be16(b + 2);
	return true;
}

enum layer_kind read_ports(struct walk *w)
{
	if (!read_two_ports(w))
		return layer_cut(w, w->kind);
	layer_note(w, w->kind, 0);
	return LAYER_END;
}

enum layer_kind read_tcp(struct walk *w)
{
	const uint8_t *b = w->in.p;

	if (!read_two_ports(w) || !has(w, 14))
		return layer_cut(w, LAYER_TCP);
	w->ip->tcp_flags = b[13];
	layer_note(w, LAYER_TCP, 0);
	return LAYER_END;
}

enum layer_kind read_icmp(struct walk *w)
{
	if (!has(w, 2))
		return layer_cut(w, w->kind);
	w->ip->icmp_type = w->in.p[0];
	w->ip->icmp_code = w->in.p[1];
	layer_note(w, w->kind, 0);
	return LAYER_END;
}

enum layer_kind read_igmp(struct walk *w)
{
	if (!has(w, 8))
		return layer_cut(w, LAYER_IGMP);
	layer_note(w, LAYER_IGMP, 0);
	return LAYER_END;
}
