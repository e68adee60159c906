// SPDX-License-Identifier: Apache-2.0
/*
 * The loop: epoll, with signals as one more descriptor. A callback may forget, close and
 * watch descriptors freely: an event that was fetched for an earlier use of a number is
 * told from a new one by the generation it carries, and dropped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "platform/platform.h"

#define DESCRIPTORS 256			/* numbers below this one can be watched */
#define EVENTS      16			/* fetched at once */

struct watch {
	loop_fn *fn;			/* NULL: not watched */
	void *ctx;
	uint32_t generation;
	unsigned what;
};

struct loop {
	int epoll, signals;
	bool stopping;
	struct watch watches[DESCRIPTORS];
};

static void got_signal(void *ctx, unsigned ready)
{
	struct loop *l = ctx;
	struct signalfd_siginfo info;

	(void)ready;
	while (read(l->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			log_line(CONF_LOG_INFO, "loop: SIGHUP ignored; restart to read the file");
		else
			l->stopping = true;
	}
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);	/* a write to a closed connection says EPIPE */
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

struct loop *loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->signals = open_signals();
	if (l->epoll < 0 || l->signals < 0 ||
	    loop_watch(l, l->signals, LOOP_READ, got_signal, l)) {
		loop_free(l);
		return NULL;
	}
	return l;
}

static enum nm_err forget(struct loop *l, int fd)
{
	l->watches[fd].fn = NULL;
	/* A descriptor that was closed is forgotten by the kernel already. */
	if (epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL) < 0 && errno != ENOENT && errno != EBADF)
		return NM_IO;
	return NM_OK;
}

enum nm_err loop_watch(struct loop *l, int fd, unsigned what, loop_fn *fn, void *ctx)
{
	struct epoll_event event = { .events = 0 };
	struct watch *w;

	if (fd < 0 || fd >= DESCRIPTORS)
		return NM_FULL;
	w = &l->watches[fd];
	if (!what)
		return forget(l, fd);
	if (w->fn != fn || w->ctx != ctx)
		w->generation++;
	*w = (struct watch){ fn, ctx, w->generation, what };
	if (what & LOOP_READ)
		event.events |= EPOLLIN | EPOLLRDHUP;
	if (what & LOOP_WRITE)
		event.events |= EPOLLOUT;
	event.data.u64 = (uint64_t)w->generation << 32 | (uint32_t)fd;
	/* The number may be the one of a closed descriptor: then the kernel does not know it. */
	if (epoll_ctl(l->epoll, EPOLL_CTL_MOD, fd, &event) == 0 ||
	    (errno == ENOENT && epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) == 0))
		return NM_OK;
	w->fn = NULL;
	return NM_IO;
}

/* Whole milliseconds, rounded up: waking early would only mean waiting again. */
static int milliseconds_until(nm_mono until)
{
	int64_t ns = mono_since(until, clock_mono());

	if (until.ns == NM_MONO_NEVER.ns)
		return -1;
	if (ns <= 0)
		return 0;
	ns = (ns - 1) / NM_NS_PER_MS + 1;
	return ns < INT_MAX ? (int)ns : INT_MAX;
}

static void call_back(struct loop *l, const struct epoll_event *event)
{
	const struct watch *w = &l->watches[(uint32_t)event->data.u64];
	uint32_t generation = (uint32_t)(event->data.u64 >> 32);
	uint32_t broken = EPOLLERR | EPOLLHUP;
	unsigned ready = 0;

	if (!w->fn || w->generation != generation)
		return;
	if (event->events & (EPOLLIN | EPOLLRDHUP | broken))
		ready |= LOOP_READ;
	if (event->events & (EPOLLOUT | broken))
		ready |= LOOP_WRITE;
	if (ready & w->what)
		w->fn(w->ctx, ready & w->what);
}

void loop_turn(struct loop *l, nm_mono until)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(l->epoll, events, EVENTS, milliseconds_until(until));

	for (int i = 0; i < n; i++)
		call_back(l, &events[i]);
}

bool loop_stopping(const struct loop *l)
{
	return l->stopping;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	if (l->signals >= 0)
		close(l->signals);
	if (l->epoll >= 0)
		close(l->epoll);
	free(l);
}
