// SPDX-License-Identifier: Apache-2.0
/*
 * Encoded records as JSON. The records are written by hand after the Protobuf encoding rules
 * (tag = number << 3 | wire type) and netmeta.proto's numbers; words for numbers are those of the
 * documents that word.def names.
 */
#include "core/json.h"
#include "tests/guard.h"
#include "tests/test.h"

/* A record under construction; the length is put before it at the end. */
static uint8_t message[1024];
static size_t len;

static void varint(uint64_t v)
{
	for (; v > 0x7f; v >>= 7)
		message[len++] = (uint8_t)(v | 0x80);
	message[len++] = (uint8_t)v;
}

static void number(unsigned tag, uint64_t v)
{
	varint(tag << 3);
	varint(v);
}

static void bytes(unsigned tag, const void *p, size_t n)
{
	varint(tag << 3 | 2);
	varint(n);
	memcpy(message + len, p, n);
	len += n;
}

#define LITERAL(text) text, sizeof(text) - 1

static const char *json(enum stream stream, unsigned parts)
{
	static char text[8192];
	uint8_t record[sizeof(message) + 2] = { (uint8_t)(len | 0x80), (uint8_t)(len >> 7) };
	struct out o = out_of(text, sizeof(text));
	struct buf in;

	memcpy(record + 2, message, len);
	in = buf_of(guarded(record, len + 2), len + 2);
	check(json_record(&o, stream, &in, parts) == NM_OK && !buf_left(&in) && !o.full);
	len = 0;
	return out_end(&o);
}

static void is(const char *have, const char *want)
{
	if (!check(!strcmp(have, want)))
		printf("  have %s\n  want %s\n", have, want);
}

/* --- maps ----------------------------------------------------------------------------- */

static void entries_of_a_map_are_one_object(void)
{
	bytes(9, LITERAL("\x0a\x01" "a" "\x10\x05"));
	bytes(9, LITERAL("\x0a\x01" "b" "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	bytes(10, LITERAL("\x0a\x04" "name" "\x12\x04" "eth0"));
	is(json(STREAM_COUNTERS, 0),
	   "{\"Counters\":{\"a\":5,\"b\":18446744073709551615},\"Texts\":{\"name\":\"eth0\"}}");
}

static void members_stand_before_and_behind_a_map(void)
{
	bytes(8, LITERAL("generic"));
	bytes(9, LITERAL("\x0a\x01" "a" "\x10\x01"));
	number(4, 7);
	is(json(STREAM_COUNTERS, 0),
	   "{\"Group\":\"generic\",\"Counters\":{\"a\":1},\"SequenceNum\":7}");
}

static void what_an_entry_leaves_out_is_zero_or_empty(void)
{
	bytes(9, LITERAL("\x0a\x01" "a"));
	bytes(9, LITERAL("\x10\x03"));
	bytes(10, LITERAL(""));
	is(json(STREAM_COUNTERS, 0), "{\"Counters\":{\"a\":0,\"\":3},\"Texts\":{\"\":\"\"}}");
}

static void an_unknown_element_is_named_by_enterprise_and_number(void)
{
	/* 9 * 65536 + 12345, 65536 * 65536, both as varints */
	bytes(2047, LITERAL("\x08\xb9\xe0\x24\x12\x03\x00\xff\x7f"));
	bytes(2047, LITERAL("\x08\x80\x80\x80\x80\x10\x12\x00"));
	is(json(STREAM_FLOWS, 0), "{\"Unknown\":{\"9/12345\":\"00ff7f\",\"65536/0\":\"\"}}");
}

static void hostile_keys_and_values_stay_inside_their_quotes(void)
{
	bytes(10, LITERAL("\x0a\x0b" "a\",\"x\":1,\"b" "\x12\x04" "\x01\"\\\n"));
	is(json(STREAM_COUNTERS, 0),
	   "{\"Texts\":{\"a\\\",\\\"x\\\":1,\\\"b\":\"\\u0001\\\"\\\\\\n\"}}");
	bytes(10, LITERAL("\x0a\x02" "\xc3\x28" "\x12\x04" "\xed\xa0\x80\x7f"));
	is(json(STREAM_COUNTERS, 0),
	   "{\"Texts\":{\"\\ufffd(\":\"\\ufffd\\ufffd\\ufffd\\u007f\"}}");
	bytes(10, LITERAL("\x0a\x01\x00\x12\x05" "a\0b\xe2\x82"));
	is(json(STREAM_COUNTERS, 0), "{\"Texts\":{\"\\u0000\":\"a\\u0000b\\ufffd\"}}");
}

/* Lengths that lie within an entry, tags that nobody has, an entry in an entry. */
static void broken_entries_do_no_harm(void)
{
	static const struct { const char *p; size_t n; } broken[] = {
		{ LITERAL("\x0a\x7f" "a") }, { LITERAL("\x0a") }, { LITERAL("\x0f\x01") },
		{ LITERAL("\x1a\x01" "z") },
		{ LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") },
		{ LITERAL("\x0a\x02\x0a\x00") }, { LITERAL("\x10") }, { LITERAL("\x0d" "ab") },
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const char *text;

		bytes(9, broken[i].p, broken[i].n);
		text = json(STREAM_COUNTERS, 0);
		if (!check(!strncmp(text, "{\"Counters\":{\"", 14) &&
			   !strcmp(text + strlen(text) - 2, "}}")))
			printf("  %zu: %s\n", i, text);
	}
}

/* Cut anywhere, it is a record or none, and never read beyond. */
static void every_truncation_is_safe(void)
{
	static const uint8_t record[] = {
		0x1a, 0x4a, 0x0a, 0x0a, 0x04, 'n', 'a', 'm', 'e', 0x12, 0x02, '"', 0xff,
		0x4a, 0x05, 0x0a, 0x01, 'a', 0x10, 0x01, 0x52, 0x05, 0x0a, 0x01, 'b', 0x10, 0x01,
	};
	char text[512];

	for (size_t i = 0; i < sizeof(record); i++) {
		uint8_t cut[sizeof(record)];
		struct out o = out_of(text, sizeof(text));
		struct buf in;

		memcpy(cut, record, i);
		cut[0] = (uint8_t)(i ? i - 1 : 0);	/* its own length is believed */
		in = buf_of(guarded(cut, i), i);
		check(json_record(&o, STREAM_COUNTERS, &in, JSON_WORDS) <= NM_SHORT);
		in = buf_of(guarded(record, i), i);
		check(json_record(&o, STREAM_COUNTERS, &in, JSON_WORDS) == NM_SHORT);
	}
}

static void what_has_no_room_is_said_to_be_full(void)
{
	for (size_t room = 1; room < 40; room++) {
		uint8_t record[] = { 7, 0x52, 5, 0x0a, 1, 'k', 0x12, 0 };
		char text[40];
		struct out o = out_of(text, room);
		struct buf in = buf_of(record, sizeof(record));

		check(json_record(&o, STREAM_COUNTERS, &in, 0) == NM_OK);
		check(o.full == (room < strlen("{\"Texts\":{\"k\":\"\"}}")));
	}
}

/* --- words ------------------------------------------------------------------------------ */

static void the_stream_comes_first_and_the_words_come_last(void)
{
	number(20, 6);
	is(json(STREAM_DROPS, JSON_STREAM | JSON_WORDS),
	   "{\"stream\":\"drops\",\"Proto\":6,\"Words\":{\"Proto\":\"TCP\"}}");
	is(json(STREAM_FLOWS, JSON_WORDS), "{\"Words\":{}}");
}

static void flags_of_tcp_are_letters(void)
{
	static const struct { unsigned flags; const char *letters; } cases[] = {
		{ 0x02, "......S." }, { 0x12, "...A..S." }, { 0x1b, "...AP.SF" },
		{ 0x14, "...A.R.." }, { 0xff, "CEUAPRSF" }, { 0x100, "........" },
		{ 0xe0, "CEU....." },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char want[80];

		number(26, cases[i].flags);
		snprintf(want, sizeof(want), "{\"TCPFlags\":%u,\"Words\":{\"TCPFlags\":\"%s\"}}",
			 cases[i].flags, cases[i].letters);
		is(json(STREAM_FLOWS, JSON_WORDS), want);
	}
}

static const char *icmp(unsigned proto, unsigned type, unsigned code)
{
	number(20, proto);
	if (type)
		number(31, type);
	if (code)
		number(32, code);
	return strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":");
}

static void types_and_codes_of_icmp_are_words(void)
{
	is(icmp(1, 8, 0), "\"Words\":{\"Proto\":\"ICMP\",\"IcmpType\":\"echo request\"}}");
	is(icmp(1, 0, 0),
	   "\"Words\":{\"Proto\":\"ICMP\",\"IcmpType\":\"echo reply, or not told\"}}");
	is(icmp(1, 3, 3), "\"Words\":{\"Proto\":\"ICMP\",\"IcmpType\":\"destination unreachable\","
			  "\"IcmpCode\":\"port unreachable\"}}");
	is(icmp(58, 3, 1), "\"Words\":{\"Proto\":\"ICMPv6\",\"IcmpType\":\"time exceeded\","
			   "\"IcmpCode\":\"in reassembly\"}}");
	is(icmp(58, 135, 0),
	   "\"Words\":{\"Proto\":\"ICMPv6\",\"IcmpType\":\"neighbor solicitation\"}}");
	is(icmp(1, 200, 9), "\"Words\":{\"Proto\":\"ICMP\"}}");
	is(icmp(17, 8, 1), "\"Words\":{\"Proto\":\"UDP\"}}");
	is(icmp(58, 0, 0), "\"Words\":{\"Proto\":\"ICMPv6\"}}");
}

static void times_are_written_out_to_the_nanosecond(void)
{
	number(110, 1764034534123456789);
	number(111, 1);
	number(112, 1764034534000000000);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"TimeReceivedNs\":\"2025-11-25T01:35:34.123456789Z\","
	   "\"TimeFlowStartNs\":\"1970-01-01T00:00:00.000000001Z\","
	   "\"TimeFlowEndNs\":\"2025-11-25T01:35:34.000000000Z\"}}");
}

static void a_rate_says_who_told_it(void)
{
	number(3, 1);
	is(json(STREAM_FLOWS, JSON_WORDS),
	   "{\"SamplingRate\":1,\"Words\":{\"SamplingRate\":\"1 in 1, assumed\"}}");
	number(3, UINT64_MAX);
	number(1103, 3);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"SamplingRate\":\"1 in 18446744073709551615, "
	   "by options of its sampler or interface\"}}");
	number(3, 10);
	number(1103, 99);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"SamplingRate\":\"1 in 10, of unknown source\"}}");
}

static void reasons_are_words(void)
{
	number(24, 137);
	number(1106, 2);
	number(1112, 4);
	number(1113, 3);
	number(41, 1);
	number(1171, 258);
	is(strstr(json(STREAM_DROPS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"ForwardingStatus\":\"dropped: bad TTL\","
	   "\"FlowEndReason\":\"active timeout\",\"NatEvent\":\"NAT44 session create\","
	   "\"FirewallEvent\":\"denied\",\"BiFlowDirection\":\"initiator\","
	   "\"DropReason\":\"ACL\"}}");
}

static void the_number_of_a_discard_is_a_reason_and_of_an_interface_is_none(void)
{
	number(19, 258);
	number(1120, 1);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"), "\"Words\":{\"OutIf\":\"ACL\"}}");
	number(1120, 1);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"OutIf\":\"network unreachable\"}}");
	number(19, 258);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"), "\"Words\":{}}");
}

static void ethertypes_are_words_where_they_are_known(void)
{
	number(30, 0x86dd);
	number(1123, 47);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"),
	   "\"Words\":{\"Etype\":\"IPv6\",\"InnerProto\":\"GRE\"}}");
	number(30, 0x1234);
	is(strstr(json(STREAM_FLOWS, JSON_WORDS), "\"Words\":"), "\"Words\":{}}");
}

TESTS({ "entries of a map are one object", entries_of_a_map_are_one_object },
      { "members stand before and behind a map", members_stand_before_and_behind_a_map },
      { "what an entry leaves out is zero or empty", what_an_entry_leaves_out_is_zero_or_empty },
      { "an unknown element is named by enterprise and number",
	an_unknown_element_is_named_by_enterprise_and_number },
      { "hostile keys and values stay inside their quotes",
	hostile_keys_and_values_stay_inside_their_quotes },
      { "broken entries do no harm", broken_entries_do_no_harm },
      { "every truncation is safe", every_truncation_is_safe },
      { "what has no room is said to be full", what_has_no_room_is_said_to_be_full },
      { "the stream comes first and the words come last",
	the_stream_comes_first_and_the_words_come_last },
      { "flags of TCP are letters", flags_of_tcp_are_letters },
      { "types and codes of ICMP are words", types_and_codes_of_icmp_are_words },
      { "times are written out to the nanosecond", times_are_written_out_to_the_nanosecond },
      { "a rate says who told it", a_rate_says_who_told_it },
      { "reasons are words", reasons_are_words },
      { "the number of a discard is a reason, of an interface none",
	the_number_of_a_discard_is_a_reason_and_of_an_interface_is_none },
      { "EtherTypes are words where they are known", ethertypes_are_words_where_they_are_known })
