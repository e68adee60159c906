// SPDX-License-Identifier: Apache-2.0
/* Times as text; the expected texts were made with date -u -d @SECONDS. */
#include "core/when.h"
#include "tests/test.h"

static void texts(void)
{
	static const struct { int64_t s, ns; const char *text; } rows[] = {
		{ 0,           0,         "1970-01-01T00:00:00.000000000Z" },
		{ 1,           1,         "1970-01-01T00:00:01.000000001Z" },
		{ 951782399,   999999999, "2000-02-28T23:59:59.999999999Z" },
		{ 951782400,   0,         "2000-02-29T00:00:00.000000000Z" },
		{ 951868800,   0,         "2000-03-01T00:00:00.000000000Z" },
		{ 1700000000,  123456789, "2023-11-14T22:13:20.123456789Z" },
		{ 1709251199,  0,         "2024-02-29T23:59:59.000000000Z" },
		{ 1735689599,  0,         "2024-12-31T23:59:59.000000000Z" },
		{ 1795570534,  0,         "2026-11-25T01:35:34.000000000Z" },
		{ 4107542400,  0,         "2100-03-01T00:00:00.000000000Z" },
		{ 4107542399,  0,         "2100-02-28T23:59:59.000000000Z" },
		{ -1,          0,         "1969-12-31T23:59:59.000000000Z" },
		{ -1,          999999999, "1969-12-31T23:59:59.999999999Z" },
		{ -2203891201, 0,         "1900-02-28T23:59:59.000000000Z" },
		{ -2203891200, 0,         "1900-03-01T00:00:00.000000000Z" },
	};
	char text[NM_TIME_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!check(!strcmp(time_text(time_plus(time_of_s(rows[i].s), rows[i].ns), text),
				   rows[i].text)))
			printf("  %s became %s\n", rows[i].text, text);
}

static void extremes(void)
{
	char text[NM_TIME_TEXT];

	check(!strcmp(time_text((nm_time){ INT64_MAX }, text), "2262-04-11T23:47:16.854775807Z"));
	check(!strcmp(time_text((nm_time){ INT64_MIN }, text), "1677-09-21T00:12:43.145224192Z"));
}

static void comparisons(void)
{
	nm_mono now = { 5 * NM_NS_PER_S }, later = mono_plus(now, NM_NS_PER_MS);

	check(mono_since(later, now) == NM_NS_PER_MS && mono_since(now, later) == -NM_NS_PER_MS);
	check(!mono_reached(now, later) && mono_reached(later, later));
	check(mono_first(now, NM_MONO_NEVER).ns == now.ns);
	check(time_since(time_of_s(3), time_of_s(1)) == 2 * NM_NS_PER_S);
}

TESTS({ "a time is written as RFC 3339 wants it, leap days and all", texts },
      { "the largest and smallest times have a text", extremes },
      { "differences and comparisons hold", comparisons })
