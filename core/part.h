/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of a batch that its server does not take whole (HTTP 413). The whole is part 1,
 * and the halves of part n are 2n and 2n + 1: the first half of its records and the
 * rest. So a part's number alone says which records it has, today and after a restart,
 * and its name (identity-17.1, identity-17.2, halves of that: identity-17.21 ...) is a
 * token as good as the batch's own.
 */
#ifndef NM_PART_H
#define NM_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"

#define PART_WHOLE  1u
#define PART_LEVELS 12u			/* 4,096 parts: a few hundred bytes each */
#define PART_TEXT   (PART_LEVELS + 2)	/* ".12121", with its 0 */

/* Returns `text`: "" for the whole. */
char *part_name(unsigned part, char text[PART_TEXT]);
/* How many of the batch's records are in it. */
uint64_t part_records(unsigned part, uint64_t records);
bool part_is_divisible(unsigned part, uint64_t records);
/* The part behind this one; PART_WHOLE when it was the last. */
unsigned part_next(unsigned part);
/*
 * Narrow the batch's pieces (whole records: varint length and message) to the part's.
 * Returns how many pieces are left, at the front; NM_LENGTH when they are not records.
 */
enum nm_err part_cut(unsigned part, uint64_t records, struct buf piece[], unsigned *n)
	NM_MUST_CHECK;

#endif
