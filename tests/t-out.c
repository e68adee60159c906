// SPDX-License-Identifier: Apache-2.0
/* Expected JSON: RFC 8259, section 7; where broken UTF-8 is replaced: Unicode 15, table 3-8. */
#include <stdint.h>

#include "core/out.h"
#include "tests/guard.h"
#include "tests/test.h"

static const char *json(const char *text, size_t len)
{
	static char room[256];
	struct out o = out_of(room, sizeof(room));

	out_json(&o, guarded(text, len), len);
	return out_end(&o);
}

#define JSON_OF(text) json(text, sizeof(text) - 1)

static void pieces(void)
{
	char room[16];
	struct out o = out_of(room, sizeof(room));

	out_text(&o, "ab");
	out_byte(&o, 'c');
	out_format(&o, "%u-%s", 42u, "de");
	check(!strcmp(out_end(&o), "abc42-de") && out_len(&o) == 8 && !o.full);
}

static void full(void)
{
	unsigned char *room = guarded_room(4);
	struct out o = out_of(room, 4);

	out_text(&o, "ab");
	out_format(&o, "%s", "cd");
	check(o.full && out_len(&o) == 2);
	out_text(&o, "x");
	check(out_len(&o) == 2 && !strcmp(out_end(&o), "ab"));
	o = out_of(room, 4);
	out_format(&o, "%s", "abc");
	check(!o.full && !strcmp(out_end(&o), "abc"));
}

static void last_byte(void)
{
	struct out o = out_of(guarded_room(3), 3);

	out_text(&o, "abc");
	check(!o.full);
	check(!strcmp(out_end(&o), "ab") && o.full && out_len(&o) == 2);
}

static void plain(void)
{
	check(!strcmp(JSON_OF(""), "\"\""));
	check(!strcmp(JSON_OF("eth0 / a"), "\"eth0 / a\""));
	check(!strcmp(JSON_OF("\"\\\b\f\n\r\t"), "\"\\\"\\\\\\b\\f\\n\\r\\t\""));
	check(!strcmp(JSON_OF("a\0b\x1f\x7f"), "\"a\\u0000b\\u001f\\u007f\""));
}

static void utf8(void)
{
	check(!strcmp(JSON_OF("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9b\xb0"),
		      "\"Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9b\xb0\""));
	check(!strcmp(JSON_OF("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"),
		      "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\""));
}

#define BAD "\\ufffd"

static void broken_utf8(void)
{
	check(!strcmp(JSON_OF("\xff"), "\"" BAD "\""));
	check(!strcmp(JSON_OF("\x80""a"), "\"" BAD "a\""));
	check(!strcmp(JSON_OF("\xc0\xaf"), "\"" BAD BAD "\""));
	check(!strcmp(JSON_OF("\xe2\x82"), "\"" BAD "\""));
	check(!strcmp(JSON_OF("\xe2\x82" "x"), "\"" BAD "x\""));
	check(!strcmp(JSON_OF("\xed\xa0\x80"), "\"" BAD BAD BAD "\""));
	check(!strcmp(JSON_OF("\xf4\x90\x80\x80"), "\"" BAD BAD BAD BAD "\""));
	check(!strcmp(JSON_OF("a\xf1\x80\x80\xe1\x80\xc2" "b\x80" "c\x80\xbf" "d"),
		      "\"a" BAD BAD BAD "b" BAD "c" BAD BAD "d\""));
}

static void whole_or_not(void)
{
	for (size_t size = 1; size < 13; size++) {
		struct out o = out_of(guarded_room(size), size);

		out_json(&o, "ab\n\xff" "c", 5);
		check(o.full && out_len(&o) == 0);
	}
	for (size_t size = 13; size < 16; size++) {
		struct out o = out_of(guarded_room(size), size);

		out_json(&o, "ab\n\xff" "c", 5);
		check(!o.full && out_len(&o) == 13);
	}
}

TESTS({ "pieces of all kinds follow one another", pieces },
      { "what does not fit is left out whole, and so is all that follows", full },
      { "the end takes the last byte when there is no other", last_byte },
      { "JSON strings escape quotes, backslashes and control characters", plain },
      { "JSON strings keep well-formed UTF-8 as it is", utf8 },
      { "JSON strings replace each longest beginning of broken UTF-8", broken_utf8 },
      { "a JSON string goes in whole or not at all", whole_or_not })
