// SPDX-License-Identifier: Apache-2.0
/* The table of what is not known: open addressing, and nothing is ever taken out. */
#include <stddef.h>

#include "core/unknown.h"

static uint32_t place(const struct unknown *u, enum unknown_kind kind, uint32_t enterprise,
		      uint32_t id)
{
	uint32_t h = (enterprise ^ (uint32_t)kind << 30) * 0x9e3779b1u ^ id;

	h *= 0x85ebca6bu;
	return (h ^ h >> 15) % u->size;
}

/* The row of this one, or the free row where it belongs. */
static struct unknown_row *find(const struct unknown *u, enum unknown_kind kind,
				uint32_t enterprise, uint32_t id)
{
	struct unknown_row *end = u->rows + u->size, *r = u->rows + place(u, kind, enterprise, id);

	while (r->count && (r->id != id || r->enterprise != enterprise || r->kind != kind))
		r = r + 1 < end ? r + 1 : u->rows;
	return r;
}

void unknown_add(struct unknown *u, enum unknown_kind kind, uint32_t enterprise, uint32_t id,
		 uint64_t times)
{
	struct unknown_row *r;

	if (!u || !times)
		return;
	r = find(u, kind, enterprise, id);
	if (!r->count && u->used >= u->size - u->size / 4 - 1) {
		u->rest += times;
		return;
	}
	if (!r->count) {
		*r = (struct unknown_row){ 0, enterprise, id, (uint8_t)kind };
		u->used++;
	}
	r->count += times;
}

const struct unknown_row *unknown_next(const struct unknown *u, const struct unknown_row *last)
{
	for (const struct unknown_row *r = last ? last + 1 : u->rows; r < u->rows + u->size; r++)
		if (r->count)
			return r;
	return NULL;
}

const char *unknown_word(enum unknown_kind kind)
{
	static const char *const words[] = {
		[UNKNOWN_ELEMENT] = "element",
		[UNKNOWN_SAMPLE] = "sample",
		[UNKNOWN_FLOW_RECORD] = "flow record",
		[UNKNOWN_COUNTER_RECORD] = "counter record",
	};

	return words[kind];
}
