/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the headers of one packet say, from the link layer inwards: the outermost IP header with
 * its transport, the innermost one behind tunnels, and what stands around and between them. Bytes
 * may end anywhere, as samples do: what was read until there counts.
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
	LINK_UNKNOWN,
};

enum layer_kind {
#define LAYER(name, word, id) LAYER_##name,
#include "core/layer.def"
#undef LAYER
	LAYER_COUNT,
};

struct layer { uint8_t kind; uint32_t id; };

#define PACKET_LAYERS 24		/* kept; what is deeper is not looked at */
#define PACKET_VLANS  4
#define PACKET_DEPTH  8			/* IP headers followed */

/* One IP header and the transport header behind it. */
struct packet_ip {
	struct addr src, dst;
	uint32_t flow_label, fragment_id;
	uint32_t length;		/* of the packet by its header, with the header; 0: not told */
	uint16_t fragment_offset;	/* in units of 8 bytes */
	uint16_t src_port, dst_port, tcp_flags;
	uint8_t proto, tos, ttl, icmp_type, icmp_code;
	bool more_fragments, seen;
};

struct packet {
	uint64_t src_mac, dst_mac;
	uint16_t etype;			/* of the payload behind VLAN tags */
	uint16_t vlans[PACKET_VLANS];	/* outermost first */
	uint32_t labels[FLOW_LABELS];	/* MPLS, top first */
	uint8_t vlan_count, label_count;
	struct packet_ip outer, inner;	/* inner.seen: there is an IP header in a tunnel */
	uint8_t tunnel;			/* enum tunnel: the outermost */
	uint64_t tunnel_id;
	struct layer layers[PACKET_LAYERS];
	uint8_t layer_count;
};

/* Read the headers at the start of `in`. Never fails: what cannot be read is a layer that says so. */
void packet_dissect(struct buf in, enum packet_link link, struct packet *p);

/* Fill the members of a flow that a packet knows: all but bytes, packets, times and interfaces. */
void packet_to_flow(const struct packet *p, struct flow *f);

#endif
