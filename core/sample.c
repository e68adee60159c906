// SPDX-License-Identifier: Apache-2.0
/*
 * From a picked packet to a record: its headers, and how many packets and bytes it was on the wire.
 */
#include "core/sample.h"

#define TAG_LEN   4
#define BY_PIECES 0xffff		/* a segment size of the kernel's: they differ */
#define IP_MOST   1500			/* bytes of IP in a frame, where frames are not larger */

/* By numbers of if_arp.h. Kinds of tunnels are devices of Ethernet where they carry frames. */
static const struct { uint16_t type; uint8_t link; } devices[] = {
	{ 1,     LINK_ETHERNET },
	{ 2,     LINK_ETHERNET },	/* experimental Ethernet */
	{ 512,   LINK_IP },		/* PPP: its two bytes come and go below */
	{ 513,   LINK_HDLC },
	{ 518,   LINK_IP },		/* HDLC without a header */
	{ 519,   LINK_IP },		/* "raw IP": modems */
	{ 768,   LINK_IP },		/* IPv4 in IPv4 */
	{ 769,   LINK_IP },		/* in IPv6 */
	{ 772,   LINK_ETHERNET },	/* loopback, all addresses zero */
	{ 774,   LINK_FDDI },
	{ 776,   LINK_IP },		/* IPv6 in IPv4 */
	{ 778,   LINK_IP },		/* GRE */
	{ 779,   LINK_IP },		/* of multicast routing */
	{ 801,   LINK_WLAN },		/* monitors without a header of their own */
	{ 823,   LINK_IP },		/* GRE in IPv6 */
	{ 0xfffe, LINK_IP },		/* "none": tun, WireGuard */
};

enum packet_link sample_link(uint16_t device_type)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (devices[i].type == device_type)
			return devices[i].link;
	return LINK_UNKNOWN;
}

/* --- sizes --------------------------------------------------------------------- */

/* What can stand in front of IP in bytes that have no link header. */
static uint32_t below_ip(const struct packet *p)
{
	static const uint8_t sizes[LAYER_COUNT] = {
		[LAYER_ETHERNET] = 14, [LAYER_VLAN] = 4, [LAYER_MPLS] = 4, [LAYER_PPPOE] = 6,
		[LAYER_PPP] = 2,
	};
	uint32_t below = 0;

	for (unsigned i = 0; i < p->layer_count; i++) {
		if (p->layers[i].kind == LAYER_IP4 || p->layers[i].kind == LAYER_IP6)
			break;
		below += sizes[p->layers[i].kind];
	}
	return below;
}

/* Are these the headers of something that the kernel makes one packet of? */
static bool is_merged_kind(const struct packet *p)
{
	const struct packet_ip *ip = p->inner.seen ? &p->inner : &p->outer;

	switch (p->layers[p->layer_count - 1].kind) {
	case LAYER_ICMP:
	case LAYER_ICMP6:
	case LAYER_IGMP:
	case LAYER_FRAGMENT:
	case LAYER_OTHER:
		return false;
	default:
		return !ip->more_fragments;
	}
}

/* More than one frame's worth of IP, of which nobody says how many packets it was. */
static bool may_be_merged(const struct sample *s, const struct packet *p)
{
	if (s->told_segments || s->segments || s->segment_size || !p->outer.seen)
		return false;
	return (!p->outer.length || p->outer.length > IP_MOST) && is_merged_kind(p);
}

/* Packets on the wire; `headers` are those of each. */
static uint64_t segments_of(const struct sample *s, uint64_t length, uint64_t headers)
{
	if (s->segments)
		return s->segments;
	if (!s->segment_size || s->segment_size == BY_PIECES || length <= headers)
		return 1;
	return (length - headers + s->segment_size - 1) / s->segment_size;
}

static void measure(const struct sample *s, const struct packet *p, struct sample_size *size)
{
	uint32_t read = packet_headers(p, s->bytes);
	uint64_t headers = (uint64_t)s->link_len + read, length = s->length, packets;
	uint64_t copied = (uint64_t)s->link_len + buf_left(&s->bytes);

	size->approximate = may_be_merged(s, p) || (!s->segments && s->segment_size == BY_PIECES);
	if (!length && p->outer.seen && p->outer.length) {
		length = (uint64_t)s->link_len + below_ip(p) + p->outer.length;
		length = length < copied ? copied : length;	/* a short frame is padded */
	} else if (!length) {
		length = copied;
		size->approximate = true;
	}
	packets = segments_of(s, length, headers);
	if (packets > 1 && !read)
		size->approximate = true;
	size->packets = packets;
	size->handled = length;
	size->bytes = length + (packets - 1) * headers + (s->tagged ? packets * TAG_LEN : 0);
}

/* --- the record ------------------------------------------------------------------ */

/* A tag beside the packet is the outer one; with the number 0 it only tells a priority. */
static void vlans_to_flow(const struct sample *s, const struct packet *p, struct flow *f)
{
	uint16_t vlan = s->vlan & 0x0fff;

	if (s->tagged && vlan) {
		f->vlan = vlan;
		f->inner_vlan = p->vlan_count ? p->vlans[0] : 0;
	}
	f->src_vlan = s->direction != DIRECTION_EGRESS ? f->vlan : 0;
	f->dst_vlan = s->direction == DIRECTION_EGRESS ? f->vlan : 0;
}

void sample_to_flow(const struct sample *s, enum packet_link link, struct flow *f,
		    struct sample_size *size)
{
	struct packet p;

	if (s->etype)
		packet_dissect_payload(s->bytes, s->etype, &p);
	else
		packet_dissect(s->bytes, link, &p);
	measure(s, &p, size);
	*f = (struct flow){
		.seen = s->seen, .in_if = s->in_if, .out_if = s->out_if, .mark = s->mark,
		.rate = s->rate, .rate_source = RATE_RECORD, .source = s->source,
		.direction = s->direction, .packets = size->packets, .bytes = size->bytes,
		.approximate = size->approximate,
	};
	packet_to_flow(&p, f);
	vlans_to_flow(s, &p, f);
}
