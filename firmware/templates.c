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

	*ts = t;
	if (!t)
		return false;
	*t = (struct templates){
		.slots = calloc(count + 1, sizeof(struct template)),
		.chunks = calloc(count * CHUNKS_A_TEMPLATE + 1, sizeof(struct chunk)),
		.size = count,
		.chunk_count = count * CHUNKS_A_TEMPLATE,
		.per_exporter = count / SHARE_OF_ONE,
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
