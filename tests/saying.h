/* SPDX-License-Identifier: Apache-2.0 */
/* Explanations for tests: datagrams go in by the pen, and what is said of them is looked for. */
#ifndef NM_SAYING_H
#define NM_SAYING_H

#include "tests/explaining.h"
#include "tests/teaching.h"
#include "tests/test.h"

static char said[256 * 1024];		/* lines, each with a line end before and behind it */
static size_t said_len;
static struct pen pen;

static inline void explaining_line(struct explain *x, const char *line)
{
	(void)x;
	said_len += (size_t)snprintf(said + said_len, sizeof(said) - said_len, "%s\n", line);
	check(said_len < sizeof(said));
}

static inline void start(void)
{
	explaining_start();
	explaining_fields[0] = 0;
}

/* Explain what the pen has written. */
static inline void feed(void)
{
	struct datagram dg = { .seen = { 1700000001500000000 },
			       .from = addr_v4((const uint8_t[]){ 192, 0, 2, 1 }) };

	said_len = (size_t)snprintf(said, sizeof(said), "\n");
	check(explaining_feed(pen.bytes, pen.len, &dg));
}

static inline void feed_ipfix(void)
{
	ipfix_end(&pen);
	feed();
}

/* Is this one of the lines, whole? */
static inline void has(const char *line)
{
	char want[EXPLAIN_LINE + 3];

	snprintf(want, sizeof(want), "\n%s\n", line);
	if (!check(strstr(said, want) != NULL))
		printf("  not said: %s\n  but:%s", line, said);
}

static inline void has_not(const char *words)
{
	check(!strstr(said, words));
}

#endif
