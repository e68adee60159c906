/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The places in an exporter that samples come from (sFlow data sources): each numbers its samples
 * and says how many it dropped itself. All memory is the owner's, zeroed before first use. An
 * exporter has room for `per_exporter` at the most, and none is taken from another; a source that
 * finds no room is not followed, and its samples are counted.
 */
#ifndef NM_DATASOURCE_H
#define NM_DATASOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/count.h"

enum source_kind { SOURCE_FLOW = 1, SOURCE_COUNTERS, SOURCE_DROP };

struct datasource_key {
	uint32_t of;			/* slot of the exporter */
	uint32_t class, index;
	uint8_t kind;			/* enum source_kind: each has its own numbers */
};

struct datasource {
	struct datasource_key key;	/* kind 0: the slot is free */
	bool started;
	uint32_t next;			/* the number that should come */
	uint32_t drops;			/* what it said last */
};

struct datasources {
	struct datasource *slots;
	uint32_t size;			/* a power of two; an eighth stays free */
	uint32_t per_exporter;
	uint32_t *held;			/* by each exporter */
	uint32_t used;
};

/* NULL: there is no room, or no table (`all` is NULL). */
struct datasource *datasource_find(struct datasources *all, const struct datasource_key *key);

/*
 * A sample with number `got` came. What is missing before it, or late, and what the source dropped
 * since, is added to the counters. A number far off is that of a source that started anew.
 */
void datasource_follow(struct datasource *s, struct counts *counts, uint32_t got, uint32_t drops);

#endif
