// SPDX-License-Identifier: Apache-2.0
/*
 * Notes in a region that ends at a guard page: who gets room, what a cut or bent region is taken
 * for, and what is left when the writer is killed at any moment. A note says which one it is, in
 * which version, and goes on with bytes that follow from both.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/recall.h"
#include "tests/guard.h"
#include "tests/test.h"

#define BLOCKS    320
#define EXPORTERS 8
#define NOTES     24
#define ALL       BLOCKS		/* a share that is no limit */

static struct exporter slots[EXPORTERS];
static const struct exporters all = { slots, EXPORTERS, EXPORTERS };
static uint32_t held[EXPORTERS];
static uint8_t seen[BLOCKS], bytes[RECALL_MOST];
static struct recall recall;
static uint32_t handle[NOTES];		/* of each note, 0: there is none */
static uint32_t version[NOTES];		/* that it should be found in */

struct content { uint32_t which, version; };

static void fresh(void *region, uint32_t blocks, uint32_t share)
{
	memset(held, 0, sizeof(held));
	memset(handle, 0, sizeof(handle));
	memset(version, 0, sizeof(version));
	for (unsigned i = 1; i < EXPORTERS; i++)
		slots[i] = (struct exporter){ .address.b[15] = (uint8_t)i, .domain = 100 + i,
					      .source = (uint8_t)(3 + i % 2), .used = 1 };
	recall = (struct recall){ .exporters = &all, .held = held, .per_exporter = share };
	recall_create(&recall, region, blocks * RECALL_BLOCK);
}

static enum nm_err take_over(void *region, uint32_t blocks)
{
	memset(held, 0, sizeof(held));
	memset(seen, 0, sizeof(seen));
	recall = (struct recall){ .exporters = &all, .held = held, .per_exporter = ALL };
	return recall_open(&recall, region, blocks * RECALL_BLOCK, seen);
}

static uint8_t byte_of(const struct content *c, size_t at)
{
	return (uint8_t)(c->which * 31 + c->version * 7 + at * (at >> 3 | 1));
}

static size_t len_of(const struct content *c)
{
	return sizeof(*c) + c->version * 2654435761u % 500;
}

static uint32_t slot_of(uint32_t which)
{
	return 1 + which % (EXPORTERS - 1);
}

/* Keep this version of a note, of its own length or of another one. */
static void keep_of_len(uint32_t which, uint32_t v, size_t len)
{
	struct content c = { which, v };
	const struct recall_note note = { slot_of(which), RECALL_TEMPLATE, bytes, len };

	memcpy(bytes, &c, sizeof(c));
	for (size_t i = sizeof(c); i < len; i++)
		bytes[i] = byte_of(&c, i);
	handle[which] = recall_keep(&recall, handle[which], &note);
	version[which] = handle[which] ? v : 0;
}

static void keep(uint32_t which, uint32_t v)
{
	struct content c = { which, v };

	keep_of_len(which, v, len_of(&c));
}

static void drop(uint32_t which)
{
	recall_drop(&recall, handle[which]);
	handle[which] = version[which] = 0;
}

/* Whether a note says what somebody kept, to the last byte. */
static bool is_whole(const struct recall_found *f, struct content *c)
{
	memcpy(c, f->bytes, sizeof(*c));
	if (f->kind != RECALL_TEMPLATE || f->len < sizeof(*c) || c->which >= NOTES ||
	    f->key.domain != 100 + slot_of(c->which) ||
	    f->key.address.b[15] != slot_of(c->which))
		return false;
	for (size_t i = sizeof(*c); i < f->len; i++)
		if (f->bytes[i] != byte_of(c, i))
			return false;
	return true;
}

/* Read all notes; found[] has their versions. Returns how many, or -1 when one is wrong. */
static int read_all(uint32_t found[NOTES])
{
	struct recall_found f = { 0 };
	int n = 0;

	memset(found, 0, NOTES * sizeof(found[0]));
	for (; recall_next(&recall, &f); n++) {
		struct content c;

		if (!is_whole(&f, &c) || found[c.which])
			return -1;
		found[c.which] = c.version;
	}
	return n;
}

static bool finds_all(void)
{
	uint32_t found[NOTES];

	return read_all(found) >= 0 && !memcmp(found, version, sizeof(found));
}

/* What was found is adopted, as by an agent that starts. */
static void adopt_all(void)
{
	struct recall_found f = { 0 };

	memset(handle, 0, sizeof(handle));
	while (recall_next(&recall, &f)) {
		struct content c;

		memcpy(&c, f.bytes, sizeof(c));
		recall_adopt(&recall, f.note, slot_of(c.which));
		handle[c.which] = f.note;
	}
}

static bool sums_agree(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < EXPORTERS; i++)
		sum += held[i];
	return sum == recall.used;
}

/* --- keeping ------------------------------------------------------------------------- */

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

/* FNV-1a of all of a note but the slot, which is its first word: 24 bytes, and what it says. */
static void the_mark_is_fnv_1a(void)
{
	uint8_t *region = guarded_room(BLOCKS * RECALL_BLOCK);
	const uint8_t *block = region + RECALL_BLOCK;
	uint32_t h = 0x811c9dc5, mark;

	fresh(region, BLOCKS, ALL);
	keep_of_len(1, 9, 20);
	for (unsigned i = 0; i < 24 + 20; i++) {
		h ^= block[8 + 4 + i];
		h *= 0x01000193;
	}
	memcpy(&mark, block, sizeof(mark));
	check(handle[1] == 1 && mark == h);
}

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

TESTS({ "every length is read as it was kept, and too long ones are refused",
	every_length_is_read_as_it_was_kept },
      { "a note takes the place of another", a_note_takes_the_place_of_another },
      { "without a region nothing is kept", without_a_region_nothing_is_kept },
      { "what finds no room is counted and hurts nobody",
	what_finds_no_room_is_counted_and_hurts_nobody },
      { "an exporter has its share", an_exporter_has_its_share },
      { "blocks of notes that are gone are used again", blocks_are_used_again },
      { "the mark is the checksum FNV-1a", the_mark_is_fnv_1a },
      { "cut at any byte a note that is not finished is none", cut_at_any_byte_a_note_is_none },
      { "every flipped bit is noticed or harmless", every_flipped_bit_is_noticed_or_harmless },
      { "a block that two notes share is noticed", a_block_of_two_notes_is_noticed },
      { "files of others, of other versions and sizes are refused", files_of_others_are_refused },
      { "killed at any moment, 300 times, all other notes are there",
	killed_at_any_moment_it_knows_the_rest })
