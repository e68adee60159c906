// SPDX-License-Identifier: Apache-2.0
/* Matching goes word by word along pattern and line, without ever going back. */
#include <stdlib.h>
#include <string.h>

#include "core/when.h"
#include "tests/sim/script.h"

#define BLANK " \t"

static const struct { const char *word; int64_t ns; } units[] = {
	{ "ms", NM_NS_PER_MS }, { "s", NM_NS_PER_S }, { "min", 60 * NM_NS_PER_S },
	{ "h", 3600 * NM_NS_PER_S }, { "day", 86400 * NM_NS_PER_S },
	{ "days", 86400 * NM_NS_PER_S },
};

static size_t word_len(const char *at)
{
	return strcspn(at, BLANK);
}

static bool take_number(const char **line, struct args *args)
{
	char *end;
	long long n = strtoll(*line, &end, 10);

	if (end == *line || (*end && !strchr(BLANK, *end)) || args->numbers == 4)
		return false;
	args->n[args->numbers++] = n;
	*line = end;
	return true;
}

static bool take_duration(const char **line, struct args *args)
{
	if (!take_number(line, args))
		return false;
	*line += strspn(*line, BLANK);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t len = word_len(*line);

		if (len != strlen(units[i].word) || strncmp(*line, units[i].word, len))
			continue;
		args->n[args->numbers - 1] *= units[i].ns;
		*line += len;
		return true;
	}
	return false;
}

static char escaped(char c)
{
	return c == 'r' ? '\r' : c == 'n' ? '\n' : c;
}

static bool take_text(const char **line, struct args *args)
{
	bool quoted = **line == '"';
	const char *at = *line + quoted;
	char *to = args->text[args->texts];
	size_t len = 0;

	if (!**line || args->texts == 2)
		return false;
	while (*at && !strchr(quoted ? "\"" : BLANK, *at) && len < sizeof(args->text[0]) - 1) {
		if (*at == '\\' && at[1]) {
			to[len++] = escaped(at[1]);
			at += 2;
		} else {
			to[len++] = *at++;
		}
	}
	to[len] = '\0';
	if (quoted && *at++ != '"')
		return false;
	args->texts++;
	*line = at;
	return true;
}

/* One of the words between bars. */
static bool take_word(const char **line, const char *words, size_t len)
{
	size_t want = word_len(*line);

	while (len) {
		size_t one = strcspn(words, "|" BLANK);

		if (one > len)
			one = len;
		if (one == want && !strncmp(words, *line, one)) {
			*line += one;
			return true;
		}
		words += one;
		len -= one;
		if (len)
			words++, len--;
	}
	return false;
}

bool script_match(const char *pattern, const char *line, struct args *args)
{
	memset(args, 0, sizeof(*args));
	while (*pattern) {
		size_t len = word_len(pattern);
		bool good;

		line += strspn(line, BLANK);
		if (len == 1 && *pattern == 'N')
			good = take_number(&line, args);
		else if (len == 1 && *pattern == 'D')
			good = take_duration(&line, args);
		else if (len == 1 && *pattern == 'T')
			good = take_text(&line, args);
		else
			good = take_word(&line, pattern, len);
		if (!good)
			return false;
		pattern += len;
		pattern += strspn(pattern, BLANK);
	}
	return !line[strspn(line, BLANK)];
}
