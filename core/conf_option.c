// SPDX-License-Identifier: Apache-2.0
/* option.def as tables: looking words up, and guessing which one was meant. */
#include <string.h>

#include "core/conf_private.h"

#define SECTION(name, type, member, count, words) \
	{ #name, offsetof(struct conf, member), sizeof(struct type), count },
const struct conf_section conf_sections[CONF_SECTIONS] = {
#include "core/option.def"
};

/* Sections are told apart by their names, so all have one, and it comes first. */
#define SECTION(word, type, array, most, words) \
	_Static_assert(offsetof(struct type, name) == 0, "the name comes first");
#include "core/option.def"

#define MEMBER(section, member) ((struct conf_##section *)0)->member
#define REQUIRED NULL
#define OPTION(in, name, type, member, least, greatest, value, words)                           \
	{ .word = #name, .min = least, .max = greatest, .preset = value,                        \
	  .offset = offsetof(struct conf_##in, member), .size = sizeof(MEMBER(in, member)),      \
	  .section = CONF_SECTION_##in, .kind = CONF_KIND_##type },
const struct conf_option conf_options[CONF_OPTIONS] = {
#include "core/option.def"
};

const struct conf_section *conf_section_find(const char *word)
{
	for (const struct conf_section *s = conf_sections; s < conf_sections + CONF_SECTIONS; s++)
		if (!strcmp(s->word, word))
			return s;
	return NULL;
}

const struct conf_option *conf_option_find(enum conf_section_id section, const char *word)
{
	for (const struct conf_option *o = conf_options; o < conf_options + CONF_OPTIONS; o++)
		if (o->section == section && !strcmp(o->word, word))
			return o;
	return NULL;
}

#define LONGEST 24			/* longer words are not guessed at */
#define FAR     3			/* so many slips are another word */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Slips of the pen between two words: a letter too many, missing, wrong, or two swapped. */
static unsigned slips(const char *a, const char *b)
{
	size_t long_a = strlen(a), long_b = strlen(b);
	unsigned d[LONGEST + 1][LONGEST + 1];

	if (long_a > LONGEST || long_b > LONGEST)
		return FAR;
	for (size_t i = 0; i <= long_a; i++)
		d[i][0] = (unsigned)i;
	for (size_t j = 0; j <= long_b; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= long_a; i++)
		for (size_t j = 1; j <= long_b; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
					d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[long_a][long_b];
}

/* Keep the candidate when it is nearer than what was found so far, and more right than wrong. */
static void consider(const char *word, const char *candidate, const char **nearest, unsigned *best)
{
	size_t mine = strlen(word), other = strlen(candidate);
	unsigned distance = slips(word, candidate);

	if (distance < *best && 2 * distance < (mine > other ? mine : other)) {
		*best = distance;
		*nearest = candidate;
	}
}

const char *conf_section_near(const char *word)
{
	const char *nearest = NULL;
	unsigned best = FAR;

	for (const struct conf_section *s = conf_sections; s < conf_sections + CONF_SECTIONS; s++)
		consider(word, s->word, &nearest, &best);
	return nearest;
}

const char *conf_option_near(enum conf_section_id section, const char *word)
{
	const char *nearest = NULL;
	unsigned best = FAR;

	for (const struct conf_option *o = conf_options; o < conf_options + CONF_OPTIONS; o++)
		if (o->section == section)
			consider(word, o->word, &nearest, &best);
	return nearest;
}
