// SPDX-License-Identifier: Apache-2.0
/* Reading, mapping and locking files, and the machine's id. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/platform.h"
#include "tests/test.h"

static char folder[64];			/* of this test; removed at its end */
static char path[128];

static void begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/t-file-XXXXXX");
	check(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/run/spool", folder);
}

static void end(void)
{
	unlink(path);
	snprintf(path, sizeof(path), "%s/run", folder);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/target", folder);
	unlink(path);
	check(rmdir(folder) == 0);
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	check(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void reads_whole(void)
{
	char text[8], why[NM_WHY] = "";
	size_t len = 99;

	begin();
	snprintf(path, sizeof(path), "%s/target", folder);
	write_file(path, "1234567");
	check(file_read(path, text, sizeof(text), &len, why) == NM_OK);
	check(len == 7 && !strcmp(text, "1234567"));
	write_file(path, "12345678");
	check(file_read(path, text, sizeof(text), &len, why) == NM_FULL);
	check(strstr(why, "larger than 7 bytes") != NULL);
	write_file(path, "");
	check(file_read(path, text, sizeof(text), &len, why) == NM_OK && len == 0 && !*text);
	unlink(path);
	check(file_read(path, text, sizeof(text), &len, why) == NM_IO);
	check(strstr(why, "/target: No such file or directory") != NULL);
	check(file_read("/tmp", text, sizeof(text), &len, why) == NM_IO);
	end();
}

static bool all_zero(const struct mapping *m)
{
	const uint8_t *bytes = m->at;

	for (size_t i = 0; i < m->size; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static void new_file_is_zero_and_private(void)
{
	struct mapping m;
	char why[NM_WHY] = "";
	struct stat st;

	begin();
	check(file_map(path, 100000, "nobody", &m, why) == NM_OK);
	check(m.is_new && m.size == 100000 && all_zero(&m));
	check(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 && st.st_size == 100000);
	check(st.st_blocks * 512 >= 100000);	/* reserved, not a hole */
	if (geteuid() == 0)
		check(st.st_uid != 0);
	*strrchr(path, '/') = 0;
	check(stat(path, &st) == 0 && (st.st_mode & 07777) == 0750);
	if (geteuid() == 0)
		check(st.st_uid != 0);
	strcat(path, "/spool");
	file_unmap(&m);
	check(m.fd == -1 && !m.at);
	end();
}

static void contents_and_size_stay(void)
{
	struct mapping m;
	char why[NM_WHY] = "";

	begin();
	check(file_map(path, 8192, "", &m, why) == NM_OK);
	memcpy((char *)m.at + 8000, "kept", 5);
	file_unmap(&m);
	check(file_map(path, 65536, "", &m, why) == NM_OK);
	check(!m.is_new && m.size == 8192);
	check(!strcmp((char *)m.at + 8000, "kept"));
	check(file_remap(&m, 65536, why) == NM_OK);
	check(m.is_new && m.size == 65536 && all_zero(&m));
	file_unmap(&m);
	check(file_map(path, 1, "", &m, why) == NM_OK && m.size == 65536 && !m.is_new);
	file_unmap(&m);
	end();
}

static void empty_file_is_new(void)
{
	struct mapping m;
	char why[NM_WHY] = "";

	begin();
	check(file_map(path, 4096, "", &m, why) == NM_OK);
	file_unmap(&m);
	write_file(path, "");
	check(file_map(path, 4096, "", &m, why) == NM_OK);
	check(m.is_new && m.size == 4096);
	file_unmap(&m);
	end();
}

static void second_process_is_locked_out(void)
{
	struct mapping m, other;
	char why[NM_WHY] = "";
	int status;
	pid_t pid;

	begin();
	check(file_map(path, 4096, "", &m, why) == NM_OK);
	pid = fork();
	if (pid == 0)
		_exit(file_map(path, 4096, "", &other, why) == NM_LOCKED &&
		      strstr(why, "in use by another process") ? 0 : 1);
	check(waitpid(pid, &status, 0) == pid && status == 0);
	file_unmap(&m);
	check(file_map(path, 4096, "", &m, why) == NM_OK);
	file_unmap(&m);
	end();
}

/* What a less trusted user could put where root maps a file. */
static void tricks_are_refused(void)
{
	struct mapping m;
	char why[NM_WHY] = "", target[128];
	struct stat st;

	begin();
	snprintf(target, sizeof(target), "%s/target", folder);
	write_file(target, "precious");
	check(file_map(path, 4096, "", &m, why) == NM_OK);	/* makes the folder */
	file_unmap(&m);
	unlink(path);
	check(symlink(target, path) == 0);
	check(file_map(path, 4096, "nobody", &m, why) == NM_IO);
	unlink(path);
	check(link(target, path) == 0);
	check(file_map(path, 4096, "nobody", &m, why) == NM_FOREIGN);
	unlink(path);
	check(mkfifo(path, 0600) == 0);
	check(file_map(path, 4096, "nobody", &m, why) == NM_FOREIGN);
	check(stat(target, &st) == 0 && st.st_size == 8 && st.st_uid == geteuid());
	end();
}

static void no_room_leaves_nothing(void)
{
	struct rlimit limit, small;
	struct mapping m;
	char why[NM_WHY] = "";

	begin();
	check(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	small = limit;
	small.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	check(setrlimit(RLIMIT_FSIZE, &small) == 0);
	check(file_map(path, 1000000, "", &m, why) == NM_IO);
	check(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	check(strstr(why, "File too large") && m.fd == -1);
	check(access(path, F_OK) < 0);
	end();
}

static void id_is_stable_and_plain(void)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	char id[64], again[64];

	machine_id(id);
	machine_id(again);
	check(!strcmp(id, again));
	check(strlen(id) > 9 && id[strlen(id) - 9] == '-');
	check(strspn(id, fine) == strlen(id));
}

TESTS({ "a small file is read whole or refused whole",           reads_whole },
      { "a new file is zeros, reserved, and the user's alone",    new_file_is_zero_and_private },
      { "contents and size stay until the file is remade",        contents_and_size_stay },
      { "an empty file counts as new",                            empty_file_is_new },
      { "a second process is locked out",                         second_process_is_locked_out },
      { "links and pipes in the place of the file are refused",   tricks_are_refused },
      { "when there is no room no file is left",                  no_room_leaves_nothing },
      { "the machine's id is stable and plain",                   id_is_stable_and_plain })
