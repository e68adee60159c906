// SPDX-License-Identifier: Apache-2.0
/* The spool's sending side: which batch next, its bytes, and what became of it. */
#include "core/spool_private.h"

bool spool_flies(const struct spool *sp, uint32_t segment)
{
	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (sp->flight[i] && sp->flying[i] == segment)
			return true;
	return false;
}

/* Collect the unlinking of a segment and the return of its chunks. */
void spool_collect_free(struct spool_head *h, uint32_t segment)
{
	struct spool_segment *all = spool_segments(h);
	struct spool_segment g = all[segment], empty = { .next = h->free_segment };
	struct spool_stream *stream = &h->stream[g.stream];
	uint32_t left = stream->chunks - g.chunks, has = h->chunks_free + g.chunks;

	SPOOL_CHANGE(h, g.prev == SPOOL_NONE ? &stream->first : &all[g.prev].next, &g.next);
	SPOOL_CHANGE(h, g.next == SPOOL_NONE ? &stream->last : &all[g.next].prev, &g.prev);
	SPOOL_CHANGE(h, &stream->chunks, &left);
	SPOOL_CHANGE(h, &spool_chunk_table(h)[g.last].next, &h->free_chunk);
	SPOOL_CHANGE(h, &h->free_chunk, &g.first);
	SPOOL_CHANGE(h, &h->chunks_free, &has);
	SPOOL_CHANGE(h, &all[segment], &empty);
	SPOOL_CHANGE(h, &h->free_segment, &segment);
}

static bool waits_for(const struct spool_segment *g, unsigned slot)
{
	return g->state == SEGMENT_SEALED && g->want & 1u << slot;
}

struct spool_batch spool_after(const struct spool *sp, unsigned slot, enum stream s,
			       uint64_t number)
{
	const struct spool_segment *all = spool_segments(sp->head), *g;
	uint32_t i = sp->head->stream[s].first;

	while (i != SPOOL_NONE && (!waits_for(&all[i], slot) || all[i].number <= number))
		i = all[i].next;
	if (i == SPOOL_NONE)
		return (struct spool_batch){ .segment = SPOOL_NONE };
	g = &all[i];
	return (struct spool_batch){ i, s, g->number, g->records, g->bytes,
				     g->tried_by & 1u << slot ? g->tried : (nm_time){ 0 } };
}

struct spool_batch spool_next(const struct spool *sp, unsigned slot)
{
	struct spool_batch next = { .segment = SPOOL_NONE };

	for (int s = STREAM_COUNT - 1; s >= 0 && next.segment == SPOOL_NONE; s--)
		next = spool_after(sp, slot, (enum stream)s, 0);
	return next;
}

unsigned spool_pieces(const struct spool *sp, uint32_t segment, struct buf piece[SPOOL_PIECES])
{
	const struct spool_head *h = sp->head;
	const struct spool_segment *g = &spool_segments(h)[segment];
	unsigned n = 0;

	for (uint32_t i = 0, c = g->first; i < g->chunks && n < SPOOL_PIECES; i++) {
		const struct spool_chunk *chunk = &spool_chunk_table(h)[c];

		if (chunk->used)
			piece[n++] = buf_of(spool_data(h, c), chunk->used);
		c = chunk->next;
	}
	return n;
}

void spool_take(struct spool *sp, unsigned slot, uint32_t segment, nm_time now)
{
	struct spool_segment *g = &spool_segments(sp->head)[segment];
	uint32_t tried_by = g->tried_by | 1u << slot;
	nm_time tried = g->tried.ns ? g->tried : now;

	sp->flight[slot] = 1;
	sp->flying[slot] = segment;
	SPOOL_CHANGE(sp->head, &g->tried, &tried);
	SPOOL_CHANGE(sp->head, &g->tried_by, &tried_by);
	spool_apply(sp->head);
}

static void sum_add(struct spool_sum *sum, struct spool_sum more)
{
	sum->records += more.records;
	sum->bytes += more.bytes;
	sum->batches += more.batches;
}

/* A batch counts where most is known of it: as acknowledged, when any of it is stored. */
static void settle(struct spool_lane *lane, const struct spool_segment *g, struct spool_end end)
{
	struct spool_sum stored = { g->records, g->bytes, 1 }, refused = end.given_up;

	if (end.fate == SPOOL_QUARANTINED) {
		sum_add(&lane->quarantined, stored);
		return;
	}
	refused.batches = 0;
	stored.records -= refused.records;
	stored.bytes -= refused.bytes;
	sum_add(&lane->acknowledged, stored);
	sum_add(&lane->quarantined, refused);
	if (end.doubted)
		sum_add(&lane->doubted, stored);
}

void spool_done(struct spool *sp, unsigned slot, uint32_t segment, struct spool_end end)
{
	struct spool_head *h = sp->head;
	struct spool_segment *g = &spool_segments(h)[segment];
	struct spool_lane lane = h->uplink[slot].lane[g->stream];
	uint8_t want = g->want & (uint8_t)~(1u << slot);

	sp->flight[slot] = 0;
	if (end.fate == SPOOL_RELEASED)
		return;
	settle(&lane, g, end);
	SPOOL_CHANGE(h, &h->uplink[slot].lane[g->stream], &lane);
	if (want)
		SPOOL_CHANGE(h, &g->want, &want);
	else
		spool_collect_free(h, segment);
	spool_apply(h);
}
