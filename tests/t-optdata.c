// SPDX-License-Identifier: Apache-2.0
/*
 * What stands beside the flows: names that options tell, elements that nobody knows, and sections
 * of packets, each in a message of its own.
 */
#define DECODING_WITH ipfix_decode
#include "core/name.h"
#include "core/unknown.h"
#include "tests/decoding.h"
#include "tests/teaching.h"

#define MOST 8

static struct pen pen;
static struct addr exporter;
static struct name_told names[MOST];
static unsigned told;
static struct flow_more more;
static struct unknown_row rows[16];
static struct unknown unknown;

static void keep_name(struct flow_sink *sink, const struct name_told *name)
{
	(void)sink;
	if (told < MOST)
		names[told] = *name;
	told++;
}

static void keep_flow(struct flow_sink *sink, const struct flow *flow)
{
	decoding_keep(sink, flow);
	if (flow->more)
		more = *flow->more;
}

static void start(void)
{
	static const uint8_t b[4] = { 192, 0, 2, 1 };

	exporter = addr_v4(b);
	decoding_start(DECODING_EXPORTERS);
	teaching_start(&decoding_exporters, TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	memset(rows, 0, sizeof(rows));
	unknown = (struct unknown){ .rows = rows, .size = 16 };
	decoding.templates = &teaching;
	decoding.sampling = &teaching_sampling;
	decoding.unknown = &unknown;
	decoding_sink.name = keep_name;
	decoding_sink.put = keep_flow;
	told = 0;
	memset(&more, 0, sizeof(more));
}

/* One message: a template and a set of data, both in digits or words. */
static void send(const char *template, uint16_t set, const char *options, const char *data)
{
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, set);
	if (template)
		put_template(&pen, 256, template);
	else
		put_hex(&pen, options);
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, data);
	set_end(&pen);
	ipfix_end(&pen);
	check(decoding_feed(&exporter, pen.bytes, pen.len) == NM_OK);
}

static bool is(const struct text *t, const char *want)
{
	return t->len == strlen(want) && !memcmp(t->p, want, t->len);
}

static void interfaces(void)
{
	start();
	/* Scopes 10 and 14; description, then name, of 8 bytes each. */
	send(NULL, 3, "0100 0004 0002 000a0004 000e0004 00530008 00520008",
	     "0000002a 0000002a 54656e47696745 00 5465300000000000"
	     "00000000 00000000 6161000000000000 6262000000000000");
	check(told == 1 && names[0].kind == NAME_INTERFACE && names[0].id == 42);
	check(is(&names[0].name, "Te0") && is(&names[0].description, "TenGigE"));
	check(names[0].source == FLOW_IPFIX && names[0].domain == 7);
	check(decoding_counted(COUNT_RECORDS_DECODED) == 1);
}

static void applications_and_others(void)
{
	start();
	send(NULL, 3, "0100 0003 0001 005f0004 0060ffff 005effff",
	     "0d00051e 04 68747470 05 776f726473");
	check(told == 1 && names[0].kind == NAME_APPLICATION && names[0].id == 0x0d00051e);
	check(is(&names[0].name, "http") && is(&names[0].description, "words"));
	send(NULL, 3, "0100 0002 0001 00ea0004 00ec0004", "60000001 626c7565");
	check(told == 2 && names[1].kind == NAME_VRF && names[1].id == 0x60000001);
	check(is(&names[1].name, "blue"));
	send(NULL, 3, "0100 0003 0001 012e0008 00220001 014f0004",
	     "0000000000000005 64 6f6e6500");
	check(told == 3 && names[2].kind == NAME_SAMPLER && names[2].id == 5);
	check(is(&names[2].name, "one"));
	check(teaching_sampled[decoding_last - decoding_slots].samplers == 1);
}

static void nobody_wants_names(void)
{
	start();
	decoding_sink.name = NULL;
	send(NULL, 3, "0100 0002 0001 00ea0004 00ec0004", "60000001 626c7565");
	check(told == 0 && decoding_counted(COUNT_RECORDS_DECODED) == 0);
}

static uint64_t count_of(uint32_t enterprise, uint32_t id)
{
	for (const struct unknown_row *r = NULL; (r = unknown_next(&unknown, r));)
		if (r->enterprise == enterprise && r->id == id)
			return r->count;
	return 0;
}

static void unknown_elements(void)
{
	start();
	send("8/4 999/1 1/1/9 210/1", 2, NULL, "0a000001 01 02 00  0a000002 03 04 00");
	check(decoding_count == 2 && unknown.used == 2);
	check(count_of(0, 999) == 2 && count_of(9, 1) == 2);
	check(decoding_flows[0].bytes == 0 && !decoding_flows[0].more);
}

/* A template lists only so many of them; the others are the rest. */
static void many_unknown_elements(void)
{
	char template[1024] = "8/4", data[1024] = "0a000001";
	uint64_t counted = 0;

	start();
	for (unsigned i = 0; i < 70; i++) {
		sprintf(template + strlen(template), " %u/1", 1000 + i);
		strcat(data, " 00");
	}
	send(template, 2, NULL, data);
	for (const struct unknown_row *r = NULL; (r = unknown_next(&unknown, r));)
		counted += r->count;
	check(decoding_count == 1 && counted && counted + unknown.rest == 70);
}

static void kept_elements(void)
{
	start();
	teaching.keep_unknown = true;
	send("999/2 8/4 12235/v/9", 2, NULL, "6162 0a000001 03 786f78");
	check(decoding_count == 1 && decoding_flows[0].more && more.kept_count == 2);
	check(more.kept[0].id == 999 && more.kept[0].enterprise == 0 && more.kept[0].len == 2);
	check(more.kept[1].id == 12235 && more.kept[1].enterprise == 9);
	check(more.kept[1].len == 3 && !memcmp(more.kept[1].p, "xox", 3));
}

static void users_and_requests(void)
{
	start();
	send("371/8 461/v 460/v 245/2 351/8", 2, NULL,
	     "616c696365000000 02 2f78 01 68 0066 0100000000000d05");
	check(decoding_count == 1 && decoding_flows[0].more);
	check(is(&more.src_user, "alice") && is(&more.url, "/x") && is(&more.url_host, "h"));
	check(decoding_flows[0].inner_vlan == 102 && decoding_flows[0].tunnel == TUNNEL_VXLAN);
	check(decoding_flows[0].tunnel_id == 0xd05);
}

/* IPv4 of 40 bytes, TCP from 1234 to 80, SYN: 10.0.0.1 to 192.0.2.1. */
#define PACKET "45000028 00010000 40060000 0a000001 c0000201" \
	       "04d20050 00000001 00000000 50020000 00000000"

static void sections(void)
{
	const struct flow *f = decoding_flows;
	char text[NM_ADDR_TEXT];

	start();
	send("10/4 313/v 312/2", 2, NULL, "00000003 28 " PACKET " 003e"
	     "00000004 00 0040");
	check(decoding_count == 2 && f->in_if == 3 && f->bytes == 40 && f->packets == 1);
	check(!strcmp(addr_text(&f->src, text), "10.0.0.1"));
	check(f->src_port == 1234 && f->dst_port == 80 && f->proto == 6 && f->tcp_flags == 2);
	check(f->etype == 0x0800 && f->ttl_min == 64 && f->ip_length == 40);
	check(f[1].in_if == 4 && f[1].bytes == 64 && addr_is_absent(&f[1].src));
}

static void sections_of_frames(void)
{
	const struct flow *f = decoding_flows;

	start();
	/* The record's own port and counters stay; the section has 4 bytes behind its end. */
	send("7/2 315/62 1/4 2/4 410/2", 2, NULL,
	     "0009 020000000002 020000000001 8100 0065 0800" PACKET "ffffffff"
	     "000003e8 0000000a 003a");
	check(decoding_count == 1 && f->bytes == 1000 && f->packets == 10);
	check(f->src_port == 9 && f->dst_port == 80 && f->src_vlan == 101);
	check(f->src_mac == 0x020000000001);
	start();
	send("315/58 408/2", 2, NULL,
	     "020000000002 020000000001 8100 0065 0800" PACKET "0002");
	check(decoding_count == 1 && f->packets == 1 && addr_is_absent(&f->src));	/* 802.11 */
	start();
	send("313/40 409/2", 2, NULL, PACKET "0010");
	check(decoding_count == 1 && addr_is_absent(&f->src));
}

TESTS({ "options name interfaces and describe them", interfaces },
      { "options name applications, VRFs and samplers", applications_and_others },
      { "names that nobody wants are not counted", nobody_wants_names },
      { "unknown elements are counted once a record", unknown_elements },
      { "what a template cannot list is counted as the rest", many_unknown_elements },
      { "unknown elements are kept as they came", kept_elements },
      { "users, requests and segments have members", users_and_requests },
      { "a record is filled from the section of its packet", sections },
      { "what a record says itself stays, and a section may be unusable", sections_of_frames })
