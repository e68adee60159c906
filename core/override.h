/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sampling rates that the configuration gives to exporters. A forced one is believed before
 * anything the exporter tells, another one only where nobody told any.
 */
#ifndef NM_OVERRIDE_H
#define NM_OVERRIDE_H

#include "core/conf.h"
#include "core/flow.h"

/* The section with the longest prefix that has this address; NULL: there is none. */
const struct conf_exporter *override_find(const struct conf_exporter *list, unsigned count,
					  const struct addr *a);

/* Whether the flow's rate is to be changed; `of` may be NULL. */
static inline bool override_applies(const struct conf_exporter *of, const struct flow *f)
{
	return of && of->rate && (of->rate_force || f->rate_source == RATE_ASSUMED);
}

void override_apply(const struct conf_exporter *of, struct flow *f);

#endif
