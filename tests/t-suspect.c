// SPDX-License-Identifier: Apache-2.0
/* Bad batch or unfitting table: stories of refusals and what they lead to. */
#include "core/suspect.h"
#include "tests/test.h"

static void one_bad_batch(void)
{
	struct suspect s = { 0 };

	suspect_stored(&s, 1);
	check(suspect_behind(&s) == 0);
	check(!suspect_refused(&s, 2));
	check(suspect_behind(&s) == 2);		/* the next one is tried */
	check(!suspect_is_alarm(&s));
	suspect_stored(&s, 3);
	check(suspect_behind(&s) == 0);		/* and the refused one once more */
	check(suspect_refused(&s, 2));
}

static void two_bad_batches(void)
{
	struct suspect s = { 0 };

	check(!suspect_refused(&s, 1));
	check(!suspect_refused(&s, 2));
	check(suspect_is_alarm(&s));
	check(suspect_behind(&s) == 2);
	suspect_stored(&s, 3);
	check(!suspect_is_alarm(&s));
	check(suspect_refused(&s, 1));
	check(suspect_refused(&s, 2));
}

static void unfitting_table(void)
{
	struct suspect s = { 0 };

	for (unsigned round = 0; round < 5; round++)
		for (uint64_t number = 1; number <= 3; number++)
			check(!suspect_refused(&s, number));
	check(suspect_is_alarm(&s));
	for (uint64_t number = 1; number <= 3; number++)	/* the table was mended */
		suspect_stored(&s, number);
	check(!suspect_is_alarm(&s) && suspect_behind(&s) == 0);
}

static void one_success_proves_no_later_refusal(void)
{
	struct suspect s = { 0 };

	check(!suspect_refused(&s, 1));
	suspect_stored(&s, 2);
	suspect_stored(&s, 1);			/* good after all */
	check(!suspect_refused(&s, 3));		/* a new case */
	check(!suspect_refused(&s, 3));
	suspect_stored(&s, 4);
	check(suspect_refused(&s, 3));
	check(!suspect_refused(&s, 5));
}

TESTS({ "a bad batch is given up after another one was stored", one_bad_batch },
      { "so are two in a row", two_bad_batches },
      { "while nothing is stored, nothing is given up", unfitting_table },
      { "one success proves nothing about later batches", one_success_proves_no_later_refusal })
