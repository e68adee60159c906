/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to pick packets of this machine's interfaces (source.def), by number and by word. */
#ifndef NM_SOURCE_H
#define NM_SOURCE_H

#include <stdint.h>

enum source {
#define SOURCE(name, word, record, openwrt, kernel, words) SOURCE_##name,
#include "core/source.def"
#undef SOURCE
	SOURCE_COUNT,
	SOURCE_AUTO = SOURCE_COUNT,	/* of the configuration: the first that works */
};

struct source_row {
	const char *word;		/* "cls-bpf", as in the configuration */
	uint8_t record;			/* enum flow_source */
	const char *openwrt, *kernel;	/* what brings it */
	const char *words;
};

/* Never NULL for a number below SOURCE_COUNT. */
const struct source_row *source_row(enum source source);

#endif
