/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records to Protobuf: varint length, then the message of proto/netmeta.proto. None can
 * fail: no message is longer than SPOOL_RECORD. Flows are the hot ones: encode_flow()
 * hides whether encode_flow.c or nanopb does them (CONFIG_ENCODE_FAST); nanopb does everything
 * else and is what the fast encoder is tested against.
 */
#ifndef NM_ENCODE_H
#define NM_ENCODE_H

#include "core/counters.h"
#include "core/event.h"
#include "core/flow.h"
#include "core/interface.h"
#include "core/ledger.h"
#include "core/name.h"
#include "core/spool.h"

/*
 * Each returns the number of bytes written to `at`. Texts are made printable and cut to the
 * schema's room. Of maps (unknown elements, counters) what finds no room is left out.
 */
size_t encode_flow(const struct flow *f, uint8_t at[SPOOL_RECORD]);
size_t encode_ledger(const struct ledger_row *row, uint8_t at[SPOOL_RECORD]);
size_t encode_event(const struct event *e, uint8_t at[SPOOL_RECORD]);
size_t encode_counters(const struct counters *c, uint8_t at[SPOOL_RECORD]);
size_t encode_name(const struct name_told *n, uint8_t at[SPOOL_RECORD]);
size_t encode_interface(const struct interface_told *i, uint8_t at[SPOOL_RECORD]);

size_t encode_flow_nanopb(const struct flow *f, uint8_t at[SPOOL_RECORD]);

/* How an unknown element is kept. */
#define KEPT_BYTES 64
#define ENCODE_ENTRY_HEAD 4		/* tag and length of an entry of a map */
static inline uint64_t kept_key(const struct kept *k)
{
	return (uint64_t)k->enterprise << 16 | k->id;
}
static inline size_t kept_len(const struct kept *k)
{
	return k->len < KEPT_BYTES ? k->len : KEPT_BYTES;
}

/* A message of `len` bytes was written behind so much room: put its length before it. */
#define ENCODE_LENGTH_ROOM 2		/* a varint of up to 16383 */
size_t encode_close(uint8_t at[SPOOL_RECORD], size_t len);

#endif
