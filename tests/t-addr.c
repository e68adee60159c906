// SPDX-License-Identifier: Apache-2.0
/* Addresses to text and back; the expected texts are those of RFC 5952, sections 1 and 4. */
#include "core/addr.h"
#include "tests/test.h"

static const char *canonical(const char *text)
{
	static char out[NM_ADDR_TEXT];
	struct addr a;

	return addr_parse(text, &a) ? "refused" : addr_text(&a, out);
}

static void texts_are_canonical(void)
{
	static const struct { const char *in, *out; } rows[] = {
		{ "2001:0db8::0001",                 "2001:db8::1" },
		{ "2001:db8:0:0:0:0:2:1",            "2001:db8::2:1" },
		{ "2001:db8:0:1:1:1:1:1",            "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1",              "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1",            "2001:db8::1:0:0:1" },
		{ "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:AaAa",
		  "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa" },
		{ "0:0:0:0:0:0:0:0",                 "::" },
		{ "::",                              "::" },
		{ "::1",                             "::1" },
		{ "1::",                             "1::" },
		{ "0:0:0:0:0:0:0:1",                 "::1" },
		{ "1:2:3:4:5:6:7::",                 "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8",                 "0:2:3:4:5:6:7:8" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ "64:ff9b::192.0.2.33",             "64:ff9b::c000:221" },
		{ "192.0.2.1",                       "192.0.2.1" },
		{ "0.0.0.0",                         "0.0.0.0" },
		{ "255.255.255.255",                 "255.255.255.255" },
		{ "::ffff:192.0.2.1",                "192.0.2.1" },
		{ "::ffff:c000:201",                 "192.0.2.1" },
		{ "0:0:0:0:0:ffff:192.0.2.1",        "192.0.2.1" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!check(!strcmp(canonical(rows[i].in), rows[i].out)))
			printf("  %s became %s\n", rows[i].in, canonical(rows[i].in));
}

static void anything_else_is_refused(void)
{
	static const char *const rows[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1",
		"01.2.3.4", "1.2.3.4 ", "1.2.3.4/24", "1.2.3.a", "-1.2.3.4", "1.2.3.1234",
		":", ":::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
		"1::2::3", "1:::2", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::", "g::",
		"::1%eth0",
		"::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::",
		"1:2:3:4:5:6:1.2.3.4:7", "::1/64",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!check(!strcmp(canonical(rows[i]), "refused")))
			printf("  %s became %s\n", rows[i], canonical(rows[i]));
}

static void families_and_absence(void)
{
	static const uint8_t bytes[4] = { 192, 0, 2, 1 };
	struct addr v4 = addr_v4(bytes), none = { { 0 } }, zero, v6;

	check(addr_is_v4(&v4) && !addr_is_absent(&v4));
	check(addr_is_absent(&none) && !addr_is_v4(&none));
	check(addr_parse("0.0.0.0", &zero) == NM_OK && addr_is_v4(&zero) && !addr_is_absent(&zero));
	check(addr_parse("2001:db8::1", &v6) == NM_OK && !addr_is_v4(&v6));
	check(addr_same(&v4, &v4) && !addr_same(&v4, &v6));
}

static void macs_are_48_bits(void)
{
	char text[NM_MAC_TEXT];

	check(!strcmp(mac_text(0x001122aabbcc, text), "00:11:22:aa:bb:cc"));
	check(!strcmp(mac_text(UINT64_MAX, text), "ff:ff:ff:ff:ff:ff"));
}

TESTS({ "every spelling of an address becomes the one of RFC 5952", texts_are_canonical },
      { "what is no address is refused", anything_else_is_refused },
      { "IPv4, IPv6 and absent are told apart", families_and_absence },
      { "a MAC address is the low 48 bits", macs_are_48_bits })
