// SPDX-License-Identifier: Apache-2.0
/* NetFlow v5, one hand-written datagram bent in every way that exporters have bent theirs. */
#define DECODING_WITH netflow5_decode
#include "core/sampling.h"
#include "tests/decoding.h"

#define HEADER 24
#define RECORD 48

/*
 * NetFlow v5, 2 records, uptime 100.000 s at 2023-11-14T22:13:20.250000000Z, sequence 7,
 * engine type 1 id 2, sampling mode 1 (deterministic) with an interval of 100.
 */
static const uint8_t example[HEADER + 2 * RECORD] = {
	0x00, 0x05, 0x00, 0x02,			/* version, count */
	0x00, 0x01, 0x86, 0xa0,			/* uptime 100,000 ms */
	0x65, 0x53, 0xf1, 0x00,			/* 1,700,000,000 s */
	0x0e, 0xe6, 0xb2, 0x80,			/* 250,000,000 ns */
	0x00, 0x00, 0x00, 0x07,			/* flow sequence */
	0x01, 0x02, 0x40, 0x64,			/* engine, mode and interval */

	10, 1, 0, 1,  10, 2, 0, 2,  10, 0, 0, 9,	/* source, destination, next hop */
	0x00, 0x01, 0x00, 0x02,			/* interfaces */
	0x00, 0x00, 0x00, 0x0a,			/* 10 packets */
	0x00, 0x00, 0x03, 0xe8,			/* 1000 bytes */
	0x00, 0x01, 0x5f, 0x90,			/* first 90,000 ms */
	0x00, 0x01, 0x82, 0xb8,			/* last 99,000 ms */
	0x04, 0xd2, 0x00, 0x50,			/* ports 1234, 80 */
	0x00, 0x1b, 0x06, 0x28,			/* padding, flags, TCP, type of service */
	0xfb, 0xf4, 0xfb, 0xf5,			/* AS 64500, 64501 */
	24, 16, 0x00, 0x00,			/* masks, padding */

	10, 1, 0, 3,  10, 2, 0, 4,  0, 0, 0, 0,
	0xff, 0xff, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff,
	0x00, 0x01, 0x86, 0xa1,			/* first 1 ms after the export */
	0x00, 0x01, 0x86, 0xa1,
	0x00, 0x00, 0x08, 0x03,			/* ICMP type 8, code 3 */
	0x00, 0x00, 0x01, 0x00,
	0x00, 0x00, 0x00, 0x00,
	0, 0, 0x00, 0x00,
};

static struct addr exporter;
static uint8_t datagram[65536];

static void start(void)
{
	static const uint8_t b[4] = { 192, 0, 2, 1 };

	exporter = addr_v4(b);
	memcpy(datagram, example, sizeof(example));
	decoding_start(DECODING_EXPORTERS);
}

static bool is(const struct addr *a, const char *text)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_text(a, have), text);
}

static void every_field(void)
{
	const struct flow *f = decoding_flows;

	start();
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK && decoding_count == 2);
	check(f->seen.ns == DECODING_SEEN.ns && f->source == FLOW_NETFLOW5 && f->sequence == 7);
	check(is(&f->exporter, "192.0.2.1") && f->domain == 0x0102);
	check(f->rate == 100 && f->rate_source == RATE_HEADER);
	check(is(&f->src, "10.1.0.1") && is(&f->dst, "10.2.0.2") && is(&f->next_hop, "10.0.0.9"));
	check(f->in_if == 1 && f->out_if == 2 && f->packets == 10 && f->bytes == 1000);
	check(f->start.ns == 1699999990250 * NM_NS_PER_MS);
	check(f->end.ns == 1699999999250 * NM_NS_PER_MS);
	check(f->src_port == 1234 && f->dst_port == 80 && f->etype == 0x0800);
	check(f->tcp_flags == 0x1b && f->proto == 6 && f->tos == 0x28);
	check(f->src_as == 64500 && f->dst_as == 64501 && f->src_net == 24 && f->dst_net == 16);
	check(f->icmp_type == 0 && f->icmp_code == 0);
}

static void the_second_record(void)
{
	const struct flow *f = decoding_flows + 1;

	start();
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK && decoding_count == 2);
	check(is(&f->src, "10.1.0.3") && is(&f->dst, "10.2.0.4") && addr_is_absent(&f->next_hop));
	check(f->in_if == 0xffff && f->packets == 0xffffffff && f->bytes == 0xffffffff);
	check(f->start.ns == 1700000000251 * NM_NS_PER_MS);
	check(f->proto == 1 && f->icmp_type == 8 && f->icmp_code == 3 && f->dst_port == 0x0803);
	check(f->src_as == 0 && f->src_net == 0 && f->tcp_flags == 0);
}

static void counters(void)
{
	start();
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	check(decoding_last->source == FLOW_NETFLOW5 && decoding_last->domain == 0x0102);
	check(decoding_last->listener == 3 && decoding_last->last_seen.ns == DECODING_SEEN.ns);
	check(decoding_counted(COUNT_DATAGRAMS) == 1);
	check(decoding_counted(COUNT_BYTES_RECEIVED) == 120);
	check(decoding_counted(COUNT_BYTES_HEADERS) == 24);
	check(decoding_counted(COUNT_BYTES_DECODED) == 96);
	check(decoding_counted(COUNT_RECORDS_DECODED) == 2);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
}

static void the_sampling_word(void)
{
	static const struct { uint16_t word; unsigned rate, source; } rows[] = {
		{ 0x0000, 1, RATE_ASSUMED }, { 0x4000, 1, RATE_ASSUMED },
		{ 0x0001, 1, RATE_HEADER },  { 0x43e8, 1000, RATE_HEADER },
		{ 0x83e8, 1000, RATE_HEADER }, { 0xffff, 16383, RATE_HEADER },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start();
		datagram[22] = (uint8_t)(rows[i].word >> 8);
		datagram[23] = (uint8_t)rows[i].word;
		check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
		check(decoding_flows[0].rate == rows[i].rate);
		check(decoding_flows[0].rate_source == rows[i].source);
	}
}

static void the_uptime_wraps(void)
{
	static const uint8_t uptime[4] = { 0, 0, 0x03, 0xe8 };		/* 1 s after the wrap */
	static const uint8_t first[4] = { 0xff, 0xff, 0xff, 0xff };	/* 1 ms before it */

	start();
	memcpy(datagram + 4, uptime, 4);
	memcpy(datagram + HEADER + 24, first, 4);
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	check(decoding_flows[0].start.ns == 1699999999249 * NM_NS_PER_MS);
}

static enum nm_err with_count(uint16_t count, size_t len)
{
	datagram[2] = (uint8_t)(count >> 8);
	datagram[3] = (uint8_t)count;
	return decoding_feed(&exporter, datagram, len);
}

static void the_count_is_too_large(void)
{
	start();
	check(with_count(3, sizeof(example)) == NM_SHORT && decoding_count == 2);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 1);
	check(decoding_counted(COUNT_BYTES_TRUNCATED) == 0);
	start();
	check(with_count(0xffff, sizeof(example) - 1) == NM_SHORT && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_TRUNCATED) == 47);
	check(decoding_last->sequence.next == 7 + 0xffff);
}

static void the_count_is_too_small(void)
{
	start();
	check(with_count(1, sizeof(example)) == NM_LENGTH && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_BAD_LENGTH) == 48);
	start();
	check(with_count(0, HEADER) == NM_OK && decoding_count == 0);
	start();
	memset(datagram + sizeof(example), 0, 1608);
	check(with_count(2, sizeof(example) + 1608) == NM_OK && decoding_count == 2);
	check(decoding_counted(COUNT_BYTES_PADDING) == 1608);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
}

static void more_records_than_the_format_allows(void)
{
	start();
	memset(datagram, 0, sizeof(datagram));
	memcpy(datagram, example, HEADER);
	check(with_count(1364, HEADER + 1364 * RECORD) == NM_OK && decoding_count == 1364);
}

static void sequences(void)
{
	start();
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	datagram[19] = 9;
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 0);
	datagram[19] = 21;
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 10);
	check(decoding_flows[4].sequence == 21);
}

static void truncations(void)
{
	for (size_t len = 0; len < sizeof(example); len++) {
		size_t records = len < HEADER ? 0 : (len - HEADER) / RECORD;

		start();
		check(decoding_feed(&exporter, example, len) == NM_SHORT);
		check(decoding_count == records);
		check(decoding_last->source == (len < HEADER ? FLOW_UNKNOWN : FLOW_NETFLOW5));
	}
}

static void no_room_for_the_exporter(void)
{
	start();
	decoding_start(2);
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK && decoding_count == 2);
	datagram[21] = 3;
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_FULL);
	check(decoding_count == 2);
	check(decoding_last == decoding_slots);
	check(decoding_counted(COUNT_BYTES_NO_EXPORTER) == sizeof(example));
}

static struct exporter *told;
static unsigned told_times;

static void tell(struct decoder *d, struct exporter *e, bool is_new)
{
	(void)d;
	check(is_new == !told);
	check(e->counts.n[COUNT_DATAGRAMS] == told_times);	/* not this one yet */
	check(decoding_count == told_times * 2);	/* before the first record */
	told = e;
	told_times++;
}

static void who_is_told(void)
{
	start();
	decoding.seen = tell;
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	datagram[19] = 14;
	check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	check(told_times == 2 && told == decoding_last);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 5);
	decoding.seen = NULL;
}

static unsigned changes;
static struct rate_told changed;
static uint64_t changed_from;

static void see_change(struct decoder *d, struct exporter *e, const struct rate_told *change,
		       uint64_t was)
{
	check(d == &decoding && e == &decoding_slots[e - decoding_slots]);
	changed = *change;
	changed_from = was;
	changes++;
}

static void a_rate_change(void)
{
	static const uint8_t words[][2] = { { 0x40, 0x64 }, { 0x80, 0x64 }, { 0, 0 },
					    { 0x40, 0x65 } };
	static struct sampled sampled[DECODING_EXPORTERS];
	static struct sampling sampling = { .exporters = sampled };

	start();
	decoding.sampling = &sampling;
	decoding.rate_changed = see_change;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		check(changes == 0);
		memcpy(datagram + 22, words[i], 2);
		check(decoding_feed(&exporter, datagram, sizeof(example)) == NM_OK);
	}
	check(changes == 1 && changed.scope == SCOPE_EXPORTER);
	check(changed.rate == 101 && changed_from == 100);
	decoding.sampling = NULL;
	decoding.rate_changed = NULL;
}

TESTS({ "a header with another rate is told, once, and one without is not", a_rate_change },
      { "every field of a record arrives", every_field },
      { "absent next hop, ICMP and the largest numbers arrive", the_second_record },
      { "what was received is counted", counters },
      { "the sampling word is read without its mode bits", the_sampling_word },
      { "times are right while the uptime wraps", the_uptime_wraps },
      { "a count beyond the room gives the records there are", the_count_is_too_large },
      { "a count below the room gives what it counts", the_count_is_too_small },
      { "a datagram may hold more than thirty records", more_records_than_the_format_allows },
      { "the sequence counts flows", sequences },
      { "every truncation is safe and keeps whole records", truncations },
      { "an exporter without a slot is counted and not decoded", no_room_for_the_exporter },
      { "the owner is told of each datagram before its records", who_is_told })
