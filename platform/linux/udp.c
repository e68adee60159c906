// SPDX-License-Identifier: Apache-2.0
/*
 * Datagrams. One IPv6 socket takes IPv4 too, whose senders then have mapped addresses as
 * everywhere in the program; on a kernel without IPv6 it is an IPv4 socket.
 *
 * Each place of the burst has room for the largest datagram there is, so none is ever
 * cut. Memory is only spent on pages that a datagram has touched.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "platform/linux/why.h"

#define BURST        32
#define DATAGRAM_MAX 65536

#ifndef SO_MEMINFO			/* since Linux 4.12; the C library may be older */
#define SO_MEMINFO 55
#endif

union name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct udp {
	int fd;
	uint16_t listener;
	uint64_t drops;
	struct mmsghdr message[BURST];
	struct iovec window[BURST];
	union name from[BURST];
	uint8_t bytes[BURST][DATAGRAM_MAX];
};

/* --- opening ------------------------------------------------------------------ */

static int bind_v4(const struct addr *address, uint16_t port)
{
	union name at = { .v4 = { .sin_family = AF_INET, .sin_port = htons(port) } };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(&at.v4.sin_addr, address->b + 12, 4);
	if (fd >= 0 && bind(fd, &at.any, sizeof(at.v4)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int bind_v6(int fd, const struct addr *address, uint16_t port)
{
	union name at = { .v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) } };
	int off = 0;

	memcpy(&at.v6.sin6_addr, address, sizeof(*address));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) < 0 ||
	    bind(fd, &at.any, sizeof(at.v6)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int try_socket(const struct addr *address, uint16_t port)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		return bind_v6(fd, address, port);
	if (errno == EAFNOSUPPORT && (addr_is_absent(address) || addr_is_v4(address)))
		return bind_v4(address, port);
	return -1;
}

/* A process that was killed just now may hold the port for a moment more. */
static int open_socket(const struct addr *address, uint16_t port)
{
	const struct timespec pause = { 0, 100 * NM_NS_PER_MS };
	int fd = try_socket(address, port);

	for (unsigned tries = 0; fd < 0 && errno == EADDRINUSE && tries < 20; tries++) {
		nanosleep(&pause, NULL);
		fd = try_socket(address, port);
	}
	return fd;
}

/* Ask for room; only root gets more than net.core.rmem_max. The kernel doubles what it is told. */
static void ask_room(int fd, uint32_t wanted, uint16_t port)
{
	int room = wanted < INT32_MAX / 2 ? (int)wanted : INT32_MAX / 2;
	socklen_t len = sizeof(room);

	if (!wanted)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, &len) == 0 && (uint32_t)room / 2 < wanted)
		log_line(CONF_LOG_WARN, "udp: port %u has a receive buffer of %d bytes, not %u: "
			 "raise net.core.rmem_max", port, room / 2, (unsigned)wanted);
}

static void prepare(struct udp *u)
{
	for (unsigned i = 0; i < BURST; i++) {
		u->window[i] = (struct iovec){ u->bytes[i], DATAGRAM_MAX };
		u->message[i].msg_hdr = (struct msghdr){
			.msg_name = &u->from[i], .msg_iov = &u->window[i], .msg_iovlen = 1,
		};
	}
}

struct udp *udp_open(const struct addr *address, uint16_t port, uint32_t receive_buffer,
		     uint16_t listener, char why[NM_WHY])
{
	struct udp *u = calloc(1, sizeof(*u));
	char text[NM_ADDR_TEXT];

	if (!u) {
		why_errno(why, "udp");
		return NULL;
	}
	u->listener = listener;
	u->fd = open_socket(address, port);
	if (u->fd < 0) {
		why_errno(why, "UDP port %u of %s cannot be opened", port,
			  addr_is_absent(address) ? "all addresses" : addr_text(address, text));
		udp_close(u);
		return NULL;
	}
	ask_room(u->fd, receive_buffer, port);
	prepare(u);
	return u;
}

void udp_close(struct udp *u)
{
	if (u && u->fd >= 0)
		close(u->fd);
	free(u);
}

/* --- receiving ----------------------------------------------------------------- */

int udp_fd(const struct udp *u)
{
	return u->fd;
}

static struct addr sender(const union name *from)
{
	struct addr a;

	if (from->any.sa_family == AF_INET)
		return addr_v4((const uint8_t *)&from->v4.sin_addr);
	memcpy(&a, &from->v6.sin6_addr, sizeof(a));
	return a;
}

unsigned udp_drain(struct udp *u, nm_time now, udp_fn *got, void *ctx)
{
	int n;

	for (unsigned i = 0; i < BURST; i++)
		u->message[i].msg_hdr.msg_namelen = sizeof(u->from[i]);
	n = recvmmsg(u->fd, u->message, BURST, 0, NULL);
	for (int i = 0; i < n; i++) {
		struct datagram dg = { now, sender(&u->from[i]), u->listener };

		got(ctx, buf_of(u->bytes[i], u->message[i].msg_len), &dg);
	}
	return n > 0 ? (unsigned)n : 0;
}

/*
 * Asked of the socket itself: SO_RXQ_OVFL would travel with the next datagram, so the drops
 * at the end of a burst would stay unknown until then. The kernel counts in 32 bits.
 */
uint64_t udp_drops(struct udp *u)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	if (getsockopt(u->fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 &&
	    len > SK_MEMINFO_DROPS * sizeof(info[0]))
		u->drops += info[SK_MEMINFO_DROPS] - (uint32_t)u->drops;
	return u->drops;
}
