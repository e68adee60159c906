// SPDX-License-Identifier: Apache-2.0
/*
 * Any protocol on any port: all of them begin with their version, sFlow with four bytes of it and
 * the others with two. What is read here but not in the table is counted, never guessed.
 */
#include "core/decode.h"

struct protocol {
	uint8_t len, version;		/* so many bytes, as a number */
	struct exporter *(*decode)(struct decoder *d, struct buf in, const struct datagram *dg,
				   enum nm_err *err);
};

static const struct protocol protocols[] = {
#define PROTOCOL(len, version, name) { len, version, name##_decode },
#include "core/protocol.def"
#undef PROTOCOL
	{ 0, 0, NULL },
};

struct exporter *datagram_decode(struct decoder *d, struct buf bytes,
				 const struct datagram *dg, enum nm_err *err)
{
	size_t size = buf_left(&bytes);

	if (size < 2) {
		*err = NM_SHORT;
		return decode_refuse(d, dg, COUNT_BYTES_TRUNCATED, size);
	}
	for (const struct protocol *p = protocols; p->decode; p++) {
		struct buf in = bytes;

		if (size >= p->len && buf_uint(&in, p->len) == p->version)
			return p->decode(d, bytes, dg, err);
	}
	*err = NM_VERSION;
	return decode_refuse(d, dg, COUNT_BYTES_UNKNOWN_VERSION, size);
}
