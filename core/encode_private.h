/* SPDX-License-Identifier: Apache-2.0 */
/* Filling nanopb's messages, for encode*.c only. */
#ifndef NM_ENCODE_PRIVATE_H
#define NM_ENCODE_PRIVATE_H

#include <string.h>

#include <pb_encode.h>

#include "core/encode.h"
#include "core/text.h"
#include "proto/netmeta.pb.h"

#define PUT_ADDRESS(m, field, address)                                             \
	do {                                                                       \
		if (!addr_is_absent(address)) {                                    \
			(m)->field.size = sizeof((address)->b);                    \
			memcpy((m)->field.bytes, (address)->b, sizeof((address)->b)); \
		}                                                                  \
	} while (0)
#define PUT_UINT(m, field, value) ((m)->field = (__typeof__((m)->field))(value))
#define PUT_TIME(m, field, value)                                           \
	do {                                                                \
		(m)->field##Ns = (uint64_t)(value).ns;                      \
		(m)->field = (uint64_t)((value).ns / NM_NS_PER_S);          \
	} while (0)
/* The message is all zero, so the text ends in one. */
#define PUT_TEXT(m, field, value) text_print(value, (m)->field, sizeof((m)->field) - 1)

/* A key or a value of a map. */
struct part {
	const void *bytes;		/* NULL: the number */
	size_t len;
	uint64_t number;
};

/*
 * One entry of a map, as nanopb would write it with both parts present. False only when nanopb
 * fails: an entry is left out when it and ENCODE_ENTRY_HEAD do not fit into what is left of the
 * stream.
 */
bool encode_entry(pb_ostream_t *stream, const pb_field_t *field, struct part key,
		  struct part value);

#define COUNTER_TEXT 128			/* bytes kept of a text among counters */

/* The whole message with its length at `at`; returns the number of bytes. */
size_t encode_message(const pb_msgdesc_t *fields, const void *message, uint8_t at[SPOOL_RECORD]);

#endif
