// SPDX-License-Identifier: Apache-2.0
/* Built instead of templates.c when no protocol has templates. */
#include <stddef.h>

#include "firmware/templates.h"

bool templates_new(struct templates **ts, uint32_t count)
{
	(void)count;
	*ts = NULL;
	return true;
}

void templates_reset(struct templates *ts, struct exporters *all)
{
	(void)ts, (void)all;
}

void templates_keep_unknown(struct templates *ts, bool keep)
{
	(void)ts, (void)keep;
}

void templates_free(struct templates *ts)
{
	(void)ts;
}

bool sampling_new(struct sampling **s, uint32_t exporters)
{
	(void)exporters;
	*s = NULL;
	return true;
}

void sampling_free(struct sampling *s)
{
	(void)s;
}
