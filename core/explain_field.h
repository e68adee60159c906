/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of templates of v9 and IPFIX, and what the decoder does with each: the template is
 * compiled as the decoder compiles it, and each field gets the step that was made of it.
 */
#ifndef NM_EXPLAIN_FIELD_H
#define NM_EXPLAIN_FIELD_H

#include "core/explain_private.h"
#include "core/ie.h"

struct field_list {
	struct fields of;
	struct layout layout;		/* without steps when it cannot be compiled */
};

/* bytes, v9, options, scopes: as of struct fields. */
void field_list_compile(struct field_list *l, const struct fields *of);

struct field {
	struct element is;
	uint16_t len;
	uint16_t from;			/* offset in the record, behind its last variable field */
	bool behind_variable;
	bool is_scope, is_v9_scope;	/* v9 has ids of its own for scopes */
	const struct step *step;	/* NULL: it goes nowhere */
	const uint8_t *at;		/* the specifier */
};

struct field_walk {
	const struct field_list *list;
	struct buf rest;
	unsigned number, step;
	uint16_t from;
	bool variable;
};

struct field_walk field_walk_begin(const struct field_list *l);
/* False at the end; of a specifier that is cut nothing comes either. */
bool field_next(struct field_walk *w, struct field *f);

/* Parts of a line: "8 sourceIPv4Address"; ", to SrcAddr" or, with why, what keeps it out. */
void field_put_name(struct explain *x, const struct field *f);
void field_put_target(struct explain *x, const struct field_list *l, const struct field *f,
		      bool why);
/* " = 10.0.0.1", of what is known. */
void field_put_value(struct explain *x, const struct field *f, struct buf bytes);

#endif
