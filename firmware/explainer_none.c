// SPDX-License-Identifier: Apache-2.0
/* Where CONFIG_EXPLAIN is off: nothing is explained, and that is said. */
#include <stdio.h>

#include "firmware/explainer.h"

struct explainer *explainer_new(const struct chain_sizes *sizes)
{
	(void)sizes;
	fprintf(stderr, "netmeta decode: --explain is left out of this build (CONFIG_EXPLAIN); "
			"decode the capture with a build that has it\n");
	return NULL;
}

void explainer_free(struct explainer *x)
{
	(void)x;
}

bool explainer_see(struct explainer *x, struct buf bytes, const struct datagram *dg,
		   const struct exporter *e, uint32_t slot, enum nm_err err)
{
	(void)x, (void)bytes, (void)dg, (void)e, (void)slot, (void)err;
	return false;
}
