/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoded records as JSON lines: what `decode` prints is what is stored, because it
 * is read back from the encoded bytes by the same schema. Keys are the field names of
 * the .proto in their order; absent fields are left out. Addresses and MACs are text,
 * enums their words, whole numbers numbers (64 bits: mind readers with doubles).
 */
#ifndef NM_JSON_H
#define NM_JSON_H

#include "core/buf.h"
#include "core/err.h"
#include "core/out.h"
#include "core/stream.h"

/* What an object has besides the record's own fields. */
enum {
	JSON_STREAM = 1 << 0,		/* first of all "stream":"<word>" */
	JSON_WORDS  = 1 << 1,		/* last of all "Words": what its numbers mean, by field */
};

/*
 * One record (varint length and message) of `stream` from `in` as one object, without
 * a line end. Members that are repeated (maps) stand together, as encoders put them.
 * NM_SHORT: not a record.
 */
enum nm_err json_record(struct out *o, enum stream stream, struct buf *in, unsigned parts)
	NM_MUST_CHECK;

#endif
