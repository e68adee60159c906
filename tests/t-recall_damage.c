// SPDX-License-Identifier: Apache-2.0
/*
 * What a cut or bent region of notes is taken for, and what is left when the writer is killed at
 * any moment.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/noting.h"

/* --- damage -------------------------------------------------------------------------- */

#define SMALL 48			/* blocks, of which some are free */

static uint8_t before[SMALL * RECALL_BLOCK], after[SMALL * RECALL_BLOCK];

static void make_small(uint8_t *region)
{
	memset(region, 0, sizeof(before));
	fresh(region, SMALL, ALL);
	for (uint32_t i = 0; i < 6; i++)
		keep_of_len(i, i + 1, 20 + 40 * i);
	drop(2);
}

/* The bytes that differ between two regions, but those of the mark. Returns how many. */
static size_t differences(size_t mark, size_t at[sizeof(before)])
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(before); i++)
		if (before[i] != after[i] && (i < mark || i >= mark + 4))
			at[n++] = i;
	return n;
}

/* In whatever order the bytes get there: without the mark it is no note. */
static void cut_at_any_byte_a_note_is_none(void)
{
	static size_t at[sizeof(before)];
	uint8_t *region = guarded_room(sizeof(before));
	uint32_t found[NOTES], old[NOTES];
	size_t n;

	make_small(region);
	memcpy(before, region, sizeof(before));
	memcpy(old, version, sizeof(old));
	keep_of_len(9, 77, 300);
	memcpy(after, region, sizeof(after));
	n = differences((size_t)handle[9] * RECALL_BLOCK, at);
	check(n > 250);
	for (size_t cut = 0; cut < 2 * n; cut++) {
		memcpy(region, before, sizeof(before));
		for (size_t i = 0; i < cut % n; i++) {
			size_t which = cut < n ? at[i] : at[n - 1 - i];

			region[which] = after[which];
		}
		if (!check(take_over(region, SMALL) == NM_OK && read_all(found) == 5 &&
			   !memcmp(found, old, sizeof(old))))
			return;
	}
}

static void every_flipped_bit_is_noticed_or_harmless(void)
{
	uint8_t *region = guarded_room(sizeof(before));
	uint32_t found[NOTES], whole[NOTES];
	unsigned noticed = 0, harmless = 0;

	make_small(region);
	memcpy(before, region, sizeof(before));
	memcpy(whole, version, sizeof(whole));
	for (size_t bit = 0; bit < 8 * sizeof(before); bit++) {
		memcpy(region, before, sizeof(before));
		region[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (take_over(region, SMALL)) {
			noticed++;
			continue;
		}
		harmless++;
		if (!check(read_all(found) >= 0))
			return;
		for (unsigned i = 0; i < NOTES; i++)
			check(!found[i] || found[i] == whole[i]);
		adopt_all();
		for (uint32_t i = 0; i < NOTES; i++)
			keep_of_len(i, 99, 60);
		if (!check(sums_agree() && recall.used <= SMALL - 1 && read_all(found) > 15))
			return;
	}
	check(noticed > 5000 && harmless > 5000);
}

/* The second blocks say the same, so that no checksum could tell. */
static void a_block_of_two_notes_is_noticed(void)
{
	uint8_t *region = guarded_room(sizeof(before));
	const struct recall_note note = { 1, RECALL_TEMPLATE, bytes, 80 };
	uint32_t first, second, next;

	fresh(region, SMALL, ALL);
	memset(bytes, 7, sizeof(bytes));
	first = recall_keep(&recall, 0, &note);
	second = recall_keep(&recall, 0, &note);
	check(take_over(region, SMALL) == NM_OK && recall.used == 4);
	memcpy(&next, region + first * RECALL_BLOCK + 4, 4);
	memcpy(region + second * RECALL_BLOCK + 4, &next, 4);
	check(take_over(region, SMALL) == NM_LENGTH);
}

static void files_of_others_are_refused(void)
{
	uint8_t *region = guarded_room(sizeof(before));

	make_small(region);
	memcpy(before, region, sizeof(before));
	check(take_over(region, SMALL - 1) == NM_LAYOUT);
	check(recall_open(&recall, region, sizeof(before) - 1, seen) == NM_LAYOUT);
	region[8] ^= 2;				/* another version */
	check(take_over(region, SMALL) == NM_LAYOUT);
	memcpy(region, before, sizeof(before));
	region[0] = 'X';
	check(take_over(region, SMALL) == NM_FOREIGN);
	memset(region, 0, sizeof(before));
	check(take_over(region, SMALL) == NM_FOREIGN);
	check(recall_open(&recall, memcpy(guarded_room(8), "NMRECALL", 8), 8, seen) == NM_FOREIGN);
	check(recall_open(&recall, guarded_room(0), 0, seen) == NM_FOREIGN);
}

/* --- kill -9 ------------------------------------------------------------------------- */

struct shared {
	_Alignas(RECALL_BLOCK) uint8_t region[BLOCKS * RECALL_BLOCK];
	volatile uint32_t done;		/* steps that are behind the writer */
};

/* One step of the writer; it follows from its number. Returns which note it was about. */
static uint32_t step(uint32_t n, bool really)
{
	uint32_t chance = n * 2654435761u >> 8, which = chance % NOTES;

	if (!really)
		version[which] = chance >> 8 & 3 ? n : 0;
	else if (chance >> 8 & 3)
		keep(which, n);
	else
		drop(which);
	return which;
}

static void write_on(struct shared *s)
{
	adopt_all();
	for (;;) {
		step(s->done + 1, true);
		s->done++;
	}
}

/* All is as the model says, but for the one that was under way: old, new, or none. */
static bool agrees(uint32_t under_way, uint32_t step_under_way)
{
	uint32_t found[NOTES];

	if (read_all(found) < 0)
		return false;
	for (uint32_t i = 0; i < NOTES; i++)
		if (found[i] != version[i] &&
		    (i != under_way || (found[i] && found[i] != step_under_way)))
			return false;
	version[under_way] = found[under_way];
	return true;
}

static void killed_at_any_moment_it_knows_the_rest(void)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned seed = 4;

	fresh(s->region, BLOCKS, ALL);
	for (int round = 0; round < 300; round++) {
		uint32_t from = s->done, under_way;
		pid_t child = fork();

		if (!child)
			write_on(s);
		nanosleep(&(struct timespec){ 0, 50000 + rand_r(&seed) % 900000 }, NULL);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		for (uint32_t n = from + 1; n <= s->done; n++)
			step(n, false);
		if (!check(take_over(s->region, BLOCKS) == NM_OK))
			return;
		under_way = (s->done + 1) * 2654435761u >> 8;
		if (!check(agrees(under_way % NOTES, s->done + 1)))
			return;
		s->done++;
	}
	check(s->done > 3000);
	munmap(s, sizeof(*s));
}

TESTS({ "cut at any byte a note that is not finished is none", cut_at_any_byte_a_note_is_none },
      { "every flipped bit is noticed or harmless", every_flipped_bit_is_noticed_or_harmless },
      { "a block that two notes share is noticed", a_block_of_two_notes_is_noticed },
      { "files of others, of other versions and sizes are refused", files_of_others_are_refused },
      { "killed at any moment, 300 times, all other notes are there",
	killed_at_any_moment_it_knows_the_rest })
