/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for templates, for sets that wait for theirs, and for what options say; without IPFIX and
 * v9 there are none.
 */
#ifndef NM_TEMPLATES_H
#define NM_TEMPLATES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/exporter.h"

struct park;
struct sampling;
struct templates;

/* Room for `count` templates in *ts (NULL when the feature is off); false: no memory. */
bool templates_new(struct templates **ts, uint32_t count);
/* Forget all; the exporters may have been others until now. */
void templates_reset(struct templates *ts, struct exporters *all);
/* Whether records get the elements that have no field; of templates learned from here on. */
void templates_keep_unknown(struct templates *ts, bool keep);
void templates_free(struct templates *ts);

/*
 * Room for sets of so many exporters that wait, in so many bytes; *p is NULL when that is nothing,
 * or as above; false: no memory.
 */
bool park_new(struct park **p, uint32_t bytes, uint32_t exporters);
void park_free(struct park *p);

/* Room for what options say of so many exporters, NULL as above; false: no memory. */
bool sampling_new(struct sampling **s, uint32_t exporters);
void sampling_free(struct sampling *s);

#endif
