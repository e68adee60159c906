/* SPDX-License-Identifier: Apache-2.0 */
/* Messages as the family psample sends them, in the order of this machine's bytes. */
#ifndef NM_SAMPLED_H
#define NM_SAMPLED_H

#include "tests/guard.h"
#include "tests/linux/words.h"

enum {
	A_IN = 0, A_OUT = 1, A_SIZE = 2, A_GROUP = 3, A_NUMBER = 4, A_RATE = 5, A_DATA = 6,
	A_REFCOUNT = 7, A_TUNNEL = 8, A_OUT_TC = 10, A_OCCUPANCY = 11, A_LATENCY = 12, A_TIME = 13,
	A_PROTO = 14, A_COOKIE = 15, A_PROBABILITY = 16,
};

#define FAMILY 0x1a			/* the number that the family had */

/* The header of a message, and the family's: the command, its version 1, two bytes of padding. */
static inline size_t sampled_begin(struct words *w, uint8_t command)
{
	size_t at = w_message(w, FAMILY, 0, 0, 0);

	w_bytes(w, (const uint8_t[]){ command, 1, 0, 0 }, 4);
	return at;
}

/* A number of so many bytes. */
static inline void sampled_number(struct words *w, uint16_t type, unsigned len, uint64_t value)
{
	const uint8_t one = (uint8_t)value;
	const uint16_t two = (uint16_t)value;
	const uint32_t four = (uint32_t)value;

	switch (len) {
	case 1: w_attr(w, type, &one, 1); break;
	case 2: w_attr(w, type, &two, 2); break;
	case 4: w_attr(w, type, &four, 4); break;
	default: w_attr(w, type, &value, 8);
	}
}

/* The first bytes of them where messages may stand, up to three bytes in front of the fence. */
static inline const void *sampled_place(const struct words *w, size_t len)
{
	return memcpy(guarded_room((len + 3) & ~(size_t)3), w->b, len);
}

#endif
