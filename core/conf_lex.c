// SPDX-License-Identifier: Apache-2.0
/*
 * The grammar of UCI: statements of words, one a line or between semicolons; # begins a comment.
 * A word is a row of pieces: 'as it stands', "with \" and \\", or bare with a backslash before what
 * would end it. A backslash at the end of a line joins the next one.
 *
 * One thing is stricter: quotes end on their line. No option holds a line break, and so a
 * forgotten quote is told where it is, not where the file ends.
 */
#include <string.h>

#include "core/conf_private.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

struct conf_lexer conf_lexer_of(const char *text, size_t len)
{
	struct conf_lexer l = { text, text, 1 };
	size_t mark = sizeof(byte_order_mark) - 1;

	if (len)
		l.end += len;
	if (len >= mark && !memcmp(text, byte_order_mark, mark))
		l.p += mark;
	return l;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_bare_word(char c)
{
	return is_blank(c) || c == '\n' || c == ';' || c == '#';
}

static void skip_line(struct conf_lexer *l)
{
	while (l->p < l->end && *l->p != '\n')
		l->p++;
}

/* A line break behind a backslash; false when there is something else. */
static bool join_lines(struct conf_lexer *l)
{
	const char *p = l->p;

	if (p < l->end && *p == '\r')
		p++;
	if (p == l->end || *p != '\n')
		return false;
	l->p = p + 1;
	l->line++;
	return true;
}

static const char *put(char *word, size_t *len, char c)
{
	if (c == '\0')
		return "there is a NUL byte in it";
	if (*len == CONF_TEXT_MAX - 1)
		return "is longer than 255 bytes";
	word[(*len)++] = c;
	return NULL;
}

/* One character, quote or escape of a word. */
static const char *step(struct conf_lexer *l, char *quote, char *word, size_t *len)
{
	char c = *l->p++;

	if (*quote && c == '\n') {
		l->p--;
		return "a quote is not closed on its line";
	}
	if (*quote ? c == *quote : c == '\'' || c == '"') {
		*quote = *quote ? '\0' : c;
		return NULL;
	}
	if (c != '\\' || *quote == '\'')
		return put(word, len, c);
	if (join_lines(l) || l->p == l->end)
		return NULL;
	return put(word, len, *l->p++);
}

static const char *lex_word(struct conf_lexer *l, char *word)
{
	const char *fault = NULL;
	char quote = '\0';
	size_t len = 0;

	while (!fault && l->p < l->end && (quote || !ends_bare_word(*l->p)))
		fault = step(l, &quote, word, &len);
	word[len] = '\0';
	if (!fault && quote)
		return "a quote is not closed on its line";
	return fault;
}

/* Go over blanks, comments and joined lines; true when a word begins here. */
static bool find_word(struct conf_lexer *l)
{
	for (; l->p < l->end; l->p++) {
		if (*l->p == '#')
			skip_line(l);
		if (l->p == l->end || *l->p == '\n' || *l->p == ';')
			return false;
		if (!is_blank(*l->p))
			return true;
	}
	return false;
}

bool conf_lex(struct conf_lexer *l, struct conf_statement *s)
{
	s->words = 0;
	s->fault = NULL;
	while (!s->fault) {
		if (find_word(l)) {
			if (s->words == 0)
				s->line = l->line;
			if (s->words == CONF_WORDS)
				s->words--;
			s->fault = lex_word(l, s->word[s->words++]);
			continue;
		}
		if (l->p == l->end)
			return s->words > 0;
		if (*l->p++ == '\n')
			l->line++;
		if (s->words)
			return true;
	}
	skip_line(l);
	return true;
}
