/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables that captures are held against: files of lines with tabs between their fields, the
 * columns named in the first, and tests/GOLDEN with the few differences that must be.
 */
#ifndef NM_TABLE_H
#define NM_TABLE_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words { char *bytes; size_t len; };

/* A whole file, terminated; bytes is NULL when it cannot be read. The caller frees it. */
static inline struct words text_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct words t = { NULL, 0 };
	long size;

	if (!f)
		return t;
	if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
		t.bytes = calloc(1, (size_t)size + 1);
		if (t.bytes)
			t.len = fread(t.bytes, 1, (size_t)size, f);
	}
	fclose(f);
	return t;
}

#define LINE_FIELDS 80

struct line {
	char *field[LINE_FIELDS];
	size_t count;
	unsigned number;
};

/* Split the next line at its tabs, in place. */
static inline bool line_next(char **at, struct line *l)
{
	char *p = *at, *end = p + strcspn(p, "\n");

	if (!*p)
		return false;
	*at = *end ? end + 1 : end;
	*end = '\0';
	l->number++;
	for (l->count = 0; p && l->count < LINE_FIELDS; p = strchr(p, '\t')) {
		if (l->count)
			*p++ = '\0';
		l->field[l->count++] = p;
	}
	return true;
}

/* The parts up to an empty one, as one text; the last eight results stay valid. */
static inline const char *join(const char *first, ...)
{
	static char texts[8][4096];
	static unsigned turn;
	char *text = texts[turn++ % 8];
	va_list parts;

	snprintf(text, sizeof(texts[0]), "%s", first);
	va_start(parts, first);
	for (const char *part; *(part = va_arg(parts, const char *));)
		snprintf(text + strlen(text), sizeof(texts[0]) - strlen(text), "%s", part);
	va_end(parts);
	return text;
}

static inline __attribute__((format(printf, 1, 2))) bool fail(const char *format, ...)
{
	va_list args;

	printf("  ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	return false;
}

/* Is the name one of a list with commas, or is the list "*"? */
static inline bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (list && !strcmp(list, "*"))
		return true;
	while (list && *list) {
		size_t word = strcspn(list, ",");

		if (word == len && !strncmp(list, name, len))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}
/* --- the list of exceptions ------------------------------------------------ */

struct golden_case {
	const char *name;
	const char *waiting, *ignored;		/* columns */
	bool own;				/* the table speaks of all that a record has */
};

/* tests/GOLDEN: wait or ignore, a case, columns, the reason; with tabs between them. */
static inline void golden_look_up(const struct words *list, struct golden_case *c)
{
	static char copies[2][65536];
	static unsigned turn;
	char *at = copies[turn++ % 2];
	struct line row = { 0 };

	snprintf(at, sizeof(copies[0]), "%s", list->bytes ? list->bytes : "");
	while (line_next(&at, &row)) {
		if (row.count < 4 || *row.field[0] == '#' || strcmp(row.field[1], c->name))
			continue;
		if (!strcmp(row.field[0], "wait"))
			c->waiting = row.field[2];
		else
			c->ignored = row.field[2];
	}
}
#endif
