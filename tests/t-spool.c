// SPDX-License-Identifier: Apache-2.0
/*
 * The spool, and what is left of it after kill -9: a child writes, seals, sends and
 * drops as fast as it can in a shared mapping, is killed at a random moment, and the
 * region is taken over and counted. Each record carries its own number.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/spool_private.h"
#include "tests/guard.h"
#include "tests/test.h"

#define REGION (2u << 20)
#define SLOTS  8

static const struct spool_shape shape = { REGION, SLOTS };
static const struct incarnation born = { { 1, 2, 3 } };
static struct spool sp;
static unsigned slot[SPOOL_UPLINKS];

static uint8_t *region(void)
{
	static uint8_t *at;

	if (!at)
		at = mmap(NULL, REGION, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return at;
}

static void fresh(unsigned uplinks)
{
	static const char *const names[] = { "centre", "archive" };

	memset(region(), 0, REGION);
	check(spool_create(&sp, region(), &shape, born) == NM_OK);
	check(spool_attach(&sp, names, uplinks, slot) == NM_OK);
	spool_limit(&sp, (struct spool_limits){ 100000, NM_NS_PER_S });
}

/* A record is a length byte and `len` bytes of it; false when there was no room. */
static bool put(enum stream s, uint8_t len)
{
	uint8_t *at = spool_reserve(&sp, s);

	if (!at) {
		spool_lost(&sp, s, len + 1u);
		return false;
	}
	memset(at, len, len + 1u);
	spool_put(&sp, len + 1u);
	return true;
}

static void put_many(enum stream s, unsigned n)
{
	while (n--) {
		put(s, 100);
		spool_commit(&sp);
	}
}

/* Walk the records of a batch; returns how many there are, 0 when bytes are wrong. */
static uint64_t records_in(uint32_t segment)
{
	struct buf piece[SPOOL_PIECES];
	unsigned n = spool_pieces(&sp, segment, piece);
	uint64_t records = 0;

	for (unsigned i = 0; i < n; i++) {
		while (buf_left(&piece[i])) {
			uint8_t len = buf_u8(&piece[i]);
			struct buf body = buf_take(&piece[i], len);

			while (body.p < body.end)
				if (*body.p++ != len)
					return 0;
			records++;
		}
		if (piece[i].bad)
			return 0;
	}
	return records;
}

/* Both sides of the second closure, counted apart from each other. */
static bool closes(unsigned at, enum stream s)
{
	struct spool_counts c = spool_counts(&sp, at, s);
	struct spool_sum held = spool_held(&sp, at, s);

	return c.encoded.records == c.acknowledged.records + c.dropped.records +
					    c.quarantined.records + held.records &&
	       c.encoded.bytes == c.acknowledged.bytes + c.dropped.bytes +
					  c.quarantined.bytes + held.bytes;
}

static bool send_next(unsigned at)
{
	struct spool_batch b = spool_next(&sp, at);

	if (b.segment == SPOOL_NONE)
		return false;
	spool_take(&sp, at, b.segment, (nm_time){ 5 });
	spool_done(&sp, at, b.segment, (struct spool_end){ .fate = SPOOL_ACKNOWLEDGED });
	return true;
}

static void pieces_hold_what_was_put(void)
{
	struct spool_batch b;

	fresh(1);
	put_many(STREAM_FLOWS, 500);
	check(spool_next(&sp, slot[0]).segment == SPOOL_NONE);	/* still open */
	spool_seal_all(&sp);
	b = spool_next(&sp, slot[0]);
	check(b.records == 500 && b.bytes == 500 * 101 && b.number == 1 && !b.tried.ns);
	check(records_in(b.segment) == 500);
	check(send_next(slot[0]) && spool_is_empty(&sp));
	check(spool_chunks_free(&sp) == spool_chunks(&sp));
}

static void segments_seal_by_size_and_by_age(void)
{
	fresh(1);
	put_many(STREAM_FLOWS, 1000);			/* 101,000 bytes: over the limit */
	check(spool_next(&sp, slot[0]).records == 991);
	spool_tick(&sp, (nm_mono){ 100 });
	put_many(STREAM_LEDGER, 1);
	check(spool_tick(&sp, (nm_mono){ 200 }).ns == NM_NS_PER_S);
	spool_tick(&sp, (nm_mono){ 100 + NM_NS_PER_S });
	check(spool_next(&sp, slot[0]).stream == STREAM_LEDGER);	/* small ones first */
}

static void what_is_not_committed_never_was(void)
{
	fresh(1);
	put_many(STREAM_FLOWS, 3);
	put(STREAM_FLOWS, 9);
	check(spool_open(&sp, region(), REGION) == NM_OK);
	check(spool_next(&sp, slot[0]).records == 3);
	check(closes(slot[0], STREAM_FLOWS));
}

/* A datagram of sFlow brings records of several streams: all of it, or nothing. */
static void streams_are_committed_together(void)
{
	const struct exporter e = { .used = 1, .counts.n[0] = 4 };

	fresh(1);
	put(STREAM_FLOWS, 10);
	put(STREAM_LEDGER, 11);
	put(STREAM_FLOWS, 12);
	put(STREAM_EVENTS, 13);
	spool_exporter(&sp, 2, &e);
	check(spool_counts(&sp, slot[0], STREAM_FLOWS).encoded.records == 0);
	spool_commit(&sp);
	check(spool_counts(&sp, slot[0], STREAM_FLOWS).encoded.records == 2);
	check(spool_counts(&sp, slot[0], STREAM_LEDGER).encoded.records == 1);
	check(spool_counts(&sp, slot[0], STREAM_EVENTS).encoded.records == 1);
	check(spool_slots(sp.head)[2].counts.n[0] == 4);
	put(STREAM_FLOWS, 10);
	put(STREAM_LEDGER, 11);
	check(spool_open(&sp, region(), REGION) == NM_OK);
	check(spool_counts(&sp, slot[0], STREAM_FLOWS).encoded.records == 2);
	check(closes(slot[0], STREAM_FLOWS) && closes(slot[0], STREAM_LEDGER));
}

static void a_full_spool_drops_the_oldest_and_counts_it(void)
{
	struct spool_counts c;
	struct spool_batch flying;

	fresh(1);
	put_many(STREAM_FLOWS, 1000);
	flying = spool_next(&sp, slot[0]);
	spool_take(&sp, slot[0], flying.segment, (nm_time){ 1 });
	put_many(STREAM_FLOWS, 40000);			/* 4 MB into 2 MiB */
	c = spool_counts(&sp, slot[0], STREAM_FLOWS);
	check(c.encoded.records == 41000 && c.dropped.records > 20000);
	check(closes(slot[0], STREAM_FLOWS));
	check(records_in(flying.segment) == flying.records);	/* under way: not dropped */
	spool_done(&sp, slot[0], flying.segment, (struct spool_end){ .fate = SPOOL_RELEASED });
	check(spool_next(&sp, slot[0]).number == 1);
	put_many(STREAM_LEDGER, 10);			/* has its own room all the while */
	check(spool_counts(&sp, slot[0], STREAM_LEDGER).dropped.records == 0);
}

static void two_uplinks_each_get_everything(void)
{
	fresh(2);
	put_many(STREAM_FLOWS, 2000);
	spool_seal_all(&sp);
	while (send_next(slot[0]))
		;
	check(!spool_next(&sp, slot[1]).tried.ns);	/* by the other one only */
	check(spool_counts(&sp, slot[0], STREAM_FLOWS).acknowledged.records == 2000);
	check(spool_held(&sp, slot[1], STREAM_FLOWS).records == 2000);
	while (send_next(slot[1]))
		;
	check(closes(slot[0], STREAM_FLOWS) && closes(slot[1], STREAM_FLOWS));
	check(spool_chunks_free(&sp) == spool_chunks(&sp));
}

static void an_uplink_that_goes_wants_nothing_and_comes_back_counting_on(void)
{
	static const char *const both[] = { "centre", "archive" };

	fresh(2);
	put_many(STREAM_FLOWS, 100);
	spool_seal_all(&sp);
	check(!strcmp(spool_attached(&sp, 1), "archive"));
	check(spool_attach(&sp, both, 1, slot) == NM_OK && !spool_attached(&sp, 1));
	check(spool_counts(&sp, 1, STREAM_FLOWS).dropped.records == 100);
	put_many(STREAM_FLOWS, 50);
	check(spool_attach(&sp, both, 2, slot) == NM_OK && slot[1] == 1);
	check(closes(1, STREAM_FLOWS));
	check(spool_counts(&sp, 1, STREAM_FLOWS).encoded.records == 100);
	check(spool_held(&sp, 0, STREAM_FLOWS).records == 150);
}

static void what_a_socket_lost_is_counted_over_restarts(void)
{
	unsigned at;

	fresh(1);
	at = spool_listener(&sp, "udp:2055");
	check(spool_listener(&sp, "udp:4739") != at && spool_listener(&sp, "udp:2055") == at);
	spool_hear(&sp, at, 10, 1000, 3);
	check(spool_open(&sp, region(), REGION) == NM_OK);
	spool_hear(&sp, spool_listener(&sp, "udp:2055"), 1, 100, 5);	/* the same socket */
	spool_hear(&sp, at, 0, 0, 0);					/* another one */
	spool_hear(&sp, at, 1, 100, 4);
	check(spool_heard(&sp, at).drops == 9 && spool_heard(&sp, at).datagrams == 12);
	check(spool_heard(&sp, at).bytes == 1200);
}

static void a_region_that_was_never_finished_is_blank(void)
{
	fresh(1);
	memset(region(), 0, sizeof(((struct spool_head *)0)->magic));	/* written last */
	check(spool_open(&sp, region(), REGION) == NM_MISSING);
	check(spool_create(&sp, region(), &shape, born) == NM_OK);
	memset(region(), 0, REGION);
	check(spool_open(&sp, region(), REGION) == NM_MISSING);
}

static void foreign_and_other_regions_are_refused_untouched(void)
{
	fresh(1);
	region()[0] = 'X';
	check(spool_open(&sp, region(), REGION) == NM_FOREIGN);
	check(spool_create(&sp, region(), &shape, born) == NM_FOREIGN);
	memset(region(), 0, REGION);
	memcpy(region() + 32768, "\001CD001", 6);	/* disk images begin with zeros */
	check(spool_open(&sp, region(), REGION) == NM_FOREIGN);
	check(spool_create(&sp, region(), &shape, born) == NM_FOREIGN);
	fresh(1);
	((struct spool_head *)(void *)region())->layout++;
	check(spool_open(&sp, region(), REGION) == NM_LAYOUT);
	fresh(1);
	put_many(STREAM_FLOWS, 1);
	((struct spool_head *)(void *)region())->stream[0].chunks++;
	check(spool_open(&sp, region(), REGION) == NM_LENGTH);
	fresh(1);
	((struct spool_head *)(void *)region())->free_segment = 0x00ffffff;
	check(spool_open(&sp, region(), REGION) == NM_LENGTH);
	fresh(1);
	spool_segments(sp.head)[5].next = 2;			/* a loop of free ones */
	check(spool_open(&sp, region(), REGION) == NM_LENGTH);
	fresh(1);
	put_many(STREAM_FLOWS, 1);
	spool_seal_all(&sp);
	spool_segments(sp.head)[0].number = 2;			/* only 1 was given */
	check(spool_open(&sp, region(), REGION) == NM_LENGTH);
	fresh(1);
	sp.head->stream[0].encoded.batches = UINT64_MAX;	/* the next one would be 0 */
	check(spool_open(&sp, region(), REGION) == NM_LENGTH);
}

/*
 * TimeReceived (2), bytes that look like it in field 6, TimeReceivedNs (110): written
 * by an independent encoder for 1780242432.123456789 s and, corrected, 10,000,000 s later.
 */
static void guessed_stamps_are_corrected_once(void)
{
	static const uint8_t before[] = {
		0x16, 0x10, 0x80, 0xb0, 0xf1, 0xd0, 0x06, 0x32, 0x03, 0x10, 0x01, 0x02,
		0xf0, 0x06, 0x95, 0x9a, 0xaf, 0xa6, 0xf5, 0xa1, 0xac, 0xda, 0x18,
	};
	static const uint8_t after[] = {
		0x16, 0x10, 0x80, 0xdd, 0xd3, 0xd5, 0x06, 0x32, 0x03, 0x10, 0x01, 0x02,
		0xf0, 0x06, 0x95, 0x9a, 0xb3, 0xa4, 0x9c, 0x80, 0x8e, 0xec, 0x18,
	};
	nm_time guessed = { 1780300000LL * NM_NS_PER_S }, real = { 1790300000LL * NM_NS_PER_S };
	struct spool_segment *g;
	uint8_t *at;

	fresh(1);
	sp.clock_sane = false;
	at = spool_reserve(&sp, STREAM_FLOWS);
	memcpy(at, before, sizeof(before));
	spool_put(&sp, sizeof(before));
	spool_commit(&sp);
	g = &spool_segments(sp.head)[sp.head->stream[STREAM_FLOWS].first];
	spool_clock_sane(&sp, guessed, real);
	check(!memcmp(at, after, sizeof(after)) && !g->guessed);
	g->guessed = 1;				/* killed in the middle, begun again */
	spool_clock_sane(&sp, guessed, real);
	check(!memcmp(at, after, sizeof(after)));
}

/* --- kill -9 --------------------------------------------------------------------------- */

static void work(unsigned seed)
{
	static struct exporter e = { .used = 1 };

	memcpy(e.counts.n, spool_slots(sp.head)[1].counts.n, sizeof(e.counts.n));
	for (;;) {
		unsigned what = (unsigned)rand_r(&seed) % 100;

		if (what < 80) {
			spool_exporter(&sp, 1, &e);
			for (unsigned i = 0; i < 30; i++) {
				put(STREAM_FLOWS, (uint8_t)(60 + i));
				e.counts.n[0]++;
			}
			put(STREAM_LEDGER, 70);
			e.counts.n[1]++;
			spool_commit(&sp);
		} else if (what < 90) {
			send_next(what & 1);
		} else if (what < 95) {
			spool_seal_all(&sp);
		} else {
			put(STREAM_EVENTS, 40);
			spool_commit(&sp);
		}
	}
}

static void kill_after(pid_t child, long ns)
{
	nanosleep(&(struct timespec){ 0, ns }, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static bool all_batches_are_whole(unsigned at)
{
	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		for (uint32_t i = sp.head->stream[s].first; i != SPOOL_NONE;
		     i = spool_segments(sp.head)[i].next) {
			const struct spool_segment *g = &spool_segments(sp.head)[i];

			if (g->want & 1u << at && records_in(i) != g->records)
				return false;
		}
	}
	return true;
}

static void killed_at_any_moment_it_goes_on(void)
{
	unsigned seed = 20261125;

	fresh(2);
	for (unsigned round = 0; round < 300; round++) {
		pid_t child = fork();

		if (!child)
			work(round + 1);
		kill_after(child, 50000 + rand_r(&seed) % 900000);
		if (!check(spool_open(&sp, region(), REGION) == NM_OK))
			return;
		spool_limit(&sp, (struct spool_limits){ 100000, NM_NS_PER_S });
		for (unsigned at = 0; at < 2; at++) {
			check(closes(at, STREAM_FLOWS) && closes(at, STREAM_EVENTS) &&
			      closes(at, STREAM_LEDGER));
			check(all_batches_are_whole(at));
		}
		/* the exporter's own count moved together with its records */
		check(spool_slots(sp.head)[1].counts.n[0] ==
		      spool_counts(&sp, 0, STREAM_FLOWS).encoded.records);
		check(spool_slots(sp.head)[1].counts.n[1] ==
		      spool_counts(&sp, 0, STREAM_LEDGER).encoded.records);
		if (test_bad)
			return;
	}
	check(spool_counts(&sp, 0, STREAM_FLOWS).encoded.records > 3000);
}

TESTS({ "pieces hold what was put", pieces_hold_what_was_put },
      { "segments seal by size and by age", segments_seal_by_size_and_by_age },
      { "what is not committed never was", what_is_not_committed_never_was },
      { "records of several streams are committed together", streams_are_committed_together },
      { "a full spool drops the oldest and counts it",
	a_full_spool_drops_the_oldest_and_counts_it },
      { "two uplinks each get everything", two_uplinks_each_get_everything },
      { "an uplink that goes wants nothing and comes back counting on",
	an_uplink_that_goes_wants_nothing_and_comes_back_counting_on },
      { "what a socket lost is counted over restarts",
	what_a_socket_lost_is_counted_over_restarts },
      { "a region that was never finished is blank", a_region_that_was_never_finished_is_blank },
      { "foreign and other regions are refused untouched",
	foreign_and_other_regions_are_refused_untouched },
      { "guessed stamps are corrected once", guessed_stamps_are_corrected_once },
      { "killed at any moment it goes on", killed_at_any_moment_it_goes_on })
