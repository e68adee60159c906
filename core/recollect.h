/* SPDX-License-Identifier: Apache-2.0 */
/* The notes of the process before, taught to the tables of this one. */
#ifndef NM_RECOLLECT_H
#define NM_RECOLLECT_H

#include "core/decode.h"
#include "core/recall.h"

struct recollected {
	uint32_t templates, rates;
	uint32_t left_out;		/* of nobody who is known, or without room in the tables */
};

/*
 * Teach d->templates and d->sampling what the region tells of d->exporters, as if they had told
 * it now, and note there from here on. What is left out is gone from the region. Nothing is
 * counted and nobody is told.
 */
struct recollected recollect(struct recall *r, struct decoder *d, nm_time now);

#endif
