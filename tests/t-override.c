// SPDX-License-Identifier: Apache-2.0
/* Sampling rates of the configuration, before and behind what exporters tell. */
#include "core/override.h"
#include "tests/test.h"

static struct conf_exporter list[4] = {
	{ .name = "net" }, { .name = "again" }, { .name = "host" }, { .name = "six" },
};

static const char *found(const char *address)
{
	static const char *const prefixes[] = { "192.0.2.0/24", "192.0.2.0/24", "192.0.2.9",
						"2001:db8::/32" };
	const struct conf_exporter *o;
	struct addr a;

	for (int i = 0; i < 4; i++)
		check(!prefix_parse(prefixes[i], &list[i].address));
	check(!addr_parse(address, &a));
	o = override_find(list, 4, &a);
	return o ? o->name : "none";
}

static void longest(void)
{
	check(!strcmp(found("192.0.2.9"), "host"));
	check(!strcmp(found("192.0.2.8"), "net"));
	check(!strcmp(found("2001:db8::9"), "six"));
	check(!strcmp(found("198.51.100.1"), "none"));
	check(!override_find(NULL, 0, &list[0].address.addr));
}

static bool becomes(const struct conf_exporter *o, enum rate_source told, uint64_t rate,
		    enum rate_source source)
{
	struct flow f = { .rate = told ? 7 : 1, .rate_source = (uint8_t)told };

	if (override_applies(o, &f))
		override_apply(o, &f);
	return f.rate == rate && f.rate_source == source;
}

static void presets(void)
{
	const struct conf_exporter o = { .rate = 512 };

	check(becomes(&o, RATE_ASSUMED, 512, RATE_CONFIGURED));
	for (enum rate_source told = RATE_RECORD; told <= RATE_HEADER; told++)
		check(becomes(&o, told, 7, told));
}

static void forced(void)
{
	const struct conf_exporter o = { .rate = 512, .rate_force = true };

	check(becomes(&o, RATE_ASSUMED, 512, RATE_FORCED));
	for (enum rate_source told = RATE_RECORD; told <= RATE_HEADER; told++)
		check(becomes(&o, told, 512, RATE_FORCED));
}

static void nothing_said(void)
{
	const struct conf_exporter named = { .name = "edge" };

	check(becomes(&named, RATE_ASSUMED, 1, RATE_ASSUMED));
	check(becomes(&named, RATE_HEADER, 7, RATE_HEADER));
	check(becomes(NULL, RATE_ASSUMED, 1, RATE_ASSUMED));
}

TESTS({ "the longest prefix wins, the first of equal ones", longest },
      { "a configured rate stands where nobody told one", presets },
      { "a forced rate stands before everything", forced },
      { "without a rate nothing changes", nothing_said })
