// SPDX-License-Identifier: Apache-2.0
/* The distance of an exporter's clock. Times are in seconds after one that does not matter. */
#include "core/skew.h"
#include "tests/test.h"

#define SECOND NM_NS_PER_S
#define NOON   1900000000

static void note(struct skew *s, int64_t exported, int64_t seen)
{
	skew_note(s, time_of_s(NOON + exported), time_of_s(NOON + seen));
}

/* From the future: once alone, it has to be said a second time. */
static void note_twice(struct skew *s, int64_t exported, int64_t seen)
{
	note(s, exported, seen);
	note(s, exported, seen);
}

static void first(void)
{
	struct skew s = { 0 };

	check(!skew_judge(&s));
	note(&s, 5, 0);
	check(s.known && s.ns == 5 * SECOND);
}

static void alone(void)
{
	struct skew s = { 0 };

	note(&s, 100000, 0);			/* the very first one */
	check(!s.known && !skew_judge(&s));
	note(&s, 1, 1);
	note(&s, 100002, 2);
	check(s.ns == 0 && !skew_judge(&s));
	note(&s, 3, 3);
	note(&s, 100004, 4);
	note(&s, 100005, 5);
	check(s.ns == 100000 * SECOND && skew_judge(&s) && s.alarm);
}

/* A clock that wanders off is followed. */
static void drift(void)
{
	struct skew s = { 0 };

	for (int64_t i = 0; i < 200; i++)
		note(&s, 2 * i, i);
	check(s.ns == 199 * SECOND);
}

/* Delay and whole seconds take away from it, some more, some less. */
static void noise(void)
{
	static const int64_t late[] = { 2, 1, 3, 1, 9, 4 };
	struct skew s = { 0 };

	for (int64_t i = 0; i < 300; i++)
		note(&s, i + 10 - late[i % 6], i);
	check(s.ns == 9 * SECOND);
}

static void window(void)
{
	struct skew s = { 0 };

	note_twice(&s, 40, 0);
	note(&s, 5, 5);
	check(s.ns == 40 * SECOND);
	note(&s, 59, 59);
	check(s.ns == 40 * SECOND);		/* of the same minute */
	note(&s, 60, 60);
	check(s.ns == 40 * SECOND);		/* of the minute before */
	note(&s, 120, 120);
	check(s.ns == 0);
	note_twice(&s, 171, 121);
	check(s.ns == 50 * SECOND);		/* at once, when it is larger */
}

static void alarms(void)
{
	struct skew s = { 0 };

	note_twice(&s, 29, 0);
	check(s.known && !skew_judge(&s) && !s.alarm);
	note(&s, 31, 1);
	check(skew_judge(&s) && s.alarm);
	check(!skew_judge(&s) && s.alarm);	/* told once */
	note(&s, 85, 60);
	note(&s, 145, 120);
	check(s.ns == 25 * SECOND && !skew_judge(&s) && s.alarm);
	note(&s, 199, 180);
	note(&s, 259, 240);
	check(s.ns == 19 * SECOND && skew_judge(&s) && !s.alarm);
	note(&s, 325, 300);
	check(s.ns == 25 * SECOND && !skew_judge(&s) && !s.alarm);
}

static void behind(void)
{
	struct skew s = { 0 };

	note(&s, -1000000, 0);
	check(skew_judge(&s) && s.alarm && s.ns == -1000000 * SECOND);
	note(&s, 1, 1);
	check(skew_judge(&s) && !s.alarm && s.ns == 0);
}

/* Neither overflows: the least and the greatest that a header can say. */
static void extremes(void)
{
	struct skew s = { 0 };

	skew_note(&s, time_of_s(0), time_of_s(4000000000));
	check(s.ns == -4000000000 * SECOND && skew_judge(&s));
	s = (struct skew){ 0 };
	for (int i = 0; i < 2; i++)
		skew_note(&s, time_plus(time_of_s(UINT32_MAX), UINT32_MAX), time_of_s(1));
	check(s.ns > 4000000000 * SECOND && skew_judge(&s));
}

static void our_clock(void)
{
	struct skew s = { 0 };

	note_twice(&s, 100000, 0);
	check(skew_judge(&s));
	skew_forget(&s);
	note(&s, 100003, 100001);		/* ours was set: it was behind */
	check(s.ns == 2 * SECOND && skew_judge(&s) && !s.alarm);
	note(&s, 50, 50);			/* and back: a window cannot begin later than now */
	check(s.ns == 2 * SECOND);
	note(&s, 111, 111);
	check(s.ns == 0);
}

TESTS({ "the first datagram is the gauge", first },
      { "one datagram of the future alone proves nothing", alone },
      { "a clock that wanders off is followed", drift },
      { "what takes away from it is left out", noise },
      { "a minute later it is forgotten", window },
      { "the alarm begins at 30 s and ends below 20 s", alarms },
      { "a clock behind ours is found as well", behind },
      { "no header is too far away", extremes },
      { "when our clock is set it begins anew", our_clock })
