// SPDX-License-Identifier: Apache-2.0
/* Asked once an exporter, so a list is good enough; applied to each of its flows. */
#include "core/override.h"

const struct override *override_find(const struct override *list, unsigned count,
				     const struct addr *a)
{
	const struct override *best = NULL;

	for (const struct override *o = list; o < list + count; o++)
		if (prefix_has(&o->who, a) && (!best || o->who.bits > best->who.bits))
			best = o;
	return best;
}

bool override_applies(const struct override *o, const struct flow *f)
{
	return o && o->rate && (o->force || f->rate_source == RATE_ASSUMED);
}

void override_apply(const struct override *o, struct flow *f)
{
	f->rate = o->rate;
	f->rate_source = o->force ? RATE_FORCED : RATE_CONFIGURED;
}
