// SPDX-License-Identifier: Apache-2.0
/*
 * sFlow v5: samples, their records, and the headers of sampled packets. Frames are cut by the
 * decoder's own function, headers read by its readers.
 */
#include <inttypes.h>

#include "core/explain_private.h"
#include "core/packet_private.h"
#include "core/packet_text.h"
#include "core/sflow.h"

#define SOURCE_BITS 24
#define FIELDS_MOST 10

/* --- what samples begin with ------------------------------------------------------------ */

/*
 * Fields of four bytes each: a letter for each, s the sequence, c class and index in one, C the
 * class, i the index, and otherwise as named in words[].
 */
static const struct { const char letter, *words; } words[] = {
	{ 's', "sequence" }, { 'C', "source class" }, { 'i', "source index" }, { 'r', "rate 1 in" },
	{ 'p', "pool" },     { 'd', "drops" },        { 'I', "in" },           { 'O', "out" },
	{ 'F', "in format" }, { 'G', "out format" },  { 'R', "reason" },       { 'n', "records" },
};

static const struct { uint32_t format; const char *name, *fields; bool counters; } samples[] = {
	{ SFLOW_FLOW_SAMPLE,             "flow_sample",             "scrpdIOn",   false },
	{ SFLOW_COUNTER_SAMPLE,          "counter_sample",          "scn",        true },
	{ SFLOW_FLOW_SAMPLE_EXPANDED,    "flow_sample_expanded",    "sCirpdFIGOn", false },
	{ SFLOW_COUNTER_SAMPLE_EXPANDED, "counter_sample_expanded", "sCin",       true },
	{ SFLOW_DROP_SAMPLE,             "discarded_packet",        "sCidIORn",   false },
};

static void put_number(struct explain *x, char letter, uint32_t v)
{
	if (letter == 'c') {
		out_format(&x->line, ", source class %" PRIu32 ", source index %" PRIu32,
			   v >> SOURCE_BITS, v & ((1u << SOURCE_BITS) - 1));
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].letter == letter)
			out_format(&x->line, ", %s %" PRIu32, words[i].words, v);
}

/* Returns how many records there are to be. */
static uint32_t put_numbers(struct explain *x, const char *letters, struct buf *in)
{
	uint32_t v = 0;

	for (; *letters && buf_left(in) >= 4; letters++) {
		v = buf_u32(in);
		put_number(x, *letters, v);
	}
	if (!*letters)
		return v;
	out_text(&x->line, ", cut off");
	in->p = in->end;
	return 0;
}

/* --- headers ---------------------------------------------------------------------------------- */

static reader *const readers[LAYER_COUNT] = {
#define LAYER(name, word, number, reader) reader,
#include "core/layer.def"
#undef LAYER
};

static const uint8_t first_layer[] = {
	[LINK_ETHERNET] = LAYER_ETHERNET, [LINK_IP] = LAYER_IP, [LINK_MPLS] = LAYER_MPLS,
	[LINK_PPP] = LAYER_PPP,           [LINK_UNKNOWN] = LAYER_END,
};

static void put_layers(struct explain *x, struct buf in, enum packet_link link)
{
	struct packet p = { .layer_count = 0 };
	struct walk w = { .in = in, .p = &p };
	enum layer_kind next = first_layer[link];

	while (next != LAYER_END && p.layer_count + READER_LAYERS < PACKET_LAYERS) {
		unsigned n = p.layer_count;
		const uint8_t *at = w.in.p;

		w.kind = next;
		next = readers[next](&w);
		for (; n < p.layer_count; n++) {
			explain_line(x, 4, at);
			out_text(&x->line, "layer ");
			layer_text(&x->line, &p.layers[n]);
			explain_end(x);
		}
	}
	explain_line(x, 4, w.in.p);
	out_format(&x->line, "rest of the packet: %zu bytes", buf_left(&w.in));
	explain_end(x);
}

static void sampled_header(struct explain *x, struct buf in)
{
	uint32_t protocol = buf_u32(&in), frame = buf_u32(&in), stripped = buf_u32(&in);
	uint32_t len = buf_u32(&in);

	explain_line(x, 3, in.p);
	out_format(&x->line, "packet: header protocol %" PRIu32 ", frame of %" PRIu32 " bytes, %"
		   PRIu32 " stripped, %" PRIu32 " sampled", protocol, frame, stripped, len);
	if (in.bad || len > buf_left(&in))
		out_format(&x->line, ", of which %zu are here", buf_left(&in));
	else
		in.end = in.p + len;
	explain_end(x);
	put_layers(x, in, sflow_link_of(protocol));
}

/* --- records ---------------------------------------------------------------------------------- */

static void put_format(struct explain *x, const char *what, const struct sflow_frame *f,
		       const char *name)
{
	explain_line(x, *what == 's' ? 1 : 2, f->body.p - SFLOW_FRAME_LEN);
	out_format(&x->line, "%s %" PRIu32 ":%" PRIu32 " %s, %zu bytes", what, f->format >> 12,
		   f->format & 0xfff, name ? name : "unknown, skipped", buf_left(&f->body));
	if (f->padding)
		out_format(&x->line, " and %zu of padding", f->padding);
}

static void put_records(struct explain *x, struct buf *in, uint32_t count, bool counters)
{
	struct sflow_frame f;

	for (; count && sflow_frame_next(in, &f); count--) {
		put_format(x, "record", &f, counters ? sflow_counter_record_name(f.format) :
			   sflow_flow_record_name(f.format));
		explain_end(x);
		if (!counters && f.format == SFLOW_SAMPLED_HEADER)
			sampled_header(x, f.body);
	}
	if (!count)
		return;
	explain_line(x, 2, in->p);
	out_format(&x->line, "records: %" PRIu32 " more should be here", count);
	explain_end(x);
}

static void put_rest(struct explain *x, unsigned depth, const char *what, struct buf in)
{
	if (!buf_left(&in))
		return;
	explain_line(x, depth, in.p);
	out_format(&x->line, "%s: %zu bytes: ", what, buf_left(&in));
	explain_hex(x, in);
	explain_end(x);
}

static void put_sample(struct explain *x, const struct sflow_frame *f)
{
	const char *name = NULL, *fields = "";
	bool counters = false;
	struct buf in = f->body;

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		if (samples[i].format != f->format)
			continue;
		name = samples[i].name;
		fields = samples[i].fields;
		counters = samples[i].counters;
	}
	put_format(x, "sample", f, name);
	if (name) {
		uint32_t count = put_numbers(x, fields, &in);

		explain_end(x);
		put_records(x, &in, count, counters);
	} else {
		explain_end(x);
	}
	put_rest(x, 2, "behind the records", in);
}

/* --- the datagram ----------------------------------------------------------------------------- */

/* The datagram's header, for so many samples, and then these bytes. */
static void decide(const struct explained *d, struct buf header, uint8_t count, const uint8_t *p,
		   size_t len)
{
	size_t at = explain_piece_more(d->x, 0, header.p, buf_left(&header));

	memcpy(d->x->piece + at - 4, (const uint8_t[]){ 0, 0, 0, count }, 4);
	explain_decide(d, 2, explain_piece_more(d->x, at, p, len));
}

static void put_samples(const struct explained *d, struct buf header, struct buf in,
			uint32_t count)
{
	struct explain *x = d->x;
	struct sflow_frame f;

	while (count) {
		const uint8_t *at = in.p;

		if (!sflow_frame_next(&in, &f))
			break;
		put_sample(x, &f);
		decide(d, header, 1, at, (size_t)(in.p - at));
		count--;
	}
	if (!count && !buf_left(&in))
		return;
	if (count) {
		explain_line(x, 1, in.p);
		out_format(&x->line, "samples: %" PRIu32 " more should be here", count);
		explain_end(x);
	}
	put_rest(x, 1, "left over", in);
	decide(d, header, count > 0, in.p, buf_left(&in));
}

static void put_header(struct explain *x, struct buf header)
{
	const uint8_t *end = header.end;

	explain_line(x, 1, header.p);
	out_format(&x->line, "header: %zu bytes, uptime %" PRIu32 " ms, %" PRIu32 " samples",
		   buf_left(&header), be32(end - 8), be32(end - 4));
	explain_end(x);
}

static bool has_room(const struct explained *d, struct buf header)
{
	struct explain *x = d->x;
	size_t len = explain_piece_more(x, 0, header.p, buf_left(&header));
	enum nm_err err;

	memset(x->piece + len - 4, 0, 4);
	return datagram_decode(&x->decoder, buf_of(x->piece, len), d->dg, &err) !=
	       x->decoder.exporters->slots;
}

void explain_sflow(const struct explained *d, struct buf in)
{
	static const uint8_t address_len[] = { 0, 4, 16 };
	struct buf all = in, header = in;
	struct explain *x = d->x;
	uint32_t type;

	buf_skip(&in, 4);
	type = buf_u32(&in);
	buf_skip(&in, (type < sizeof(address_len) ? address_len[type] : 0) + 16);
	header.end = in.p;
	if (in.bad || type >= sizeof(address_len)) {
		out_text(&x->line, in.bad ? "sFlow v5, cut off within its header" :
			 "sFlow v5, its agent's address is of no kind that is known");
		explain_end(x);
		explain_as_it_is(d, 1, all);
		return;
	}
	explain_head(d, "sFlow v5", be32(in.p - 16), be32(in.p - 12));
	put_header(x, header);
	if (has_room(d, header))
		put_samples(d, header, in, be32(in.p - 4));
	else
		explain_as_it_is(d, 1, all);
}
