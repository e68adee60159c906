// SPDX-License-Identifier: Apache-2.0
/* The words of err.def. */
#include "core/err.h"

#define ERR(name, label, words) { label, words },
static const struct { const char *label, *words; } errors[] = {
#include "core/err.def"
};
#undef ERR

const char *nm_strerror(enum nm_err err)
{
	return (unsigned)err < NM_ERR_COUNT ? errors[err].words : "unknown error";
}

const char *nm_errlabel(enum nm_err err)
{
	return (unsigned)err < NM_ERR_COUNT ? errors[err].label : "unknown";
}
