// SPDX-License-Identifier: Apache-2.0
/* The table of templates (RFC 3954 section 5, RFC 7011 sections 3.4 and 8). */
#include "core/template.h"

#define IDS_FROM      256		/* lower ones are sets of other kinds */
#define IDLE          (30 * 60 * NM_NS_PER_S)
#define SWEEP_EVERY   NM_NS_PER_S
#define SPECIFIER_LEN 4
#define ENTERPRISE    0x80
#define ALL_DATA      2			/* the set's own id withdraws all templates of its kind */
#define ALL_OPTIONS   3

void templates_init(struct templates *ts, struct exporters *all)
{
	memset(ts->slots, 0, ts->size * sizeof(ts->slots[0]));
	for (uint32_t i = 1; i < ts->size; i++)
		ts->slots[i].next = i + 1 < ts->size ? i + 1 : 0;
	for (uint32_t i = 1; i < ts->chunk_count; i++)
		ts->chunks[i].next = i + 1 < ts->chunk_count ? i + 1 : 0;
	ts->free_slot = ts->free_chunk = 1;
	ts->used = ts->chunks_used = 0;
	ts->swept = (nm_time){ 0 };
	for (uint32_t i = 0; i < all->size; i++)
		all->slots[i].templates = 0;
}

/* The slot whose `first` begins the chain of this template. */
static uint32_t place(const struct templates *ts, const struct exporter *e, uint16_t id)
{
	uint32_t h = ((uint32_t)(uintptr_t)e >> 4) * 0x9e3779b1u ^ id;

	h *= 0x85ebca6bu;
	return (h ^ h >> 15) % ts->size;
}

static uint32_t find(const struct templates *ts, const struct exporter *e, uint16_t id)
{
	uint32_t i = ts->slots[place(ts, e, id)].first;

	while (i && (ts->slots[i].id != id || ts->slots[i].owner != e))
		i = ts->slots[i].next;
	return i;
}

const struct template *template_find(struct templates *ts, const struct exporter *e, uint16_t id,
				     nm_time seen)
{
	uint32_t i = find(ts, e, id);

	if (!i)
		return NULL;
	ts->slots[i].used = seen;
	return &ts->slots[i];
}

/* --- steps ----------------------------------------------------------------- */

static void steps_free(struct templates *ts, struct template *t)
{
	while (t->chunk) {
		uint32_t next = ts->chunks[t->chunk].next;

		ts->chunks[t->chunk].next = ts->free_chunk;
		ts->free_chunk = t->chunk;
		ts->chunks_used--;
		t->chunk = next;
	}
	t->steps = t->unknown = 0;
}

static enum nm_err steps_keep(struct templates *ts, struct template *t, const struct layout *l)
{
	uint16_t count = l->count + l->unknown;
	uint32_t need = (count + CHUNK_STEPS - 1u) / CHUNK_STEPS;
	uint32_t *link = &t->chunk;

	if (need > ts->chunk_count - 1 - ts->chunks_used)
		return NM_FULL;
	for (uint16_t at = 0; at < count; at += CHUNK_STEPS) {
		uint32_t i = ts->free_chunk;
		size_t n = count - at < CHUNK_STEPS ? count - at : CHUNK_STEPS;

		ts->free_chunk = ts->chunks[i].next;
		ts->chunks[i].next = 0;
		memcpy(ts->chunks[i].steps, l->steps + at, n * sizeof(l->steps[0]));
		*link = i;
		link = &ts->chunks[i].next;
	}
	ts->chunks_used += need;
	t->steps = (uint8_t)l->count;
	t->unknown = (uint8_t)l->unknown;
	return NM_OK;
}

struct element template_unknown(const struct templates *ts, const struct template *t, unsigned i)
{
	uint32_t chunk = t->chunk;

	for (i += t->steps; i >= CHUNK_STEPS; i -= CHUNK_STEPS)
		chunk = ts->chunks[chunk].next;
	return element_of_step(&ts->chunks[chunk].steps[i]);
}

static bool steps_same(const struct templates *ts, const struct template *t,
		       const struct layout *l)
{
	uint32_t i = t->chunk;

	if (t->steps != l->count || t->unknown != l->unknown)
		return false;
	for (uint16_t at = 0; at < l->count + l->unknown; at++) {
		const struct step *a = &ts->chunks[i].steps[at % CHUNK_STEPS], *b = &l->steps[at];

		if (a->from != b->from || a->to != b->to || a->len != b->len || a->op != b->op ||
		    a->size != b->size)
			return false;
		if (at % CHUNK_STEPS == CHUNK_STEPS - 1)
			i = ts->chunks[i].next;
	}
	return true;
}

/* --- slots ----------------------------------------------------------------- */

static void forget(struct templates *ts, uint32_t slot)
{
	struct template *t = &ts->slots[slot];
	uint32_t *link = &ts->slots[place(ts, t->owner, t->id)].first;

	while (*link != slot)
		link = &ts->slots[*link].next;
	*link = t->next;
	steps_free(ts, t);
	recall_drop(ts->recall, t->note);
	t->note = 0;
	t->owner->templates--;
	t->owner = NULL;
	t->next = ts->free_slot;
	ts->free_slot = slot;
	ts->used--;
}

/* Forget what nobody used for long; looking for it costs time, so not at every template. */
static void sweep(struct templates *ts, nm_time now)
{
	int64_t since = time_since(now, ts->swept);

	if (since >= 0 && since < SWEEP_EVERY)
		return;
	ts->swept = now;
	for (uint32_t i = 1; i < ts->size; i++)
		if (ts->slots[i].owner && time_since(now, ts->slots[i].used) > IDLE)
			forget(ts, i);
}

static bool has_room(const struct templates *ts, const struct exporter *e)
{
	return ts->free_slot && e->templates < ts->per_exporter;
}

/* A slot for a template that is not there; 0 when there is no room. */
static uint32_t slot_new(struct templates *ts, const struct lesson *lesson, uint16_t id)
{
	uint32_t slot, *link;

	if (!has_room(ts, lesson->e))
		sweep(ts, lesson->seen);
	if (!has_room(ts, lesson->e))
		return 0;
	slot = ts->free_slot;
	ts->free_slot = ts->slots[slot].next;
	link = &ts->slots[place(ts, lesson->e, id)].first;
	ts->slots[slot].owner = lesson->e;
	ts->slots[slot].id = id;
	ts->slots[slot].next = *link;
	*link = slot;
	lesson->e->templates++;
	ts->used++;
	return slot;
}

static bool same(const struct templates *ts, const struct template *t, const struct lesson *lesson,
		 const struct layout *l)
{
	return t->options == lesson->options && t->min_len == l->min_len && t->tail == l->tail &&
	       t->variable == l->variable && t->finish == l->finish && t->etype == l->etype &&
	       t->names == l->names && t->unlisted == l->unlisted && steps_same(ts, t, l);
}

/* For the next start, as it came: how it is compiled is this version's own business. */
static void note(struct templates *ts, const struct lesson *lesson, struct template *t,
		 const struct buf *record)
{
	struct recall_note note = {
		.kind = lesson->options ? RECALL_OPTIONS : RECALL_TEMPLATE,
		.bytes = record->p, .len = buf_left(record),
	};

	if (!ts->recall)
		return;
	note.of = (uint32_t)(lesson->e - ts->recall->exporters->slots);
	if (lesson->note)
		recall_drop(ts->recall, t->note);
	t->note = lesson->note ? lesson->note : recall_keep(ts->recall, t->note, &note);
}

static enum nm_err keep(struct templates *ts, const struct lesson *lesson,
			const struct buf *record, const struct layout *l, bool *changed)
{
	uint16_t id = be16(record->p);
	uint32_t slot = find(ts, lesson->e, id);
	struct template *t = &ts->slots[slot];

	*changed = !slot || !same(ts, t, lesson, l);
	if (!slot) {
		slot = slot_new(ts, lesson, id);
		if (!slot)
			return NM_FULL;
		t = &ts->slots[slot];
	}
	t->used = lesson->seen;
	if (!*changed)
		return NM_OK;
	steps_free(ts, t);
	t->min_len = l->min_len;
	t->tail = l->tail;
	t->etype = l->etype;
	t->finish = l->finish;
	t->names = l->names;
	t->unlisted = l->unlisted;
	t->variable = l->variable;
	t->options = lesson->options;
	if (steps_keep(ts, t, l)) {
		sweep(ts, lesson->seen);	/* spares this one: it was used just now */
		if (steps_keep(ts, t, l)) {
			forget(ts, slot);
			return NM_FULL;
		}
	}
	note(ts, lesson, t, record);
	return NM_OK;
}

/* --- reading --------------------------------------------------------------- */

static void withdraw_all(struct templates *ts, const struct lesson *lesson)
{
	for (uint32_t i = 1; i < ts->size; i++)
		if (ts->slots[i].owner == lesson->e && ts->slots[i].options == lesson->options)
			forget(ts, i);
}

static void withdraw(struct templates *ts, const struct lesson *lesson, uint16_t id)
{
	uint32_t slot = find(ts, lesson->e, id);

	if (slot)
		forget(ts, slot);
}

/* Cut off the specifiers of so many fields; some are longer by an enterprise number. */
static struct buf cut_fields(struct buf *in, uint32_t count, bool v9)
{
	struct buf fields = *in;

	while (count-- && !in->bad) {
		bool long_one = !v9 && buf_left(in) && *in->p & ENTERPRISE;

		buf_skip(in, long_one ? 2 * SPECIFIER_LEN : SPECIFIER_LEN);
	}
	fields.end = in->p;
	fields.bad = in->bad;
	return fields;
}

/* The number of fields, as the four kinds of template tell it; false when they cannot be so. */
static bool count_fields(const struct lesson *lesson, struct buf *in, uint32_t *count,
			 uint16_t *scopes)
{
	uint16_t first = buf_u16(in), second = lesson->options ? buf_u16(in) : 0;

	*count = first;
	*scopes = lesson->v9 ? first / SPECIFIER_LEN : second;
	if (!lesson->options)
		return true;
	if (!lesson->v9)
		return second <= first;			/* scopes are some of the fields */
	*count = (first + (uint32_t)second) / SPECIFIER_LEN;	/* both are bytes */
	return first % SPECIFIER_LEN == 0 && second % SPECIFIER_LEN == 0;
}

static bool is_withdrawal(const struct lesson *lesson, uint16_t id, const struct buf *in)
{
	struct buf peek = *in;

	return !lesson->v9 && buf_left(in) >= 2 && buf_u16(&peek) == 0 &&
	       (id >= IDS_FROM || id == (lesson->options ? ALL_OPTIONS : ALL_DATA));
}

enum nm_err template_learn(struct templates *ts, const struct lesson *lesson, struct buf *in,
			   bool *changed)
{
	struct fields fields = { .v9 = lesson->v9, .options = lesson->options,
				 .keep = ts->keep_unknown };
	struct layout layout;
	struct buf record = *in;
	uint16_t id = buf_u16(in);
	enum nm_err err;
	uint32_t count;

	*changed = false;
	if (is_withdrawal(lesson, id, in)) {
		buf_skip(in, 2);
		id < IDS_FROM ? withdraw_all(ts, lesson) : withdraw(ts, lesson, id);
		return NM_OK;
	}
	if (count_fields(lesson, in, &count, &fields.scopes) && id >= IDS_FROM) {
		fields.bytes = cut_fields(in, count, lesson->v9);
		err = in->bad ? NM_SHORT : layout_compile(&fields, &layout);
	} else {
		in->p = in->end;	/* where the next one begins is anybody's guess */
		err = NM_BADTPL;
	}
	record.end = in->p;
	if (!err)
		return keep(ts, lesson, &record, &layout, changed);
	withdraw(ts, lesson, id);
	return err;
}
