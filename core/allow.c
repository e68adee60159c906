// SPDX-License-Identifier: Apache-2.0
/* A short list, gone through: it is asked once a datagram. */
#include "core/allow.h"

bool allow_has(const struct allow *list, const struct addr *a)
{
	for (unsigned i = 0; i < list->count; i++)
		if (prefix_has(&list->prefixes[i], a))
			return true;
	return !list->count;
}
