// SPDX-License-Identifier: Apache-2.0
/* Plain links against a server in this process. TLS has its own script, tls.sh. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

#define TURNS 2000			/* of at most 10 ms: the deadline of every wait here */

static int listen_on_loopback(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	check(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	check(listen(fd, 4) == 0);
	check(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static struct link *link_to(const char *host, uint16_t port)
{
	struct link_target to = { .port = port };
	char why[NM_WHY];

	snprintf(to.host, sizeof(to.host), "%s", host);
	return link_new(&to, NULL, why);
}

/* Turn until the link has left LINK_OPENING. */
static enum link_state settle(struct link *l)
{
	enum link_state state = link_turn(l);

	for (int i = 0; i < TURNS && state == LINK_OPENING; i++) {
		struct link_wait wait = link_wait(l);
		struct pollfd p = { .fd = wait.fd, .events = POLLIN | POLLOUT };

		poll(&p, 1, 10);
		state = link_turn(l);
	}
	return state;
}

static long read_something(struct link *l, char *at, size_t size)
{
	long n = 0;

	for (int i = 0; i < TURNS && n == 0; i++) {
		struct pollfd p = { .fd = link_wait(l).fd, .events = POLLIN };

		poll(&p, 1, 10);
		n = link_read(l, at, size);
	}
	return n;
}

static void carries_bytes(void)
{
	uint16_t port;
	int server = listen_on_loopback(&port), peer;
	struct link *l = link_to("127.0.0.1", port);
	char text[16] = "";

	link_open(l);
	check(settle(l) == LINK_UP);
	peer = accept(server, NULL, NULL);
	check(link_write(l, "ping", 4) == 4);
	check(recv(peer, text, sizeof(text), 0) == 4 && !memcmp(text, "ping", 4));
	check(link_read(l, text, sizeof(text)) == 0);
	check(send(peer, "pong", 4, 0) == 4);
	check(read_something(l, text, sizeof(text)) == 4 && !memcmp(text, "pong", 4));
	close(peer);
	check(read_something(l, text, sizeof(text)) == -NM_CLOSED);
	check(link_turn(l) == LINK_FAILED && link_error(l) == NM_CLOSED);
	check(link_wait(l).fd == -1);
	link_free(l);
	close(server);
}

static void refusal_is_told(void)
{
	uint16_t port;
	int server = listen_on_loopback(&port);
	struct link *l = link_to("127.0.0.1", port);

	close(server);
	link_open(l);
	check(settle(l) == LINK_FAILED);
	check(link_error(l) == NM_CONNECT);
	check(strstr(link_why(l), "Connection refused") != NULL);
	check(link_write(l, "x", 1) == -NM_CLOSED);
	link_free(l);
}

static void full_pipe_waits(void)
{
	static char block[65536];
	uint16_t port;
	int server = listen_on_loopback(&port), peer;
	struct link *l = link_to("127.0.0.1", port);
	size_t sent = 0, got = 0;
	long n = 1;

	link_open(l);
	check(settle(l) == LINK_UP);
	peer = accept(server, NULL, NULL);
	while (n > 0) {
		n = link_write(l, block, sizeof(block));
		sent += n > 0 ? (size_t)n : 0;
	}
	check(n == 0);
	check(link_wait(l).what == (LOOP_READ | LOOP_WRITE));
	link_close(l);
	while ((n = recv(peer, block, sizeof(block), 0)) > 0)
		got += (size_t)n;
	check(got == sent);
	close(peer);
	close(server);
	link_free(l);
}

static void opens_again(void)
{
	uint16_t port;
	int server = listen_on_loopback(&port);
	struct link *l = link_to("::ffff:127.0.0.1", port);

	for (int i = 0; i < 3; i++) {
		link_open(l);
		check(settle(l) == LINK_UP);
		close(accept(server, NULL, NULL));
	}
	link_close(l);
	check(link_turn(l) == LINK_CLOSED);
	link_free(l);
	close(server);
}

static void names_need_a_helper(void)
{
	check(link_to("localhost", 1) == NULL);
}

TESTS({ "a plain link carries bytes both ways and tells the end", carries_bytes },
      { "a refused connection is told with its reason",           refusal_is_told },
      { "a full pipe makes a write wait, and nothing is lost",    full_pipe_waits },
      { "a link is opened again and again",                       opens_again },
      { "a name without a helper is refused at start",            names_need_a_helper })
