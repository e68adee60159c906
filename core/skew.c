// SPDX-License-Identifier: Apache-2.0
/* Two windows: the gauge is the one that is over, or the running one when that is larger. */
#include "core/skew.h"

#define WINDOW (60 * NM_NS_PER_S)

static void begin_window(struct skew *s, int64_t distance, nm_time seen)
{
	s->ns = s->known ? s->rising : distance;
	s->rising = distance;
	s->since = seen;
	s->known = true;
}

void skew_note(struct skew *s, nm_time exported, nm_time seen)
{
	int64_t distance = time_since(exported, seen), age = time_since(seen, s->since);

	if (!s->known || age < 0 || age >= WINDOW)
		begin_window(s, distance, seen);
	if (distance > s->rising)
		s->rising = distance;
	if (s->rising > s->ns)
		s->ns = s->rising;
}

bool skew_judge(struct skew *s)
{
	int64_t far = s->ns < 0 ? -s->ns : s->ns;
	bool alarm = s->known && far >= (s->alarm ? SKEW_NEAR : SKEW_FAR);
	bool changed = alarm != s->alarm;

	s->alarm = alarm;
	return changed;
}

void skew_forget(struct skew *s)
{
	s->known = false;
}
