/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spool's layout in its region, for spool*.c only. Any change here, in
 * struct exporter or in STREAM_MAX needs a new SPOOL_LAYOUT.
 *
 *	head | exporters[] | segments[] | chunks[] | data[][SPOOL_CHUNK]
 *
 * Segments hang in one doubly linked list a stream, oldest first, the open one
 * last; free segments and free chunks in singly linked lists. SPOOL_NONE ends all.
 */
#ifndef NM_SPOOL_PRIVATE_H
#define NM_SPOOL_PRIVATE_H

#include "core/journal.h"
#include "core/spool.h"

#define SPOOL_MAGIC  "NMspool"
#define SPOOL_LAYOUT 4u
#define SPOOL_ORDER  0x01020304u	/* a region moved to another endianness is foreign */

enum segment_state { SEGMENT_FREE, SEGMENT_OPEN, SEGMENT_SEALED };

struct spool_segment {
	uint8_t state, stream;
	uint8_t want;			/* bit a slot: that uplink is not done with it */
	uint8_t guessed;		/* stamped before the clock was known */
	uint32_t tried_by;		/* bit a slot: that uplink has begun to send it */
	uint32_t first, last;		/* chunks */
	uint32_t chunks;
	uint32_t next, prev;
	uint64_t number;		/* given when sealed, from 1 */
	uint64_t records, bytes;
	nm_time tried;
};

struct spool_chunk { uint32_t next, used; };

struct spool_lane {			/* one stream's counters at one uplink */
	struct spool_sum before;	/* encoded when it was not attached */
	struct spool_sum acknowledged, dropped, quarantined, doubted;
};

struct spool_uplink {
	char name[SPOOL_NAME];
	uint32_t active, spare;
	struct spool_lane lane[STREAM_MAX];
};

struct spool_stream {
	uint32_t first, last;		/* segments */
	uint32_t chunks, spare;
	struct spool_sum encoded;	/* batches: sealed, so the last number */
};

/* A listening socket, by name; what it counts goes on over restarts. */
struct spool_listener {
	char name[SPOOL_LISTENER_NAME];
	struct spool_heard heard;
	uint64_t socket_drops;		/* what its socket said last; a new one begins at 0 */
};

struct spool_head {
	char magic[8];
	uint32_t layout, order;
	uint32_t head_size, exporter_size, segment_size;
	uint32_t exporters, chunks;
	uint32_t running;
	uint64_t size;
	struct incarnation incarnation;
	uint32_t free_segment, free_chunk, chunks_free, spare;
	struct spool_stream stream[STREAM_MAX];
	struct spool_uplink uplink[SPOOL_UPLINKS];
	struct spool_listener listener[SPOOL_LISTENERS];
	struct journal journal;
};

/* The tables of a region, found from its head. */
static inline struct exporter *spool_slots(const struct spool_head *h)
{
	return (struct exporter *)(void *)((uint8_t *)(uintptr_t)h + sizeof(*h));
}

static inline struct spool_segment *spool_segments(const struct spool_head *h)
{
	return (struct spool_segment *)(void *)(spool_slots(h) + h->exporters);
}

static inline struct spool_chunk *spool_chunk_table(const struct spool_head *h)
{
	return (struct spool_chunk *)(void *)(spool_segments(h) + h->chunks);
}

static inline uint8_t *spool_data(const struct spool_head *h, uint32_t chunk)
{
	return (uint8_t *)(void *)(spool_chunk_table(h) + h->chunks) +
	       (size_t)chunk * SPOOL_CHUNK;
}

/* Collect one object's new value for the transaction; spool_done_with commits it. */
#define SPOOL_CHANGE(h, at, value) \
	journal_put(&(h)->journal, (h), (at), (value), (uint32_t)sizeof(*(at)))

static inline void spool_apply(struct spool_head *h)
{
	journal_commit(&h->journal, h);
}

/* Shared between the spool's files. */
enum nm_err spool_inspect(const struct spool_head *h) NM_MUST_CHECK;
void spool_seal(struct spool *sp, enum stream s);
void spool_collect_free(struct spool_head *h, uint32_t segment);
bool spool_flies(const struct spool *sp, uint32_t segment);
bool spool_drop_oldest(struct spool *sp, enum stream s);

#endif
