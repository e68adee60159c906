// SPDX-License-Identifier: Apache-2.0
/* How sampling goes, for `netmeta status` and its alarms. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "firmware/sampler_private.h"

static const char *const state_words[] = {
	[TAP_OFF] = "off", [TAP_ASKED] = "asked for", [TAP_UP] = "up", [TAP_REFUSED] = "refused",
	[TAP_ENDING] = "ending",
};

static uint32_t rate_of(const struct sampled *one)
{
	return one->mirror ? one->mirror->rate : one->sample->rate;
}

static int64_t error_of(const struct truth_verdict *v)
{
	return (int64_t)(v->estimated - v->counted);
}

/* --- JSON ---------------------------------------------------------------------------- */

static void json_side(const struct sampled_side *side, const char *name, int64_t window_ns,
		      struct out *o)
{
	const struct truth_verdict *v = &side->verdict;

	out_format(o, ",\"%s\":{\"samples\":%" PRIu64, name, side->samples);
	if (window_ns)
		out_format(o, ",\"window_samples\":%" PRIu64 ",\"counted\":%" PRIu64
			   ",\"estimated\":%" PRIu64 ",\"band\":%" PRIu64, v->samples, v->counted,
			   v->estimated, v->band);
	out_byte(o, '}');
}

void sampler_json(const struct sampler *s, struct out *o)
{
	const char *comma = "";

	out_byte(o, '[');
	for (const struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++) {
		if (!one->index)
			continue;
		out_format(o, "%s{\"name\":", comma);
		out_json(o, one->name, strlen(one->name));
		out_format(o, ",\"index\":%" PRIu32 ",\"state\":\"%s\",\"source\":\"%s\",\"rate\":%"
			   PRIu32 ",\"mirror\":%s,\"again\":%s,\"window_ms\":%" PRId64 ",\"why\":",
			   one->index, state_words[one->state], source_row(one->source)->word,
			   rate_of(one), one->mirror ? "true" : "false",
			   one->again ? "true" : "false", one->window_ns / NM_NS_PER_MS);
		out_json(o, one->why, strlen(one->why));
		json_side(&one->in, "in", one->window_ns, o);
		json_side(&one->out, "out", one->window_ns, o);
		out_byte(o, '}');
		comma = ",";
	}
	out_byte(o, ']');
}

/* --- text ---------------------------------------------------------------------------- */

static void text_side(const struct sampled_side *side, const char *name, struct out *o)
{
	const struct truth_verdict *v = &side->verdict;

	out_format(o, "  %-3s %" PRIu64 " samples: %" PRIu64 " bytes counted, %" PRIu64
		   " by samples, %+" PRId64 " of +-%" PRIu64 "\n", name, v->samples, v->counted,
		   v->estimated, error_of(v), v->band);
}

static void text_one(const struct sampled *one, struct out *o)
{
	out_format(o, "%-15s %3" PRIu32 "  %s by %s, 1 in %" PRIu32 "%s  %" PRIu64 " in, %" PRIu64
		   " out%s\n", one->name, one->index, state_words[one->state],
		   source_row(one->source)->word, rate_of(one), one->mirror ? ", a mirror" : "",
		   one->in.samples, one->out.samples,
		   one->again ? "  (stands above another that is sampled)" : "");
	if (one->why[0])
		out_format(o, "  %s%s\n", one->state == TAP_UP ? "not by " : "", one->why);
	if (one->window_ns && one->ingress)
		text_side(&one->in, "in", o);
	if (one->window_ns && one->egress)
		text_side(&one->out, "out", o);
}

void sampler_text(const struct sampler *s, struct out *o)
{
	out_text(o, "\n");
	for (const struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++)
		if (one->index)
			text_one(one, o);
	if (s->strays)
		out_format(o, "%" PRIu64 " samples of interfaces that were not sampled any more\n",
			   s->strays);
	if (s->no_room)
		out_format(o, "interfaces without room: %" PRIu64 " times\n", s->no_room);
}

/* --- alarms -------------------------------------------------------------------------- */

static void of_missing(const struct sampler *s, const char *name, sampler_alarm *found, void *ctx)
{
	char subject[64];

	if (!*name || strchr(name, '*') || interface_named(&s->interfaces, name))
		return;
	snprintf(subject, sizeof(subject), "interface %s", name);
	found(ctx, subject, "is not there: it is waited for");
}

void sampler_alarms(const struct sampler *s, sampler_alarm *found, void *ctx)
{
	const struct conf *c = s->setup.conf;
	char subject[64];

	for (const struct conf_sample *one = c->sample; one < c->sample + c->samples; one++)
		for (unsigned i = 0; i < one->interface.count; i++)
			of_missing(s, one->interface.text[i], found, ctx);
	for (const struct conf_mirror *m = c->mirror; m < c->mirror + c->mirrors; m++) {
		of_missing(s, m->rx, found, ctx);
		of_missing(s, m->tx, found, ctx);
	}
	for (const struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++) {
		if (!one->index || one->state != TAP_REFUSED)
			continue;
		snprintf(subject, sizeof(subject), "interface %s", one->name);
		found(ctx, subject, one->why);
	}
}
