// SPDX-License-Identifier: Apache-2.0
/* Without CONFIG_SAMPLING: the configuration may ask, and hears that it is not here. */
#include <stdio.h>

#include "firmware/sampler.h"

bool sampler_is_wanted(const struct conf *conf)
{
	return conf->samples || conf->mirrors;
}

bool sampler_start(struct sampler *s, const struct sampler_setup *setup, char why[NM_WHY])
{
	(void)s, (void)setup;
	snprintf(why, NM_WHY, "it was built without sampling: leave out sample and mirror");
	return false;
}

nm_mono sampler_turn(struct sampler *s, nm_mono now, nm_time stamp)
{
	(void)s, (void)now, (void)stamp;
	return NM_MONO_NEVER;
}

int sampler_fd(const struct sampler *s)
{
	(void)s;
	return -1;
}

void sampler_news(struct sampler *s, nm_mono now, nm_time stamp)
{
	(void)s, (void)now, (void)stamp;
}

void sampler_own(struct sampler *s, const struct link_ends *ends, unsigned count)
{
	(void)s, (void)ends, (void)count;
}

void sampler_end(struct sampler *s, nm_time stamp)
{
	(void)s, (void)stamp;
}

void sampler_stop(struct sampler *s)
{
	(void)s;
}

void sampler_json(const struct sampler *s, struct out *o)
{
	(void)s;
	out_text(o, "[]");
}

void sampler_text(const struct sampler *s, struct out *o)
{
	(void)s, (void)o;
}

void sampler_alarms(const struct sampler *s, sampler_alarm *found, void *ctx)
{
	(void)s, (void)found, (void)ctx;
}
