// SPDX-License-Identifier: Apache-2.0
/* The codings that were built in. */
#include "core/compress.h"

static const struct compression *const built_in[] = {
#ifdef CONFIG_COMPRESS_LZ4
	&compress_lz4,
#endif
#ifdef CONFIG_COMPRESS_GZIP
	&compress_gzip,
#endif
	NULL
};

enum nm_err compress_find(enum conf_compression choice, const struct compression **found)
{
	bool any = choice == CONF_COMPRESSION_AUTO;
	const struct compression *const *c = built_in;

	while (*c && (*c)->choice != (any ? CONF_COMPRESSION_LZ4 : choice))
		c++;
	*found = *c;
	return *c || any || choice == CONF_COMPRESSION_NONE ? NM_OK : NM_MISSING;
}
