// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as datagrams, in the form of fuzz-decode.c, decoded and explained: the pieces must
 * come to what the whole came to, lines must be printable and bounded, in length and in number.
 */
#include "tests/explaining.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

static size_t lines;

static void explaining_line(struct explain *x, const char *line)
{
	size_t len = strlen(line);

	(void)x;
	lines++;
	must(len && len < EXPLAIN_LINE);
	for (const char *p = line; *p; p++)
		must((unsigned char)*p >= ' ' && *p != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in = buf_of(data, size);
	nm_time now = time_of_s(1700000000);

	explaining_start();
	while (buf_left(&in) >= 3) {
		size_t len = buf_u16(&in);
		uint8_t number = buf_u8(&in);
		const uint8_t address[4] = { 192, 0, 2, number & 3 };
		struct datagram dg;

		if (len > buf_left(&in))
			len = buf_left(&in);
		now = time_plus(now, number * 60 * NM_NS_PER_S);
		dg = (struct datagram){ .seen = now, .from = addr_v4(address) };
		lines = 0;
		must(explaining_feed(buf_take(&in, len).p, len, &dg));
		must(lines <= 3 * len + 8);
	}
	return 0;
}
