// SPDX-License-Identifier: Apache-2.0
/* Log lines as somebody at the other end of a pipe, or at a terminal, sees them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

static char seen[4096];

/* Run `speak` with fd in the place of stderr; what it wrote is read from `from`. */
static void listen_to(void (*speak)(void), int fd, int from)
{
	int kept = dup(STDERR_FILENO);
	ssize_t n;

	fcntl(from, F_SETFL, O_NONBLOCK);
	dup2(fd, STDERR_FILENO);
	speak();
	dup2(kept, STDERR_FILENO);
	close(kept);
	n = read(from, seen, sizeof(seen) - 1);
	seen[n > 0 ? n : 0] = 0;
}

static void listen_by_pipe(void (*speak)(void))
{
	int pipes[2];

	check(pipe(pipes) == 0);
	listen_to(speak, pipes[1], pipes[0]);
	close(pipes[0]);
	close(pipes[1]);
}

static void speak_simply(void)
{
	log_line(CONF_LOG_WARN, "udp: port %u is %s", 2055, "busy");
}

static void speak_evil(void)
{
	log_line(CONF_LOG_ERROR, "link: %s", "a\nerror forged: b\x1b[2J\x7f\tz\xc3\xa9");
}

static void speak_long(void)
{
	char words[3000];

	memset(words, 'w', sizeof(words));
	words[sizeof(words) - 1] = 0;
	log_line(CONF_LOG_INFO, "%s", words);
	memset(words, 1, sizeof(words) - 1);
	log_line(CONF_LOG_INFO, "%s", words);
}

static void speak_at_all_levels(void)
{
	log_level(CONF_LOG_WARN);
	log_line(CONF_LOG_ERROR, "one");
	log_line(CONF_LOG_WARN, "two");
	log_line(CONF_LOG_INFO, "three");
	log_line(CONF_LOG_DEBUG, "four");
	log_level(CONF_LOG_DEBUG);
	log_line(CONF_LOG_DEBUG, "five");
}

static void line_is_level_and_words(void)
{
	listen_by_pipe(speak_simply);
	check(!strcmp(seen, "warn udp: port 2055 is busy\n"));
}

static void data_cannot_forge(void)
{
	listen_by_pipe(speak_evil);
	check(!strcmp(seen, "error link: a\\x0aerror forged: b\\x1b[2J\\x7f\\x09z\xc3\xa9\n"));
}

static void long_lines_are_cut(void)
{
	const char *end;

	listen_by_pipe(speak_long);
	end = strchr(seen, '\n');
	check(end && end - seen > 1000 && end - seen < 1100);
	check(end && strlen(end + 1) < 1100 && end[strlen(end) - 1] == '\n');
}

static void threshold_is_kept(void)
{
	listen_by_pipe(speak_at_all_levels);
	check(!strcmp(seen, "error one\nwarn two\ndebug five\n"));
}

/* "2026-11-25T01:35:34Z warn udp: ..." */
static void terminal_gets_the_time(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	const char *pattern = "dddd-dd-ddTdd:dd:ddZ warn udp: port 2055 is busy\r\n";
	bool same = true;

	check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0)
		skip("no terminals here");
	listen_to(speak_simply, slave, master);
	for (size_t i = 0; pattern[i] && same; i++)
		same = pattern[i] == 'd' && i < 20 ? seen[i] >= '0' && seen[i] <= '9'
						   : seen[i] == pattern[i];
	check(same);
	close(slave);
	close(master);
}

TESTS({ "a line is its level and the words",                   line_is_level_and_words },
      { "control characters in data cannot forge a line",       data_cannot_forge },
      { "a line too long is cut and still ends",                long_lines_are_cut },
      { "what is below the level is not said",                  threshold_is_kept },
      { "at a terminal the time comes first",                   terminal_gets_the_time })
