// SPDX-License-Identifier: Apache-2.0
/* Built instead of park.c when no protocol has templates: nothing ever waits for one. */
#include "core/park.h"

void park_init(struct park *p, struct exporters *all)
{
	(void)p, (void)all;
}

void park_expire(struct park *p, struct exporter *e, nm_time now)
{
	(void)p, (void)e, (void)now;
}

void park_clear(struct park *p, struct exporter *e)
{
	(void)p, (void)e;
}

void park_shift(struct park *p, int64_t ns)
{
	(void)p, (void)ns;
}
