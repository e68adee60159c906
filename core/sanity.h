/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the wall clock to be believed? Many routers have no clock of their own and
 * boot in the past. It is sane when the kernel says it is synchronised, or when it
 * is later than the build and has not just stepped. Until then stamps are a guess:
 * build date plus time since boot, to be corrected later (rebase.h).
 */
#ifndef NM_SANITY_H
#define NM_SANITY_H

#include "core/when.h"

struct sanity {
	nm_time build;
	nm_time wall;			/* at the last look */
	nm_mono mono;
	bool looked, sane;
};

struct sanity_look {
	bool became_sane;
	int64_t step_ns;		/* the clock was set forward by so much; 0: it was not */
};

/* Look at the clocks; call it often: a step is seen between two looks. */
struct sanity_look sanity_check(struct sanity *s, nm_time wall, nm_mono mono, bool synchronised);

/* The time to stamp a record with, and what a guess would be now. */
nm_time sanity_stamp(const struct sanity *s, nm_time wall, nm_mono mono);
nm_time sanity_guess(const struct sanity *s, nm_mono mono);

#endif
