// SPDX-License-Identifier: Apache-2.0
/*
 * Which section of the configuration an interface belongs to, and the sources that are tried for
 * it, one after the other, until one works.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/sampler_private.h"

#define RETRY_NS (60 * NM_NS_PER_S)

/* --- what the configuration wants ---------------------------------------------------- */

static bool fits(const char *pattern, const char *name)
{
	const char *star = NULL, *back = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			back = name;
		} else if (*pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++back;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

/* The loopback interface is meant only by its name. */
static bool any_fits(const struct conf_patterns *all, const char *name)
{
	for (unsigned i = 0; i < all->count; i++)
		if (!strcmp(all->text[i], name) || (strcmp(name, "lo") && fits(all->text[i], name)))
			return true;
	return false;
}

bool sampler_wants(const struct conf *conf, const char *name, struct sampled *one)
{
	for (const struct conf_mirror *m = conf->mirror; m < conf->mirror + conf->mirrors; m++) {
		if (strcmp(m->rx, name) && strcmp(m->tx, name))
			continue;
		one->mirror = m;
		one->ingress = true;
		one->brings_tx = !strcmp(m->tx, name);
		return true;
	}
	for (const struct conf_sample *c = conf->sample; c < conf->sample + conf->samples; c++) {
		if (!any_fits(&c->interface, name) || any_fits(&c->exclude, name))
			continue;
		one->sample = c;
		one->ingress = c->direction != CONF_EGRESS;
		one->egress = c->direction != CONF_INGRESS;
		return true;
	}
	return false;
}

bool sampler_is_wanted(const struct conf *conf)
{
	return conf->samples || conf->mirrors;
}

static bool is_fixed(const struct sampled *one)
{
	return one->mirror || one->sample->source != SOURCE_AUTO;
}

static enum source first_source(const struct sampled *one)
{
	if (one->mirror)
		return SOURCE_PACKET;
	return one->sample->source == SOURCE_AUTO ? 0 : (enum source)one->sample->source;
}

/* --- sources, one after the other ---------------------------------------------------- */

static void try_source(struct sampler *s, struct sampled *one, enum source source)
{
	struct tap_want want = {
		.source = (uint8_t)source,
		.ingress = one->ingress, .egress = one->egress,
		.promiscuous = one->mirror && one->mirror->promiscuous,
		.index = one->index,
		.rate = one->mirror ? one->mirror->rate : one->sample->rate,
		.snap = one->mirror ? one->mirror->snap : one->sample->snap,
	};

	memcpy(want.name, one->name, sizeof(want.name));
	one->source = (uint8_t)source;
	one->state = TAP_ASKED;
	tap_begin(s->taps, sampler_tap(s, one), &want);
}

void sampler_try(struct sampler *s, struct sampled *one)
{
	one->why[0] = '\0';
	try_source(s, one, first_source(one));
}

void sampler_event(struct sampler *s, const struct sampled *one, enum event_kind kind,
		   const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	s->setup.tell(s->setup.ctx, kind, one->name, one->index, text);
}

static void came_up(struct sampler *s, struct sampled *one, nm_mono now)
{
	const struct interface *i = interface_find(&s->interfaces, one->index);
	uint32_t rate = one->mirror ? one->mirror->rate : one->sample->rate;

	sampler_event(s, one, EVENT_SOURCE_ATTACHED, "one packet in %" PRIu32
		      " is picked by %s%s%s", rate, source_row(one->source)->word,
		      one->why[0] ? "; not by " : "", one->why);
	if (i)
		sampler_begin_window(one, i, now);
}

/* The reasons stay in `why` until a source works, so that `status` can tell them. */
static void was_refused(struct sampler *s, struct sampled *one, nm_mono now)
{
	enum nm_err err = tap_error(s->taps, sampler_tap(s, one));
	size_t len = strlen(one->why);

	snprintf(one->why + len, sizeof(one->why) - len, "%s%s: %s", len ? "; " : "",
		 source_row(one->source)->word, tap_why(s->taps, sampler_tap(s, one)));
	if (err == NM_GONE) {		/* news of its end will come, or it is back already */
		one->retry = mono_plus(now, NM_NS_PER_S);
		return;
	}
	if (!is_fixed(one) && one->source + 1u < SOURCE_COUNT) {
		try_source(s, one, one->source + 1u);
		return;
	}
	if (!one->retry.ns)
		sampler_event(s, one, EVENT_SOURCE_REFUSED,
			      "no packet of it can be picked: %s", one->why);
	one->retry = mono_plus(now, RETRY_NS);
}

void sampler_look(struct sampler *s, struct sampled *one, nm_mono now)
{
	enum tap_state was = one->state;

	one->state = tap_turn(s->taps, sampler_tap(s, one));
	if (!one->index)
		return;
	if (was == TAP_ASKED && one->state == TAP_UP) {
		came_up(s, one, now);
		one->retry = (nm_mono){ 0 };
	} else if (was == TAP_ASKED && one->state == TAP_REFUSED) {
		was_refused(s, one, now);
	} else if (one->state == TAP_REFUSED && mono_reached(now, one->retry)) {
		sampler_try(s, one);
	}
}
