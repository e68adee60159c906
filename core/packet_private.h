/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files that read headers. A reader (layer.def) is called where its layer should
 * begin; it notes the layer, moves behind it and tells which one follows, LAYER_END when that is
 * not known or cannot be read. packet.c calls one after the other, so that depth costs no stack.
 */
#ifndef NM_PACKET_PRIVATE_H
#define NM_PACKET_PRIVATE_H

#include "core/packet.h"

struct walk {
	struct buf in;			/* from the layer to be read on */
	struct packet *p;
	struct packet_ip *ip;		/* the last IP header, NULL before the first */
	enum layer_kind kind;		/* of the layer to be read */
	uint8_t headers;		/* IP headers until now */
	uint8_t upper;			/* the protocol that chose the layer behind IP */
};

#define READER_LAYERS 3			/* a reader notes no more than so many */

typedef enum layer_kind reader(struct walk *w);
reader read_ethernet, read_llc, read_vlan, read_pbb, read_macsec, read_mpls, read_pppoe, read_ppp;
reader read_ip, read_ip4, read_ip6, read_ah, read_tcp, read_udp, read_ports, read_icmp, read_igmp;
reader read_ipip, read_etherip, read_gre, read_vxlan, read_geneve, read_gtpu, read_l2tp;
reader read_teredo, read_nsh;
reader read_token, read_frame_relay, read_hdlc, read_smds, read_aal5;
reader read_wlan, read_ampdu, read_amsdu;

/* What follows an EtherType, or IP's protocol number; one that is not known is noted. */
enum layer_kind layer_by_etype(struct walk *w, uint16_t etype);
enum layer_kind layer_by_proto(struct walk *w, uint8_t proto);

/* The same; it is the packet's EtherType until there is one that is no VLAN tag. */
enum layer_kind layer_follow_etype(struct walk *w, uint16_t etype);
/* What ISO's protocol number (RFC 2427, 2684) tells, and moves behind it. */
enum layer_kind layer_by_nlpid(struct walk *w);

/* What the first half byte tells of the payload: LAYER_IP4, LAYER_IP6 or LAYER_END. */
static inline enum layer_kind layer_by_version(const struct walk *w)
{
	uint8_t version = buf_left(&w->in) ? w->in.p[0] >> 4 : 0;

	return version == 4 ? LAYER_IP4 : version == 6 ? LAYER_IP6 : LAYER_END;
}

/* Does an Ethernet frame begin `offset` bytes on, as far as one can see? */
bool is_frame(const struct walk *w, size_t offset);

static inline void layer_note(struct walk *w, enum layer_kind kind, uint32_t id)
{
	w->p->layers[w->p->layer_count++] = (struct layer){ (uint8_t)kind, id };
}

static inline enum layer_kind layer_cut(struct walk *w, uint32_t where)
{
	layer_note(w, LAYER_CUT, where);
	return LAYER_END;
}

static inline enum layer_kind layer_bad(struct walk *w, uint32_t where)
{
	layer_note(w, LAYER_BAD, where);
	return LAYER_END;
}

static inline bool has(const struct walk *w, size_t len)
{
	return buf_left(&w->in) >= len;
}

/* A tunnel begins: the outermost one counts. */
static inline void tunnel_enter(struct walk *w, enum tunnel kind, uint64_t id)
{
	if (w->p->tunnel != TUNNEL_NONE)
		return;
	w->p->tunnel = (uint8_t)kind;
	w->p->tunnel_id = id;
}

#endif
