// SPDX-License-Identifier: Apache-2.0
/* Who finds which rate, and who gets room for one. */
#include <string.h>

#include "core/sampling.h"
#include "tests/test.h"

#define SLOTS     9			/* 8 rates */
#define EXPORTERS 4
#define HOUR      (3600 * NM_NS_PER_S)

static struct rate_slot slots[SLOTS];
static struct sampled exporters[EXPORTERS];
static struct sampling sampling;
static nm_time now;
static uint64_t was;

static void start(uint32_t per_exporter)
{
	memset(slots, 0, sizeof(slots));
	memset(exporters, 0, sizeof(exporters));
	sampling = (struct sampling){
		.slots = slots, .size = SLOTS, .per_exporter = per_exporter,
		.exporters = exporters,
	};
	now = time_of_s(1700000000);
}

static enum nm_err tell(uint32_t of, enum rate_scope scope, uint64_t id, uint64_t rate)
{
	const struct rate_told told = { scope, id, rate, 0 };

	return sampling_learn(&sampling, of, &told, now, &was);
}

static uint64_t sampler(uint32_t of, uint64_t id)
{
	return sampling_find(&sampling, of, SCOPE_SAMPLER, id);
}

static void a_rate_is_one_exporters(void)
{
	start(8);
	check(!tell(1, SCOPE_SAMPLER, 7, 100) && !tell(2, SCOPE_SAMPLER, 7, 200));
	check(!tell(1, SCOPE_INTERFACE, 7, 300) && !tell(1, SCOPE_SAMPLER, 1ull << 32 | 7, 400));
	check(sampler(1, 7) == 100 && sampler(2, 7) == 200 && sampler(3, 7) == 0);
	check(sampling_find(&sampling, 1, SCOPE_INTERFACE, 7) == 300);
	check(sampling_find(&sampling, 2, SCOPE_INTERFACE, 7) == 0);
	check(sampler(1, 1ull << 32 | 7) == 400 && sampler(1, 0) == 0);
	check(exporters[1].samplers == 2 && exporters[1].interfaces == 1 && sampling.used == 4);
}

static void what_it_was_before(void)
{
	start(8);
	check(!tell(1, SCOPE_SAMPLER, 7, 100) && was == 0);
	check(!tell(1, SCOPE_SAMPLER, 7, 200) && was == 100 && sampler(1, 7) == 200);
	check(!tell(1, SCOPE_EXPORTER, 0, 50) && was == 0);
	check(!tell(1, SCOPE_EXPORTER, 0, 0) && was == 50 && exporters[1].rate == 0);
	check(!tell(1, SCOPE_SAMPLER, 7, 0) && was == 200 && sampler(1, 7) == 0);
	check(sampling.used == 1);
}

static void the_rate_of_all(void)
{
	start(8);
	check(sampling_common(&sampling, 1) == 0);
	check(!tell(1, SCOPE_SAMPLER, 1, 100) && sampling_common(&sampling, 1) == 100);
	check(!tell(1, SCOPE_INTERFACE, 2, 100) && sampling_common(&sampling, 1) == 100);
	check(!tell(1, SCOPE_SAMPLER, 3, 50) && sampling_common(&sampling, 1) == 0);
	check(!tell(1, SCOPE_SAMPLER, 3, 0) && sampling_common(&sampling, 1) == 100);
	check(!tell(1, SCOPE_EXPORTER, 0, 50) && sampling_common(&sampling, 1) == 0);
	check(!tell(1, SCOPE_EXPORTER, 0, 100) && sampling_common(&sampling, 1) == 100);
	check(sampling_common(&sampling, 2) == 0);
}

static void no_room_for_more_than_ones_share(void)
{
	start(2);
	check(!tell(1, SCOPE_SAMPLER, 1, 1) && !tell(1, SCOPE_INTERFACE, 1, 1));
	check(tell(1, SCOPE_SAMPLER, 2, 2) == NM_FULL && sampler(1, 2) == 0);
	check(!tell(1, SCOPE_SAMPLER, 1, 3) && sampler(1, 1) == 3);
	check(!tell(1, SCOPE_EXPORTER, 0, 5));
	check(!tell(2, SCOPE_SAMPLER, 2, 2) && sampling.used == 3);
}

static void no_room_at_all(void)
{
	start(8);
	for (unsigned i = 0; i < 8; i++)
		check(!tell(i % 2, SCOPE_SAMPLER, i, i + 1));
	check(tell(3, SCOPE_SAMPLER, 9, 9) == NM_FULL && sampling.used == 8);
	for (unsigned i = 0; i < 8; i++)
		check(sampler(i % 2, i) == i + 1);
}

static void what_is_not_told_for_a_day_makes_room(void)
{
	start(8);
	for (unsigned i = 0; i < 8; i++)
		check(!tell(1, SCOPE_SAMPLER, i, 100 + i));
	now = time_plus(now, 13 * HOUR);
	check(!tell(1, SCOPE_SAMPLER, 5, 105));
	check(tell(2, SCOPE_SAMPLER, 1, 1) == NM_FULL);
	now = time_plus(now, 12 * HOUR);
	check(sampler(1, 4) == 104);			/* nobody needed its room yet */
	check(!tell(2, SCOPE_SAMPLER, 1, 1) && sampling.used == 2);
	check(sampler(1, 4) == 0 && sampler(1, 5) == 105 && sampler(2, 1) == 1);
	check(exporters[1].samplers == 1 && sampling_common(&sampling, 1) == 105);
	for (unsigned i = 10; i < 16; i++)
		check(!tell(3, SCOPE_INTERFACE, i, i));
	check(tell(3, SCOPE_INTERFACE, 16, 1) == NM_FULL && sampling.fresh == 8);
	for (unsigned i = 10; i < 16; i++)
		check(sampling_find(&sampling, 3, SCOPE_INTERFACE, i) == i);
}

/* First one between two others, then the one told last. */
static void what_is_forgotten_is_in_nobodys_rate(void)
{
	start(8);
	check(!tell(1, SCOPE_SAMPLER, 1, 100) && !tell(1, SCOPE_SAMPLER, 2, 100));
	check(!tell(1, SCOPE_SAMPLER, 3, 300));
	for (unsigned i = 1; i < 6; i++)
		check(!tell(2, SCOPE_SAMPLER, i, 7));
	now = time_plus(now, 13 * HOUR);
	check(!tell(1, SCOPE_SAMPLER, 1, 100) && !tell(1, SCOPE_SAMPLER, 3, 300));
	for (unsigned i = 1; i < 6; i++)
		check(!tell(2, SCOPE_SAMPLER, i, 7));
	now = time_plus(now, 12 * HOUR);
	check(!tell(3, SCOPE_SAMPLER, 9, 9) && sampler(1, 2) == 0);
	check(sampling_common(&sampling, 1) == 0);
	check(!tell(1, SCOPE_SAMPLER, 1, 100));
	now = time_plus(now, 13 * HOUR);
	check(!tell(3, SCOPE_SAMPLER, 8, 9) && sampler(1, 3) == 0);
	check(sampling_common(&sampling, 1) == 100 && sampling_common(&sampling, 2) == 0);
}

TESTS({ "a rate belongs to its exporter, its kind and its id", a_rate_is_one_exporters },
      { "a change tells what was before", what_it_was_before },
      { "the rate of all is the one that all agree on", the_rate_of_all },
      { "an exporter gets no more than its share", no_room_for_more_than_ones_share },
      { "a full table refuses and keeps what it has", no_room_at_all },
      { "a rate not told for a day makes room when it is needed",
	what_is_not_told_for_a_day_makes_room },
      { "a rate forgotten has no part in the rate of all", what_is_forgotten_is_in_nobodys_rate })
