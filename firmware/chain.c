// SPDX-License-Identifier: Apache-2.0
/*
 * The decoder puts flows into our sink; each is encoded once, straight into the store.
 * Events wait until the datagram's own records are committed, so that a datagram stays
 * one transaction.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/encode.h"
#include "core/sampling.h"
#include "firmware/chain.h"
#include "firmware/templates.h"
#include "platform/platform.h"

#define GRIPE_PAUSE (60 * NM_NS_PER_S)
#define EVENT_PAUSE (10 * NM_NS_PER_S)

/*
 * An exporter's faults are told now and then, not each: a lossy path would fill the log and
 * the events. What was not told is counted and told with the next.
 */
struct chain_gripe {
	nm_time told;			/* last line about malformed datagrams */
	uint32_t untold;
	nm_time gap_told;		/* last event about what is missing */
	uint32_t gap;
	nm_time restart_told;		/* last event about a new start */
	uint32_t restarts;
	nm_time rate_told;		/* last event about sampling rates */
	uint32_t rate_changes;		/* not told yet; the last was */
	struct rate_told rate;		/* to this */
	uint64_t rate_was;
};

/* --- memory ------------------------------------------------------------------------- */

static void put_flow(struct flow_sink *sink, const struct flow *flow);
static void see_datagram(struct decoder *d, struct exporter *e, bool is_new);
static void see_rate(struct decoder *d, struct exporter *e, const struct rate_told *told,
		     uint64_t was);

bool chain_start(struct chain *c, uint32_t exporters, uint32_t templates, struct store *store)
{
	*c = (struct chain){
		.sink = { .put = put_flow },
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
	if (!templates_new(&c->decoder.templates, templates) ||
	    !sampling_new(&c->decoder.sampling, exporters) || !c->exporters.slots || !c->gripes)
		return false;
	templates_reset(c->decoder.templates, &c->exporters);
	return true;
}

void chain_resume(struct chain *c, const struct spool *sp)
{
	c->exporters.used = spool_exporters(sp, c->exporters.slots, c->exporters.size);
	templates_reset(c->decoder.templates, &c->exporters);
}

void chain_stop(struct chain *c)
{
	free(c->exporters.slots);
	free(c->gripes);
	templates_free(c->decoder.templates);
	sampling_free(c->decoder.sampling);
}

uint32_t chain_slot(const struct chain *c, const struct exporter *e)
{
	return (uint32_t)(e - c->exporters.slots);
}

/* --- records ------------------------------------------------------------------------ */

static void put_flow(struct flow_sink *sink, const struct flow *flow)
{
	struct chain *c = container_of(sink, struct chain, sink);
	uint8_t *at = c->store->reserve(c->store, STREAM_FLOWS), scratch[SPOOL_RECORD];

	if (at)
		c->store->put(c->store, STREAM_FLOWS, encode_flow(flow, at));
	else
		c->store->lost(c->store, STREAM_FLOWS, encode_flow(flow, scratch));
	count_add(&c->current->counts, COUNT_RECORDS_ENCODED, 1);
}

static void see_datagram(struct decoder *d, struct exporter *e, bool is_new)
{
	struct chain *c = container_of(d, struct chain, decoder);

	c->current = e;
	c->current_is_new = is_new;
	c->missing = e->counts.n[COUNT_SEQUENCE_MISSING];
	c->resets = e->counts.n[COUNT_SEQUENCE_RESETS];
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

/* --- what is worth telling ---------------------------------------------------------- */

static enum conf_log event_level(enum event_kind kind)
{
	static const uint8_t warn[] = {
		[EVENT_UNCLEAN_END] = 1,    [EVENT_CLOCK_STEP] = 1,  [EVENT_SEQUENCE_GAP] = 1,
		[EVENT_EXPORTER_RESTART] = 1, [EVENT_UPLINK_HELD] = 1, [EVENT_SPOOL_DROP] = 1,
		[EVENT_QUARANTINE] = 1,     [EVENT_KERNEL_DROP] = 1, [EVENT_TLS_DATES] = 1,
	};

	return (unsigned)kind < sizeof(warn) && warn[kind] ? CONF_LOG_WARN : CONF_LOG_INFO;
}

void chain_event(struct chain *c, const struct event *e)
{
	uint8_t *at = c->store->reserve(c->store, STREAM_EVENTS), scratch[SPOOL_RECORD];

	if (at)
		c->store->put(c->store, STREAM_EVENTS, encode_event(e, at));
	else
		c->store->lost(c->store, STREAM_EVENTS, encode_event(e, scratch));
	c->store->commit(c->store, 0, NULL);
	log_line(event_level(e->kind), "%s: %s", e->name[0] ? e->name : "agent", e->text);
}

/* Whether it is time again; a clock that was set back must not silence anything. */
static bool may_tell(nm_time *told, nm_time now, int64_t pause)
{
	int64_t since = time_since(now, *told);

	if (told->ns && since >= 0 && since < pause)
		return false;
	*told = now;
	return true;
}

static void tell(struct chain *c, const struct exporter *of, enum event_kind kind, int64_t value,
		 const char *words)
{
	struct event e = { .kind = kind, .when = c->now, .exporter = of->address, .value = value,
			   .name = "exporter" };
	char from[NM_ADDR_TEXT];

	snprintf(e.text, sizeof(e.text), "%s domain %" PRIu32 ": %s",
		 addr_text(&of->address, from), of->domain, words);
	chain_event(c, &e);
}

static void tell_gap(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	const char *unit = of->source == FLOW_NETFLOW9 ? "datagrams" : "records";
	char words[64];

	if (!g->gap || !may_tell(&g->gap_told, c->now, EVENT_PAUSE))
		return;
	snprintf(words, sizeof(words), "%" PRIu32 " %s missing by sequence", g->gap, unit);
	tell(c, of, EVENT_SEQUENCE_GAP, g->gap, words);
	g->gap = 0;
}

static void tell_restarts(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	if (!g->restarts || !may_tell(&g->restart_told, c->now, EVENT_PAUSE))
		return;
	tell(c, of, EVENT_EXPORTER_RESTART, g->restarts, "sequence started anew");
	g->restarts = 0;
}

static void tell_rate(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	const char *kind = g->rate.scope == SCOPE_SAMPLER ? "sampler" : "interface";
	char words[128], whose[32] = "it";

	if (!g->rate_changes || !may_tell(&g->rate_told, c->now, EVENT_PAUSE))
		return;
	if (g->rate.scope != SCOPE_EXPORTER)
		snprintf(whose, sizeof(whose), "%s %" PRIu64, kind, g->rate.id);
	snprintf(words, sizeof(words), "%s samples 1 in %" PRIu64 ", before 1 in %" PRIu64
		 " (change %" PRIu32 " since the last line)", whose, g->rate.rate, g->rate_was,
		 g->rate_changes);
	tell(c, of, EVENT_RATE_CHANGE, (int64_t)g->rate.rate, words);
	g->rate_changes = 0;
}

void chain_look(struct chain *c, nm_time now)
{
	c->now = now;
	for (uint32_t i = 0; i < c->exporters.size; i++) {
		tell_gap(c, &c->exporters.slots[i], &c->gripes[i]);
		tell_restarts(c, &c->exporters.slots[i], &c->gripes[i]);
		tell_rate(c, &c->exporters.slots[i], &c->gripes[i]);
	}
}

static void tell_sequence(struct chain *c)
{
	struct chain_gripe *g = &c->gripes[chain_slot(c, c->current)];
	const uint64_t *n = c->current->counts.n;

	g->restarts += (uint32_t)(n[COUNT_SEQUENCE_RESETS] - c->resets);
	g->gap += (uint32_t)(n[COUNT_SEQUENCE_MISSING] - c->missing);
	tell_restarts(c, c->current, g);
	tell_gap(c, c->current, g);
}

static void complain(struct chain *c, enum nm_err err)
{
	struct chain_gripe *g = &c->gripes[chain_slot(c, c->current)];
	char from[NM_ADDR_TEXT];

	if (!may_tell(&g->told, c->now, GRIPE_PAUSE)) {
		g->untold++;
		return;
	}
	log_line(CONF_LOG_WARN, "exporter %s domain %" PRIu32 ": datagram: %s (counted; %" PRIu32
		 " more since the last line)", addr_text(&c->current->address, from),
		 c->current->domain, nm_strerror(err), g->untold);
	g->untold = 0;
}

/* --- one datagram ------------------------------------------------------------------- */

enum nm_err chain_datagram(struct chain *c, struct buf bytes, const struct datagram *dg)
{
	enum nm_err err = NM_OK;

	c->now = dg->seen;
	c->current_is_new = false;
	c->current = datagram_decode(&c->decoder, bytes, dg, &err);
	c->store->commit(c->store, chain_slot(c, c->current), c->current);
	if (c->current_is_new)
		tell(c, c->current, EVENT_EXPORTER_NEW, c->current->source, "first datagram");
	tell_sequence(c);
	tell_rate(c, c->current, &c->gripes[chain_slot(c, c->current)]);
	if (err)
		complain(c, err);
	return err;
}
