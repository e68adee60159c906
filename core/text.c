// SPDX-License-Identifier: Apache-2.0
/* UTF-8 by its table, and the printable part of it. */
#include <string.h>

#include "core/text.h"

/*
 * Well-formed UTF-8 (Unicode 15, table 3-7): the second byte's range depends on the first, which
 * keeps out overlong forms, surrogates and what lies beyond U+10FFFF. The rest is 80..BF.
 */
static const struct { uint8_t first, last, low, high, len; } sequences[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t text_character(const uint8_t *p, size_t len, bool *valid)
{
	size_t i = 0, at = 1;

	*valid = false;
	while (i < sizeof(sequences) / sizeof(sequences[0]) && p[0] > sequences[i].last)
		i++;
	if (i == sizeof(sequences) / sizeof(sequences[0]) || p[0] < sequences[i].first)
		return 1;
	for (; at < sequences[i].len; at++) {
		uint8_t low = at == 1 ? sequences[i].low : 0x80;
		uint8_t high = at == 1 ? sequences[i].high : 0xbf;

		if (at == len || p[at] < low || p[at] > high)
			return at;
	}
	*valid = true;
	return at;
}

/* A control character of ASCII, or of the 32 behind it (U+0080 to U+009F). */
static bool is_control(const uint8_t *p)
{
	return p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);
}

size_t text_print(struct text text, void *to, size_t room)
{
	const uint8_t *p = text.p;
	size_t left = text.len, done = 0;

	while (left && !p[left - 1])
		left--;
	while (left) {
		bool valid;
		size_t step = text_character(p, left, &valid);
		bool shown = valid && !is_control(p);
		size_t need = shown ? step : 1;

		if (need > room - done)
			break;
		memcpy((uint8_t *)to + done, shown ? p : (const uint8_t *)"?", need);
		done += need;
		p += step;
		left -= step;
	}
	return done;
}
