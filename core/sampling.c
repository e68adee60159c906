// SPDX-License-Identifier: Apache-2.0
/* The table of sampling rates: a hash of chained slots, and a list of each exporter's own. */
#include "core/sampling.h"

#define IDLE        (24 * 3600 * NM_NS_PER_S)
#define SWEEP_EVERY NM_NS_PER_S

/* The slot whose `first` begins the chain of this rate. */
static uint32_t place(const struct sampling *s, uint32_t of, enum rate_scope scope, uint64_t id)
{
	uint32_t h = (of << 2 | (uint32_t)scope) * 0x9e3779b1u ^ (uint32_t)id;

	h = (h ^ (uint32_t)(id >> 32)) * 0x85ebca6bu;
	return (h ^ h >> 15) % s->size;
}

static bool is_of(const struct rate_slot *r, uint32_t of, enum rate_scope scope, uint64_t id)
{
	return r->told.id == id && r->of == of && r->told.scope == scope;
}

static uint32_t find(const struct sampling *s, uint32_t of, enum rate_scope scope, uint64_t id)
{
	uint32_t i = s->slots[place(s, of, scope, id)].first;

	while (i && !is_of(&s->slots[i], of, scope, id))
		i = s->slots[i].next;
	return i;
}

uint64_t sampling_find(const struct sampling *s, uint32_t of, enum rate_scope scope, uint64_t id)
{
	return s->slots[find(s, of, scope, id)].told.rate;
}

static uint32_t *kind_count(struct sampled *e, enum rate_scope scope)
{
	return scope == SCOPE_SAMPLER ? &e->samplers : &e->interfaces;
}

static void forget(struct sampling *s, uint32_t slot)
{
	struct rate_slot *r = &s->slots[slot];
	struct sampled *e = &s->exporters[r->of];
	uint32_t *link = &s->slots[place(s, r->of, r->told.scope, r->told.id)].first;

	while (*link != slot)
		link = &s->slots[*link].next;
	*link = r->next;
	for (link = &e->rates; *link != slot;)
		link = &s->slots[*link].sibling;
	*link = r->sibling;
	*kind_count(e, r->told.scope) -= 1;
	e->doubtful = true;
	recall_drop(s->recall, r->told.note);
	r->told = (struct rate_told){ 0 };
	r->next = s->free_slot;
	s->free_slot = slot;
	s->used--;
}

/* Forget what was not told for long; looking for it costs time, so not at every rate. */
static void sweep(struct sampling *s, nm_time now)
{
	int64_t since = time_since(now, s->swept);

	if (since >= 0 && since < SWEEP_EVERY)
		return;
	s->swept = now;
	for (uint32_t i = 1; i <= s->fresh; i++)
		if (s->slots[i].told.scope && time_since(now, s->slots[i].when) > IDLE)
			forget(s, i);
}

static bool has_room(const struct sampling *s, const struct sampled *e)
{
	return s->used < s->size - 1 && e->samplers + e->interfaces < s->per_exporter;
}

/* A slot for a rate that is not there; 0 when there is no room. */
static uint32_t slot_new(struct sampling *s, uint32_t of, const struct rate_told *told, nm_time now)
{
	struct sampled *e = &s->exporters[of];
	uint32_t slot, *link;

	if (!has_room(s, e))
		sweep(s, now);
	if (!has_room(s, e))
		return 0;
	slot = s->free_slot ? s->free_slot : ++s->fresh;
	if (s->free_slot)
		s->free_slot = s->slots[slot].next;
	link = &s->slots[place(s, of, told->scope, told->id)].first;
	s->slots[slot].next = *link;
	*link = slot;
	s->slots[slot].sibling = e->rates;
	e->rates = slot;
	s->slots[slot].of = of;
	*kind_count(e, told->scope) += 1;
	s->used++;
	return slot;
}

/* --- notes for the next start ---------------------------------------------------------- */

static void note_exporter(struct sampling *s, uint32_t of)
{
	struct sampled *e = &s->exporters[of];
	const uint64_t says[] = { e->rate, e->boot_ms };

	e->note = recall_keep(s->recall, e->note, &(struct recall_note){
				      of, RECALL_EXPORTER, says, sizeof(says) });
}

/* What notes the rate that takes the place of another. */
static uint32_t note_rate(struct sampling *s, uint32_t of, const struct rate_told *told,
			  const struct rate_told *old)
{
	const uint64_t says[] = { told->id, told->rate };
	enum recall_kind kind = told->scope == SCOPE_SAMPLER ? RECALL_SAMPLER : RECALL_INTERFACE;

	if (told->rate == old->rate && !told->note)
		return old->note;
	if (!told->note)
		return recall_keep(s->recall, old->note, &(struct recall_note){
					   of, kind, says, sizeof(says) });
	recall_drop(s->recall, old->note);
	return told->note;
}

void sampling_boot(struct sampling *s, uint32_t of, uint64_t boot_ms)
{
	struct sampled *e = &s->exporters[of];

	if (e->boot_ms == boot_ms)
		return;
	e->boot_ms = boot_ms;
	note_exporter(s, of);
}

void sampling_recall(struct sampling *s, uint32_t of, uint64_t rate, uint64_t boot_ms,
		     uint32_t note)
{
	struct sampled *e = &s->exporters[of];

	recall_drop(s->recall, e->note);
	e->rate = rate;
	e->boot_ms = boot_ms;
	e->note = note;
	e->doubtful = true;
}

/* --- learning --------------------------------------------------------------------------- */

static void learn_common(struct sampling *s, uint32_t of, uint64_t rate)
{
	struct sampled *e = &s->exporters[of];

	if (e->rate == rate)
		return;
	e->rate = rate;
	e->doubtful = true;
	note_exporter(s, of);
}

enum nm_err sampling_learn(struct sampling *s, uint32_t of, const struct rate_told *told,
			   nm_time now, uint64_t *was)
{
	struct sampled *e = &s->exporters[of];
	struct rate_told *kept;
	uint32_t slot, note;

	*was = e->rate;
	if (told->scope == SCOPE_EXPORTER) {
		learn_common(s, of, told->rate);
		return NM_OK;
	}
	slot = find(s, of, told->scope, told->id);
	*was = s->slots[slot].told.rate;
	if (!slot)
		slot = slot_new(s, of, told, now);
	if (!slot)
		return NM_FULL;
	kept = &s->slots[slot].told;
	note = note_rate(s, of, told, kept);
	e->doubtful |= told->rate != *was;
	*kept = *told;
	kept->note = note;
	s->slots[slot].when = now;
	return NM_OK;
}

static uint64_t find_common(const struct sampling *s, const struct sampled *e)
{
	uint64_t common = e->rate;

	for (uint32_t i = e->rates; i; i = s->slots[i].sibling) {
		uint64_t rate = s->slots[i].told.rate;

		if (common && rate && rate != common)
			return 0;
		common = rate ? rate : common;
	}
	return common;
}

uint64_t sampling_common(struct sampling *s, uint32_t of)
{
	struct sampled *e = &s->exporters[of];

	if (e->doubtful)
		e->common = find_common(s, e);
	e->doubtful = false;
	return e->common;
}
