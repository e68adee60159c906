// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v9 and IPFIX messages as they should be: templates, options, variable fields, sequences.
 * Every datagram must be accounted for to the byte.
 */
#include "tests/messages.h"

static void a_message_of_ipfix(void)
{
	const struct flow *f = decoding_flows;

	start();
	put_ipfix(&pen, 41, 7);
	put_template_set(false);
	put_data_set(256, 2);
	check(feed_ipfix() == NM_OK && decoding_count == 2);
	check(f->source == FLOW_IPFIX && f->domain == 7 && f->sequence == 41);
	check(f->seen.ns == DECODING_SEEN.ns && is(&f->exporter, "192.0.2.1"));
	check(is(&f->src, "10.0.0.1") && is(&f->dst, "192.0.2.1") && f->etype == 0x0800);
	check(f->proto == 6 && f->bytes == 1000 && f->rate == 1 && f->rate_source == RATE_ASSUMED);
	check(is(&f[1].src, "10.0.0.2") && f[1].bytes == 1001 && f[1].rate == 1);
	check(decoding_counted(COUNT_BYTES_HEADERS) == 16 + 4 + 4);
	check(decoding_counted(COUNT_BYTES_TEMPLATES) == 20);
	check(decoding_counted(COUNT_BYTES_DECODED) == 26);
	check(decoding_counted(COUNT_RECORDS_DECODED) == 2);
	check(decoding_counted(COUNT_TEMPLATES_LEARNED) == 1);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
	check(decoding_last->sequence.next == 43);
}

static void a_message_of_version_9(void)
{
	start();
	put_v9(&pen, 3, 41, 7);
	set_begin(&pen, 0);
	put_template(&pen, 256, "8/4 12/4 22/4 21/4");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 c0000201 00015f90 000182b8");
	set_end(&pen);
	check(feed() == NM_OK && decoding_count == 1);
	check(decoding_flows[0].source == FLOW_NETFLOW9 && decoding_flows[0].sequence == 41);
	check(decoding_flows[0].start.ns == 1699999990 * NM_NS_PER_S);
	check(decoding_flows[0].end.ns == 1699999999 * NM_NS_PER_S);
	check(decoding_counted(COUNT_BYTES_HEADERS) == 20 + 8);
	check(decoding_last->sequence.next == 42);
}

static void templates_of_others(void)
{
	static const uint8_t b[4] = { 192, 0, 2, 2 };

	teach(false);
	put_ipfix(&pen, 0, 8);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_TEMPLATE);		/* another domain */
	put_v9(&pen, 1, 0, 7);
	put_data_set(256, 1);
	check(feed() == NM_TEMPLATE);			/* another version */
	put_ipfix(&pen, 0, 7);
	put_data_set(256, 1);
	ipfix_end(&pen);
	exporter = addr_v4(b);
	check(feed() == NM_TEMPLATE && decoding_count == 0);	/* another address */
	check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 13);
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 1);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
}

static void an_unknown_set_between_known_ones(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		teach(v9);
		v9 ? put_v9(&pen, 3, 1, 7) : put_ipfix(&pen, 0, 7);
		put_data_set(256, 1);
		put_data_set(999, 1);
		put_data_set(256, 2);
		if (!v9)
			ipfix_end(&pen);
		check(feed() == NM_TEMPLATE && decoding_count == 3);
		check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 13);
	}
}

static void a_template_refused_costs_itself(void)
{
	start();
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 2);
	put_template(&pen, 300, "8/0 12/0");
	put_template(&pen, 256, "8/4 12/4 4/1 1/4");
	set_end(&pen);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_BADTPL && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_BAD_TEMPLATE) == 12);
	check(decoding_counted(COUNT_BYTES_TEMPLATES) == 20);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 1);
}

static void an_id_below_256_costs_the_set(void)
{
	start();
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 2);
	put_template(&pen, 255, "8/4");
	put_template(&pen, 257, "8/4");
	set_end(&pen);
	put_template_set(false);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_BADTPL && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_BAD_TEMPLATE) == 16);
}

static void no_records_of_no_length(void)
{
	start();
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/0");
	set_end(&pen);
	put_data_set(256, 3);
	set_begin(&pen, 256);
	set_end(&pen);
	check(feed_ipfix() == NM_BADTPL && decoding_count == 0);
	check(decoding_counted(COUNT_BYTES_NO_TEMPLATE) == 39);
	check(decoding_counted(COUNT_SETS_NO_TEMPLATE) == 1);	/* an empty one loses nothing */
}

static void withdrawn(void)
{
	teach(false);
	put_ipfix(&pen, 0, 7);
	put_data_set(256, 1);
	set_begin(&pen, 2);
	put_hex(&pen, "0100 0000");
	set_end(&pen);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_TEMPLATE && decoding_count == 1);
	check(decoding_counted(COUNT_BYTES_TEMPLATES) == 20 + 4);
}

static void redefined(void)
{
	teach(true);
	put_v9(&pen, 2, 1, 7);
	set_begin(&pen, 0);
	put_template(&pen, 256, "12/4 8/4");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0a000001 0a000002");
	set_end(&pen);
	check(feed() == NM_OK && decoding_count == 1 && is(&decoding_flows[0].src, "10.0.0.2"));
	check(decoding_counted(COUNT_TEMPLATES_LEARNED) == 2);
	check(feed() == NM_OK && decoding_counted(COUNT_TEMPLATES_LEARNED) == 2);
}

static void options_are_counted(void)
{
	start();
	put_ipfix(&pen, 10, 7);
	set_begin(&pen, 3);
	put_hex(&pen, "0101 0002 0001 00950004 00220004");
	set_end(&pen);
	set_begin(&pen, 257);
	put_hex(&pen, "00000007 00000064 00000008 00000065 0000");
	set_end(&pen);
	check(feed_ipfix() == NM_OK && decoding_count == 0);
	check(decoding_counted(COUNT_BYTES_OPTIONS) == 16);
	check(decoding_counted(COUNT_BYTES_PADDING) == 2);
	check(decoding_counted(COUNT_RECORDS_DECODED) == 0);
	check(decoding_last->sequence.next == 12);	/* options records count (RFC 7011 3.1) */
}

static void options_of_variable_length(void)
{
	start();
	put_ipfix(&pen, 10, 7);
	set_begin(&pen, 3);
	put_hex(&pen, "0101 0002 0001 000a0004 0052ffff");
	set_end(&pen);
	set_begin(&pen, 257);
	put_hex(&pen, "00000007 03657430 00000008 00 00000009 ff0002 6c6f");
	set_end(&pen);
	check(feed_ipfix() == NM_OK && decoding_counted(COUNT_BYTES_OPTIONS) == 8 + 5 + 9);
	check(decoding_last->sequence.next == 13);
}

static struct rate_told changed;
static uint64_t changed_from;
static unsigned changes;

static void see_change(struct decoder *d, struct exporter *e, const struct rate_told *told,
		       uint64_t was)
{
	check(d == &decoding && e > decoding_slots);
	changed = *told;
	changed_from = was;
	changes++;
}

/* Sampler 1 or 2 takes 1 packet in `rate`, then one record of each. */
static void tell_rates(uint32_t first, uint32_t second)
{
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 3);
	put_hex(&pen, "0101 0002 0001 012e0008 00220004");
	set_end(&pen);
	set_begin(&pen, 2);
	put_template(&pen, 256, "48/1");
	set_end(&pen);
	set_begin(&pen, 257);
	put(&pen, 8, 1);
	put(&pen, 4, first);
	put(&pen, 8, 2);
	put(&pen, 4, second);
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0102");
	set_end(&pen);
	decoding_count = 0;
	check(feed_ipfix() == NM_OK && decoding_count == 2);
	check(decoding_counted(COUNT_BYTES_OPTIONS) % 24 == 0);
}

static void a_rate_change(void)
{
	start();
	changes = 0;
	decoding.rate_changed = see_change;
	tell_rates(100, 200);
	check(changes == 0 && decoding_flows[0].rate == 100 && decoding_flows[1].rate == 200);
	tell_rates(100, 200);
	check(changes == 0);
	tell_rates(100, 300);
	check(changes == 1 && changed.scope == SCOPE_SAMPLER && changed.id == 2);
	check(changed.rate == 300 && changed_from == 200);
	check(decoding_flows[1].rate == 300 && decoding_flows[1].rate_source == RATE_OPTIONS_ID);
	tell_rates(0, 300);			/* unknown now, and known again: no change */
	check(decoding_flows[0].rate == 1 && decoding_flows[0].rate_source == RATE_ASSUMED);
	tell_rates(100, 300);
	check(changes == 1 && decoding_flows[0].rate == 100);
	decoding.rate_changed = NULL;
}

static void no_room_for_the_rate(void)
{
	start();
	teaching_sampling.per_exporter = 1;
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 3);
	put_hex(&pen, "0101 0002 0001 00300001 00220001");
	set_end(&pen);
	set_begin(&pen, 257);
	put_hex(&pen, "0164 0265 0166");
	set_end(&pen);
	check(feed_ipfix() == NM_FULL && decoding_counted(COUNT_BYTES_OPTIONS) == 6);
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 0);
	check(decoding_counted(COUNT_RATES_REFUSED) == 1);
	check(teaching_sampled[decoding_last - decoding_slots].samplers == 1);
}

static void nobody_keeps_what_options_say(void)
{
	start();
	decoding.sampling = NULL;
	tell_rates(100, 200);
	check(decoding_flows[0].rate == 1 && decoding_flows[0].rate_source == RATE_ASSUMED);
}

static void variable_fields_only(void)
{
	for (int v9 = 0; v9 < 2; v9++) {
		start();
		v9 ? put_v9(&pen, 1, 1, 7) : put_ipfix(&pen, 0, 7);
		set_begin(&pen, v9 ? 0 : 2);
		put_template(&pen, 256, "82/v 8/v");
		set_end(&pen);
		set_begin(&pen, 256);
		put_hex(&pen, "03657430 040a000001  00 00  02 6c6f 04 0a000002");
		set_end(&pen);
		if (!v9)
			ipfix_end(&pen);
		check(feed() == NM_OK && decoding_count == 3);
		check(is(&decoding_flows[0].src, "10.0.0.1"));
		check(is(&decoding_flows[2].src, "10.0.0.2"));
		check(addr_is_absent(&decoding_flows[1].src));
	}
}

static void a_variable_field_beyond_its_set(void)
{
	start();
	put_ipfix(&pen, 5, 7);
	set_begin(&pen, 2);
	put_template(&pen, 256, "7/2 82/v");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0001 01 61  0002 ff ffff 61");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "0003 00");
	set_end(&pen);
	check(feed_ipfix() == NM_SHORT && decoding_count == 2);
	check(decoding_flows[0].src_port == 1 && decoding_flows[1].src_port == 3);
	check(decoding_counted(COUNT_BYTES_TRUNCATED) == 6);
	check(decoding_last->sequence.started == 0);	/* how many records were they? */
}

static void values_do_not_leak_into_the_next_record(void)
{
	start();
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, 2);
	put_template(&pen, 256, "1/v 7/2");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "02 03e8 0001  00 0002");
	set_end(&pen);
	check(feed_ipfix() == NM_OK && decoding_count == 2);
	check(decoding_flows[0].bytes == 1000 && decoding_flows[1].bytes == 0);
	check(decoding_flows[1].rate == 1 && is(&decoding_flows[1].exporter, "192.0.2.1"));
}

static void sequences_of_ipfix(void)
{
	teach(false);
	put_ipfix(&pen, 0, 7);
	put_data_set(256, 3);
	check(feed_ipfix() == NM_OK && decoding_last->sequence.next == 3);
	put_ipfix(&pen, 10, 7);
	put_data_set(256, 2);
	check(feed_ipfix() == NM_OK && decoding_counted(COUNT_SEQUENCE_MISSING) == 7);
	put_ipfix(&pen, 3, 7);
	put_data_set(256, 4);
	check(feed_ipfix() == NM_OK && decoding_counted(COUNT_SEQUENCE_LATE) == 4);
	check(decoding_last->sequence.next == 12);
	put_ipfix(&pen, 12, 7);
	put_data_set(999, 1);
	check(feed_ipfix() == NM_TEMPLATE);
	put_ipfix(&pen, 20, 7);
	put_data_set(256, 1);
	check(feed_ipfix() == NM_OK && decoding_counted(COUNT_SEQUENCE_MISSING) == 7);
	check(decoding_last->sequence.next == 21);
}

static void sequences_of_version_9(void)
{
	teach(true);				/* number 0 */
	put_v9(&pen, 1, 3, 7);
	put_data_set(256, 5);
	check(feed() == NM_OK && decoding_counted(COUNT_SEQUENCE_MISSING) == 2);
	put_v9(&pen, 1, 1, 7);
	put_data_set(999, 1);
	check(feed() == NM_TEMPLATE && decoding_counted(COUNT_SEQUENCE_LATE) == 1);
}

TESTS({ "a message of IPFIX teaches and tells", a_message_of_ipfix },
      { "a message of version 9 teaches and tells", a_message_of_version_9 },
      { "a template belongs to its address, version and domain", templates_of_others },
      { "an unknown set costs only itself", an_unknown_set_between_known_ones },
      { "a template that cannot be used costs only itself", a_template_refused_costs_itself },
      { "a template id below 256 costs the rest of its set", an_id_below_256_costs_the_set },
      { "a template of no length has no records", no_records_of_no_length },
      { "a template withdrawn is gone", withdrawn },
      { "a template redefined is read as now defined", redefined },
      { "options are counted and not taken for flows", options_are_counted },
      { "options of variable length are counted one by one", options_of_variable_length },
      { "a rate told anew holds from the next record and is reported", a_rate_change },
      { "a rate without room is reported and costs only itself", no_room_for_the_rate },
      { "without a place to keep them options are counted", nobody_keeps_what_options_say },
      { "a template may have variable fields only", variable_fields_only },
      { "a variable field beyond its set costs that record", a_variable_field_beyond_its_set },
      { "no value leaks into the next record", values_do_not_leak_into_the_next_record },
      { "the sequence of IPFIX counts records", sequences_of_ipfix },
      { "the sequence of version 9 counts datagrams", sequences_of_version_9 })
