// SPDX-License-Identifier: Apache-2.0
/*
 * Any protocol on any port: all of them begin with their version. What is read here but not in
 * the table is counted, never guessed.
 */
#include "core/decode.h"

struct protocol {
	uint16_t version;		/* the first two bytes */
	struct exporter *(*decode)(struct decoder *d, struct buf in, const struct datagram *dg,
				   enum nm_err *err);
};

static const struct protocol protocols[] = {
#ifdef CONFIG_NETFLOW5
	{ 5,  netflow5_decode },
#endif
#ifdef CONFIG_IPFIX
	{ 9,  ipfix_decode },
	{ 10, ipfix_decode },
#endif
	{ 0,  NULL },
};

struct exporter *datagram_decode(struct decoder *d, struct buf bytes,
				 const struct datagram *dg, enum nm_err *err)
{
	struct buf in = bytes;
	uint16_t version = buf_u16(&in);

	if (in.bad) {
		*err = NM_SHORT;
		return decode_refuse(d, dg, COUNT_BYTES_TRUNCATED, buf_left(&bytes));
	}
	for (const struct protocol *p = protocols; p->decode; p++)
		if (p->version == version)
			return p->decode(d, bytes, dg, err);
	*err = NM_VERSION;
	return decode_refuse(d, dg, COUNT_BYTES_UNKNOWN_VERSION, buf_left(&bytes));
}
