/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spool: encoded records between the decoders and the uplinks, in one
 * mapped region that outlives the process.
 *
 * The region is a header, the exporters' slots, tables of segments and chunks,
 * and chunks of SPOOL_CHUNK bytes. A segment is a chain of chunks with records
 * of one stream; it is open, then sealed, then sent in place, and freed when
 * every uplink that wants it is done with it. Its number never changes.
 *
 * Every change of the tables is a transaction: the new bytes go to a journal in
 * the header first, then to their places. A process may be killed between any
 * two stores; spool_open() finishes or forgets the half-done change. So the
 * records of a datagram, its exporter's counters and its sequence are one.
 *
 * Pure: the owner maps the region and keeps it mapped; one process at a time.
 */
#ifndef NM_SPOOL_H
#define NM_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/exporter.h"
#include "core/stream.h"
#include "core/when.h"

#define SPOOL_UPLINKS 4
#define SPOOL_LISTENERS 64
#define SPOOL_NAME    32		/* of an uplink, with its 0 */
#define SPOOL_LISTENER_NAME 64
#define SPOOL_CHUNK   32768u
#define SPOOL_RECORD  2304u		/* no encoded record is longer */
#define SPOOL_PIECES  72		/* chunks a segment has at the most */
#define SPOOL_SPREAD  8			/* chunks of a stream one transaction may fill */
#define SPOOL_NONE    UINT32_MAX

struct incarnation { uint8_t b[16]; };

/* What a region is made for; another shape needs a new region. */
struct spool_shape {
	uint64_t size;			/* bytes of the whole region, 1 MiB or more */
	uint32_t exporters;		/* slots */
};

struct spool_limits {
	uint64_t seal_bytes;		/* a segment is sealed when it has so many */
	int64_t seal_ns;		/* or when its first record is so old */
};

/* Records of one stream, and what became of them at one uplink; cumulative. */
struct spool_sum { uint64_t records, bytes, batches; };
struct spool_counts {
	struct spool_sum encoded;	/* since the uplink is known; batches: sealed */
	struct spool_sum acknowledged, dropped, quarantined;
	struct spool_sum doubted;	/* part of acknowledged: may be stored twice */
};

/* What a listening socket brought and lost; cumulative. */
struct spool_heard { uint64_t datagrams, bytes, drops; };

struct spool_head;			/* layout of the region: spool_private.h */

/* One place a pending record went to. */
struct spool_fill { uint32_t chunk, used; };

/* What one stream has that is not committed yet. */
struct spool_share {
	struct spool_fill fill[SPOOL_SPREAD];
	unsigned fills;
	uint64_t records, bytes;
	uint64_t lost_records, lost_bytes;
};

/* What is not committed yet: of any stream, and of one exporter. */
struct spool_pending {
	struct spool_share share[STREAM_COUNT];
	uint32_t touched;		/* bit a stream: its share is not empty */
	enum stream stream;		/* of the last room that was given */
	const struct exporter *exporter;
	uint32_t slot;
};

struct spool {
	struct spool_head *head;
	struct spool_limits limits;
	struct spool_pending pending;
	uint8_t flight[SPOOL_UPLINKS];		/* uplink has a segment under way */
	uint32_t flying[SPOOL_UPLINKS];		/* which one */
	nm_mono opened[STREAM_COUNT];		/* first record of the open segment */
	nm_mono now;
	bool clock_sane;			/* the owner's: stamps of new records are true */
};

/* A sealed segment as an uplink sees it. */
struct spool_batch {
	uint32_t segment;		/* handle; SPOOL_NONE: nothing to send */
	enum stream stream;
	uint64_t number, records, bytes;
	nm_time tried;			/* first attempt; absent: never sent by this uplink */
};

enum spool_fate { SPOOL_ACKNOWLEDGED, SPOOL_QUARANTINED, SPOOL_RELEASED };

/* How it ended for an uplink. */
struct spool_end {
	enum spool_fate fate;
	struct spool_sum given_up;	/* of an acknowledged one: its records that were refused */
	bool doubted;			/* the others may be stored twice */
};

/* --- life ------------------------------------------------------------------ */

/* Lay out a blank region, all zeros (NM_FOREIGN: it is not; NM_RANGE: too small). */
enum nm_err spool_create(struct spool *sp, void *at, const struct spool_shape *shape,
			 struct incarnation incarnation) NM_MUST_CHECK;
/*
 * Take over a region and finish what was under way: the open segments are
 * sealed at their last committed record. NM_FOREIGN: not a spool, NM_LAYOUT:
 * of another version, NM_LENGTH: damaged, NM_MISSING: blank; then nothing was changed.
 */
enum nm_err spool_open(struct spool *sp, void *at, uint64_t size) NM_MUST_CHECK;
struct spool_shape spool_shape(const struct spool *sp);
struct incarnation spool_incarnation(const struct spool *sp);
bool spool_is_empty(const struct spool *sp);	/* no record waits for an uplink */
/* The mark of an orderly end: true while it runs, so found true: unclean end. */
bool spool_was_running(const struct spool *sp);
void spool_set_running(struct spool *sp, bool running);
/*
 * These uplinks want everything from here on; a known name keeps its slot and
 * its counters, a name that is gone wants nothing any more. slot[i] for name[i].
 */
enum nm_err spool_attach(struct spool *sp, const char *const name[], unsigned n,
			 unsigned slot[]) NM_MUST_CHECK;
/* The name of the uplink in a slot; NULL: none is attached there. */
const char *spool_attached(const struct spool *sp, unsigned slot);
/* Copy the exporters' committed slots out; returns how many are in use. */
uint32_t spool_exporters(const struct spool *sp, struct exporter *slots, uint32_t n);

/* --- listeners ------------------------------------------------------------------ */

/* The place of the listener with this name, a new one when it is not there. */
unsigned spool_listener(struct spool *sp, const char *name);
/* It brought so much more; its socket has lost `socket_drops` in its life. */
void spool_hear(struct spool *sp, unsigned listener, uint64_t datagrams, uint64_t bytes,
		uint64_t socket_drops);
struct spool_heard spool_heard(const struct spool *sp, unsigned listener);

/* --- writing ------------------------------------------------------------------ */

void spool_limit(struct spool *sp, struct spool_limits limits);
/*
 * Room for one record of at most SPOOL_RECORD bytes in the stream's open
 * segment, or NULL: then spool_lost() says what could not be kept. Makes room by
 * the drop rule: the oldest sealed segment that is not under way, of this stream
 * when it is over its quota, else of the first stream in stream.def that has one.
 */
uint8_t *spool_reserve(struct spool *sp, enum stream s);
void spool_put(struct spool *sp, size_t len);		/* the record has so many bytes */
void spool_lost(struct spool *sp, enum stream s, size_t len);
void spool_exporter(struct spool *sp, uint32_t slot, const struct exporter *e);
void spool_commit(struct spool *sp);			/* all pending, or nothing */

/* --- sealing and time ---------------------------------------------------------- */

/* Seal what is old or large enough; returns when to come again. */
nm_mono spool_tick(struct spool *sp, nm_mono now);
void spool_seal_all(struct spool *sp);
/*
 * Records are stamped by a guess until the clock is known to be right. Then: it
 * is `real` now, the guess would be `guessed`. Seals, and corrects the agent's
 * own times in every segment whose stamps were guessed (see rebase.h).
 */
void spool_clock_sane(struct spool *sp, nm_time guessed, nm_time real);

/* --- sending ------------------------------------------------------------------- */

/* The next batch for the uplink in `slot`: last stream in stream.def first, oldest first. */
struct spool_batch spool_next(const struct spool *sp, unsigned slot);
/* The oldest one of a stream behind this number. */
struct spool_batch spool_after(const struct spool *sp, unsigned slot, enum stream s,
			       uint64_t number);
unsigned spool_pieces(const struct spool *sp, uint32_t segment, struct buf piece[SPOOL_PIECES]);
/* It is about to be sent: not dropped from here to spool_done(). */
void spool_take(struct spool *sp, unsigned slot, uint32_t segment, nm_time now);
void spool_done(struct spool *sp, unsigned slot, uint32_t segment, struct spool_end end);

/* --- numbers --------------------------------------------------------------------- */

struct spool_counts spool_counts(const struct spool *sp, unsigned slot, enum stream s);
/* Waits for the uplink in `slot`, open segments included. */
struct spool_sum spool_held(const struct spool *sp, unsigned slot, enum stream s);
uint32_t spool_chunks_free(const struct spool *sp);
uint32_t spool_chunks(const struct spool *sp);

#endif
