/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records to Protobuf: varint length, then the message of proto/netmeta.proto. The
 * only place that knows the generated code. encode_flow() is the hot one and hides
 * how it is done. None can fail: no message is longer than SPOOL_RECORD.
 */
#ifndef NM_ENCODE_H
#define NM_ENCODE_H

#include "core/event.h"
#include "core/flow.h"
#include "core/ledger.h"
#include "core/spool.h"

/* Each returns the number of bytes written to `at`. */
size_t encode_flow(const struct flow *f, uint8_t at[SPOOL_RECORD]);
size_t encode_ledger(const struct ledger_row *row, uint8_t at[SPOOL_RECORD]);
size_t encode_event(const struct event *e, uint8_t at[SPOOL_RECORD]);

#endif
