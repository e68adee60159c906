/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where packets leave: a bounded cache of the kernel's answers, by destination and VRF. What is
 * not there has to be asked for; any change of routes makes everything old at once.
 */
#ifndef NM_ROUTE_H
#define NM_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"

enum route_kind { ROUTE_UNKNOWN, ROUTE_FORWARD, ROUTE_LOCAL, ROUTE_MULTICAST, ROUTE_NONE };

struct route {
	uint32_t out_if;		/* of ROUTE_FORWARD */
	uint8_t kind;			/* enum route_kind; ROUTE_NONE: unreachable, blackhole */
	struct addr next_hop;		/* absent: the destination itself */
	uint8_t prefix;			/* its length, in bits of its own family; 0: not told */
};

struct route_slot {
	struct addr dst;
	uint32_t vrf;
	uint32_t age;			/* generation it belongs to; 0: empty */
	struct route route;
};

struct routes {
	struct route_slot *slots;	/* the owner's memory, zeroed before first use */
	uint32_t size;			/* a power of two */
	uint32_t age;			/* generation, from 1 */
	uint64_t hits, misses;
};

/* The route of a destination, NULL when it has to be asked for. */
const struct route *route_find(struct routes *all, uint32_t vrf, const struct addr *dst);
/* Keep an answer; it takes the place of what is in its way. */
void route_put(struct routes *all, uint32_t vrf, const struct addr *dst, const struct route *r);
/* Routes, rules or interfaces have changed. */
void route_forget(struct routes *all);

#endif
