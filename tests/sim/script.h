/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a script, matched against patterns. A pattern is words, of which
 *	N	is a number: "500"
 *	D	a duration: "30 s", "2 min", "1 day"
 *	T	one word, or a text in quotes: secret, "two words"
 *	a|b	is either word
 */
#ifndef NM_TEST_SCRIPT_H
#define NM_TEST_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

struct args {
	int64_t n[4];			/* numbers and durations (ns), in order */
	unsigned numbers;
	char text[2][200];
	unsigned texts;
};

bool script_match(const char *pattern, const char *line, struct args *args);

#endif
