// SPDX-License-Identifier: Apache-2.0
/* Counting what is not known, in a table that is too small. */
#include <string.h>

#include "core/unknown.h"
#include "tests/test.h"

#define SIZE 16

static struct unknown_row rows[SIZE];
static struct unknown table;

static void start(void)
{
	memset(rows, 0, sizeof(rows));
	table = (struct unknown){ .rows = rows, .size = SIZE };
}

static uint64_t count_of(enum unknown_kind kind, uint32_t enterprise, uint32_t id)
{
	uint64_t n = 0;

	for (const struct unknown_row *r = NULL; (r = unknown_next(&table, r));)
		if (r->kind == kind && r->enterprise == enterprise && r->id == id)
			n += r->count;
	return n;
}

static void by_kind_enterprise_and_id(void)
{
	start();
	check(!unknown_next(&table, NULL));
	unknown_add(&table, UNKNOWN_ELEMENT, 9, 12235, 20);
	unknown_add(&table, UNKNOWN_ELEMENT, 9, 12235, 1);
	unknown_add(&table, UNKNOWN_ELEMENT, 0, 12235, 2);
	unknown_add(&table, UNKNOWN_SAMPLE, 9, 12235, 3);
	unknown_add(&table, UNKNOWN_ELEMENT, 9, 12236, 4);
	check(count_of(UNKNOWN_ELEMENT, 9, 12235) == 21);
	check(count_of(UNKNOWN_ELEMENT, 0, 12235) == 2);
	check(count_of(UNKNOWN_SAMPLE, 9, 12235) == 3);
	check(count_of(UNKNOWN_ELEMENT, 9, 12236) == 4);
	check(table.used == 4 && table.rest == 0);
}

static void nothing_takes_no_row(void)
{
	start();
	unknown_add(&table, UNKNOWN_ELEMENT, 0, 400, 0);
	unknown_add(NULL, UNKNOWN_ELEMENT, 0, 400, 1);
	check(table.used == 0 && !unknown_next(&table, NULL));
}

static void a_full_table_counts_the_rest(void)
{
	uint64_t listed = 0;

	start();
	for (uint32_t id = 0; id < 100; id++)
		unknown_add(&table, UNKNOWN_COUNTER_RECORD, 0, id, 2);
	for (const struct unknown_row *r = NULL; (r = unknown_next(&table, r));)
		listed += r->count;
	check(table.used == 11 && listed == 22 && table.rest == 178);
	unknown_add(&table, UNKNOWN_COUNTER_RECORD, 0, 0, 5);	/* which is there, as the first */
	check(count_of(UNKNOWN_COUNTER_RECORD, 0, 0) == 7 && table.rest == 178);
}

static void numbers_of_all_widths(void)
{
	start();
	unknown_add(&table, UNKNOWN_FLOW_RECORD, 0xffffffff, 0xffffffff, UINT64_MAX);
	unknown_add(&table, UNKNOWN_FLOW_RECORD, 0, 0, 1);
	check(count_of(UNKNOWN_FLOW_RECORD, 0xffffffff, 0xffffffff) == UINT64_MAX);
	check(count_of(UNKNOWN_FLOW_RECORD, 0, 0) == 1);
}

static void words(void)
{
	check(!strcmp(unknown_word(UNKNOWN_ELEMENT), "element"));
	check(!strcmp(unknown_word(UNKNOWN_COUNTER_RECORD), "counter record"));
}

TESTS({ "what is unknown is counted by kind, enterprise and id", by_kind_enterprise_and_id },
      { "what was not seen takes no row", nothing_takes_no_row },
      { "a full table counts the rest together", a_full_table_counts_the_rest },
      { "numbers may have all their bits", numbers_of_all_widths },
      { "every kind has a word", words })
