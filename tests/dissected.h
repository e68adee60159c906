/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet of a capture, dissected, and the columns of a table of packets: what of it each is
 * compared with.
 */
#ifndef NM_DISSECTED_H
#define NM_DISSECTED_H

#include <inttypes.h>
#include <string.h>

#include "core/packet_text.h"
#include "tests/frames.h"
#include "tests/guard.h"

struct dissected {
	unsigned number;
	struct frame frame;
	struct packet p;
	struct packet_ip outer, inner;	/* zeros when they were not seen */
	struct flow flow;
	char layers[PACKET_TEXT];
};

static uint8_t room[FRAME_MOST];

/* What is not written by the dissector stays 0xa5, and must not matter. */
static inline void dissect(struct dissected *d, const uint8_t *bytes, size_t len)
{
	const struct frame_link *l = frame_link(d->frame.link);
	struct out o = out_of(d->layers, sizeof(d->layers));

	memset(&d->p, 0xa5, sizeof(d->p));
	packet_dissect(buf_of(guarded(bytes, len), len), l->link, &d->p);
	d->outer = d->p.outer.seen ? d->p.outer : (struct packet_ip){ 0 };
	d->inner = d->p.inner.seen ? d->p.inner : (struct packet_ip){ 0 };
	memset(&d->flow, 0, sizeof(d->flow));
	packet_to_flow(&d->p, &d->flow);
	packet_text(&o, &d->p);
	out_end(&o);
	if (l->name) {			/* instead of "eth", or of nothing */
		char *rest = d->layers + (*d->layers ? strlen("eth") : 0);

		memmove(d->layers + strlen(l->name), rest, strlen(rest) + 1);
		memcpy(d->layers, l->name, strlen(l->name));
	}
}

/* --- the columns ------------------------------------------------------------------- */

#define FIELD_TEXT PACKET_TEXT

static inline void list_vlans(const struct dissected *d, struct out *o)
{
	for (uint8_t i = 0; i < d->p.vlan_count; i++)
		out_format(o, i ? ",%u" : "%u", (unsigned)d->p.vlans[i]);
}

static inline void list_labels(const struct dissected *d, struct out *o)
{
	for (uint8_t i = 0; i < d->p.label_count; i++)
		out_format(o, i ? ",%u" : "%u", (unsigned)d->p.labels[i]);
}

/* Of GRE a key of 0 is none. */
static inline void list_tunnel_ids(const struct dissected *d, struct out *o)
{
	static const uint8_t kinds[] = {
		LAYER_PPPOE, LAYER_VXLAN, LAYER_GENEVE, LAYER_GTPU, LAYER_L2TP, LAYER_GRE,
	};

	for (uint8_t i = 0; i < d->p.layer_count; i++) {
		const struct layer *l = &d->p.layers[i];

		if (!memchr(kinds, l->kind, sizeof(kinds)) || (l->kind == LAYER_GRE && !l->id))
			continue;
		out_format(o, "%s%s=%u", out_len(o) ? "," : "", layer_word(l->kind),
			   (unsigned)l->id);
	}
}

static inline void layers_text(const struct dissected *d, struct out *o)
{
	out_text(o, d->layers);
}

enum form { NUMBER, ADDRESS, MAC, EIGHTS, TEXT };

static const struct field {
	const char *name;
	enum form form;
	void (*text)(const struct dissected *d, struct out *o);
	size_t at, size;
} fields[] = {
#define AT(member) NULL, offsetof(struct dissected, member), sizeof(((struct dissected *)0)->member)
	{ "pkt",         NUMBER,  AT(number) },
	{ "dlt",         NUMBER,  AT(frame.link) },
	{ "wirelen",     NUMBER,  AT(frame.wire_len) },
	{ "layers",      TEXT,    layers_text, 0, 0 },
	{ "src_mac",     MAC,     AT(p.src_mac) },
	{ "dst_mac",     MAC,     AT(p.dst_mac) },
	{ "vlans",       TEXT,    list_vlans, 0, 0 },
	{ "mpls",        TEXT,    list_labels, 0, 0 },
	{ "src",         ADDRESS, AT(outer.src) },
	{ "dst",         ADDRESS, AT(outer.dst) },
	{ "proto",       NUMBER,  AT(outer.proto) },
	{ "tos",         NUMBER,  AT(outer.tos) },
	{ "ttl",         NUMBER,  AT(outer.ttl) },
	{ "flow_label",  NUMBER,  AT(outer.flow_label) },
	{ "ip_id",       NUMBER,  AT(outer.fragment_id) },
	{ "frag_off",    EIGHTS,  AT(outer.fragment_offset) },
	{ "more_frags",  NUMBER,  AT(outer.more_fragments) },
	{ "sport",       NUMBER,  AT(outer.src_port) },
	{ "dport",       NUMBER,  AT(outer.dst_port) },
	{ "tcp_flags",   NUMBER,  AT(outer.tcp_flags) },
	{ "icmp_type",   NUMBER,  AT(outer.icmp_type) },
	{ "icmp_code",   NUMBER,  AT(outer.icmp_code) },
	{ "inner_src",   ADDRESS, AT(inner.src) },
	{ "inner_dst",   ADDRESS, AT(inner.dst) },
	{ "inner_proto", NUMBER,  AT(inner.proto) },
	{ "inner_sport", NUMBER,  AT(inner.src_port) },
	{ "inner_dport", NUMBER,  AT(inner.dst_port) },
	{ "tunnel_ids",  TEXT,    list_tunnel_ids, 0, 0 },
	/* Only in tables of our own, from the flow: */
	{ "etype",       NUMBER,  AT(flow.etype) },
	{ "ip_length",   NUMBER,  AT(flow.ip_length) },
	{ "vlan",        NUMBER,  AT(flow.vlan) },
	{ "inner_vlan",  NUMBER,  AT(flow.inner_vlan) },
	{ "tunnel",      NUMBER,  AT(flow.tunnel) },
	{ "tunnel_id",   NUMBER,  AT(flow.tunnel_id) },
#undef AT
};

static inline uint64_t field_number(const struct field *f, const struct dissected *d)
{
	const char *at = (const char *)d + f->at;
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	memcpy(&v64, at, f->size == 8 ? 8 : 0);
	memcpy(&v32, at, f->size == 4 ? 4 : 0);
	memcpy(&v16, at, f->size == 2 ? 2 : 0);
	return f->size == 8 ? v64 : f->size == 4 ? v32 : f->size == 2 ? v16 : (uint8_t)*at;
}

/* As the tables write it; an empty field is a number of 0 or an address of zeros. */
static inline void field_text(const struct field *f, const struct dissected *d,
			      char text[FIELD_TEXT])
{
	struct out o = out_of(text, FIELD_TEXT);

	switch (f->form) {
	case TEXT:
		f->text(d, &o);
		break;
	case ADDRESS:
		addr_text((const void *)((const char *)d + f->at), text);
		return;
	case MAC:
		mac_text(field_number(f, d), text);
		return;
	case EIGHTS:
		out_format(&o, "%u", (unsigned)field_number(f, d) * 8);
		break;
	case NUMBER:
		out_format(&o, "%" PRIu64, field_number(f, d));
		break;
	}
	out_end(&o);
}

/* Does the table say it, or leave a field empty that is absent? */
static inline bool field_same(const struct field *f, const char *want, const char *have)
{
	static const char *const nothing[] = {
		[NUMBER] = "0", [EIGHTS] = "0", [ADDRESS] = "::", [MAC] = "00:00:00:00:00:00",
		[TEXT] = "",
	};

	return !strcmp(have, *want ? want : nothing[f->form]);
}

#endif
