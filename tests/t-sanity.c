// SPDX-License-Identifier: Apache-2.0
/* The wall clock's sanity, with clocks that are told what to say. */
#include "core/sanity.h"
#include "tests/test.h"

#define BUILD 1790000000LL

static struct sanity fresh(void)
{
	return (struct sanity){ .build = time_of_s(BUILD) };
}

static struct sanity_look look(struct sanity *s, int64_t wall_s, int64_t mono_s, bool synchronised)
{
	return sanity_check(s, time_of_s(wall_s), (nm_mono){ mono_s * NM_NS_PER_S }, synchronised);
}

static void a_clock_behind_the_build_is_a_guess(void)
{
	struct sanity s = fresh();

	check(!look(&s, 1000, 30, false).became_sane && !s.sane);
	check(sanity_stamp(&s, time_of_s(1000), (nm_mono){ 30 * NM_NS_PER_S }).ns ==
	      (BUILD + 30) * NM_NS_PER_S);
}

static void it_becomes_sane_a_look_after_the_step(void)
{
	struct sanity s = fresh();
	struct sanity_look at;

	look(&s, 1000, 30, false);
	at = look(&s, BUILD + 5000, 31, false);
	check(!at.became_sane && at.step_ns == (BUILD + 5000 - 1001) * NM_NS_PER_S);
	at = look(&s, BUILD + 5001, 32, false);
	check(at.became_sane && !at.step_ns && s.sane);
	check(sanity_stamp(&s, time_of_s(BUILD + 5001), (nm_mono){ 1 }).ns ==
	      (BUILD + 5001) * NM_NS_PER_S);
}

static void a_synchronised_clock_is_sane_at_once(void)
{
	struct sanity s = fresh();

	check(look(&s, BUILD + 1, 3, true).became_sane);
}

static void steps_are_told_and_slewing_is_not(void)
{
	struct sanity s = fresh();

	look(&s, BUILD + 100, 10, false);
	check(look(&s, BUILD + 110, 20, false).step_ns == 0);
	check(look(&s, BUILD + 3720, 30, false).step_ns == 3600 * NM_NS_PER_S && s.sane);
	check(look(&s, BUILD + 130, 40, false).step_ns == -3600 * NM_NS_PER_S && s.sane);
}

static void a_step_behind_the_build_is_not_believed(void)
{
	struct sanity s = fresh();

	look(&s, BUILD + 100, 10, false);
	look(&s, 50, 11, false);
	check(!s.sane);
	check(look(&s, BUILD + 102, 12, false).became_sane == false);
	check(look(&s, BUILD + 103, 13, false).became_sane);
}

TESTS({ "a clock behind the build is a guess", a_clock_behind_the_build_is_a_guess },
      { "it becomes sane a look after the step", it_becomes_sane_a_look_after_the_step },
      { "a synchronised clock is sane at once", a_synchronised_clock_is_sane_at_once },
      { "steps are told and slewing is not", steps_are_told_and_slewing_is_not },
      { "a step behind the build is not believed", a_step_behind_the_build_is_not_believed })
