/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the headers of one packet say, from the link layer inwards: the outermost IP header with
 * its transport, the innermost one behind tunnels, and what stands around and between them. Bytes
 * may end anywhere, as samples do: what was read until there counts. The work is bounded by
 * PACKET_LAYERS, whatever the packet claims.
 */
#ifndef NM_PACKET_H
#define NM_PACKET_H

#include "core/buf.h"
#include "core/flow.h"

/* What a packet begins with. */
enum packet_link {
	LINK_ETHERNET,
	LINK_IP,		/* IPv4 or IPv6, by its version */
	LINK_MPLS,
	LINK_PPP,		/* a protocol number of 1 or 2 bytes, with or without ff 03 */
	LINK_LLC,		/* IEEE 802.2, with or without SNAP */
	LINK_TOKEN_BUS,
	LINK_TOKEN_RING,
	LINK_FDDI,
	LINK_FRAME_RELAY,
	LINK_HDLC,		/* Cisco's, or PPP */
	LINK_SMDS,
	LINK_AAL5,		/* LLC, or IP */
	LINK_WLAN,		/* 802.11 */
	LINK_AMPDU,		/* frames of 802.11, each behind a delimiter */
	LINK_AMSDU,		/* packets of one such frame, each behind addresses and length */
	LINK_UNKNOWN,		/* nothing is read */
};

enum layer_kind {
#define LAYER(name, word, number, reader) LAYER_##name,
#include "core/layer.def"
#undef LAYER
	LAYER_COUNT,
};

/*
 * id of LAYER_CUT and LAYER_BAD is the layer that could not be read; of an IPv6 extension header
 * the number it has stands above the first byte.
 */
struct layer { uint8_t kind; uint32_t id; };

#define PACKET_LAYERS 128		/* kept; what is deeper is not looked at */
#define PACKET_VLANS  4
#define PACKET_DEPTH  8			/* IP headers followed */

/* One IP header and the transport header behind it. */
struct packet_ip {
	struct addr src, dst;
	uint32_t flow_label, fragment_id;
	uint32_t length;		/* of the packet by its header; 0: not told */
	uint16_t fragment_offset;	/* in units of 8 bytes */
	uint16_t src_port, dst_port, tcp_flags;	/* the eight flow records have */
	/* IPv4: as its header says; IPv6: behind the extension headers. */
	uint8_t proto;
	uint8_t tos, ttl, icmp_type, icmp_code;
	bool more_fragments, seen;
};

/*
 * VLANs and labels are those before the outer IP header, MAC addresses those of the first frame.
 * Only counts, `seen` and single numbers are always set; of the arrays so much as their counts
 * say, of outer and inner what is seen.
 */
struct packet {
	uint64_t src_mac, dst_mac;
	uint16_t etype;			/* of the payload behind VLAN tags */
	uint16_t vlans[PACKET_VLANS];	/* outermost first */
	uint32_t labels[FLOW_LABELS];	/* MPLS, top first */
	uint8_t vlan_count, label_count;
	struct packet_ip outer, inner;	/* inner.seen: there is an IP header in a tunnel */
	uint8_t tunnel;			/* enum tunnel: the outermost */
	uint64_t tunnel_id;		/* of it: VNI, VSID, key, TEID, session; 0: none */
	struct layer layers[PACKET_LAYERS];
	uint8_t layer_count;
	uint32_t ended;			/* for packet_headers() */
};

/* Read the headers `in` begins with. Never fails: what cannot be read is a layer that says so. */
void packet_dissect(struct buf in, enum packet_link link, struct packet *p);
/* The same of what stands behind an EtherType. */
void packet_dissect_payload(struct buf in, uint16_t etype, struct packet *p);

/*
 * Bytes of all headers together, when the last one is that of TCP, UDP or SCTP, by what it says
 * itself, so options that are cut off count; 0 when it is another. `in` is what was dissected.
 */
uint32_t packet_headers(const struct packet *p, struct buf in);

/*
 * Fill the members of a flow that a packet knows: all but bytes, packets, times and interfaces.
 * A VLAN that the flow has already stays. The flow's other members are set only to what was seen.
 */
void packet_to_flow(const struct packet *p, struct flow *f);

/*
 * Fill the inner members of a flow from what a tunnel carries, of which only somebody else knows
 * where it begins: a frame where one can be seen, otherwise IP. Its innermost IP header counts.
 */
void packet_carried_to_flow(struct buf in, struct flow *f);

#endif
