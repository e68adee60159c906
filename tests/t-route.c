// SPDX-License-Identifier: Apache-2.0
/* The cache of routes: what is found, what goes, what is forgotten. */
#include "core/route.h"
#include "tests/test.h"

#define SLOTS 1024

static struct route_slot slots[SLOTS];

static struct routes empty(uint32_t size)
{
	memset(slots, 0, sizeof(slots));
	return (struct routes){ .slots = slots, .size = size, .age = 1 };
}

static struct addr address(uint32_t number)
{
	const uint8_t b[4] = { 10, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
			       (uint8_t)number };

	return addr_v4(b);
}

static void put(struct routes *all, uint32_t vrf, uint32_t number, uint32_t out_if)
{
	const struct route r = { .kind = ROUTE_FORWARD, .out_if = out_if };
	struct addr a = address(number);

	route_put(all, vrf, &a, &r);
}

/* The interface, 0 when it is not there. */
static uint32_t out_if(struct routes *all, uint32_t vrf, uint32_t number)
{
	struct addr a = address(number);
	const struct route *r = route_find(all, vrf, &a);

	return r ? r->out_if : 0;
}

static void kept(void)
{
	struct routes all = empty(SLOTS);
	const uint8_t gateway[4] = { 192, 0, 2, 1 };
	const struct route r = { .kind = ROUTE_NONE, .prefix = 24, .next_hop = addr_v4(gateway) };
	const struct route *found;
	struct addr six = { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };

	check(!route_find(&all, 0, &six) && all.misses == 1 && all.hits == 0);
	route_put(&all, 0, &six, &r);
	found = route_find(&all, 0, &six);
	if (!check(found))
		return;
	check(found->kind == ROUTE_NONE && found->prefix == 24 && found->out_if == 0);
	check(addr_same(&found->next_hop, &r.next_hop) && all.hits == 1 && all.misses == 1);
}

static void told_apart(void)
{
	struct routes all = empty(SLOTS);

	put(&all, 0, 1, 3);
	put(&all, 7, 1, 4);
	put(&all, 0, 2, 5);
	check(out_if(&all, 0, 1) == 3 && out_if(&all, 7, 1) == 4 && out_if(&all, 0, 2) == 5);
	check(out_if(&all, 8, 1) == 0 && out_if(&all, 7, 2) == 0);
}

static void newest_answer(void)
{
	struct routes all = empty(SLOTS);

	for (uint32_t i = 1; i <= 10; i++) {
		put(&all, 0, 1, i);
		check(out_if(&all, 0, 1) == i);
	}
	put(&all, 0, 2, 99);
	check(out_if(&all, 0, 1) == 10 && out_if(&all, 0, 2) == 99);
}

/* Whatever was put last is there, of any size of table; most of as many as there are slots stay. */
static void bounded(void)
{
	for (uint32_t size = 1; size <= SLOTS; size *= 2) {
		struct routes all = empty(size);
		uint32_t there = 0;

		for (uint32_t i = 1; i <= 10000; i++) {
			put(&all, 0, i, i);
			check(out_if(&all, 0, i) == i);
		}
		for (uint32_t i = 1; i <= 10000; i++)
			there += out_if(&all, 0, i) == i;
		check(there == size);
	}
}

/* Neighbours, networks, and any: rows fill up unevenly, so a few of each go. */
static void half_full(void)
{
	static const uint32_t steps[] = { 1, 256, 65536 / 3, 1000003 };

	for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		struct routes all = empty(SLOTS);
		uint32_t there = 0;

		for (uint32_t i = 1; i <= SLOTS / 2; i++)
			put(&all, 0, i * steps[s], i);
		for (uint32_t i = 1; i <= SLOTS / 2; i++)
			there += out_if(&all, 0, i * steps[s]) == i;
		check(there >= SLOTS / 2 * 9 / 10);
	}
}

static void forgotten(void)
{
	struct routes all = empty(SLOTS);

	for (uint32_t i = 1; i <= 20; i++)
		put(&all, 0, i, i);
	route_forget(&all);
	for (uint32_t i = 1; i <= 20; i++)
		check(out_if(&all, 0, i) == 0);
	put(&all, 0, 1, 3);
	check(out_if(&all, 0, 1) == 3);
}

/* A slot of an early generation must not come to life when the count of them begins anew. */
static void generations_run_over(void)
{
	struct routes all = empty(SLOTS);

	put(&all, 0, 1, 3);
	all.age = UINT32_MAX;
	check(out_if(&all, 0, 1) == 0);
	put(&all, 0, 2, 4);
	route_forget(&all);
	check(all.age == 1 && out_if(&all, 0, 1) == 0 && out_if(&all, 0, 2) == 0);
	put(&all, 0, 1, 5);
	check(out_if(&all, 0, 1) == 5);
}

static void no_table(void)
{
	struct routes none = { .size = 0 }, zeroed = { .slots = slots, .size = SLOTS };

	put(&none, 0, 1, 3);
	check(out_if(&none, 0, 1) == 0);
	memset(slots, 0, sizeof(slots));
	check(out_if(&zeroed, 0, 0) == 0);
	put(&zeroed, 0, 1, 3);
	check(out_if(&zeroed, 0, 1) == 3);
}

TESTS({ "an answer is found again, whole",                    kept },
      { "destinations and VRFs are told apart",               told_apart },
      { "a new answer takes the place of the old one",        newest_answer },
      { "the newest is always there, and no more than slots", bounded },
      { "a table that is half full keeps nine of ten",        half_full },
      { "after a change nothing is found",                    forgotten },
      { "generations may run over",                           generations_run_over },
      { "no table, and one that was only zeroed",             no_table })
