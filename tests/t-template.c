// SPDX-License-Identifier: Apache-2.0
/* The table of templates: who finds what, who is refused, and that no memory is ever lost. */
#include "tests/guard.h"
#include "tests/teaching.h"
#include "tests/test.h"

#define EXPORTERS 8
#define MINUTE    (60 * NM_NS_PER_S)

static struct exporter slots[EXPORTERS];
static struct exporters all = { .slots = slots, .size = EXPORTERS };
static struct pen pen;
static nm_time now;
static bool changed;

static void start(uint32_t size, uint32_t chunks, uint32_t per_exporter)
{
	memset(slots, 0, sizeof(slots));
	now = time_of_s(1700000000);
	teaching_start(&all, size, chunks, per_exporter);
}

/* Learn from what the pen has written; *left is what was not read. */
static enum nm_err learn_pen(unsigned e, bool v9, bool options, size_t *left)
{
	struct lesson lesson = { .e = &slots[e], .seen = now, .v9 = v9, .options = options };
	struct buf in = buf_of(guarded(pen.bytes, pen.len), pen.len);
	enum nm_err err = template_learn(&teaching, &lesson, &in, &changed);

	*left = buf_left(&in);
	return err;
}

static enum nm_err learn(unsigned e, uint16_t id, const char *fields)
{
	size_t left;
	enum nm_err err;

	pen.len = 0;
	put_template(&pen, id, fields);
	err = learn_pen(e, false, false, &left);
	check(left == 0);
	return err;
}

static enum nm_err learn_digits(bool v9, bool options, const char *digits, size_t *left)
{
	pen.len = 0;
	put_hex(&pen, digits);
	return learn_pen(1, v9, options, left);
}

static const struct template *find(unsigned e, uint16_t id)
{
	return template_find(&teaching, &slots[e], id, now);
}

/* Chunks and slots are used or free, and the exporters' counts add up. */
static void nothing_is_lost(void)
{
	uint32_t held = 0, free_slots = 0, free_chunks = 0;

	for (unsigned i = 0; i < EXPORTERS; i++)
		held += slots[i].templates;
	for (uint32_t i = teaching.free_slot; i; i = teaching.slots[i].next)
		free_slots++;
	for (uint32_t i = teaching.free_chunk; i; i = teaching.chunks[i].next)
		free_chunks++;
	check(held == teaching.used && free_slots + held == teaching.size - 1);
	check(free_chunks + teaching.chunks_used == teaching.chunk_count - 1);
}

static void found_again(void)
{
	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "8/4") && changed);
	check(!learn(1, 257, "8/4 12/4"));
	check(!learn(2, 256, "27/16"));
	check(find(1, 256)->min_len == 4 && find(1, 257)->min_len == 8);
	check(find(2, 256)->min_len == 16 && !find(2, 257) && !find(1, 258) && !find(3, 256));
	check(slots[1].templates == 2 && slots[2].templates == 1);
	nothing_is_lost();
}

static void sent_again(void)
{
	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "8/4 12/4 7/2") && changed);
	check(!learn(1, 256, "8/4 12/4 7/2") && !changed);
	check(!learn(1, 256, "12/4 8/4 7/2") && changed && find(1, 256)->steps == 3);
	check(!learn(1, 256, "8/4") && changed && find(1, 256)->steps == 1);
	check(!learn(1, 256, "1/8 2/8 4/1 5/1 6/1 7/2 8/4 10/4 11/2 12/4 14/4 16/4 17/4 21/8"));
	check(changed && find(1, 256)->min_len == 55 && find(1, 256)->steps == 14);
	check(slots[1].templates == 1);
	nothing_is_lost();
}

/* Only the first field, fields in the place of padding and back, an unknown one in its place. */
static void other_by_little(void)
{
	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "1/4 8/4 12/4") && !learn(1, 256, "2/4 8/4 12/4") && changed);
	check(!learn(1, 257, "8/4 12/4 7/2 11/2") && !learn(1, 257, "8/4 12/4 210/4") && changed);
	check(find(1, 257)->steps == 2);
	check(!learn(1, 257, "8/4 12/4 7/2 11/2") && changed && find(1, 257)->steps == 4);
	check(!learn(1, 258, "8/4 999/4") && !learn(1, 258, "8/4 210/4") && changed);
	check(find(1, 258)->unknown == 0);
	check(!learn(1, 258, "8/4 999/4") && changed && find(1, 258)->unknown == 1);
	nothing_is_lost();
}

static void refused_ones_take_the_old_with_them(void)
{
	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "8/4") && find(1, 256));
	check(learn(1, 256, "8/0 12/0") == NM_BADTPL && !find(1, 256));
	check(!learn(1, 256, "8/4") && find(1, 256));
	check(learn(1, 256, "999/65535 998/65000 997/65000") == NM_BADTPL && !find(1, 256));
	nothing_is_lost();
}

static void ids_below_256(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(learn_digits(false, false, "00ff 0001 00080004 0100 0001 00080004", &left) ==
	      NM_BADTPL);
	check(left == 0 && !find(1, 255) && !find(1, 256));
	check(learn_digits(true, false, "00000001" "00080004", &left) == NM_BADTPL && left == 0);
}

static void withdrawals(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "8/4") && !learn(1, 257, "8/4") && !learn(2, 256, "8/4"));
	check(!learn_digits(false, true, "0102" "0001" "0001" "00950004", &left) && find(1, 258));
	check(!learn_digits(false, false, "0100" "0000" "ffff", &left) && left == 2);
	check(!find(1, 256) && find(1, 257) && find(1, 258) && find(2, 256));
	check(!learn_digits(false, false, "0100" "0000", &left));	/* once more does no harm */
	check(!learn_digits(false, false, "0002" "0000", &left));
	check(!find(1, 257) && find(1, 258) && find(2, 256));
	check(!learn_digits(false, true, "0003" "0000", &left) && left == 0 && !find(1, 258));
	check(teaching.used == 1);
	nothing_is_lost();
}

static void version_9_has_no_withdrawals(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(learn_digits(true, false, "0100" "0000", &left) == NM_BADTPL && left == 0);
	check(learn_digits(true, false, "0000" "0000", &left) == NM_BADTPL);
}

static void options_templates(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	/* IPFIX: 3 fields, 1 of them scope; one with an enterprise */
	check(!learn_digits(false, true, "0100" "0003" "0001" "00950004" "80010008" "00000009"
			    "00220004" "ffff", &left));
	check(left == 2 && find(1, 256)->options && find(1, 256)->min_len == 16);
	/* v9: 4 bytes of scope, 8 of options */
	check(!learn_digits(true, true, "0101 0004 0008 00010004 00220004 00230001", &left));
	check(left == 0 && find(1, 257)->options && find(1, 257)->min_len == 9);
	check(learn_digits(true, true, "0102 0003 0008 00010004 00220004", &left) == NM_BADTPL);
	check(left == 0 && !find(1, 258));
	check(learn_digits(false, true, "0103 0001 0002 00950004", &left) == NM_BADTPL);
	check(learn_digits(false, true, "0104 0002 0001 00950000 00220000", &left) == NM_BADTPL);
	check(learn_digits(true, true, "0105 0000 0000", &left) == NM_BADTPL);
}

static void a_template_may_become_options(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(!learn(1, 256, "999/4"));
	check(!learn_digits(false, true, "0100" "0001" "0001" "03e70004", &left) && changed);
	check(find(1, 256)->options && slots[1].templates == 1);
}

static void too_many_of_one_exporter(void)
{
	start(TEACHING_SLOTS, TEACHING_CHUNKS, 3);
	for (uint16_t id = 256; id < 259; id++)
		check(!learn(1, id, "8/4"));
	check(learn(1, 259, "8/4") == NM_FULL && !find(1, 259) && slots[1].templates == 3);
	check(!learn(1, 258, "12/4") && find(1, 258));		/* what it has may change */
	check(!learn(2, 256, "8/4") && find(2, 256));		/* others are not concerned */
	nothing_is_lost();
}

static void a_full_table(void)
{
	start(4, TEACHING_CHUNKS, 4);
	for (uint16_t e = 1; e < 4; e++)
		check(!learn(e, 256, "8/4"));
	check(learn(4, 256, "8/4") == NM_FULL);
	now = time_plus(now, 29 * MINUTE);
	check(find(1, 256) && !learn(2, 256, "8/4"));		/* used, sent again, neither */
	now = time_plus(now, 2 * MINUTE);
	check(!learn(4, 256, "8/4") && find(4, 256));
	check(find(1, 256) && find(2, 256) && !find(3, 256));
	check(learn(5, 256, "8/4") == NM_FULL);
	nothing_is_lost();
}

static void a_clock_that_steps(void)
{
	start(2, TEACHING_CHUNKS, 4);
	check(!learn(1, 256, "8/4"));
	check(learn(2, 256, "8/4") == NM_FULL);
	now = time_plus(now, -365 * 24 * 60 * MINUTE);
	check(learn(2, 256, "8/4") == NM_FULL && find(1, 256));
	now = time_plus(now, 31 * MINUTE);
	check(!learn(2, 256, "8/4") && !find(1, 256));
}

static void no_chunks_left(void)
{
	start(TEACHING_SLOTS, 3, TEACHING_SLOTS);	/* room for 14 steps */
	check(!learn(1, 256, "1/8 2/8 4/1 5/1 6/1 7/2 8/4"));
	check(!learn(1, 257, "1/8 2/8 4/1"));
	check(learn(2, 256, "8/4") == NM_FULL && !find(2, 256) && slots[2].templates == 0);
	check(!learn(2, 257, "210/4") && find(2, 257)->steps == 0);	/* needs none */
	check(learn(1, 257, "1/8 2/8 4/1 5/1 6/1 7/2 8/4 12/4") == NM_FULL && !find(1, 257));
	check(!learn(2, 256, "8/4") && find(2, 256));
	nothing_is_lost();
}

static void every_truncation(void)
{
	size_t left;

	for (size_t len = 0; len < 24; len++) {
		start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
		pen.len = 0;
		put_template(&pen, 256, "8/4 1/8/9 12/4 7/2");
		check(pen.len == 24);
		pen.len = len;
		check(learn_pen(1, false, false, &left) == (len < 2 ? NM_BADTPL : NM_SHORT));
		check(left == 0 && !find(1, 256));
		nothing_is_lost();
	}
}

static void counts_of_65535(void)
{
	size_t left;

	start(TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(learn_digits(false, false, "0100" "ffff" "00080004" "000c0004", &left) == NM_SHORT);
	check(learn_digits(false, true, "0100" "ffff" "ffff" "00080004", &left) == NM_SHORT);
	check(learn_digits(true, true, "0100" "fffc" "fffc" "00080004", &left) == NM_SHORT);
	check(left == 0 && teaching.used == 0);
}

/* Many hands on a small table, by a fixed course of numbers. */
static void long_use(void)
{
	static const char *const layouts[] = {
		"8/4", "8/4 12/4 7/2", "1/8 2/8 4/1 5/1 6/1 7/2 8/4 10/4", "82/v 83/v", "999/1",
		"1/8 2/8 4/1 5/1 6/1 7/2 8/4 10/4 11/2 12/4 14/4 16/4 17/4 56/6 80/6", "8/0",
	};
	uint32_t number = 1;

	start(16, 24, 6);
	for (int i = 0; i < 20000; i++) {
		unsigned e, layout;
		uint16_t id;

		number = number * 1103515245 + 12345;
		e = number >> 16 & 7;
		id = (uint16_t)(256 + (number >> 20) % 5);
		layout = (number >> 24) % 7;
		now = time_plus(now, (number >> 28) * NM_NS_PER_S);
		if (!learn(e, id, layouts[layout]))
			check(find(e, id));
		else
			check(!find(e, id));
		if (i % 500 == 0)
			nothing_is_lost();
	}
	nothing_is_lost();
}

TESTS({ "a template is found by exporter and id", found_again },
      { "a template sent again replaces the old one", sent_again },
      { "a template that differs in little is another one", other_by_little },
      { "a template refused takes the old one with it", refused_ones_take_the_old_with_them },
      { "an id below 256 is no template's", ids_below_256 },
      { "IPFIX withdraws one template, or all of a kind", withdrawals },
      { "version 9 withdraws nothing", version_9_has_no_withdrawals },
      { "options templates are told by scope and length", options_templates },
      { "a template may become one of options", a_template_may_become_options },
      { "one exporter cannot take all room", too_many_of_one_exporter },
      { "a full table makes room only when one was idle for long", a_full_table },
      { "a clock that steps back frees nothing too early", a_clock_that_steps },
      { "no room for steps refuses the template and keeps nothing", no_chunks_left },
      { "every truncation is safe", every_truncation },
      { "a count of 65535 is bounded by the bytes", counts_of_65535 },
      { "nothing is lost in long use", long_use })
