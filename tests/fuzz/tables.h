/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a decoder keeps, in tables so small that they run out, for fuzz targets: what a process
 * begins with, and whether they are whole.
 */
#ifndef NM_FUZZ_TABLES_H
#define NM_FUZZ_TABLES_H

#include "core/datasource.h"
#include "core/decode.h"
#include "core/recall.h"
#include "core/sampling.h"
#include "core/template.h"
#include "core/unknown.h"

#define PARKING_CHUNKS 20
#include "tests/parking.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

#define EXPORTERS 8
#define TEMPLATES 16
#define CHUNKS    24
#define RATES     12
#define UNKNOWN   8
#define SOURCES   16
#define NOTES     32			/* blocks */

static struct exporter slots[EXPORTERS];
static struct exporters exporters;
static struct template template_slots[TEMPLATES];
static struct chunk chunks[CHUNKS];
static struct templates templates;
static struct rate_slot rates[RATES];
static struct sampled sampled[EXPORTERS];
static struct sampling sampling;
static struct datasource source_slots[SOURCES];
static uint32_t sources_held[EXPORTERS];
static struct datasources sources;
static struct unknown_row unknown_rows[UNKNOWN];
static struct unknown unknown;
static _Alignas(RECALL_BLOCK) uint8_t notes[NOTES * RECALL_BLOCK];
static uint32_t notes_held[EXPORTERS];
static struct recall recall;

/* What a process begins with; exporters and notes are there from the one before. */
static void start_tables(void)
{
	templates = (struct templates){
		.slots = template_slots, .size = TEMPLATES, .chunks = chunks,
		.chunk_count = CHUNKS, .per_exporter = TEMPLATES / 2, .keep_unknown = true,
		.recall = &recall,
	};
	templates_init(&templates, &exporters);
	parking_start(&exporters);
	memset(rates, 0, sizeof(rates));
	memset(sampled, 0, sizeof(sampled));
	sampling = (struct sampling){
		.slots = rates, .size = RATES, .per_exporter = RATES / 2, .exporters = sampled,
		.recall = &recall,
	};
	memset(source_slots, 0, sizeof(source_slots));
	memset(sources_held, 0, sizeof(sources_held));
	sources = (struct datasources){
		.slots = source_slots, .size = SOURCES, .per_exporter = SOURCES / 4,
		.held = sources_held,
	};
	memset(notes_held, 0, sizeof(notes_held));
	recall = (struct recall){
		.exporters = &exporters, .held = notes_held, .per_exporter = NOTES / 2,
	};
}

/* Each slot is one exporter's or free, and is found where its hash says. */
static void check_templates(void)
{
	uint32_t held = 0, chained = 0, free_slots = 0, free_chunks = 0;

	for (uint32_t place = 0; place < TEMPLATES; place++)
		for (uint32_t i = template_slots[place].first; i; i = template_slots[i].next)
			must(++chained < TEMPLATES);
	for (const struct template *t = template_slots + 1; t < template_slots + TEMPLATES; t++)
		must(!t->owner || template_find(&templates, t->owner, t->id, t->used) == t);
	for (int i = 0; i < EXPORTERS; i++)
		held += slots[i].templates;
	for (uint32_t i = templates.free_slot; i; i = template_slots[i].next)
		must(++free_slots < TEMPLATES);
	for (uint32_t i = templates.free_chunk; i; i = chunks[i].next)
		must(++free_chunks < CHUNKS);
	must(held == templates.used && held == chained && held + free_slots == TEMPLATES - 1);
	must(free_chunks + templates.chunks_used == CHUNKS - 1);
}

/* Sets are in the line of their exporter, which says how many they are, and how long. */
static uint32_t check_line(uint32_t of)
{
	uint32_t held = 0, sets = 0, at = parking_lines[of].oldest, before = 0;
	uint64_t bytes = 0;

	for (; at; before = at, at = parking_chunks[at].set.newer) {
		const struct park_set *s = &parking_chunks[at].set;

		must(held < PARKING_CHUNKS && s->of == of && s->older == before);
		sets += s->what.len > 0;
		bytes += s->what.len;
		for (uint32_t i = at; i; held++)
			i = i == at ? s->rest : parking_chunks[i].rest.next;
	}
	must(before == parking_lines[of].newest && held == parking_lines[of].chunks);
	must(held <= parking.per_exporter && sets == slots[of].parked);
	must(bytes == slots[of].counts.n[COUNT_BYTES_PARKED]);
	return held;
}

static void check_park(void)
{
	uint32_t held = 0, free_chunks = 0;

	for (uint32_t of = 0; of < EXPORTERS; of++)
		held += check_line(of);
	for (uint32_t i = parking.free_chunk; i; i = parking_chunks[i].rest.next)
		must(++free_chunks < PARKING_CHUNKS);
	must(held == parking.used && held + free_chunks == parking.fresh);
}

/* What all rates agree on is known, or known to be found anew. Headers of v5 tell only one. */
static void check_common(uint32_t of)
{
	const uint64_t common = sampling_common(&sampling, of);

	sampled[of].doubtful = true;
	must(sampling_common(&sampling, of) == common || slots[of].source == FLOW_NETFLOW5);
}

/* The same of rates. */
static void check_sampling(void)
{
	uint32_t held = 0, chained = 0, free_slots = 0;

	for (uint32_t place = 0; place < RATES; place++)
		for (uint32_t i = rates[place].first; i; i = rates[i].next)
			must(++chained < RATES);
	for (uint32_t of = 0; of < EXPORTERS; of++) {
		uint32_t own = 0;

		for (uint32_t i = sampled[of].rates; i; i = rates[i].sibling, own++) {
			const struct rate_told *t = &rates[i].told;

			must(own < RATES && rates[i].of == of);
			must(sampling_find(&sampling, of, t->scope, t->id) == t->rate);
		}
		check_common(of);
		must(own == sampled[of].samplers + sampled[of].interfaces && own <= RATES / 2);
		held += own;
	}
	for (uint32_t i = sampling.free_slot; i; i = rates[i].next)
		must(++free_slots < RATES);
	must(held == sampling.used && held == chained && held + free_slots == sampling.fresh);
}

/* Rows in use are those that were counted, and a quarter stays free. */
static void check_unknown(void)
{
	uint32_t used = 0;

	for (const struct unknown_row *r = NULL; (r = unknown_next(&unknown, r)); used++)
		must(r->count && r->kind < UNKNOWN_KINDS);
	must(used == unknown.used && used < UNKNOWN);
}

#endif
