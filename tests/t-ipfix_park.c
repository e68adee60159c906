// SPDX-License-Identifier: Apache-2.0
/*
 * Data that comes before its template, in messages of NetFlow v9 and IPFIX: it is read when the
 * template is there, with the times and the number of its own message, and counted once.
 */
#include "tests/messages.h"
#include "tests/parking.h"

#define SECOND NM_NS_PER_S
#define MINUTE (60 * NM_NS_PER_S)

static void begin(void)
{
	start();
	parking_start(&decoding_exporters);
	decoding.park = &parking;
}

static void from(uint8_t last)
{
	const uint8_t b[4] = { 192, 0, 2, last };

	exporter = addr_v4(b);
}

static void later(int64_t ns)
{
	decoding_seen = time_plus(decoding_seen, ns);
}

static void put_header(bool v9, uint32_t sequence)
{
	v9 ? put_v9(&pen, 1, sequence, 7) : put_ipfix(&pen, sequence, 7);
}

static enum nm_err send(void)
{
	return pen.bytes[1] == 9 ? feed() : feed_ipfix();
}

/* The header says that it was sent so much later than others, by both of its clocks. */
static void put_delay(uint32_t s)
{
	bool v9 = pen.bytes[1] == 9;
	struct pen at = { .len = 0 };

	if (v9)
		put(&at, 4, 100000 + 1000 * s);
	put(&at, 4, 1700000000 + s);
	memcpy(pen.bytes + 4, at.bytes, at.len);
}

static enum nm_err send_data(bool v9, uint32_t sequence, uint16_t id, unsigned records)
{
	put_header(v9, sequence);
	put_data_set(id, records);
	return send();
}

static enum nm_err send_template(bool v9, uint32_t sequence)
{
	put_header(v9, sequence);
	put_template_set(v9);
	return send();
}

/* --- waiting ------------------------------------------------------------------ */

static void data_before_its_template(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		const struct flow *f = decoding_flows;

		begin();
		check(send_data(v9, 40, 256, 2) == NM_OK && decoding_count == 0);
		check(decoding_counted(COUNT_BYTES_PARKED) == 26 && decoding_last->parked == 1);
		check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 0);
		check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
		later(SECOND);
		check(send_data(v9, 42, 256, 1) == NM_OK);
		later(SECOND);
		check(send_template(v9, 43) == NM_OK && decoding_count == 3);
		check(decoding_counted(COUNT_BYTES_PARKED) == 0 && decoding_last->parked == 0);
		check(decoding_counted(COUNT_BYTES_DECODED) == 39);
		check(decoding_counted(COUNT_RECORDS_DECODED) == 3);
		check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 0);
		check(f[0].sequence == 40 && f[1].sequence == 40 && f[2].sequence == 42);
		check(f[0].bytes == 1000 && f[1].bytes == 1001 && f[2].bytes == 1000);
		check(f[0].seen.ns == DECODING_SEEN.ns && f[1].seen.ns == DECODING_SEEN.ns);
		check(f[2].seen.ns == DECODING_SEEN.ns + SECOND);
		check(f[0].source == (v9 ? FLOW_NETFLOW9 : FLOW_IPFIX) && f[0].domain == 7);
		check(is(&f[0].exporter, "192.0.2.1") && is(&f[1].src, "10.0.0.2"));
	}
}

/* Uptimes of v9: what counts is the header of the message that brought them. */
static void uptimes_of_its_own_message(void)
{
	begin();
	put_header(true, 1);
	put_delay(5);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 c0000201 00015f90 000182b8");	/* 90,000 and 99,000 ms */
	set_end(&pen);
	check(send() == NM_OK);
	put_header(true, 2);
	put_delay(60);
	set_begin(&pen, 0);
	put_template(&pen, 256, "8/4 12/4 22/4 21/4");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000002 c0000201 00015f90 000182b8");
	set_end(&pen);
	check(send() == NM_OK && decoding_count == 2);
	check(is(&decoding_flows[0].src, "10.0.0.1") && is(&decoding_flows[1].src, "10.0.0.2"));
	check(decoding_flows[0].start.ns == 1699999990 * SECOND);
	check(decoding_flows[0].end.ns == 1699999999 * SECOND);
	check(decoding_flows[1].start.ns == 1699999990 * SECOND);
}

/* Elements 158 and 159: microseconds before the export time, which is its own message's. */
static void export_time_of_its_own_message(void)
{
	begin();
	put_header(false, 1);
	put_delay(5);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 000f4240 00000000");
	set_end(&pen);
	check(send() == NM_OK);
	put_header(false, 2);
	put_delay(60);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/4 158/4 159/4");
	set_end(&pen);
	check(send() == NM_OK && decoding_count == 1);
	check(decoding_flows[0].start.ns == 1700000004 * SECOND);
	check(decoding_flows[0].end.ns == 1700000005 * SECOND);
}

static void data_before_its_template_in_a_message(void)
{
	begin();
	put_header(false, 1);
	put_data_set(999, 1);
	put_data_set(256, 1);
	put_data_set(257, 2);
	put_template_set(false);
	put_data_set(256, 3);
	check(send() == NM_OK && decoding_count == 4);
	check(decoding_flows[0].sequence == 1 && decoding_flows[1].bytes == 1000);
	check(decoding_counted(COUNT_BYTES_PARKED) == 39 && decoding_last->parked == 2);
	check(decoding_counted(COUNT_BYTES_DECODED) == 52);
}

/* Sampler 5 samples one in 512; the flows behind it in the same message are told so. */
static void options_before_their_template(void)
{
	begin();
	put_header(false, 0);
	set_begin(&pen, 300);
	put_hex(&pen, "05 00000200");
	set_end(&pen);
	check(send() == NM_OK && decoding_counted(COUNT_BYTES_PARKED) == 5);
	put_header(false, 1);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/4 48/1");
	set_end(&pen);
	set_begin(&pen, 3);
	put_hex(&pen, "012c 0002 0001 00300001 00320004");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 05 0a000001 06");
	set_end(&pen);
	check(send() == NM_OK && decoding_count == 2);
	check(decoding_flows[0].rate == 512 && decoding_flows[0].rate_source == RATE_OPTIONS_ID);
	check(decoding_flows[1].rate_source == RATE_ASSUMED);
	check(decoding_counted(COUNT_BYTES_OPTIONS) == 5);
	check(decoding_counted(COUNT_BYTES_PARKED) == 0);
}

static void the_same_id_of_two(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		begin();
		send_data(v9, 1, 256, 1);
		from(2);
		send_data(v9, 1, 256, 2);
		check(send_template(v9, 2) == NM_OK && decoding_count == 2);
		check(is(&decoding_flows[0].exporter, "192.0.2.2"));
		from(1);
		check(send_template(v9, 2) == NM_OK && decoding_count == 3);
		check(is(&decoding_flows[2].exporter, "192.0.2.1"));
	}
}

/* --- numbers -------------------------------------------------------------------- */

/* IPFIX counts records: those that came late are of messages long past. */
static void sequence_of_ipfix(void)
{
	begin();
	send_data(false, 10, 256, 5);
	check(decoding_last->sequence.started == 0);
	put_header(false, 15);
	put_template_set(false);
	put_data_set(256, 2);
	check(send() == NM_OK && decoding_count == 7);
	check(decoding_last->sequence.next == 17);
	check(send_data(false, 17, 256, 1) == NM_OK && decoding_last->sequence.next == 18);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 0);
	check(send_data(false, 20, 256, 1) == NM_OK);
	check(send_data(false, 21, 256, 1) == NM_OK);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 2);
}

static void sequence_of_version_9(void)
{
	begin();
	send_data(true, 10, 256, 1);
	send_data(true, 11, 256, 1);
	send_template(true, 12);
	check(decoding_counted(COUNT_SEQUENCE_MISSING) == 0 && decoding_last->sequence.next == 13);
}

/* --- damage ----------------------------------------------------------------------- */

/* A record of variable length that its set cuts off: known only when the template comes. */
static void a_record_cut_off(void)
{
	begin();
	put_header(false, 1);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 03 657430  0a000002 09 6574");
	set_end(&pen);
	check(send() == NM_OK);
	put_header(false, 2);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/4 82/v");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000003 00");
	set_end(&pen);
	check(send() == NM_SHORT && decoding_count == 2);
	check(decoding_counted(COUNT_BYTES_DECODED) == 8 + 5);
	check(decoding_counted(COUNT_BYTES_TRUNCATED) == 7);
	check(decoding_counted(COUNT_BYTES_PARKED) == 0);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 1);
	check(decoding_last->sequence.next == 3);	/* this message's records are known */
}

static void padding_of_what_waited(void)
{
	begin();
	put_header(true, 1);
	set_begin(&pen, 256);
	put_record(1, 1000);
	put_hex(&pen, "000000");
	set_end(&pen);
	check(send() == NM_OK && send_template(true, 2) == NM_OK && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_PADDING) == 3);
	check(decoding_counted(COUNT_BYTES_DECODED) == 13);
}

/* Data around a template that cannot be used are of its layout, not of a later one's. */
static void a_template_that_cannot_be(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		begin();
		send_data(v9, 1, 256, 1);
		put_header(v9, 2);
		set_begin(&pen, v9 ? 0 : 2);
		put_template(&pen, 256, "8/0");
		set_end(&pen);
		put_data_set(256, 2);
		put_data_set(257, 1);
		check(send() == NM_BADTPL && decoding_last->parked == 1);
		check(send_data(v9, 3, 256, 1) == NM_TEMPLATE);
		check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 4 * 13);
		check(send_template(v9, 4) == NM_OK && decoding_count == 0);
		check(send_data(v9, 5, 256, 1) == NM_OK && decoding_count == 1);
	}
}

/* A template that its datagram cuts off comes whole the next time. */
static void a_template_cut_off(void)
{
	begin();
	send_data(true, 1, 256, 1);
	put_header(true, 2);
	put_template_set(true);
	pen.len -= 4;
	put_at(&pen, 22, (uint16_t)(pen.len - 20));
	check(send() == NM_SHORT && decoding_last->parked == 1);
	check(send_template(true, 3) == NM_OK && decoding_count == 1);
}

static void a_template_without_room(void)
{
	begin();
	teaching_start(&decoding_exporters, TEACHING_SLOTS, TEACHING_CHUNKS, 1);
	send_data(false, 1, 256, 1);
	put_header(false, 2);
	set_begin(&pen, 2);
	put_template(&pen, 300, "8/4");
	put_template(&pen, 256, "8/4");
	set_end(&pen);
	check(send() == NM_FULL && decoding_counted(COUNT_TEMPLATES_REFUSED) == 1);
	check(decoding_counted(COUNT_TEMPLATES_LEARNED) == 1);
	check(decoding_last->parked == 1 && decoding_count == 0);
}

/* --- giving up -------------------------------------------------------------------- */

/* What came before a withdrawal is of the layout that is gone (RFC 7011 section 8.1). */
static void withdrawn(void)
{
	begin();
	send_data(false, 1, 256, 1);
	send_data(false, 2, 257, 1);
	put_header(false, 3);
	set_begin(&pen, 2);
	put_hex(&pen, "0100 0000");
	set_end(&pen);
	put_data_set(256, 2);
	put_template_set(false);
	put_data_set(256, 1);
	check(send() == NM_TEMPLATE && decoding_count == 1 && decoding_flows[0].sequence == 3);
	check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 39);
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 2 && decoding_last->parked == 1);
	put_header(false, 4);
	set_begin(&pen, 2);
	put_hex(&pen, "0002 0000");
	set_end(&pen);
	check(send() == NM_TEMPLATE && decoding_last->parked == 0);
	check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 52);
}

static void too_late(void)
{
	begin();
	send_data(false, 1, 256, 1);
	later(10 * MINUTE);
	send_data(false, 2, 256, 2);
	check(decoding_last->parked == 2);
	later(MINUTE + 1);
	check(send_template(false, 3) == NM_TEMPLATE && decoding_count == 2);
	check(decoding_flows[0].sequence == 2);
	check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 13);
}

static void without_room(void)
{
	begin();
	for (unsigned i = 0; i < PARKING_CHUNKS / 4; i++)
		check(send_data(true, i, 999, 1) == NM_OK);
	check(send_data(true, 99, 999, 1) == NM_TEMPLATE);	/* the oldest is lost */
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 1);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
	check(decoding_last->parked == PARKING_CHUNKS / 4);
	decoding.park = NULL;
	check(send_data(true, 100, 998, 1) == NM_TEMPLATE);
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 2);
}

static void a_flood(void)
{
	begin();
	send_data(false, 1, 256, 3);
	from(2);
	for (unsigned i = 0; i < 5000; i++)
		send_data(i % 2, i, (uint16_t)(256 + i % 700), 1 + i % 100);
	from(1);
	check(send_template(false, 4) == NM_OK && decoding_count == 3);
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 0);
}

/* Every length of the set, over the edges of chunks. */
static void any_length(void)
{
	for (unsigned records = 1; records < 100; records++) {
		begin();
		check(send_data(true, 1, 256, records) == NM_OK);
		check(send_template(true, 2) == NM_OK && decoding_count == records);
		for (unsigned i = 0; i < records; i++)
			check(decoding_flows[i].bytes == 1000 + i);
	}
}

TESTS({ "data before its template is read when that comes, as of its own time",
	data_before_its_template },
      { "uptimes are those of the message that brought them", uptimes_of_its_own_message },
      { "times before the export are before its own message's", export_time_of_its_own_message },
      { "data and then its template in one message", data_before_its_template_in_a_message },
      { "options before their template hold for what follows", options_before_their_template },
      { "one id of two exporters is two", the_same_id_of_two },
      { "records that come late leave the sequence of IPFIX alone", sequence_of_ipfix },
      { "and that of version 9", sequence_of_version_9 },
      { "a record cut off is found when the template comes", a_record_cut_off },
      { "padding of what waited is padding", padding_of_what_waited },
      { "a template that cannot be used is that of what came around it",
	a_template_that_cannot_be },
      { "one that is cut off leaves them waiting", a_template_cut_off },
      { "so does one that finds no room, which is counted", a_template_without_room },
      { "a withdrawal gives up what came before it", withdrawn },
      { "a template that comes too late finds nothing", too_late },
      { "what finds no room is an error, and counted", without_room },
      { "a flood of one exporter costs a quiet one nothing", a_flood },
      { "sets of any length come through", any_length })
