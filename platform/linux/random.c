// SPDX-License-Identifier: Apache-2.0
/*
 * Random bytes from the kernel. The first call waits until the kernel has gathered
 * enough after booting: an identity or a key from an unready source is worse than a wait.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "platform/platform.h"

void random_fill(void *at, size_t len)
{
	uint8_t *p = at;

	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno != EINTR)
			abort();	/* a kernel before 3.17: nothing here is safe */
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
}
