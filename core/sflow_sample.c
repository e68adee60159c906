// SPDX-License-Identifier: Apache-2.0
/*
 * Samples of sFlow: what stands before the records, and the walk over these. A sample counts when
 * all its records are there; what follows the last one is padding or nonsense, and costs nothing.
 */
#include "core/packet.h"
#include "core/sflow.h"

#define INTERNAL      0x3fffffffu	/* the interface of the exporter itself */
#define COMPACT_BITS  30		/* of an interface; the two above are what it is */
#define SOURCE_BITS   24		/* of a data source; above is its class */

/* What every kind of sample begins with, its own fields apart. */
struct head {
	uint32_t sequence, class, index, records;
};

/* The first packet header among the records. */
struct sampled {
	bool found;
	struct buf body;
};

/* --- what stands before the records ------------------------------------------------ */

static void source(struct buf *in, bool expanded, struct head *h)
{
	h->sequence = buf_u32(in);
	h->class = buf_u32(in);
	if (expanded) {
		h->index = buf_u32(in);
		return;
	}
	h->index = h->class & ((1u << SOURCE_BITS) - 1);
	h->class >>= SOURCE_BITS;
}

/* The number without its format; of a format that nobody defined nothing is known. */
static void interface(struct buf *in, bool expanded, uint32_t *number, uint8_t *kind)
{
	uint32_t word = buf_u32(in), format = word >> COMPACT_BITS;

	*number = word & INTERNAL;
	if (expanded) {
		format = word;
		*number = buf_u32(in);
	}
	*kind = (uint8_t)format;
	if (format > INTERFACE_MULTIPLE) {
		*kind = INTERFACE_INDEX;
		*number = 0;
	} else if (format == INTERFACE_INDEX && *number == INTERNAL) {
		*kind = INTERFACE_INTERNAL;
	}
}

static void rate(struct flow *f, uint32_t n)
{
	f->rate = n ? n : 1;
	f->rate_source = n ? RATE_RECORD : RATE_ASSUMED;
}

/* --- records ----------------------------------------------------------------------- */

/* Are so many records there? Finds the first packet header among them. */
static bool records_fit(struct buf in, uint32_t count, struct sampled *header)
{
	struct sflow_frame record;

	for (; count; count--) {
		if (!sflow_frame_next(&in, &record))
			return false;
		if (record.format == SFLOW_SAMPLED_HEADER && !header->found)
			*header = (struct sampled){ true, record.body };
	}
	return true;
}

/* Nothing of the sample can be used. */
static void refuse(struct sflow *s, const struct buf *in)
{
	sflow_count(s, COUNT_BYTES_BAD_LENGTH, buf_left(in));
	sflow_wrong(s, NM_LENGTH);
}

static void end(struct sflow *s, const struct buf *in)
{
	if (buf_is_zero(in))
		sflow_count(s, COUNT_BYTES_PADDING, buf_left(in));
	else
		refuse(s, in);
}

static void count_frame(struct sflow *s, const struct sflow_frame *record)
{
	sflow_count(s, COUNT_BYTES_HEADERS, SFLOW_FRAME_LEN);
	sflow_count(s, COUNT_BYTES_PADDING, record->padding);
}

/*
 * Header protocols that can be read; of packets behind the others only the length is known: X.25,
 * which does not say what it carries, and InfiniBand (18), which carries no IP.
 */
enum packet_link sflow_link_of(uint32_t protocol)
{
	static const uint8_t links[] = {
		[0]  = LINK_UNKNOWN,  [1]  = LINK_ETHERNET, [2]  = LINK_TOKEN_BUS,
		[3]  = LINK_TOKEN_RING, [4]  = LINK_FDDI,   [5]  = LINK_FRAME_RELAY,
		[6]  = LINK_UNKNOWN,  [7]  = LINK_PPP,      [8]  = LINK_SMDS,
		[9]  = LINK_AAL5,     [10] = LINK_IP,       [11] = LINK_IP,
		[12] = LINK_IP,       [13] = LINK_MPLS,     [14] = LINK_HDLC,
		[15] = LINK_WLAN,     [16] = LINK_AMPDU,    [17] = LINK_AMSDU,
	};

	return protocol < sizeof(links) ? links[protocol] : LINK_UNKNOWN;
}

/* The packet itself, as far as it was sampled. */
static void dissect(struct sflow *s, struct buf in, struct sflow_draft *draft)
{
	enum packet_link link = sflow_link_of(buf_u32(&in));
	struct packet packet;
	uint32_t len;

	draft->flow.bytes = buf_u32(&in);
	buf_skip(&in, 4);			/* bytes that were stripped */
	len = buf_u32(&in);
	if (in.bad || len > buf_left(&in))
		sflow_wrong(s, NM_LENGTH);
	else
		in.end = in.p + len;
	draft->header = in;
	if (link == LINK_UNKNOWN)
		return;
	packet_dissect(in, link, &packet);
	packet_to_flow(&packet, &draft->flow);
	if (packet.vlan_count)
		draft->flow.src_vlan = packet.vlans[0];
	draft->dissected = true;
}

/* The near end of a socket is the source. */
static void turn_round(struct flow *f)
{
	struct addr address = f->src;
	uint16_t port = f->src_port;

	f->src = f->dst;
	f->src_port = f->dst_port;
	f->dst = address;
	f->dst_port = port;
}

/*
 * The records of a flow sample make its flow. False: one was too short and there is something
 * behind the last, so that nobody knows where they really began.
 */
static bool fill(struct sflow *s, struct buf *in, const struct head *h,
		 const struct sampled *header, struct sflow_draft *draft)
{
	struct flow *f = &draft->flow;
	struct sflow_frame record;
	bool whole = true;
	uint64_t bytes;

	if (header->found)
		dissect(s, header->body, draft);
	bytes = f->bytes;
	for (uint32_t n = h->records; n && sflow_frame_next(in, &record); n--) {
		count_frame(s, &record);
		whole &= sflow_flow_record(s, &record, draft);
	}
	if (header->found)
		f->bytes = bytes;
	else if (!f->bytes)
		f->bytes = f->ip_length;
	f->more = draft->has_more ? &draft->more : NULL;
	if (draft->socket && f->direction == DIRECTION_EGRESS)
		turn_round(f);
	if (draft->operation && !f->bytes)
		f->packets = 0;
	end(s, in);
	return whole || buf_is_zero(in);
}

/* --- kinds of samples ------------------------------------------------------------------ */

static void follow(struct sflow *s, const struct head *h, enum source_kind kind, uint32_t drops)
{
	const struct datasource_key key = { s->slot, h->class, h->index, (uint8_t)kind };
	struct datasource *source_of = datasource_find(s->d->sources, &key);

	if (source_of)
		datasource_follow(source_of, &s->e->counts, h->sequence, drops);
	else if (s->d->sources)
		sflow_count(s, COUNT_SAMPLES_UNFOLLOWED, 1);
}

static void flow_sample(struct sflow *s, struct buf in, bool expanded)
{
	const uint8_t *start = in.p;
	struct sampled header = { .found = false };
	struct sflow_draft draft;
	struct buf all = in;
	struct head h;
	uint32_t drops;

	draft.flow = s->blank;
	draft.header = (struct buf){ 0 };
	draft.has_more = draft.dissected = draft.socket = draft.operation = false;
	source(&in, expanded, &h);
	rate(&draft.flow, buf_u32(&in));
	buf_skip(&in, 4);			/* packets the samples were taken from */
	drops = buf_u32(&in);
	interface(&in, expanded, &draft.flow.in_if, &draft.flow.in_if_kind);
	interface(&in, expanded, &draft.flow.out_if, &draft.flow.out_if_kind);
	h.records = buf_u32(&in);
	if (in.bad || !records_fit(in, h.records, &header)) {
		refuse(s, &all);
		return;
	}
	sflow_count(s, COUNT_BYTES_DECODED, (size_t)(in.p - start));
	follow(s, &h, SOURCE_FLOW, drops);
	if (!fill(s, &in, &h, &header, &draft))
		return;
	s->records++;
	flow_put(s->d->sink, &draft.flow);
}

/* A packet that went nowhere (sflow_drops.txt): not traffic. */
static void drop_sample(struct sflow *s, struct buf in)
{
	const uint8_t *start = in.p;
	struct sampled header = { .found = false };
	struct sflow_draft draft = { .has_more = true };
	struct buf all = in;
	struct head h;

	draft.flow = s->blank;
	source(&in, true, &h);
	draft.more.drops = buf_u32(&in);
	draft.flow.in_if = buf_u32(&in);
	draft.flow.out_if = buf_u32(&in);
	draft.more.drop_reason = buf_u32(&in);
	h.records = buf_u32(&in);
	if (in.bad || !records_fit(in, h.records, &header)) {
		refuse(s, &all);
		return;
	}
	sflow_count(s, COUNT_BYTES_DECODED, (size_t)(in.p - start));
	follow(s, &h, SOURCE_DROP, (uint32_t)draft.more.drops);
	if (fill(s, &in, &h, &header, &draft))
		decode_drop(s->d, s->e, &draft.flow);
}

static void counter_sample(struct sflow *s, struct buf in, bool expanded)
{
	const uint8_t *start = in.p;
	struct sampled none = { .found = true };
	struct sflow_frame record;
	struct buf all = in;
	struct sflow_counters whose = { .uptime_ms = s->uptime_ms };
	struct head h;

	source(&in, expanded, &h);
	h.records = buf_u32(&in);
	if (in.bad || !records_fit(in, h.records, &none)) {
		refuse(s, &all);
		return;
	}
	sflow_count(s, COUNT_BYTES_DECODED, (size_t)(in.p - start));
	follow(s, &h, SOURCE_COUNTERS, 0);
	whose.sequence = h.sequence;
	whose.class = h.class;
	whose.index = h.index;
	for (uint32_t n = h.records; n && sflow_frame_next(&in, &record); n--) {
		count_frame(s, &record);
		sflow_counter_record(s, &record, &whose);
	}
	end(s, &in);
}

bool sflow_sample(struct sflow *s, const struct sflow_frame *sample)
{
	switch (sample->format) {
	case SFLOW_FLOW_SAMPLE:
	case SFLOW_FLOW_SAMPLE_EXPANDED:
		flow_sample(s, sample->body, sample->format == SFLOW_FLOW_SAMPLE_EXPANDED);
		return true;
	case SFLOW_COUNTER_SAMPLE:
	case SFLOW_COUNTER_SAMPLE_EXPANDED:
		counter_sample(s, sample->body, sample->format == SFLOW_COUNTER_SAMPLE_EXPANDED);
		return true;
	case SFLOW_DROP_SAMPLE:
		drop_sample(s, sample->body);
		return true;
	default:
		return false;
	}
}
