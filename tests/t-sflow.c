// SPDX-License-Identifier: Apache-2.0
/*
 * sFlow: what records say that the tables of tests/data have no column for, counters, names, and
 * the numbers of data sources. Structures are written as hexadecimal words, as the specifications
 * list them.
 */
#include <stdlib.h>

#include "core/counters.h"
#include "core/name.h"
#include "core/sflow.h"
#include "core/unknown.h"
#define DECODING_WITH sflow_decode
#include "tests/decoding.h"

#define KEPT 8

static const struct addr from = { { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 } };
static uint8_t bytes[2048];
static size_t len;

static struct flow_more more;			/* of the last flow or drop */
static struct counters counters[KEPT];
static struct name_told name;
static unsigned drops, counted, named;

static void keep_flow(struct flow_sink *sink, const struct flow *f)
{
	memset(&more, 0, sizeof(more));
	if (f->more)
		more = *f->more;
	decoding_keep(sink, f);
}

static void keep_drop(struct flow_sink *sink, const struct flow *f)
{
	(void)sink;
	more = *f->more;
	drops++;
}

static void keep_counters(struct flow_sink *sink, const struct counters *c)
{
	(void)sink;
	if (counted < KEPT)
		counters[counted] = *c;
	counted++;
}

static void keep_name(struct flow_sink *sink, const struct name_told *n)
{
	(void)sink;
	name = *n;
	named++;
}

/* Digits, blanks between them do not count. */
static void put(const char *hex)
{
	char digits[3] = { 0 };

	for (unsigned n = 0; *hex; hex++) {
		if (*hex == ' ')
			continue;
		digits[n++ % 2] = *hex;
		if (n % 2 == 0)
			bytes[len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

static void put_length(size_t at)
{
	size_t n = len - at - 4;

	bytes[at + 2] = (uint8_t)(n >> 8);
	bytes[at + 3] = (uint8_t)n;
}

/* A datagram with one sample: format, its own fields, and one record. */
static enum nm_err feed(const char *format, const char *head, const char *record, const char *body)
{
	static const struct flow_sink all = { keep_flow, keep_drop, keep_counters, keep_name };
	size_t sample, inner;

	decoding_start(DECODING_EXPORTERS);
	decoding_sink = all;
	drops = counted = named = 0;
	len = 0;
	put("00000005 00000001 c000024d 00000003 00000009 00001388 00000001");
	put(format);
	sample = len;
	put("00000000");
	put(head);
	put("00000001");
	put(record);
	inner = len;
	put("00000000");
	put(body);
	put_length(inner);
	put_length(sample);
	return decoding_feed(&from, bytes, len);
}

static enum nm_err feed_flow(const char *record, const char *body)
{
	return feed("00000001", "00000001 00000005 000003e8 00001388 00000000 00000005 00000006",
		    record, body);
}

static enum nm_err feed_counters(const char *record, const char *body)
{
	return feed("00000002", "00000007 00000005", record, body);
}

static bool says(const struct text *t, const char *words)
{
	return t->len == strlen(words) && !memcmp(t->p, words, t->len);
}

static bool is(const struct addr *a, const char *text)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_text(a, have), text);
}

/* --- flow records ------------------------------------------------------------------- */

static void texts(void)
{
	check(!feed_flow("000003ec", "0000006a 00000003 616e6e00 0000006a 00000002 62620000"));
	check(says(&more.src_user, "ann") && says(&more.dst_user, "bb"));
	check(!feed_flow("000003ed", "00000001 00000001 2f000000 00000003 612e6200"));
	check(says(&more.url, "/") && says(&more.url_host, "a.b"));
	check(!feed_flow("0000040d", "0000000c 00000003 61636c00 00000002"));
	check(more.acl == 12 && says(&more.acl_name, "acl") && more.acl_direction == 2);
	check(!feed_flow("000003f0", "00000002 6c310000 00000011 00000000"));
	check(says(&more.mpls_name, "l1") && more.mpls_id == 17);
	check(!feed_flow("00000412", "00000002 6e6f0000"));
	check(says(&more.drop_cause, "no"));
}

static void labels_and_tags(void)
{
	check(!feed_flow("000003ee", "00000001 0a070707 00000002 003e81ff 007d01ff 00000001 "
			 "00bb81ff"));
	check(is(&decoding_flows[0].next_hop, "10.7.7.7") && decoding_flows[0].label_count == 2);
	check(decoding_flows[0].labels[0] == 1000 && decoding_flows[0].labels[1] == 2000);
	check(more.out_labels.count == 1 && more.out_labels.n[0] == 3000);
	check(!feed_flow("000003f4", "00000002 8100a064 88a80065"));
	check(more.vlan_stack.count == 2 && more.vlan_stack.n[0] == 100);
	check(more.vlan_stack.n[1] == 101);
}

/* Of a list that is too long the first numbers are kept, and what is behind it is read. */
static void long_lists(void)
{
	char body[2048] = "00000001 0a090909 0000fde8 0000fc00 0000fc01 00000001 00000002 "
			  "00000028 ";
	const struct flow *f = decoding_flows;

	for (int list = 0; list < 2; list++) {
		for (unsigned i = 0; i < 40; i++)
			sprintf(body + strlen(body), "%08x ", 64500 + i);
		strcat(body, list ? "00000096" : "00000028 ");
	}
	check(!feed_flow("000003eb", body));
	check(more.as_path.count == FLOW_PATH && more.as_path.n[FLOW_PATH - 1] == 64531);
	check(more.communities.count == FLOW_PATH && more.communities.n[0] == 64500);
	check(more.local_pref == 150 && f->dst_as == 64539);
	strcpy(body, "00000001 0a070707 0000000a ");
	for (unsigned i = 1; i <= 10; i++)
		sprintf(body + strlen(body), "%05x000 ", i);
	strcat(body, "00000001 00bb81ff");
	check(!feed_flow("000003ee", body));
	check(f->label_count == FLOW_LABELS && f->labels[FLOW_LABELS - 1] == FLOW_LABELS);
	check(more.out_labels.count == 1 && more.out_labels.n[0] == 3000);
}

static void unknown_formats_are_listed(void)
{
	struct unknown_row rows[8] = { 0 };
	struct unknown table = { .rows = rows, .size = 8 };
	const struct unknown_row *r;

	decoding.unknown = &table;
	check(!feed_flow("00008999", "00000000"));
	r = unknown_next(&table, NULL);
	check(r && r->kind == UNKNOWN_FLOW_RECORD && r->enterprise == 8 && r->id == 0x999);
	check(r && r->count == 1 && !unknown_next(&table, r) && !table.rest);
	decoding.unknown = NULL;
}

static void translations_and_tunnels(void)
{
	const struct flow *f = decoding_flows;

	check(!feed_flow("000003ef", "00000001 cb007101 00000002 20010db8 00000000 00000000 "
			 "00000009"));
	check(is(&f->nat_src, "203.0.113.1") && is(&f->nat_dst, "2001:db8::9"));
	check(!feed_flow("000003fc", "00009c40 000001bb"));
	check(f->nat_src_port == 40000 && f->nat_dst_port == 443);
	check(!feed_flow("00000400", "00000040 0000002f 0a000001 0a000002 00000000 00000000 "
			 "00000000 00000000"));
	check(is(&more.tunnel_src, "10.0.0.1") && is(&more.tunnel_dst, "10.0.0.2"));
	check(more.tunnel_proto == 47);
	check(!feed_flow("00000405", "00001388") && more.out_vni == 5000);
	check(!feed_flow("00000406", "00001389") && more.in_vni == 5001);
}

static void measures(void)
{
	check(!feed_flow("0000040c", "00000003") && more.queue == 3);
	check(!feed_flow("00000410", "00010000") && more.queue_depth == 65536);
	check(!feed_flow("000008a1", "00000001 000005b4 000005b4 00000004 00000005 00000006 "
			 "000005dc 00000064 0000000a 0000000b 00000003 00000050"));
	check(more.tcp_lost == 5 && more.tcp_retransmits == 6 && more.path_mtu == 1500);
	check(more.tcp_rtt == 100 && more.tcp_rtt_var == 10 && more.tcp_window == 11);
	check(more.tcp_min_rtt == 80);
	check(!feed_flow("00000413", "17979cfe362a0001"));
	check(decoding_flows[0].start.ns == 1700000000000000001);
	check(decoding_flows[0].end.ns == decoding_flows[0].start.ns);
}

static void a_short_record(void)
{
	check(feed_flow("0000040d", "0000000c 00000009 6163") == NM_SHORT);
	check(decoding_count == 1 && more.acl == 12 && says(&more.acl_name, "ac"));
	check(decoding_counted(COUNT_DATAGRAMS_MALFORMED) == 1);
}

static void dropped(void)
{
	check(!feed("00000005", "00000001 00000000 00000005 00000007 00000005 00000000 00000102",
		    "0000040e", "00000005 6b667265 65000000"));
	check(drops == 1 && decoding_count == 0 && more.drops == 7 && more.drop_reason == 258);
	check(says(&more.function, "kfree") && decoding_counted(COUNT_RECORDS_DECODED) == 1);
}

/* --- counter records ---------------------------------------------------------------- */

static const struct counter *value(const struct counters *c, const char *what)
{
	static const struct counter none = { "", ~(uint64_t)0 };

	for (unsigned i = 0; i < c->count; i++)
		if (!strcmp(c->values[i].name, what))
			return &c->values[i];
	return &none;
}

static void generic(void)
{
	check(!feed_counters("00000001", "00000005 00000006 00000000 3b9aca00 00000001 00000003 "
			     "00000001 00000002 00000003"));
	check(counted == 1 && !strcmp(counters[0].group, "generic") && counters[0].count == 7);
	check(counters[0].sequence == 7 && counters[0].uptime_ms == 5000);
	check(counters[0].source_class == 0 && counters[0].source_index == 5);
	check(counters[0].domain == 3 && is(&counters[0].agent, "192.0.2.77"));
	check(value(&counters[0], "ifSpeed")->value == 1000000000);
	check(value(&counters[0], "ifInOctets")->value == 0x100000002);
	check(value(&counters[0], "ifInUcastPkts")->value == 3);
}

/* 4.91, 0.0005 and -1 as IEEE 754 singles. */
static void fractions(void)
{
	check(!feed_counters("000007d3", "409d1eb8 3a03126f bf800000 00000002"));
	check(counters[0].count == 3);
	check(value(&counters[0], "load_one_milli")->value == 4910);
	check(value(&counters[0], "load_five_milli")->value == 1);
	check(value(&counters[0], "proc_run")->value == 2);
	check(!feed_counters("000007d3", "00000000 7f800000 47c35000"));
	check(counters[0].count == 2 && value(&counters[0], "load_one_milli")->value == 0);
	check(value(&counters[0], "load_fifteen_milli")->value == 100000000);
}

static void lists(void)
{
	check(!feed_counters("0000000a", "00000001 00000004 00000ce4 ffffff38 00000002 "
			     "00000001 00000002 00000003 00000004 00000005 00000006 00000007 "
			     "00000008 00000009 0000000a 00000002 0000000b"));
	check(counted == 3 && !strcmp(counters[0].group, "sfp") && counters[0].count == 4);
	check(value(&counters[0], "module_temperature")->value == (uint64_t)-200);
	check(!strcmp(counters[1].group, "sfp_lane") && counters[1].count == 10);
	check(value(&counters[2], "tx_bias_current")->value == 11 && counters[2].count == 2);
	check(!feed_counters("000007d1", "00000001 00000002 00000001 020000000aaa 0000"));
	check(counted == 1 && value(&counters[0], "mac_address")->value == 0x020000000aaa);
	check(feed_counters("000007d1", "ffffffff 00000002 ffffffff 020000000aaa 0000") ==
	      NM_SHORT);
}

static void names(void)
{
	check(!feed_counters("000003ed", "00000004 65746830"));
	check(named == 1 && name.kind == NAME_INTERFACE && name.id == 5 &&
	      says(&name.name, "eth0"));
	check(!feed_counters("000007d0", "00000002 73770000 00000000 00000000 00000000 "
			     "00000001 "
			     "00000003 00000002 00000001 36000000"));
	check(named == 1 && name.kind == NAME_EXPORTER && says(&name.name, "sw"));
	check(counters[0].text_count == 2 && says(&counters[0].texts[1].text, "6"));
	check(value(&counters[0], "uuid_low")->value == 1);
}

static void names_of_structures(void)
{
	check(!strcmp(sflow_flow_record_name(1001), "extended_switch"));
	check(!strcmp(sflow_counter_record_name(SFLOW_FORMAT(5703, 1)), "host_gpu_nvml"));
	check(!sflow_flow_record_name(5) && !sflow_counter_record_name(SFLOW_FORMAT(1, 1)));
}

/* --- data sources -------------------------------------------------------------------- */

static struct datasource slots[8];
static uint32_t held[4];

static void no_room(void)
{
	struct datasources all = { .slots = slots, .size = 8, .per_exporter = 2, .held = held };
	struct datasource_key key = { 1, 0, 1, SOURCE_FLOW };
	struct datasource *first = datasource_find(&all, &key);

	check(first && datasource_find(&all, &key) == first && all.used == 1);
	key.kind = SOURCE_COUNTERS;
	check(datasource_find(&all, &key) && datasource_find(&all, &key) != first);
	key.index = 2;
	check(!datasource_find(&all, &key));
	for (uint32_t i = 0; i < 4; i++) {
		key = (struct datasource_key){ 2 + i / 2, 0, i, SOURCE_FLOW };
		check(datasource_find(&all, &key));
	}
	key.of = 0;
	check(!datasource_find(&all, &key) && all.used == 6 && !datasource_find(NULL, &key));
}

static void samples_without_room_are_counted(void)
{
	struct datasource room[2] = { 0 };
	uint32_t counts[DECODING_EXPORTERS] = { 0 };
	struct datasources none = { .slots = room, .size = 2, .held = counts };

	decoding.sources = &none;
	check(!feed_counters("00000005", "05000000"));
	decoding.sources = NULL;
	check(decoding_last->counts.n[COUNT_SAMPLES_UNFOLLOWED] == 1);
	check(!feed_counters("00000005", "05000000"));
	check(!decoding_last->counts.n[COUNT_SAMPLES_UNFOLLOWED]);
}

static void numbers_of_samples(void)
{
	static const struct { uint32_t got, drops; unsigned missing, dropped, late; } rows[] = {
		{ 0xfffffffe, 9, 0, 0, 0 }, { 0xffffffff, 9, 0, 0, 0 }, { 1, 12, 1, 3, 0 },
		{ 0, 0, 1, 3, 1 }, { 0, 0, 1, 3, 1 },		/* late, and sent twice */
		{ 2, 12, 1, 3, 1 }, { 0x80000000, 0, 1, 3, 1 },	/* began anew */
		{ 0x80000001, 1, 1, 4, 1 }, { 0x7fffffc2, 1, 1, 4, 1 }, { 0x80000004, 1, 3, 4, 1 },
	};
	struct datasource s = { .started = false };
	struct counts c = { { 0 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		datasource_follow(&s, &c, rows[i].got, rows[i].drops);
		check(c.n[COUNT_SAMPLES_MISSING] == rows[i].missing);
		check(c.n[COUNT_SAMPLES_DROPPED] == rows[i].dropped);
		check(c.n[COUNT_SAMPLES_LATE] == rows[i].late);
	}
}

TESTS({ "users, URLs, access lists and other texts arrive", texts },
      { "label stacks and stripped tags arrive", labels_and_tags },
      { "long lists are cut, and what is behind them is read", long_lists },
      { "unknown formats are listed by enterprise and number", unknown_formats_are_listed },
      { "translations and tunnels arrive", translations_and_tunnels },
      { "queues, connections and time stamps arrive", measures },
      { "a record that ends early has filled what it could", a_short_record },
      { "a dropped packet goes to the drops", dropped },
      { "counters come with their source and names", generic },
      { "fractions are told in thousandths, unknown ones not at all", fractions },
      { "each item of a list is a record", lists },
      { "interfaces and exporters are named", names },
      { "structures have names", names_of_structures },
      { "a source without room is not followed", no_room },
      { "samples of a source without room are counted", samples_without_room_are_counted },
      { "missing, late and dropped samples are counted", numbers_of_samples })
