// SPDX-License-Identifier: Apache-2.0
/*
 * A damaged spool: one with open, sealed and half-sent segments is bent at any bytes of its head
 * and tables (a place of three bytes, a value of one, and again), as a full disk, a bad memory or
 * another program would. It is either refused, or taken over and then good for anything: sending,
 * dropping, writing, whatever its counters say now. Whatever becomes of a batch, just that is
 * counted, and what is under way stays. tests/fuzz/run.py runs it.
 */
#include "core/spool_private.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

#define REGION    (1u << 20)
#define EXPORTERS 4
#define RECORD    900			/* bytes; a chunk takes some thirty */

static _Alignas(64) uint8_t region[REGION], whole[REGION];
static size_t tables;			/* bytes of head and tables */
static const char *const names[] = { "one", "two" };

static void write_some(struct spool *sp, enum stream s, unsigned records)
{
	const struct exporter e = { .used = 1, .source = 1, .domain = records };

	for (unsigned i = 0; i < records; i++) {
		uint8_t *at = spool_reserve(sp, s);

		if (at) {
			must(at >= region + tables && at + SPOOL_RECORD <= region + REGION);
			memset(at, 0x11, RECORD);
			spool_put(sp, RECORD);
		} else {
			spool_lost(sp, s, RECORD);
		}
		spool_exporter(sp, i % EXPORTERS, &e);
		spool_commit(sp);
	}
}

/* A region with a past: made once, copied for each input. */
static void make_whole(void)
{
	const struct spool_shape shape = { REGION, EXPORTERS };
	const struct spool_limits limits = { 64 * 1024, NM_NS_PER_S };
	const struct incarnation born = { { 7 } };
	struct spool_batch b;
	unsigned slot[2];
	struct spool sp;

	must(!spool_create(&sp, region, &shape, born));
	must(!spool_attach(&sp, names, 2, slot));
	tables = (size_t)(spool_data(sp.head, 0) - region);
	spool_limit(&sp, limits);
	spool_listener(&sp, "all:2055");
	for (int s = 0; s < STREAM_COUNT; s++)
		write_some(&sp, (enum stream)s, 20);
	spool_seal_all(&sp);
	write_some(&sp, STREAM_FLOWS, 120);
	b = spool_next(&sp, slot[0]);
	spool_take(&sp, slot[0], b.segment, time_of_s(1));
	spool_done(&sp, slot[0], b.segment, (struct spool_end){ .fate = SPOOL_ACKNOWLEDGED });
	b = spool_next(&sp, slot[1]);
	spool_take(&sp, slot[1], b.segment, time_of_s(2));
	spool_set_running(&sp, true);
	memcpy(whole, region, REGION);
}

/* All that an uplink gets lies in the region. */
static unsigned pieces_of(const struct spool *sp, uint32_t segment, struct buf piece[SPOOL_PIECES])
{
	unsigned pieces = spool_pieces(sp, segment, piece);

	must(pieces <= SPOOL_PIECES);
	for (unsigned i = 0; i < pieces; i++)
		must(piece[i].p >= region + tables && piece[i].p <= piece[i].end &&
		     piece[i].end <= region + REGION);
	return pieces;
}

static bool same_batch(const struct spool_batch *a, const struct spool_batch *b)
{
	return a->segment == b->segment && a->stream == b->stream && a->number == b->number &&
	       a->records == b->records && a->bytes == b->bytes;
}

/* One after the other; of some only a part is stored. */
static struct spool_end end_of(const struct spool_batch *b, unsigned batches)
{
	static const struct spool_end ends[] = {
		{ .fate = SPOOL_ACKNOWLEDGED }, { .fate = SPOOL_ACKNOWLEDGED, .doubted = true },
		{ .fate = SPOOL_QUARANTINED }, { .fate = SPOOL_QUARANTINED, .doubted = true },
		{ .fate = SPOOL_ACKNOWLEDGED },
	};
	struct spool_end end = ends[batches % 5];

	if (batches % 5 == 4)
		end.given_up = (struct spool_sum){ b->records / 2, b->bytes / 3, 2 };
	return end;
}

static bool grew(struct spool_sum is, struct spool_sum was, struct spool_sum by)
{
	return is.records - was.records == by.records && is.bytes - was.bytes == by.bytes &&
	       is.batches - was.batches == by.batches;
}

/* Its records, bytes, and itself are counted where the end says, and are not held any more. */
static void settle(struct spool *sp, unsigned slot, const struct spool_batch *b,
		   struct spool_end end)
{
	const struct spool_counts was = spool_counts(sp, slot, b->stream);
	const struct spool_sum held = spool_held(sp, slot, b->stream);
	const struct spool_sum none = { 0, 0, 0 }, all = { b->records, b->bytes, 1 };
	struct spool_sum bad = end.given_up, stored = all;
	struct spool_counts is;

	if (end.fate == SPOOL_QUARANTINED) {
		bad = all;
		stored = none;
	} else {
		bad.batches = 0;
		stored.records -= bad.records;
		stored.bytes -= bad.bytes;
	}
	spool_done(sp, slot, b->segment, end);
	is = spool_counts(sp, slot, b->stream);
	must(grew(is.acknowledged, was.acknowledged, stored));
	must(grew(is.quarantined, was.quarantined, bad));
	must(grew(is.doubted, was.doubted, end.doubted ? stored : none));
	must(grew(is.dropped, was.dropped, none) && grew(is.encoded, was.encoded, none));
	must(grew(held, spool_held(sp, slot, b->stream), all));
}

/* A batch that is released is the next one again, and was tried. */
static void release(struct spool *sp, unsigned slot, const struct spool_batch *b)
{
	const struct spool_end released = { .fate = SPOOL_RELEASED };
	struct spool_batch again;

	spool_take(sp, slot, b->segment, time_of_s(3));
	must(spool_flies(sp, b->segment));
	spool_done(sp, slot, b->segment, released);
	must(!spool_flies(sp, b->segment));
	again = spool_next(sp, slot);
	must(same_batch(&again, b) && again.tried.ns);
}

/* It comes to an end. */
static void send_all(struct spool *sp, unsigned slot)
{
	struct buf piece[SPOOL_PIECES];

	for (unsigned batches = 0;; batches++) {
		struct spool_batch b = spool_next(sp, slot);

		if (b.segment == SPOOL_NONE)
			return;
		must(batches <= sp->head->chunks);
		pieces_of(sp, b.segment, piece);
		release(sp, slot, &b);
		spool_take(sp, slot, b.segment, time_of_s(4));
		settle(sp, slot, &b, end_of(&b, batches));
	}
}

/* While the oldest batch is under way the spool overflows: others are dropped, it stays. */
static void overflow(struct spool *sp, unsigned slot)
{
	struct spool_batch b = spool_after(sp, slot, STREAM_FLOWS, 0), still;
	struct buf before[SPOOL_PIECES], after[SPOOL_PIECES];
	unsigned pieces = 0;

	if (b.segment != SPOOL_NONE) {
		pieces = pieces_of(sp, b.segment, before);
		spool_take(sp, slot, b.segment, time_of_s(3));
	}
	write_some(sp, STREAM_FLOWS, 900);
	if (b.segment == SPOOL_NONE)
		return;
	still = spool_after(sp, slot, STREAM_FLOWS, 0);
	must(same_batch(&still, &b) && pieces_of(sp, b.segment, after) == pieces);
	for (unsigned i = 0; i < pieces; i++)
		must(before[i].p == after[i].p && before[i].end == after[i].end);
	settle(sp, slot, &b, (struct spool_end){ .fate = SPOOL_ACKNOWLEDGED });
}

static void use(struct spool *sp)
{
	struct exporter slots[EXPORTERS];
	unsigned slot[2];

	if (spool_attach(sp, names, 2, slot))
		return;
	must(spool_exporters(sp, slots, EXPORTERS) <= EXPORTERS);
	must(spool_chunks_free(sp) <= sp->head->chunks);
	spool_hear(sp, spool_listener(sp, "all:2055"), 1, 2, 3);
	send_all(sp, slot[0]);
	write_some(sp, STREAM_EVENTS, 40);
	overflow(sp, slot[1]);
	must(!spool_inspect(sp->head));
	spool_tick(sp, (nm_mono){ 10 * NM_NS_PER_S });
	spool_clock_sane(sp, time_of_s(1), time_of_s(1000));
	spool_seal_all(sp);
	send_all(sp, slot[1]);
	send_all(sp, slot[0]);
	must(spool_is_empty(sp) && !spool_inspect(sp->head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in = buf_of(data, size);
	struct spool sp;

	if (!tables)
		make_whole();
	memcpy(region, whole, tables);
	while (buf_left(&in) >= 4) {
		size_t at = (size_t)buf_uint(&in, 3) % tables;

		region[at] = buf_u8(&in);
	}
	memset(&sp, 0, sizeof(sp));
	if (!spool_open(&sp, region, REGION)) {
		const struct spool_limits limits = { 64 * 1024, NM_NS_PER_S };

		spool_limit(&sp, limits);
		use(&sp);
	}
	return 0;
}
