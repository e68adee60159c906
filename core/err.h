/* SPDX-License-Identifier: Apache-2.0 */
/* Errors are values of one enum; err.def makes the enum, the labels and the words. */
#ifndef NM_ERR_H
#define NM_ERR_H

#define ERR(name, label, words) NM_##name,
enum nm_err {
#include "core/err.def"
	NM_ERR_COUNT
};
#undef ERR

#define NM_MUST_CHECK __attribute__((warn_unused_result))

/* Words for people, and the short label for counters and JSON. Never NULL. */
const char *nm_strerror(enum nm_err err);
const char *nm_errlabel(enum nm_err err);

#endif
