// SPDX-License-Identifier: Apache-2.0
/*
 * libmnl, or what stands in for it: the same vectors for both. Which one it is, is chosen when the
 * test is built.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "tests/guard.h"
#include "tests/linux/words.h"
#include "tests/test.h"

/* --- messages ---------------------------------------------------------------------- */

static void lengths_of_messages(void)
{
	static const struct { uint32_t said; int there; bool good; } cases[] = {
		{ 16, 16, true },  { 20, 20, true },          { 17, 20, true },
		{ 15, 20, false }, { 0, 20, false },          { 21, 20, false },
		{ 16, 15, false }, { 16, 0, false },          { 16, -4, false },
		{ 0x7fffffff, 20, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nlmsghdr h = { .nlmsg_len = cases[i].said };

		if (!check(mnl_nlmsg_ok(&h, cases[i].there) == cases[i].good))
			printf("  said %u, there %d\n", (unsigned)cases[i].said, cases[i].there);
	}
}

static void messages_in_a_row(void)
{
	static const uint16_t types[] = { 16, 17, 18 };
	struct words w = { .len = 0 };
	const struct nlmsghdr *h = (const void *)w.b;
	unsigned n = 0;
	int left;

	for (unsigned i = 0; i < 3; i++) {	/* of 1, 2 and 3 bytes */
		size_t at = w_message(&w, types[i], 0, 7, 9);

		w_bytes(&w, "abc", i + 1);
		w_finish(&w, at);
		w_pad(&w);
	}
	left = (int)w.len;
	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left), n++) {
		check(h->nlmsg_type == types[n] && h->nlmsg_seq == 7 && h->nlmsg_pid == 9);
		check(mnl_nlmsg_get_payload_len(h) == n + 1);
		check(!memcmp(mnl_nlmsg_get_payload(h), "abc", n + 1));
	}
	check(n == 3 && left == 0);
}

/* --- attributes -------------------------------------------------------------------- */

static void lengths_of_attributes(void)
{
	static const struct { uint16_t said; int there; bool good; } cases[] = {
		{ 4, 4, true },  { 5, 8, true },  { 8, 8, true },   { 5, 5, true },
		{ 3, 8, false }, { 0, 8, false }, { 9, 8, false },  { 4, 3, false },
		{ 4, 0, false }, { 4, -3, false }, { 0xffff, 8, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nlattr a = { .nla_len = cases[i].said };

		if (!check(mnl_attr_ok(&a, cases[i].there) == cases[i].good))
			printf("  said %u, there %d\n", cases[i].said, cases[i].there);
	}
}

static void attributes_in_a_row(void)
{
	struct words w = { .len = 0 };
	const struct nlattr *a = (const void *)w.b;

	w_attr(&w, 1, "", 0);
	w_attr(&w, 2 | NLA_F_NESTED, "x", 1);
	w_attr(&w, 0x3fff | NLA_F_NET_BYTEORDER, "12345", 5);
	check(mnl_attr_get_type(a) == 1 && mnl_attr_get_payload_len(a) == 0);
	a = mnl_attr_next(a);
	check(mnl_attr_get_type(a) == 2 && mnl_attr_get_payload_len(a) == 1);
	check(*(const char *)mnl_attr_get_payload(a) == 'x');
	a = mnl_attr_next(a);
	check(mnl_attr_get_type(a) == 0x3fff && mnl_attr_get_payload_len(a) == 5);
	check(!memcmp(mnl_attr_get_payload(a), "12345", 5));
	a = mnl_attr_next(a);
	check((const uint8_t *)a == w.b + w.len);
	check(!mnl_attr_ok(a, 0));
}

/* --- putting together ---------------------------------------------------------------- */

static void put_like_by_hand(void)
{
	const struct ifinfomsg own = { .ifi_family = AF_UNSPEC, .ifi_index = 0x01020304 };
	_Alignas(8) uint8_t room[256];
	struct nlmsghdr *h;
	struct nlattr *nest;
	struct words w = { .len = 0 };
	size_t at = w_message(&w, RTM_NEWLINK, 0, 0, 0), inside;

	w_bytes(&w, &own, sizeof(own));
	w_attr(&w, IFLA_IFNAME, "eth0", 5);
	inside = w_nest(&w, IFLA_LINKINFO | NLA_F_NESTED);
	w_attr(&w, IFLA_INFO_KIND, "vlan", 4);
	w_end(&w, inside);
	w_attr(&w, IFLA_LINK_NETNSID, "", 0);
	w_finish(&w, at);

	memset(room, 0, sizeof(room));		/* libmnl before 1.0.5 leaves padding as it is */
	h = mnl_nlmsg_put_header(room);
	check(h->nlmsg_len == 16 && h->nlmsg_type == 0 && h->nlmsg_pid == 0);
	h->nlmsg_type = RTM_NEWLINK;
	memcpy(mnl_nlmsg_put_extra_header(h, sizeof(own)), &own, sizeof(own));
	check(mnl_attr_put_check(h, sizeof(room), IFLA_IFNAME, 5, "eth0"));
	nest = mnl_attr_nest_start_check(h, sizeof(room), IFLA_LINKINFO);
	check(mnl_attr_put_check(h, sizeof(room), IFLA_INFO_KIND, 4, "vlan"));
	mnl_attr_nest_end(h, nest);
	check(mnl_attr_put_check(h, sizeof(room), IFLA_LINK_NETNSID, 0, ""));
	check(h->nlmsg_len == w.len && !memcmp(room, w.b, w.len));
}

/* Of each size of room: either it fits and is there, or nothing has changed. */
static void room_is_kept(void)
{
	for (size_t size = 16; size <= 16 + 12; size++) {
		uint8_t *room = guarded_room((size + 7) & ~(size_t)7);
		struct nlmsghdr *h = mnl_nlmsg_put_header(room);
		bool fits = size >= 16 + 4 + 8;

		check(mnl_attr_put_check(h, size, 1, 5, "12345") == fits);
		check(h->nlmsg_len == (fits ? 28u : 16u));
		if (!fits) {
			fits = size >= 16 + 4;
			check(!!mnl_attr_nest_start_check(h, size, 1) == fits);
			check(h->nlmsg_len == (fits ? 20u : 16u));
		}
	}
}

/* --- sockets ---------------------------------------------------------------------------- */

static void a_request_is_answered(void)
{
	_Alignas(8) uint8_t room[8192];
	const struct ifinfomsg own = { .ifi_index = 1 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(room);
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ssize_t len;

	if (!check(s))
		return;
	check(mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) == 0);
	check(mnl_socket_get_fd(s) >= 0 && mnl_socket_get_portid(s) != 0);
	check(mnl_socket_recvfrom(s, room, sizeof(room)) == -1 && errno == EAGAIN);
	h->nlmsg_type = RTM_GETLINK;
	h->nlmsg_flags = NLM_F_REQUEST;
	h->nlmsg_seq = 0x01020304;
	memcpy(mnl_nlmsg_put_extra_header(h, sizeof(own)), &own, sizeof(own));
	check(mnl_socket_sendto(s, h, h->nlmsg_len) == 32);
	len = mnl_socket_recvfrom(s, room, sizeof(room));
	check(len > 32 && mnl_nlmsg_ok(h, (int)len));
	check(h->nlmsg_type == RTM_NEWLINK && h->nlmsg_seq == 0x01020304);
	check(h->nlmsg_pid == mnl_socket_get_portid(s));
	check(mnl_socket_close(s) == 0);
}

static void a_cut_answer_is_an_error(void)
{
	_Alignas(8) uint8_t room[64];
	const struct ifinfomsg own = { .ifi_index = 1 };
	struct nlmsghdr *h = mnl_nlmsg_put_header(room);
	struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (!check(s) || !check(mnl_socket_bind(s, 0, MNL_SOCKET_AUTOPID) == 0))
		return;
	h->nlmsg_type = RTM_GETLINK;
	h->nlmsg_flags = NLM_F_REQUEST;
	memcpy(mnl_nlmsg_put_extra_header(h, sizeof(own)), &own, sizeof(own));
	check(mnl_socket_sendto(s, h, h->nlmsg_len) == 32);
	check(mnl_socket_recvfrom(s, room, sizeof(room)) == -1 && errno == ENOSPC);
	mnl_socket_close(s);
}

static void a_bus_that_is_not_there(void)
{
	check(mnl_socket_open2(31, SOCK_CLOEXEC) == NULL && errno == EPROTONOSUPPORT);
}

TESTS({ "a message is good when its length is there",       lengths_of_messages },
      { "messages are walked to the last one",              messages_in_a_row },
      { "an attribute is good when its length is there",    lengths_of_attributes },
      { "attributes are walked, without flags and padding", attributes_in_a_row },
      { "a request has the bytes that one writes by hand",  put_like_by_hand },
      { "a request never grows beyond its room",            room_is_kept },
      { "the kernel answers a request",                     a_request_is_answered },
      { "an answer that does not fit is an error",          a_cut_answer_is_an_error },
      { "a bus that the kernel has not is an error",        a_bus_that_is_not_there })
