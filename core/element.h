/* SPDX-License-Identifier: Apache-2.0 */
/* The words of ie.def and ie_known.def, for whoever explains templates to people. */
#ifndef NM_ELEMENT_H
#define NM_ELEMENT_H

#include "core/layout.h"

/* IANA's name of an element, or a vendor's; NULL when it is in neither table. */
const char *element_name(const struct element *e);

/* Why an element that is known goes nowhere; NULL when it is none of these. */
const char *element_why(const struct element *e);

/*
 * The field of the record that a step fills, by its place in struct draft: "SrcAddr"; for what
 * only helps to fill others, words for that. Never NULL.
 */
const char *element_target(uint16_t to);

#endif
