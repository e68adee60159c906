// SPDX-License-Identifier: Apache-2.0
/*
 * Compiling templates. A template may say a thing several times and in several ways: of equal
 * elements the first counts (the outer header), of different ones the row that comes first in
 * ie.def. All of that is decided here, once, and not for each record.
 */
#include "core/layout.h"

#define VARIABLE   0xffff
#define ENTERPRISE 0x8000
#define ETYPE_IPV4 0x0800
#define ETYPE_IPV6 0x86dd

#define V9_SCOPES         5	/* RFC 3954 section 6.1: system, interface, line card ... */
#define V9_INTERFACE      2
#define INGRESS_INTERFACE 10	/* the element that says the same */

enum kind {
	UINT, ADDR4, ADDR16, HOP4, SECONDS, MILLIS, NTP, DELTA, UPTIME, OBSERVED, ICMP,
	DIRECTION, IPVERSION, VLAN, TTL, LABEL,
};

struct element {
	uint32_t enterprise;
	uint16_t id;
	uint16_t to;		/* of an IPv6 twin: when there is no IPv4 */
	uint16_t six;		/* and when there is; 0 for all others */
	uint8_t kind, size;
};

#define AT(member)   offsetof(struct draft, member)
#define SIZE(member) sizeof(((struct draft *)0)->member)

#define IE(enterprise, id, kind, member) \
	{ enterprise, id, AT(member), 0, kind, SIZE(member) },
#define IE6(enterprise, id, kind, member) \
	{ enterprise, id, AT(flow.member), AT(six.member), kind, SIZE(six.member) },
static const struct element elements[] = {
#include "core/ie.def"
};
#undef IE
#undef IE6

#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

/* How each kind is read, and the only length it may have on the wire; 0: any. */
static const struct { uint8_t op, len; } kinds[] = {
	[UINT]      = { OP_UINT,      0 },
	[ADDR4]     = { OP_ADDR4,     4 },
	[ADDR16]    = { OP_ADDR16,    16 },
	[HOP4]      = { OP_HOP4,      4 },
	[SECONDS]   = { OP_SECONDS,   0 },
	[MILLIS]    = { OP_MILLIS,    0 },
	[NTP]       = { OP_NTP,       8 },
	[DELTA]     = { OP_DELTA,     0 },
	[UPTIME]    = { OP_UPTIME,    0 },
	[OBSERVED]  = { OP_OBSERVED,  0 },
	[ICMP]      = { OP_ICMP,      0 },
	[DIRECTION] = { OP_DIRECTION, 1 },
	[IPVERSION] = { OP_IPVERSION, 0 },
	[VLAN]      = { OP_VLAN,      0 },
	[TTL]       = { OP_TTL,       0 },
	[LABEL]     = { OP_UINT,      3 },
};

/* What is met often has an op of its own: op, length on the wire, size of the member (0: any). */
static const struct { uint8_t op, len, size, direct; } directs[] = {
	{ OP_UINT,   1, 1, OP_U8 },       { OP_UINT,   2, 2, OP_U16 },
	{ OP_UINT,   4, 4, OP_U32 },      { OP_UINT,   8, 8, OP_U64 },
	{ OP_UINT,   1, 2, OP_U8_16 },    { OP_UINT,   2, 4, OP_U16_32 },
	{ OP_UINT,   4, 8, OP_U32_64 },
	{ OP_MILLIS, 8, 0, OP_MILLIS_8 }, { OP_UPTIME, 4, 0, OP_UPTIME_4 },
};

struct field { uint32_t enterprise; uint16_t id, len; };

static struct field field_next(struct buf *in, bool v9)
{
	struct field f = { 0 };

	f.id = buf_u16(in);
	f.len = buf_u16(in);
	if (!v9 && f.id & ENTERPRISE) {
		f.id &= (uint16_t)~ENTERPRISE;
		f.enterprise = buf_u32(in);
	}
	return f;
}

/* The row of a field that can be read; ELEMENTS when there is none. */
static size_t element_of(const struct field *f)
{
	for (size_t row = 0; row < ELEMENTS; row++) {
		const struct element *e = &elements[row];

		if (e->id != f->id || e->enterprise != f->enterprise)
			continue;
		if (f->len == VARIABLE)
			return row;
		if (!f->len || f->len > UINT8_MAX)
			break;
		return kinds[e->kind].len && kinds[e->kind].len != f->len ? ELEMENTS : row;
	}
	return ELEMENTS;
}

/* Does an options record tell this of what its scopes name? */
static bool is_option(uint16_t to, bool scope)
{
	return to == AT(flow.sampler) || (scope && to == AT(flow.in_if)) ||
	       (to >= AT(notes.interval) && to <= AT(notes.boot_ms));
}

/* The row of the field with this number in its template. Scopes of v9 have ids of their own. */
static size_t row_of(const struct fields *fields, unsigned number, struct field f)
{
	bool scope = number < fields->scopes;
	size_t row;

	if (!fields->options)
		return element_of(&f);
	if (fields->v9 && scope && f.id <= V9_SCOPES)
		f.id = f.id == V9_INTERFACE ? INGRESS_INTERFACE : 0;
	row = element_of(&f);
	return row < ELEMENTS && is_option(elements[row].to, scope) ? row : ELEMENTS;
}

enum { ABSENT, CHOSEN, USED };		/* what a template has of an element */

struct compiler {
	const struct fields *fields;
	struct layout *l;
	uint8_t has[ELEMENTS];
	unsigned number;		/* of the field */
	uint32_t from, min_len;
};

/* Has it an element of this member, of IPv4 or of both families (not the twin's)? */
static bool has_plain(const struct compiler *c, uint16_t to)
{
	for (size_t row = 0; row < ELEMENTS; row++)
		if (c->has[row] && elements[row].to == to && !elements[row].six)
			return true;
	return false;
}

static bool has_six(const struct compiler *c, uint16_t to)
{
	for (size_t row = 0; row < ELEMENTS; row++)
		if (c->has[row] && elements[row].to == to && elements[row].six)
			return true;
	return false;
}

/* Elements that say nothing here: the rest of the template decides. */
static bool is_mute(const struct compiler *c, const struct element *e)
{
	return e->kind == OBSERVED && has_plain(c, AT(flow.end));
}

/* Note which elements there are, and leave of the rows of one member the first. */
static void choose(struct compiler *c)
{
	struct buf in = c->fields->bytes;
	const struct element *last = NULL;

	for (unsigned number = 0; buf_left(&in); number++) {
		size_t row = row_of(c->fields, number, field_next(&in, c->fields->v9));

		if (row < ELEMENTS)
			c->has[row] = CHOSEN;
	}
	for (size_t row = 0; row < ELEMENTS; row++) {
		const struct element *e = &elements[row];

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
static uint16_t target(struct compiler *c, const struct element *e)
{
	if (e->six && has_plain(c, e->to)) {
		c->l->finish |= FINISH_FAMILY;
		return e->six;
	}
	if (e->kind == LABEL)
		c->l->finish |= FINISH_LABELS;
	else if (e->to >= AT(notes.interval) && e->to <= AT(notes.population))
		c->l->finish |= FINISH_RATE;
	return e->to;
}

static uint8_t direct(const struct step *s)
{
	for (size_t i = 0; i < sizeof(directs) / sizeof(directs[0]); i++)
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
	const struct element *e = &elements[row];
	uint8_t len = f->len == VARIABLE ? 0 : (uint8_t)f->len;
	struct step s = { .from = (uint16_t)c->from, .len = len, .op = kinds[e->kind].op };

	s.to = target(c, e);
	s.size = s.op == OP_UINT ? e->size : kinds[e->kind].len;
	if (s.op == OP_UPTIME && !c->fields->v9)
		defer_uptime(c, &s);
	s.op = direct(&s);
	return s;
}

static enum nm_err add_field(struct compiler *c, const struct field *f)
{
	struct layout *l = c->l;
	size_t row = row_of(c->fields, c->number++, *f);
	bool stored = row < ELEMENTS && c->has[row] == CHOSEN;

	if (stored || f->len == VARIABLE) {
		if (l->count == LAYOUT_STEPS)
			return NM_FULL;
		l->steps[l->count++] = stored ? step_of(c, f, row) :
			(struct step){ .from = (uint16_t)c->from, .op = OP_SKIP };
	}
	if (stored)
		c->has[row] = USED;
	c->min_len += f->len == VARIABLE ? 1 : f->len;
	c->from = f->len == VARIABLE ? 0 : c->from + f->len;
	l->variable |= f->len == VARIABLE;
	return c->min_len > UINT16_MAX ? NM_BADTPL : NM_OK;
}

enum nm_err layout_compile(const struct fields *fields, struct layout *l)
{
	struct compiler c = { .fields = fields, .l = l };
	struct buf in = fields->bytes;

	l->count = l->etype = l->finish = 0;
	l->variable = false;
	choose(&c);
	choose_etype(&c);
	l->names = (has_plain(&c, AT(flow.sampler)) ? NAMES_SAMPLER : 0) |
		   (has_plain(&c, AT(flow.in_if)) ? NAMES_INTERFACE : 0);
	while (buf_left(&in)) {
		struct field f = field_next(&in, fields->v9);
		enum nm_err err = add_field(&c, &f);

		if (err)
			return err;
	}
	l->min_len = (uint16_t)c.min_len;
	l->tail = (uint16_t)c.from;
	return c.min_len ? NM_OK : NM_BADTPL;
}
