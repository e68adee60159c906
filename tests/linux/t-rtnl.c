// SPDX-License-Identifier: Apache-2.0
/* Messages of rtnetlink, written by hand, and what is read from them. */
#define _GNU_SOURCE
#include "platform/linux/rtnl.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/linux/words.h"
#include "tests/test.h"

/* --- interfaces --------------------------------------------------------------------- */

static size_t link_message(struct words *w, uint16_t type, uint8_t family, int32_t index)
{
	const struct ifinfomsg own = {
		.ifi_family = family, .ifi_type = ARPHRD_ETHER, .ifi_index = index,
		.ifi_flags = IFF_UP | IFF_RUNNING,
	};
	size_t at = w_message(w, type, 0, 0, 0);

	w_bytes(w, &own, sizeof(own));
	return at;
}

/* What every device has. */
static size_t named(struct words *w, int32_t index, const char *name)
{
	size_t at = link_message(w, RTM_NEWLINK, AF_UNSPEC, index);

	w_attr(w, IFLA_IFNAME, name, (uint16_t)(strlen(name) + 1));
	w_attr32(w, IFLA_MTU, 1500);
	return at;
}

static void kinds(struct words *w, const char *kind, const char *of_master, int vlan)
{
	size_t info = w_nest(w, IFLA_LINKINFO | NLA_F_NESTED), data;
	uint16_t id = (uint16_t)vlan;

	if (*kind)
		w_attr(w, IFLA_INFO_KIND, kind, (uint16_t)(strlen(kind) + 1));
	if (vlan) {
		data = w_nest(w, IFLA_INFO_DATA);
		w_attr(w, IFLA_VLAN_PROTOCOL, "\x81", 2);
		w_attr(w, IFLA_VLAN_ID, &id, sizeof(id));
		w_end(w, data);
	}
	if (*of_master)
		w_attr(w, IFLA_INFO_SLAVE_KIND, of_master, (uint16_t)(strlen(of_master) + 1));
	w_end(w, info);
}

static enum rtnl_news news_of(struct words *w, size_t at, struct interface *i)
{
	w_finish(w, at);
	memset(i, 0, sizeof(*i));
	return rtnl_read((const void *)w->b, i);
}

static void everything(void)
{
	const uint8_t oper = 6;
	struct words w = { .len = 0 };
	size_t at = named(&w, 7, "eth0.42");
	struct interface i;

	w_attr32(&w, IFLA_MASTER, 3);
	w_attr32(&w, IFLA_LINK, 2);
	w_attr(&w, IFLA_OPERSTATE, &oper, 1);
	w_attr(&w, IFLA_IFALIAS, "to the office", 13);	/* the kernel sends it without 0 */
	w_attr(&w, IFLA_ADDRESS, "\x02\x00\x5e\x10\x20\x30", 6);
	kinds(&w, "vlan", "bridge", 42);
	w_attr(&w, 0x3ffe, "of a later kernel", 17);
	check(news_of(&w, at, &i) == RTNL_LINK);
	check(i.index == 7 && i.master == 3 && i.parent == 2 && i.mtu == 1500 && i.vlan == 42);
	check(i.oper == 6 && i.type == ARPHRD_ETHER && i.flags == (IFF_UP | IFF_RUNNING));
	check(i.mac == 0x02005e102030 && i.speed == 0);
	check(!strcmp(i.name, "eth0.42") && !strcmp(i.alias, "to the office"));
	check(!strcmp(i.kind, "vlan") && !strcmp(i.master_kind, "bridge"));
}

/* rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped,
 * multicast, collisions, 4 kinds of rx errors, rx_fifo, rx_missed, then 7 of older and newer. */
static void counters(void)
{
	static const size_t words[] = { 23, 24, 25, 30, 8 };

	for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		struct words w = { .len = 0 }, stats = { .len = 0 };
		const uint64_t missed = words[n] > 15 ? 15000 : 0;
		struct interface i;
		size_t at = named(&w, 1, "eth0");

		for (uint64_t k = 0; k < words[n]; k++)
			w64(&stats, k == 2 ? 0x123456789abc : k * 1000);
		w_attr(&w, IFLA_STATS64, stats.b, (uint16_t)stats.len);
		check(news_of(&w, at, &i) == RTNL_LINK);
		check(i.in.packets == 0 && i.out.packets == 1000);
		check(i.in.bytes == 0x123456789abc && i.out.bytes == 3000);
		check(i.in.errors == 4000 && i.out.errors == 5000);
		check(i.in.drops == 6000 + missed && i.out.drops == 7000);
	}
}

static void parents(void)
{
	static const struct {
		const char *kind;
		uint32_t link;
		bool far;
		uint32_t parent;
	} cases[] = {
		{ "vlan", 2, false, 2 },    { "macvlan", 2, false, 2 }, { "macvlan", 2, true, 0 },
		{ "veth", 2, false, 0 },    { "veth", 2, true, 0 },     { "netkit", 2, false, 0 },
		{ "gre", 5, false, 0 },     { "", 5, false, 0 },
	};

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct words w = { .len = 0 };
		size_t at = named(&w, 5, "x");
		struct interface i;

		w_attr32(&w, IFLA_LINK, cases[c].link);
		if (cases[c].far)
			w_attr32(&w, IFLA_LINK_NETNSID, 0);
		kinds(&w, cases[c].kind, "", 0);
		check(news_of(&w, at, &i) == RTNL_LINK);
		if (!check(i.parent == cases[c].parent))
			printf("  %s, %u\n", cases[c].kind, (unsigned)i.parent);
	}
}

static void odd_texts(void)
{
	static const char sixty[] = "12345678901234567890123456789012345678901234567890123456789";
	struct words w = { .len = 0 };
	size_t at = named(&w, 5, "a-name-of-fifteen-and-more");
	char alias[100];
	struct interface i;

	/* The two bytes of the last character would be the 63rd and 64th. */
	snprintf(alias, sizeof(alias), "%s\x01\n\xff\xc3\xa9", sixty);
	w_attr(&w, IFLA_IFALIAS, alias, (uint16_t)strlen(alias));
	w_attr(&w, IFLA_ADDRESS, "\x0a\x00\x00\x01", 4);	/* of a tunnel: no MAC */
	check(news_of(&w, at, &i) == RTNL_LINK);
	check(!strcmp(i.name, "a-name-of-fifte") && i.mac == 0);
	check(!strncmp(i.alias, sixty, 59) && !strcmp(i.alias + 59, "???"));
}

static void only_of_vlans(void)
{
	struct words w = { .len = 0 };
	size_t at = named(&w, 5, "x");
	struct interface i;

	kinds(&w, "vxlan", "", 77);		/* the number means something else there */
	check(news_of(&w, at, &i) == RTNL_LINK && i.vlan == 0 && !strcmp(i.kind, "vxlan"));
}

static void ends(void)
{
	struct words w = { .len = 0 };
	size_t at = link_message(&w, RTM_DELLINK, AF_UNSPEC, 9);
	struct interface i;

	w_attr(&w, IFLA_IFNAME, "eth9", 5);
	check(news_of(&w, at, &i) == RTNL_LINK_GONE && i.index == 9);
}

static void not_about_the_device(void)
{
	struct words bridge = { .len = 0 }, radio = { .len = 0 }, none = { .len = 0 },
		     cut = { .len = 0 }, bad = { .len = 0 };
	struct interface i;
	size_t at = link_message(&bridge, RTM_DELLINK, AF_BRIDGE, 9);

	check(news_of(&bridge, at, &i) == RTNL_OTHER);
	at = link_message(&radio, RTM_NEWLINK, AF_UNSPEC, 9);
	w_attr(&radio, IFLA_IFNAME, "wlan0", 6);
	w_attr(&radio, IFLA_WIRELESS, "scanned", 7);
	check(news_of(&radio, at, &i) == RTNL_OTHER && i.index == 0);
	at = named(&none, 0, "x");
	check(news_of(&none, at, &i) == RTNL_OTHER);
	at = w_message(&cut, RTM_NEWLINK, 0, 0, 0);
	w32(&cut, 0);
	check(news_of(&cut, at, &i) == RTNL_OTHER);
	at = named(&bad, 5, "x");
	w_attr(&bad, IFLA_MASTER, "123", 3);
	check(news_of(&bad, at, &i) == RTNL_LINK && i.index == 5 && i.master == 0);
}

static void routing(void)
{
	static const struct { uint16_t type; enum rtnl_news news; } cases[] = {
		{ RTM_NEWADDR, RTNL_ROUTING },  { RTM_DELADDR, RTNL_ROUTING },
		{ RTM_NEWROUTE, RTNL_ROUTING }, { RTM_DELROUTE, RTNL_ROUTING },
		{ RTM_NEWRULE, RTNL_ROUTING },  { RTM_DELRULE, RTNL_ROUTING },
		{ RTM_NEWNEIGH, RTNL_OTHER },   { RTM_NEWQDISC, RTNL_OTHER },
		{ NLMSG_DONE, RTNL_OTHER },     { 0xffff, RTNL_OTHER },
	};

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct words w = { .len = 0 };
		struct interface i;
		size_t at = w_message(&w, cases[c].type, 0, 0, 0);

		check(news_of(&w, at, &i) == cases[c].news);
	}
}

/* --- routes ---------------------------------------------------------------------------- */

static size_t route_message(struct words *w, uint8_t family, uint8_t type, uint8_t bits,
			    uint32_t flags)
{
	const struct rtmsg own = {
		.rtm_family = family, .rtm_dst_len = bits, .rtm_table = RT_TABLE_MAIN,
		.rtm_type = type, .rtm_flags = flags,
	};
	size_t at = w_message(w, RTM_NEWROUTE, 0, 0, 0);

	w_bytes(w, &own, sizeof(own));
	return at;
}

static bool route_of(struct words *w, size_t at, struct rtnl_route *r)
{
	w_finish(w, at);
	return rtnl_route((const void *)w->b, r);
}

static bool is_text(const struct addr *a, const char *text)
{
	struct addr wanted;

	return !addr_parse(text, &wanted) && addr_same(a, &wanted);
}

static void ways(void)
{
	struct words four = { .len = 0 }, six = { .len = 0 }, via = { .len = 0 },
		     near = { .len = 0 };
	const uint16_t inet6 = AF_INET6;
	struct rtnl_route r;
	size_t at = route_message(&four, AF_INET, RTN_UNICAST, 16, 0);

	w_attr(&four, RTA_DST, "\x0a\x08\x00\x00", 4);
	w_attr(&four, RTA_GATEWAY, "\x0a\x01\x00\x02", 4);
	w_attr32(&four, RTA_OIF, 3);
	check(route_of(&four, at, &r) && r.route.kind == ROUTE_FORWARD && r.route.out_if == 3);
	check(is_text(&r.route.next_hop, "10.1.0.2") && r.route.prefix == 16);
	check(r.is_matched && !r.is_choice);

	at = route_message(&six, AF_INET6, RTN_UNICAST, 48, 0);
	w_attr32(&six, RTA_OIF, 4);
	w_attr(&six, RTA_GATEWAY, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02", 16);
	check(route_of(&six, at, &r) && r.route.out_if == 4 && r.route.prefix == 48);
	check(is_text(&r.route.next_hop, "2001:db8::2"));

	at = route_message(&via, AF_INET, RTN_UNICAST, 0, 0);
	w_attr32(&via, RTA_OIF, 4);
	w16(&via, 4 + 2 + 16);
	w16(&via, RTA_VIA);
	w_bytes(&via, &inet6, sizeof(inet6));
	w_bytes(&via, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x09", 16);
	w_pad(&via);
	check(route_of(&via, at, &r) && r.route.prefix == 0);
	check(is_text(&r.route.next_hop, "fe80::9"));

	at = route_message(&near, AF_INET, RTN_UNICAST, 24, 0);
	w_attr32(&near, RTA_OIF, 4);
	check(route_of(&near, at, &r) && addr_is_absent(&r.route.next_hop));
}

static void several_ways(void)
{
	struct words w = { .len = 0 }, one = { .len = 0 };
	struct rtnl_route r;
	size_t at = route_message(&w, AF_INET, RTN_UNICAST, 20, 0);

	w_attr(&w, RTA_MULTIPATH, "of no interest", 14);
	check(route_of(&w, at, &r) && r.is_choice && r.route.prefix == 20 && r.route.out_if == 0);
	at = route_message(&one, AF_INET, RTN_UNICAST, 32, RTM_F_CLONED);
	w_attr32(&one, RTA_OIF, 4);
	check(route_of(&one, at, &r) && !r.is_choice && !r.is_matched && r.route.prefix == 0);
}

static void types(void)
{
	static const struct { uint8_t type, kind; } cases[] = {
		{ RTN_UNSPEC, ROUTE_UNKNOWN },     { RTN_UNICAST, ROUTE_FORWARD },
		{ RTN_LOCAL, ROUTE_LOCAL },        { RTN_BROADCAST, ROUTE_LOCAL },
		{ RTN_ANYCAST, ROUTE_LOCAL },      { RTN_MULTICAST, ROUTE_MULTICAST },
		{ RTN_BLACKHOLE, ROUTE_NONE },     { RTN_UNREACHABLE, ROUTE_NONE },
		{ RTN_PROHIBIT, ROUTE_NONE },      { RTN_THROW, ROUTE_UNKNOWN },
		{ RTN_NAT, ROUTE_UNKNOWN },        { 255, ROUTE_UNKNOWN },
	};

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct words w = { .len = 0 };
		size_t at = route_message(&w, AF_INET, cases[c].type, 8, 0);
		struct rtnl_route r;

		w_attr32(&w, RTA_OIF, 6);
		check(route_of(&w, at, &r) && r.route.kind == cases[c].kind);
		check(r.route.out_if == (cases[c].kind == ROUTE_FORWARD ? 6u : 0));
	}
}

static void no_routes(void)
{
	struct words w = { .len = 0 }, cut = { .len = 0 }, long_one = { .len = 0 };
	struct rtnl_route r;
	size_t at = named(&w, 5, "x");

	check(!route_of(&w, at, &r) && r.route.kind == ROUTE_UNKNOWN);
	at = w_message(&cut, RTM_NEWROUTE, 0, 0, 0);
	w32(&cut, 0);
	check(!route_of(&cut, at, &r));
	at = route_message(&long_one, AF_INET6, RTN_UNICAST, 129, 0);
	w_attr32(&long_one, RTA_OIF, 6);
	w_attr(&long_one, RTA_GATEWAY, "12345", 5);
	check(route_of(&long_one, at, &r) && r.route.prefix == 0);
	check(addr_is_absent(&r.route.next_hop));
}

TESTS({ "an interface has all that is told of it",             everything },
      { "counters are read from structures of any kernel",     counters },
      { "the other end of a pair, or far away, is no parent",  parents },
      { "names and aliases are cut, aliases are printable",    odd_texts },
      { "a VLAN is read of VLAN devices only",                 only_of_vlans },
      { "the end of an interface tells its index",             ends },
      { "bridges' ports, scans and cut messages are others",   not_about_the_device },
      { "addresses, routes and rules are about routing",       routing },
      { "a route has its way, next hop and prefix",            ways },
      { "a route of several ways is no decision",              several_ways },
      { "types of routes become kinds",                        types },
      { "what is no route, or too long, is left out",          no_routes })
