// SPDX-License-Identifier: Apache-2.0
/*
 * A damaged spool: one with open, sealed and half-sent segments is bent at any bytes of its head
 * and tables (a place of three bytes, a value of one, and again), as a full disk, a bad memory or
 * another program would. It is either refused, or taken over and then good for anything: sending,
 * dropping, writing, whatever its counters say now. tests/fuzz/run.py runs it.
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

/* All that an uplink gets lies in the region, and it comes to an end. */
static void send_all(struct spool *sp, unsigned slot)
{
	struct buf piece[SPOOL_PIECES];

	for (unsigned batches = 0;; batches++) {
		struct spool_batch b = spool_next(sp, slot);
		unsigned pieces;

		if (b.segment == SPOOL_NONE)
			return;
		must(batches <= sp->head->chunks);
		pieces = spool_pieces(sp, b.segment, piece);
		must(pieces <= SPOOL_PIECES);
		for (unsigned i = 0; i < pieces; i++)
			must(piece[i].p >= region + tables && piece[i].p <= piece[i].end &&
			     piece[i].end <= region + REGION);
		spool_take(sp, slot, b.segment, time_of_s(3));
		spool_done(sp, slot, b.segment, (struct spool_end){ .doubted = batches & 1 });
	}
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
	write_some(sp, STREAM_FLOWS, 900);
	spool_tick(sp, (nm_mono){ 10 * NM_NS_PER_S });
	spool_clock_sane(sp, time_of_s(1), time_of_s(1000));
	spool_seal_all(sp);
	send_all(sp, slot[1]);
	send_all(sp, slot[0]);
	must(spool_is_empty(sp));
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
