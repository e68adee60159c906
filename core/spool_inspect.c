// SPDX-License-Identifier: Apache-2.0
/*
 * Is a region whole? Looked at once, before it is taken over: everything that later code follows
 * without asking is as it must be. Counters may be wrong, nobody can tell; links may not.
 */
#include <string.h>

#include "core/spool_private.h"

/* What has been seen of the chunks: each of them must have been seen once. */
struct seen { uint64_t chunks, print; };

/* Spread so that sums of different sets of numbers differ (the finalizer of splitmix64). */
static uint64_t spread(uint64_t n)
{
	n += 0x9e3779b97f4a7c15u;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}

static void see(struct seen *seen, uint32_t chunk)
{
	seen->chunks++;
	seen->print += spread(chunk);
}

/* A segment's chain is as long as it says and holds as many bytes. */
static bool chain_is_whole(const struct spool_head *h, const struct spool_segment *g,
			   struct seen *seen)
{
	const struct spool_chunk *chunk = spool_chunk_table(h);
	uint64_t bytes = 0;
	uint32_t at = g->first;

	for (uint32_t n = 1; n <= g->chunks; n++) {
		if (at >= h->chunks || chunk[at].used > SPOOL_CHUNK)
			return false;
		see(seen, at);
		bytes += chunk[at].used;
		if (n == g->chunks)
			return at == g->last && bytes == g->bytes;
		at = chunk[at].next;
	}
	return false;
}

/* Somebody wants it who is there, and if it is sealed there is something in it. */
static bool segment_is_whole(const struct spool_head *h, const struct spool_segment *g)
{
	uint8_t wants = g->want;

	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (h->uplink[i].active)
			wants &= (uint8_t)~(1u << i);
	if (wants)
		return false;
	if (g->state == SEGMENT_OPEN)
		return g->next == SPOOL_NONE;
	return g->state == SEGMENT_SEALED && g->want && g->records;
}

/*
 * Each stream's list is linked both ways, of its own segments, within bounds, in its order, with
 * numbers that were given: those to come are larger, and there are enough of them.
 */
static bool stream_is_whole(const struct spool_head *h, unsigned s, struct seen *seen)
{
	uint32_t prev = SPOOL_NONE, chunks = 0, count = 0;
	const uint64_t given = h->stream[s].encoded.batches;
	uint64_t number = 0;

	if (given > INT64_MAX)
		return false;
	for (uint32_t i = h->stream[s].first; i != SPOOL_NONE;) {
		const struct spool_segment *g;

		if (i >= h->chunks || count++ > h->chunks)
			return false;
		g = &spool_segments(h)[i];
		if (g->stream != s || g->prev != prev || !segment_is_whole(h, g) ||
		    !chain_is_whole(h, g, seen))
			return false;
		if (g->state == SEGMENT_SEALED && (g->number <= number || g->number > given))
			return false;
		number = g->number;
		chunks += g->chunks;
		prev = i;
		i = g->next;
	}
	return prev == h->stream[s].last && chunks == h->stream[s].chunks;
}

/* Those in no stream's list, every one of them once. */
static bool free_segments_are_whole(const struct spool_head *h)
{
	const struct spool_segment *all = spool_segments(h);
	uint32_t free = 0, n = 0;

	for (uint32_t i = 0; i < h->chunks; i++)
		free += all[i].state == SEGMENT_FREE;
	for (uint32_t i = h->free_segment; i != SPOOL_NONE; i = all[i].next)
		if (i >= h->chunks || all[i].state != SEGMENT_FREE || n++ >= free)
			return false;
	return n == free;
}

static bool free_chunks_are_whole(const struct spool_head *h, struct seen *seen)
{
	uint32_t n = 0;

	for (uint32_t i = h->free_chunk; i != SPOOL_NONE; i = spool_chunk_table(h)[i].next) {
		if (i >= h->chunks || n++ >= h->chunks_free)
			return false;
		see(seen, i);
	}
	return n == h->chunks_free;
}

static bool names_are_whole(const struct spool_head *h)
{
	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (h->uplink[i].name[SPOOL_NAME - 1])
			return false;
	for (unsigned i = 0; i < SPOOL_LISTENERS; i++)
		if (h->listener[i].name[SPOOL_LISTENER_NAME - 1])
			return false;
	return true;
}

static bool seen_once(const struct spool_head *h, const struct seen *seen)
{
	uint64_t print = 0;

	for (uint32_t i = 0; i < h->chunks; i++)
		print += spread(i);
	return seen->chunks == h->chunks && seen->print == print;
}

enum nm_err spool_inspect(const struct spool_head *h)
{
	struct seen seen = { 0, 0 };

	for (unsigned s = 0; s < STREAM_MAX; s++)
		if (!stream_is_whole(h, s, &seen))
			return NM_LENGTH;
	if (!free_chunks_are_whole(h, &seen) || !seen_once(h, &seen) ||
	    !free_segments_are_whole(h) || !names_are_whole(h))
		return NM_LENGTH;
	return NM_OK;
}
