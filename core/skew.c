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

static int32_t seconds(int64_t distance)
{
	int64_t s = distance / NM_NS_PER_S;

	return s > INT32_MAX ? INT32_MAX : s < INT32_MIN ? INT32_MIN : (int32_t)s;
}

/* From the future, and nobody has said so before. */
static bool is_alone(const struct skew *s, int64_t distance)
{
	int64_t near = SKEW_NEAR / NM_NS_PER_S;

	return distance > SKEW_NEAR && seconds(distance) - (int64_t)s->before_s > near;
}

void skew_note(struct skew *s, nm_time exported, nm_time seen)
{
	int64_t distance = time_since(exported, seen), age = time_since(seen, s->since);
	bool alone = is_alone(s, distance);

	s->before_s = seconds(distance);
	if (alone)
		return;
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
	s->before_s = 0;
}
