// SPDX-License-Identifier: Apache-2.0
/*
 * A hash of rows of four slots: a destination is in its row or nowhere, and where the row is full
 * the newcomer's own number says which of them goes. Forgetting is a new generation, so it costs
 * the same however many routes there are.
 */
#include "core/route.h"

#define ROW 4u

static uint32_t mix(uint32_t h, uint32_t word)
{
	h = (h ^ word) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static uint32_t hash(uint32_t vrf, const struct addr *dst)
{
	uint32_t word[4], h = vrf;

	memcpy(word, dst->b, sizeof(word));
	for (int i = 0; i < 4; i++)
		h = mix(h, word[i]);
	return mix(h >> 16 ^ h, 0);	/* neighbours differ in the highest bits only */
}

/* Tables of less than a row are rows themselves. */
static uint32_t row_size(const struct routes *all)
{
	return all->size < ROW ? all->size : ROW;
}

static struct route_slot *row_of(struct routes *all, uint32_t h)
{
	return &all->slots[h & (all->size - row_size(all))];
}

static bool is_new(const struct routes *all, const struct route_slot *s)
{
	return s->age && s->age == all->age;
}

static bool is_of(const struct routes *all, const struct route_slot *s, uint32_t vrf,
		  const struct addr *dst)
{
	return is_new(all, s) && s->vrf == vrf && addr_same(&s->dst, dst);
}

const struct route *route_find(struct routes *all, uint32_t vrf, const struct addr *dst)
{
	struct route_slot *row = row_of(all, hash(vrf, dst));

	for (uint32_t i = 0; i < row_size(all); i++) {
		if (is_of(all, &row[i], vrf, dst)) {
			all->hits++;
			return &row[i].route;
		}
	}
	all->misses++;
	return NULL;
}

/* The slot it has already, else one that holds nothing of now, else one of the row. */
static struct route_slot *place(struct routes *all, uint32_t vrf, const struct addr *dst)
{
	uint32_t h = hash(vrf, dst);
	struct route_slot *row = row_of(all, h), *free = NULL;

	for (uint32_t i = 0; i < row_size(all); i++) {
		if (is_of(all, &row[i], vrf, dst))
			return &row[i];
		if (!is_new(all, &row[i]))
			free = &row[i];
	}
	return free ? free : &row[(h >> 30) & (row_size(all) - 1)];
}

void route_put(struct routes *all, uint32_t vrf, const struct addr *dst, const struct route *r)
{
	if (!all->size)
		return;
	if (!all->age)
		all->age = 1;
	*place(all, vrf, dst) = (struct route_slot){
		.dst = *dst, .vrf = vrf, .age = all->age, .route = *r,
	};
}

/* Once in four billion times an old slot would look like a new one. */
void route_forget(struct routes *all)
{
	if (++all->age)
		return;
	for (uint32_t i = 0; i < all->size; i++)
		all->slots[i].age = 0;
	all->age = 1;
}
