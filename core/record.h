/* SPDX-License-Identifier: Apache-2.0 */
/* Encoded records as they lie in the spool: a varint length, then a Protobuf message. */
#ifndef NM_RECORD_H
#define NM_RECORD_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/when.h"

/* Move behind one record; false when it is not whole. */
bool record_skip(struct buf *in);
/* TimeReceivedNs, which all messages share, of the next record; absent when it has none. */
nm_time record_time(struct buf in);

#endif
