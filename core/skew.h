/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far an exporter's clock is from ours. Its datagrams say when they were sent; that minus when
 * they came is the clock's distance, less the time on the way, less what the protocol cuts off
 * (v9 and IPFIX tell whole seconds). Both only ever make it smaller, so the largest of many is the
 * nearest to the truth: the gauge is the largest of the last minute, or a little more. A datagram
 * from the future is taken away from by nothing, so one alone proves nothing (an exporter that has
 * just booted, a damaged header): the next has to say the same.
 */
#ifndef NM_SKEW_H
#define NM_SKEW_H

#include <stdbool.h>

#include "core/when.h"

struct skew {
	int64_t ns;			/* the gauge: positive when its clock is ahead */
	int64_t rising;			/* the largest since the window began */
	nm_time since;			/* when that was */
	bool known;			/* something was measured */
	bool alarm;			/* it is too far off */
	int32_t before_s;		/* what the datagram before said, in whole seconds */
};

#define SKEW_FAR  (30 * NM_NS_PER_S)	/* from here on it is an alarm */
#define SKEW_NEAR (20 * NM_NS_PER_S)	/* and below it no more */

/* A datagram that was sent then, by the exporter's clock, came at `seen`, by ours. */
void skew_note(struct skew *s, nm_time exported, nm_time seen);
/* True when the alarm began or ended with what the gauge says now. */
bool skew_judge(struct skew *s);
/* Our clock was set: what was measured means nothing. */
void skew_forget(struct skew *s);

#endif
