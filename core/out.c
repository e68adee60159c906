// SPDX-License-Identifier: Apache-2.0
/*
 * Text into somebody else's memory: formatted pieces and JSON strings. A JSON
 * string goes in whole or not at all, so that what was written stays well-formed
 * up to the point where the room ended.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/out.h"
#include "core/text.h"

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
		size_t step = text_character(at, len, &valid);

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
