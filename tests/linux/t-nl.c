// SPDX-License-Identifier: Apache-2.0
/* Requests to this machine's kernel that need no rights, and what its errors become. */
#define _GNU_SOURCE
#include "platform/linux/nl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/nl_attr.h"
#include "tests/test.h"

#define LOOPBACK 1			/* its number in every network namespace */

struct seen {
	unsigned messages;
	int loopback;
	char name[16];
};

static const struct nl_attr name_attrs[] = {
	NL_ATTR(IFLA_IFNAME, NL_TEXT, struct seen, name),
	{ 0 }
};

static void take(void *ctx, const struct nlmsghdr *h)
{
	struct seen *seen = ctx;
	struct ifinfomsg own;

	seen->messages++;
	memcpy(&own, mnl_nlmsg_get_payload(h), sizeof(own));
	if (h->nlmsg_type != RTM_NEWLINK || own.ifi_index != LOOPBACK)
		return;
	seen->loopback++;
	/* qemu spoils the last ones, so all need not be well. */
	(void)nl_message_attrs(name_attrs, h, sizeof(own), seen);
}

static struct nl *open_any(int patience_ms)
{
	static struct nl nl;
	char why[NM_WHY] = "";

	if (!check(nl_open(&nl, NETLINK_ROUTE, patience_ms, why) == NM_OK)) {
		printf("%s\n", why);
		return NULL;
	}
	return &nl;
}

static void answers_end(void)
{
	static const uint16_t ends[] = { NLM_F_DUMP, NLM_F_ACK, 0 };
	const struct ifinfomsg all = { 0 }, one = { .ifi_index = LOOPBACK };
	char why[NM_WHY] = "";

	for (int patience = 0; patience <= 1000; patience += 1000) {
		struct nl *nl = open_any(patience);

		/* All again: nothing is left over. */
		for (unsigned i = 0; nl && i < 6; i++) {
			struct seen seen = { 0 };

			nl_begin(nl, RTM_GETLINK, ends[i % 3], i % 3 ? &one : &all, sizeof(one));
			check(nl_ask(nl, take, &seen, "links", why) == NM_OK);
			check(seen.loopback == 1 && !strcmp(seen.name, "lo"));
			check(i % 3 == 0 || seen.messages == 1);
		}
		if (nl)
			nl_close(nl);
	}
}

static void errors_become_words(void)
{
	static const struct {
		uint16_t type, flags;
		struct ifinfomsg own;
		size_t len;
		enum nm_err err;
		const char *words;
	} cases[] = {
		{ RTM_GETLINK, NLM_F_ACK, { .ifi_index = 0x7ffffff0 }, 16, NM_GONE,
		  "a link: No such device" },
		{ RTM_GETLINK, 0, { .ifi_index = 0x7ffffff0 }, 16, NM_GONE, "a link: " },
		{ 0x7fff, NLM_F_ACK, { 0 }, 16, NM_ABSENT, "a link: " },
		{ RTM_GETLINK, NLM_F_ACK, { 0 }, 4, NM_IO, "a link: " },
	};
	struct nl *nl = open_any(0);
	char why[NM_WHY] = "";

	for (size_t i = 0; nl && i < sizeof(cases) / sizeof(cases[0]); i++) {
		nl_begin(nl, cases[i].type, cases[i].flags, &cases[i].own, cases[i].len);
		check(nl_ask(nl, NULL, NULL, "a link", why) == cases[i].err);
		if (!check(!strncmp(why, cases[i].words, strlen(cases[i].words))))
			printf("  %s\n", why);
	}
	if (nl)
		nl_close(nl);
}

static void rights_are_named(void)
{
	const struct ifinfomsg own = { .ifi_index = 0x7ffffff0 };
	struct nl *nl = open_any(0);
	char why[NM_WHY] = "";
	enum nm_err err;

	if (!nl)
		return;
	if (geteuid() == 0 && seteuid(65534) < 0)
		skip("not root");
	nl_begin(nl, RTM_DELLINK, NLM_F_ACK, &own, sizeof(own));
	err = nl_ask(nl, NULL, NULL, "it cannot be deleted", why);
	if (getuid() == 0)
		check(seteuid(0) == 0);
	if (!check(err == NM_RIGHTS && strstr(why, "CAP_NET_ADMIN")))
		printf("  %d: %s\n", err, why);
	nl_close(nl);
}

/* After an error the answers to the rest of a batch lie there, and are nobody's. */
static void batches(void)
{
	const struct ifinfomsg one = { .ifi_index = LOOPBACK }, none = { .ifi_index = 0x7ffffff0 };
	struct nl *nl = open_any(0);
	char why[NM_WHY] = "";

	for (unsigned round = 0; nl && round < 3; round++) {
		struct seen seen = { 0 };

		nl_begin(nl, RTM_GETLINK, 0, &one, sizeof(one));
		nl_u32(nl, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
		nl_more(nl, RTM_GETLINK, NLM_F_ACK, round == 1 ? &none : &one, sizeof(one));
		nl_more(nl, RTM_GETLINK, NLM_F_ACK, round == 2 ? &none : &one, sizeof(one));
		nl_more(nl, RTM_GETLINK, 0, &one, sizeof(one));
		check(nl_ask(nl, take, &seen, "links", why) == (round ? NM_GONE : NM_OK));
		check(seen.messages == (round == 0 ? 3u : round == 1 ? 1u : 2u));
		check(nl->error == (round ? ENODEV : 0) && (!round || nl->failed == round));
	}
	if (nl)
		nl_close(nl);
}

static void too_long(void)
{
	static const char block[1000];
	const struct ifinfomsg one = { .ifi_index = LOOPBACK };
	struct nl *nl = open_any(0);
	char why[NM_WHY] = "";

	if (!nl)
		return;
	nl_begin(nl, RTM_GETLINK, NLM_F_ACK, &one, sizeof(one));
	for (unsigned i = 0; i < 5; i++)
		nl_bytes(nl, 100, block, sizeof(block));
	nl_end(nl, nl_nest(nl, 101));
	nl_more(nl, RTM_GETLINK, NLM_F_ACK, &one, sizeof(one));
	check(nl_ask(nl, NULL, NULL, "links", why) == NM_FULL);
	nl_begin(nl, RTM_GETLINK, NLM_F_ACK, &one, sizeof(one));
	check(nl_ask(nl, NULL, NULL, "links", why) == NM_OK);
	nl_close(nl);
}

static void own_numbers(void)
{
	const uint32_t number = 0x4e4c0000 | (uint32_t)(getpid() & 0xffff);
	static struct nl first, second;
	char why[NM_WHY] = "";

	if (!check(nl_open_as(&first, NETLINK_ROUTE, number, 0, why) == NM_OK))
		return;
	check(mnl_socket_get_portid(first.socket) == number);
	check(nl_open_as(&second, NETLINK_ROUTE, number, 0, why) == NM_LOCKED && *why);
	nl_close(&first);
	check(nl_open_as(&second, NETLINK_ROUTE, number, 0, why) == NM_OK);
	nl_close(&second);
}

static void absent_bus(void)
{
	static struct nl nl;
	char why[NM_WHY] = "";

	check(nl_open(&nl, 31, 0, why) == NM_ABSENT && *why);
	nl_close(&nl);
}

TESTS({ "an answer ends by DONE, by its acknowledgement or at once", answers_end },
      { "errors of the kernel become errors and sentences",         errors_become_words },
      { "what needs a right says which",                            rights_are_named },
      { "a number of one's own is had by one socket at a time",      own_numbers },
      { "a batch ends with its last acknowledgement or an error",   batches },
      { "a request that is too long is not sent",                   too_long },
      { "a bus that the kernel has not is told",                    absent_bus })
