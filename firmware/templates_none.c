// SPDX-License-Identifier: Apache-2.0
/* Built instead of templates.c and recall_file.c when no protocol has templates. */
#include <stddef.h>

#include "firmware/recall_file.h"
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

bool park_new(struct park **p, uint32_t bytes, uint32_t exporters)
{
	(void)bytes, (void)exporters;
	*p = NULL;
	return true;
}

void park_free(struct park *p)
{
	(void)p;
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

void recall_file_open(struct recall_file *f, struct decoder *d, const struct conf_agent *conf,
		      nm_time now)
{
	(void)f, (void)d, (void)conf, (void)now;
}

void recall_file_close(struct recall_file *f)
{
	(void)f;
}
