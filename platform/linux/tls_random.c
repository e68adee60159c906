// SPDX-License-Identifier: Apache-2.0
/*
 * Where mbedTLS takes random bytes from: the kernel, each time. Its own pool and generator
 * are not compiled in; on musl that pool would be filled from /dev/random.
 */
#include <psa/crypto.h>

#include "platform/platform.h"

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context,
					     uint8_t *output, size_t output_size,
					     size_t *output_length)
{
	(void)context;
	random_fill(output, output_size);
	*output_length = output_size;
	return PSA_SUCCESS;
}
