// SPDX-License-Identifier: Apache-2.0
/* The journal: a change is redone whole or forgotten whole, and nonsense is refused. */
#include "core/journal.h"
#include "tests/guard.h"
#include "tests/test.h"

struct place { uint64_t a; uint32_t b; uint8_t c[5]; };

static struct region { struct journal journal; struct place place; } r;

static void collect(void)
{
	struct place to = { 1, 2, { 3, 3, 3, 3, 3 } };

	memset(&r, 0, sizeof(r));
	journal_put(&r.journal, &r, &r.place.a, &to.a, sizeof(to.a));
	journal_put(&r.journal, &r, &r.place.b, &to.b, sizeof(to.b));
	journal_put(&r.journal, &r, r.place.c, to.c, sizeof(to.c));
}

static int is_changed(void)
{
	return r.place.a == 1 && r.place.b == 2 && r.place.c[4] == 3;
}

static void a_commit_changes_every_place(void)
{
	collect();
	check(!is_changed());
	journal_commit(&r.journal, &r);
	check(is_changed() && !r.journal.valid && !r.journal.filled);
}

static void what_was_only_collected_is_forgotten(void)
{
	collect();
	check(journal_recover(&r.journal, &r, sizeof(r)) == NM_OK);
	check(!is_changed() && !r.journal.filled);
}

static void what_was_committed_is_redone(void)
{
	collect();
	r.journal.valid = r.journal.filled;		/* killed here, */
	r.place.a = 1;					/* or behind the first place */
	check(journal_recover(&r.journal, &r, sizeof(r)) == NM_OK);
	check(is_changed() && !r.journal.valid);
}

static void entries_outside_the_region_are_refused(void)
{
	uint32_t huge = 0x7fffffff;

	collect();
	r.journal.valid = r.journal.filled;
	check(journal_recover(&r.journal, &r, sizeof(struct journal) + 8) == NM_LENGTH);
	collect();
	r.journal.valid = r.journal.filled;
	memcpy(r.journal.bytes + 8, &huge, sizeof(huge));
	check(journal_recover(&r.journal, &r, sizeof(r)) == NM_LENGTH);
	r.journal.valid = JOURNAL_SIZE + 1;
	check(journal_recover(&r.journal, &r, sizeof(r)) == NM_LENGTH);
	r.journal.valid = 7;
	check(journal_recover(&r.journal, &r, sizeof(r)) == NM_LENGTH);
}

TESTS({ "a commit changes every place", a_commit_changes_every_place },
      { "what was only collected is forgotten", what_was_only_collected_is_forgotten },
      { "what was committed is redone", what_was_committed_is_redone },
      { "entries outside the region are refused", entries_outside_the_region_are_refused })
