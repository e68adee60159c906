// SPDX-License-Identifier: Apache-2.0
/* A list is good enough: it is asked once an exporter. */
#include "core/override.h"

const struct conf_exporter *override_find(const struct conf_exporter *list, unsigned count,
					  const struct addr *a)
{
	const struct conf_exporter *best = NULL;

	for (const struct conf_exporter *x = list; x < list + count; x++)
		if (prefix_has(&x->address, a) && (!best || x->address.bits > best->address.bits))
			best = x;
	return best;
}

void override_apply(const struct conf_exporter *of, struct flow *f)
{
	f->rate = of->rate;
	f->rate_source = of->rate_force ? RATE_FORCED : RATE_CONFIGURED;
}
