/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two files that explain v9 and IPFIX: sets of templates, and all else. */
#ifndef NM_EXPLAIN_IPFIX_H
#define NM_EXPLAIN_IPFIX_H

#include "core/explain_field.h"
#include "core/template.h"

#define SET_HEADER_LEN 4

struct message {
	const struct explained *d;
	const uint8_t *header;
	bool v9;
};

/* The decoder gets this part of a set (whose header is at `set`), or these bytes as they are. */
void explain_part_of_set(const struct message *m, const uint8_t *set, struct buf part);
void explain_bytes(const struct message *m, unsigned depth, struct buf bytes);

/* A set of templates behind its header. */
void explain_templates(const struct message *m, const uint8_t *header, struct buf set);

/* The kept fields of a template; NULL when not all of them are at hand. */
const struct explain_template *explain_template_of(const struct explain *x,
						   const struct template *t, struct fields *fields);

#endif
