// SPDX-License-Identifier: Apache-2.0
/*
 * What is worth telling of exporters: events for the events stream and lines for the log, each
 * kind at its own pace for each exporter, so that no one can fill either of them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/encode.h"
#include "core/park.h"
#include "firmware/chain_private.h"
#include "platform/platform.h"

#define GRIPE_PAUSE (60 * NM_NS_PER_S)
#define EVENT_PAUSE (10 * NM_NS_PER_S)

static enum conf_log event_level(enum event_kind kind)
{
	static const uint8_t warn[] = {
		[EVENT_UNCLEAN_END] = 1,    [EVENT_CLOCK_STEP] = 1,  [EVENT_SEQUENCE_GAP] = 1,
		[EVENT_EXPORTER_RESTART] = 1, [EVENT_UPLINK_HELD] = 1, [EVENT_SPOOL_DROP] = 1,
		[EVENT_QUARANTINE] = 1,     [EVENT_KERNEL_DROP] = 1, [EVENT_TLS_DATES] = 1,
		[EVENT_EXPORTERS_FULL] = 1, [EVENT_CLOCK_SKEW] = 1,  [EVENT_TEMPLATES_FULL] = 1,
		[EVENT_SOURCE_LOST] = 1,    [EVENT_SOURCE_REFUSED] = 1, [EVENT_SAMPLES_LOST] = 1,
	};

	return (unsigned)kind < sizeof(warn) && warn[kind] ? CONF_LOG_WARN : CONF_LOG_INFO;
}

void chain_event(struct chain *c, const struct event *e)
{
	uint8_t scratch[SPOOL_RECORD];

	chain_keep(c, STREAM_EVENTS, encode_event(e, chain_room(c, STREAM_EVENTS, scratch)));
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
	char from[NM_ADDR_TEXT], agent[NM_ADDR_TEXT];

	if (of->source == FLOW_SFLOW)
		snprintf(e.text, sizeof(e.text), "%s agent %s sub-agent %" PRIu32 ": %s",
			 addr_text(&of->address, from), addr_text(&of->agent, agent), of->domain,
			 words);
	else
		snprintf(e.text, sizeof(e.text), "%s domain %" PRIu32 ": %s",
			 addr_text(&of->address, from), of->domain, words);
	chain_event(c, &e);
}

static void tell_gap(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	bool datagrams = of->source == FLOW_NETFLOW9 || of->source == FLOW_SFLOW;
	const char *unit = datagrams ? "datagrams" : "records";
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

static void tell_skew(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	int64_t far = of->skew.ns < 0 ? -of->skew.ns : of->skew.ns;
	char words[96] = "its clock agrees with ours again";

	if (of->skew.alarm == g->skewed || !may_tell(&g->skew_told, c->now, EVENT_PAUSE))
		return;
	g->skewed = of->skew.alarm;
	if (g->skewed)
		snprintf(words, sizeof(words), "its clock is %" PRId64 " s %s ours",
			 far / NM_NS_PER_S, of->skew.ns < 0 ? "behind" : "ahead of");
	tell(c, of, EVENT_CLOCK_SKEW, of->skew.ns, words);
}

static void tell_refused(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	char words[96];

	if (!g->refused || !may_tell(&g->refused_told, c->now, GRIPE_PAUSE))
		return;
	snprintf(words, sizeof(words), "no room for templates of it (%" PRIu32
		 " refused since the last line)", g->refused);
	tell(c, of, EVENT_TEMPLATES_FULL, g->refused, words);
	g->refused = 0;
}

bool chain_refuses_templates(const struct chain *c, const struct exporter *e)
{
	const struct chain_gripe *g = &c->gripes[chain_slot(c, e)];
	int64_t since = time_since(c->now, g->refused_told);

	return g->refused || (g->refused_told.ns && since >= 0 && since < GRIPE_PAUSE);
}

void chain_tell_full(struct chain *c, const struct addr *from)
{
	struct event e = { .kind = EVENT_EXPORTERS_FULL, .when = c->now, .exporter = *from,
			   .name = "exporters" };
	struct chain_full *f = &c->full;
	char text[NM_ADDR_TEXT];

	f->last = c->now;
	f->refused++;
	if (!may_tell(&f->told, c->now, GRIPE_PAUSE))
		return;
	f->alarm = true;
	e.value = (int64_t)f->refused;
	snprintf(e.text, sizeof(e.text), "no room for %s: the table of exporters is full (%" PRIu64
		 " datagrams dropped since the last line)", addr_text(from, text), f->refused);
	f->refused = 0;
	chain_event(c, &e);
}

/* Nobody has been refused for a while: the alarm is over. */
static void end_full(struct chain *c)
{
	struct event e = { .kind = EVENT_EXPORTERS_FULL, .when = c->now, .name = "exporters",
			   .text = "nobody is refused for want of room any more" };
	int64_t since = time_since(c->now, c->full.last);

	if (!c->full.alarm || (since >= 0 && since < GRIPE_PAUSE))
		return;
	c->full = (struct chain_full){ 0 };
	chain_event(c, &e);
}

static void tell_of(struct chain *c, const struct exporter *of, struct chain_gripe *g)
{
	tell_restarts(c, of, g);
	tell_gap(c, of, g);
	tell_rate(c, of, g);
	tell_skew(c, of, g);
	tell_refused(c, of, g);
}

/* What waited for its template for too long is lost, and only now a reason to complain. */
static void expire(struct chain *c, struct exporter *e)
{
	uint32_t waited = e->parked;

	if (!waited)
		return;
	park_expire(c->decoder.park, e, c->now);
	if (e->parked == waited)
		return;
	c->store->commit(c->store, chain_slot(c, e), e);
	chain_complain(c, e, &e->address, NM_TEMPLATE);
}

void chain_look(struct chain *c, nm_time now)
{
	c->now = now;
	end_full(c);
	for (uint32_t i = 0; i < c->exporters.size; i++) {
		expire(c, &c->exporters.slots[i]);
		tell_of(c, &c->exporters.slots[i], &c->gripes[i]);
	}
}

void chain_tell(struct chain *c, bool is_new)
{
	struct chain_gripe *g = &c->gripes[chain_slot(c, c->current)];
	const uint64_t *n = c->current->counts.n;

	g->restarts += (uint32_t)(n[COUNT_SEQUENCE_RESETS] - c->resets);
	g->gap += (uint32_t)(n[COUNT_SEQUENCE_MISSING] - c->missing);
	g->refused += (uint32_t)(n[COUNT_TEMPLATES_REFUSED] - c->refused);
	if (is_new)
		tell(c, c->current, EVENT_EXPORTER_NEW, c->current->source, "first datagram");
	tell_of(c, c->current, g);
}

void chain_complain(struct chain *c, const struct exporter *of, const struct addr *from,
		    enum nm_err err)
{
	struct chain_gripe *g = &c->gripes[chain_slot(c, of)];
	char text[NM_ADDR_TEXT];

	if (!may_tell(&g->told, c->now, GRIPE_PAUSE)) {
		g->untold++;
		return;
	}
	log_line(CONF_LOG_WARN, "exporter %s domain %" PRIu32 ": datagram: %s (counted; %" PRIu32
		 " more since the last line)", addr_text(from, text), of->domain,
		 nm_strerror(err), g->untold);
	g->untold = 0;
}
