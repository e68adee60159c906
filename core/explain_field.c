// SPDX-License-Identifier: Apache-2.0
/* What a field is called, where it goes or why nowhere, and what its bytes say. */
#include <inttypes.h>

#include "core/element.h"
#include "core/explain_field.h"
#include "core/word.h"

#define SPECIFIER_LEN 4
#define ENTERPRISE    0x8000
#define V9_SCOPES     5
#define V9_INTERFACE  2
#define INGRESS       10
#define REVERSE       29305		/* whose elements are IANA's, of the way back */
#define NTP_TO_1970   2208988800
#define TEXT_MOST     64

#define AT(member) offsetof(struct draft, member)

/* --- the walk --------------------------------------------------------------------------- */

void field_list_compile(struct field_list *l, const struct fields *of)
{
	l->of = *of;
	if (layout_compile(of, &l->layout))
		l->layout.count = 0;
}

struct field_walk field_walk_begin(const struct field_list *l)
{
	return (struct field_walk){ .list = l, .rest = l->of.bytes };
}

/*
 * Steps are in the order of fields. A field with bytes moves `from` on and a variable one has a
 * step in any case, so the next step is this field's or has another offset.
 */
static const struct step *take_step(struct field_walk *w, uint16_t len)
{
	const struct layout *l = &w->list->layout;
	const struct step *s = &l->steps[w->step];

	if (w->step >= l->count || !len || s->from != w->from)
		return NULL;
	w->step++;
	return s->op == OP_SKIP ? NULL : s;
}

bool field_next(struct field_walk *w, struct field *f)
{
	const struct fields *of = &w->list->of;

	if (buf_left(&w->rest) < SPECIFIER_LEN)
		return false;
	*f = (struct field){ .at = w->rest.p, .from = w->from, .behind_variable = w->variable };
	f->is.id = buf_u16(&w->rest);
	f->len = buf_u16(&w->rest);
	if (!of->v9 && f->is.id & ENTERPRISE) {
		f->is.id &= (uint16_t)~ENTERPRISE;
		f->is.enterprise = buf_u32(&w->rest);
	}
	f->is_scope = of->options && w->number < of->scopes;
	f->is_v9_scope = f->is_scope && of->v9 && f->is.id <= V9_SCOPES;
	f->step = take_step(w, f->len);
	w->number++;
	w->variable |= f->len == IE_VARIABLE;
	w->from = f->len == IE_VARIABLE ? 0 : (uint16_t)(w->from + f->len);
	return !w->rest.bad;
}

/* --- names and targets ------------------------------------------------------------------ */

void field_put_name(struct explain *x, const struct field *f)
{
	static const char *const scopes[V9_SCOPES + 1] = {
		"reserved", "system", "interface", "line card", "cache", "template",
	};
	const char *name = f->is_v9_scope ? scopes[f->is.id] : element_name(&f->is);

	const struct element forth = { 0, f->is.id };
	bool is_reverse = !name && f->is.enterprise == REVERSE;

	if (is_reverse)
		name = element_name(&forth);
	if (f->is.enterprise)
		out_format(&x->line, "%" PRIu32 "/", f->is.enterprise);
	out_format(&x->line, "%u %s%s%s", f->is.id, is_reverse && name ? "reverse " : "",
		   name ? name : "unknown", f->is_scope ? " (scope)" : "");
}

/* The row of ie.def, of any length. */
static size_t row_of(const struct field *f)
{
	struct element is = f->is;

	if (f->is_v9_scope)
		is.id = is.id == V9_INTERFACE ? INGRESS : 0;
	return ie_row(&is, IE_VARIABLE);
}

/* Has the template another field with a step of this member? */
static bool is_said(const struct field_list *l, uint16_t to)
{
	struct field_walk w = field_walk_begin(l);
	struct field f;

	while (field_next(&w, &f)) {
		size_t row = f.step ? row_of(&f) : IE_ROWS;

		if (row < IE_ROWS && ie_rows[row].to == to)
			return true;
	}
	return false;
}

static const char *why_nowhere(const struct field_list *l, const struct field *f)
{
	size_t row = row_of(f);

	if (f->is_v9_scope && row == IE_ROWS)
		return "a scope, of which no record is told";
	if (!f->len)
		return "it has no bytes";
	if (row == IE_ROWS && element_why(&f->is))
		return element_why(&f->is);
	if (row == IE_ROWS)
		return f->is.enterprise ? "an enterprise's element that is not known here" :
		       "an element that is not known here";
	if (ie_row(&f->is, f->len) == IE_ROWS && !f->is_v9_scope)
		return "it cannot have this length";
	if (is_said(l, ie_rows[row].to))
		return "another field of the template says it";
	return l->of.options ? "of options it is not looked at" : "only options tell it";
}

void field_put_target(struct explain *x, const struct field_list *l, const struct field *f,
		      bool why)
{
	const char *target = "nothing";

	if (f->step)
		target = f->step->op == OP_KEEP ? "Unknown" : element_target(f->step->to);
	out_format(&x->line, ", to %s", target);
	if (!f->step && why)
		out_format(&x->line, ": %s", why_nowhere(l, f));
}

/* --- values -------------------------------------------------------------------------------- */

static void number(struct explain *x, struct buf bytes)
{
	out_format(&x->line, "%" PRIu64, buf_uint(&bytes, buf_left(&bytes)));
}

static void address(struct explain *x, struct buf bytes)
{
	struct addr a = { { 0 } };

	if (buf_left(&bytes) == 4)
		a = addr_v4(bytes.p);
	else if (buf_left(&bytes) == sizeof(a.b))
		memcpy(a.b, bytes.p, sizeof(a.b));
	explain_address(x, &a);
}

/* A number of units since 1970, unless that is beyond what times hold. */
static void since_1970(struct explain *x, struct buf bytes, int64_t unit_ns)
{
	uint64_t v = buf_uint(&bytes, buf_left(&bytes));

	if (v > (uint64_t)(INT64_MAX / unit_ns))
		out_format(&x->line, "%" PRIu64, v);
	else
		explain_time(x, (nm_time){ (int64_t)v * unit_ns });
}

static void seconds(struct explain *x, struct buf bytes) { since_1970(x, bytes, NM_NS_PER_S); }
static void millis(struct explain *x, struct buf bytes) { since_1970(x, bytes, NM_NS_PER_MS); }

static void ntp(struct explain *x, struct buf bytes)
{
	int64_t s = (int64_t)buf_u32(&bytes) - NTP_TO_1970;
	uint64_t fraction = buf_u32(&bytes);

	explain_time(x, (nm_time){ s * NM_NS_PER_S + (int64_t)(fraction * NM_NS_PER_S >> 32) });
}

static void delta(struct explain *x, struct buf bytes)
{
	number(x, bytes);
	out_text(&x->line, " us before the export");
}

static void uptime(struct explain *x, struct buf bytes)
{
	number(x, bytes);
	out_text(&x->line, " ms of uptime");
}

static void icmp(struct explain *x, struct buf bytes)
{
	uint64_t v = buf_uint(&bytes, buf_left(&bytes));

	out_format(&x->line, "type %u code %u", (unsigned)(v >> 8 & 0xff), (unsigned)(v & 0xff));
}

static void label(struct explain *x, struct buf bytes)
{
	out_format(&x->line, "label %u", (unsigned)(buf_uint(&bytes, buf_left(&bytes)) >> 4));
}

static void text(struct explain *x, struct buf bytes)
{
	size_t len = buf_left(&bytes);

	out_json(&x->line, (const char *)bytes.p, len < TEXT_MOST ? len : TEXT_MOST);
}

static void mac(struct explain *x, struct buf bytes)
{
	char room[NM_MAC_TEXT];

	out_text(&x->line, mac_text(buf_uint(&bytes, buf_left(&bytes)), room));
}

static void flags(struct explain *x, struct buf bytes)
{
	char room[WORD_FLAGS_TEXT];

	out_text(&x->line, word_of_flags(buf_uint(&bytes, buf_left(&bytes)), room));
}

typedef void shower(struct explain *x, struct buf bytes);

static shower *const by_kind[IE_KINDS] = {
	[IE_UINT] = number,      [IE_ADDR4] = address,    [IE_ADDR16] = address,
	[IE_HOP4] = address,     [IE_SECONDS] = seconds,  [IE_MILLIS] = millis,
	[IE_NTP] = ntp,          [IE_DELTA] = delta,      [IE_UPTIME] = uptime,
	[IE_OBSERVED] = millis,  [IE_ICMP] = icmp,        [IE_DIRECTION] = number,
	[IE_IPVERSION] = number, [IE_VLAN] = number,      [IE_TTL] = number,
	[IE_LABEL] = label,      [IE_SEGMENT] = number,   [IE_TEXT] = text,
};

/* Numbers that people write in another way. */
static shower *by_member(const struct ie *e)
{
	if (e->to == AT(flow.src_mac) || e->to == AT(flow.dst_mac))
		return mac;
	return e->to == AT(flow.tcp_flags) ? flags : by_kind[e->kind];
}

void field_put_value(struct explain *x, const struct field *f, struct buf bytes)
{
	size_t row = row_of(f), only = row < IE_ROWS ? ie_kinds[ie_rows[row].kind].len : 0;
	shower *show = row < IE_ROWS ? by_member(&ie_rows[row]) : NULL;

	if (!show || (only && buf_left(&bytes) != only))
		return;
	out_text(&x->line, " = ");
	show(x, bytes);
}
