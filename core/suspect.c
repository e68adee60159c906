// SPDX-License-Identifier: Apache-2.0
/*
 * Batches are tried in the order of their numbers, so the refused ones are a range. Once
 * one behind it was stored, the range is gone through again from its beginning.
 */
#include <string.h>

#include "core/suspect.h"

uint64_t suspect_behind(const struct suspect *s)
{
	return s->proven ? 0 : s->last;
}

/* What comes behind the range is tried only after all of it is decided. */
static void forget_decided(struct suspect *s, uint64_t number)
{
	if (s->proven && number > s->last)
		memset(s, 0, sizeof(*s));
}

bool suspect_refused(struct suspect *s, uint64_t number)
{
	forget_decided(s, number);
	if (s->proven && number >= s->first)
		return true;
	if (!s->first || number < s->first)
		s->first = number;
	if (number > s->last)
		s->last = number;
	s->refusals++;
	return false;
}

void suspect_stored(struct suspect *s, uint64_t number)
{
	forget_decided(s, number);
	s->proven = s->first;
	s->refusals = 0;
	s->until = (nm_mono){ 0 };
}

bool suspect_is_alarm(const struct suspect *s)
{
	return s->first && !s->proven && s->refusals > 1;
}
