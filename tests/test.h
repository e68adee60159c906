/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test program is a table of named functions, and the name is a sentence that is true when the
 * function is content:
 *
 *	TESTS({ "an empty datagram is refused", empty },
 *	      { "every truncation is safe",     truncations })
 *
 * check() counts what is false and says where; skip() leaves a test that this machine cannot run.
 * The last line sums up. A single test is run by naming a part of its sentence as the argument.
 */
#ifndef NM_TEST_H
#define NM_TEST_H

#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};

static int test_bad;			/* failed checks of the running test */
static const char *test_skipped;	/* why the running test cannot be run here */

/* True when cond is, so that a test can return early: if (!check(p)) return; */
#define check(cond) test_check((cond) ? 1 : 0, __FILE__, __LINE__, #cond)

#define skip(reason)                     \
	do {                             \
		test_skipped = (reason); \
		return;                  \
	} while (0)

static inline int test_check(int good, const char *file, int line, const char *what)
{
	if (!good) {
		test_bad++;
		printf("%s:%d: %s\n", file, line, what);
	}
	return good;
}

static inline int test_main(const struct test *tests, size_t count, const char *part)
{
	int passed = 0, failed = 0, skipped = 0;

	for (const struct test *t = tests; t < tests + count; t++) {
		if (part && !strstr(t->name, part))
			continue;
		test_bad = 0;
		test_skipped = NULL;
		t->run();
		if (test_bad) {
			printf("FAIL %s\n", t->name);
			failed++;
		} else if (test_skipped) {
			printf("SKIP %s: %s\n", t->name, test_skipped);
			skipped++;
		} else {
			passed++;
		}
		fflush(stdout);
	}
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed != 0;
}

#define TESTS(...)                                                                   \
	int main(int argc, char **argv)                                              \
	{                                                                            \
		static const struct test t[] = { __VA_ARGS__ };                      \
                                                                                     \
		return test_main(t, sizeof(t) / sizeof(t[0]), argc > 1 ? argv[1] : NULL); \
	}

#endif
