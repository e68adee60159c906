/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a refused batch is bad, or everything would be refused: when the server says
 * "bad data", that is as well a table that does not fit us, and giving batches up would
 * empty the spool. So a refused batch steps aside, the next one of its stream is tried,
 * and only when one of those was stored and the first is refused once more is it bad.
 * One struct for each stream of an uplink. Other streams go on meanwhile.
 */
#ifndef NM_SUSPECT_H
#define NM_SUSPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/when.h"

struct suspect {
	uint64_t first, last;		/* numbers of the batches refused; 0: none */
	bool proven;			/* another batch was stored since */
	unsigned refusals;		/* in a row */
	nm_mono until;			/* the stream pauses */
};

/* The next to be tried is the oldest behind this number; if there is none, the oldest. */
uint64_t suspect_behind(const struct suspect *s);
/* It was refused: true when it is known to be bad. Otherwise set `until`. */
bool suspect_refused(struct suspect *s, uint64_t number);
void suspect_stored(struct suspect *s, uint64_t number);
/* Nothing of the stream is accepted: somebody should know. */
bool suspect_is_alarm(const struct suspect *s);

#endif
