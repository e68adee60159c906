// SPDX-License-Identifier: Apache-2.0
/* The table and its two arrays, sized by the configuration. */
#include <stdlib.h>

#include "core/template.h"
#include "firmware/templates.h"

#define CHUNKS_A_TEMPLATE 4
#define SHARE_OF_ONE      4		/* an exporter may take a quarter of all */

bool templates_new(struct templates **ts, uint32_t count)
{
	struct templates *t = calloc(1, sizeof(*t));
	uint32_t size = count + 1, chunks = count * CHUNKS_A_TEMPLATE + 1;	/* 0 is none */

	*ts = t;
	if (!t)
		return false;
	*t = (struct templates){
		.slots = calloc(size, sizeof(struct template)),
		.chunks = calloc(chunks, sizeof(struct chunk)),
		.size = size,
		.chunk_count = chunks,
		.per_exporter = count < SHARE_OF_ONE ? count : count / SHARE_OF_ONE,
	};
	return t->slots && t->chunks;
}

void templates_reset(struct templates *ts, struct exporters *all)
{
	templates_init(ts, all);
}

void templates_free(struct templates *ts)
{
	if (!ts)
		return;
	free(ts->slots);
	free(ts->chunks);
	free(ts);
}
