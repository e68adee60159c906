// SPDX-License-Identifier: Apache-2.0
/* Who may send to a listener. */
#include "core/allow.h"
#include "tests/test.h"

static bool allows(const struct allow *list, const char *address)
{
	struct addr a;

	return check(!addr_parse(address, &a)) && allow_has(list, &a);
}

static void nobody_named(void)
{
	static const struct allow all = { NULL, 0 };

	check(allows(&all, "192.0.2.1") && allows(&all, "2001:db8::1"));
}

static void named(void)
{
	struct prefix p[3];
	const struct allow list = { p, 3 };

	check(!prefix_parse("192.0.2.0/28", &p[0]) && !prefix_parse("198.51.100.7", &p[1]) &&
	      !prefix_parse("2001:db8::/32", &p[2]));
	check(allows(&list, "192.0.2.15") && allows(&list, "198.51.100.7"));
	check(allows(&list, "2001:db8:ffff::1"));
	check(!allows(&list, "192.0.2.16") && !allows(&list, "198.51.100.6"));
	check(!allows(&list, "2001:db9::1"));
}

TESTS({ "an empty list allows everybody", nobody_named },
      { "only those that it names may send", named })
