// SPDX-License-Identifier: Apache-2.0
/* Datagrams over the loopback device: addresses, sizes, bursts, drops. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

#define LARGEST_V4 65507		/* 65535 - 20 - 8 */

struct got {
	unsigned datagrams;
	size_t bytes, longest;
	struct datagram last;
};

static void take(void *ctx, struct buf bytes, const struct datagram *dg)
{
	struct got *got = ctx;

	got->datagrams++;
	got->bytes += buf_left(&bytes);
	if (buf_left(&bytes) > got->longest)
		got->longest = buf_left(&bytes);
	got->last = *dg;
}

static struct udp *open_any(const struct addr *address, uint32_t room, uint16_t *port)
{
	struct sockaddr_in6 at;
	socklen_t len = sizeof(at);
	char why[NM_WHY] = "";
	struct udp *u = udp_open(address, 0, room, 3, why);

	if (!u) {
		printf("%s\n", why);
		return NULL;
	}
	check(getsockname(udp_fd(u), (struct sockaddr *)&at, &len) == 0);
	*port = ntohs(at.sin6_port);	/* at the same place in sockaddr_in */
	return u;
}

/* A socket connected to our port; its own port does not matter. */
static int sender(int family, uint16_t port)
{
	struct sockaddr_in v4 = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port),
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(family, SOCK_DGRAM, 0);

	if (family == AF_INET)
		check(connect(fd, (struct sockaddr *)&v4, sizeof(v4)) == 0);
	else
		check(connect(fd, (struct sockaddr *)&v6, sizeof(v6)) == 0);
	return fd;
}

/* Drain until nothing more is there. */
static void drain(struct udp *u, struct got *got)
{
	struct pollfd p = { .fd = udp_fd(u), .events = POLLIN };

	while (poll(&p, 1, 0) > 0 && udp_drain(u, time_of_s(7), take, got))
		;
}

static void senders_are_known(void)
{
	static const uint8_t localhost[4] = { 127, 0, 0, 1 };
	struct addr none = { { 0 } }, v4 = addr_v4(localhost), v6 = { { [15] = 1 } };
	struct got got = { 0 };
	uint16_t port;
	struct udp *u = open_any(&none, 0, &port);
	int fd;

	if (!check(u))
		return;
	fd = sender(AF_INET, port);
	check(send(fd, "four", 4, 0) == 4);
	close(fd);
	drain(u, &got);
	check(got.datagrams == 1 && got.bytes == 4);
	check(addr_same(&got.last.from, &v4));
	check(got.last.listener == 3 && got.last.seen.ns == time_of_s(7).ns);
	fd = sender(AF_INET6, port);
	check(send(fd, "sixsix", 6, 0) == 6);
	close(fd);
	drain(u, &got);
	check(got.datagrams == 2 && addr_same(&got.last.from, &v6));
	udp_close(u);
}

static void one_address_only(void)
{
	static const uint8_t second[4] = { 127, 0, 0, 2 };
	struct addr only = addr_v4(second);
	struct got got = { 0 };
	uint16_t port;
	struct udp *u = open_any(&only, 0, &port);
	int fd;

	if (!check(u))
		return;
	fd = sender(AF_INET, port);	/* 127.0.0.1: nobody there */
	check(send(fd, "x", 1, 0) == 1);
	close(fd);
	drain(u, &got);
	check(got.datagrams == 0);
	udp_close(u);
}

static void any_size_comes_whole(void)
{
	static uint8_t block[LARGEST_V4];
	struct addr none = { { 0 } };
	struct got got = { 0 };
	uint16_t port;
	struct udp *u = open_any(&none, 4 * 1024 * 1024, &port);
	int fd;

	if (!check(u))
		return;
	fd = sender(AF_INET, port);
	check(send(fd, block, 0, 0) == 0);
	drain(u, &got);
	check(got.datagrams == 1 && got.bytes == 0);
	check(send(fd, block, LARGEST_V4, 0) == LARGEST_V4);
	drain(u, &got);
	check(got.datagrams == 2 && got.longest == LARGEST_V4);
	close(fd);
	udp_close(u);
}

static void bursts_come_whole(void)
{
	struct addr none = { { 0 } };
	struct got got = { 0 };
	uint16_t port;
	struct udp *u = open_any(&none, 1024 * 1024, &port);
	int fd;

	if (!check(u))
		return;
	fd = sender(AF_INET, port);
	for (int i = 0; i < 100; i++)
		check(send(fd, "datagram", 8, 0) == 8);
	check(udp_drain(u, time_of_s(7), take, &got) >= 16);
	check(got.datagrams < 100);	/* one burst a turn */
	drain(u, &got);
	check(got.datagrams == 100 && got.bytes == 800);
	check(udp_drops(u) == 0);
	close(fd);
	udp_close(u);
}

/* Whatever was sent was received or is counted, at any moment. */
static void drops_are_counted(void)
{
	static uint8_t block[1400];
	struct addr none = { { 0 } };
	struct got got = { 0 };
	uint16_t port;
	struct udp *u = open_any(&none, 8192, &port);
	uint32_t info[16];
	socklen_t len = sizeof(info);
	int fd;

	if (!check(u))
		return;
	if (getsockopt(udp_fd(u), SOL_SOCKET, 55, info, &len) < 0 || len == sizeof(int)) {
		udp_close(u);
		skip("no SO_MEMINFO here");
	}
	fd = sender(AF_INET, port);
	for (int round = 1; round <= 2; round++) {
		for (int i = 0; i < 200; i++)
			check(send(fd, block, sizeof(block), 0) == sizeof(block));
		check(udp_drops(u) > 0);
		drain(u, &got);
		check(got.datagrams + udp_drops(u) == (uint64_t)round * 200);
	}
	close(fd);
	udp_close(u);
}

/* From here on socket(AF_INET6) fails as on a kernel without IPv6. */
static bool forbid_ipv6(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]) +
			 (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#define NO_SECCOMP 77

static int receive_without_ipv6(void)
{
	static const uint8_t localhost[4] = { 127, 0, 0, 1 };
	struct addr none = { { 0 } }, v4 = addr_v4(localhost), v6 = { { [15] = 1 } };
	struct got got = { 0 };
	char why[NM_WHY];
	struct udp *u;
	uint16_t port;
	int fd;

	if (!forbid_ipv6())
		return NO_SECCOMP;
	u = open_any(&none, 0, &port);
	if (!check(u))
		return 1;
	fd = sender(AF_INET, port);
	check(send(fd, "four", 4, 0) == 4);
	drain(u, &got);
	check(got.datagrams == 1 && addr_same(&got.last.from, &v4));
	check(udp_open(&v6, 0, 0, 0, why) == NULL);
	udp_close(u);
	return test_bad != 0;
}

static void works_without_ipv6(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(receive_without_ipv6());
	check(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_SECCOMP)
		skip("no seccomp filter here");
	check(WEXITSTATUS(status) == 0);
}

static void taken_port_is_told(void)
{
	struct addr none = { { 0 } };
	char why[NM_WHY] = "";
	uint16_t port;
	struct udp *u = open_any(&none, 0, &port);

	check(udp_open(&none, port, 0, 0, why) == NULL);
	check(strstr(why, "all addresses") && strstr(why, "in use"));
	udp_close(u);
}

TESTS({ "senders are known by IPv6 address, IPv4 mapped",         senders_are_known },
      { "a listener of one address takes no other's datagrams",   one_address_only },
      { "the empty and the largest datagram come whole",          any_size_comes_whole },
      { "a burst comes whole, some of it each turn",              bursts_come_whole },
      { "sent is received plus dropped by the kernel",            drops_are_counted },
      { "a kernel without IPv6 gets an IPv4 socket",              works_without_ipv6 },
      { "a port that is taken is told",                           taken_port_is_told })
