/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names were told already. Exporters repeat the names of their interfaces for ever; a name
 * is worth a record when it is new, when it changed, and every ten minutes so that what was lost
 * on the way heals. The book is a fixed table that keeps hashes, not names; where it is full, the
 * name told longest ago makes room, and is told again the next time it comes.
 */
#ifndef NM_NAMEBOOK_H
#define NM_NAMEBOOK_H

#include "core/name.h"

#define NAMEBOOK_AGAIN (600 * NM_NS_PER_S)

struct name_line {
	uint64_t id;
	uint32_t exporter;		/* slot; with kind and id what is named */
	uint32_t text;			/* hash of the name and its description */
	nm_time told;			/* absent: the line is free */
	uint8_t kind;
};

struct namebook {
	struct name_line *lines;	/* the owner's memory, zeroed before first use */
	uint32_t size;			/* a power of two, at least NAMEBOOK_ROW */
};

#define NAMEBOOK_ROW 4			/* lines a name may stand in */

/* Whether this name of the exporter in `slot` is to be told now; then it is noted as told. */
bool namebook_is_news(struct namebook *b, uint32_t slot, const struct name_told *name);

#endif
