// SPDX-License-Identifier: Apache-2.0
/* The control socket: clients of every temper, and what may lie at its path. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

#define LARGE 200000

static char folder[64], path[128];
static char answer_text[LARGE + 100];

static size_t answer(void *ctx, const char *request, char *at, size_t size)
{
	unsigned *requests = ctx;

	++*requests;
	if (!strcmp(request, "large")) {
		memset(at, 'L', LARGE);
		return LARGE;
	}
	return (size_t)snprintf(at, size, "you said %s", request);
}

static void begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/t-control-XXXXXX");
	check(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/run/control", folder);
}

static void end(void)
{
	unlink(path);
	snprintf(path, sizeof(path), "%s/run", folder);
	rmdir(path);
	check(rmdir(folder) == 0);
}

static int knock(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(at.sun_path, path, strlen(path));
	check(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	return fd;
}

/* Ask in another process, which tells by its status; serve meanwhile. */
static bool asks(struct loop *l, const char *request, const char *wanted)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		char why[NM_WHY];
		enum nm_err err = control_ask(path, request, answer_text, sizeof(answer_text), why);

		_exit(err || strcmp(answer_text, wanted) ? 1 : 0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		loop_turn(l, mono_plus(clock_mono(), NM_NS_PER_MS));
	return status == 0;
}

static void answers_come_whole(void)
{
	struct loop *l = loop_new();
	unsigned requests = 0;
	char why[NM_WHY] = "", *large = calloc(1, LARGE + 1);
	struct control *c;
	struct stat st;

	begin();
	c = control_listen(path, "nobody", answer, &requests, why);
	if (!check(c) || !check(control_watch(c, l) == NM_OK))
		return;
	check(stat(path, &st) == 0 && (st.st_mode & 07777) == 0660);
	if (geteuid() == 0)
		check(st.st_uid != 0);
	check(asks(l, "status", "you said status"));
	check(asks(l, "status", "you said status"));
	memset(large, 'L', LARGE);
	check(asks(l, "large", large));
	check(requests == 3);
	free(large);
	control_close(c);
	check(access(path, F_OK) < 0);
	loop_free(l);
	end();
}

/* Clients that never ask, that leave, that send too much, more of them than places. */
static void bad_clients_stop_nobody(void)
{
	static char block[1000];
	struct loop *l = loop_new();
	unsigned requests = 0;
	char why[NM_WHY] = "";
	struct control *c;
	int silent[20];

	begin();
	c = control_listen(path, "", answer, &requests, why);
	if (!check(c) || !check(control_watch(c, l) == NM_OK))
		return;
	for (int i = 0; i < 20; i++) {
		silent[i] = knock();
		loop_turn(l, clock_mono());
	}
	check(asks(l, "status", "you said status"));
	memset(block, 'x', sizeof(block));
	check(send(silent[19], block, sizeof(block), 0) == sizeof(block));
	check(send(silent[18], "large\n", 6, 0) == 6);	/* and never reads */
	check(asks(l, "still there", "you said still there"));
	for (int i = 0; i < 20; i++)
		close(silent[i]);
	check(asks(l, "and now", "you said and now"));
	control_close(c);
	loop_free(l);
	end();
}

static void socket_of_a_killed_agent_is_replaced(void)
{
	struct control *c;
	char why[NM_WHY] = "";
	unsigned requests = 0;
	pid_t pid;

	begin();
	pid = fork();
	if (pid == 0)
		_exit(control_listen(path, "", answer, &requests, why) ? 0 : 1);
	check(waitpid(pid, NULL, 0) == pid && access(path, F_OK) == 0);
	check(control_ask(path, "status", answer_text, sizeof(answer_text), why) == NM_IO);
	check(strstr(why, "no agent answers at /tmp/t-control-") != NULL);
	c = control_listen(path, "", answer, &requests, why);
	check(c != NULL);
	check(control_listen(path, "", answer, &requests, why) == NULL);
	check(strstr(why, "another process answers at") != NULL);
	control_close(c);
	end();
}

static void foreign_file_is_left_alone(void)
{
	char why[NM_WHY] = "";
	unsigned requests = 0;
	struct stat st;
	int fd;

	begin();
	snprintf(path, sizeof(path), "%s/control", folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	check(write(fd, "precious", 8) == 8);
	close(fd);
	check(control_listen(path, "", answer, &requests, why) == NULL);
	check(strstr(why, "is not a socket") != NULL);
	check(stat(path, &st) == 0 && st.st_size == 8);
	end();
}

static void long_path_is_refused(void)
{
	char why[NM_WHY] = "", name[200];
	unsigned requests = 0;

	memset(name, 'p', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = 0;
	check(control_listen(name, "", answer, &requests, why) == NULL);
	check(strstr(why, "longer than a socket's path may be") != NULL);
}

TESTS({ "answers come whole, however large",                     answers_come_whole },
      { "silent, greedy and talkative clients stop nobody",       bad_clients_stop_nobody },
      { "the socket of a killed agent is replaced, of a living one not",
	socket_of_a_killed_agent_is_replaced },
      { "a file that is no socket is left alone",                 foreign_file_is_left_alone },
      { "a path too long for a socket is refused",                long_path_is_refused })
