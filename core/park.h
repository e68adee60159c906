/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data sets that came before their template (RFC 7011 section 9, "store the Data Records for a
 * short period of time"): each waits, with what its message said, until the template is there,
 * or until it is given up. All memory is the owner's: chunks of one size, so that nothing is ever
 * moved, and a set takes as many as it needs.
 *
 * Who gets room: an exporter as much as is still free, and `per_exporter` chunks at the most. Its
 * own oldest sets make room for its newer ones, nobody else's do. So something stays free for
 * who comes next, however many send what nobody can read; and as that one takes it, each of the
 * others gets less for its next set.
 *
 * All counting is done here: what waits is in BYTES_PARKED, what is lost in BYTES_NO_TEMPLATE and
 * SETS_NO_TEMPLATE. What is taken out is the caller's to count. `p` may be NULL: nothing waits.
 */
#ifndef NM_PARK_H
#define NM_PARK_H

#include "core/buf.h"
#include "core/exporter.h"
#include "core/template.h"

#define PARK_CHUNK 256
#define PARK_SHARE 65536		/* bytes of chunks an exporter has at the most */

/* A set, and what its message said. */
struct parked {
	nm_time seen;
	struct export_clock clock;
	uint32_t sequence;
	uint16_t id;
	uint16_t len;			/* of its bytes; park_put() fills it in; 0: a bar */
};

/* The first chunk of a set. Sets of one exporter and id are a key. */
struct park_set {
	struct parked what;
	uint32_t of;			/* slot of the exporter */
	uint32_t rest;			/* chunk with the bytes that found no room here */
	uint32_t older, newer;		/* of the exporter's sets */
	uint32_t follower;		/* the next of this key */
	uint32_t last;			/* of this key; only the first knows */
	uint32_t other;			/* first set of another key with the same hash */
	uint8_t bytes[PARK_CHUNK - sizeof(struct parked) - 7 * sizeof(uint32_t)];
};

union park_chunk {
	struct park_set set;
	struct {
		uint32_t next;		/* with more of the same set, or free like this one */
		uint8_t bytes[PARK_CHUNK - sizeof(uint32_t)];
	} rest;
};

/* The sets of an exporter, in order of arrival. */
struct park_line { uint32_t oldest, newest, chunks; };

/* Index 0 of the chunks means none, so one more than used is needed. */
struct park {
	union park_chunk *chunks;
	uint32_t size;			/* of chunks */
	uint32_t *places;		/* as many: first set of the keys whose hash it is */
	struct park_line *lines;	/* as many as there are exporters */
	uint8_t *scratch;		/* PARK_SHARE bytes: where a set is put together */
	uint32_t per_exporter;

	struct exporters *all;
	uint32_t used;
	uint32_t fresh;			/* chunks up to here were in use once */
	uint32_t free_chunk;
};

/* Empty it; what the exporters' counters say is left alone. */
void park_init(struct park *p, struct exporters *all);

/* A set without template, which is not empty: it waits now, or it is lost. */
void park_put(struct park *p, struct exporter *e, const struct parked *what, struct buf bytes);

/* Take out the oldest set of this id; its bytes are valid until the next is taken. */
bool park_take(struct park *p, struct exporter *e, uint16_t id, struct parked *what,
	       struct buf *bytes);

/*
 * The template of this id was withdrawn, or cannot be used: what waits is given up, and so is what
 * comes until park_take() is asked for the id. The next template will be of another layout.
 */
void park_bar(struct park *p, struct exporter *e, uint16_t id, nm_time now);

/* Give up what has waited for too long, or all. */
void park_expire(struct park *p, struct exporter *e, nm_time now);
void park_clear(struct park *p, struct exporter *e);

/* Our clock was set: what waits moves along. */
void park_shift(struct park *p, int64_t ns);

#endif
