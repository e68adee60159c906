// SPDX-License-Identifier: Apache-2.0
/* The rows of source.def. */
#include "core/source.h"

#include "core/flow.h"

static const struct source_row rows[SOURCE_COUNT] = {
#define SOURCE(name, word, record, openwrt, kernel, words) \
	{ #word, record, openwrt, kernel, words },
#include "core/source.def"
#undef SOURCE
};

const struct source_row *source_row(enum source source)
{
	return &rows[source];
}
