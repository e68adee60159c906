// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v5: a header of 24 bytes and up to 30 records of 48. Exporters lie about the number of
 * records in both directions, so the smaller of count and room is read. The format is only known
 * from its vendor's export data formats page; the traps are in tests/data.
 */
#include "core/decode.h"

#define HEADER_LEN     24
#define RECORD_LEN     48
#define ETYPE_IPV4     0x0800
#define PROTO_ICMP     1
#define SAMPLING_RATE  0x3fff		/* the two bits above are the mode */

/* When the exporter booted is in no field: times are told by the distance from its uptime. */
struct clock {
	nm_time exported;
	uint32_t uptime_ms;
};

static nm_time time_of_uptime(const struct clock *c, uint32_t ms)
{
	int32_t distance = (int32_t)(ms - c->uptime_ms);	/* the counter wraps */

	return time_plus(c->exported, (int64_t)distance * NM_NS_PER_MS);
}

static struct addr address(struct buf *in)
{
	struct buf part = buf_take(in, 4);

	return addr_v4(part.p);
}

static struct addr address_or_none(struct buf *in)
{
	static const uint8_t zero[4];
	struct buf part = buf_take(in, 4);

	return memcmp(part.p, zero, 4) ? addr_v4(part.p) : (struct addr){ { 0 } };
}

/* The whole record is there: the caller has seen to it. */
static void record(struct buf in, const struct clock *clock, struct flow *f)
{
	f->src = address(&in);
	f->dst = address(&in);
	f->next_hop = address_or_none(&in);
	f->in_if = buf_u16(&in);
	f->out_if = buf_u16(&in);
	f->packets = buf_u32(&in);
	f->bytes = buf_u32(&in);
	f->start = time_of_uptime(clock, buf_u32(&in));
	f->end = time_of_uptime(clock, buf_u32(&in));
	f->src_port = buf_u16(&in);
	f->dst_port = buf_u16(&in);
	buf_skip(&in, 1);
	f->tcp_flags = buf_u8(&in);
	f->proto = buf_u8(&in);
	f->tos = buf_u8(&in);
	f->src_as = buf_u16(&in);
	f->dst_as = buf_u16(&in);
	f->src_net = buf_u8(&in);
	f->dst_net = buf_u8(&in);
	f->icmp_type = f->proto == PROTO_ICMP ? (uint8_t)(f->dst_port >> 8) : 0;
	f->icmp_code = f->proto == PROTO_ICMP ? (uint8_t)f->dst_port : 0;
}

/* What is behind the last record that counts, or in the place of one. */
static enum nm_err rest(struct exporter *e, const struct buf *in, bool cut)
{
	enum nm_err err = cut ? NM_SHORT : buf_is_zero(in) ? NM_OK : NM_LENGTH;
	enum count what = cut ? COUNT_BYTES_TRUNCATED :
		err ? COUNT_BYTES_BAD_LENGTH : COUNT_BYTES_PADDING;

	count_add(&e->counts, what, buf_left(in));
	if (err)
		count_add(&e->counts, COUNT_DATAGRAMS_MALFORMED, 1);
	return err;
}

struct exporter *netflow5_decode(struct decoder *d, struct buf in,
				 const struct datagram *dg, enum nm_err *err)
{
	struct origin origin = { .source = FLOW_NETFLOW5, .numbered = true };
	struct flow f = { .seen = dg->seen, .exporter = dg->from, .source = FLOW_NETFLOW5,
			  .etype = ETYPE_IPV4 };
	size_t size = buf_left(&in), count, room;
	struct clock clock;
	struct exporter *e;

	*err = NM_SHORT;
	if (size < HEADER_LEN)
		return decode_refuse(d, dg, COUNT_BYTES_TRUNCATED, size);
	buf_skip(&in, 2);
	origin.units = buf_u16(&in);
	clock.uptime_ms = buf_u32(&in);
	clock.exported = time_of_s(buf_u32(&in));
	clock.exported = time_plus(clock.exported, buf_u32(&in));
	f.sequence = origin.sequence = buf_u32(&in);
	f.domain = origin.domain = buf_u16(&in);	/* engine type and id */
	f.rate = buf_u16(&in) & SAMPLING_RATE;
	f.rate_source = f.rate ? RATE_HEADER : RATE_ASSUMED;
	f.rate += !f.rate;

	*err = NM_FULL;
	e = decode_begin(d, dg, &origin, size);
	if (e == d->exporters->slots)
		return e;
	room = buf_left(&in) / RECORD_LEN;
	count = origin.units < room ? origin.units : room;
	count_add(&e->counts, COUNT_BYTES_HEADERS, HEADER_LEN);
	count_add(&e->counts, COUNT_BYTES_DECODED, count * RECORD_LEN);
	count_add(&e->counts, COUNT_RECORDS_DECODED, count);
	while (count--) {
		record(buf_take(&in, RECORD_LEN), &clock, &f);
		flow_put(d->sink, &f);
	}
	*err = rest(e, &in, origin.units > room);
	return e;
}
