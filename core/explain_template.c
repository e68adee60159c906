// SPDX-License-Identifier: Apache-2.0
/*
 * Sets of templates. Where a template ends is decided as template.c decides it. The decoder keeps
 * of a template only what it needs, so the fields are kept here, in the place of its slot.
 */
#include <inttypes.h>

#include "core/explain_ipfix.h"

#define IDS_FROM      256
#define SPECIFIER_LEN 4
#define ENTERPRISE    0x80
#define ALL_DATA      2
#define ALL_OPTIONS   3

/* --- fields that are kept --------------------------------------------------------------- */

static uint32_t slot_of(const struct explain *x, const struct template *t)
{
	return (uint32_t)(t - x->decoder.templates->slots);
}

static uint8_t *fields_of(const struct explain *x, uint32_t slot)
{
	return x->fields + (size_t)slot * EXPLAIN_FIELDS;
}

const struct explain_template *explain_template_of(const struct explain *x,
						   const struct template *t, struct fields *fields)
{
	uint32_t slot = slot_of(x, t);
	const struct explain_template *kept = &x->templates[slot];

	if (kept->owner != t->owner || kept->id != t->id || kept->kept != kept->len)
		return NULL;
	*fields = (struct fields){
		.bytes = buf_of(fields_of(x, slot), kept->kept), .v9 = kept->v9,
		.options = kept->options, .keep = x->decoder.templates->keep_unknown,
		.scopes = kept->scopes,
	};
	return kept;
}

static void keep(const struct message *m, uint16_t id, const struct fields *fields,
		 const uint8_t *at)
{
	struct explain *x = m->d->x;
	const struct template *t = template_find(x->decoder.templates, x->e, id, m->d->dg->seen);
	size_t len = buf_left(&fields->bytes), room = len < EXPLAIN_FIELDS ? len : EXPLAIN_FIELDS;

	if (!t)
		return;
	memcpy(fields_of(x, slot_of(x, t)), fields->bytes.p, room);
	x->templates[slot_of(x, t)] = (struct explain_template){
		.owner = t->owner, .id = id, .len = (uint16_t)len, .kept = (uint16_t)room,
		.scopes = fields->scopes, .v9 = fields->v9, .options = fields->options,
		.datagram = x->number, .offset = (uint32_t)(at - x->start),
	};
}

/* --- reading ------------------------------------------------------------------------------- */

struct head {
	uint16_t id;
	uint32_t count;
	enum { DEFINES, WITHDRAWS, CANNOT_BE, CUT } kind;
	struct fields fields;
};

/* As of four kinds of templates; false when they cannot be so. */
static bool count_fields(struct head *h, struct buf *in)
{
	uint16_t first = buf_u16(in), second = h->fields.options ? buf_u16(in) : 0;

	h->count = first;
	h->fields.scopes = h->fields.v9 ? first / SPECIFIER_LEN : second;
	if (!h->fields.options)
		return true;
	if (!h->fields.v9)
		return second <= first;
	h->count = (first + (uint32_t)second) / SPECIFIER_LEN;
	return first % SPECIFIER_LEN == 0 && second % SPECIFIER_LEN == 0;
}

static void cut_fields(struct head *h, struct buf *in)
{
	struct buf fields = *in;

	for (uint32_t n = h->count; n && !in->bad; n--) {
		bool is_long = !h->fields.v9 && buf_left(in) && *in->p & ENTERPRISE;

		buf_skip(in, is_long ? 2 * SPECIFIER_LEN : SPECIFIER_LEN);
	}
	fields.end = in->p;
	h->fields.bytes = fields;
	h->kind = in->bad ? CUT : DEFINES;
}

/* One template; the cursor is moved behind it as the decoder moves its own. */
static struct head read_head(const struct message *m, bool options, struct buf *in)
{
	const struct fields none = { .v9 = m->v9, .options = options,
				     .keep = m->d->x->decoder.templates->keep_unknown };
	struct head h = { .kind = CANNOT_BE, .fields = none };
	struct buf peek;

	h.id = buf_u16(in);
	peek = *in;
	if (!m->v9 && buf_u16(&peek) == 0 && !peek.bad &&
	    (h.id >= IDS_FROM || h.id == (options ? ALL_OPTIONS : ALL_DATA))) {
		h.kind = WITHDRAWS;
		*in = peek;
	} else if (count_fields(&h, in) && h.id >= IDS_FROM) {
		cut_fields(&h, in);
	} else {
		in->p = in->end;
	}
	return h;
}

/* --- lines ----------------------------------------------------------------------------------- */

static void put_fields(const struct message *m, const struct head *h)
{
	struct explain *x = m->d->x;
	struct field_list list;
	struct field_walk w;
	struct field f;

	field_list_compile(&list, &h->fields);
	w = field_walk_begin(&list);
	while (field_next(&w, &f)) {
		explain_line(x, 3, f.at);
		out_format(&x->line, "field %u: ", w.number);
		field_put_name(x, &f);
		if (f.len == IE_VARIABLE)
			out_text(&x->line, ", variable length");
		else
			out_format(&x->line, ", %u bytes", f.len);
		out_format(&x->line, " at %u%s", f.from,
			   f.behind_variable ? " behind the variable field" : "");
		field_put_target(x, &list, &f, true);
		explain_end(x);
	}
}

static const char *age(const struct message *m, const struct head *h)
{
	struct explain *x = m->d->x;
	const struct template *t = template_find(x->decoder.templates, x->e, h->id,
						 m->d->dg->seen);
	struct fields old;

	if (!t)
		return "new";
	if (!explain_template_of(x, t, &old) || old.options != h->fields.options ||
	    old.scopes != h->fields.scopes ||
	    buf_left(&old.bytes) != buf_left(&h->fields.bytes) ||
	    memcmp(old.bytes.p, h->fields.bytes.p, buf_left(&old.bytes)) != 0)
		return "redefined";
	return "sent again";
}

static void put_head(const struct message *m, const struct head *h, const uint8_t *at)
{
	struct explain *x = m->d->x;

	explain_line(x, 2, at);
	out_format(&x->line, "%s%s %u: ", h->kind == WITHDRAWS ? "withdrawal of " : "",
		   h->fields.options ? "options template" : "template", h->id);
	switch (h->kind) {
	case WITHDRAWS:
		out_text(&x->line, h->id < IDS_FROM ? "all of its kind" : "this one");
		break;
	case CANNOT_BE:
		out_text(&x->line, h->id < IDS_FROM ? "an id below 256" : "lengths that cannot be");
		out_text(&x->line, ", so what follows in the set is lost");
		break;
	case CUT:
	case DEFINES:
		out_format(&x->line, "%" PRIu32 " fields", h->count);
		if (h->fields.options)
			out_format(&x->line, ", %u of them scopes", h->fields.scopes);
		out_format(&x->line, ", %s", h->kind == CUT ? "cut off" : age(m, h));
		break;
	}
	explain_end(x);
}

void explain_templates(const struct message *m, const uint8_t *header, struct buf set)
{
	bool options = be16(header) != (m->v9 ? 0 : 2);

	while (buf_left(&set) >= SET_HEADER_LEN && !buf_is_zero(&set)) {
		struct buf part = set;
		struct head h = read_head(m, options, &set);

		part.end = set.p;
		put_head(m, &h, part.p);
		put_fields(m, &h);
		explain_part_of_set(m, header, part);
		if (h.kind == DEFINES)
			keep(m, h.id, &h.fields, part.p);
	}
	if (!buf_left(&set))
		return;
	explain_line(m->d->x, 2, set.p);
	out_format(&m->d->x->line, "padding: %zu bytes", buf_left(&set));
	explain_end(m->d->x);
	explain_part_of_set(m, header, set);
}
