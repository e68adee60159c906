// SPDX-License-Identifier: Apache-2.0
/*
 * Windows: at the end of each, what the samples of an interface stand for is held against its own
 * counters (core/truth.h), and told with everything else that is known of the interface. The
 * counters of all interfaces are told every minute.
 */
#include "firmware/sampler_private.h"

#define MINUTE_NS (60 * NM_NS_PER_S)

void sampler_begin_window(struct sampled *one, const struct interface *i, nm_mono now)
{
	one->window = now;
	one->window_ns = 0;
	truth_begin(&one->in.truth, i->in.bytes);
	truth_begin(&one->out.truth, i->out.bytes);
}

/* A direction that is not sampled has no verdict; the other may have one. */
static void end_window(struct sampled *one, const struct interface *i, nm_mono now)
{
	bool in = truth_end(&one->in.truth, i->in.bytes, &one->in.verdict);
	bool out = truth_end(&one->out.truth, i->out.bytes, &one->out.verdict);

	if (!in || !one->ingress)
		one->in.verdict = (struct truth_verdict){ 0 };
	if (!out || !one->egress)
		one->out.verdict = (struct truth_verdict){ 0 };
	one->window_ns = (in && one->ingress) || (out && one->egress) ?
			 mono_since(now, one->window) : 0;
	one->window = now;
}

void sampler_tell_interface(struct sampler *s, const struct interface *i, bool gone,
			    nm_time stamp)
{
	const struct sampled *one = sampler_find(s, i->index);
	struct interface_told told = {
		.interface = i, .exporter = s->address, .seen = stamp, .gone = gone, .sampling = "",
	};

	if (one && one->state == TAP_UP) {
		told.sampling = source_row(one->source)->word;
		told.rate = one->mirror ? one->mirror->rate : one->sample->rate;
	}
	chain_interface(s->setup.chain, &told);
}

static void tell_verdicts(struct sampler *s, const struct sampled *one, const struct interface *i,
			  nm_time stamp)
{
	const struct interface_told told = {
		.interface = i, .exporter = s->address, .seen = stamp,
		.sampling = source_row(one->source)->word,
		.rate = one->mirror ? one->mirror->rate : one->sample->rate,
		.window_ns = one->window_ns,
		.in = one->in.verdict, .out = one->out.verdict,
	};

	chain_interface(s->setup.chain, &told);
}

/* What is mirrored is another machine's: its counters are not here. */
static void end_windows(struct sampler *s, nm_mono now, nm_time stamp)
{
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++) {
		const struct interface *i = interface_find(&s->interfaces, one->index);

		if (!i || one->state != TAP_UP)
			continue;
		end_window(one, i, now);
		tell_verdicts(s, one, i, stamp);
	}
}

static void tell_others(struct sampler *s, bool all, nm_time stamp)
{
	for (uint32_t i = 0; i < s->interfaces.used; i++) {
		const struct interface *of = &s->interfaces.slots[i];
		const struct sampled *one = sampler_find(s, of->index);

		if (all || !one || one->state != TAP_UP)
			sampler_tell_interface(s, of, false, stamp);
	}
}

void sampler_window(struct sampler *s, nm_mono now, nm_time stamp)
{
	bool window = mono_reached(now, s->next_window);

	if (window) {
		end_windows(s, now, stamp);
		s->next_window = mono_plus(now, s->setup.conf->agent.window_s * NM_NS_PER_S);
	}
	if (mono_reached(now, s->next_minute)) {
		tell_others(s, !window, stamp);
		s->next_minute = mono_plus(now, MINUTE_NS);
	}
}
