/* SPDX-License-Identifier: Apache-2.0 */
/* Room for data that comes before its template, for tests: an arena with all that belongs to it. */
#ifndef NM_PARKING_H
#define NM_PARKING_H

#include "core/park.h"

#ifndef PARKING_CHUNKS
#define PARKING_CHUNKS    64
#endif
#define PARKING_EXPORTERS 64

static union park_chunk parking_chunks[PARKING_CHUNKS + 1];
static uint32_t parking_places[PARKING_CHUNKS + 1];
static struct park_line parking_lines[PARKING_EXPORTERS];
static uint8_t parking_scratch[PARK_SHARE];
static struct park parking;

static inline void parking_start(struct exporters *all)
{
	parking = (struct park){
		.chunks = parking_chunks, .size = PARKING_CHUNKS + 1, .places = parking_places,
		.lines = parking_lines, .scratch = parking_scratch,
		.per_exporter = PARKING_CHUNKS / 4,
	};
	park_init(&parking, all);
}

#endif
