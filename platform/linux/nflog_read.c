// SPDX-License-Identifier: Apache-2.0
/*
 * Packets of nfnetlink_log. In front of the ingress hook the link header was taken off, and stands
 * beside the packet (L2HDR); at the egress hook the packet begins with it. A device without link
 * header has none in either. Of VLAN tags the outermost stands beside the packet as well, where the
 * kernel took it off.
 */
#include "platform/linux/nflog_read.h"

#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>

#include "platform/linux/nl_attr.h"

#define PACKET_MESSAGE (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET)
#define PROTO_NETDEV   5		/* NFPROTO_NETDEV */
#define HOOK_INGRESS   0		/* NF_NETDEV_INGRESS and _EGRESS: older headers lack one */
#define HOOK_EGRESS    1
#define NO_NUMBER      UINT64_MAX
#define CLOCK_APART_NS (5 * NM_NS_PER_S)

struct logged {
	uint64_t number;
	uint32_t mark, in_if, out_if;
	uint16_t tag, tag_proto;
	struct buf head, link, payload, time, prefix;
};

/* Older headers lack these. */
enum { ATTR_VLAN = 20, ATTR_L2HDR = 21, VLAN_PROTO = 1, VLAN_TCI = 2 };

static const struct nl_attr vlan_attrs[] = {
	NL_ATTR(VLAN_PROTO, NL_NET, struct logged, tag_proto),
	NL_ATTR(VLAN_TCI,   NL_NET, struct logged, tag),
	{ 0 }
};

static const struct nl_attr logged_attrs[] = {
	NL_ATTR(NFULA_PACKET_HDR,      NL_BYTES, struct logged, head),
	NL_ATTR(NFULA_PREFIX,          NL_BYTES, struct logged, prefix),
	NL_ATTR(NFULA_IFINDEX_INDEV,   NL_NET,   struct logged, in_if),
	NL_ATTR(NFULA_IFINDEX_OUTDEV,  NL_NET,   struct logged, out_if),
	NL_ATTR(NFULA_MARK,            NL_NET,   struct logged, mark),
	NL_SKIPPED(NFULA_HWADDR),
	NL_SKIPPED(NFULA_HWTYPE),
	NL_SKIPPED(NFULA_HWLEN),
	NL_SKIPPED(NFULA_HWHEADER),
	NL_ATTR(NFULA_TIMESTAMP,       NL_BYTES, struct logged, time),
	NL_SKIPPED(NFULA_UID),
	NL_SKIPPED(NFULA_GID),
	NL_ATTR(NFULA_SEQ,             NL_NET,   struct logged, number),
	NL_NESTED(ATTR_VLAN, vlan_attrs),
	NL_ATTR(ATTR_L2HDR,            NL_BYTES, struct logged, link),
	NL_ATTR(NFULA_PAYLOAD,         NL_BYTES, struct logged, payload),
	{ 0 }
};

/* 0: the rule is none of ours. */
static uint32_t rate_of(struct buf prefix)
{
	struct buf fixed = buf_take(&prefix, sizeof(NFLOG_PREFIX) - 1);
	uint64_t rate = 0;

	if (fixed.bad || memcmp(fixed.p, NFLOG_PREFIX, buf_left(&fixed)))
		return 0;
	for (; prefix.p < prefix.end && *prefix.p; prefix.p++) {
		if (*prefix.p < '0' || *prefix.p > '9' || rate > UINT32_MAX)
			return 0;
		rate = rate * 10 + (uint64_t)(*prefix.p - '0');
	}
	return rate <= UINT32_MAX ? (uint32_t)rate : 0;
}

/*
 * Until our clock is known ours is a guess; then the kernel's is another one. At the egress hook
 * some kernels tell when the packet is due, by a clock of their own.
 */
static nm_time seen(struct buf time, nm_time now)
{
	uint64_t s = buf_u64(&time), us = buf_u64(&time);
	nm_time then = { 0 };

	if (time.bad || s > INT64_MAX / NM_NS_PER_S - 1 || us >= 1000000)
		return then;
	then = time_plus(time_of_s((int64_t)s), (int64_t)us * NM_NS_PER_US);
	if (time_since(now, then) > CLOCK_APART_NS || time_since(then, now) > CLOCK_APART_NS)
		then.ns = 0;
	return time_since(then, now) > 0 ? now : then;	/* it came while we read */
}

/* The frame as it was on the device: the kernel's own copy where it is in one piece. */
static struct buf frame(struct nflog *n, const struct logged *l, bool ingress)
{
	size_t link = buf_left(&l->link), rest = buf_left(&l->payload);

	if (!ingress || !link || !rest)
		return l->payload;
	if (rest > sizeof(n->frame) - link)
		rest = sizeof(n->frame) - link;
	memcpy(n->frame, l->link.p, link);
	memcpy(n->frame + link, l->payload.p, rest);
	return buf_of(n->frame, link + rest);
}

/* Numbers count from 0 when the group was bound. One that runs backwards tells nothing. */
static void note_number(struct nflog *n, uint32_t number)
{
	uint32_t gap = number - n->next;
	uint64_t told;

	n->next = number + 1;
	if (gap > INT32_MAX)
		return;
	told = gap < n->owed ? gap : n->owed;
	n->owed -= told;
	n->losses.missing += gap - told;
}

void nflog_dropped(struct nflog *n, uint64_t drops)
{
	n->owed += drops - n->drops;
	n->losses.dropped += drops - n->drops;
	n->drops = drops;
}

static bool fill(struct nflog *n, struct logged *l, nm_time now, struct sample *s)
{
	uint16_t proto = buf_u16(&l->head);
	uint8_t hook = buf_u8(&l->head);
	bool ingress = hook == HOOK_INGRESS;

	*s = (struct sample){
		.seen = ingress ? seen(l->time, now) : (nm_time){ 0 },
		.at_if = ingress ? l->in_if : l->out_if,
		.in_if = l->in_if, .out_if = l->out_if,
		.rate = rate_of(l->prefix), .mark = l->mark,
		.etype = buf_left(&l->link) ? 0 : proto,
		.tagged = l->tag_proto, .vlan = l->tag,
		.direction = ingress ? DIRECTION_INGRESS : DIRECTION_EGRESS,
		.source = FLOW_NFLOG,
	};
	if (l->head.bad || hook > HOOK_EGRESS || !s->rate || !s->at_if ||
	    buf_left(&l->link) > NFLOG_LINK)
		return false;
	s->bytes = frame(n, l, ingress);
	return true;
}

static bool read_packet(struct nflog *n, const struct nlmsghdr *h, nm_time now, struct sample *s)
{
	struct logged l = { .number = NO_NUMBER };
	struct nfgenmsg own;
	bool good = nl_message_attrs(logged_attrs, h, sizeof(own), &l);

	if (l.number <= UINT32_MAX)
		note_number(n, (uint32_t)l.number);
	if (!good)
		return false;
	memcpy(&own, mnl_nlmsg_get_payload(h), sizeof(own));
	return own.nfgen_family == PROTO_NETDEV && fill(n, &l, now, s);
}

unsigned nflog_read(struct nflog *n, const void *datagram, size_t len, nm_time now,
		    sample_fn *got, void *ctx)
{
	const struct nlmsghdr *h = datagram;
	int left = len <= INT32_MAX ? (int)len : 0;
	unsigned samples = 0;
	struct sample s;

	for (; nl_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_type < NLMSG_MIN_TYPE)
			continue;	/* the end of several, or an answer that came too late */
		if (h->nlmsg_type != PACKET_MESSAGE || !read_packet(n, h, now, &s)) {
			n->losses.bad++;
			continue;
		}
		got(ctx, &s);
		samples++;
	}
	n->losses.bad += left > 0;
	return samples;
}
