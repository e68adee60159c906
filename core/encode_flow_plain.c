// SPDX-License-Identifier: Apache-2.0
/* Built instead of encode_flow.c when it is not wanted: smaller, and slower. */
#include "core/encode.h"

size_t encode_flow(const struct flow *f, uint8_t at[SPOOL_RECORD])
{
	return encode_flow_nanopb(f, at);
}
