/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rtnetlink tells of interfaces and routes, as values of core/. It sees messages only and
 * needs no socket. Headers and attributes: linux/rtnetlink.h, linux/if_link.h.
 */
#ifndef NM_LINUX_RTNL_H
#define NM_LINUX_RTNL_H

#include <linux/netlink.h>

#include "core/interface.h"
#include "core/route.h"

enum rtnl_news {
	RTNL_OTHER,			/* nothing of these, or not whole */
	RTNL_LINK,			/* an interface, as it is now */
	RTNL_LINK_GONE,			/* only its index was told */
	RTNL_ROUTING,			/* an address, a route or a rule */
};

/*
 * What a message is about. An interface has everything but `speed` and `counted`, which the kernel
 * does not tell; an alias is cut to what there is room for.
 */
enum rtnl_news rtnl_read(const struct nlmsghdr *h, struct interface *i);

/* How a route came, to tell the one that matched from one of many ways. */
struct rtnl_route {
	struct route route;
	bool is_matched;		/* `prefix` is the matched route's */
	bool is_choice;			/* it has several ways, and the message does not choose */
};

/* The answer to RTM_GETROUTE; false when it is none. */
bool rtnl_route(const struct nlmsghdr *h, struct rtnl_route *r);

#endif
