// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as the kernel's answer to what is asked of rtnetlink: interfaces, routes, hooks and
 * filters of tc. nl.c is compiled in, with a socket from which these bytes come. Whatever they are,
 * asking ends, an interface has a number, a name and texts that end, a route that leads somewhere
 * has an interface, and the same bytes mean the same twice.
 *
 * The first byte's low bit says what the rest is: messages as they are, or (1) a list of steps
 * that becomes messages of this machine's byte order, so that seeds mean the same everywhere
 * (record-netlink.py makes them of what a kernel said). The other bits say what was asked for.
 * tests/fuzz/run.py runs it.
 */
#include "core/buf.h"

/* The socket's functions, under names of our own; what they are is told by libmnl's header. */
#define mnl_socket_open2      fed_open2
#define mnl_socket_bind       fed_bind
#define mnl_socket_close      fed_close
#define mnl_socket_get_fd     fed_get_fd
#define mnl_socket_get_portid fed_get_portid
#define mnl_socket_sendto     fed_sendto
#define mnl_socket_recvfrom   fed_recvfrom
#define mnl_socket_setsockopt fed_setsockopt
#include "platform/linux/nl.c"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "platform/linux/rtnl.h"
#include "platform/linux/tc_private.h"
#include "tests/linux/words.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define PORT      4711
#define ROOM      512			/* for one step */
#define DATAGRAMS 8
#define DEEP      4

/* --- a socket ---------------------------------------------------------------------- */

struct mnl_socket { int unused; };

static struct {
	struct words w;
	size_t ends[DATAGRAMS];
	unsigned count, next;
	unsigned asked;
} feed;

struct mnl_socket *fed_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	return NULL;
}

int fed_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	(void)s;
	(void)groups;
	(void)pid;
	return 0;
}

int fed_close(struct mnl_socket *s)
{
	(void)s;
	return 0;
}

int fed_get_fd(const struct mnl_socket *s)
{
	(void)s;
	return -1;
}

unsigned int fed_get_portid(const struct mnl_socket *s)
{
	(void)s;
	return PORT;
}

ssize_t fed_sendto(const struct mnl_socket *s, const void *bytes, size_t len)
{
	(void)s;
	(void)bytes;
	must(++feed.asked <= 16);
	return (ssize_t)len;
}

ssize_t fed_recvfrom(const struct mnl_socket *s, void *at, size_t size)
{
	size_t from = feed.next ? feed.ends[feed.next - 1] : 0, len;

	(void)s;
	errno = EAGAIN;
	if (feed.next == feed.count)
		return -1;
	len = feed.ends[feed.next++] - from;
	errno = ENOSPC;
	if (len > size)
		return -1;
	memcpy(at, feed.w.b + from, len);
	return (ssize_t)len;
}

int fed_setsockopt(const struct mnl_socket *s, int option, void *value, socklen_t len)
{
	(void)s;
	(void)option;
	(void)value;
	(void)len;
	return 0;
}

/* --- what comes from it --------------------------------------------------------------- */

enum step { MESSAGE, BYTES, NUMBER, NEST, END, RAW, DATAGRAM, STEPS };

struct making {
	struct words *w;
	size_t message, nests[DEEP];
	unsigned deep;
	bool begun;
};

static void raw(struct words *w, unsigned size, uint64_t value)
{
	switch (size) {
	case 1: w8(w, (uint8_t)value); break;
	case 2: w16(w, (uint16_t)value); break;
	case 4: w32(w, (uint32_t)value); break;
	default: w64(w, value);
	}
}

static void number(struct words *w, uint16_t type, unsigned size, uint64_t value)
{
	size_t at = w_nest(w, type);

	raw(w, size, value);
	w_end(w, at);
	w_pad(w);
}

static void close_nest(struct making *m)
{
	w_end(m->w, m->nests[--m->deep]);
	w_pad(m->w);
}

static void close_message(struct making *m)
{
	while (m->deep)
		close_nest(m);
	if (m->begun)
		w_finish(m->w, m->message);
	w_pad(m->w);
	m->begun = false;
}

static void close_datagram(struct making *m)
{
	close_message(m);
	if (feed.count < DATAGRAMS)
		feed.ends[feed.count++] = m->w->len;
}

/* In front of a type stands the step, behind it what the step needs. */
static void take_step(struct making *m, struct buf *in, uint32_t first)
{
	enum step step = buf_u8(in) % STEPS;
	uint16_t type = step == END || step == DATAGRAM || step == RAW ? 0 : buf_u16(in), flags;
	unsigned size = step == BYTES || step == NUMBER || step == RAW ? buf_u8(in) : 0;
	unsigned count = step == RAW ? buf_u8(in) % 32 : 0;
	struct buf part = buf_take(in, step == BYTES && size < buf_left(in) ? size : 0);

	switch (step) {
	case MESSAGE:
		close_message(m);
		flags = buf_u16(in);
		m->message = w_message(m->w, type, flags, first + buf_u8(in), PORT);
		m->begun = true;
		break;
	case BYTES:    w_attr(m->w, type, part.p, (uint16_t)buf_left(&part)); break;
	case NUMBER:   number(m->w, type, size, buf_uint(in, size <= 8 ? size : 8)); break;
	case NEST:
		if (m->deep < DEEP)
			m->nests[m->deep++] = w_nest(m->w, type);
		break;
	case END:
		if (m->deep)
			close_nest(m);
		break;
	case RAW:
		while (count--)
			raw(m->w, size, buf_uint(in, size <= 8 ? size : 8));
		break;
	case DATAGRAM: close_datagram(m); break;
	case STEPS:    break;
	}
}

static void compose(struct buf in, uint32_t first)
{
	struct making m = { .w = &feed.w };

	while (buf_left(&in) && feed.w.len < sizeof(feed.w.b) - ROOM)
		take_step(&m, &in, first);
	close_datagram(&m);
}

static void take_input(struct buf in, bool is_steps, uint32_t first)
{
	feed.w.len = 0;
	feed.count = feed.next = feed.asked = 0;
	if (is_steps) {
		compose(in, first);
		return;
	}
	w_bytes(&feed.w, in.p, buf_left(&in) < sizeof(feed.w.b) ? buf_left(&in) : sizeof(feed.w.b));
	feed.ends[feed.count++] = feed.w.len;
}

/* --- what is read from it ---------------------------------------------------------------- */

static bool ends(const char *text, size_t size)
{
	return memchr(text, 0, size);
}

static void must_be_interface(const struct interface *i)
{
	must(i->index && i->index <= INT32_MAX && i->name[0] && i->mtu && i->vlan < 4096);
	must(i->parent != i->index && i->mac >> 48 == 0 && !i->speed && !i->counted.ns);
	must(ends(i->name, sizeof(i->name)) && ends(i->alias, sizeof(i->alias)));
	must(ends(i->kind, sizeof(i->kind)) && ends(i->master_kind, sizeof(i->master_kind)));
}

static void must_be_route(const struct rtnl_route *r)
{
	must(r->route.kind <= ROUTE_NONE && r->route.prefix <= 128);
	must(r->route.kind == ROUTE_FORWARD ? r->is_choice == !r->route.out_if :
	     !r->route.out_if && !r->is_choice && addr_is_absent(&r->route.next_hop));
}

/* Of different remains in memory. */
static void look(void *ctx, const struct nlmsghdr *h)
{
	struct interface i, again;
	struct rtnl_route r;
	enum rtnl_news news;

	memset(&i, 0xa5, sizeof(i));
	memset(&again, 0x5a, sizeof(again));
	news = rtnl_read(h, &i);
	must(news == rtnl_read(h, &again));
	must(news == RTNL_LINK || news == RTNL_LINK_GONE ? i.index == again.index :
	     i.index == 0xa5a5a5a5);
	if (news == RTNL_LINK)
		must_be_interface(&i);
	if (rtnl_route(h, &r))
		must_be_route(&r);
	++*(unsigned *)ctx;
}

static void ask_links(struct nl *nl, char why[NM_WHY])
{
	const struct ifinfomsg own = { .ifi_family = AF_UNSPEC };
	unsigned seen = 0;

	nl_begin(nl, RTM_GETLINK, NLM_F_DUMP, &own, sizeof(own));
	if (nl_ask(nl, look, &seen, "links", why))
		must(why[0]);
}

static void ask_route(struct nl *nl, char why[NM_WHY])
{
	const struct rtmsg own = { .rtm_family = AF_INET };
	unsigned seen = 0;
	enum nm_err err;

	nl_begin(nl, RTM_GETROUTE, 0, &own, sizeof(own));
	err = nl_ask(nl, look, &seen, "route", why);
	must(seen <= 1 && (err || seen || nl->error == 0));
}

static void ask_hooks(struct nl *nl, char why[NM_WHY])
{
	struct tc_hooks all;

	(void)!tc_find_hooks(nl, &all, 1, why);
	must(all.count <= TC_HOOKS);
	for (unsigned i = 0; i < all.count; i++)
		must(all.ifindex[i] > (i ? all.ifindex[i - 1] : 1) && all.kind[i] <= TC_HOOK_OTHER);
}

static void ask_filters(struct nl *nl, char why[NM_WHY])
{
	const struct tc_owner bpf = { 0x12345678, "bpf" }, matchall = { 0x12345678, "matchall" };
	struct tc_filters f;

	(void)!tc_find_filters(nl, feed.w.len % 2 ? &bpf : &matchall, 2, TC_HOOK_CLSACT, &f, why);
	must(f.count <= TC_OURS && (f.any || !f.count));
	must(!tc_is_single(bpf.kind) && tc_is_single(matchall.kind));
	for (unsigned i = 0; i < f.count; i++)
		must(f.ours[i].tcm_handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const questions[])(struct nl *nl, char why[NM_WHY]) = {
		ask_links, ask_route, ask_hooks, ask_filters,
	};
	static struct mnl_socket socket;
	static struct nl nl;
	char why[NM_WHY] = "";
	struct buf in = buf_of(data, size);
	uint8_t what = buf_u8(&in);

	nl.last = 0;
	nl.socket = &socket;
	take_input(in, what & 1, 1);
	questions[what / 2 % (sizeof(questions) / sizeof(questions[0]))](&nl, why);
	must(ends(why, sizeof(why)));
	return 0;
}
