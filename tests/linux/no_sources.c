// SPDX-License-Identifier: Apache-2.0
/* For tests of the helper that sample nothing: a program without sources. */
#include "platform/linux/sources.h"

const struct source_ops *source_ops_of(enum source source)
{
	(void)source;
	return NULL;
}
