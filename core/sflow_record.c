// SPDX-License-Identifier: Apache-2.0
/*
 * Flow records of sFlow, read by the table of sflow.def: a record is a list of steps, each of
 * which takes a field and says where it goes. A record that ends early has filled what it could.
 */
#include "core/packet.h"
#include "core/sflow.h"

enum op {
	OP_END,
	OP_SKIP,		/* size bytes */
	OP_SET,			/* nothing is read: a byte becomes size */
	OP_NUMBER,		/* 4 bytes, into a member of size bytes */
	OP_OTHERWISE,		/* a number for a member that has none */
	OP_HYPER,		/* 8 bytes */
	OP_DIRECTION,		/* of a packet of a host: unknown, received, sent */
	OP_HARDWARE,		/* a MAC address: 6 bytes and 2 of padding */
	OP_IPV4, OP_IPV6,
	OP_ADDRESS,		/* with its type before it */
	OP_NANOSECONDS,		/* since 1970: start and end */
	OP_STRING,
	OP_LIST,		/* numbers */
	OP_LABELS,		/* MPLS label stack entries, of which the label is kept */
	OP_TAGS,		/* TPID and TCI of VLAN tags, of which the VLAN is kept */
	OP_TAG,			/* the same, the first */
	OP_STACK,		/* as OP_LABELS, the packet's own when its header showed none */
	OP_PATH,		/* AS path: segments, each a kind and a list */
	OP_PAYLOAD,		/* variable data: what a frame carried before it was encrypted */
	OP_CARRIED,		/* where in the sampled header a tunnel's load begins */
};

struct step { uint8_t op, size; uint16_t at; };

#define TO(op, member) \
	{ op, sizeof(((struct sflow_draft *)0)->member), offsetof(struct sflow_draft, member) },
#define AT(op, size, member) { op, size, offsetof(struct sflow_draft, member) },
#define SKIP(bytes)         { OP_SKIP, bytes, 0 },
#define NUMBER(member)      TO(OP_NUMBER, member)
#define OTHERWISE(member)   TO(OP_OTHERWISE, member)
#define HYPER(member)       TO(OP_HYPER, member)
#define DIRECTION(member)   TO(OP_DIRECTION, member)
#define HARDWARE(member)    TO(OP_HARDWARE, member)
#define IPV4(member)        TO(OP_IPV4, member)
#define IPV6(member)        TO(OP_IPV6, member)
#define ADDRESS(member)     TO(OP_ADDRESS, member)
#define NANOSECONDS(member) TO(OP_NANOSECONDS, member)
#define STRING(member)      TO(OP_STRING, member)
#define LIST(member)        AT(OP_LIST, 0, member)
#define LABELS(member)      AT(OP_LABELS, 0, member)
#define TAGS(member)        AT(OP_TAGS, 0, member)
#define TAG(member)         AT(OP_TAG, 0, member)
#define STACK(member)       AT(OP_STACK, 0, member)
#define PATH(member)        AT(OP_PATH, 0, member)
#define PAYLOAD(member)     AT(OP_PAYLOAD, 0, member)
#define CARRIED(member)     AT(OP_CARRIED, 0, member)
#define INGRESS             AT(OP_SET, DIRECTION_INGRESS, more.tunnel_direction)
#define EGRESS              AT(OP_SET, DIRECTION_EGRESS, more.tunnel_direction)
#define SOCKET              AT(OP_SET, true, socket)
#define OPERATION           AT(OP_SET, true, operation)

#define FLOW_RECORD(enterprise, format, name, fields) \
	static const struct step steps_##enterprise##_##format[] = { fields { OP_END, 0, 0 } };
#include "core/sflow.def"

static const struct record {
	uint32_t format;
	const char *name;
	const struct step *steps;
} records[] = {
#define FLOW_RECORD(enterprise, format, name, fields) \
	{ SFLOW_FORMAT(enterprise, format), name, steps_##enterprise##_##format },
#include "core/sflow.def"
};

/* Those that nearly every sample has are numbered without gaps, from 1 and from 1001. */
static const struct record *find(uint32_t format)
{
	const struct record *end = records + sizeof(records) / sizeof(records[0]), *r = records;
	size_t at = format < SFLOW_EXTENDED_SWITCH ? format - SFLOW_SAMPLED_HEADER :
		    format - SFLOW_EXTENDED_SWITCH + SFLOW_SAMPLED_IPV6;

	if (at < (size_t)(end - r) && r[at].format == format)
		return &r[at];
	while (r < end && r->format != format)
		r++;
	return r < end ? r : NULL;
}

const char *sflow_flow_record_name(uint32_t format)
{
	const struct record *r = find(format);

	return r ? r->name : NULL;
}

/* --- fields ------------------------------------------------------------------- */

static void number(struct buf *in, void *at, uint8_t size)
{
	uint32_t v = buf_u32(in);

	if (size == 4)
		*(uint32_t *)at = v;
	else if (size == 1)
		*(uint8_t *)at = (uint8_t)v;
	else if (size == 2)
		*(uint16_t *)at = (uint16_t)v;
	else
		*(uint64_t *)at = v;
}

static void otherwise(struct buf *in, uint8_t *at)
{
	uint32_t v = buf_u32(in);

	if (!*at)
		*at = (uint8_t)v;
}

static void direction(struct buf *in, uint8_t *at)
{
	uint32_t v = buf_u32(in);

	*at = v <= DIRECTION_EGRESS ? (uint8_t)v : DIRECTION_UNKNOWN;
}

static void hardware(struct buf *in, uint64_t *mac)
{
	*mac = buf_uint(in, 6);
	buf_skip(in, 2);
}

static void ipv4(struct buf *in, struct addr *a)
{
	struct buf part = buf_take(in, 4);

	if (!part.bad && be32(part.p))
		*a = addr_v4(part.p);
}

static void ipv6(struct buf *in, struct addr *a)
{
	struct buf part = buf_take(in, sizeof(a->b));

	if (!part.bad)
		memcpy(a->b, part.p, sizeof(a->b));
}

/* Of type 0 the exporter knows none, of others than 1 and 2 nobody knows the length. */
static void address(struct buf *in, struct addr *a)
{
	uint32_t type = buf_u32(in);

	if (type == 1)
		ipv4(in, a);
	else if (type == 2)
		ipv6(in, a);
	else if (type)
		in->bad = true;
}

/* `count` numbers, of which `to` keeps the first that it has room for. Returns the last. */
static uint32_t list(struct buf *in, uint32_t count, struct numbers *to)
{
	uint32_t last = 0;

	for (; count && !in->bad; count--) {
		uint32_t v = buf_u32(in);

		if (in->bad)
			break;
		last = v;
		if (to->count < FLOW_PATH)
			to->n[to->count++] = v;
	}
	return last;
}

/* The numbers of a list, each shifted and masked. */
static void list_of(struct buf *in, struct numbers *to, unsigned shift, uint32_t mask)
{
	to->count = 0;
	list(in, buf_u32(in), to);
	for (unsigned i = 0; i < to->count; i++)
		to->n[i] = to->n[i] >> shift & mask;
}

static void tag(struct buf *in, uint32_t *vlan)
{
	struct numbers tags;

	list_of(in, &tags, 0, 0xfff);
	if (tags.count)
		*vlan = tags.n[0];
}

static void stack(struct buf *in, struct flow *f)
{
	struct numbers labels;

	list_of(in, &labels, 12, 0xfffff);
	if (f->label_count)
		return;
	for (; f->label_count < labels.count && f->label_count < FLOW_LABELS; f->label_count++)
		f->labels[f->label_count] = labels.n[f->label_count];
}

/* The next AS is the first of the path, the destination's the last, in a set as in a sequence. */
static void path(struct buf *in, struct sflow_draft *draft)
{
	struct numbers *to = &draft->more.as_path;

	to->count = 0;
	for (uint32_t segments = buf_u32(in); segments && !in->bad; segments--) {
		buf_skip(in, 4);		/* set or sequence */
		draft->flow.dst_as = list(in, buf_u32(in), to);
	}
	draft->flow.next_hop_as = to->count ? to->n[0] : 0;
}

static void nanoseconds(struct buf *in, struct flow *f)
{
	uint64_t ns = buf_u64(in);

	if (in->bad || ns > INT64_MAX)
		return;
	f->start = f->end = (nm_time){ (int64_t)ns };
}

/* --- packets -------------------------------------------------------------------- */

/* Of an encrypted 802.11 frame there was the header only; its payload begins with LLC. */
static void payload(struct buf *in, struct flow *f)
{
	struct text data = sflow_text(in);
	struct packet packet;

	packet_dissect(buf_of(data.p, data.len), LINK_LLC, &packet);
	if (!packet.outer.seen && !packet.etype)
		return;
	packet.src_mac = f->src_mac;
	packet.dst_mac = f->dst_mac;
	packet_to_flow(&packet, f);
}

static void carried(struct buf *in, struct sflow_draft *draft)
{
	uint32_t offset = buf_u32(in);
	struct buf load = draft->header;

	if (in->bad || offset >= buf_left(&load) || !addr_is_absent(&draft->flow.inner_src))
		return;
	load.p += offset;
	packet_carried_to_flow(load, &draft->flow);
}

/* --- records -------------------------------------------------------------------- */

static void take(const struct step *step, struct buf *in, struct sflow_draft *draft)
{
	void *at = (char *)draft + step->at;

	switch ((enum op)step->op) {
	case OP_SKIP:        buf_skip(in, step->size); break;
	case OP_SET:         *(uint8_t *)at = step->size; break;
	case OP_NUMBER:      number(in, at, step->size); break;
	case OP_OTHERWISE:   otherwise(in, at); break;
	case OP_HYPER:       *(uint64_t *)at = buf_u64(in); break;
	case OP_DIRECTION:   direction(in, at); break;
	case OP_HARDWARE:    hardware(in, at); break;
	case OP_IPV4:        ipv4(in, at); break;
	case OP_IPV6:        ipv6(in, at); break;
	case OP_ADDRESS:     address(in, at); break;
	case OP_NANOSECONDS: nanoseconds(in, &draft->flow); break;
	case OP_STRING:      *(struct text *)at = sflow_text(in); break;
	case OP_LIST:        list_of(in, at, 0, UINT32_MAX); break;
	case OP_LABELS:      list_of(in, at, 12, 0xfffff); break;
	case OP_TAGS:        list_of(in, at, 0, 0xfff); break;
	case OP_TAG:         tag(in, at); break;
	case OP_STACK:       stack(in, &draft->flow); break;
	case OP_PATH:        path(in, draft); break;
	case OP_PAYLOAD:     payload(in, &draft->flow); break;
	case OP_CARRIED:     carried(in, draft); break;
	case OP_END:         break;
	}
}

/* Few records have more, and emptying it costs as much as reading a record. */
static void make_room(const struct step *step, struct sflow_draft *draft)
{
	if (draft->has_more || step->at < offsetof(struct sflow_draft, more))
		return;
	memset(&draft->more, 0, sizeof(draft->more));
	draft->has_more = true;
}

/* What a header said is not said again by the exporter's summary of it, nor by the socket. */
static bool is_summary(uint32_t format)
{
	return (format >= SFLOW_SAMPLED_ETHERNET && format <= SFLOW_SAMPLED_IPV6) ||
	       format == SFLOW_SOCKET_IPV4 || format == SFLOW_SOCKET_IPV6;
}

bool sflow_flow_record(struct sflow *s, const struct sflow_frame *frame,
		       struct sflow_draft *draft)
{
	const struct record *r = find(frame->format);
	struct buf in = frame->body;

	if (!r) {
		sflow_unknown(s, UNKNOWN_FLOW_RECORD, frame->format, buf_left(&in));
		return true;
	}
	sflow_count(s, COUNT_BYTES_DECODED, buf_left(&in));
	if (draft->dissected && is_summary(frame->format))
		return true;
	for (const struct step *step = r->steps; step->op != OP_END && !in.bad; step++) {
		make_room(step, draft);
		take(step, &in, draft);
	}
	if (in.bad)
		sflow_wrong(s, NM_SHORT);
	return !in.bad;
}
