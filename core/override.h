/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the configuration says of an exporter: what to call it, and its sampling rate. A forced rate
 * is believed before anything the exporter tells, another one only where nobody told any.
 */
#ifndef NM_OVERRIDE_H
#define NM_OVERRIDE_H

#include "core/flow.h"
#include "core/prefix.h"

struct override {
	const char *name;		/* borrowed */
	struct prefix who;
	uint32_t rate;			/* 0: nothing is said about it */
	bool force;
};

/* The one with the longest prefix that has this address, the first of equal ones; NULL: none. */
const struct override *override_find(const struct override *list, unsigned count,
				     const struct addr *a);

/* Whether the flow's rate is to be changed. */
bool override_applies(const struct override *o, const struct flow *f);
void override_apply(const struct override *o, struct flow *f);

#endif
