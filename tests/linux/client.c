// SPDX-License-Identifier: Apache-2.0
/*
 * A small client for the scripts that test links and TLS: opens a link the way the agent
 * does, POSTs bytes and reads the answer until its end. Words as arguments:
 *	host=NAME port=N ca=FILE plain
 *	build=N     seconds since 1970: dates are judged by the later of clock and build
 *	body=N      bytes to POST
 *	times=N     connections, one after the other
 * Prints for each `up` and `answer LINE`, or `failed LABEL: why`. Exit status 0 when every
 * connection got an answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/platform.h"

#define PATIENCE_NS (30 * (int64_t)NM_NS_PER_S)

struct client {
	struct link_target to;
	unsigned body, times;
	struct loop *loop;
	struct link *link;
	int watched;
	char head[512], answer[4096];
	size_t head_len, sent, got;
	nm_mono deadline;
};

static bool read_word(struct client *c, const char *word)
{
	const char *value = strchr(word, '=');

	value = value ? value + 1 : "";
	if (!strncmp(word, "host=", 5))
		snprintf(c->to.host, sizeof(c->to.host), "%s", value);
	else if (!strncmp(word, "port=", 5))
		c->to.port = (uint16_t)strtoul(value, NULL, 10);
	else if (!strncmp(word, "ca=", 3))
		snprintf(c->to.ca_file, sizeof(c->to.ca_file), "%s", value);
	else if (!strcmp(word, "plain"))
		c->to.tls = false;
	else if (!strncmp(word, "build=", 6)) {
		c->to.tls_time = CONF_TLS_AFTER_BUILD;
		c->to.build = time_of_s(strtoll(value, NULL, 10));
	} else if (!strncmp(word, "body=", 5))
		c->body = (unsigned)strtoul(value, NULL, 10);
	else if (!strncmp(word, "times=", 6))
		c->times = (unsigned)strtoul(value, NULL, 10);
	else
		return false;
	return true;
}

static void ready(void *ctx, unsigned what)
{
	(void)ctx;
	(void)what;
}

/* Wait as the link asks; false when the patience is at its end. */
static bool wait_turn(struct client *c)
{
	struct link_wait wait = link_wait(c->link);

	if (c->watched >= 0 && c->watched != wait.fd &&
	    loop_watch(c->loop, c->watched, 0, NULL, NULL))
		return false;
	c->watched = wait.fd;
	if (wait.fd >= 0 && loop_watch(c->loop, wait.fd, wait.what, ready, c))
		return false;
	loop_turn(c->loop, c->deadline);
	return !mono_reached(clock_mono(), c->deadline) && !loop_stopping(c->loop);
}

/* One byte value all along, which a test can look for on the wire. */
static long write_some(struct client *c)
{
	static char bytes[8192];
	size_t total = c->head_len + c->body, part;

	if (c->sent < c->head_len)
		return link_write(c->link, c->head + c->sent, c->head_len - c->sent);
	memset(bytes, 'N', sizeof(bytes));
	part = total - c->sent < sizeof(bytes) ? total - c->sent : sizeof(bytes);
	return link_write(c->link, bytes, part);
}

/* As far as it goes: 0 waiting, 1 the answer has ended, -1 failed. */
static int talk(struct client *c)
{
	long n = 1;

	while (n > 0 && c->sent < c->head_len + c->body) {
		n = write_some(c);
		c->sent += n > 0 ? (size_t)n : 0;
	}
	if (n < 0)
		return -1;
	do {
		n = link_read(c->link, c->answer + c->got, sizeof(c->answer) - 1 - c->got);
		c->got += n > 0 ? (size_t)n : 0;
	} while (n > 0 && c->got < sizeof(c->answer) - 1);
	if (n < 0)
		return c->got ? 1 : -1;
	return 0;
}

static bool connect_once(struct client *c)
{
	enum link_state state;
	bool up = false;
	int done = 0;

	c->sent = c->got = 0;
	link_open(c->link);
	while (!done && (state = link_turn(c->link)) != LINK_FAILED) {
		if (state == LINK_UP && !up)
			puts("up");
		up = state == LINK_UP;
		done = up ? talk(c) : 0;
		if (!done && !wait_turn(c)) {
			puts("timed out");
			return false;
		}
	}
	if (done <= 0)
		printf("failed %s: %s\n", nm_errlabel(link_error(c->link)), link_why(c->link));
	c->answer[c->got] = 0;
	if (done > 0)
		printf("answer %.*s\n", (int)strcspn(c->answer, "\r\n"), c->answer);
	return done > 0;
}

static int run(void *ctx, struct helper *helper)
{
	struct client *c = ctx;
	char why[NM_WHY];
	int failed = 0;

	c->loop = loop_new();
	c->link = link_new(&c->to, helper, why);
	if (!c->loop || !c->link) {
		printf("failed at start: %s\n", why);
		fflush(stdout);
		return 2;
	}
	c->deadline = mono_plus(clock_mono(), PATIENCE_NS);
	for (unsigned i = 0; i < c->times && !failed; i++) {
		failed = !connect_once(c);
		link_close(c->link);
	}
	link_free(c->link);
	loop_free(c->loop);
	fflush(stdout);
	return failed ? 2 : 0;		/* 2: the supervisor does not try again */
}

int main(int argc, char **argv)
{
	static struct client c = { .to = { .tls = true }, .times = 1, .watched = -1 };

	for (int i = 1; i < argc; i++) {
		if (!read_word(&c, argv[i])) {
			fprintf(stderr, "what is %s?\n", argv[i]);
			return 2;
		}
	}
	c.head_len = (size_t)snprintf(c.head, sizeof(c.head),
		"POST / HTTP/1.1\r\nHost: %.100s\r\nContent-Length: %u\r\n"
		"Connection: close\r\n\r\n", c.to.host, c.body);
	return processes_run(run, &c, false);
}
