/* SPDX-License-Identifier: Apache-2.0 */
/* Which sources this program was built with (source.c). */
#ifndef NM_LINUX_SOURCES_H
#define NM_LINUX_SOURCES_H

#include "platform/linux/source.h"

#define SNAP_MOST 256			/* bytes of a packet, at the most: option snap */

/* NULL: it was built without. */
const struct source_ops *source_ops_of(enum source source);

#endif
