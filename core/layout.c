// SPDX-License-Identifier: Apache-2.0
/*
 * Compiling templates. A template may say a thing several times and in several ways: of equal
 * elements the first counts (the outer header), of different ones the row that comes first in
 * ie.def. All of that is decided here, once, and not for each record.
 */
#include "core/ie.h"

#define ENTERPRISE 0x8000
#define ETYPE_IPV4 0x0800
#define ETYPE_IPV6 0x86dd

#define V9_SCOPES         5	/* RFC 3954 section 6.1: system, interface, line card ... */
#define V9_INTERFACE      2
#define INGRESS_INTERFACE 10	/* the element that says the same */

#define AT(member)   offsetof(struct draft, member)
#define SIZE(member) sizeof(((struct draft *)0)->member)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An element that comes a second time is of the header inside: what is kept of that. */
static const struct { uint16_t outer, inner; } inners[] = {
	{ AT(flow.src),      AT(flow.inner_src) },
	{ AT(flow.dst),      AT(flow.inner_dst) },
	{ AT(flow.src_port), AT(flow.inner_src_port) },
	{ AT(flow.dst_port), AT(flow.inner_dst_port) },
	{ AT(flow.proto),    AT(flow.inner_proto) },
};

/* Members of the flow that options name something by. */
static const uint16_t option_ids[] = {
	AT(flow.sampler), AT(flow.in_if), AT(flow.out_if), AT(flow.in_vrf), AT(flow.out_vrf),
	AT(flow.application),
};

/* What is met often has an op of its own: op, length on the wire, size of the member (0: any). */
static const struct { uint8_t op, len, size, direct; } directs[] = {
	{ OP_UINT,   1, 1, OP_U8 },       { OP_UINT,   2, 2, OP_U16 },
	{ OP_UINT,   4, 4, OP_U32 },      { OP_UINT,   8, 8, OP_U64 },
	{ OP_UINT,   1, 2, OP_U8_16 },    { OP_UINT,   2, 4, OP_U16_32 },
	{ OP_UINT,   4, 8, OP_U32_64 },
	{ OP_MILLIS, 8, 0, OP_MILLIS_8 }, { OP_UPTIME, 4, 0, OP_UPTIME_4 },
};

struct field { struct element is; uint16_t len; };

static struct field field_next(struct buf *in, bool v9)
{
	struct field f = { { 0, 0 }, 0 };

	f.is.id = buf_u16(in);
	f.len = buf_u16(in);
	if (!v9 && f.is.id & ENTERPRISE) {
		f.is.id &= (uint16_t)~ENTERPRISE;
		f.is.enterprise = buf_u32(in);
	}
	return f;
}

/* Of options and of data different things are of use. */
static bool is_wanted(bool options, uint16_t to)
{
	if (!options)
		return to < AT(told);
	for (size_t i = 0; i < COUNT(option_ids); i++)
		if (to == option_ids[i])
			return true;
	return to >= AT(told) || (to >= AT(notes.interval) && to <= AT(notes.boot_ms));
}

static bool is_v9_scope(const struct fields *fields, unsigned number, const struct field *f)
{
	return fields->options && fields->v9 && number < fields->scopes &&
	       f->is.id <= V9_SCOPES;
}

/* The row of the field with this number in its template. Scopes of v9 have ids of their own. */
static size_t row_of(const struct fields *fields, unsigned number, struct field f)
{
	size_t row;

	if (is_v9_scope(fields, number, &f))
		f.is.id = f.is.id == V9_INTERFACE ? INGRESS_INTERFACE : 0;
	row = ie_row(&f.is, f.len);
	return row < IE_ROWS && is_wanted(fields->options, ie_rows[row].to) ? row : IE_ROWS;
}

enum { ABSENT, CHOSEN, USED };		/* what a template has of an element */

struct compiler {
	const struct fields *fields;
	struct layout *l;
	uint8_t has[IE_ROWS];
	bool interface_scope;		/* options of an interface, not only about one */
	unsigned number;		/* of the field */
	uint32_t from, min_len;
	uint8_t inner;			/* which of inners[] there are: bits */
	uint8_t kept;
	struct step unknown[LAYOUT_UNKNOWN];
};

/* Has it an element of this member, of IPv4 or of both families (not the twin's)? */
static bool has_plain(const struct compiler *c, uint16_t to)
{
	for (size_t row = 0; row < IE_ROWS; row++)
		if (c->has[row] && ie_rows[row].to == to && !ie_rows[row].six)
			return true;
	return false;
}

static bool has_six(const struct compiler *c, uint16_t to)
{
	for (size_t row = 0; row < IE_ROWS; row++)
		if (c->has[row] && ie_rows[row].to == to && ie_rows[row].six)
			return true;
	return false;
}

/* Elements that say nothing here: the rest of the template decides. */
static bool is_mute(const struct compiler *c, const struct ie *e)
{
	return e->kind == IE_OBSERVED && has_plain(c, AT(flow.end));
}

/* Note which elements there are, and leave of the rows of one member the first. */
static void choose(struct compiler *c)
{
	struct buf in = c->fields->bytes;
	const struct ie *last = NULL;

	for (unsigned number = 0; buf_left(&in); number++) {
		size_t row = row_of(c->fields, number, field_next(&in, c->fields->v9));

		if (row == IE_ROWS)
			continue;
		c->has[row] = CHOSEN;
		c->interface_scope |= number < c->fields->scopes &&
				      ie_rows[row].to == AT(flow.in_if);
	}
	for (size_t row = 0; row < IE_ROWS; row++) {
		const struct ie *e = &ie_rows[row];

		if (!c->has[row])
			continue;
		if ((last && last->to == e->to && !last->six == !e->six) || is_mute(c, e))
			c->has[row] = ABSENT;
		else
			last = e;
	}
}

/* What the family of the addresses tells of all records, or of each. */
static void choose_etype(struct compiler *c)
{
	bool four = has_plain(c, AT(flow.src)) || has_plain(c, AT(flow.dst));
	bool six = has_six(c, AT(flow.src)) || has_six(c, AT(flow.dst));

	if (has_plain(c, AT(flow.etype)))
		return;
	if (four && six)
		c->l->finish |= FINISH_ETYPE;
	else
		c->l->etype = four ? ETYPE_IPV4 : six ? ETYPE_IPV6 : 0;
}

/* Where a value goes that is not a member's yet, and what is left to do then. */
static uint16_t target(struct compiler *c, const struct ie *e)
{
	if (e->six && has_plain(c, e->to)) {
		c->l->finish |= FINISH_FAMILY;
		return e->six;
	}
	if (e->kind == IE_LABEL)
		c->l->finish |= FINISH_LABELS;
	else if (e->kind == IE_BYTES)
		c->l->finish |= FINISH_SECTION;
	else if (e->to >= AT(more) && e->to < AT(told))
		c->l->finish |= FINISH_MORE;
	else if (e->to >= AT(told))
		c->l->names |= NAMES_TOLD;
	else if (e->to >= AT(notes.interval) && e->to <= AT(notes.population))
		c->l->finish |= FINISH_RATE;
	return e->to;
}

static uint8_t direct(const struct step *s)
{
	for (size_t i = 0; i < COUNT(directs); i++)
		if (directs[i].op == s->op && directs[i].len == s->len &&
		    directs[i].size == s->size)
			return directs[i].direct;
	return s->op;
}

/* IPFIX has no uptime in its header: keep what the field says until boot_ms is known. */
static void defer_uptime(struct compiler *c, struct step *s)
{
	bool is_start = s->to == AT(flow.start);

	s->op = OP_UINT;
	s->size = SIZE(notes.start_uptime);
	s->to = is_start ? AT(notes.start_uptime) : AT(notes.end_uptime);
	c->l->finish |= is_start ? FINISH_START : FINISH_END;
}

static struct step step_of(struct compiler *c, const struct field *f, size_t row)
{
	const struct ie *e = &ie_rows[row];
	uint16_t len = f->len == IE_VARIABLE ? 0 : f->len;
	struct step s = { .from = (uint16_t)c->from, .len = len, .op = ie_kinds[e->kind].op };

	s.to = target(c, e);
	s.size = s.op == OP_UINT ? e->size : ie_kinds[e->kind].len;
	if (s.op == OP_UPTIME && !c->fields->v9)
		defer_uptime(c, &s);
	s.op = direct(&s);
	return s;
}

/* Which of inners[] this element, met before, fills; their number when none. */
static size_t inner_of(const struct compiler *c, size_t row)
{
	size_t i = 0;

	while (i < COUNT(inners) && inners[i].outer != ie_rows[row].to)
		i++;
	return i < COUNT(inners) && !(c->inner & 1u << i) ? i : COUNT(inners);
}

static struct step step_of_inner(struct compiler *c, const struct field *f, size_t row, size_t i)
{
	struct step s = step_of(c, f, row);

	s.to = inners[i].inner;
	if (s.op == OP_ADDR4)
		s.op = OP_HOP4;			/* zero: there is none inside */
	c->inner |= (uint8_t)(1u << i);
	return s;
}

/* Remember an unknown element; returns whether it is to be kept, and then which one it is. */
static bool note_unknown(struct compiler *c, const struct field *f, uint16_t *which)
{
	if (c->l->unknown == LAYOUT_UNKNOWN) {
		c->l->unlisted++;
		return false;
	}
	*which = c->l->unknown++;
	c->unknown[*which] = step_of_element(&f->is);
	if (!c->fields->keep || c->fields->options || !f->len || c->kept == FLOW_KEPT)
		return false;
	c->kept++;
	c->l->finish |= FINISH_KEPT | FINISH_MORE;
	return true;
}

/* The step of a field, if it needs one. */
static bool find_step(struct compiler *c, const struct field *f, unsigned number, struct step *s)
{
	size_t row = row_of(c->fields, number, *f), inner;
	uint16_t which;

	*s = (struct step){ .from = (uint16_t)c->from, .op = OP_SKIP };
	if (row < IE_ROWS && c->has[row] == CHOSEN) {
		c->has[row] = USED;
		*s = step_of(c, f, row);
		return true;
	}
	if (row < IE_ROWS && c->has[row] == USED && (inner = inner_of(c, row)) < COUNT(inners)) {
		*s = step_of_inner(c, f, row, inner);
		return true;
	}
	if (row == IE_ROWS && !is_v9_scope(c->fields, number, f) && !ie_is_known(&f->is) &&
	    note_unknown(c, f, &which)) {
		*s = (struct step){ .from = (uint16_t)c->from, .to = which, .op = OP_KEEP,
				    .len = f->len == IE_VARIABLE ? 0 : f->len };
		return true;
	}
	return f->len == IE_VARIABLE;
}

static enum nm_err add_field(struct compiler *c, const struct field *f)
{
	struct layout *l = c->l;
	struct step s;

	if (find_step(c, f, c->number++, &s)) {
		if (l->count == LAYOUT_STEPS)
			return NM_FULL;
		l->steps[l->count++] = s;
	}
	c->min_len += f->len == IE_VARIABLE ? 1 : f->len;
	c->from = f->len == IE_VARIABLE ? 0 : c->from + f->len;
	l->variable |= f->len == IE_VARIABLE;
	return c->min_len > UINT16_MAX ? NM_BADTPL : NM_OK;
}

enum nm_err layout_compile(const struct fields *fields, struct layout *l)
{
	struct compiler c = { .fields = fields, .l = l };
	struct buf in = fields->bytes;

	l->count = l->unknown = l->unlisted = l->etype = l->finish = 0;
	l->variable = false;
	choose(&c);
	choose_etype(&c);
	l->names = (has_plain(&c, AT(flow.sampler)) ? NAMES_SAMPLER : 0) |
		   (has_plain(&c, AT(flow.in_if)) && (!fields->options || c.interface_scope) ?
		    NAMES_INTERFACE : 0);
	while (buf_left(&in)) {
		struct field f = field_next(&in, fields->v9);
		enum nm_err err = add_field(&c, &f);

		if (err)
			return err;
	}
	memcpy(l->steps + l->count, c.unknown, l->unknown * sizeof(c.unknown[0]));
	l->min_len = (uint16_t)c.min_len;
	l->tail = (uint16_t)c.from;
	return c.min_len ? NM_OK : NM_BADTPL;
}
