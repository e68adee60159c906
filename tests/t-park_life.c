// SPDX-License-Identifier: Apache-2.0
/* A long random life of sets that wait, against a model that keeps them in one plain list. */
#include "tests/waiting.h"

static struct waiting {
	unsigned of;
	uint16_t id;
	size_t len;
	uint32_t number;
	nm_time seen;
} model[CHUNKS];
static unsigned waiting;
static uint64_t lost_sets[EXPORTERS], lost_bytes[EXPORTERS];
static uint32_t seed;

static uint32_t any(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static size_t model_need(size_t len)
{
	size_t n = 1;

	for (; len > FIRST; len -= len - FIRST < REST ? len - FIRST : REST)
		n++;
	return n;
}

static size_t model_held(unsigned of)
{
	size_t n = 0;

	for (unsigned i = 0; i < waiting; i++)
		n += of == EXPORTERS || model[i].of == of ? model_need(model[i].len) : 0;
	return n;
}

static void model_remove(unsigned i, bool lost)
{
	if (lost && model[i].len) {
		lost_sets[model[i].of]++;
		lost_bytes[model[i].of] += model[i].len;
	}
	memmove(&model[i], &model[i + 1], (--waiting - i) * sizeof(model[0]));
}

/* The first of this exporter, and of this id unless it is 0; `waiting` when there is none. */
static unsigned model_find(unsigned of, uint16_t id)
{
	unsigned i = 0;

	while (i < waiting && (model[i].of != of || (id && model[i].id != id)))
		i++;
	return i;
}

static void model_expire(unsigned of, nm_time now)
{
	unsigned i;

	while ((i = model_find(of, 0)) < waiting && now.ns - model[i].seen.ns > 11 * MINUTE)
		model_remove(i, true);
}

static size_t model_most(size_t unused, size_t per)
{
	return unused < per ? unused : per;
}

/* One of no bytes is a bar. */
static void model_put(const struct waiting *w, size_t per)
{
	size_t need = model_need(w->len);
	unsigned first;

	model_expire(w->of, w->seen);
	first = model_find(w->of, w->id);
	if ((first < waiting && !model[first].len) ||
	    need > model_most(CHUNKS - model_held(EXPORTERS) + model_held(w->of), per)) {
		lost_sets[w->of] += w->len > 0;
		lost_bytes[w->of] += w->len;
		return;
	}
	while (model_held(w->of) + need > model_most(CHUNKS - model_held(EXPORTERS), per))
		model_remove(model_find(w->of, 0), true);
	model[waiting++] = *w;
}

static void model_agrees(void)
{
	uint32_t sets[EXPORTERS] = { 0 };
	uint64_t bytes[EXPORTERS] = { 0 };

	for (unsigned i = 0; i < waiting; i++) {
		sets[model[i].of] += model[i].len > 0;
		bytes[model[i].of] += model[i].len;
	}
	for (unsigned of = 0; of < EXPORTERS; of++) {
		check(slots[of].parked == sets[of] && counted(of, COUNT_BYTES_PARKED) == bytes[of]);
		check(counted(of, COUNT_SETS_NO_TEMPLATE) == lost_sets[of]);
		check(counted(of, COUNT_BYTES_NO_TEMPLATE) == lost_bytes[of]);
		check(lines[of].chunks == model_held(of));
	}
	check(park.used == model_held(EXPORTERS));
}

static void one_step(nm_time *now, uint32_t number, size_t per)
{
	struct waiting w = { 1 + any(EXPORTERS - 1), (uint16_t)(256 + any(5)),
			     1 + any(any(8) ? 300 : 5000), number, *now };
	uint32_t what = any(100);
	unsigned i = model_find(w.of, w.id);

	if (what < 60) {
		put_at(w.of, w.id, w.len, number, *now);
		model_put(&w, per);
	} else if (what < 90) {
		if (i == waiting || !model[i].len)
			check(is_empty(w.of, w.id));
		else
			check(takes(w.of, w.id, model[i].len, model[i].number));
		if (i < waiting)
			model_remove(i, false);
	} else if (what < 94) {
		park_bar(&park, &slots[w.of], w.id, *now);
		while ((i = model_find(w.of, w.id)) < waiting)
			model_remove(i, true);
		w.len = 0;
		model_put(&w, per);
	} else if (what < 98) {
		park_expire(&park, &slots[w.of], *now);
		model_expire(w.of, *now);
	} else if (what < 99) {
		park_clear(&park, &slots[w.of]);
		while ((i = model_find(w.of, 0)) < waiting)
			model_remove(i, true);
	} else {
		*now = time_plus(*now, 10 * MINUTE);
	}
}

static void random_life(void)
{
	static const size_t per[] = { CHUNKS, CHUNKS / 4, 5, 1 };

	for (unsigned life = 0; life < sizeof(per) / sizeof(per[0]); life++) {
		nm_time now = NOON;

		start(CHUNKS, (uint32_t)per[life]);
		seed = life;
		waiting = 0;
		memset(lost_sets, 0, sizeof(lost_sets));
		memset(lost_bytes, 0, sizeof(lost_bytes));
		for (uint32_t number = 0; number < 20000; number++) {
			one_step(&now, number, per[life]);
			now = time_plus(now, (int64_t)any(3) * NM_NS_PER_S);
			model_agrees();
		}
	}
}

TESTS({ "a long random life agrees with a plain list", random_life })
