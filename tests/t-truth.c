// SPDX-License-Identifier: Apache-2.0
/*
 * Samples against counters. The expected sums and bands of fixed lists are of Python's integers,
 * which have no end: with (rate, bytes) of each sample, E = sum(rate * bytes), V = sum(rate *
 * (rate - 1) * bytes**2), the band is isqrt(V * counted * 196**2 // (E * 10000)).
 *
 * The simulation has its own chance: xorshift64* from a fixed seed, so it always says the same.
 */
#include "core/truth.h"

#include <stdlib.h>

#include "tests/test.h"

/* The program rounds down four times, a byte or two each. */
static bool is(const struct truth_verdict *v, uint64_t samples, uint64_t counted,
	       uint64_t estimated, uint64_t band)
{
	uint64_t slack = 3 + band / 1000000000;

	return v->samples == samples && v->counted == counted && v->estimated == estimated &&
	       v->band + slack >= band && v->band <= band + slack;
}

/* --- fixed lists ----------------------------------------------------------------- */

static void sizes(void)
{
	static const uint32_t bytes[] = { 66, 1514, 65226, 1514, 590, 60 };
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 5000);
	for (int i = 0; i < 6; i++)
		truth_note(&t, 1000, bytes[i], i == 2 ? 45 : 1);
	check(t.packets == 50000);
	check(t.square_high == 0 && t.square_low == 4255112152476000);
	check(truth_end(&t, 70005000, &v));
	check(is(&v, 6, 70000000, 68970000, 128804336));
}

static void rates(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	for (int i = 0; i < 3; i++)
		truth_note(&t, 100, 1514, 1);
	for (int i = 0; i < 2; i++)
		truth_note(&t, 7, 9014, 1);
	truth_note(&t, 1, 123456, 80);
	check(truth_end(&t, 700000, &v));
	check(is(&v, 6, 700000, 703852, 534952));
}

static void all_of_them(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	truth_note(&t, 1, 1514, 1);
	truth_note(&t, 1, 66, 1);
	check(truth_end(&t, 1580, &v));
	check(v.samples == 2 && v.counted == 1580 && v.estimated == 1580 && v.band == 0);
	check(truth_end(&t, 1580 + 60, &v));
	check(v.samples == 0 && v.counted == 60 && v.estimated == 0 && v.band == 0);
}

/* 1.96 * sqrt(counted * 999 * 1514): without a sample the packets are thought to be full frames. */
static void no_sample(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	check(truth_end(&t, 10000, &v) && is(&v, 0, 10000, 0, 0));	/* and no rate is known */
	truth_note(&t, 1000, 66, 1);
	check(truth_end(&t, 20000, &v));
	check(truth_end(&t, 30000, &v) && is(&v, 0, 10000, 0, 241047));
	check(truth_end(&t, 35000, &v) && is(&v, 0, 5000, 0, 170445));
	check(truth_end(&t, 35000, &v) && is(&v, 0, 0, 0, 0));
}

/* More than 64 bits. */
static void wide(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	truth_note(&t, 1 << 24, (uint64_t)1 << 32, 1);
	check(t.square_high == 0xffffff000000 && t.square_low == 0);
	check(truth_end(&t, (uint64_t)1 << 56, &v));
	check(is(&v, 1, (uint64_t)1 << 56, (uint64_t)1 << 56, 141232880105270741));
	for (int i = 0; i < 1000; i++)
		truth_note(&t, 1 << 24, 65226, 45);
	check(t.square_high == 0x3de8fd6 && t.square_low == 0x801025a160000000);
	check(truth_end(&t, ((uint64_t)1 << 56) + 1100000000000000, &v));
	check(is(&v, 1000, 1100000000000000, 1094310690816000, 68002162239102));
}

/* Near the end of what there is room for, and beyond: the largest number stays. */
static void overflow(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	truth_note(&t, UINT32_MAX, 4000000000, 1);
	check(t.square_high == 0xde0b6b37dc1dbe52 && t.square_low == 0x5956d674ec800000);
	check(truth_end(&t, 1000000000000000000, &v));
	check(is(&v, 1, 1000000000000000000, 17179869180000000000u,
		 8123926724590861300));
	truth_note(&t, UINT32_MAX, 4000000000, 1);
	truth_note(&t, UINT32_MAX, 4000000000, 1);
	check(t.bytes == UINT64_MAX);
	check(t.square_high == UINT64_MAX && t.square_low == UINT64_MAX);
	truth_note(&t, UINT32_MAX, UINT64_MAX, UINT64_MAX);
	check(t.bytes == UINT64_MAX && t.packets == UINT64_MAX && t.samples == 3);
	check(t.square_high == UINT64_MAX && t.square_low == UINT64_MAX);
	check(truth_end(&t, UINT64_MAX, &v) && v.estimated == UINT64_MAX && v.band == UINT64_MAX);
}

/* --- windows ------------------------------------------------------------------------ */

static void backwards(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 1000);
	truth_note(&t, 100, 66, 1);
	check(!truth_end(&t, 999, &v));
	truth_note(&t, 100, 66, 1);
	check(truth_end(&t, 7599, &v) && v.samples == 1);
	check(v.counted == 6600 && v.estimated == 6600);
}

static void in_parts(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_note(&t, 100, 66, 1);
	check(!truth_end(&t, 5000, &v));		/* nobody began it */
	check(truth_end(&t, 5000, &v) && v.samples == 0 && v.counted == 0);
	t.whole = false;
	check(!truth_end(&t, 6000, &v));
	check(truth_end(&t, 6500, &v) && v.counted == 500);
}

static void no_rate(void)
{
	struct truth t = { 0 };
	struct truth_verdict v;

	truth_begin(&t, 0);
	truth_note(&t, 0, 66, 1);
	check(truth_end(&t, 66, &v) && v.samples == 0 && v.estimated == 0 && v.band == 0);
}

/* --- the simulation -------------------------------------------------------------------- */

#define GAPS 8192

static uint64_t state;
static uint64_t still[GAPS];		/* 2^63 times the chance that none of so many is picked */

static uint64_t chance(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

static uint64_t one_of(uint64_t n)
{
	return (chance() >> 32) * n >> 32;
}

static void gaps_prepare(uint32_t rate)
{
	still[0] = (uint64_t)1 << 63;
	for (int i = 1; i < GAPS; i++)
		still[i] = still[i - 1] - still[i - 1] / rate;
}

/*
 * How many packets are passed over until one is picked, when each is by its own chance: drawn at
 * once, because a draw for each of three thousand million packets takes too long.
 */
static uint64_t gap(void)
{
	uint64_t drawn = chance() >> 1, below = 0, above = GAPS;

	if (drawn < still[GAPS - 1])
		return GAPS - 1 + gap();
	while (above - below > 1) {
		uint64_t middle = (below + above) / 2;

		if (drawn < still[middle])
			below = middle;
		else
			above = middle;
	}
	return below;
}

struct burst { uint64_t packets, bytes, segments; };

/* In a busy window more bursts are of bulk data, which the kernel merged, up to 64 KiB. */
static struct burst burst_next(uint32_t rate, uint64_t busy)
{
	struct burst b = { .packets = 1 + one_of(rate), .segments = 1 };

	if (one_of(10) < busy) {
		b.segments = one_of(2) ? 1 : 1 + one_of(45);
		b.bytes = 66 + b.segments * 1448;
	} else {
		b.bytes = 60 + one_of(540);
	}
	return b;
}

/* What of one window's packets is picked and counted. */
static bool window(struct truth *t, uint32_t rate, uint64_t *counter, struct truth_verdict *v)
{
	uint64_t busy = one_of(9), packets = rate * (300 + 50 * busy), next = gap();

	for (uint64_t at = 0; at < packets;) {
		struct burst b = burst_next(rate, busy);

		for (; next < at + b.packets; next += 1 + gap())
			truth_note(t, rate, b.bytes, b.segments);
		at += b.packets;
		*counter += b.packets * b.bytes;
	}
	return truth_end(t, *counter, v);
}

/* Errors in millionths, so that the sum of 5,000 squares fits. */
static void simulate(uint32_t rate, uint64_t seed)
{
	enum { WINDOWS = 5000 };
	int64_t sum = 0, squares = 0;
	uint64_t counter = 0;
	int inside = 0;
	struct truth t = { 0 };
	struct truth_verdict v;

	state = seed;
	gaps_prepare(rate);
	truth_begin(&t, 0);
	for (int i = 0; i < WINDOWS; i++) {
		int64_t error, millionths;

		if (!check(window(&t, rate, &counter, &v)))
			return;
		error = (int64_t)(v.estimated - v.counted);
		millionths = error * 1000000 / (int64_t)v.counted;
		inside += (uint64_t)llabs(error) <= v.band;
		sum += millionths;
		squares += millionths * millionths;
	}
	printf("1 in %u: %d of %d windows in the band, mean error %d millionths\n", rate, inside,
	       WINDOWS, (int)(sum / WINDOWS));
	check(inside >= WINDOWS * 93 / 100 && inside <= WINDOWS * 97 / 100);
	check(sum * sum <= 9 * squares);	/* |sum / n| <= 3 * sqrt(squares / n / n) */
}

static void simulated_100(void)
{
	simulate(100, 1);
}

static void simulated_1000(void)
{
	simulate(1000, 2);
}

/*
 * Five samples a window. Between 1 and 9 are in the band, 5 +- 1.96 * sqrt(4.95), and that is what
 * 961 of 1000 windows have (Poisson, with 5 on average).
 */
static void few(void)
{
	enum { WINDOWS = 5000, PACKETS = 500, BYTES = 1000 };
	struct truth t = { 0 };
	struct truth_verdict v;
	int inside = 0;

	state = 4;
	gaps_prepare(100);
	truth_begin(&t, 0);
	truth_note(&t, 100, BYTES, 1);
	truth_end(&t, 0, &v);
	for (uint64_t i = 1; i <= WINDOWS; i++) {
		for (uint64_t at = gap(); at < PACKETS; at += 1 + gap())
			truth_note(&t, 100, BYTES, 1);
		check(truth_end(&t, i * PACKETS * BYTES, &v));
		inside += (uint64_t)llabs((int64_t)(v.estimated - v.counted)) <= v.band;
	}
	check(inside >= 4764 && inside <= 4846);	/* 3 * sqrt(5000 * 0.961 * 0.039) is 41 */
}

/* The simulation's own chance: of a million packets a hundredth and a thousandth are picked. */
static void fair(void)
{
	static const struct { uint32_t rate; int least, most; } of[] = {
		{ 100, 9702, 10298 },		/* 10,000 +- 3 * sqrt(9,900) */
		{ 1000, 906, 1094 },		/* 1,000 +- 3 * sqrt(999) */
	};

	for (int i = 0; i < 2; i++) {
		int picked = 0;

		state = 3;
		gaps_prepare(of[i].rate);
		for (uint64_t at = gap(); at < 1000000; at += 1 + gap())
			picked++;
		check(picked >= of[i].least && picked <= of[i].most);
	}
}

TESTS({ "a band is of the sizes that were picked", sizes },
      { "samples of several rates add up", rates },
      { "who picks every packet has no band", all_of_them },
      { "without a sample the band is of full frames", no_sample },
      { "squares have 128 bits", wide },
      { "what is too large stays at the largest number", overflow },
      { "a counter that runs backwards gives no verdict", backwards },
      { "a window that was not sampled all along gives no verdict", in_parts },
      { "a sample without a rate stands for nothing", no_rate },
      { "the simulation picks as often as it should", fair },
      { "of few packets of one size 95 of 100 windows are in the band", few },
      { "of windows with bursts 95 of 100 are in the band, one in 100 picked", simulated_100 },
      { "of windows with bursts 95 of 100 are in the band, one in 1000 picked", simulated_1000 })
