// SPDX-License-Identifier: Apache-2.0
/* The tables and their arrays, sized by the configuration. */
#include <stdlib.h>

#include "core/park.h"
#include "core/sampling.h"
#include "core/template.h"
#include "firmware/templates.h"

#define CHUNKS_A_TEMPLATE 4
#define RATES_AN_EXPORTER 16
#define RATES_OF_ONE      128		/* they are gone through when one of them changes */
#define SHARE_OF_ONE      4		/* an exporter may take a quarter of all */

static uint32_t share(uint32_t count)
{
	return count < SHARE_OF_ONE ? count : count / SHARE_OF_ONE;
}

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
		.per_exporter = share(count),
	};
	return t->slots && t->chunks;
}

void templates_reset(struct templates *ts, struct exporters *all)
{
	templates_init(ts, all);
}

void templates_keep_unknown(struct templates *ts, bool keep)
{
	ts->keep_unknown = keep;
}

void templates_free(struct templates *ts)
{
	if (!ts)
		return;
	free(ts->slots);
	free(ts->chunks);
	free(ts);
}

bool park_new(struct park **p, uint32_t bytes, uint32_t exporters)
{
	uint32_t count = bytes / PARK_CHUNK, most = PARK_SHARE / PARK_CHUNK;
	struct park *new = count ? calloc(1, sizeof(*new)) : NULL;

	*p = new;
	if (!new)
		return !count;
	*new = (struct park){
		.chunks = calloc(count + 1, sizeof(union park_chunk)),		/* 0 is none */
		.size = count + 1,
		.places = calloc(count + 1, sizeof(uint32_t)),
		.lines = calloc(exporters, sizeof(struct park_line)),
		.scratch = malloc(PARK_SHARE),
		.per_exporter = share(count) < most ? share(count) : most,
	};
	return new->chunks && new->places && new->lines && new->scratch;
}

void park_free(struct park *p)
{
	if (!p)
		return;
	free(p->chunks);
	free(p->places);
	free(p->lines);
	free(p->scratch);
	free(p);
}

bool sampling_new(struct sampling **s, uint32_t exporters)
{
	struct sampling *new = calloc(1, sizeof(*new));
	uint32_t count = exporters * RATES_AN_EXPORTER;

	*s = new;
	if (!new)
		return false;
	*new = (struct sampling){
		.slots = calloc(count + 1, sizeof(struct rate_slot)),		/* 0 is none */
		.size = count + 1,
		.per_exporter = share(count) < RATES_OF_ONE ? share(count) : RATES_OF_ONE,
		.exporters = calloc(exporters, sizeof(struct sampled)),
	};
	return new->slots && new->exporters;
}

void sampling_free(struct sampling *s)
{
	if (!s)
		return;
	free(s->slots);
	free(s->exporters);
	free(s);
}
