/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What exporters send and nobody here has a place for: information elements, and formats of
 * sFlow. Each is counted by its kind, enterprise and number, in a table of a fixed size that is
 * never emptied; what finds no room in it is counted as the rest, so that no number is lost and a
 * flood of invented ones takes no memory.
 */
#ifndef NM_UNKNOWN_H
#define NM_UNKNOWN_H

#include <stdint.h>

enum unknown_kind {
	UNKNOWN_ELEMENT,		/* of a template of v9 or IPFIX, in a record */
	UNKNOWN_SAMPLE,			/* of sFlow, as the two below */
	UNKNOWN_FLOW_RECORD,
	UNKNOWN_COUNTER_RECORD,
	UNKNOWN_KINDS,
};

struct unknown_row {
	uint64_t count;			/* 0: the row is free */
	uint32_t enterprise, id;
	uint8_t kind;			/* enum unknown_kind */
};

/* The owner's memory, zeroed before first use. */
struct unknown {
	struct unknown_row *rows;
	uint32_t size;			/* of them a quarter stays free */
	uint32_t used;
	uint64_t rest;			/* seen, and not in any row */
};

/* It was seen so many times more. Without a table (NULL) nothing is done. */
void unknown_add(struct unknown *u, enum unknown_kind kind, uint32_t enterprise, uint32_t id,
		 uint64_t times);

/* The first row in use behind `last` (NULL: of all), NULL when there is none. */
const struct unknown_row *unknown_next(const struct unknown *u, const struct unknown_row *last);

/* "element", "sample" ... */
const char *unknown_word(enum unknown_kind kind);

#endif
