// SPDX-License-Identifier: Apache-2.0
/* Notes in a region that ends at a guard page: what is read again, and who gets room. */
#include "tests/noting.h"

static void every_length_is_read_as_it_was_kept(void)
{
	void *region = guarded_room(BLOCKS * RECALL_BLOCK);

	for (size_t len = sizeof(struct content); len <= RECALL_MOST; len++) {
		fresh(region, BLOCKS, ALL);
		keep_of_len(1, 5, len);
		keep_of_len(2, 6, RECALL_MOST);
		check(handle[1] && take_over(region, BLOCKS) == NM_OK && finds_all());
	}
	fresh(region, BLOCKS, ALL);
	check(!recall_keep(&recall, 0, &(struct recall_note){ 1, RECALL_TEMPLATE, bytes,
							      RECALL_MOST + 1 }));
	check(recall.refused == 1 && recall.used == 0);
	check(recall_keep(&recall, 0, &(struct recall_note){ 1, RECALL_TEMPLATE, bytes, 0 }));
	check(take_over(region, BLOCKS) == NM_OK && recall.used == 1);
}

static void a_note_takes_the_place_of_another(void)
{
	void *region = guarded_room(BLOCKS * RECALL_BLOCK);

	fresh(region, BLOCKS, ALL);
	keep(3, 1);
	keep(4, 1);
	keep(3, 2);
	drop(4);
	check(finds_all() && take_over(region, BLOCKS) == NM_OK && finds_all());
	check(version[3] == 2 && version[4] == 0);
}

static void without_a_region_nothing_is_kept(void)
{
	const struct recall_note note = { 1, RECALL_TEMPLATE, bytes, 10 };

	check(recall_keep(NULL, 0, &note) == 0);
	recall_drop(NULL, 1);
	fresh(guarded_room(BLOCKS * RECALL_BLOCK), BLOCKS, ALL);
	recall_drop(&recall, 0);
	check(recall.used == 0 && recall.free == 0);
}

/* Three blocks a note: 24 of them are 72; the region has room for 20. */
static void what_finds_no_room_is_counted_and_hurts_nobody(void)
{
	void *region = guarded_room(61 * RECALL_BLOCK);

	fresh(region, 61, ALL);
	for (uint32_t i = 0; i < NOTES; i++)
		keep_of_len(i, 1, 90);
	check(recall.used == 60 && recall.refused == 4 && finds_all());
	drop(7);
	keep_of_len(23, 2, 90);
	check(version[23] == 2 && recall.refused == 4);
	keep_of_len(0, 2, 200);				/* five blocks: the old one is gone */
	check(version[0] == 0 && recall.refused == 5 && recall.used == 57);
	check(sums_agree() && take_over(region, 61) == NM_OK && finds_all());
}

static void an_exporter_has_its_share(void)
{
	fresh(guarded_room(BLOCKS * RECALL_BLOCK), BLOCKS, 6);
	keep_of_len(0, 1, 90);
	keep_of_len(7, 1, 90);				/* of the same one */
	keep_of_len(14, 1, 20);
	keep_of_len(1, 1, 90);
	check(version[0] && version[7] && !version[14] && version[1]);
	check(recall.refused == 1 && held[1] == 6 && held[2] == 3);
	drop(0);
	keep_of_len(14, 1, 20);
	check(version[14] && held[1] == 4);
}

static void blocks_are_used_again(void)
{
	void *region = guarded_room(BLOCKS * RECALL_BLOCK);
	unsigned seed = 1;

	fresh(region, BLOCKS, ALL);
	for (uint32_t v = 1; v < 20000; v++) {
		uint32_t which = (uint32_t)rand_r(&seed) % NOTES;

		if (rand_r(&seed) % 4)
			keep(which, v);
		else
			drop(which);
		if (v % 100)
			continue;
		check(sums_agree() && finds_all());
		if (!check(take_over(region, BLOCKS) == NM_OK && finds_all()))
			return;
		adopt_all();
		check(sums_agree() && held[0] == 0);
	}
	check(recall.refused == 0);
}

static uint32_t fnv_1a(uint32_t h, const void *of, size_t len)
{
	for (const uint8_t *p = of; p < (const uint8_t *)of + len; p++) {
		h ^= *p;
		h *= 0x01000193;
	}
	return h;
}

/* FNV-1a of all of a note but the slot, which is its first word: 24 bytes, and what it says. */
static void the_mark_is_fnv_1a(void)
{
	uint8_t *region = guarded_room(BLOCKS * RECALL_BLOCK);
	const uint8_t *block = region + RECALL_BLOCK;
	uint32_t mark;

	fresh(region, BLOCKS, ALL);
	keep_of_len(1, 9, 20);
	memcpy(&mark, block, sizeof(mark));
	check(handle[1] == 1 && mark == fnv_1a(0x811c9dc5, block + 12, 24 + 20));
}

/* The last byte brings the sum to 0 when the sum before it is that byte. */
static void a_sum_of_0_is_marked_1(void)
{
	uint8_t *region = guarded_room(BLOCKS * RECALL_BLOCK), *block = region + RECALL_BLOCK;
	const struct recall_note note = { 3, RECALL_TEMPLATE, bytes, 5 };
	struct recall_found f = { 0 };
	uint32_t title, sum, mark, n = 0;

	fresh(region, BLOCKS, ALL);
	check(recall_keep(&recall, 0, &note) == 1);
	title = fnv_1a(0x811c9dc5, block + 12, 24);
	while ((sum = fnv_1a(title, &n, sizeof(n))) > 255)
		n++;
	memcpy(bytes, &n, sizeof(n));
	bytes[4] = (uint8_t)sum;
	check(fnv_1a(title, bytes, 5) == 0 && recall_keep(&recall, 1, &note) == 1);
	memcpy(&mark, block, sizeof(mark));
	check(mark == 1 && take_over(region, BLOCKS) == NM_OK);
	check(recall_next(&recall, &f) && f.len == 5 && !memcmp(f.bytes, bytes, 5));
}

TESTS({ "every length is read as it was kept, and too long ones are refused",
	every_length_is_read_as_it_was_kept },
      { "a note takes the place of another", a_note_takes_the_place_of_another },
      { "without a region nothing is kept", without_a_region_nothing_is_kept },
      { "what finds no room is counted and hurts nobody",
	what_finds_no_room_is_counted_and_hurts_nobody },
      { "an exporter has its share", an_exporter_has_its_share },
      { "blocks of notes that are gone are used again", blocks_are_used_again },
      { "the mark is the checksum FNV-1a", the_mark_is_fnv_1a },
      { "a note whose checksum is 0 is marked 1, and found", a_sum_of_0_is_marked_1 })
