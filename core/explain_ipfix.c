// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v9 and IPFIX: the header, sets, and the records of data. Where a set ends is decided as
 * ipfix.c decides it.
 */
#include <inttypes.h>

#include "core/explain_ipfix.h"

#define V9               9
#define V9_HEADER_LEN    20
#define IPFIX_HEADER_LEN 16
#define DATA_FROM        256
#define LONG_LENGTH      255

/* --- pieces ----------------------------------------------------------------------------- */

static size_t header_len(const struct message *m)
{
	return m->v9 ? V9_HEADER_LEN : IPFIX_HEADER_LEN;
}

/* The message's header as that of a message in which so many bytes follow. */
static size_t begin_piece(const struct message *m, size_t follow)
{
	size_t len = explain_piece_more(m->d->x, 0, m->header, header_len(m));

	if (!m->v9) {
		m->d->x->piece[2] = (uint8_t)((len + follow) >> 8);
		m->d->x->piece[3] = (uint8_t)(len + follow);
	}
	return len;
}

void explain_bytes(const struct message *m, unsigned depth, struct buf bytes)
{
	size_t at = begin_piece(m, buf_left(&bytes));

	explain_decide(m->d, depth, explain_piece_more(m->d->x, at, bytes.p, buf_left(&bytes)));
}

void explain_part_of_set(const struct message *m, const uint8_t *set, struct buf part)
{
	size_t len = SET_HEADER_LEN + buf_left(&part), at = begin_piece(m, len);
	uint8_t header[SET_HEADER_LEN] = { set[0], set[1], (uint8_t)(len >> 8), (uint8_t)len };

	at = explain_piece_more(m->d->x, at, header, sizeof(header));
	explain_decide(m->d, 3, explain_piece_more(m->d->x, at, part.p, buf_left(&part)));
}

static void put_bytes(const struct message *m, unsigned depth, const char *what, struct buf bytes)
{
	struct explain *x = m->d->x;

	if (!buf_left(&bytes))
		return;
	explain_line(x, depth, bytes.p);
	out_format(&x->line, "%s: %zu bytes: ", what, buf_left(&bytes));
	explain_hex(x, bytes);
	explain_end(x);
}

/* --- data ----------------------------------------------------------------------------------- */

static size_t field_length(const struct field *f, struct buf *in)
{
	size_t len = f->len;

	if (f->len != IE_VARIABLE)
		return len;
	len = buf_u8(in);
	return len == LONG_LENGTH ? buf_u16(in) : len;
}

static void put_field(struct explain *x, const struct field_list *l, const struct field *f,
		      size_t len, struct buf value)
{
	explain_line(x, 3, value.p);
	field_put_name(x, f);
	out_format(&x->line, ", %zu bytes: ", len);
	if (value.bad) {
		out_text(&x->line, "cut off");
	} else {
		explain_hex(x, value);
		field_put_value(x, f, value);
		field_put_target(x, l, f, false);
	}
	explain_end(x);
}

/* One record; false when it reaches beyond the set. */
static bool put_record(struct explain *x, const struct field_list *l, struct buf *in)
{
	struct field_walk w = field_walk_begin(l);
	struct field f;

	while (field_next(&w, &f)) {
		const uint8_t *at = in->p;
		size_t len = field_length(&f, in);
		struct buf value = buf_take(in, len);

		if (in->bad)
			value = (struct buf){ at, at, true };
		if (len || in->bad)
			put_field(x, l, &f, len, value);
		if (in->bad)
			return false;
	}
	return true;
}

static void put_records(struct explain *x, const struct template *t, const struct fields *fields,
			struct buf *in)
{
	struct field_list list;
	bool whole = true;

	field_list_compile(&list, fields);
	for (unsigned n = 1; whole && buf_left(in) >= t->min_len; n++) {
		explain_line(x, 2, in->p);
		out_format(&x->line, "record %u", n);
		explain_end(x);
		whole = put_record(x, &list, in);
	}
}

static void data_set(const struct message *m, struct buf set, uint16_t id)
{
	struct explain *x = m->d->x;
	const struct template *t = template_find(x->decoder.templates, x->e, id, m->d->dg->seen);
	const struct explain_template *kept;
	struct fields fields;

	if (!t) {
		put_bytes(m, 2, "template not seen yet", set);
		return;
	}
	kept = explain_template_of(x, t, &fields);
	explain_line(x, 2, NULL);
	out_format(&x->line, "records of %s%u bytes", t->variable ? "at least " : "", t->min_len);
	if (kept)
		out_format(&x->line, ", template of datagram %" PRIu32 " @%" PRIu32,
			   kept->datagram, kept->offset);
	explain_end(x);
	if (!kept) {
		put_bytes(m, 2, "the template's fields are not at hand", set);
		return;
	}
	put_records(x, t, &fields, &set);
	put_bytes(m, 2, "behind the records", set);
}

/* --- sets ------------------------------------------------------------------------------------ */

static const char *kind_of(const struct message *m, uint16_t id)
{
	uint16_t templates = m->v9 ? 0 : 2;

	if (id >= DATA_FROM)
		return "data";
	if (id == templates)
		return "templates";
	return id == templates + 1 ? "options templates" : "an id that means nothing here";
}

/* A set that is all there, with its header. */
static void put_set(const struct message *m, struct buf whole)
{
	const uint8_t *header = whole.p;
	struct buf set = whole;
	uint16_t id = be16(header);

	buf_skip(&set, SET_HEADER_LEN);
	if (id == (m->v9 ? 0 : 2) || id == (m->v9 ? 1 : 3)) {
		if (buf_left(&set))
			explain_templates(m, header, set);
		return;
	}
	if (id >= DATA_FROM)
		data_set(m, set, id);
	else
		put_bytes(m, 2, "nobody knows what", set);
	explain_bytes(m, 2, whole);
}

static void put_sets(const struct message *m, struct buf in)
{
	struct explain *x = m->d->x;

	while (buf_left(&in) >= SET_HEADER_LEN) {
		unsigned id = be16(in.p), len = be16(in.p + 2);
		struct buf whole = in;

		if (len < SET_HEADER_LEN)
			break;
		explain_line(x, 1, in.p);
		out_format(&x->line, "set %u: %u bytes, %s", id, len, kind_of(m, (uint16_t)id));
		if (len > buf_left(&in))
			out_format(&x->line, ", of which %zu are here", buf_left(&in));
		explain_end(x);
		if (len > buf_left(&in)) {
			explain_bytes(m, 2, in);
			return;
		}
		whole = buf_take(&in, len);
		put_set(m, whole);
	}
	if (!buf_left(&in))
		return;
	put_bytes(m, 1, buf_left(&in) < SET_HEADER_LEN || buf_is_zero(&in) ?
		  "padding" : "a length that cannot be", in);
	explain_bytes(m, 1, in);
}

/* --- the message --------------------------------------------------------------------------- */

static void put_header(const struct message *m)
{
	const uint8_t *p = m->header;
	struct explain *x = m->d->x;

	explain_line(x, 1, p);
	if (m->v9)
		out_format(&x->line, "header: %u bytes, %u records, uptime %" PRIu32 " ms",
			   V9_HEADER_LEN, be16(p + 2), be32(p + 4));
	else
		out_format(&x->line, "header: %u bytes, message of %u bytes", IPFIX_HEADER_LEN,
			   be16(p + 2));
	out_text(&x->line, ", exported ");
	explain_time(x, time_of_s(be32(p + (m->v9 ? 8 : 4))));
	explain_end(x);
}

/* What is in the datagram behind an IPFIX message gets a message without sets before it. */
static void put_behind(const struct message *m, struct buf rest)
{
	size_t at = begin_piece(m, 0);

	if (!buf_left(&rest))
		return;
	put_bytes(m, 1, "behind the message", rest);
	explain_decide(m->d, 1, explain_piece_more(m->d->x, at, rest.p, buf_left(&rest)));
}

/* Make the decoder find the exporter, whose templates are asked for before it gets any data. */
static bool has_room(const struct message *m)
{
	struct explain *x = m->d->x;
	size_t len = begin_piece(m, 0);
	enum nm_err err;

	return datagram_decode(&x->decoder, buf_of(x->piece, len), m->d->dg, &err) !=
	       x->decoder.exporters->slots;
}

static void put_message(const struct message *m, struct buf in)
{
	size_t len = m->v9 ? V9_HEADER_LEN + buf_left(&in) : be16(m->header + 2);
	struct buf all = buf_of(m->header, header_len(m) + buf_left(&in)), sets;

	if (!has_room(m) || len < IPFIX_HEADER_LEN || len > buf_left(&all)) {
		put_bytes(m, 1, "not looked at", in);
		explain_as_it_is(m->d, 1, all);
		return;
	}
	sets = buf_take(&in, len - header_len(m));
	put_sets(m, sets);
	put_behind(m, in);
}

void explain_ipfix(const struct explained *d, struct buf in)
{
	const struct message m = { .d = d, .header = in.p, .v9 = be16(in.p) == V9 };
	struct explain *x = d->x;
	struct buf all = in;

	buf_skip(&in, header_len(&m));
	if (in.bad) {
		out_text(&x->line, m.v9 ? "NetFlow v9" : "IPFIX");
		out_text(&x->line, ", cut off within its header");
		explain_end(x);
		explain_as_it_is(d, 1, all);
		return;
	}
	explain_head(d, m.v9 ? "NetFlow v9" : "IPFIX", be32(in.p - 4), be32(in.p - 8));
	put_header(&m);
	put_message(&m, in);
}
