/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What options data says of an exporter: at which rate its samplers sample, and when its uptime
 * began. It belongs to an exporter as exporter.h knows it (address, protocol, domain), here by
 * the number of its slot. All memory is the owner's, zeroed before first use: a table of rates
 * with an id that all exporters share, and one row for each exporter.
 *
 * Who gets room: an exporter at most `per_exporter` rates, and none is taken from another. A rate
 * that was not told for a day makes room for others; until then a new one is refused.
 */
#ifndef NM_SAMPLING_H
#define NM_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/recall.h"
#include "core/when.h"

enum rate_scope { SCOPE_EXPORTER, SCOPE_SAMPLER, SCOPE_INTERFACE };

/* One packet in `rate`; 0: told to be unknown. */
struct rate_told {
	enum rate_scope scope;
	uint64_t id;			/* of the sampler or interface */
	uint64_t rate;
	uint32_t note;			/* what it was read from; 0: it is news, and to be noted */
};

struct rate_slot {
	struct rate_told told;
	nm_time when;			/* told last */
	uint32_t of;			/* slot of the exporter */
	uint32_t first;			/* slot of those whose hash is this place */
	uint32_t next;			/* slot with the same hash, or free like this one */
	uint32_t sibling;		/* the exporter's next */
};

/* An exporter. */
struct sampled {
	uint64_t boot_ms;		/* since 1970, 0: not told */
	uint64_t rate;			/* without an id, 0: not told */
	uint64_t common;		/* of all rates, 0 when they differ */
	uint32_t rates;			/* its first slot */
	uint32_t samplers, interfaces;	/* slots of each kind */
	uint32_t note;			/* of recall.h: rate and boot_ms; 0: there is none */
	bool doubtful;			/* `common` is to be found anew */
};

/* Index 0 of the slots means none, so one more than used is needed. */
struct sampling {
	struct rate_slot *slots;
	uint32_t size;
	uint32_t per_exporter;
	struct sampled *exporters;	/* as many as there are exporters */
	struct recall *recall;		/* where they are noted; NULL: nowhere */

	uint32_t used;
	uint32_t fresh;			/* slots up to here were in use once */
	uint32_t free_slot;
	nm_time swept;
};

/*
 * Keep a rate; *was is what it was before, 0 when nothing was known. NM_FULL: there is no room,
 * and nothing changed.
 */
enum nm_err sampling_learn(struct sampling *s, uint32_t of, const struct rate_told *told,
			   nm_time now, uint64_t *was) NM_MUST_CHECK;

/* The exporter's uptime began then. */
void sampling_boot(struct sampling *s, uint32_t of, uint64_t boot_ms);

/* What a note says of an exporter: a rate without an id, and when its uptime began. */
void sampling_recall(struct sampling *s, uint32_t of, uint64_t rate, uint64_t boot_ms,
		     uint32_t note);

/* The rate told for just this sampler or interface, 0 when there is none. */
uint64_t sampling_find(const struct sampling *s, uint32_t of, enum rate_scope scope, uint64_t id);

/* The rate of records that name no sampler, when all that the exporter told agrees; else 0. */
uint64_t sampling_common(struct sampling *s, uint32_t of);

#endif
