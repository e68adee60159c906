// SPDX-License-Identifier: Apache-2.0
/* What becomes of texts from the wire. Well-formed UTF-8: Unicode 15, table 3-7. */
#include "core/text.h"
#include "tests/guard.h"
#include "tests/test.h"

static const char *printed(const char *from, size_t len, size_t room)
{
	static char to[256];
	const uint8_t *p = guarded(from, len);

	memset(to, 0, sizeof(to));
	to[text_print((struct text){ p, (uint16_t)len }, to, room)] = '\0';
	return to;
}

#define PRINTED(from, room) printed(from, sizeof(from) - 1, room)

static void good_text_stays(void)
{
	check(!strcmp(PRINTED("", 10), ""));
	check(!strcmp(PRINTED("GigabitEthernet0/1", 63), "GigabitEthernet0/1"));
	check(!strcmp(PRINTED("Bürö \xe2\x82\xac \xf0\x9f\x90\x99", 63),
		      "Bürö \xe2\x82\xac \xf0\x9f\x90\x99"));
}

static void padding_goes(void)
{
	check(!strcmp(PRINTED("eth0\0\0\0\0", 63), "eth0"));
	check(!strcmp(PRINTED("\0\0\0", 63), ""));
	check(!strcmp(PRINTED("a\0b\0", 63), "a?b"));
}

static void odd_bytes_become_question_marks(void)
{
	check(!strcmp(PRINTED("a\tb\x1b[2Jc\x7f\n", 63), "a?b?[2Jc??"));
	check(!strcmp(PRINTED("caf\xe9 bar", 63), "caf? bar"));		/* ISO 8859-1 */
	check(!strcmp(PRINTED("\xc2\x9b\xc2\xa0", 63), "?\xc2\xa0"));	/* U+009B, U+00A0 */
	check(!strcmp(PRINTED("\xc0\xaf\xed\xa0\x80", 63), "?????"));	/* overlong, surrogate */
	check(!strcmp(PRINTED("\xe2\x82", 63), "?"));			/* cut off by the sender */
	check(!strcmp(PRINTED("\xff\xfe\xfd", 63), "???"));
}

static void it_is_cut_between_characters(void)
{
	check(!strcmp(PRINTED("abcdef", 3), "abc"));
	check(!strcmp(PRINTED("ab\xe2\x82\xac", 5), "ab\xe2\x82\xac"));
	check(!strcmp(PRINTED("ab\xe2\x82\xac", 4), "ab"));
	check(!strcmp(PRINTED("ab\xff\xff", 3), "ab?"));
	check(!strcmp(PRINTED("abc", 0), ""));
}

TESTS({ "good text stays as it is", good_text_stays },
      { "zeros at the end are padding", padding_goes },
      { "control characters and broken ones become question marks",
	odd_bytes_become_question_marks },
      { "it is cut between characters", it_is_cut_between_characters })
