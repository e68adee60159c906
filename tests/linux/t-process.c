// SPDX-License-Identifier: Apache-2.0
/*
 * Supervision, and names asked of the helper. Each test runs processes_run in a process of
 * its own and hears of the children over a pipe.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/linux/helper.h"
#include "tests/test.h"

#define PATIENCE_MS 20000

struct stage {
	int say;			/* what children write, and the test reads */
	int hear;
	bool once;			/* children are not started again */
	int stuck;			/* while this pipe can be read, none can start */
};

/* --- children --------------------------------------------------------------------- */

static void say(const struct stage *s, int32_t number)
{
	if (write(s->say, &number, sizeof(number)) != sizeof(number))
		_exit(99);
}

/* Tells its pid, and runs until it is asked to stop; then ends with 7. */
static int run_loop(void *ctx, struct helper *helper)
{
	struct loop *l = loop_new();

	(void)helper;
	say(ctx, getpid());
	while (!loop_stopping(l))
		loop_turn(l, NM_MONO_NEVER);
	loop_free(l);
	return 7;
}

static int end_at_once(void *ctx, struct helper *helper)
{
	(void)helper;
	say(ctx, getpid());
	return 0;
}

static int find_bad_configuration(void *ctx, struct helper *helper)
{
	(void)helper;
	say(ctx, getpid());
	return 2;
}

/* The first one runs and is killed; the next cannot start until the pipe has been emptied. */
static int meet_an_obstacle(void *ctx, struct helper *helper)
{
	struct stage *s = ctx;
	struct pollfd p = { .fd = s->stuck, .events = POLLIN };

	(void)helper;
	if (poll(&p, 1, 0) == 0)
		return run_loop(ctx, helper);
	say(s, -2);
	return 2;
}

static int fail_always(void *ctx, struct helper *helper)
{
	(void)helper;
	say(ctx, getpid());
	return 1;
}

/* --- the parent, as a process of the test --------------------------------------------- */

static pid_t begin(struct stage *s, process_fn *child)
{
	int pipes[2];
	pid_t pid;

	check(pipe(pipes) == 0);
	s->hear = pipes[0];
	s->say = pipes[1];
	pid = fork();
	if (pid == 0) {
		log_level(CONF_LOG_ERROR);
		close(s->hear);
		if (!freopen("/dev/null", "w", stderr))
			_exit(98);
		_exit(processes_run(child, s, !s->once));
	}
	close(s->say);
	return pid;
}

/* What a child said; 0 when all of them are gone, -1 when none says anything. */
static int32_t hear(const struct stage *s)
{
	struct pollfd p = { .fd = s->hear, .events = POLLIN };
	int32_t number = 0;

	if (poll(&p, 1, PATIENCE_MS) <= 0)
		return -1;
	return read(s->hear, &number, sizeof(number)) == sizeof(number) ? number : 0;
}

static int status_of(pid_t pid)
{
	int status = -1;

	check(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* --- tests -------------------------------------------------------------------------------- */

static void killed_child_is_started_again(void)
{
	struct stage s = { 0 };
	pid_t parent = begin(&s, run_loop);
	int32_t first = hear(&s), second, third;

	check(first > 0 && kill(first, SIGKILL) == 0);
	second = hear(&s);
	check(second > 0 && second != first && kill(second, SIGSEGV) == 0);
	third = hear(&s);
	check(third > 0 && third != second);
	check(kill(parent, SIGTERM) == 0);
	check(status_of(parent) == 7);
	check(hear(&s) == 0);
	close(s.hear);
}

static void stop_reaches_the_child(void)
{
	static const int stops[] = { SIGTERM, SIGINT };

	for (unsigned i = 0; i < 2; i++) {
		struct stage s = { 0 };
		pid_t parent = begin(&s, run_loop);

		check(hear(&s) > 0);
		check(kill(parent, SIGHUP) == 0);
		check(kill(parent, stops[i]) == 0);
		check(status_of(parent) == 7);
		check(hear(&s) == 0);
		close(s.hear);
	}
}

static void child_ends_with_its_parent(void)
{
	struct stage s = { 0 };
	pid_t parent = begin(&s, run_loop);
	int status;

	check(hear(&s) > 0);
	check(kill(parent, SIGKILL) == 0);
	check(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
	check(hear(&s) == 0);		/* the end of the pipe: nobody holds it any more */
	close(s.hear);
}

static void some_ends_are_final(void)
{
	struct stage s = { 0 };
	pid_t parent = begin(&s, end_at_once);

	check(hear(&s) > 0 && status_of(parent) == 0 && hear(&s) == 0);
	close(s.hear);
	parent = begin(&s, find_bad_configuration);
	check(hear(&s) > 0 && status_of(parent) == 2 && hear(&s) == 0);
	close(s.hear);
}

static void passing_obstacles_are_waited_for(void)
{
	struct stage s = { 0 };
	int32_t first, second;
	int obstacle[2];
	pid_t parent;
	char byte;

	check(pipe(obstacle) == 0);
	s.stuck = obstacle[0];
	parent = begin(&s, meet_an_obstacle);
	first = hear(&s);
	check(first > 0 && write(obstacle[1], "x", 1) == 1);
	check(kill(first, SIGKILL) == 0);
	check(hear(&s) == -2 && hear(&s) == -2);
	check(read(obstacle[0], &byte, 1) == 1);
	while ((second = hear(&s)) == -2)
		;
	check(second > 0 && second != first);
	check(kill(parent, SIGTERM) == 0);
	check(status_of(parent) == 7);
	close(s.hear);
	close(obstacle[0]);
	close(obstacle[1]);
}

static void once_is_once(void)
{
	struct stage s = { .once = true };
	pid_t parent = begin(&s, fail_always);

	check(hear(&s) > 0 && status_of(parent) == 1 && hear(&s) == 0);
	close(s.hear);
}

static void stop_between_two_starts(void)
{
	struct stage s = { 0 };
	pid_t parent = begin(&s, fail_always);

	check(hear(&s) > 0 && hear(&s) > 0 && hear(&s) > 0);
	check(kill(parent, SIGTERM) == 0);
	check(status_of(parent) == 1);
	close(s.hear);
}

/* --- names ---------------------------------------------------------------------------------- */

static enum nm_err ask(struct helper *helper, const char *name, struct helper_answer *answer)
{
	struct helper_question question = { .duty = DUTY_RESOLVE };
	struct pollfd p = { .events = POLLIN };
	char why[NM_WHY];
	int came;

	snprintf(question.text, sizeof(question.text), "%s", name);
	p.fd = helper_ask(helper, &question, why);
	if (p.fd < 0 || poll(&p, 1, PATIENCE_MS) <= 0)
		return NM_TIMEOUT;
	came = helper_answer(p.fd, answer);
	close(p.fd);
	return came == 1 ? (enum nm_err)answer->err : NM_CLOSED;
}

static bool has(const struct helper_answer *answer, const char *text)
{
	struct addr wanted;

	if (addr_parse(text, &wanted))
		return false;
	for (unsigned i = 0; i < answer->addresses; i++) {
		if (addr_same(&answer->address[i], &wanted))
			return true;
	}
	return false;
}

/* Returns 0 through the parent when all is well: status 2 is final as well. */
static int ask_names(void *ctx, struct helper *helper)
{
	struct helper_answer a;

	(void)ctx;
	check(ask(helper, "localhost", &a) == NM_OK && has(&a, "127.0.0.1"));
	check(ask(helper, "192.0.2.7", &a) == NM_OK && a.addresses == 1 && has(&a, "192.0.2.7"));
	check(ask(helper, "2001:db8::7", &a) == NM_OK && has(&a, "2001:db8::7"));
	check(ask(helper, "nowhere.invalid", &a) == NM_RESOLVE);
	check(strstr(a.why, "nowhere.invalid does not resolve: ") != NULL);
	for (int i = 0; i < 20; i++)	/* one after the other: none is left behind */
		check(ask(helper, "192.0.2.8", &a) == NM_OK);
	return test_bad ? 2 : 0;
}

static int ask_many_at_once(void *ctx, struct helper *helper)
{
	struct helper_question question = { .duty = DUTY_RESOLVE, .text = "192.0.2.9" };
	struct helper_answer a;
	struct pollfd p[30];
	char why[NM_WHY];

	(void)ctx;
	for (unsigned i = 0; i < 30; i++)
		p[i] = (struct pollfd){ helper_ask(helper, &question, why), POLLIN, 0 };
	for (unsigned i = 0; i < 30; i++) {
		check(poll(&p[i], 1, PATIENCE_MS) == 1);
		check(helper_answer(p[i].fd, &a) == 1 && has(&a, "192.0.2.9"));
	}
	return test_bad ? 2 : 0;
}

/* Garbage from a child that was taken over must not end its parent. */
static int ask_nonsense(void *ctx, struct helper *helper)
{
	struct helper_question question = { .duty = 12345 };
	struct helper_answer a;
	char why[NM_WHY];
	int fd;

	(void)ctx;
	check(write(helper->fd, "?", 1) == 1);
	fd = helper_ask(helper, &question, why);
	check(poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, PATIENCE_MS) == 1);
	check(helper_answer(fd, &a) == -1);
	question.duty = DUTY_RESOLVE;
	memset(question.text, 'x', sizeof(question.text));
	fd = helper_ask(helper, &question, why);
	check(poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, PATIENCE_MS) == 1);
	check(helper_answer(fd, &a) == -1);
	check(ask(helper, "192.0.2.7", &a) == NM_OK);
	return test_bad ? 2 : 0;
}

/* When the parent is gone and the kernel did not tell. */
static void gone_helper_is_a_stop(void)
{
	struct helper_question question = { .duty = DUTY_RESOLVE, .text = "192.0.2.7" };
	struct loop *l = loop_new();
	struct helper helper;
	char why[NM_WHY] = "";
	int pair[2];

	check(helper_pair(pair) == 0);
	close(pair[0]);
	helper.fd = pair[1];
	check(helper_ask(&helper, &question, why) == -1);
	check(strstr(why, "the helper cannot be asked: ") != NULL);
	loop_turn(l, NM_MONO_NEVER);
	check(loop_stopping(l));
	close(pair[1]);
	loop_free(l);
}

static void names_resolve(void)
{
	struct stage s = { 0 };

	check(status_of(begin(&s, ask_names)) == 0);
	close(s.hear);
}

static void questions_queue(void)
{
	struct stage s = { 0 };

	check(status_of(begin(&s, ask_many_at_once)) == 0);
	close(s.hear);
}

static void nonsense_is_survived(void)
{
	struct stage s = { 0 };

	check(status_of(begin(&s, ask_nonsense)) == 0);
	close(s.hear);
}

TESTS({ "a child that was killed is started again",             killed_child_is_started_again },
      { "a request to stop reaches the child, whose status counts", stop_reaches_the_child },
      { "a child ends with its parent",                          child_ends_with_its_parent },
      { "a clean end and a bad configuration are final",         some_ends_are_final },
      { "what keeps a later child from starting is waited for",  passing_obstacles_are_waited_for },
      { "a child that runs once is not started again",           once_is_once },
      { "a stop between two starts is obeyed",                   stop_between_two_starts },
      { "names and addresses resolve, unknown names do not",     names_resolve },
      { "more questions than duties wait for their turn",        questions_queue },
      { "nonsense from a child is survived",                     nonsense_is_survived },
      { "a helper that is gone is a request to stop",            gone_helper_is_a_stop })
