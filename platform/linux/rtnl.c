// SPDX-License-Identifier: Apache-2.0
/* Messages of rtnetlink, by tables of attributes. */
#include "platform/linux/rtnl.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

#include "core/text.h"
#include "platform/linux/nl_attr.h"

/* --- interfaces ------------------------------------------------------------------ */

struct link {
	struct interface i;
	uint32_t below;			/* IFLA_LINK */
	uint32_t vlan;
	bool is_far;			/* `below` is a number of another network namespace */
	struct buf alias, address, stats, of_kind;
};

static const struct nl_attr kind_attrs[] = {
	NL_ATTR(IFLA_INFO_KIND,       NL_TEXT,   struct link, i.kind),
	NL_ATTR(IFLA_INFO_SLAVE_KIND, NL_TEXT,   struct link, i.master_kind),
	NL_ATTR(IFLA_INFO_DATA,       NL_BYTES,  struct link, of_kind),
	{ 0 }
};

static const struct nl_attr link_attrs[] = {
	NL_ATTR(IFLA_IFNAME,          NL_TEXT,   struct link, i.name),
	NL_ATTR(IFLA_MTU,             NL_NUMBER, struct link, i.mtu),
	NL_ATTR(IFLA_MASTER,          NL_NUMBER, struct link, i.master),
	NL_ATTR(IFLA_OPERSTATE,       NL_NUMBER, struct link, i.oper),
	NL_ATTR(IFLA_LINK,            NL_NUMBER, struct link, below),
	NL_ATTR(IFLA_LINK_NETNSID,    NL_FLAG,   struct link, is_far),
	NL_ATTR(IFLA_IFALIAS,         NL_BYTES,  struct link, alias),
	NL_ATTR(IFLA_ADDRESS,         NL_BYTES,  struct link, address),
	NL_ATTR(IFLA_STATS64,         NL_BYTES,  struct link, stats),
	NL_NESTED(IFLA_LINKINFO, kind_attrs),
	{ 0 }
};

static const struct nl_attr vlan_attrs[] = {
	NL_ATTR(IFLA_VLAN_ID,         NL_NUMBER, struct link, vlan),
	{ 0 }
};

/* Kinds whose IFLA_LINK is the other end of the pair, and not a device below. */
static const char *const pairs[] = { "veth", "netkit", "vxcan" };

static bool is_pair(const char *kind)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!strcmp(kind, pairs[i]))
			return true;
	return false;
}

/*
 * Newer kernels have a longer structure, older ones a shorter. Frames that found no buffer in the
 * device (rx_missed_errors) are lost as well, and stand apart from rx_dropped since Linux 4.6.
 */
static void read_counters(struct link *l)
{
	struct rtnl_link_stats64 s = { 0 };
	size_t len = buf_left(&l->stats);

	if (!len)
		return;
	memcpy(&s, l->stats.p, len < sizeof(s) ? len : sizeof(s));
	l->i.in = (struct interface_counters){
		s.rx_bytes, s.rx_packets, s.rx_errors, s.rx_dropped + s.rx_missed_errors,
	};
	l->i.out = (struct interface_counters){
		s.tx_bytes, s.tx_packets, s.tx_errors, s.tx_dropped,
	};
}

static void finish(struct link *l)
{
	struct text alias = { l->alias.p, (uint16_t)buf_left(&l->alias) };

	if (l->alias.p)
		text_print(alias, l->i.alias, sizeof(l->i.alias) - 1);
	if (buf_left(&l->address) == 6)
		l->i.mac = be48(l->address.p);
	if (!l->is_far && l->below != l->i.index && !is_pair(l->i.kind))
		l->i.parent = l->below;
	if (l->of_kind.p && !strcmp(l->i.kind, "vlan") &&
	    nl_attrs(vlan_attrs, l->of_kind.p, buf_left(&l->of_kind), l))
		l->i.vlan = l->vlan & 0xfff;
	read_counters(l);
}

/*
 * Bridges tell of their ports by the same messages, of another family: one of them leaving its
 * bridge looks like an end. Radios tell what they scanned by a message that has a name and
 * nothing else.
 */
static enum rtnl_news read_link(const struct nlmsghdr *h, struct interface *i)
{
	struct ifinfomsg own;
	struct link l = { .i.index = 0 };

	if (mnl_nlmsg_get_payload_len(h) < sizeof(own))
		return RTNL_OTHER;
	memcpy(&own, mnl_nlmsg_get_payload(h), sizeof(own));
	if (own.ifi_family != AF_UNSPEC || own.ifi_index <= 0)
		return RTNL_OTHER;
	l.i.index = (uint32_t)own.ifi_index;
	l.i.type = own.ifi_type;
	l.i.flags = own.ifi_flags;
	if (h->nlmsg_type == RTM_NEWLINK) {
		/* One that cannot be read is no reason to lose the interface. */
		(void)nl_message_attrs(link_attrs, h, sizeof(own), &l);
		if (!l.i.name[0] || !l.i.mtu)
			return RTNL_OTHER;
		finish(&l);
	}
	*i = l.i;
	return h->nlmsg_type == RTM_NEWLINK ? RTNL_LINK : RTNL_LINK_GONE;
}

enum rtnl_news rtnl_read(const struct nlmsghdr *h, struct interface *i)
{
	switch (h->nlmsg_type) {
	case RTM_NEWLINK: case RTM_DELLINK:
		return read_link(h, i);
	case RTM_NEWADDR: case RTM_DELADDR: case RTM_NEWROUTE: case RTM_DELROUTE:
	case RTM_NEWRULE: case RTM_DELRULE:
		return RTNL_ROUTING;
	default:
		return RTNL_OTHER;
	}
}

/* --- routes ----------------------------------------------------------------------- */

struct way {
	uint32_t out_if;
	struct buf gateway, via;
};

static const struct nl_attr route_attrs[] = {
	NL_ATTR(RTA_OIF,     NL_NUMBER, struct way, out_if),
	NL_ATTR(RTA_GATEWAY, NL_BYTES,  struct way, gateway),
	NL_ATTR(RTA_VIA,     NL_BYTES,  struct way, via),	/* another family's gateway */
	{ 0 }
};

static const uint8_t kinds[] = {
	[RTN_UNICAST] = ROUTE_FORWARD,   [RTN_LOCAL] = ROUTE_LOCAL,
	[RTN_BROADCAST] = ROUTE_LOCAL,   [RTN_ANYCAST] = ROUTE_LOCAL,
	[RTN_MULTICAST] = ROUTE_MULTICAST, [RTN_BLACKHOLE] = ROUTE_NONE,
	[RTN_UNREACHABLE] = ROUTE_NONE,  [RTN_PROHIBIT] = ROUTE_NONE,
};

/* Absent when it is not as long as addresses are. */
static struct addr address_of(struct buf b)
{
	struct addr a = { { 0 } };

	if (buf_left(&b) == 4)
		return addr_v4(b.p);
	if (buf_left(&b) == sizeof(a.b))
		memcpy(a.b, b.p, sizeof(a.b));
	return a;
}

static struct addr next_hop_of(const struct way *w)
{
	struct buf via = w->via;

	if (w->gateway.p)
		return address_of(w->gateway);
	buf_skip(&via, 2);		/* its family, which its length tells as well */
	return address_of(via);
}

bool rtnl_route(const struct nlmsghdr *h, struct rtnl_route *r)
{
	struct rtmsg own;
	struct way w = { 0 };

	*r = (struct rtnl_route){ .route.kind = ROUTE_UNKNOWN };
	if (h->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(h) < sizeof(own) ||
	    !nl_message_attrs(route_attrs, h, sizeof(own), &w))
		return false;
	memcpy(&own, mnl_nlmsg_get_payload(h), sizeof(own));
	if (own.rtm_type < sizeof(kinds))
		r->route.kind = kinds[own.rtm_type];
	if (r->route.kind == ROUTE_FORWARD) {
		r->is_choice = !w.out_if;
		r->route.out_if = w.out_if;
		r->route.next_hop = next_hop_of(&w);
	}
	/* What was made for this destination alone is no route of a table. */
	r->is_matched = !(own.rtm_flags & RTM_F_CLONED);
	if (r->is_matched && own.rtm_dst_len <= 128)
		r->route.prefix = own.rtm_dst_len;
	return true;
}
