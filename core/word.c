// SPDX-License-Identifier: Apache-2.0
/* The words of word.def. */
#include <stddef.h>

#include "core/word.h"

#define WORD(set, number, word) { WORD_##set, number, word },
static const struct { uint8_t set; uint16_t number; const char *word; } words[] = {
#include "core/word.def"
};
#undef WORD

const char *word_of(enum word_set set, uint64_t number)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].set == set && words[i].number == number)
			return words[i].word;
	return NULL;
}

char *word_of_flags(uint64_t flags, char text[WORD_FLAGS_TEXT])
{
	static const char letters[WORD_FLAGS_TEXT] = "FSRPAUEC";	/* from the lowest bit */

	for (unsigned bit = 0; bit < WORD_FLAGS_TEXT - 1; bit++)
		text[WORD_FLAGS_TEXT - 2 - bit] = flags >> bit & 1 ? letters[bit] : '.';
	text[WORD_FLAGS_TEXT - 1] = '\0';
	return text;
}
