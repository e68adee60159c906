// SPDX-License-Identifier: Apache-2.0
/*
 * Connecting without waiting. The time an address gets to answer is kept by the kernel,
 * as a number of repeated SYNs: after 1 and 3 seconds it asks again, after 7 it gives up.
 */
#define _GNU_SOURCE
#include "platform/linux/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPEATED_SYNS 2

static int open_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int syns = REPEATED_SYNS, on = 1;

	if (fd < 0)
		return -1;
	/* Both only make it better: a kernel without them connects as well. */
	setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &syns, sizeof(syns));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static int begin_v4(int fd, const struct addr *to, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };

	memcpy(&at.sin_addr, to->b + 12, 4);
	return connect(fd, (const struct sockaddr *)&at, sizeof(at));
}

static int begin_v6(int fd, const struct addr *to, uint16_t port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	memcpy(&at.sin6_addr, to, sizeof(*to));
	return connect(fd, (const struct sockaddr *)&at, sizeof(at));
}

int tcp_begin(const struct addr *to, uint16_t port)
{
	bool v4 = addr_is_v4(to);
	int fd = open_socket(v4 ? AF_INET : AF_INET6);
	int kept;

	if (fd < 0)
		return -1;
	if ((v4 ? begin_v4 : begin_v6)(fd, to, port) == 0 || errno == EINPROGRESS)
		return fd;
	kept = errno;
	close(fd);
	errno = kept;
	return -1;
}

enum tcp_progress tcp_progress(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	char byte;

	if (poll(&wait, 1, 0) <= 0)
		return TCP_CONNECTING;
	/* Looks without taking; unlike SO_ERROR, an emulator translates its errno. */
	if (recv(fd, &byte, 1, MSG_PEEK) >= 0 || errno == EAGAIN)
		return TCP_CONNECTED;
	return TCP_REFUSED;
}

typedef int name_fn(int fd, struct sockaddr *at, socklen_t *len);

static bool end_of(int fd, name_fn *name, struct addr *address, uint16_t *port)
{
	union { struct sockaddr any; struct sockaddr_in v4; struct sockaddr_in6 v6; } at;
	socklen_t len = sizeof(at);

	if (name(fd, &at.any, &len) < 0)
		return false;
	if (at.any.sa_family == AF_INET6)
		memcpy(address, &at.v6.sin6_addr, sizeof(*address));
	else
		*address = addr_v4((const uint8_t *)&at.v4.sin_addr);
	*port = ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
	return true;
}

bool tcp_ends(int fd, struct link_ends *ends)
{
	return end_of(fd, getsockname, &ends->local, &ends->local_port) &&
	       end_of(fd, getpeername, &ends->remote, &ends->remote_port);
}
