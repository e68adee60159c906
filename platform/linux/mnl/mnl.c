// SPDX-License-Identifier: Apache-2.0
/*
 * What stands in for libmnl where there is none (libmnl/libmnl.h). A netlink message is a header
 * with its whole length, a payload, and zeros up to a multiple of four; an attribute is the same
 * once more inside of it, with a header of 16-bit length and type. All of it is in host order.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

/* --- sockets ------------------------------------------------------------------- */

struct mnl_socket {
	int fd;
	struct sockaddr_nl name;
};

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->name.nl_family = AF_NETLINK;
	s->fd = socket(AF_NETLINK, SOCK_RAW | flags, bus);
	if (s->fd < 0) {
		free(s);
		return NULL;
	}
	return s;
}

/* The kernel chooses the port when it is 0, and tells its choice. */
int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	struct sockaddr *name = (struct sockaddr *)&s->name;
	socklen_t len = sizeof(s->name);

	s->name.nl_groups = groups;
	s->name.nl_pid = (uint32_t)pid;
	if (bind(s->fd, name, sizeof(s->name)) < 0 || getsockname(s->fd, name, &len) < 0)
		return -1;
	if (len != sizeof(s->name) || s->name.nl_family != AF_NETLINK) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

int mnl_socket_close(struct mnl_socket *s)
{
	int status = close(s->fd);

	free(s);
	return status;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	return s->fd;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *s)
{
	return s->name.nl_pid;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *bytes, size_t len)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(s->fd, bytes, len, 0, (const struct sockaddr *)&kernel, sizeof(kernel));
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *at, size_t size)
{
	struct sockaddr_nl from;
	struct iovec window = { at, size };
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &window, .msg_iovlen = 1,
	};
	ssize_t len = recvmsg(s->fd, &message, 0);

	if (len < 0)
		return -1;
	if (message.msg_flags & MSG_TRUNC)
		errno = ENOSPC;
	else if (message.msg_namelen != sizeof(from))
		errno = EINVAL;
	else
		return len;
	return -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int option, void *value, socklen_t len)
{
	return setsockopt(s->fd, SOL_NETLINK, option, value, len);
}

/* --- messages -------------------------------------------------------------------- */

struct nlmsghdr *mnl_nlmsg_put_header(void *at)
{
	struct nlmsghdr *h = at;

	memset(h, 0, MNL_NLMSG_HDRLEN);
	h->nlmsg_len = MNL_NLMSG_HDRLEN;
	return h;
}

static void *tail(const struct nlmsghdr *h)
{
	return (char *)h + MNL_ALIGN(h->nlmsg_len);
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *h, size_t size)
{
	void *at = tail(h);

	memset(at, 0, MNL_ALIGN(size));
	h->nlmsg_len = MNL_ALIGN(h->nlmsg_len) + (uint32_t)MNL_ALIGN(size);
	return at;
}

bool mnl_nlmsg_ok(const struct nlmsghdr *h, int len)
{
	return len >= (int)sizeof(*h) &&
	       h->nlmsg_len >= sizeof(*h) && h->nlmsg_len <= (uint32_t)len;
}

/* Behind the last one `len` is 0 or less, which `ok` does not take. */
struct nlmsghdr *mnl_nlmsg_next(const struct nlmsghdr *h, int *len)
{
	*len -= (int)MNL_ALIGN(h->nlmsg_len);
	return tail(h);
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *h)
{
	return (char *)h + MNL_NLMSG_HDRLEN;
}

size_t mnl_nlmsg_get_payload_len(const struct nlmsghdr *h)
{
	return h->nlmsg_len - MNL_NLMSG_HDRLEN;
}

/* --- attributes -------------------------------------------------------------------- */

bool mnl_attr_ok(const struct nlattr *a, int len)
{
	return len >= (int)sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= len;
}

struct nlattr *mnl_attr_next(const struct nlattr *a)
{
	return (void *)((char *)a + MNL_ALIGN(a->nla_len));
}

uint16_t mnl_attr_get_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

uint16_t mnl_attr_get_payload_len(const struct nlattr *a)
{
	return (uint16_t)(a->nla_len - MNL_ATTR_HDRLEN);
}

void *mnl_attr_get_payload(const struct nlattr *a)
{
	return (char *)a + MNL_ATTR_HDRLEN;
}

bool mnl_attr_put_check(struct nlmsghdr *h, size_t size, uint16_t type, size_t len,
			const void *bytes)
{
	size_t used = MNL_ALIGN(h->nlmsg_len), all = MNL_ATTR_HDRLEN + len;
	struct nlattr *a = tail(h);

	if (len > UINT16_MAX - MNL_ATTR_HDRLEN || used > size || MNL_ALIGN(all) > size - used)
		return false;
	a->nla_type = type;
	a->nla_len = (uint16_t)all;
	if (len)
		memcpy(mnl_attr_get_payload(a), bytes, len);
	memset((char *)a + all, 0, MNL_ALIGN(all) - all);
	h->nlmsg_len = (uint32_t)(used + MNL_ALIGN(all));
	return true;
}

struct nlattr *mnl_attr_nest_start_check(struct nlmsghdr *h, size_t size, uint16_t type)
{
	struct nlattr *start = tail(h);

	return mnl_attr_put_check(h, size, NLA_F_NESTED | type, 0, NULL) ? start : NULL;
}

void mnl_attr_nest_end(struct nlmsghdr *h, struct nlattr *start)
{
	start->nla_len = (uint16_t)((char *)tail(h) - (char *)start);
}
