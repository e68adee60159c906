// SPDX-License-Identifier: Apache-2.0
/* Records seen from outside; written by hand from the encoding's description. */
#include "core/record.h"
#include "tests/guard.h"
#include "tests/test.h"

/* Field 1 = 150, 6 = two bytes like our tag, 9 in 8 bytes, 5 in 4 bytes, then 110 = 300. */
static const uint8_t whole[] = {
	25, 0x08, 0x96, 0x01, 0x32, 0x02, 0xf0, 0x06, 0x49, 1, 2, 3, 4, 5, 6, 7, 8,
	0x2d, 1, 2, 3, 4, 0xf0, 0x06, 0xac, 0x02,
};

static struct buf at_fence(const uint8_t *bytes, size_t len)
{
	return buf_of(guarded(bytes, len), len);
}

static void time_of_a_record(void)
{
	static const uint8_t without[] = { 3, 0x08, 0x96, 0x01 }, group[] = { 2, 0x0b, 0x08 };

	check(record_time(at_fence(whole, sizeof(whole))).ns == 300);
	check(record_time(at_fence(without, sizeof(without))).ns == 0);
	check(record_time(at_fence(group, sizeof(group))).ns == 0);
}

static void truncations(void)
{
	for (size_t len = 0; len < sizeof(whole); len++) {
		struct buf in = at_fence(whole, len);

		check(record_time(in).ns == 0);
		check(!record_skip(&in));
	}
}

static void skipping(void)
{
	struct buf in = at_fence(whole, sizeof(whole));

	check(record_skip(&in) && !buf_left(&in));
	check(!record_skip(&in));
}

static void absurd_length(void)
{
	static const uint8_t bytes[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0,
	};
	struct buf in = at_fence(bytes, sizeof(bytes));

	check(!record_skip(&in));
}

TESTS({ "the time of receipt is found among other fields", time_of_a_record },
      { "a record that is cut off has no time and is not skipped", truncations },
      { "skipping ends behind the record", skipping },
      { "a length beyond all memory is no record", absurd_length })
