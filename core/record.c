// SPDX-License-Identifier: Apache-2.0
/* Protobuf's outside only (protobuf.dev/programming-guides/encoding). */
#include "core/record.h"

#define TIME_RECEIVED_NS 110

static uint64_t varint(struct buf *in)
{
	uint64_t value = 0;
	uint8_t byte = 0x80;

	for (unsigned shift = 0; byte & 0x80 && shift < 64; shift += 7) {
		byte = buf_u8(in);
		value |= (uint64_t)(byte & 0x7f) << shift;
	}
	return value;
}

static struct buf take_record(struct buf *in)
{
	uint64_t len = varint(in);

	return buf_take(in, len < SIZE_MAX ? (size_t)len : SIZE_MAX);
}

bool record_skip(struct buf *in)
{
	take_record(in);
	return !in->bad;
}

nm_time record_time(struct buf in)
{
	static const uint8_t fixed[8] = { [1] = 8, [5] = 4 };
	struct buf message = take_record(&in);

	while (buf_left(&message)) {
		uint64_t tag = varint(&message), type = tag & 7;

		if (tag == TIME_RECEIVED_NS << 3)
			return (nm_time){ (int64_t)varint(&message) };
		if (type == 0)
			varint(&message);
		else if (type == 2)
			take_record(&message);
		else if (fixed[type])
			buf_skip(&message, fixed[type]);
		else
			break;
	}
	return (nm_time){ 0 };
}
