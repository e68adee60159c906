/* SPDX-License-Identifier: Apache-2.0 */
/* One script being played. */
#ifndef NM_TEST_PLAY_H
#define NM_TEST_PLAY_H

#include <stdbool.h>

#define PLAY_LINE 300

struct stage;

struct play {
	struct stage *stage;		/* somebody's memory */
	const char *file;
	bool aloud;			/* tell what is wrong */
	char title[PLAY_LINE];		/* the first comment */
	unsigned line;
	unsigned wrong;			/* things that were */
};

void play_file(struct play *p, bool prints_log);

#endif
