/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What numbers of a record mean, for people: flags as letters, times in RFC 3339, protocols and
 * reasons by their words, a rate with its source. Meanings depend on other fields of the record,
 * so all are noted first.
 */
#ifndef NM_READABLE_H
#define NM_READABLE_H

#include <stdint.h>

#include "core/out.h"

#define READABLE_FIELDS 24		/* at the most */

struct readable { uint64_t v[READABLE_FIELDS]; };	/* zeroed before the first is noted */

/* A field of the record, by its name in the schema, and its number. */
void readable_note(struct readable *r, const char *field, uint64_t v);

/* All that can be said of them as one JSON object: field to text. */
void readable_put(struct out *o, const struct readable *r);

#endif
