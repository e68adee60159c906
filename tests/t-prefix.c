// SPDX-License-Identifier: Apache-2.0
/* Prefixes of both families, and what is none. */
#include "core/prefix.h"
#include "tests/guard.h"
#include "tests/test.h"

static enum nm_err parse(const char *text, struct prefix *p)
{
	return prefix_parse(guarded(text, strlen(text) + 1), p);
}

static bool has(const char *prefix, const char *address)
{
	struct prefix p;
	struct addr a;

	return check(!parse(prefix, &p) && !addr_parse(address, &a)) && prefix_has(&p, &a);
}

static bool reads_as(const char *text, const char *expected)
{
	char back[NM_PREFIX_TEXT];
	struct prefix p;

	return !parse(text, &p) && !strcmp(prefix_text(&p, back), expected);
}

static void texts(void)
{
	check(reads_as("192.0.2.0/24", "192.0.2.0/24"));
	check(reads_as("192.0.2.1", "192.0.2.1/32"));
	check(reads_as("0.0.0.0/0", "0.0.0.0/0"));
	check(reads_as("10.128.0.0/9", "10.128.0.0/9"));
	check(reads_as("2001:db8::/32", "2001:db8::/32"));
	check(reads_as("2001:db8::1", "2001:db8::1/128"));
	check(reads_as("::/0", "::/0"));
	check(reads_as("::ffff:192.0.2.0/120", "192.0.2.0/24"));
	check(reads_as("2001:db8:1111:2222:3333:4444:5555:6666/128",
		       "2001:db8:1111:2222:3333:4444:5555:6666/128"));
}

static void no_prefixes(void)
{
	static const char *const none[] = {
		"", "/", "/24", "192.0.2.0/", "192.0.2.0/a", "192.0.2.0/2a", "192.0.2.0/-1",
		"192.0.2.0/ 8", "192.0.2/24", "192.0.2.0/24/8", "192.0.2.0/0024", "2001:db8::/",
		"all", "192.0.2.0 /24", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/1",
	};
	struct prefix p;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (!check(parse(none[i], &p) == NM_SYNTAX))
			printf("  '%s'\n", none[i]);
}

static void too_long(void)
{
	struct prefix p;

	check(parse("192.0.2.1/33", &p) == NM_RANGE);
	check(parse("192.0.2.1/999", &p) == NM_RANGE);
	check(parse("2001:db8::1/129", &p) == NM_RANGE);
	check(parse("192.0.2.1/32", &p) == NM_OK && parse("2001:db8::1/128", &p) == NM_OK);
}

static void bits_behind(void)
{
	char meant[NM_PREFIX_TEXT];
	struct prefix p;

	check(parse("192.0.2.1/24", &p) == NM_LENGTH);
	check(!strcmp(prefix_text(&p, meant), "192.0.2.0/24"));
	check(parse("10.255.0.0/9", &p) == NM_LENGTH);
	check(!strcmp(prefix_text(&p, meant), "10.128.0.0/9"));
	check(parse("2001:db8::1/64", &p) == NM_LENGTH);
	check(!strcmp(prefix_text(&p, meant), "2001:db8::/64"));
}

static void members(void)
{
	check(has("192.0.2.0/24", "192.0.2.0") && has("192.0.2.0/24", "192.0.2.255"));
	check(!has("192.0.2.0/24", "192.0.3.0") && !has("192.0.2.0/24", "192.0.1.255"));
	check(has("10.128.0.0/9", "10.255.255.255") && !has("10.128.0.0/9", "10.127.255.255"));
	check(has("192.0.2.7", "192.0.2.7") && !has("192.0.2.7", "192.0.2.6"));
	check(has("192.0.2.6/31", "192.0.2.7") && !has("192.0.2.6/31", "192.0.2.8"));
	check(has("2001:db8::/33", "2001:db8:7fff::1"));
	check(!has("2001:db8::/33", "2001:db8:8000::1"));
}

static void families(void)
{
	check(has("0.0.0.0/0", "203.0.113.9") && !has("0.0.0.0/0", "2001:db8::1"));
	check(has("::/0", "2001:db8::1") && !has("::/0", "203.0.113.9"));
	check(!has("::/80", "203.0.113.9") && has("::/80", "::1"));
}

TESTS({ "a prefix is read and written back", texts },
      { "what is no prefix is refused", no_prefixes },
      { "a prefix is not longer than an address", too_long },
      { "bits behind its end are refused, and what was meant is known", bits_behind },
      { "it has the addresses that begin with it", members },
      { "no family has addresses of the other", families })
