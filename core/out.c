// SPDX-License-Identifier: Apache-2.0
/*
 * Text into somebody else's memory: formatted pieces and JSON strings. A JSON
 * string goes in whole or not at all, so that what was written stays well-formed
 * up to the point where the room ended.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/out.h"

void out_format(struct out *o, const char *format, ...)
{
	size_t room = (size_t)(o->end - o->p);
	va_list args;
	int len;

	if (o->full)
		return;
	va_start(args, format);
	len = vsnprintf((char *)o->p, room, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		o->full = true;
	else
		o->p += len;
}

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

/*
 * Bytes of the character at text[0]; *valid says whether it is one. Of a broken one: its longest
 * beginning that is right, at least one byte (Unicode 15, 3.9, U+FFFD substitution).
 */
static size_t character(const uint8_t *text, size_t len, bool *valid)
{
	size_t i = 0, at = 1;

	*valid = false;
	while (i < sizeof(sequences) / sizeof(sequences[0]) && text[0] > sequences[i].last)
		i++;
	if (i == sizeof(sequences) / sizeof(sequences[0]) || text[0] < sequences[i].first)
		return 1;
	for (; at < sequences[i].len; at++) {
		uint8_t low = at == 1 ? sequences[i].low : 0x80;
		uint8_t high = at == 1 ? sequences[i].high : 0xbf;

		if (at == len || text[at] < low || text[at] > high)
			return at;
	}
	*valid = true;
	return at;
}

static const char *escape(uint8_t c)
{
	static const char *const escapes[] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
		['"'] = "\\\"", ['\\'] = "\\\\",
	};

	return c < sizeof(escapes) / sizeof(escapes[0]) ? escapes[c] : NULL;
}

static void json_character(struct out *o, const uint8_t *at, size_t len)
{
	if (escape(at[0]))
		out_text(o, escape(at[0]));
	else if (at[0] < 0x20 || at[0] == 0x7f)
		out_format(o, "\\u%04x", at[0]);
	else
		out_bytes(o, at, len);
}

void out_json(struct out *o, const char *text, size_t len)
{
	const uint8_t *at = (const uint8_t *)text;
	uint8_t *whole = o->p;

	out_byte(o, '"');
	while (len > 0 && !o->full) {
		bool valid;
		size_t step = character(at, len, &valid);

		if (valid)
			json_character(o, at, step);
		else
			out_text(o, "\\ufffd");
		at += step;
		len -= step;
	}
	out_byte(o, '"');
	if (o->full)
		o->p = whole;
}

char *out_end(struct out *o)
{
	if (o->p == o->end) {
		o->full = true;
		o->p--;
	}
	*o->p = '\0';
	return (char *)o->start;
}
