// SPDX-License-Identifier: Apache-2.0
/*
 * A fuzz target as an ordinary test: this main runs it over its seeds and over every seed cut and
 * bent a little, with any compiler and under any emulator. The program fuzz-NAME reads
 * tests/fuzz/seeds/NAME.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MOST 65536
#define STRIDE    7			/* every byte is bent in one of seven seeds' turns */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory of just its size, for the sanitizers. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		exit(1);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void run_around(uint8_t *data, size_t size)
{
	static const uint8_t bends[] = { 0x01, 0x80, 0xff };

	run(data, size);
	for (size_t i = size % STRIDE; i < size; i += STRIDE) {
		run(data, i);
		for (size_t b = 0; b < sizeof(bends); b++) {
			data[i] ^= bends[b];
			run(data, size);
			data[i] ^= bends[b];
		}
	}
}

static int run_file(const char *path)
{
	static uint8_t data[SEED_MOST];
	FILE *f = fopen(path, "rb");
	size_t size;

	if (!f)
		return 0;
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	run_around(data, size);
	return 1;
}

/* tests/fuzz/seeds/NAME of the tree that this file was compiled from. */
static void seeds_of(const char *program, char *folder, size_t size)
{
	const char *name = strrchr(program, '/');
	int here = (int)(sizeof(__FILE__) - sizeof("replay.c"));

	name = name ? name + 1 : program;
	snprintf(folder, size, "%.*sseeds/%s", here, __FILE__, name + strlen("fuzz-"));
}

int main(int argc, char **argv)
{
	char folder[2048], path[4096];
	struct dirent *entry;
	int ran = 0;
	DIR *dir;

	(void)argc;
	seeds_of(argv[0], folder, sizeof(folder));
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (*entry->d_name != '.')
			ran += run_file(path);
	}
	if (dir)
		closedir(dir);
	if (!ran)
		printf("FAIL there are seeds in %s\n", folder);
	printf("%d passed, %d failed, 0 skipped\n", ran, !ran);
	return !ran;
}
