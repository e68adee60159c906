/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What exporters taught us, noted for the next start: templates as they came, sampling rates,
 * the beginning of an uptime. The region is the owner's, a mapped file: what was stored there
 * outlives the process, even one killed between any two stores.
 *
 * A note is a chain of blocks. The mark of its first block, a checksum, is stored when all the
 * rest is there, and taken away before anything else is. So a note is whole or is none, blocks of
 * notes that are gone are used again at once, and nothing ever has to be tidied up.
 *
 * Who gets room: an exporter at most `per_exporter` blocks. What finds none is not noted, and
 * counted; it is known all the same until the process ends.
 */
#ifndef NM_RECALL_H
#define NM_RECALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/exporter.h"

#define RECALL_BLOCK 64			/* bytes */
#define RECALL_MOST  2048		/* bytes of a note; a template of some 500 fields */

enum recall_kind {
	RECALL_TEMPLATE = 1,		/* the template as it came */
	RECALL_OPTIONS,			/* the same of an options template */
	/* Two uint64_t each. */
	RECALL_SAMPLER,			/* id, rate */
	RECALL_INTERFACE,		/* id, rate */
	RECALL_EXPORTER,		/* rate without an id, beginning of the uptime in ms */
};

/* The exporter is one without an agent address of its own, as all of v9 and IPFIX are. */
struct recall_note {
	uint32_t of;			/* slot of the exporter */
	enum recall_kind kind;
	const void *bytes;
	size_t len;
};

struct recall {
	const struct exporters *exporters;	/* these three are set before all else */
	uint32_t *held;			/* blocks, by each exporter; slot 0: by nobody yet */
	uint32_t per_exporter;

	struct recall_block *blocks;	/* the region, its head in the place of the first */
	uint32_t count;			/* of them, with the head */
	uint32_t used;
	uint32_t free;			/* the first that was given back, 0: none */
	uint64_t refused;		/* notes without room */
};

/* Begin anew in `size` bytes, a multiple of RECALL_BLOCK, whatever is there. */
void recall_create(struct recall *r, void *at, size_t size);

/*
 * Take over what another process left. `seen` has a byte for each block, zeroed, and is needed
 * no more afterwards. NM_FOREIGN: it is none of ours; NM_LAYOUT: of another version or size;
 * NM_LENGTH: it is damaged, and no note of it to be believed.
 */
enum nm_err recall_open(struct recall *r, void *at, size_t size, uint8_t *seen) NM_MUST_CHECK;

/*
 * Note this in the place of the note `old` (0: there is none), which is gone in any case. Returns
 * what to call the note, 0 when there is no room. Without a region (r is NULL) nothing is done.
 */
uint32_t recall_keep(struct recall *r, uint32_t old, const struct recall_note *note);
void recall_drop(struct recall *r, uint32_t note);

/* A note as another process left it. */
struct recall_found {
	uint32_t note;			/* what to call it; 0: begin with the first */
	struct exporter_key key;
	uint8_t kind;
	size_t len;
	uint8_t bytes[RECALL_MOST];
};

/* The next one; false: there is none. The one found before may be dropped or adopted meanwhile. */
bool recall_next(const struct recall *r, struct recall_found *found);
/* It is a note about the exporter in this slot from here on. */
void recall_adopt(struct recall *r, uint32_t note, uint32_t of);

#endif
