// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a packet of any link (the first byte says which): it has no more layers than there
 * is room for, whatever is told of it was written there, and what a tunnel carries is told as
 * inner. With the first byte's highest bit it is a sample: what a source tells of it comes first,
 * and what becomes of it is never less than it was. tests/fuzz/run.py runs it.
 */
#include <string.h>

#include "core/packet_text.h"
#include "core/sample.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define UNTOUCHED 0xa5
#define TAG       4
#define BY_PIECES 0xffff		/* a segment size that tells none */

enum { SAMPLE = 0x80, TAGGED = 1, TOLD_SEGMENTS = 2, EGRESS = 4, SIZED = 8 };	/* first byte */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_whole(const struct packet *p)
{
	char text[PACKET_TEXT];
	struct out o = out_of(text, sizeof(text));

	must(p->layer_count <= PACKET_LAYERS);
	must(p->vlan_count <= PACKET_VLANS && p->label_count <= FLOW_LABELS);
	must(!p->inner.seen || (p->outer.seen && p->tunnel != TUNNEL_NONE));
	for (uint8_t i = 0; i < p->layer_count; i++)
		must(p->layers[i].kind != LAYER_END && p->layers[i].kind < LAYER_COUNT);
	packet_text(&o, p);
	must(!o.full);
}

/* A second time over other remains: what a flow gets must not depend on them. */
static void must_be_same(const struct flow *f, struct buf in, enum packet_link link)
{
	struct packet p;
	struct flow again;

	memset(&p, UNTOUCHED, sizeof(p));
	memset(&again, 0, sizeof(again));
	packet_dissect(in, link, &p);
	packet_to_flow(&p, &again);
	must(!memcmp(f, &again, sizeof(again)));
}

/* --- what a tunnel carries ------------------------------------------------------------- */

static void add_carried(const struct packet *p, struct flow *f)
{
	const struct packet_ip *ip = p->inner.seen ? &p->inner : &p->outer;

	if (!p->outer.seen)
		return;
	f->inner_src = ip->src;
	f->inner_dst = ip->dst;
	f->inner_src_port = ip->src_port;
	f->inner_dst_port = ip->dst_port;
	f->inner_proto = ip->proto;
	if (f->tunnel == TUNNEL_NONE)
		f->tunnel = TUNNEL_OTHER;
}

/* Whether it is a frame or IP nobody says; it is one of them, and no other member changes. */
static void must_be_carried(struct buf in, uint8_t tunnel)
{
	static struct flow told, frame, ip;
	struct packet p;

	memset(&told, UNTOUCHED, sizeof(told));
	told.tunnel = tunnel;
	memcpy(&frame, &told, sizeof(told));
	memcpy(&ip, &told, sizeof(told));
	packet_carried_to_flow(in, &told);
	packet_dissect(in, LINK_ETHERNET, &p);
	add_carried(&p, &frame);
	packet_dissect(in, LINK_IP, &p);
	add_carried(&p, &ip);
	must(!memcmp(&told, &frame, sizeof(told)) || !memcmp(&told, &ip, sizeof(told)));
}

/* --- samples ------------------------------------------------------------------------------ */

/* What a source may tell: it is as long as what was copied of it, or longer. */
static struct sample sample_of(struct buf *in, uint16_t *device)
{
	uint8_t first = buf_u8(in);
	struct sample s = {
		.rate = 10, .in_if = 3, .out_if = 4, .mark = 5, .source = FLOW_BPF,
		.tagged = first & TAGGED, .told_segments = first & TOLD_SEGMENTS,
		.direction = first & EGRESS ? DIRECTION_EGRESS : DIRECTION_INGRESS,
	};
	uint16_t more;

	*device = buf_u16(in);
	s.etype = buf_u16(in);
	s.vlan = buf_u16(in);
	s.segments = buf_u16(in);
	s.segment_size = buf_u16(in);
	more = buf_u16(in);
	s.link_len = buf_u8(in);
	s.bytes = *in;
	if (first & SIZED)
		s.length = s.link_len + (uint32_t)buf_left(in) + more;
	return s;
}

/* What is merged has its headers once, in front of so many bytes of payload for each packet. */
static void packets_must_fit(const struct sample *s, uint64_t headers,
			     const struct sample_size *size)
{
	uint64_t payload = size->handled > headers ? size->handled - headers : 1;
	uint64_t tags = s->tagged ? size->packets * TAG : 0;

	must(size->packets >= 1);
	must(size->bytes == size->handled + (size->packets - 1) * headers + tags);
	if (s->segments)
		must(size->packets == s->segments);
	else if (s->segment_size && s->segment_size != BY_PIECES)
		must((size->packets - 1) * s->segment_size < payload &&
		     size->packets * s->segment_size >= payload);
	else
		must(size->packets == 1);
}

static void sizes_must_fit(const struct sample *s, const struct packet *p,
			   const struct sample_size *size)
{
	uint32_t read = packet_headers(p, s->bytes);

	packets_must_fit(s, (uint64_t)s->link_len + read, size);
	must(size->handled >= s->link_len + buf_left(&s->bytes));
	must(!s->length || size->handled == s->length);
	if (!size->approximate)
		must((s->length || p->outer.seen) && (size->packets == 1 || read));
	if (s->length && s->told_segments && size->packets == 1 && s->segment_size != BY_PIECES)
		must(!size->approximate);
}

/* Of the packet the same as anybody reads in it, but for the tag that is not in it. */
static void headers_must_be_same(const struct sample *s, const struct packet *p,
				 const struct flow *f)
{
	uint16_t vlan = s->tagged ? s->vlan & 0x0fff : 0;
	struct flow g;

	memset(&g, 0, sizeof(g));
	packet_to_flow(p, &g);
	must(addr_same(&f->src, &g.src) && addr_same(&f->dst, &g.dst) && f->proto == g.proto);
	must(f->src_port == g.src_port && f->dst_port == g.dst_port && f->etype == g.etype);
	must(f->src_mac == g.src_mac && f->dst_mac == g.dst_mac && f->ip_length == g.ip_length);
	must(addr_same(&f->inner_src, &g.inner_src) && f->inner_proto == g.inner_proto);
	must(f->tunnel == g.tunnel && f->tunnel_id == g.tunnel_id);
	must(f->label_count == g.label_count && f->tcp_flags == g.tcp_flags);
	must(f->vlan == (vlan ? vlan : g.vlan));
	must(f->inner_vlan == (vlan ? g.vlan : g.inner_vlan));
	must(f->src_vlan == (s->direction == DIRECTION_EGRESS ? 0 : f->vlan));
	must(f->dst_vlan == (s->direction == DIRECTION_EGRESS ? f->vlan : 0));
}

static void must_be_measured(const struct sample *s, enum packet_link link)
{
	struct sample_size size, again;
	struct flow f, g;
	struct packet p;

	memset(&f, UNTOUCHED, sizeof(f));
	memset(&size, UNTOUCHED, sizeof(size));
	memset(&p, UNTOUCHED, sizeof(p));
	sample_to_flow(s, link, &f, &size);
	if (s->etype)
		packet_dissect_payload(s->bytes, s->etype, &p);
	else
		packet_dissect(s->bytes, link, &p);
	must_be_whole(&p);
	sizes_must_fit(s, &p, &size);
	headers_must_be_same(s, &p, &f);
	must(f.packets == size.packets && f.bytes == size.bytes);
	must(f.approximate == size.approximate && f.direction == s->direction);
	must(f.rate == s->rate && f.rate_source == RATE_RECORD && f.source == s->source);
	must(f.in_if == s->in_if && f.out_if == s->out_if && f.mark == s->mark);
	sample_to_flow(s, link, &g, &again);
	must(again.packets == size.packets && again.handled == size.handled);
	must(again.bytes == size.bytes && again.approximate == size.approximate);
}

static void take_sample(struct buf in)
{
	uint16_t device;
	struct sample s = sample_of(&in, &device);
	enum packet_link link = sample_link(device);

	must(link <= LINK_UNKNOWN);
	if (!in.bad)
		must_be_measured(&s, link);
}

/* Of every packet; the size of the input chooses what is told. */
static void must_be_a_sample(struct buf in, enum packet_link link)
{
	size_t way = buf_left(&in);
	struct sample s = {
		.bytes = in, .rate = 1, .link_len = way & 1 ? 14 : 0,
		.length = way & 2 ? (uint32_t)way + 40000 : 0, .segments = way & 4 ? 7 : 0,
		.segment_size = way & 8 ? 1448 : 0, .tagged = way & 16, .vlan = 5,
		.etype = link == LINK_UNKNOWN && way > 2 ? be16(in.p + way - 2) : 0,
	};

	must_be_measured(&s, link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet p;
	struct flow f;
	enum packet_link link;
	struct buf in = buf_of(data, size);

	if (!size)
		return 0;
	if (data[0] & SAMPLE) {
		take_sample(in);
		return 0;
	}
	link = (enum packet_link)(data[0] % (LINK_UNKNOWN + 1));
	buf_skip(&in, 1);
	memset(&p, 0, sizeof(p));
	memset(&f, 0, sizeof(f));
	packet_dissect(in, link, &p);
	must_be_whole(&p);
	packet_to_flow(&p, &f);
	must_be_same(&f, in, link);
	must_be_a_sample(in, link);
	must_be_carried(in, size & 1 ? TUNNEL_VXLAN : TUNNEL_NONE);
	return 0;
}
