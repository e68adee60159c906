// SPDX-License-Identifier: Apache-2.0
/*
 * Encoding and reading back as JSON. The expected bytes are written by hand after the
 * Protobuf encoding rules (tag = number << 3 | wire type) and netmeta.proto's numbers.
 */
#include "core/encode_private.h"
#include "core/json.h"
#include "tests/guard.h"
#include "tests/test.h"

static const char *json(enum stream stream, const uint8_t *at, size_t len)
{
	static char text[4096];
	struct out o = out_of(text, sizeof(text));
	struct buf in = buf_of(guarded(at, len), len);

	check(json_record(&o, stream, &in, 0) == NM_OK && !buf_left(&in));
	return out_end(&o);
}

static void a_small_flow_has_a_length_of_one_byte(void)
{
	static const uint8_t want[] = {
		33,				/* the message's length */
		0x08, 2,			/* 1 Type: NETFLOW_V5 */
		0x18, 0xe8, 7,			/* 3 SamplingRate: 1000 */
		0x32, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1,	/* 6 */
		0xa0, 1, 6,			/* 20 Proto */
		0xb0, 1, 0xbb, 3,		/* 22 DstPort: 443 */
		0xe0, 0x44, 2,			/* 1100 Source: SOURCE_NETFLOW5 */
	};
	struct flow f = { .rate = 1000, .proto = 6, .dst_port = 443, .source = FLOW_NETFLOW5,
			  .src = addr_v4((const uint8_t[]){ 192, 0, 2, 1 }) };
	uint8_t at[SPOOL_RECORD];

	check(encode_flow(&f, at) == sizeof(want) && !memcmp(at, want, sizeof(want)));
	check(!strcmp(json(STREAM_FLOWS, at, sizeof(want)),
		      "{\"Type\":\"NETFLOW_V5\",\"SamplingRate\":1000,\"SrcAddr\":\"192.0.2.1\","
		      "\"Proto\":6,\"DstPort\":443,\"Source\":\"SOURCE_NETFLOW5\"}"));
}

static void times_fill_seconds_and_nanoseconds(void)
{
	struct flow f = { .seen = { 1764034534123456789LL }, .start = { 1764034533000000001LL },
			  .direction = DIRECTION_EGRESS };
	uint8_t at[SPOOL_RECORD];
	size_t len = encode_flow(&f, at);

	check(!strcmp(json(STREAM_FLOWS, at, len),
		      "{\"TimeReceived\":1764034534,\"TimeFlowStart\":1764034533,"
		      "\"FlowDirection\":1,\"TimeReceivedNs\":1764034534123456789,"
		      "\"TimeFlowStartNs\":1764034533000000001,"
		      "\"Direction\":\"OBSERVATION_EGRESS\"}"));
}

static void the_largest_flow_fits_and_reads_back(void)
{
	struct flow f;
	uint8_t at[SPOOL_RECORD];
	size_t len;

	memset(&f, 0xff, sizeof(f));
	f.more = NULL;
	f.source = FLOW_IPFIX;
	f.rate_source = RATE_RECORD;
	f.direction = DIRECTION_INGRESS;
	f.seen.ns = f.start.ns = f.end.ns = INT64_MAX;
	len = encode_flow(&f, at);
	check(len > 400 && len == (size_t)((at[0] & 0x7f) | at[1] << 7) + 2);
	check(strstr(json(STREAM_FLOWS, at, len),
		     "\"MplsLabels\":[4294967295,4294967295,4294967295,4294967295,4294967295,"
		     "4294967295,4294967295,4294967295]") != NULL);
	check(strstr(json(STREAM_FLOWS, at, len), "\"Bytes\":18446744073709551615") != NULL);
	check(strstr(json(STREAM_FLOWS, at, len), "\"SrcMac\":\"ff:ff:ff:ff:ff:ff\"") != NULL);
}

static void every_counter_has_its_field(void)
{
	struct exporter e = { .source = FLOW_IPFIX, .domain = 7 };
	struct ledger_row row = { .kind = LEDGER_EXPORTER, .name = "", .exporter = &e };
	uint8_t at[SPOOL_RECORD];
	size_t len;

	for (int i = 0; i < COUNT_COUNT; i++)
		e.counts.n[i] = 1000 + (uint64_t)i;
	len = encode_ledger(&row, at);
	for (enum count i = 0; i < COUNT_COUNT; i++) {
		char want[64];

		snprintf(want, sizeof(want), "\"%s\":%d", count_name(i), 1000 + (int)i);
		check(strstr(json(STREAM_LEDGER, at, len), want) != NULL);
	}
}

static void an_uplink_row_carries_both_sides_of_its_sum(void)
{
	struct ledger_row row = {
		.kind = LEDGER_UPLINK, .name = "centre", .stream = STREAM_FLOWS,
		.counts = { { 10, 100, 2 }, { 4, 40, 1 }, { 3, 30, 1 }, { 2, 20, 3 },
			    { 1, 10, 1 } },
		.held = { 1, 10, 0 },
	};
	uint8_t at[SPOOL_RECORD];
	size_t len = encode_ledger(&row, at);

	check(!strcmp(json(STREAM_LEDGER, at, len),
		      "{\"Kind\":\"LEDGER_UPLINK\",\"Name\":\"centre\",\"Stream\":\"flows\","
		      "\"RecordsEncoded\":10,\"RecordsAcknowledged\":4,\"RecordsDropped\":3,"
		      "\"RecordsQuarantined\":2,\"RecordsHeld\":1,\"RecordsMaybeDoubled\":1,"
		      "\"BatchesAcknowledged\":1,\"BatchesDropped\":1,\"BytesAcknowledged\":40,"
		      "\"BytesDropped\":30,\"BytesHeld\":10,\"BatchesQuarantined\":3}"));
	check(ledger_uplink_closes(&row.counts, &row.held));
	row.held.records++;
	check(!ledger_uplink_closes(&row.counts, &row.held));
}

static void an_unknown_element_has_a_row(void)
{
	static const uint8_t want[] = {
		26,
		0x08, 4,			/* 1 Kind: LEDGER_ELEMENT */
		0xf0, 6, 0xe8, 7,		/* 110 TimeReceivedNs: 1000 */
		0x80, 0x46, 9,			/* 1120 Enterprise */
		0x88, 0x46, 0xcb, 0x5f,		/* 1121 Element: 12235 */
		0x90, 0x46, 1,			/* 1122 ElementKind: ELEMENT_FIELD */
		0x98, 0x46,			/* 1123 Occurrences: 2^56 - 1 */
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
	};
	struct ledger_row row = {
		.kind = LEDGER_ELEMENT, .when = { 1000 }, .name = "",
		.element = { 9, 12235, ELEMENT_FIELD, UINT64_MAX >> 8 },
	};
	uint8_t at[SPOOL_RECORD];

	check(encode_ledger(&row, at) == sizeof(want) && !memcmp(at, want, sizeof(want)));
	row.element = (struct ledger_element){ 0, 5, ELEMENT_COUNTER_RECORD, 1 };
	check(encode_ledger(&row, at) == 1 + 2 + 4 + 3 + 3 + 3 && at[12] == 4);
}

static void unknown_elements_are_a_map(void)
{
	static uint8_t bytes[70];
	struct flow_more more = {
		.kept = { { 9, 12235, 2, bytes }, { 0, 1, 0, bytes },
			  { UINT32_MAX, UINT16_MAX, sizeof(bytes), bytes } },
		.kept_count = 3,
	};
	static const uint8_t head[] = {
		0x6e,
		0x08, 4,			/* 1 Type: IPFIX */
		0xe0, 0x44, 4,			/* 1100 Source: SOURCE_IPFIX */
		0xfa, 0x7f, 8, 0x08, 0xcb, 0xdf, 0x24, 0x12, 2, 7, 8,	/* 2047: 9 << 16 | 12235 */
		0xfa, 0x7f, 4, 0x08, 1, 0x12, 0,
		0xfa, 0x7f, 74, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0x12, 64, 7, 8,
	};
	struct flow f = { .source = FLOW_IPFIX, .more = &more };
	uint8_t at[SPOOL_RECORD];

	bytes[0] = 7;
	bytes[1] = 8;
	check(encode_flow(&f, at) == sizeof(head) + 62);
	check(at[0] == sizeof(head) + 62 - 1 && !memcmp(at + 1, head + 1, sizeof(head) - 1));
}

static void an_event_keeps_its_sign_and_its_odd_characters(void)
{
	struct event e = { .kind = EVENT_CLOCK_STEP, .name = "clock", .text = "stepped \"back\"\n",
			   .value = -5 };
	uint8_t at[SPOOL_RECORD];
	size_t len = encode_event(&e, at);

	check(!strcmp(json(STREAM_EVENTS, at, len),
		      "{\"Kind\":\"EVENT_CLOCK_STEP\",\"Name\":\"clock\","
		      "\"Text\":\"stepped \\\"back\\\"\\n\",\"Value\":-5}"));
}

static void nonsense_is_no_record(void)
{
	static const uint8_t bad[][4] = {
		{ 5, 0x08, 1, 0 },		/* longer than there are bytes */
		{ 2, 0x0f, 1, 0 },		/* wire type 7 */
		{ 1, 0x08, 0, 0 },		/* a tag without its value */
		{ 0x80, 0x80, 0x80, 0x80 },	/* a length without end */
	};
	char text[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct out o = out_of(text, sizeof(text));
		struct buf in = buf_of(guarded(bad[i], 4), 4);

		check(json_record(&o, STREAM_FLOWS, &in, 0) == NM_SHORT);
	}
}

#define VALUE(name) #name "\0"
#define U8(name)    VALUE(name)
#define U32(name)   VALUE(name)
#define U64(name)   VALUE(name)
#define I32(name)   VALUE(name)
#define MILLI(name) VALUE(name)
#define MAC(name)   VALUE(name)
#define MACS(name)  VALUE(macs) VALUE(name)
#define TEXT(name)  "t:" VALUE(name)
#define EACH(group)
#define ITEM(name)  VALUE(name)

/* Every structure of counters with the largest values: COUNTERS_MOST and SPOOL_RECORD suffice. */
static void no_counter_is_left_out(void)
{
	static const char *const structures[] = {
#define COUNTER_RECORD(enterprise, format, name, fields) fields,
#include "core/sflow.def"
	};
	static const char longest[COUNTER_TEXT + 10] = { 'x' };
	uint8_t at[SPOOL_RECORD];

	for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++) {
		struct counters c = { .group = "a group", .sequence = UINT32_MAX };
		unsigned fields = 0;
		const char *shown;

		for (const char *f = structures[i]; *f; f += strlen(f) + 1, fields++)
			if (!strncmp(f, "t:", 2) && check(c.text_count < COUNTER_TEXTS))
				c.texts[c.text_count++] = (struct counter_text){
					f + 2, { (const uint8_t *)longest, sizeof(longest) } };
			else if (strncmp(f, "t:", 2) && check(c.count < COUNTERS_MOST))
				c.values[c.count++] = (struct counter){ f, UINT64_MAX };
		shown = json(STREAM_COUNTERS, at, encode_counters(&c, at));
		for (const char *f = structures[i]; *f; f += strlen(f) + 1, fields--)
			if (!check(strstr(shown, strncmp(f, "t:", 2) ? f : f + 2)))
				printf("  %s\n", f);
		check(!fields);
	}
}

TESTS({ "a small flow has a length of one byte", a_small_flow_has_a_length_of_one_byte },
      { "times fill seconds and nanoseconds", times_fill_seconds_and_nanoseconds },
      { "the largest flow fits and reads back", the_largest_flow_fits_and_reads_back },
      { "every counter has its field", every_counter_has_its_field },
      { "an uplink row carries both sides of its sum",
	an_uplink_row_carries_both_sides_of_its_sum },
      { "an unknown element has a row of the ledger", an_unknown_element_has_a_row },
      { "unknown elements are a map, of each so much as there is room for",
	unknown_elements_are_a_map },
      { "an event keeps its sign and its odd characters",
	an_event_keeps_its_sign_and_its_odd_characters },
      { "no counter of a structure is left out", no_counter_is_left_out },
      { "nonsense is no record", nonsense_is_no_record })
