// SPDX-License-Identifier: Apache-2.0
/* Sets that wait for their template: order, room, and age. */
#include "tests/waiting.h"

/* --- order -------------------------------------------------------------------- */

static void in_order(void)
{
	start(CHUNKS, CHUNKS);
	check(is_empty(1, 256));
	put(1, 256, 10, 1);
	put(1, 300, 20, 2);
	put(1, 256, 30, 3);
	put(2, 256, 40, 4);
	put(1, 256, 50, 5);
	check(slots[1].parked == 4 && counted(1, COUNT_BYTES_PARKED) == 110);
	check(takes(1, 256, 10, 1) && takes(1, 256, 30, 3) && takes(1, 256, 50, 5));
	check(is_empty(1, 256) && is_empty(2, 300));
	check(takes(2, 256, 40, 4) && is_empty(2, 256));
	check(takes(1, 300, 20, 2) && is_empty(1, 300));
	check(park.used == 0 && slots[1].parked == 0 && counted(1, COUNT_BYTES_PARKED) == 0);
	check(counted(1, COUNT_SETS_NO_TEMPLATE) == 0 && counted(1, COUNT_BYTES_NO_TEMPLATE) == 0);
}

/* So many that some share a place of the hash. */
static void same_ids(void)
{
	start(CHUNKS, CHUNKS);
	for (unsigned id = 256; id < 4096; id++) {
		for (unsigned of = 1; of < EXPORTERS; of++)
			put(of, (uint16_t)id, 5, of);
		for (unsigned of = EXPORTERS - 1; of; of--)
			check(takes(of, (uint16_t)id, 5, of) && is_empty(of, (uint16_t)id));
	}
}

static void across_chunks(void)
{
	static const size_t lens[] = { 1, FIRST - 1, FIRST, FIRST + 1, FIRST + REST,
				       FIRST + REST + 1, FIRST + 5 * REST };
	const unsigned need[] = { 1, 1, 1, 2, 2, 3, 6 };

	start(CHUNKS, CHUNKS);
	for (unsigned round = 0; round < 20; round++) {
		for (uint32_t i = 0; i < 7; i++) {
			uint32_t before = park.used;

			put(1, 256, lens[i], round + i);
			check(park.used - before == need[i]);
		}
		for (uint32_t i = 0; i < 7; i++)
			check(takes(1, 256, lens[i], round + i));
		check(park.used == 0 && park.fresh == 16);
	}
}

/* Its owner begins anew with the same memory; the counters are the exporters'. */
static void emptied(void)
{
	start(CHUNKS, CHUNKS);
	for (uint32_t i = 0; i < 9; i++)
		put(1 + i % 3, 256, FIRST + 1, i);
	check(takes(1, 256, FIRST + 1, 0));
	memset(slots, 0, sizeof(slots));
	park_init(&park, &exporters);
	check(park.used == 0 && park.fresh == 0 && is_empty(1, 256) && is_empty(2, 256));
	put(2, 256, FIRST + 1, 10);
	put(2, 256, FIRST + 1, 11);
	check(park.used == 4 && lines[2].chunks == 4 && !lines[1].chunks);
	check(takes(2, 256, FIRST + 1, 10) && takes(2, 256, FIRST + 1, 11));
}

/* --- room --------------------------------------------------------------------- */

static void own_oldest(void)
{
	start(CHUNKS, 4);
	for (uint32_t i = 0; i < 4; i++)
		put(1, (uint16_t)(256 + i % 2), 9, i);
	put(1, 256, FIRST + 1, 4);		/* two chunks: 0 and 1 go */
	check(slots[1].parked == 3 && lines[1].chunks == 4);
	check(counted(1, COUNT_SETS_NO_TEMPLATE) == 2);
	check(counted(1, COUNT_BYTES_NO_TEMPLATE) == 18);
	check(takes(1, 256, 9, 2) && takes(1, 256, FIRST + 1, 4) && is_empty(1, 256));
	check(takes(1, 257, 9, 3) && is_empty(1, 257));
}

static void too_large(void)
{
	start(CHUNKS, 4);
	put(1, 256, 9, 1);
	put(1, 256, FIRST + 3 * REST + 1, 2);
	check(counted(1, COUNT_SETS_NO_TEMPLATE) == 1);
	check(counted(1, COUNT_BYTES_NO_TEMPLATE) == FIRST + 3 * REST + 1);
	check(takes(1, 256, 9, 1));
	put(1, 256, FIRST + 3 * REST, 3);
	check(takes(1, 256, FIRST + 3 * REST, 3));
}

static void nothing(void)
{
	const struct parked what = { .id = 256 };
	struct exporter *e = &slots[1];
	struct parked had;
	struct buf bytes = buf_of(sent, 9);

	start(0, 0);
	put(1, 256, 9, 1);
	check(slots[1].parked == 0 && counted(1, COUNT_BYTES_NO_TEMPLATE) == 9);
	park_put(NULL, e, &what, bytes);
	check(counted(1, COUNT_BYTES_NO_TEMPLATE) == 18 && counted(1, COUNT_SETS_NO_TEMPLATE) == 2);
	check(!park_take(NULL, e, 256, &had, &bytes) && is_empty(1, 256));
	park_init(NULL, &exporters);
	park_expire(NULL, e, NOON);
	park_bar(NULL, e, 256, NOON);
	park_clear(NULL, e);
	park_shift(NULL, 1);
	check(counted(1, COUNT_SETS_NO_TEMPLATE) == 2);
}

/* Whoever sends how much: the quiet one finds room, and what it has stays. */
static void noise(void)
{
	start(CHUNKS, CHUNKS / 4);
	put(7, 256, FIRST, 1);
	for (uint32_t i = 0; i < 10000; i++)
		put(1 + i % 6, (uint16_t)(256 + i % 97), 1 + i * 37 % 1000, i);
	check(counted(7, COUNT_SETS_NO_TEMPLATE) == 0 && park.used < CHUNKS);
	put(7, 256, FIRST + REST, 2);
	check(counted(7, COUNT_SETS_NO_TEMPLATE) == 0);
	for (uint32_t i = 0; i < 10000; i++)
		put(1, 256, 1 + i % 100, i);
	check(takes(7, 256, FIRST, 1) && takes(7, 256, FIRST + REST, 2) && is_empty(7, 256));
	for (unsigned of = 1; of < 7; of++)
		check(slots[of].parked && lines[of].chunks <= CHUNKS / 4);
}

/* Seven who want everything share it: each an eighth, and an eighth is free. */
static void shares(void)
{
	start(CHUNKS, CHUNKS / 4);
	for (uint32_t i = 0; i < 1000; i++)
		put(1 + i % 7, 256, 1, i);
	for (unsigned of = 1; of < 8; of++)
		check(lines[of].chunks == CHUNKS / 8);
	check(park.used == CHUNKS - CHUNKS / 8);
}

/* --- giving up ------------------------------------------------------------------ */

static void age(void)
{
	start(CHUNKS, CHUNKS);
	put_at(1, 256, 10, 1, NOON);
	put_at(1, 257, 20, 2, time_plus(NOON, 5 * MINUTE));
	put_at(2, 256, 30, 3, NOON);
	park_expire(&park, &slots[1], time_plus(NOON, 11 * MINUTE));
	check(slots[1].parked == 2);
	park_expire(&park, &slots[1], time_plus(NOON, 11 * MINUTE + 1));
	check(slots[1].parked == 1 && slots[2].parked == 1 && is_empty(1, 256));
	check(counted(1, COUNT_BYTES_NO_TEMPLATE) == 10 && counted(1, COUNT_BYTES_PARKED) == 20);
	put_at(2, 256, 40, 4, time_plus(NOON, 20 * MINUTE));	/* looks at its own itself */
	check(slots[2].parked == 1 && takes(2, 256, 40, 4));
	park_expire(&park, &slots[1], time_plus(NOON, -100 * MINUTE));	/* a clock set back */
	check(takes(1, 257, 20, 2));
}

static void withdrawn(void)
{
	start(CHUNKS, CHUNKS);
	for (uint32_t i = 0; i < 6; i++)
		put(1 + i / 4, (uint16_t)(256 + i % 2), 10, i);
	park_bar(&park, &slots[1], 256, NOON);
	check(slots[1].parked == 2 && counted(1, COUNT_SETS_NO_TEMPLATE) == 2);
	put(1, 256, 10, 6);				/* of a layout that is gone */
	check(slots[1].parked == 2 && counted(1, COUNT_BYTES_NO_TEMPLATE) == 30);
	check(takes(1, 257, 10, 1) && slots[2].parked == 2);
	check(is_empty(1, 256));			/* the next template is there */
	put(1, 256, 10, 7);
	check(takes(1, 256, 10, 7));
	park_bar(&park, &slots[1], 300, NOON);
	put(1, 300, 10, 8);
	put(2, 300, 10, 9);				/* not its own */
	put_at(1, 300, 10, 10, time_plus(NOON, 12 * MINUTE));
	check(slots[1].parked == 1 && takes(2, 300, 10, 9));
	park_clear(&park, &slots[1]);
	check(slots[1].parked == 0 && counted(1, COUNT_BYTES_NO_TEMPLATE) == 60);
	check(takes(2, 256, 10, 4) && takes(2, 257, 10, 5) && park.used == 0);
}

static void clock_set(void)
{
	struct parked what;
	struct buf bytes;

	start(CHUNKS, CHUNKS);
	put(1, 256, 10, 1);
	put(3, 300, 10, 1);
	park_shift(&park, 500 * MINUTE);
	park_expire(&park, &slots[1], time_plus(NOON, 505 * MINUTE));
	check(park_take(&park, &slots[1], 256, &what, &bytes));
	check(what.seen.ns == NOON.ns + 500 * MINUTE && what.clock.exported.ns == NM_NS_PER_S);
	check(park_take(&park, &slots[3], 300, &what, &bytes));
	check(what.seen.ns == NOON.ns + 500 * MINUTE);
}

TESTS({ "sets of an exporter and id come out in the order of their arrival", in_order },
      { "an id is each exporter's own", same_ids },
      { "a set of any length comes out as it went in", across_chunks },
      { "an arena begun anew is empty", emptied },
      { "an exporter's oldest sets make room for its newer ones", own_oldest },
      { "what is larger than a share costs nobody its place", too_large },
      { "without room everything is lost and counted", nothing },
      { "noise of others leaves a quiet exporter's sets alone", noise },
      { "who all want everything have equal shares", shares },
      { "who waited for too long is given up", age },
      { "what is withdrawn is given up, and what comes of it", withdrawn },
      { "when our clock is set the stamps move along", clock_set })
