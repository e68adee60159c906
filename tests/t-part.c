// SPDX-License-Identifier: Apache-2.0
/* Parts of batches: every way of dividing gives each record once, in order, by name. */
#include "core/part.h"
#include "core/record.h"
#include "tests/guard.h"
#include "tests/test.h"

#define RECORDS 23u

/* Record n (from 0) is n + 1 bytes long and made of n; the long ones have a 2-byte length. */
static uint8_t bytes[RECORDS * 160];
static struct buf pieces[3];

static size_t put_record(uint8_t *at, unsigned n)
{
	size_t len = n % 5 == 4 ? 130 : n + 1, head = 1;

	at[0] = (uint8_t)len;
	if (len > 127) {
		at[0] = (uint8_t)(len | 0x80);
		at[1] = (uint8_t)(len >> 7);
		head = 2;
	}
	memset(at + head, (int)n, len);
	return head + len;
}

/* Pieces of 7, 1 and 15 records. */
static void make(void)
{
	uint8_t *at = bytes, *start = bytes;
	unsigned piece = 0;

	for (unsigned n = 0; n < RECORDS; n++) {
		at += put_record(at, n);
		if (n == 6 || n == 7 || n == RECORDS - 1) {
			pieces[piece++] = buf_of(start, (size_t)(at - start));
			start = at;
		}
	}
}

/* Read the part's records and check that they are number *next and so on. */
static void read_part(unsigned part, unsigned *next)
{
	struct buf piece[3];
	unsigned n = 3;
	uint64_t records = 0;

	memcpy(piece, pieces, sizeof(piece));
	if (!check(part_cut(part, RECORDS, piece, &n) == NM_OK))
		return;
	for (unsigned i = 0; i < n; i++) {
		check(buf_left(&piece[i]) > 0);
		while (buf_left(&piece[i])) {
			struct buf before = piece[i];

			check(record_skip(&piece[i]));
			check(piece[i].p[-1] == *next && before.end == piece[i].end);
			++*next;
			records++;
		}
	}
	check(records == part_records(part, RECORDS));
}

/* Divide every part of more than `most` records. */
static void walk(uint64_t most)
{
	unsigned part = PART_WHOLE, next = 0;

	make();
	do {
		while (part_records(part, RECORDS) > most && part_is_divisible(part, RECORDS))
			part *= 2;
		read_part(part, &next);
		part = part_next(part);
	} while (part != PART_WHOLE);
	check(next == RECORDS);
}

static void every_division(void)
{
	for (uint64_t most = 1; most <= RECORDS; most++)
		walk(most);
}

static void names(void)
{
	char text[PART_TEXT];

	check(!strcmp(part_name(PART_WHOLE, text), ""));
	check(!strcmp(part_name(2, text), ".1"));
	check(!strcmp(part_name(3, text), ".2"));
	check(!strcmp(part_name(6, text), ".21"));
	check(!strcmp(part_name((2u << PART_LEVELS) - 1, text), ".222222222222"));
}

static void where_it_ends(void)
{
	check(!part_is_divisible(PART_WHOLE, 1));
	check(part_is_divisible(PART_WHOLE, 2) && !part_is_divisible(2, 2));
	check(part_is_divisible(2u << (PART_LEVELS - 2), UINT64_MAX));
	check(!part_is_divisible(2u << (PART_LEVELS - 1), UINT64_MAX));
}

static void not_records(void)
{
	static const uint8_t endless[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t cut[] = { 1, 2, 3, 4 };
	struct buf piece[2] = { buf_of(guarded(endless, sizeof(endless)), sizeof(endless)) };
	unsigned n = 1;

	check(part_cut(3, 4, piece, &n) == NM_LENGTH);
	piece[0] = buf_of(guarded(cut, sizeof(cut)), sizeof(cut));
	n = 1;
	check(part_cut(3, 2, piece, &n) == NM_LENGTH);
	n = 0;
	check(part_cut(2, 2, piece, &n) == NM_LENGTH);
}

TESTS({ "however a batch is divided, each record is in one part", every_division },
      { "a part's name tells its place", names },
      { "one record, and the twelfth level, are not divided", where_it_ends },
      { "what is not records is not divided", not_records })
