/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of one exporter; count.def makes the enum, the names and the help. */
#ifndef NM_COUNT_H
#define NM_COUNT_H

#include <stdint.h>

#define COUNT(name, field, help) COUNT_##name,
enum count {
#include "core/count.def"
	COUNT_COUNT
};
#undef COUNT

struct counts { uint64_t n[COUNT_COUNT]; };

static inline void count_add(struct counts *c, enum count what, uint64_t n)
{
	c->n[what] += n;
}

/* The field of LedgerMessage, and the words for people. */
const char *count_name(enum count what);
const char *count_help(enum count what);

#endif
