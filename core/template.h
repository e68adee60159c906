/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The templates that exporters taught us. A template belongs to an exporter as exporter.h knows
 * it (address, protocol, domain), not to a UDP port: exporters change that between template and
 * data. All memory is the owner's: slots, one a template, and chunks of steps that they share.
 *
 * Who gets room: an exporter at most `per_exporter` slots, and none is taken from another while
 * that one uses its own. A template that was neither sent again nor used for half an hour makes
 * room for others; until then a new one is refused, so that a flood changes nothing for those
 * who are there already.
 */
#ifndef NM_TEMPLATE_H
#define NM_TEMPLATE_H

#include "core/exporter.h"
#include "core/layout.h"
#include "core/recall.h"

#define CHUNK_STEPS 7

struct chunk {
	struct step steps[CHUNK_STEPS];
	uint32_t next;			/* index of the next chunk, 0: none */
};

struct template {
	struct exporter *owner;		/* NULL: a free slot */
	nm_time used;			/* sent or used last */
	uint32_t first;			/* slot of those whose hash is this place */
	uint32_t next;			/* slot with the same hash, or free like this one */
	uint32_t chunk;			/* the first */
	uint16_t id;
	uint16_t min_len, tail, etype, finish;	/* of its layout */
	uint16_t unlisted;		/* unknown elements that are not behind the steps */
	uint8_t steps;
	uint8_t unknown;		/* so many are */
	uint8_t names;
	bool variable, options;
	uint32_t note;			/* of recall.h, 0: there is none */
};

/* Index 0 of both arrays means none, so a slot and a chunk more than used are needed. */
struct templates {
	struct template *slots;
	struct chunk *chunks;
	uint32_t size;			/* of slots */
	uint32_t chunk_count;		/* of chunks; 4 for each slot are plenty */
	uint32_t per_exporter;
	bool keep_unknown;		/* unknown elements go to the flow as they are */
	struct recall *recall;		/* where they are noted; NULL: nowhere */

	uint32_t used, chunks_used;
	uint32_t free_slot, free_chunk;
	nm_time swept;
};

/* Empty the table. Sizes and arrays are set; the exporters' own counts of templates go to 0. */
void templates_init(struct templates *ts, struct exporters *all);

/* What a template set says besides its templates. */
struct lesson {
	struct exporter *e;
	nm_time seen;
	bool v9, options;
	uint32_t note;			/* what it was read from; 0: it is news, and to be noted */
};

/*
 * Read one template (or, of IPFIX, a withdrawal) and keep it in the place of the old one of its
 * id. NM_BADTPL: it cannot be used; NM_FULL: there is no room; NM_SHORT: it is cut off. With any
 * of them the old one is gone, for data will not be of its layout, and the cursor stands behind
 * the template, or at the end when nobody can tell where that is. *changed: it was not known so.
 */
enum nm_err template_learn(struct templates *ts, const struct lesson *lesson, struct buf *in,
			   bool *changed) NM_MUST_CHECK;

/* The template of this id, NULL when there is none. */
const struct template *template_find(struct templates *ts, const struct exporter *e, uint16_t id,
				     nm_time seen);

/* The unknown element with this number, below t->unknown. */
struct element template_unknown(const struct templates *ts, const struct template *t, unsigned i);

/* The exporter's clock, as the header of a message tells it. */
struct export_clock {
	nm_time exported;
	uint32_t uptime_ms;		/* v9 only */
};

/*
 * Read the record at the start of `in`, which holds at least t->min_len bytes, into *d. Every
 * record of a fixed layout writes the same members, so *d need not be cleared between them; of a
 * variable one it must, and where elements are kept (FINISH_KEPT).
 * Returns the record's length, 0 when it does not fit.
 */
size_t steps_run(const struct templates *ts, const struct template *t,
		 const struct export_clock *clock, const struct buf *in, struct draft *d);

#endif
