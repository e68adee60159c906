// SPDX-License-Identifier: Apache-2.0
/* The grammar alone. Expected words are worked out by hand from the rules of UCI. */
#include "core/conf_private.h"
#include "tests/guard.h"
#include "tests/test.h"

/* Each statement as LINE:[word][word]..., a fault in braces behind its word. */
static const char *lexed_bytes(const char *text, size_t len)
{
	static char room[4096];
	struct conf_lexer l = conf_lexer_of(guarded(text, len), len);
	struct conf_statement s;
	size_t at = 0;

	room[0] = '\0';
	while (conf_lex(&l, &s)) {
		at += (size_t)snprintf(room + at, sizeof(room) - at, "%u:", s.line);
		for (unsigned i = 0; i < s.words; i++)
			at += (size_t)snprintf(room + at, sizeof(room) - at, "[%s]", s.word[i]);
		if (s.fault)
			at += (size_t)snprintf(room + at, sizeof(room) - at, "{%s}", s.fault);
	}
	return room;
}

#define LEXED(text) lexed_bytes(text, sizeof(text) - 1)

#define lexes_to(text, expected) \
	test_check(!strcmp(LEXED(text), expected), __FILE__, __LINE__, text)

static void lines(void)
{
	lexes_to("config uplink 'a'\n\toption url 'x y'\n\n\tlist port \"1\"\n",
		 "1:[config][uplink][a]2:[option][url][x y]4:[list][port][1]");
	lexes_to("a b", "1:[a][b]");
	lexes_to("", "");
	lexes_to("\n \t\n", "");
}

static void comments(void)
{
	lexes_to("# c 'unclosed\na # b\n  # c\nd 'e#f' g#h i", "2:[a]4:[d][e#f][g]");
}

static void semicolons(void)
{
	lexes_to("a b;c d ; e\n;;f", "1:[a][b]1:[c][d]1:[e]2:[f]");
	lexes_to("a 'b;c'", "1:[a][b;c]");
}

static void quotes(void)
{
	lexes_to("a 'b \"c\\'", "1:[a][b \"c\\]");
	lexes_to("a \"b 'c' \\\" \\\\ \\d\"", "1:[a][b 'c' \" \\ d]");
	lexes_to("a '' \"\"", "1:[a][][]");
	lexes_to("it\\'s\\ one 'it'\\''s' a'b'\"c\"d", "1:[it's one][it's][abcd]");
}

static void joined_lines(void)
{
	lexes_to("a \\\nb c\\\nd\ne", "1:[a][b][cd]4:[e]");
	lexes_to("a \"b\\\r\nc\"\r\nd", "1:[a][bc]3:[d]");
	lexes_to("a b\\", "1:[a][b]");
}

static void windows(void)
{
	lexes_to("\xef\xbb\xbf" "a 'b'\r\n\r\nc d\r\n", "1:[a][b]3:[c][d]");
}

static void unclosed(void)
{
	lexes_to("a 'b c\nd 'e'\n", "1:[a][b c]{a quote is not closed on its line}2:[d][e]");
	lexes_to("a \"b", "1:[a][b]{a quote is not closed on its line}");
	lexes_to("a 'b' \"c' d\nx", "1:[a][b][c' d]{a quote is not closed on its line}2:[x]");
}

static void nul_bytes(void)
{
	lexes_to("a b\0c d\ne", "1:[a][b]{there is a NUL byte in it}2:[e]");
	lexes_to("a '\0'\ne\\\0", "1:[a][]{there is a NUL byte in it}"
				  "2:[e]{there is a NUL byte in it}");
	lexes_to("a # \0\nb", "1:[a]2:[b]");
}

static void long_words(void)
{
	char text[300];

	memset(text, 'x', sizeof(text));
	check(strlen(lexed_bytes(text, 255)) == strlen("1:[]") + 255);
	check(!strstr(lexed_bytes(text, 255), "longer"));
	check(strstr(lexed_bytes(text, 256), "{is longer than 255 bytes}") != NULL);
	text[256] = '\n';
	check(strstr(lexed_bytes(text, 258), "}2:[x]") != NULL);
}

static void many_words(void)
{
	lexes_to("a b c d e f\ng", "1:[a][b][c][f]2:[g]");
}

TESTS({ "a line is a statement of words, and empty lines are none", lines },
      { "# begins a comment, but not in quotes", comments },
      { "a semicolon ends a statement, but not in quotes", semicolons },
      { "words are rows of single, double and unquoted pieces", quotes },
      { "a backslash at the end of a line joins the next one", joined_lines },
      { "line ends and marks of other editors are tolerated", windows },
      { "an unclosed quote costs its line and no more", unclosed },
      { "a NUL byte is a fault of its word", nul_bytes },
      { "a word has up to 255 bytes", long_words },
      { "words beyond the fourth take the place of the fourth", many_words })
