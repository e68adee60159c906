// SPDX-License-Identifier: Apache-2.0
/* The loop: what callbacks may do to each other's descriptors, and signals. */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

static nm_mono soon(void)
{
	return mono_plus(clock_mono(), 10 * (int64_t)NM_NS_PER_S);
}

struct counter {
	struct loop *loop;
	int fd;
	unsigned calls, ready;
	struct counter *victim;		/* whose descriptor is replaced */
	int heir[2];			/* the pair that takes its number */
};

static void count_call(void *ctx, unsigned ready)
{
	struct counter *c = ctx;

	c->calls++;
	c->ready = ready;
}

/* Forget and close the other one's descriptor, then open and watch another of that number. */
static void replace_victim(void *ctx, unsigned ready)
{
	struct counter *c = ctx, *victim = c->victim;
	char byte;

	count_call(ctx, ready);
	check(read(c->fd, &byte, 1) == 1);
	if (victim->fd < 0)
		return;
	check(loop_watch(c->loop, victim->fd, 0, NULL, NULL) == NM_OK);
	close(victim->fd);
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, c->heir) == 0);
	check(c->heir[0] == victim->fd);
	victim->fd = -1;
	check(loop_watch(c->loop, c->heir[0], LOOP_READ, count_call, c->victim) == NM_OK);
}

static void readiness_is_told(void)
{
	struct loop *l = loop_new();
	struct counter c = { .loop = l };
	int pair[2];

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	check(loop_watch(l, pair[0], LOOP_READ | LOOP_WRITE, count_call, &c) == NM_OK);
	loop_turn(l, soon());
	check(c.calls == 1 && c.ready == LOOP_WRITE);
	check(loop_watch(l, pair[0], LOOP_READ, count_call, &c) == NM_OK);
	check(write(pair[1], "x", 1) == 1);
	loop_turn(l, soon());
	check(c.calls == 2 && c.ready == LOOP_READ);
	check(loop_watch(l, pair[0], 0, NULL, NULL) == NM_OK);
	loop_turn(l, clock_mono());
	check(c.calls == 2);
	close(pair[0]);
	close(pair[1]);
	loop_free(l);
}

static void hang_up_reaches_the_writer(void)
{
	struct loop *l = loop_new();
	struct counter c = { .loop = l };
	int pipes[2];

	check(pipe(pipes) == 0);
	close(pipes[0]);
	check(loop_watch(l, pipes[1], LOOP_WRITE, count_call, &c) == NM_OK);
	loop_turn(l, soon());
	check(c.calls == 1 && c.ready == LOOP_WRITE);
	close(pipes[1]);
	loop_free(l);
}

/* Whichever of two ready descriptors comes first replaces the other: its event is stale. */
static void stale_events_are_dropped(void)
{
	struct loop *l = loop_new();
	struct counter a = { .loop = l }, b = { .loop = l };
	int first[2], second[2];

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, first) == 0);
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, second) == 0);
	a.fd = first[0];
	b.fd = second[0];
	a.victim = &b;
	b.victim = &a;
	check(write(first[1], "x", 1) == 1 && write(second[1], "x", 1) == 1);
	check(loop_watch(l, a.fd, LOOP_READ, replace_victim, &a) == NM_OK);
	check(loop_watch(l, b.fd, LOOP_READ, replace_victim, &b) == NM_OK);
	loop_turn(l, soon());
	check(a.calls + b.calls == 1);
	loop_turn(l, clock_mono());
	check(a.calls + b.calls == 1);
	loop_free(l);
}

static void closed_numbers_come_back(void)
{
	struct loop *l = loop_new();
	struct counter c = { .loop = l };
	int pair[2], again[2];

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	check(loop_watch(l, pair[0], LOOP_READ, count_call, &c) == NM_OK);
	close(pair[0]);			/* without telling the loop */
	check(socketpair(AF_UNIX, SOCK_STREAM, 0, again) == 0);
	check(again[0] == pair[0]);
	check(loop_watch(l, again[0], LOOP_READ, count_call, &c) == NM_OK);
	check(write(again[1], "x", 1) == 1);
	loop_turn(l, soon());
	check(c.calls == 1);
	check(loop_watch(l, -1, LOOP_READ, count_call, &c) == NM_FULL);
	check(loop_watch(l, 100000, LOOP_READ, count_call, &c) == NM_FULL);
	loop_free(l);
}

static void signals_are_noted(void)
{
	struct loop *l = loop_new();
	int pipes[2];

	log_level(CONF_LOG_WARN);	/* SIGHUP is worth a line to others */
	check(pipe(pipes) == 0);
	close(pipes[0]);
	check(write(pipes[1], "x", 1) == -1);	/* SIGPIPE would have ended us */
	check(kill(getpid(), SIGHUP) == 0);
	loop_turn(l, soon());
	check(!loop_stopping(l));
	check(kill(getpid(), SIGTERM) == 0);
	loop_turn(l, soon());
	check(loop_stopping(l));
	loop_free(l);
	l = loop_new();
	check(!loop_stopping(l));
	check(kill(getpid(), SIGINT) == 0);
	loop_turn(l, NM_MONO_NEVER);
	check(loop_stopping(l));
	loop_free(l);
}

TESTS({ "readiness is told to who watches, until it is forgotten",   readiness_is_told },
      { "a hang-up reaches who waits to write",                       hang_up_reaches_the_writer },
      { "an event of a replaced descriptor reaches nobody",           stale_events_are_dropped },
      { "a number that was closed and opened again can be watched",   closed_numbers_come_back },
      { "SIGTERM and SIGINT stop, SIGHUP and SIGPIPE do not",         signals_are_noted })
