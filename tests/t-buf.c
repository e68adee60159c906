// SPDX-License-Identifier: Apache-2.0
/* The reading cursor: whatever it is asked, it never reads past the end of its window. */
#include "core/buf.h"
#include "tests/guard.h"
#include "tests/test.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static struct buf window(size_t len)
{
	return buf_of(guarded(bytes, len), len);
}

static void integers(void)
{
	struct buf b = window(9);

	check(buf_u8(&b) == 1 && buf_u16(&b) == 0x0203 && buf_u32(&b) == 0x04050607);
	check(buf_left(&b) == 2 && !b.bad);
	b = window(9);
	check(buf_u64(&b) == 0x0102030405060708 && buf_uint(&b, 0) == 0 && !b.bad);
	b = window(3);
	check(buf_uint(&b, 3) == 0x010203);
	b = window(9);
	check(buf_uint(&b, 9) == 0x0203040506070809);
}

static void past_the_end(void)
{
	for (size_t len = 0; len < 8; len++) {
		struct buf b = window(len);

		check(buf_u64(&b) == 0 && b.bad && buf_left(&b) == 0);
		check(buf_u8(&b) == 0 && b.bad);
	}
}

static void bad_is_sticky(void)
{
	struct buf b = window(4);

	buf_skip(&b, 5);
	check(b.bad && buf_uint(&b, 0) == 0 && b.bad);
	check(buf_take(&b, 0).bad);
}

static void lengths_that_cannot_be(void)
{
	struct buf b = window(4), part = buf_take(&b, SIZE_MAX);

	check(part.bad && buf_left(&part) == 0 && b.bad);
}

static void parts(void)
{
	struct buf b = window(9), part = buf_take(&b, 4);

	check(buf_left(&part) == 4 && buf_left(&b) == 5 && !part.bad);
	check(buf_u32(&part) == 0x01020304 && buf_u8(&part) == 0 && part.bad && !b.bad);
}

static void zeros(void)
{
	static const uint8_t zero[4], one[4] = { 0, 0, 0, 1 };
	struct buf none = buf_of(zero, 0), all = buf_of(zero, 4), last = buf_of(one, 4);

	check(buf_is_zero(&none) && buf_is_zero(&all) && !buf_is_zero(&last));
}

TESTS({ "integers are big-endian and of any length", integers },
      { "reading past the end gives zero and says so", past_the_end },
      { "a bad cursor stays bad", bad_is_sticky },
      { "a length beyond all memory is refused", lengths_that_cannot_be },
      { "a part ends where it was cut", parts },
      { "a window of zeros is told from others", zeros })
