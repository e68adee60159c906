// SPDX-License-Identifier: Apache-2.0
/*
 * The decoder puts records into our sink; each is encoded once, straight into the store.
 * Events wait until the datagram's own records are committed, so that a datagram stays
 * one transaction.
 */
#include <stdlib.h>

#include "core/encode.h"
#include "core/namebook.h"
#include "core/override.h"
#include "core/park.h"
#include "core/unknown.h"
#include "firmware/chain_private.h"
#include "firmware/templates.h"

#define NAMES_AN_EXPORTER 16
#define NAMES_MOST        65536
#define UNKNOWN_ELEMENTS  256
#define SOURCES_AN_EXPORTER 16
#define SOURCES_MOST        65536
#define SOURCES_OF_ONE      4		/* an exporter may take a quarter of all */

/* --- memory ------------------------------------------------------------------------- */

static void put_flow(struct flow_sink *sink, const struct flow *flow);
static void put_drop(struct flow_sink *sink, const struct flow *flow);
static void put_counters(struct flow_sink *sink, const struct counters *counters);
static void put_name(struct flow_sink *sink, const struct name_told *name);
static void see_datagram(struct decoder *d, struct exporter *e, bool is_new);
static void see_rate(struct decoder *d, struct exporter *e, const struct rate_told *told,
		     uint64_t was);

static bool start_books(struct chain *c, uint32_t exporters)
{
	uint32_t most = NAMES_MOST / NAMES_AN_EXPORTER;
	uint32_t names = (exporters < most ? exporters : most) * NAMES_AN_EXPORTER;

	c->names = (struct namebook){ calloc(names, sizeof(struct name_line)), names };
	c->unknown = (struct unknown){
		.rows = calloc(UNKNOWN_ELEMENTS, sizeof(struct unknown_row)),
		.size = UNKNOWN_ELEMENTS,
	};
	c->decoder.unknown = &c->unknown;
	return c->names.lines && c->unknown.rows;
}

/* Room for the data sources of that many exporters: a switch has two a port. */
static bool start_sources(struct chain *c, uint32_t exporters)
{
	uint32_t size = SOURCES_AN_EXPORTER;

	while (size < SOURCES_MOST && size / SOURCES_AN_EXPORTER < exporters)
		size *= 2;
	c->sources = (struct datasources){
		.slots = calloc(size, sizeof(struct datasource)),
		.size = size,
		.per_exporter = size / SOURCES_OF_ONE,
		.held = calloc(exporters, sizeof(uint32_t)),
	};
	c->decoder.sources = &c->sources;
	return c->sources.slots && c->sources.held;
}

bool chain_start(struct chain *c, const struct chain_sizes *sizes, struct store *store)
{
	uint32_t exporters = sizes->exporters;

	*c = (struct chain){
		.sink = { put_flow, put_drop, put_counters, put_name },
		.exporters = { calloc(exporters, sizeof(struct exporter)), exporters, 0 },
		.store = store,
		.gripes = calloc(exporters, sizeof(struct chain_gripe)),
	};
	c->decoder = (struct decoder){
		.exporters = &c->exporters,
		.sink = &c->sink,
		.seen = see_datagram,
		.rate_changed = see_rate,
	};
	if (!templates_new(&c->decoder.templates, sizes->templates) ||
	    !park_new(&c->decoder.park, sizes->park, exporters) ||
	    !sampling_new(&c->decoder.sampling, exporters) || !start_books(c, exporters) ||
	    !start_sources(c, exporters) || !c->exporters.slots || !c->gripes)
		return false;
	templates_reset(c->decoder.templates, &c->exporters);
	park_init(c->decoder.park, &c->exporters);
	return true;
}

void chain_keep_unknown(struct chain *c, bool keep)
{
	templates_keep_unknown(c->decoder.templates, keep);
}

static void obey(struct chain *c, uint32_t slot)
{
	c->gripes[slot].conf = override_find(c->rules.exporters, c->rules.exporter_count,
					     &c->exporters.slots[slot].address);
}

void chain_obey(struct chain *c, const struct chain_rules *rules)
{
	c->rules = *rules;
	for (uint32_t i = 1; i < c->exporters.size; i++)
		if (c->exporters.slots[i].used)
			obey(c, i);
}

/* What waited for its template when the last process ended did so in that one's memory. */
static void lose_parked(struct exporter *e)
{
	count_add(&e->counts, COUNT_SETS_NO_TEMPLATE, e->parked);
	count_add(&e->counts, COUNT_BYTES_NO_TEMPLATE, e->counts.n[COUNT_BYTES_PARKED]);
	e->counts.n[COUNT_BYTES_PARKED] = e->parked = 0;
}

void chain_resume(struct chain *c, const struct spool *sp)
{
	c->exporters.used = spool_exporters(sp, c->exporters.slots, c->exporters.size);
	for (uint32_t i = 0; i < c->exporters.size; i++) {
		c->gripes[i].skewed = c->exporters.slots[i].skew.alarm;
		lose_parked(&c->exporters.slots[i]);
	}
	templates_reset(c->decoder.templates, &c->exporters);
	park_init(c->decoder.park, &c->exporters);
}

void chain_clock(struct chain *c, bool known, int64_t jumped_ns)
{
	c->clock_known = known;
	if (!jumped_ns)
		return;
	for (uint32_t i = 0; i < c->exporters.size; i++)
		skew_forget(&c->exporters.slots[i].skew);
	park_shift(c->decoder.park, jumped_ns);
}

void chain_end(struct chain *c)
{
	for (struct exporter *e = c->exporters.slots; e < c->exporters.slots + c->exporters.size;
	     e++) {
		if (!e->parked)
			continue;
		park_clear(c->decoder.park, e);
		c->store->commit(c->store, chain_slot(c, e), e);
	}
}

void chain_rebase(struct chain *c, nm_time guessed, nm_time real)
{
	for (uint32_t i = 0; i < c->exporters.size; i++)
		exporter_rebase(&c->exporters.slots[i], guessed, real);
}

void chain_stop(struct chain *c)
{
	free(c->exporters.slots);
	free(c->gripes);
	free(c->names.lines);
	free(c->unknown.rows);
	free(c->sources.slots);
	free(c->sources.held);
	templates_free(c->decoder.templates);
	park_free(c->decoder.park);
	sampling_free(c->decoder.sampling);
}

uint32_t chain_slot(const struct chain *c, const struct exporter *e)
{
	return (uint32_t)(e - c->exporters.slots);
}

const char *chain_name(const struct chain *c, const struct exporter *e)
{
	const struct conf_exporter *conf = c->gripes[chain_slot(c, e)].conf;

	return conf ? conf->name : "";
}

/* --- records ------------------------------------------------------------------------ */

uint8_t *chain_room(struct chain *c, enum stream stream, uint8_t scratch[SPOOL_RECORD])
{
	uint8_t *at = c->store->reserve(c->store, stream);

	c->lost = !at;
	return at ? at : scratch;
}

void chain_keep(struct chain *c, enum stream stream, size_t len)
{
	(c->lost ? c->store->lost : c->store->put)(c->store, stream, len);
}

static void keep_record(struct chain *c, enum stream stream, size_t len)
{
	chain_keep(c, stream, len);
	count_add(&c->current->counts, COUNT_RECORDS_ENCODED, 1);
}

static struct chain *chain_of(struct flow_sink *sink)
{
	return container_of(sink, struct chain, sink);
}

static void put_flow(struct flow_sink *sink, const struct flow *flow)
{
	struct chain *c = chain_of(sink);
	uint8_t scratch[SPOOL_RECORD];
	struct flow changed;

	if (override_applies(c->conf, flow)) {
		changed = *flow;
		override_apply(c->conf, &changed);
		flow = &changed;
	}
	c->current->rate = flow->rate;
	c->current->rate_source = flow->rate_source;
	keep_record(c, STREAM_FLOWS, encode_flow(flow, chain_room(c, STREAM_FLOWS, scratch)));
}

static void put_drop(struct flow_sink *sink, const struct flow *flow)
{
	struct chain *c = chain_of(sink);
	uint8_t scratch[SPOOL_RECORD];

	keep_record(c, STREAM_DROPS, encode_flow(flow, chain_room(c, STREAM_DROPS, scratch)));
}

static void put_counters(struct flow_sink *sink, const struct counters *counters)
{
	struct chain *c = chain_of(sink);
	uint8_t scratch[SPOOL_RECORD];

	keep_record(c, STREAM_COUNTERS,
		    encode_counters(counters, chain_room(c, STREAM_COUNTERS, scratch)));
}

static void put_name(struct flow_sink *sink, const struct name_told *name)
{
	struct chain *c = chain_of(sink);
	uint8_t scratch[SPOOL_RECORD];

	if (namebook_is_news(&c->names, chain_slot(c, c->current), name))
		keep_record(c, STREAM_NAMES,
			    encode_name(name, chain_room(c, STREAM_NAMES, scratch)));
	else
		count_add(&c->current->counts, COUNT_RECORDS_MERGED, 1);
}

static void see_datagram(struct decoder *d, struct exporter *e, bool is_new)
{
	struct chain *c = container_of(d, struct chain, decoder);

	c->current = e;
	c->current_is_new = is_new;
	c->missing = e->counts.n[COUNT_SEQUENCE_MISSING];
	c->resets = e->counts.n[COUNT_SEQUENCE_RESETS];
	c->refused = e->counts.n[COUNT_TEMPLATES_REFUSED];
	if (is_new)
		obey(c, chain_slot(c, e));
	c->conf = c->gripes[chain_slot(c, e)].conf;
}

static void see_rate(struct decoder *d, struct exporter *e, const struct rate_told *told,
		     uint64_t was)
{
	struct chain *c = container_of(d, struct chain, decoder);
	struct chain_gripe *g = &c->gripes[chain_slot(c, e)];

	g->rate = *told;
	g->rate_was = was;
	g->rate_changes++;
}

/* --- one datagram ------------------------------------------------------------------- */

static bool is_allowed(const struct chain *c, const struct datagram *dg)
{
	return dg->listener >= c->rules.listeners ||
	       allow_has(&c->rules.allow[dg->listener], &dg->from);
}

/* How far its clock is off, when ours is known and the datagram is of today. */
static void measure_clock(const struct chain *c, struct exporter *e, nm_time seen)
{
	if (!c->clock_known || !e->exported.ns || e == c->exporters.slots)
		return;
	skew_note(&e->skew, e->exported, seen);
	skew_judge(&e->skew);
}

enum nm_err chain_datagram(struct chain *c, struct buf bytes, const struct datagram *dg)
{
	bool allowed = is_allowed(c, dg);
	enum nm_err err = NM_DENIED;

	c->now = dg->seen;
	c->current_is_new = false;
	if (allowed)
		c->current = datagram_decode(&c->decoder, bytes, dg, &err);
	else
		c->current = decode_deny(&c->decoder, dg, buf_left(&bytes));
	if (c->guessing)
		exporter_guess(c->current);
	measure_clock(c, c->current, dg->seen);
	c->store->commit(c->store, chain_slot(c, c->current), c->current);
	chain_tell(c, c->current_is_new);
	if (allowed && c->current == c->exporters.slots)
		chain_tell_full(c, &dg->from);
	else if (err)
		chain_complain(c, c->current, &dg->from, err);
	return err;
}
