// SPDX-License-Identifier: Apache-2.0
/* Both clocks side by side: what one gained on the other was a step. */
#include "core/sanity.h"

#define STEP_NS (NM_NS_PER_S / 2)	/* less is slewing, or a slow look */

static int64_t step_since(const struct sanity *s, nm_time wall, nm_mono mono)
{
	int64_t gained = time_since(wall, s->wall) - mono_since(mono, s->mono);

	if (!s->looked || (gained < STEP_NS && gained > -STEP_NS))
		return 0;
	return gained;
}

struct sanity_look sanity_check(struct sanity *s, nm_time wall, nm_mono mono, bool synchronised)
{
	struct sanity_look look = { .step_ns = step_since(s, wall, mono) };
	bool plausible = synchronised || (wall.ns > s->build.ns && !look.step_ns);

	if (!s->sane && plausible)
		look.became_sane = s->sane = true;
	else if (s->sane && !synchronised && wall.ns <= s->build.ns)
		s->sane = false;
	s->wall = wall;
	s->mono = mono;
	s->looked = true;
	return look;
}

nm_time sanity_guess(const struct sanity *s, nm_mono mono)
{
	return time_plus(s->build, mono.ns);
}

nm_time sanity_stamp(const struct sanity *s, nm_time wall, nm_mono mono)
{
	return s->sane ? wall : sanity_guess(s, mono);
}
