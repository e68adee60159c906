// SPDX-License-Identifier: Apache-2.0
/*
 * How the agent is, for `netmeta status`: once as JSON for programs, once as text for
 * people. Both say the same; where a sum does not close, they say so.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/ledger.h"
#include "firmware/agent.h"
#include "firmware/alarm.h"
#include "generated/version.h"

static const char *const source_words[] = {
	"unknown", "sflow", "netflow5", "netflow9", "ipfix",
	"psample", "bpf",   "nflog",    "conntrack", "mirror", "packet",
};

#define SOURCE_WORDS (sizeof(source_words) / sizeof(source_words[0]))

static const char *const rate_words[] = {
	"assumed", "forced", "record", "options by id", "options", "header", "configured",
};

static const char *yes(bool b)
{
	return b ? "true" : "false";
}

static bool is_heard(const struct exporter *e)
{
	return e->counts.n[COUNT_DATAGRAMS] > 0;
}

static char *incarnation_text(const struct agent *a, char text[33])
{
	for (int i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", a->identity.incarnation.b[i]);
	return text;
}

/* --- JSON ------------------------------------------------------------------------------- */

static void json_exporter(const struct chain *c, const struct exporter *e, struct out *o)
{
	char text[NM_ADDR_TEXT], when[NM_TIME_TEXT];

	out_format(o, "{\"name\":\"%s\",\"address\":\"%s\",\"source\":\"%s\",\"domain\":%"
		   PRIu32 ",", chain_name(c, e), addr_text(&e->address, text),
		   source_words[e->source % SOURCE_WORDS], e->domain);
	if (!addr_is_absent(&e->agent))
		out_format(o, "\"agent\":\"%s\",", addr_text(&e->agent, text));
	if (e->rate)
		out_format(o, "\"rate\":%" PRIu64 ",\"rate_source\":\"%s\",", e->rate,
			   rate_words[e->rate_source % 7]);
	if (e->skew.known)
		out_format(o, "\"clock_skew_ms\":%" PRId64 ",", e->skew.ns / NM_NS_PER_MS);
	out_format(o, "\"templates\":%" PRIu32 ",\"sets_parked\":%" PRIu32 ",", e->templates,
		   e->parked);
	out_format(o, "\"first_seen\":\"%s\",", time_text(e->first_seen, when));
	out_format(o, "\"last_seen\":\"%s\",", time_text(e->last_seen, when));
	for (enum count what = 0; what < COUNT_COUNT; what++)
		out_format(o, "\"%s\":%" PRIu64 ",", count_name(what), e->counts.n[what]);
	out_format(o, "\"bytes_close\":%s,\"records_close\":%s}",
		   yes(ledger_bytes_close(&e->counts)), yes(ledger_records_close(&e->counts)));
}

static void json_lane(const struct agent *a, const struct agent_uplink *u, enum stream s,
		      struct out *o)
{
	struct spool_counts c = spool_counts(&a->spool, u->slot, s);
	struct spool_sum held = spool_held(&a->spool, u->slot, s);

	out_format(o, "{\"stream\":\"%s\",\"encoded\":%" PRIu64 ",\"acknowledged\":%" PRIu64
		   ",\"dropped\":%" PRIu64 ",\"quarantined\":%" PRIu64 ",\"held\":%" PRIu64
		   ",\"maybe_doubled\":%" PRIu64 ",\"batches_acknowledged\":%" PRIu64
		   ",\"bytes_held\":%" PRIu64 ",\"closes\":%s}",
		   stream_word(s), c.encoded.records, c.acknowledged.records, c.dropped.records,
		   c.quarantined.records, held.records, c.doubted.records,
		   c.acknowledged.batches, held.bytes, yes(ledger_uplink_closes(&c, &held)));
}

static void json_uplink(const struct agent *a, const struct agent_uplink *u, struct out *o)
{
	struct sender_status s = sender_status(u->sender, clock_mono(), clock_now());
	const char *comma = "";

	out_format(o, "{\"name\":\"%s\",\"url\":\"%s\",\"state\":\"%s\",\"alarm\":%s,\"lag_ms\":%"
		   PRId64 ",\"compression\":\"%s\",\"compression_refused\":%s,\"why\":",
		   u->conf->name, u->conf->url, s.state, yes(s.alarm), s.lag_ns / NM_NS_PER_MS,
		   s.compression, yes(s.plain));
	out_json(o, s.why, strlen(s.why));
	out_text(o, ",\"streams\":[");
	for (enum stream i = 0; i < STREAM_COUNT; i++, comma = ",") {
		out_text(o, comma);
		json_lane(a, u, i, o);
	}
	out_text(o, "]}");
}

static void json_lists(const struct agent *a, struct out *o)
{
	const char *comma = "";

	out_text(o, "\"listeners\":[");
	for (unsigned i = 0; i < a->listeners; i++, comma = ",") {
		struct spool_heard h = spool_heard(&a->spool, a->listener[i].place);

		out_format(o, "%s{\"name\":\"%s\",\"datagrams\":%" PRIu64 ",\"bytes\":%" PRIu64
			   ",\"kernel_drops\":%" PRIu64 ",\"denied_since_start\":%" PRIu64 "}",
			   comma, a->listener[i].name, h.datagrams, h.bytes, h.drops,
			   a->listener[i].denied);
	}
	out_text(o, "],\"uplinks\":[");
	comma = "";
	for (unsigned i = 0; i < a->uplinks; i++, comma = ",") {
		out_text(o, comma);
		json_uplink(a, &a->uplink[i], o);
	}
	out_text(o, "],\"exporters\":[");
	comma = "";
	for (uint32_t i = 0; i < a->chain.exporters.size; i++) {
		if (!is_heard(&a->chain.exporters.slots[i]))
			continue;
		out_text(o, comma);
		json_exporter(&a->chain, &a->chain.exporters.slots[i], o);
		comma = ",";
	}
	out_text(o, "]");
}

static void json_elements(const struct agent *a, struct out *o)
{
	const struct unknown *u = &a->chain.unknown;
	const struct unknown_row *r = NULL;
	const char *comma = "";

	out_text(o, ",\"unknown\":[");
	for (; (r = unknown_next(u, r)); comma = ",")
		out_format(o, "%s{\"kind\":\"%s\",\"enterprise\":%" PRIu32 ",\"id\":%" PRIu32
			   ",\"count\":%" PRIu64 "}", comma, unknown_word(r->kind), r->enterprise,
			   r->id, r->count);
	out_format(o, "],\"unknown_rest\":%" PRIu64, u->rest);
}

void report_json(const struct agent *a, struct out *o)
{
	char text[33];

	out_format(o, "{\"version\":\"%s\",\"agent\":\"%s\",\"incarnation\":\"%s\",\"worker\":%u,",
		   NM_VERSION, a->identity.agent, incarnation_text(a, text), a->identity.worker);
	out_format(o, "\"uptime_s\":%" PRId64 ",\"clock_sane\":%s,\"longest_turn_us\":%" PRId64 ",",
		   mono_since(clock_mono(), a->started) / NM_NS_PER_S, yes(a->sanity.sane),
		   a->longest_turn_ns / NM_NS_PER_US);
	out_text(o, "\"alarms\":");
	alarm_json(a, o);
	out_text(o, ",\"spool\":{\"path\":");
	out_json(o, a->conf.agent.spool, strlen(a->conf.agent.spool));
	out_format(o, ",\"chunks\":%" PRIu32 ",\"chunks_free\":%" PRIu32 "},",
		   spool_chunks(&a->spool), spool_chunks_free(&a->spool));
	out_format(o, "\"recall\":{\"blocks\":%" PRIu32 ",\"blocks_free\":%" PRIu32
		   ",\"refused\":%" PRIu64 "},", a->recall.recall.count,
		   a->recall.recall.count - a->recall.recall.used, a->recall.recall.refused);
	out_format(o, "\"exporters_full\":%s,", yes(a->chain.full.alarm));
	json_lists(a, o);
	if (a->sampling) {
		out_text(o, ",\"interfaces\":");
		sampler_json(&a->sampler, o);
	}
	json_elements(a, o);
	out_text(o, "}\n");
}

/* --- text ---------------------------------------------------------------------------------- */

static void text_uplink(const struct agent *a, const struct agent_uplink *u, struct out *o)
{
	struct sender_status s = sender_status(u->sender, clock_mono(), clock_now());

	out_format(o, "\nuplink %s  %s%s  lag %" PRId64 ".%" PRId64 " s  compression %s%s\n",
		   u->conf->name, s.state, s.alarm ? "  ALARM" : "", s.lag_ns / NM_NS_PER_S,
		   s.lag_ns / (NM_NS_PER_S / 10) % 10, s.compression,
		   s.plain ? ": the server refused another" : "");
	if (s.why[0])
		out_format(o, "  %s\n", s.why);
	out_format(o, "  %-8s %14s %14s %10s %12s %10s\n", "records", "encoded", "acknowledged",
		   "dropped", "quarantined", "held");
	for (enum stream i = 0; i < STREAM_COUNT; i++) {
		struct spool_counts c = spool_counts(&a->spool, u->slot, i);
		struct spool_sum held = spool_held(&a->spool, u->slot, i);

		out_format(o, "  %-8s %14" PRIu64 " %14" PRIu64 " %10" PRIu64 " %12" PRIu64
			   " %10" PRIu64 "%s\n", stream_word(i), c.encoded.records,
			   c.acknowledged.records, c.dropped.records, c.quarantined.records,
			   held.records, ledger_uplink_closes(&c, &held) ? "" : "  DOES NOT CLOSE");
	}
}

static void text_listener(const struct agent *a, const struct agent_listener *l, struct out *o)
{
	struct spool_heard h = spool_heard(&a->spool, l->place);

	out_format(o, "%-12s %" PRIu64 " datagrams, %" PRIu64 " bytes, %" PRIu64
		   " dropped by the kernel", l->name, h.datagrams, h.bytes, h.drops);
	if (l->denied)
		out_format(o, "; %" PRIu64 " datagrams not allowed since the start", l->denied);
	out_text(o, "\n");
}

/* The second line of an exporter: what it says of itself, as far as it does. */
static void text_details(const struct agent *a, const struct exporter *e, struct out *o)
{
	const char *name = chain_name(&a->chain, e);
	char text[NM_ADDR_TEXT], when[NM_TIME_TEXT];

	out_format(o, "  %s%slast seen %s", name, *name ? "  " : "",
		   time_text(e->last_seen, when));
	if (!addr_is_absent(&e->agent))
		out_format(o, "  agent %s", addr_text(&e->agent, text));
	if (e->rate)
		out_format(o, "  1 in %" PRIu64 " (%s)", e->rate, rate_words[e->rate_source % 7]);
	if (e->templates)
		out_format(o, "  %" PRIu32 " templates", e->templates);
	if (e->counts.n[COUNT_TEMPLATES_REFUSED])
		out_format(o, "  %" PRIu64 " refused", e->counts.n[COUNT_TEMPLATES_REFUSED]);
	if (e->parked)
		out_format(o, "  %" PRIu64 " bytes wait for templates",
			   e->counts.n[COUNT_BYTES_PARKED]);
	if (e->skew.known)
		out_format(o, "  clock %+" PRId64 " ms%s", e->skew.ns / NM_NS_PER_MS,
			   e->skew.alarm ? "  ALARM" : "");
	out_text(o, "\n");
}

static void text_elements(const struct agent *a, struct out *o)
{
	const struct unknown_row *r = NULL;

	while ((r = unknown_next(&a->chain.unknown, r)))
		out_format(o, "unknown %s %" PRIu32 ":%" PRIu32 "  %" PRIu64 " times\n",
			   unknown_word(r->kind), r->enterprise, r->id, r->count);
}

static void text_exporters(const struct agent *a, struct out *o)
{
	if (a->chain.full.alarm)
		out_text(o, "\nexporters  ALARM: the table is full, newcomers are refused\n");
	out_format(o, "\n%-40s %-9s %10s %12s %12s %10s %10s\n", "exporter", "protocol", "domain",
		   "datagrams", "records", "missing", "malformed");
	for (uint32_t i = 0; i < a->chain.exporters.size; i++) {
		const struct exporter *e = &a->chain.exporters.slots[i];
		const uint64_t *n = e->counts.n;
		char text[NM_ADDR_TEXT] = "(no room, or not allowed)";

		if (!is_heard(e))
			continue;
		if (i)
			addr_text(&e->address, text);
		out_format(o, "%-40s %-9s %10" PRIu32 " %12" PRIu64 " %12" PRIu64 " %10" PRIu64
			   " %10" PRIu64 "%s\n", text, source_words[e->source % SOURCE_WORDS],
			   e->domain, n[COUNT_DATAGRAMS],
			   n[COUNT_RECORDS_DECODED],
			   n[COUNT_SEQUENCE_MISSING] - n[COUNT_SEQUENCE_LATE],
			   n[COUNT_DATAGRAMS_MALFORMED],
			   ledger_bytes_close(&e->counts) && ledger_records_close(&e->counts)
				   ? "" : "  DOES NOT CLOSE");
		text_details(a, e, o);
	}
	if (a->recall.recall.refused)
		out_format(o, "templates and rates that found no room for the next start: %" PRIu64
			   "\n", a->recall.recall.refused);
	text_elements(a, o);
}

void report_text(const struct agent *a, struct out *o)
{
	char text[33];

	out_format(o, "netmeta %s  agent %s  incarnation %s\n", NM_VERSION, a->identity.agent,
		   incarnation_text(a, text));
	out_format(o, "up %" PRId64 " s  clock %s  spool %s: %" PRIu32 " of %" PRIu32
		   " chunks free  longest turn %" PRId64 " us\n",
		   mono_since(clock_mono(), a->started) / NM_NS_PER_S,
		   a->sanity.sane ? "sane" : "not yet known: holding", a->conf.agent.spool,
		   spool_chunks_free(&a->spool), spool_chunks(&a->spool),
		   a->longest_turn_ns / NM_NS_PER_US);
	alarm_text(a, o);
	for (unsigned i = 0; i < a->listeners; i++)
		text_listener(a, &a->listener[i], o);
	for (unsigned i = 0; i < a->uplinks; i++)
		text_uplink(a, &a->uplink[i], o);
	if (a->sampling)
		sampler_text(&a->sampler, o);
	text_exporters(a, o);
}
