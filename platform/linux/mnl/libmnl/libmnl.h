/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmnl's interface, as far as it is used here, for builds that have no libmnl: then mnl.c does
 * the work. It was written from the layout of netlink messages (linux/netlink.h); nothing of it is
 * libmnl's text. Where a libmnl is to be had, this folder is not looked into (scripts/Kbuild.deps).
 */
#ifndef NM_LIBMNL_H
#define NM_LIBMNL_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define MNL_ALIGNTO         4
#define MNL_ALIGN(len)      (((len) + MNL_ALIGNTO - 1) & ~(MNL_ALIGNTO - 1))
#define MNL_NLMSG_HDRLEN    MNL_ALIGN(sizeof(struct nlmsghdr))
#define MNL_ATTR_HDRLEN     MNL_ALIGN(sizeof(struct nlattr))
#define MNL_SOCKET_AUTOPID  0

/* Sockets: NULL or -1 and errno when something goes wrong. */
struct mnl_socket;
struct mnl_socket *mnl_socket_open2(int bus, int flags);	/* SOCK_NONBLOCK ... */
int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid);
int mnl_socket_close(struct mnl_socket *s);
int mnl_socket_get_fd(const struct mnl_socket *s);
unsigned int mnl_socket_get_portid(const struct mnl_socket *s);
ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *bytes, size_t len);
/* ENOSPC: the datagram was larger. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *at, size_t size);
int mnl_socket_setsockopt(const struct mnl_socket *s, int option, void *value, socklen_t len);

/* Messages: `ok` before anything else is read of one; `next` counts `len` down. */
struct nlmsghdr *mnl_nlmsg_put_header(void *at);
void *mnl_nlmsg_put_extra_header(struct nlmsghdr *h, size_t size);	/* zeroed */
bool mnl_nlmsg_ok(const struct nlmsghdr *h, int len);
struct nlmsghdr *mnl_nlmsg_next(const struct nlmsghdr *h, int *len);
void *mnl_nlmsg_get_payload(const struct nlmsghdr *h);
size_t mnl_nlmsg_get_payload_len(const struct nlmsghdr *h);

/* Attributes: the same; type and length are the payload's, without flags and header. */
bool mnl_attr_ok(const struct nlattr *a, int len);
struct nlattr *mnl_attr_next(const struct nlattr *a);
uint16_t mnl_attr_get_type(const struct nlattr *a);
uint16_t mnl_attr_get_payload_len(const struct nlattr *a);
void *mnl_attr_get_payload(const struct nlattr *a);
/* False or NULL: the message has no room for it in its `size` bytes, and stays as it was. */
bool mnl_attr_put_check(struct nlmsghdr *h, size_t size, uint16_t type, size_t len,
			const void *bytes);
struct nlattr *mnl_attr_nest_start_check(struct nlmsghdr *h, size_t size, uint16_t type);
void mnl_attr_nest_end(struct nlmsghdr *h, struct nlattr *start);

#endif
