// SPDX-License-Identifier: Apache-2.0
/*
 * Plays the scripts of tests/sim/ against the real spool and sender. A script is a story in
 * lines; its first comment is the test's name, and play.c has its language. The scripts in
 * must-fail/ are wrong, and have to be found out; those of lz4/ need the feature.
 *
 *	run				all
 *	run WORD			those with WORD in their file's name, with their log
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/play.h"
#include "tests/sim/stage.h"

#define FILES 100

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The scripts of a folder with the word in their name; returns how many. */
static unsigned find(const char *folder, const char *word, char files[FILES][PLAY_LINE])
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	unsigned n = 0;

	if (!dir) {
		perror(folder);
		exit(1);
	}
	while ((e = readdir(dir)) && n < FILES)
		if (strstr(e->d_name, ".script") && strstr(e->d_name, word))
			snprintf(files[n++], PLAY_LINE, "%.140s/%.140s", folder, e->d_name);
	closedir(dir);
	qsort(files, n, PLAY_LINE, by_name);
	return n;
}

/* True when the script ended as it should. */
static bool play(struct stage *stage, const char *file, bool should_fail, bool prints_log)
{
	struct play p = { .stage = stage, .aloud = !should_fail, .file = file };

	play_file(&p, prints_log);
	if (should_fail == (p.wrong > 0))
		return true;
	printf("FAIL %s%s\n", should_fail ? "not found out: " : "", p.title);
	return false;
}

static const struct { const char *path; bool should_fail; } folders[] = {
	{ SCRIPTS, false },
#ifdef CONFIG_COMPRESS_LZ4
	{ SCRIPTS "/lz4", false },
#endif
	{ SCRIPTS "/must-fail", true },
};

int main(int argc, char **argv)
{
	static char files[FILES][PLAY_LINE];
	const char *word = argc > 1 ? argv[1] : "";
	unsigned passed = 0, failed = 0;
	struct stage *stage = malloc(sizeof(*stage));

	for (size_t f = 0; stage && f < sizeof(folders) / sizeof(folders[0]); f++) {
		unsigned n = find(folders[f].path, word, files);

		for (unsigned i = 0; i < n; i++) {
			bool good = play(stage, files[i], folders[f].should_fail, argc > 1);

			passed += good;
			failed += !good;
			fflush(stdout);
		}
	}
	free(stage);
	if (!passed && !failed) {
		printf("no script in %s\n", SCRIPTS);
		failed++;
	}
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
