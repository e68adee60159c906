// SPDX-License-Identifier: Apache-2.0
/* The table of data sources: open addressing, and nothing is ever taken out. */
#include <stddef.h>

#include "core/datasource.h"

#define LATE_MOST    64			/* behind the number expected: overtaken on the way */
#define MISSING_MOST (1 << 28)		/* before it: a loss; farther away it began anew */

static uint32_t hash(const struct datasource_key *key)
{
	uint32_t h = (key->of << 2 | key->kind) * 0x9e3779b1u ^ key->index;

	h = (h ^ key->class << 24) * 0x85ebca6bu;
	return h ^ h >> 15;
}

static bool is_of(const struct datasource *s, const struct datasource_key *key)
{
	return s->key.index == key->index && s->key.of == key->of && s->key.kind == key->kind &&
	       s->key.class == key->class;
}

struct datasource *datasource_find(struct datasources *all, const struct datasource_key *key)
{
	struct datasource *s;
	uint32_t at;

	if (!all)
		return NULL;
	for (at = hash(key); s = &all->slots[at & (all->size - 1)], s->key.kind; at++)
		if (is_of(s, key))
			return s;
	if (all->used >= all->size - all->size / 8 - 1 || all->held[key->of] >= all->per_exporter)
		return NULL;
	all->used++;
	all->held[key->of]++;
	s->key = *key;
	return s;
}

/* What was not missing is not late either: some send a number twice. */
static void late(struct counts *counts)
{
	count_add(counts, COUNT_SAMPLES_LATE,
		  counts->n[COUNT_SAMPLES_LATE] < counts->n[COUNT_SAMPLES_MISSING]);
}

void datasource_follow(struct datasource *s, struct counts *counts, uint32_t got, uint32_t drops)
{
	uint32_t ahead = got - s->next, more = drops - s->drops;

	if (s->started && -ahead - 1 < LATE_MOST) {
		late(counts);
		return;
	}
	if (s->started && ahead <= MISSING_MOST)
		count_add(counts, COUNT_SAMPLES_MISSING, ahead);
	if (s->started && more <= MISSING_MOST)
		count_add(counts, COUNT_SAMPLES_DROPPED, more);
	s->next = got + 1;
	s->drops = drops;
	s->started = true;
}
