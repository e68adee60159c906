// SPDX-License-Identifier: Apache-2.0
/* The names of count.def. */
#include "core/count.h"

#define COUNT(name, field, help) { #field, help },
static const struct { const char *name, *help; } counters[COUNT_COUNT] = {
#include "core/count.def"
};
#undef COUNT

const char *count_name(enum count what)
{
	return counters[what].name;
}

const char *count_help(enum count what)
{
	return counters[what].help;
}
