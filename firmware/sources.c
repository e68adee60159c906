// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta sources [--explain]: the ways to pick packets of this machine's interfaces, which of them
 * this kernel has, and what would bring the others. Each is tried on the loopback interface for a
 * moment and leaves nothing behind.
 */
#include <stdio.h>
#include <string.h>

#include "core/source.h"
#include "firmware/verb.h"
#include "platform/platform.h"

static void explain(enum source source, enum nm_err err)
{
	const struct source_row *row = source_row(source);

	printf("           %s\n", row->words);
	if (err == NM_RIGHTS)
		printf("           try it as root, or with the capability that is named\n");
	if (err == NM_ABSENT)
		printf("           OpenWrt: %s\n           kernel: %s\n", row->openwrt,
		       row->kernel);
}

/* What would be taken by `source auto`, SOURCE_COUNT: nothing. */
static enum source try_all(bool explained)
{
	enum source first = SOURCE_COUNT;

	for (enum source s = 0; s < SOURCE_COUNT; s++) {
		char why[NM_WHY] = "";
		enum nm_err err = source_probe(s, why);

		printf("%-10s %s%s\n", source_row(s)->word, err ? "no: " : "works", why);
		if (explained)
			explain(s, err);
		if (!err && first == SOURCE_COUNT)
			first = s;
	}
	return first;
}

int verb_sources(int argc, char **argv)
{
	bool explained = argc == 1 && !strcmp(argv[0], "--explain");
	enum source first;

	if (argc && !explained) {
		fprintf(stderr, "netmeta sources [--explain]\n");
		return EXIT_USAGE;
	}
	first = try_all(explained);
	if (first == SOURCE_COUNT)
		printf("\nNone works here%s.\n", explained ? "" : ": see --explain");
	else
		printf("\nauto takes %s, or where an interface refuses it the next.\n",
		       source_row(first)->word);
	return first == SOURCE_COUNT ? EXIT_FAILED : EXIT_OK;
}
