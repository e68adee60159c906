// SPDX-License-Identifier: Apache-2.0
/*
 * The interfaces of this machine and where its packets go, by rtnetlink.
 *
 * Three sockets. One asks. One hears of interfaces, addresses and rules, which are rare. The third
 * hears of routes, which on a router with a full table of the Internet change a thousand times a
 * second: all that matters is whether anything has changed, so its buffer is as small as the
 * kernel allows, what does not fit in is no loss, and it wakes nobody.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/linux/nl.h"
#include "platform/linux/nl_attr.h"
#include "platform/linux/rtnl.h"
#include "platform/linux/speed.h"
#include "platform/linux/why.h"

#define NEWS_ROOM  (1024 * 1024)	/* bytes of news of interfaces, if we may */
#define NEWS_BURST 64			/* datagrams of them in one drain */
#define DISCARD_MOST 10000		/* datagrams; no buffer holds as many */

#ifndef RTM_F_FIB_MATCH			/* since Linux 4.13 */
#define RTM_F_FIB_MATCH 0x2000
#endif

struct netdevs {
	struct nl ask, news, routes;
	struct speeds speeds;
};

/* --- opening ---------------------------------------------------------------------- */

static enum nm_err join_all(struct netdevs *n, char why[NM_WHY])
{
	static const uint8_t rare[] = {
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_RULE,
		RTNLGRP_IPV6_RULE,
	};
	enum nm_err err = NM_OK;

	for (size_t i = 0; !err && i < sizeof(rare); i++)
		err = nl_join(&n->news, rare[i], why);
	if (!err)
		err = nl_join(&n->routes, RTNLGRP_IPV4_ROUTE, why);
	if (!err)
		err = nl_join(&n->routes, RTNLGRP_IPV6_ROUTE, why);
	return err;
}

struct netdevs *netdevs_open(char why[NM_WHY])
{
	struct netdevs *n = calloc(1, sizeof(*n));

	if (!n) {
		why_errno(why, "rtnetlink");
		return NULL;
	}
	if (nl_open(&n->ask, NETLINK_ROUTE, 0, why) || nl_open(&n->news, NETLINK_ROUTE, 0, why) ||
	    nl_open(&n->routes, NETLINK_ROUTE, 0, why) || join_all(n, why)) {
		netdevs_close(n);
		return NULL;
	}
	nl_buffer(nl_fd(&n->news), NEWS_ROOM);
	nl_buffer(nl_fd(&n->routes), 0);
	return n;
}

int netdevs_fd(const struct netdevs *n)
{
	return nl_fd(&n->news);
}

void netdevs_close(struct netdevs *n)
{
	nl_close(&n->ask);
	nl_close(&n->news);
	nl_close(&n->routes);
	free(n);
}

/* --- interfaces --------------------------------------------------------------------- */

struct telling {
	struct netdevs *n;
	netdev_fn *told;
	void *ctx;
	bool routes_changed;
};

static void tell(void *ctx, const struct nlmsghdr *h)
{
	struct telling *t = ctx;
	struct interface i;
	enum rtnl_news news = rtnl_read(h, &i);

	t->routes_changed |= news != RTNL_OTHER;
	if (news == RTNL_LINK_GONE) {
		speed_forget(&t->n->speeds, i.index);
		t->told(t->ctx, &i, true);
	} else if (news == RTNL_LINK) {
		i.speed = speed_of(&t->n->speeds, nl_fd(&t->n->ask), &i);
		i.counted = clock_mono();
		t->told(t->ctx, &i, false);
	}
}

/* Take all that waits and read none of it: was there anything? */
static bool discard(struct nl *nl)
{
	bool any = false;

	for (int i = 0; i < DISCARD_MOST; i++) {
		if (!nl_receive(nl_fd(nl), nl->answer, sizeof(nl->answer), &any))
			break;
		any = true;
	}
	return any;
}

/* The kernel reports a loss before what it had queued until then, which is old by now. */
bool netdevs_drain(struct netdevs *n, netdev_fn *told, bool *routes_changed, void *ctx)
{
	struct telling t = { n, told, ctx, false };
	bool lost = false;
	int len;

	for (int i = 0; i < NEWS_BURST && !lost; i++) {
		const struct nlmsghdr *h = (const void *)n->news.answer;

		len = nl_receive(nl_fd(&n->news), n->news.answer, sizeof(n->news.answer), &lost);
		if (!len)
			break;
		for (; !lost && nl_ok(h, len); h = mnl_nlmsg_next(h, &len))
			tell(&t, h);
	}
	if (lost)
		discard(&n->news);
	if (discard(&n->routes) || lost || t.routes_changed)
		*routes_changed = true;
	return !lost;
}

enum nm_err netdevs_all(struct netdevs *n, netdev_fn *told, void *ctx)
{
	const struct ifinfomsg own = { .ifi_family = AF_UNSPEC };
	struct telling t = { n, told, ctx, false };
	char why[NM_WHY];
	enum nm_err err;

	nl_begin(&n->ask, RTM_GETLINK, NLM_F_DUMP, &own, sizeof(own));
	err = nl_ask(&n->ask, tell, &t, "interfaces cannot be read", why);
	if (err)
		log_line(CONF_LOG_WARN, "%s", why);
	return err;
}

/* --- routes -------------------------------------------------------------------------- */

static void take_route(void *ctx, const struct nlmsghdr *h)
{
	struct rtnl_route *r = ctx;

	rtnl_route(h, r);
}

/* Refusals are answers: what there is no route to, and what routes of these types refuse. */
static bool is_none(int error)
{
	return error == ENETUNREACH || error == EHOSTUNREACH || error == EACCES || error == EINVAL;
}

static struct rtnl_route ask_route(struct netdevs *n, uint32_t vrf, const struct addr *dst,
				   uint32_t flags)
{
	const bool v4 = addr_is_v4(dst);
	const struct rtmsg own = {
		.rtm_family = v4 ? AF_INET : AF_INET6, .rtm_dst_len = v4 ? 32 : 128,
		.rtm_flags = RTM_F_LOOKUP_TABLE | flags,
	};
	struct rtnl_route r = { .route.kind = ROUTE_UNKNOWN };
	char why[NM_WHY];

	nl_begin(&n->ask, RTM_GETROUTE, 0, &own, sizeof(own));
	nl_bytes(&n->ask, RTA_DST, v4 ? dst->b + 12 : dst->b, v4 ? 4 : 16);
	if (vrf)
		nl_u32(&n->ask, RTA_OIF, vrf);
	if (nl_ask(&n->ask, take_route, &r, "route", why) && is_none(n->ask.error))
		r.route.kind = ROUTE_NONE;
	return r;
}

/* What an address says by itself: groups, and what never leaves its link. */
static enum route_kind kind_of(const struct addr *dst)
{
	static const uint8_t ones[4] = { 255, 255, 255, 255 };

	if (addr_is_v4(dst)) {
		if (!memcmp(dst->b + 12, ones, sizeof(ones)))
			return ROUTE_LOCAL;
		return dst->b[12] >> 4 == 14 ? ROUTE_MULTICAST : ROUTE_UNKNOWN;
	}
	if (dst->b[0] == 0xff)
		return ROUTE_MULTICAST;
	return dst->b[0] == 0xfe && dst->b[1] >> 6 == 2 ? ROUTE_LOCAL : ROUTE_UNKNOWN;
}

/*
 * The route that matches tells its prefix, but not which of several ways is taken; then the second
 * question is where a packet would go.
 */
struct route netdevs_route(struct netdevs *n, uint32_t vrf, const struct addr *dst)
{
	struct rtnl_route r = { .route.kind = (uint8_t)kind_of(dst) };
	uint8_t prefix;

	if (r.route.kind != ROUTE_UNKNOWN || addr_is_absent(dst))
		return r.route;
	r = ask_route(n, vrf, dst, RTM_F_FIB_MATCH);
	if (!r.is_choice)
		return r.route;
	prefix = r.route.prefix;
	r = ask_route(n, vrf, dst, 0);
	r.route.prefix = prefix;
	return r.route;
}
