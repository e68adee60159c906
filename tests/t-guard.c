// SPDX-License-Identifier: Apache-2.0
/* The fence that the other tests rely on: it stands where guard.h says, for every length. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guard.h"
#include "tests/test.h"

/* Does reading this byte end a process? */
static int deadly(const volatile unsigned char *at)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);	/* a sanitizer would write a report, */
		close(STDERR_FILENO);		/* and an emulator a line */
		_exit(*at & 0);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

static void the_last_byte_is_the_last(void)
{
	static const size_t lengths[] = { 1, 2, 63, 4096, 65535, 65536, GUARD_ROOM };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const unsigned char *at = guarded_room(lengths[i]);

		check(!deadly(at));
		check(!deadly(at + lengths[i] - 1));
		check(deadly(at + lengths[i]));
	}
}

static void no_bytes_at_all(void)
{
	check(deadly(guarded(NULL, 0)));
}

static void the_copy_is_faithful(void)
{
	check(!memcmp(guarded("netmeta", 7), "netmeta", 7));
}

TESTS({ "one byte past the end is deadly", the_last_byte_is_the_last },
      { "an empty window ends at the fence", no_bytes_at_all },
      { "guarded bytes are a copy", the_copy_is_faithful })
