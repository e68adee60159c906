// SPDX-License-Identifier: Apache-2.0
/*
 * Two processes: the parent keeps the rights, answers the few questions that need them and
 * starts the child again when it dies; the child runs the loop. They end together: the
 * parent passes on the request to stop and ends with the child's status, and the kernel
 * sends the child that request when the parent is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/linux/helper.h"

#define STATUS_CONFIGURATION 2		/* of the first child: starting it again would not help */
#define PAUSE_FIRST_NS (100 * (int64_t)NM_NS_PER_MS)
#define PAUSE_LAST_NS  (10 * (int64_t)NM_NS_PER_S)
#define STABLE_NS      (60 * (int64_t)NM_NS_PER_S)
#define DUTIES_AT_ONCE 8

struct supervisor {
	process_fn *child;
	void *ctx;
	int signals;
	int questions;			/* our end of the pair; -1: no child */
	pid_t pid;			/* 0: no child */
	unsigned starts;
	nm_mono started, start_at;
	int64_t pause_ns;
	unsigned duties;		/* answered just now */
	bool stopping, done;
	bool once;			/* it is never started again */
	int status;
};

/* --- the child ---------------------------------------------------------------- */

static void be_child(struct supervisor *s, int question_fd, pid_t parent)
{
	struct helper helper = { question_fd };
	int status;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)	/* it died before the line above */
		raise(SIGTERM);
	close(s->signals);
	status = s->child(s->ctx, &helper);
	close(question_fd);
	exit(status);
}

static void start(struct supervisor *s)
{
	pid_t parent = getpid();
	int pair[2];

	s->started = clock_mono();
	s->starts++;
	s->pid = -1;
	if (helper_pair(pair) == 0) {
		fflush(NULL);		/* or the child writes it once more */
		s->pid = fork();
		if (s->pid == 0) {
			close(pair[0]);
			be_child(s, pair[1], parent);
		}
		close(pair[1]);
		s->questions = pair[0];
	}
	if (s->pid < 0) {
		log_line(CONF_LOG_ERROR, "supervisor: no process can be started: %s",
			 strerror(errno));
		s->status = 1;
		s->done = true;
	}
}

/*
 * A clean end, and a configuration that nothing ever ran with. Where an earlier child came
 * further, the same status has a cause that may pass: a full disk, a file of somebody else.
 */
static bool is_final(const struct supervisor *s)
{
	return s->status == 0 || (s->status == STATUS_CONFIGURATION && s->starts == 1);
}

static void ended(struct supervisor *s, int wait_status)
{
	bool killed = WIFSIGNALED(wait_status);
	int number = killed ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
	bool ran_well = mono_since(clock_mono(), s->started) >= STABLE_NS;

	s->pid = 0;
	close(s->questions);
	s->questions = -1;
	s->status = killed ? 128 + number : number;
	s->done = s->stopping || s->once || is_final(s);
	if (s->done)
		return;
	s->pause_ns = ran_well || !s->pause_ns ? PAUSE_FIRST_NS : s->pause_ns * 2;
	if (s->pause_ns > PAUSE_LAST_NS)
		s->pause_ns = PAUSE_LAST_NS;
	s->start_at = mono_plus(clock_mono(), s->pause_ns);
	log_line(CONF_LOG_ERROR, "supervisor: the loop ended by %s %d; starting it again in %d ms",
		 killed ? "signal" : "status", number, (int)(s->pause_ns / NM_NS_PER_MS));
}

/* --- what the parent waits for -------------------------------------------------- */

static void reap(struct supervisor *s)
{
	int wait_status;
	pid_t pid;

	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		if (pid == s->pid)
			ended(s, wait_status);
		else if (s->duties)
			s->duties--;
	}
}

static void pass_on(struct supervisor *s, int number)
{
	s->stopping = s->stopping || number != SIGHUP;
	if (s->pid)
		kill(s->pid, number);
	else if (s->stopping) {		/* between two starts: there is nothing to wait for */
		s->done = true;
		s->status = 1;
	}
}

static void got_signal(struct supervisor *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(s);
		else
			pass_on(s, (int)info.ssi_signo);
	}
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	/* Blocked in the child too: what comes before its loop is ready waits there. */
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);	/* a log that nobody reads any more is no reason to end */
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Milliseconds until the next start; -1: none is due. */
static int until_start(const struct supervisor *s)
{
	int64_t ns = mono_since(s->start_at, clock_mono());

	if (s->pid)
		return -1;
	return ns > 0 ? (int)(ns / NM_NS_PER_MS) + 1 : 0;
}

static void turn(struct supervisor *s)
{
	bool free_hands = s->duties < DUTIES_AT_ONCE;
	struct pollfd wait[2] = {
		{ .fd = s->signals, .events = POLLIN },
		{ .fd = free_hands ? s->questions : -1, .events = POLLIN },
	};

	if (poll(wait, 2, until_start(s)) < 0)
		return;
	if (wait[1].revents & POLLIN && helper_serve(s->questions))
		s->duties++;
	if (wait[0].revents)
		got_signal(s);
	if (!s->pid && !s->done && mono_reached(clock_mono(), s->start_at))
		start(s);
}

int processes_run(process_fn *child, void *ctx, bool again)
{
	struct supervisor s = { .child = child, .ctx = ctx, .questions = -1, .once = !again };

	s.signals = open_signals();
	if (s.signals < 0) {
		log_line(CONF_LOG_ERROR, "supervisor: %s", strerror(errno));
		return 1;
	}
	start(&s);
	while (!s.done)
		turn(&s);
	close(s.signals);
	return s.status;
}
