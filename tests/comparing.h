/* SPDX-License-Identifier: Apache-2.0 */
/* What was kept of a capture, against the tables of it: field by field, and how many differ. */
#ifndef NM_COMPARING_H
#define NM_COMPARING_H

#include "tests/column.h"
#include "tests/lines.h"

#define SHOWN 5				/* differences shown of a case */

/* The fields of a case: all that were compared, and those that differ for one cause or another. */
struct tally { unsigned fields, ignored, waiting, differ; };

static inline void tell_difference(const struct golden_case *c, unsigned record,
				   const char *column, const char *have, const char *want,
				   struct tally *t)
{
	if (t->differ++ < SHOWN)
		printf("  %s, record %u: %s is %s, should be %s\n", c->name, record, column, have,
		       want);
}

static inline void compare_field(const struct line *head, const struct line *row, size_t i,
				 const struct golden_case *c, struct tally *t)
{
	const struct column *column = column_find(head->field[i]);
	char have[COLUMN_TEXT];

	if (!column || i >= row->count)
		return;
	t->fields++;
	if (column->same(column, &kept.flows[row->number - 1], row->field[i], have))
		return;
	if (listed(c->ignored, column->name))
		t->ignored++;
	else if (listed(c->waiting, column->name))
		t->waiting++;
	else
		tell_difference(c, row->number, column->name, have, row->field[i], t);
}

/* What no column of the table speaks of must be absent. */
static inline void compare_rest(const struct line *head, unsigned record,
				const struct golden_case *c, struct tally *t)
{
	char have[COLUMN_TEXT];

	for (const struct column *m = members; m < members + MEMBERS; m++)
		if (!m->same(m, &kept.flows[record - 1], "", have) && !column_shows(head, m))
			tell_difference(c, record, m->name, have, "absent", t);
}

static inline bool compare(const struct golden_case *c, const char *table, struct tally *t)
{
	struct words file = text_read(table);
	struct line head = { 0 }, row = { 0 };
	char *at = file.bytes;

	if (!at || !line_next(&at, &head))
		return fail("%s: cannot be read", table);
	while (line_next(&at, &row)) {
		if (row.number > kept.flow_count || row.number > KEEPING_FLOWS)
			continue;
		for (size_t i = 0; i < head.count; i++)
			compare_field(&head, &row, i, c, t);
		if (c->own)
			compare_rest(&head, row.number, c, t);
	}
	free(file.bytes);
	if (row.number != kept.flow_count && !listed(c->ignored, "records"))
		return fail("%s: %zu records, should be %u", c->name, kept.flow_count, row.number);
	t->ignored += row.number != kept.flow_count;
	if (!t->differ && ((c->waiting && !t->waiting) || (c->ignored && !t->ignored)))
		return fail("%s: agrees now, take it off tests/GOLDEN", c->name);
	return !t->differ;
}

/* Lines of names or of counters; a table that is not there has none. */
static inline bool compare_lines(const char *table, size_t count,
				 void (*line)(size_t i, struct out *o))
{
	struct words file = text_read(table);
	const char *at = file.bytes ? file.bytes + strcspn(file.bytes, "\n") + 1 : "";
	size_t i = 0;
	bool good = true;

	for (; i < count && *at; i++, at += strcspn(at, "\n") + 1) {
		char have[LINE_TEXT];
		struct out o = out_of(have, sizeof(have));
		size_t len = strcspn(at, "\n");

		line(i, &o);
		if (out_len(&o) != len || memcmp(have, at, len))
			good = fail("%s: %s, should be %.*s", table, out_end(&o), (int)len, at);
	}
	if (i < count || *at)
		good = fail("%s: %zu are told, which is another number", table, count);
	free(file.bytes);
	return good;
}

#endif
