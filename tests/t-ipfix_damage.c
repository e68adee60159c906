// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v9 and IPFIX messages as they should not be: padding where it may be and everything that
 * exporters and ill-wishers get wrong. Every datagram must be accounted for to the byte.
 */
#include "tests/messages.h"

static void padding(void)
{
	teach(false);
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 2);
	put_template(&pen, 257, "8/4");
	put_hex(&pen, "000000");
	set_end(&pen);
	set_begin(&pen, 256);
	put_record(1, 1);
	put_hex(&pen, "000000");
	set_end(&pen);
	put_hex(&pen, "ffff");			/* no room for a set */
	check(feed_ipfix() == NM_OK && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_PADDING) == 3 + 3 + 2);
}

static void a_tail_of_zeros(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		teach(v9);
		v9 ? put_v9(&pen, 1, 1, 7) : put_ipfix(&pen, 0, 7);
		put_data_set(256, 2);
		put(&pen, 8, 0);
		put(&pen, 8, 0);
		if (!v9)
			ipfix_end(&pen);
		check(feed() == NM_OK && decoding_count == 2);
		check(decoding_counted(COUNT_BYTES_PADDING) == 16);
		check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
	}
}

static void set_lengths_below_four(void)
{
	for (uint8_t len = 0; len < 4; len++) {
		teach(true);
		put_v9(&pen, 1, 1, 7);
		put_data_set(256, 1);
		put(&pen, 2, 256);
		put(&pen, 2, len);
		put_record(9, 9);
		check(feed() == NM_LENGTH && decoding_count == 1);
		check(decoding_counted(COUNT_BYTES_BAD_LENGTH) == 17);
		check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 1);
	}
}

static void a_set_longer_than_the_rest(void)
{
	teach(true);
	put_v9(&pen, 1, 1, 7);
	put_data_set(256, 1);
	put(&pen, 2, 256);
	put(&pen, 2, 0xffff);
	put_record(9, 9);
	check(feed() == NM_SHORT && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_TRUNCATED) == 13);
}

static void sets_that_mean_nothing(void)
{
	static const uint16_t ids[][4] = { { 0, 1, 4, 255 }, { 2, 3, 4, 255 } };

	for (int v9 = 0; v9 < 2; v9++) {
		teach(v9);
		for (int i = 0; i < 4; i++) {
			v9 ? put_v9(&pen, 1, 1, 7) : put_ipfix(&pen, 0, 7);
			put_data_set(ids[v9][i], 1);
			put_data_set(256, 1);
			if (!v9)
				ipfix_end(&pen);
			check(feed() == NM_SET && decoding_count == (size_t)i + 1);
		}
		check(decoding_counted(COUNT_BYTES_UNKNOWN_SET) == 4 * 13);
		check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
	}
}

static void message_lengths(void)
{
	static const struct {
		uint16_t len;
		enum nm_err err;
		size_t flows;
		enum count what;
		size_t n;
	} rows[] = {
		{ 33,     NM_OK,     1, COUNT_BYTES_DECODED,    13 },
		{ 34,     NM_SHORT,  0, COUNT_BYTES_TRUNCATED,  17 },
		{ 0xffff, NM_SHORT,  0, COUNT_BYTES_TRUNCATED,  17 },
		{ 32,     NM_SHORT,  0, COUNT_BYTES_BAD_LENGTH, 1 },
		{ 16,     NM_LENGTH, 0, COUNT_BYTES_BAD_LENGTH, 17 },
		{ 15,     NM_LENGTH, 0, COUNT_BYTES_BAD_LENGTH, 17 },
		{ 0,      NM_LENGTH, 0, COUNT_BYTES_BAD_LENGTH, 17 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		teach(false);
		put_ipfix(&pen, 0, 7);
		put_data_set(256, 1);
		put_at(&pen, 2, rows[i].len);
		check(feed() == rows[i].err && decoding_count == rows[i].flows);
		check(decoding_counted(rows[i].what) == rows[i].n);
		check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == (rows[i].err != NM_OK));
	}
}

static void two_messages_in_a_datagram(void)
{
	size_t first;

	teach(false);
	put_ipfix(&pen, 0, 7);
	put_data_set(256, 1);
	first = pen.len;
	memcpy(pen.bytes + first, pen.bytes, first);
	pen.len = 2 * first;
	put_at(&pen, 2, (uint16_t)first);
	put_at(&pen, first + 2, (uint16_t)first);
	check(feed() == NM_LENGTH && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_BAD_LENGTH) == first);
}

static void the_count_of_version_9_is_not_believed(void)
{
	static const uint16_t counts[] = { 0, 1, 7, 0xffff };

	for (int i = 0; i < 4; i++) {
		teach(true);
		put_v9(&pen, counts[i], 1, 7);
		put_data_set(256, 3);
		put_data_set(256, 4);
		check(feed() == NM_OK && decoding_count == 7);
	}
}

static void headers_cut_off(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		size_t header = v9 ? 20 : 16;

		for (size_t len = 2; len < header; len++) {
			start();
			v9 ? put_v9(&pen, 0, 1, 7) : put_ipfix(&pen, 1, 7);
			pen.len = len;
			check(feed() == NM_SHORT && decoding_last->source == FLOW_UNKNOWN);
			check(decoding_counted(COUNT_BYTES_TRUNCATED) == len);
		}
	}
}

static void every_truncation(void)
{
	size_t whole;

	for (int v9 = 0; v9 < 2; v9++) {
		start();
		v9 ? put_v9(&pen, 1, 1, 7) : put_ipfix(&pen, 0, 7);
		put_template_set(v9);
		put_data_set(256, 2);
		whole = pen.len;
		if (!v9)
			ipfix_end(&pen);
		for (size_t len = 2; len < whole; len++) {
			start();
			pen.len = len;
			feed();
			check(decoding_count == 0);	/* not even the whole set is there */
		}
	}
}

static void no_room_for_the_exporter(void)
{
	teach(false);
	decoding_exporters.used = DECODING_EXPORTERS;
	put_ipfix(&pen, 0, 8);
	put_template_set(false);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_FULL && decoding_last == decoding_slots && decoding_count == 0);
	check(decoding_counted(COUNT_BYTES_NO_EXPORTER) == pen.len);
}

static void no_room_for_the_template(void)
{
	start();
	teaching.per_exporter = 1;
	put_ipfix(&pen, 0, 7);
	put_template_set(false);
	set_begin(&pen, 2);
	put_template(&pen, 257, "8/4");
	set_end(&pen);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_FULL && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_BAD_TEMPLATE) == 8);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
}

TESTS({ "padding is found in sets and behind them", padding },
      { "a tail of zeros is padding and no fault", a_tail_of_zeros },
      { "a set length below four ends the datagram and keeps the flows", set_lengths_below_four },
      { "a set longer than the rest is cut off and keeps the flows", a_set_longer_than_the_rest },
      { "sets with ids that mean nothing are left out", sets_that_mean_nothing },
      { "the length in the header of IPFIX is checked", message_lengths },
      { "a second message in a datagram is counted, not read", two_messages_in_a_datagram },
      { "the count in the header of version 9 is not believed",
	the_count_of_version_9_is_not_believed },
      { "a header cut off is counted on the address", headers_cut_off },
      { "every truncation is safe", every_truncation },
      { "an exporter without a slot is counted and not decoded", no_room_for_the_exporter },
      { "a template without a slot is counted and costs only itself", no_room_for_the_template })
