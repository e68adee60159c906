// SPDX-License-Identifier: Apache-2.0
/* A part's number read bit by bit, from the second highest: 0 is a first half, 1 the rest. */
#include "core/part.h"
#include "core/record.h"

static unsigned level_of(unsigned part)
{
	unsigned level = 0;

	while (part >> (level + 1))
		level++;
	return level;
}

char *part_name(unsigned part, char text[PART_TEXT])
{
	char *at = text;

	if (part != PART_WHOLE)
		*at++ = '.';
	for (unsigned level = level_of(part); level-- > 0;)
		*at++ = part >> level & 1 ? '2' : '1';
	*at = '\0';
	return text;
}

/* The records [first, first + count) of the batch. */
struct range { uint64_t first, count; };

static struct range range_of(unsigned part, uint64_t records)
{
	struct range r = { 0, records };

	for (unsigned level = level_of(part); level-- > 0;) {
		uint64_t half = r.count / 2;

		if (part >> level & 1) {
			r.first += half;
			r.count -= half;
		} else {
			r.count = half;
		}
	}
	return r;
}

uint64_t part_records(unsigned part, uint64_t records)
{
	return range_of(part, records).count;
}

bool part_is_divisible(unsigned part, uint64_t records)
{
	return level_of(part) < PART_LEVELS && part_records(part, records) > 1;
}

unsigned part_next(unsigned part)
{
	while (part > PART_WHOLE && part & 1)	/* a rest: its parent is done too */
		part /= 2;
	return part == PART_WHOLE ? PART_WHOLE : part + 1;
}

/* Skip up to *records of them. */
static enum nm_err skip_records(struct buf *b, uint64_t *records)
{
	while (*records && buf_left(b)) {
		if (!record_skip(b))
			return NM_LENGTH;
		--*records;
	}
	return NM_OK;
}

enum nm_err part_cut(unsigned part, uint64_t records, struct buf piece[], unsigned *n)
{
	struct range r = range_of(part, records);
	unsigned kept = 0;

	if (part == PART_WHOLE)
		return NM_OK;
	for (unsigned i = 0; i < *n; i++) {
		struct buf some = piece[i], end;
		enum nm_err err = skip_records(&some, &r.first);

		end = some;
		if (!err)
			err = skip_records(&end, &r.count);
		if (err)
			return err;
		some.end = end.p;
		if (buf_left(&some))
			piece[kept++] = some;
	}
	*n = kept;
	return r.first || r.count ? NM_LENGTH : NM_OK;
}
