// SPDX-License-Identifier: Apache-2.0
/*
 * What the kernel tells by itself. A netlink socket that ran over drops everything until it is
 * empty, so one error may stand for any number of lost messages; the socket's own counter has it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "platform/linux/nl.h"
#include "platform/linux/why.h"

#ifndef SO_MEMINFO			/* since Linux 4.12; the C library may be older */
#define SO_MEMINFO 55
#endif

enum nm_err nl_join(struct nl *nl, uint32_t group, char why[NM_WHY])
{
	if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0)
		return NM_OK;
	if (errno == EPERM)
		return why_say(why, NM_RIGHTS, "the kernel's messages (group %u) are only told to "
			       "who has CAP_NET_ADMIN", (unsigned)group);
	return why_errno(why, "the kernel's messages (group %u) cannot be listened to",
			 (unsigned)group);
}

/* The kernel doubles what it is told. */
void nl_buffer(int fd, uint32_t bytes)
{
	int size = bytes < INT32_MAX / 2 ? (int)bytes : INT32_MAX / 2;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

void nl_no_enobufs(int fd)
{
	int on = 1;

	setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof(on));
}

uint64_t nl_drops(int fd, uint64_t *drops)
{
	uint32_t info[SK_MEMINFO_VARS];
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 &&
	    len > SK_MEMINFO_DROPS * sizeof(info[0]))
		*drops += info[SK_MEMINFO_DROPS] - (uint32_t)*drops;
	return *drops;
}

/* A datagram's true length comes with MSG_TRUNC. */
int nl_receive(int fd, void *at, size_t size, bool *lost)
{
	for (;;) {
		ssize_t len = recv(fd, at, size, MSG_DONTWAIT | MSG_TRUNC);

		if (len > 0 && (size_t)len <= size)
			return (int)len;
		if (len < 0 && errno != ENOBUFS && errno != EINTR)
			return 0;
		if (len >= 0 || errno == ENOBUFS)
			*lost = true;
	}
}
