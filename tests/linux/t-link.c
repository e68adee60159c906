// SPDX-License-Identifier: Apache-2.0
/* Plain links against a server in this process. TLS has its own script, tls.sh. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/helper.h"
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

static void https_needs_authorities(void)
{
	struct link_target to = { .host = "127.0.0.1", .tls = true, .ca_file = "/no/such/file" };
	char why[NM_WHY] = "";

	check(link_new(&to, NULL, why) == NULL);
	check(*why);
}

/* --- several addresses, from a helper that this test plays ---------------------------- */

static struct addr loopback(uint8_t last)
{
	const uint8_t bytes[4] = { 127, 0, 0, last };

	return addr_v4(bytes);
}

/* Answer the question that waits at fd. */
static void give_addresses(int fd, const struct addr *addresses, uint32_t count)
{
	struct helper_answer answer = { .addresses = count };
	struct helper_question question;
	union { struct cmsghdr header; char room[CMSG_SPACE(sizeof(int))]; } beside;
	struct iovec bytes = { &question, sizeof(question) };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &beside,
				  .msg_controllen = sizeof(beside) };
	int back;

	memcpy(answer.address, addresses, count * sizeof(*addresses));
	check(recvmsg(fd, &message, 0) == sizeof(question));
	check(question.duty == DUTY_RESOLVE && !strcmp(question.text, "server.example"));
	memcpy(&back, CMSG_DATA(&beside.header), sizeof(back));
	check(send(back, &answer, sizeof(answer), 0) == sizeof(answer));
	close(back);
}

static struct link *link_by_name(struct helper *helper, uint16_t port)
{
	struct link_target to = { .host = "server.example", .port = port };
	char why[NM_WHY];

	return link_new(&to, helper, why);
}

static void addresses_are_tried_in_order(void)
{
	struct addr three[] = { loopback(3), loopback(2), loopback(1) };
	struct helper helper;
	uint16_t port;
	int server = listen_on_loopback(&port), pair[2];
	struct link *l;

	check(helper_pair(pair) == 0);
	helper.fd = pair[1];
	l = link_by_name(&helper, port);
	for (int i = 0; i < 2; i++) {
		link_open(l);
		check(link_turn(l) == LINK_OPENING && link_wait(l).what == LOOP_READ);
		give_addresses(pair[0], three, 3);
		check(settle(l) == LINK_UP);
	}
	link_open(l);
	give_addresses(pair[0], three, 2);
	check(settle(l) == LINK_FAILED && link_error(l) == NM_CONNECT);
	link_open(l);
	close(pair[0]);			/* with the question in it */
	check(settle(l) == LINK_FAILED && link_error(l) == NM_RESOLVE);
	link_free(l);
	close(pair[1]);
	close(server);
}

/* Nobody answers at the first address: its queue is full. */
static void silent_address_is_left_for_the_next(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct addr two[] = { loopback(2), loopback(1) };
	struct helper helper;
	uint16_t port;
	int server = listen_on_loopback(&port), silent, pair[2], filler[4];
	struct link *l;

	at.sin_port = htons(port);
	memcpy(&at.sin_addr, two[0].b + 12, 4);
	silent = socket(AF_INET, SOCK_STREAM, 0);
	check(bind(silent, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(silent, 0) == 0);
	for (int i = 0; i < 4; i++) {
		filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(filler[i], (struct sockaddr *)&at, sizeof(at));
	}
	check(helper_pair(pair) == 0);
	helper.fd = pair[1];
	l = link_by_name(&helper, port);
	link_open(l);
	give_addresses(pair[0], two, 2);
	check(link_turn(l) == LINK_OPENING);
	link_close(l);			/* the uplink's patience is at its end */
	link_open(l);
	give_addresses(pair[0], two, 2);
	check(settle(l) == LINK_UP);
	link_free(l);
	for (int i = 0; i < 4; i++)
		close(filler[i]);
	close(silent);
	close(server);
	close(pair[0]);
	close(pair[1]);
}

TESTS({ "a plain link carries bytes both ways and tells the end", carries_bytes },
      { "a refused connection is told with its reason",           refusal_is_told },
      { "a full pipe makes a write wait, and nothing is lost",    full_pipe_waits },
      { "a link is opened again and again",                       opens_again },
      { "a name without a helper is refused at start",            names_need_a_helper },
      { "https without its authorities is refused at start",      https_needs_authorities },
      { "the addresses of a name are tried in order",             addresses_are_tried_in_order },
      { "an address that kept silent is not the first next time",
	silent_address_is_left_for_the_next })
