// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v5: a header of 24 bytes and up to 30 records of 48. Exporters lie about the number of
 * records in both directions, so the smaller of count and room is read. The format is only known
 * from its vendor's export data formats page; the traps are in tests/data.
 */
#include "core/decode.h"
#include "core/sampling.h"

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

/* One record of RECORD_LEN bytes. */
static void record(const uint8_t *p, const struct clock *clock, struct flow *f)
{
	f->src = addr_v4(p);
	f->dst = addr_v4(p + 4);
	f->next_hop = be32(p + 8) ? addr_v4(p + 8) : (struct addr){ { 0 } };
	f->in_if = be16(p + 12);
	f->out_if = be16(p + 14);
	f->packets = be32(p + 16);
	f->bytes = be32(p + 20);
	f->start = time_of_uptime(clock, be32(p + 24));
	f->end = time_of_uptime(clock, be32(p + 28));
	f->src_port = be16(p + 32);
	f->dst_port = be16(p + 34);
	f->tcp_flags = p[37];			/* 36 and the last two are padding */
	f->proto = p[38];
	f->tos = p[39];
	f->src_as = be16(p + 40);
	f->dst_as = be16(p + 42);
	f->src_net = p[44];
	f->dst_net = p[45];
	f->icmp_type = f->proto == PROTO_ICMP ? p[34] : 0;
	f->icmp_code = f->proto == PROTO_ICMP ? p[35] : 0;
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

/* A header that samples at another rate than the one before tells it, as options do. */
static void follow_rate(struct decoder *d, struct exporter *e, uint64_t rate)
{
	const struct rate_told told = { .scope = SCOPE_EXPORTER, .rate = rate };
	struct sampled *s = &d->sampling->exporters[e - d->exporters->slots];
	uint64_t was = s->rate;

	s->rate = rate;
	if (was && was != rate && d->rate_changed)
		d->rate_changed(d, e, &told, was);
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
	origin.exported = clock.exported;
	f.sequence = origin.sequence = buf_u32(&in);
	f.domain = origin.domain = buf_u16(&in);	/* engine type and id */
	f.rate = buf_u16(&in) & SAMPLING_RATE;
	f.rate_source = f.rate ? RATE_HEADER : RATE_ASSUMED;
	f.rate += !f.rate;

	*err = NM_FULL;
	e = decode_begin(d, dg, &origin, size);
	if (e == d->exporters->slots)
		return e;
	if (d->sampling && f.rate_source == RATE_HEADER)
		follow_rate(d, e, f.rate);
	room = buf_left(&in) / RECORD_LEN;
	count = origin.units < room ? origin.units : room;
	count_add(&e->counts, COUNT_BYTES_HEADERS, HEADER_LEN);
	count_add(&e->counts, COUNT_BYTES_DECODED, count * RECORD_LEN);
	count_add(&e->counts, COUNT_RECORDS_DECODED, count);
	while (count--) {
		record(buf_take(&in, RECORD_LEN).p, &clock, &f);
		flow_put(d->sink, &f);
	}
	*err = rest(e, &in, origin.units > room);
	return e;
}
