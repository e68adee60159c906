// SPDX-License-Identifier: Apache-2.0
/* Who is asked for alarms: the clock, the listeners, the uplinks, the exporters. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/ledger.h"
#include "firmware/agent.h"
#include "firmware/alarm.h"

#define SUBJECT 128
#define WORDS   320

struct caller { const struct agent *agent; alarm_fn *found; void *ctx; };

static bool is_recent(nm_mono at)
{
	return at.ns && mono_since(clock_mono(), at) < ALARM_MINUTE;
}

static void of_clock(const struct caller *c)
{
	if (!c->agent->sanity.sane)
		c->found(c->ctx, "clock", "it is not known to be right: uplinks wait for it");
}

static void of_listener(const struct caller *c, const struct agent_listener *l)
{
	char subject[SUBJECT];

	snprintf(subject, sizeof(subject), "listener %s", l->name);
	if (is_recent(l->dropped))
		c->found(c->ctx, subject, "the kernel dropped datagrams within the last minute");
}

static void of_uplink(const struct caller *c, const struct agent_uplink *u)
{
	struct sender_status s = sender_status(u->sender, clock_mono(), clock_now());
	char subject[SUBJECT], words[WORDS];

	snprintf(subject, sizeof(subject), "uplink %s", u->conf->name);
	snprintf(words, sizeof(words), "%s: %s", s.state, s.why);
	if (s.alarm)
		c->found(c->ctx, subject, words);
	if (is_recent(u->dropped))
		c->found(c->ctx, subject, "the spool dropped records within the last minute");
	for (enum stream i = 0; i < STREAM_COUNT; i++) {
		struct spool_counts counts = spool_counts(&c->agent->spool, u->slot, i);
		struct spool_sum held = spool_held(&c->agent->spool, u->slot, i);

		if (!ledger_uplink_closes(&counts, &held))
			c->found(c->ctx, subject, "its sum of records does not close");
	}
}

static void of_exporter(const struct caller *c, const struct exporter *e)
{
	char subject[SUBJECT], words[WORDS], text[NM_ADDR_TEXT];
	int64_t far = e->skew.ns / NM_NS_PER_S;

	snprintf(subject, sizeof(subject), "exporter %s domain %" PRIu32,
		 addr_text(&e->address, text), e->domain);
	snprintf(words, sizeof(words), "its clock is %" PRId64 " s %s ours", far < 0 ? -far : far,
		 far < 0 ? "behind" : "ahead of");
	if (e->skew.known && e->skew.alarm)
		c->found(c->ctx, subject, words);
	if (chain_refuses_templates(&c->agent->chain, e))
		c->found(c->ctx, subject, "there is no room for templates of it");
	if (!ledger_bytes_close(&e->counts) || !ledger_records_close(&e->counts))
		c->found(c->ctx, subject, "its sums do not close");
}

void alarm_each(const struct agent *a, alarm_fn *found, void *ctx)
{
	const struct caller c = { a, found, ctx };

	of_clock(&c);
	for (unsigned i = 0; i < a->listeners; i++)
		of_listener(&c, &a->listener[i]);
	for (unsigned i = 0; i < a->uplinks; i++)
		of_uplink(&c, &a->uplink[i]);
	if (a->sampling)
		sampler_alarms(&a->sampler, found, ctx);
	if (a->chain.full.alarm)
		found(ctx, "exporters", "their table is full, newcomers are refused");
	for (uint32_t i = 0; i < a->chain.exporters.size; i++)
		of_exporter(&c, &a->chain.exporters.slots[i]);
}

/* --- how they are written ------------------------------------------------------------------ */

static void text_alarm(void *ctx, const char *subject, const char *words)
{
	out_format(ctx, "ALARM %s: %s\n", subject, words);
}

void alarm_text(const struct agent *a, struct out *o)
{
	alarm_each(a, text_alarm, o);
}

static void json_alarm(void *ctx, const char *subject, const char *words)
{
	struct out *o = ctx;

	if (o->p[-1] != '[')
		out_byte(o, ',');
	out_text(o, "{\"subject\":");
	out_json(o, subject, strlen(subject));
	out_text(o, ",\"text\":");
	out_json(o, words, strlen(words));
	out_byte(o, '}');
}

void alarm_json(const struct agent *a, struct out *o)
{
	out_byte(o, '[');
	alarm_each(a, json_alarm, o);
	out_byte(o, ']');
}

static void count_alarm(void *ctx, const char *subject, const char *words)
{
	(void)subject, (void)words;
	++*(unsigned *)ctx;
}

void alarm_summary(const struct agent *a, struct out *o)
{
	unsigned alarms = 0;

	alarm_each(a, count_alarm, &alarms);
	if (alarms)
		out_format(o, "CRITICAL: %u alarm%s\n", alarms, alarms > 1 ? "s" : "");
	else
		out_text(o, "OK: no alarm\n");
	alarm_text(a, o);
}
