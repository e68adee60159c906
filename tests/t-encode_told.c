// SPDX-License-Identifier: Apache-2.0
/*
 * What exporters tell of themselves, byte by byte. The expected bytes are written by hand after
 * the Protobuf encoding rules (tag = number << 3 | wire type, tags in their order) and the numbers
 * of netmeta.proto.
 */
#include "core/encode.h"
#include "tests/test.h"

#define AGENT    ((const uint8_t[]){ 192, 0, 2, 77 })
#define EXPORTER ((const uint8_t[]){ 192, 0, 2, 1 })

static struct text text_of(const char *words)
{
	return (struct text){ (const uint8_t *)words, (uint16_t)strlen(words) };
}

static void a_name_has_its_exporter_kind_and_number(void)
{
	static const uint8_t want[] = {
		66,				/* the message's length */
		0x08, 2,			/* 1 Kind: NAME_INTERFACE */
		0x18, 0xac, 2,			/* 3 Id: 300 */
		0x22, 4, 'e', 't', 'h', '0',	/* 4 Name */
		0x2a, 6, 'u', 'p', 'l', 'i', 'n', 'k',		/* 5 Description */
		0x5a, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1,	/* 11 */
		0xf0, 6, 0xe8, 7,		/* 110 TimeReceivedNs: 1000 */
		0xe0, 0x44, 4,			/* 1100 Source: SOURCE_IPFIX */
		0xe8, 0x44, 7,			/* 1101 ObservationDomain */
		0xca, 0x46, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 77, /* 1129 */
	};
	const struct name_told told = {
		.seen = { 1000 }, .exporter = addr_v4(EXPORTER), .agent = addr_v4(AGENT),
		.domain = 7, .source = FLOW_IPFIX, .kind = NAME_INTERFACE, .id = 300,
		.name = text_of("eth0"), .description = text_of("uplink"),
	};
	uint8_t at[SPOOL_RECORD];

	check(encode_name(&told, at) == sizeof(want) && !memcmp(at, want, sizeof(want)));
}

static void a_name_without_anything_is_short(void)
{
	static const uint8_t want[] = {
		17,
		0x08, 4,			/* 1 Kind: NAME_APPLICATION */
		0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,	/* 3 Id: 2^64 - 1 */
		0x22, 2, 'x', '?',		/* 4 Name: a byte that is no character */
	};
	const struct name_told told = { .kind = NAME_APPLICATION, .id = UINT64_MAX,
					.name = text_of("x\xff") };
	uint8_t at[SPOOL_RECORD];

	check(encode_name(&told, at) == sizeof(want) && !memcmp(at, want, sizeof(want)));
}

/* Name has room for 127 bytes and Description for 255, as netmeta.options says. */
static void a_long_name_is_cut_between_two_characters(void)
{
	static uint8_t words[300];
	const struct name_told told = {
		.name = { words, sizeof(words) }, .description = { words, sizeof(words) },
	};
	uint8_t at[SPOOL_RECORD];
	size_t len;

	memset(words, 'x', sizeof(words));
	memcpy(words + 126, "\xc3\xa4", 2);	/* of two bytes the second finds no room */
	len = encode_name(&told, at);
	check(len == 2 + 2 + 126 + 3 + 255);
	check(at[0] == (0x80 | (386 & 0x7f)) && at[1] == 386 >> 7);
	check(at[2] == 0x22 && at[3] == 126 && at[4] == 'x' && at[129] == 'x');
	check(at[130] == 0x2a && at[131] == (0x80 | (255 & 0x7f)) && at[132] == 255 >> 7);
	check(at[133 + 126] == 0xc3 && at[133 + 127] == 0xa4 && at[133 + 254] == 'x');
}

static void counters_are_maps_of_numbers_and_texts(void)
{
	static const uint8_t want[] = {
		70,
		0x20, 9,			/* 4 SequenceNum */
		0x28, 0x88, 0x27,		/* 5 UptimeMs: 5000 */
		0x30, 2,			/* 6 SourceClass */
		0x38, 5,			/* 7 SourceIndex */
		0x42, 4, 'h', 'o', 's', 't',	/* 8 Group */
		0x4a, 7, 0x0a, 3, 'c', 'p', 'u', 0x10, 4,	/* 9 Counters: cpu = 4 */
		0x4a, 8, 0x0a, 4, 'i', 'd', 'l', 'e', 0x10, 0,	/* a 0 is a value here */
		0x52, 10, 0x0a, 4, 'n', 'a', 'm', 'e', 0x12, 2, 'r', '1',	/* 10 Texts */
		0x5a, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1,	/* 11 */
		0xe0, 0x44, 1,			/* 1100 Source: SOURCE_SFLOW */
		0xe8, 0x44, 3,			/* 1101 ObservationDomain */
	};
	struct counters c = {
		.exporter = addr_v4(EXPORTER), .domain = 3, .sequence = 9, .uptime_ms = 5000,
		.source_class = 2, .source_index = 5, .source = FLOW_SFLOW, .group = "host",
		.values = { { "cpu", 4 }, { "idle", 0 } }, .count = 2,
		.texts = { { "name", text_of("r1") } }, .text_count = 1,
	};
	uint8_t at[SPOOL_RECORD];

	check(encode_counters(&c, at) == sizeof(want) && !memcmp(at, want, sizeof(want)));
}

TESTS({ "a name has its exporter, its kind and its number",
	a_name_has_its_exporter_kind_and_number },
      { "a name without anything is short, and printable", a_name_without_anything_is_short },
      { "a long name is cut between two characters", a_long_name_is_cut_between_two_characters },
      { "counters are maps of numbers and of texts", counters_are_maps_of_numbers_and_texts })
