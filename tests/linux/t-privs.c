// SPDX-License-Identifier: Apache-2.0
/* What /proc says of a process that gave up its rights. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

static char status[8192];

static void read_status(void)
{
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = read(fd, status, sizeof(status) - 1);

	close(fd);
	status[n > 0 ? n : 0] = 0;
}

/* The line that begins with `name:` says just this. */
static bool says(const char *name, const char *value)
{
	char line[128];

	snprintf(line, sizeof(line), "\n%s:\t%s\n", name, value);
	return strstr(status, line) != NULL;
}

static int check_nobody(void)
{
	static const char none[] = "0000000000000000";
	char why[NM_WHY] = "";

	check(rights_drop("nobody", why) == NM_OK);
	read_status();
	check(says("CapInh", none) && says("CapPrm", none) && says("CapEff", none));
	check(says("CapAmb", none) && says("CapBnd", none));
	check(says("NoNewPrivs", "1"));
	check(says("Uid", "65534\t65534\t65534\t65534"));
	check(says("Groups", " "));
	check(prctl(PR_GET_DUMPABLE) == 0);
	check(setuid(0) < 0 && setgid(0) < 0);
	check(open("/etc/shadow", O_RDONLY) < 0);
	return test_bad != 0;
}

static int check_same_user(void)
{
	static const char none[] = "0000000000000000";
	char why[NM_WHY] = "";

	check(rights_drop("", why) == NM_OK);
	read_status();
	check(says("CapPrm", none) && says("CapEff", none) && says("CapAmb", none));
	check(says("NoNewPrivs", "1"));
	check(rights_drop("", why) == NM_OK);	/* nothing left to give up */
	return test_bad != 0;
}

static int check_unknown(void)
{
	char why[NM_WHY] = "";

	check(rights_drop("no-such-user", why) == NM_MISSING);
	check(!strcmp(why, "user no-such-user does not exist on this machine"));
	return test_bad != 0;
}

static int check_death_wish(void)
{
	char why[NM_WHY] = "";
	int wish = -1;

	check(prctl(PR_SET_PDEATHSIG, SIGTERM) == 0);
	check(rights_drop("nobody", why) == NM_OK);
	check(prctl(PR_GET_PDEATHSIG, &wish) == 0 && wish == SIGTERM);
	return test_bad != 0;
}

static void in_process(int (*run)(void))
{
	int ended = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int bad = run();

		fflush(stdout);
		_exit(bad);
	}
	check(waitpid(pid, &ended, 0) == pid && ended == 0);
}

static void root_becomes_nobody(void)
{
	if (geteuid() != 0)
		skip("not root");
	in_process(check_nobody);
}

static void rights_go_without_a_user(void)
{
	in_process(check_same_user);
}

static void unknown_user_is_refused(void)
{
	if (geteuid() != 0)
		skip("not root");
	in_process(check_unknown);
}

static void wish_to_end_survives(void)
{
	in_process(check_death_wish);
}

TESTS({ "root becomes nobody, without any right or a way back",    root_becomes_nobody },
      { "without a user only the rights go",                        rights_go_without_a_user },
      { "an unknown user is refused by name",                       unknown_user_is_refused },
      { "the wish to end with the parent survives",                 wish_to_end_survives })
