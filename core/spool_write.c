// SPDX-License-Identifier: Apache-2.0
/*
 * The spool's writing side: room for records, the drop rule, commit, seal.
 *
 * Records are written behind the committed end of their chunk; `pending` knows
 * where. A chunk that is linked in before the commit is empty until then.
 */
#include <string.h>

#include "core/rebase.h"
#include "core/spool_private.h"

static uint8_t everyone(const struct spool_head *h)
{
	uint8_t want = 0;

	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (h->uplink[i].active)
			want |= (uint8_t)(1u << i);
	return want;
}

static struct spool_segment *open_segment(const struct spool *sp, enum stream s)
{
	uint32_t last = sp->head->stream[s].last;
	struct spool_segment *g = last == SPOOL_NONE ? NULL : &spool_segments(sp->head)[last];

	return g && g->state == SEGMENT_OPEN ? g : NULL;
}

static uint32_t quota_chunks(const struct spool_head *h, enum stream s)
{
	uint32_t n = (uint32_t)((uint64_t)h->chunks * stream_quota(s) / 100);

	return n < 2 ? 2 : n;
}

/* A segment may not outgrow a quarter of its stream's quota: there must be something to drop. */
static uint64_t seal_limit(const struct spool *sp, enum stream s)
{
	uint64_t quarter = (uint64_t)quota_chunks(sp->head, s) * SPOOL_CHUNK / 4;

	return sp->limits.seal_bytes < quarter ? sp->limits.seal_bytes : quarter;
}

/* --- making room ------------------------------------------------------------------ */

static void drop(struct spool *sp, uint32_t segment)
{
	struct spool_head *h = sp->head;
	const struct spool_segment *g = &spool_segments(h)[segment];

	for (unsigned i = 0; i < SPOOL_UPLINKS; i++) {
		struct spool_sum sum = h->uplink[i].lane[g->stream].dropped;

		if (!(g->want & 1u << i))
			continue;
		sum.records += g->records;
		sum.bytes += g->bytes;
		sum.batches++;
		SPOOL_CHANGE(h, &h->uplink[i].lane[g->stream].dropped, &sum);
	}
	spool_collect_free(h, segment);
	spool_apply(h);
}

bool spool_drop_oldest(struct spool *sp, enum stream s)
{
	const struct spool_head *h = sp->head;

	for (uint32_t i = h->stream[s].first; i != SPOOL_NONE; i = spool_segments(h)[i].next) {
		if (spool_segments(h)[i].state == SEGMENT_SEALED && !spool_flies(sp, i)) {
			drop(sp, i);
			return true;
		}
	}
	return false;
}

static bool make_room(struct spool *sp, enum stream s)
{
	struct spool_head *h = sp->head;

	if (h->stream[s].chunks >= quota_chunks(h, s))
		return spool_drop_oldest(sp, s);
	for (enum stream other = 0; other < STREAM_COUNT; other++)
		if (spool_drop_oldest(sp, other))
			return true;
	return false;
}

static bool has_room(const struct spool_head *h, enum stream s)
{
	return h->chunks_free && h->stream[s].chunks < quota_chunks(h, s);
}

/* --- chunks and segments ------------------------------------------------------------ */

/* Collect the taking of the first free chunk for `s`. */
static uint32_t collect_chunk(struct spool_head *h, enum stream s)
{
	struct spool_chunk empty = { SPOOL_NONE, 0 };
	struct spool_chunk *chunk = spool_chunk_table(h);
	uint32_t taken = h->free_chunk, left = h->chunks_free - 1;
	uint32_t has = h->stream[s].chunks + 1;

	SPOOL_CHANGE(h, &h->free_chunk, &chunk[taken].next);
	SPOOL_CHANGE(h, &h->chunks_free, &left);
	SPOOL_CHANGE(h, &h->stream[s].chunks, &has);
	SPOOL_CHANGE(h, &chunk[taken], &empty);
	return taken;
}

static void new_segment(struct spool *sp, enum stream s)
{
	struct spool_head *h = sp->head;
	uint32_t taken = h->free_segment, before = h->stream[s].last;
	uint32_t chunk = collect_chunk(h, s);
	struct spool_segment g = {
		.state = SEGMENT_OPEN, .stream = (uint8_t)s, .want = everyone(h),
		.guessed = !sp->clock_sane, .first = chunk, .last = chunk, .chunks = 1,
		.next = SPOOL_NONE, .prev = before,
	};

	SPOOL_CHANGE(h, &h->free_segment, &spool_segments(h)[taken].next);
	SPOOL_CHANGE(h, &spool_segments(h)[taken], &g);
	SPOOL_CHANGE(h, &h->stream[s].last, &taken);
	if (before == SPOOL_NONE)
		SPOOL_CHANGE(h, &h->stream[s].first, &taken);
	else
		SPOOL_CHANGE(h, &spool_segments(h)[before].next, &taken);
	spool_apply(h);
	sp->opened[s] = sp->now;
}

static void lengthen(struct spool *sp, struct spool_segment *g)
{
	struct spool_head *h = sp->head;
	uint32_t chunk = collect_chunk(h, g->stream), n = g->chunks + 1;

	SPOOL_CHANGE(h, &spool_chunk_table(h)[g->last].next, &chunk);
	SPOOL_CHANGE(h, &g->last, &chunk);
	SPOOL_CHANGE(h, &g->chunks, &n);
	spool_apply(h);
}

/* --- records -------------------------------------------------------------------------- */

static bool has_place(uint32_t used)
{
	return SPOOL_CHUNK - used >= SPOOL_RECORD;
}

static void aim(struct spool *sp, enum stream s, uint32_t chunk)
{
	struct spool_share *share = &sp->pending.share[s];

	sp->pending.touched |= 1u << s;
	share->fill[share->fills++] =
		(struct spool_fill){ chunk, spool_chunk_table(sp->head)[chunk].used };
}

/* Point the stream's share at a chunk with room for a record. */
static bool aim_with_room(struct spool *sp, enum stream s)
{
	const struct spool_share *share = &sp->pending.share[s];
	struct spool_segment *g;

	if (share->fills == SPOOL_SPREAD)
		spool_commit(sp);
	g = open_segment(sp, s);
	if (g && !share->fills && has_place(spool_chunk_table(sp->head)[g->last].used)) {
		aim(sp, s, g->last);
		return true;
	}
	while (!has_room(sp->head, s))
		if (!make_room(sp, s))
			return false;
	if (g && g->chunks == SPOOL_PIECES) {
		spool_commit(sp);
		spool_seal(sp, s);
		g = NULL;
	}
	if (g)
		lengthen(sp, g);
	else
		new_segment(sp, s);
	aim(sp, s, open_segment(sp, s)->last);
	return true;
}

uint8_t *spool_reserve(struct spool *sp, enum stream s)
{
	const struct spool_share *share = &sp->pending.share[s];
	const struct spool_fill *at = &share->fill[share->fills - !!share->fills];

	if (!share->fills || !has_place(at->used)) {
		if (!aim_with_room(sp, s))
			return NULL;
		at = &share->fill[share->fills - 1];
	}
	sp->pending.stream = s;
	return spool_data(sp->head, at->chunk) + at->used;
}

void spool_put(struct spool *sp, size_t len)
{
	struct spool_share *share = &sp->pending.share[sp->pending.stream];

	share->fill[share->fills - 1].used += (uint32_t)len;
	share->records++;
	share->bytes += len;
}

void spool_lost(struct spool *sp, enum stream s, size_t len)
{
	struct spool_share *share = &sp->pending.share[s];

	sp->pending.touched |= 1u << s;
	share->lost_records++;
	share->lost_bytes += len;
}

void spool_exporter(struct spool *sp, uint32_t slot, const struct exporter *e)
{
	sp->pending.slot = slot;
	sp->pending.exporter = e;
}

/* --- commit --------------------------------------------------------------------------- */

static void collect_records(struct spool *sp, enum stream s)
{
	struct spool_head *h = sp->head;
	const struct spool_share *share = &sp->pending.share[s];
	struct spool_segment *g = open_segment(sp, s);
	uint64_t records = g->records + share->records, bytes = g->bytes + share->bytes;

	for (unsigned i = 0; i < share->fills; i++)
		SPOOL_CHANGE(h, &spool_chunk_table(h)[share->fill[i].chunk].used,
			     &share->fill[i].used);
	SPOOL_CHANGE(h, &g->records, &records);
	SPOOL_CHANGE(h, &g->bytes, &bytes);
}

static void collect_lost(struct spool_head *h, const struct spool_share *share, enum stream s)
{
	for (unsigned i = 0; i < SPOOL_UPLINKS; i++) {
		struct spool_sum sum = h->uplink[i].lane[s].dropped;

		if (!h->uplink[i].active)
			continue;
		sum.records += share->lost_records;
		sum.bytes += share->lost_bytes;
		SPOOL_CHANGE(h, &h->uplink[i].lane[s].dropped, &sum);
	}
}

static void collect_share(struct spool *sp, enum stream s)
{
	struct spool_head *h = sp->head;
	const struct spool_share *share = &sp->pending.share[s];
	struct spool_sum encoded = h->stream[s].encoded;

	encoded.records += share->records + share->lost_records;
	encoded.bytes += share->bytes + share->lost_bytes;
	SPOOL_CHANGE(h, &h->stream[s].encoded, &encoded);
	if (share->fills)
		collect_records(sp, s);
	if (share->lost_records)
		collect_lost(h, share, s);
}

/* The share is in the tables: it begins anew, and the segment may be large enough now. */
static void end_share(struct spool *sp, enum stream s)
{
	const struct spool_segment *g = open_segment(sp, s);

	if (g && g->bytes >= seal_limit(sp, s))
		spool_seal(sp, s);
	sp->pending.share[s] = (struct spool_share){ 0 };
}

void spool_commit(struct spool *sp)
{
	struct spool_head *h = sp->head;
	struct spool_pending *p = &sp->pending;

	for (enum stream s = 0; s < STREAM_COUNT; s++)
		if (p->touched & 1u << s)
			collect_share(sp, s);
	if (p->exporter && p->slot < h->exporters)
		SPOOL_CHANGE(h, &spool_slots(h)[p->slot], p->exporter);
	spool_apply(h);
	for (enum stream s = 0; s < STREAM_COUNT; s++)
		if (p->touched & 1u << s)
			end_share(sp, s);
	p->touched = 0;
	/* What comes before the next spool_exporter() is half a datagram: not to be its own. */
	p->exporter = NULL;
}

/* --- seal ------------------------------------------------------------------------------- */

void spool_seal(struct spool *sp, enum stream s)
{
	struct spool_head *h = sp->head;
	struct spool_segment *at = open_segment(sp, s), g;
	struct spool_sum encoded = h->stream[s].encoded;

	if (!at)
		return;
	g = *at;
	if (g.records && g.want) {
		g.state = SEGMENT_SEALED;
		g.number = ++encoded.batches;
		SPOOL_CHANGE(h, at, &g);
		SPOOL_CHANGE(h, &h->stream[s].encoded, &encoded);
	} else {
		spool_collect_free(h, h->stream[s].last);
	}
	spool_apply(h);
}

void spool_seal_all(struct spool *sp)
{
	for (enum stream s = 0; s < STREAM_COUNT; s++)
		spool_seal(sp, s);
}

void spool_limit(struct spool *sp, struct spool_limits limits)
{
	sp->limits = limits;
}

nm_mono spool_tick(struct spool *sp, nm_mono now)
{
	nm_mono next = NM_MONO_NEVER;

	sp->now = now;
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		nm_mono due = mono_plus(sp->opened[s], sp->limits.seal_ns);

		if (!open_segment(sp, s))
			continue;
		if (mono_reached(now, due))
			spool_seal(sp, s);
		else
			next = mono_first(next, due);
	}
	return next;
}

void spool_clock_sane(struct spool *sp, nm_time guessed, nm_time real)
{
	struct spool_head *h = sp->head;

	spool_seal_all(sp);
	sp->clock_sane = true;
	for (uint32_t i = 0; i < h->chunks; i++) {
		struct spool_segment *g = &spool_segments(h)[i];

		if (g->state != SEGMENT_SEALED || !g->guessed)
			continue;
		for (uint32_t n = 0, c = g->first; n < g->chunks; n++) {
			const struct spool_chunk *chunk = &spool_chunk_table(h)[c];

			rebase_records(spool_data(h, c), chunk->used, guessed, real);
			c = chunk->next;
		}
		g->guessed = 0;
	}
}
