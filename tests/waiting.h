/* SPDX-License-Identifier: Apache-2.0 */
/* Sets that wait for their template, for tests: numbered, and with bytes that follow from that. */
#ifndef NM_WAITING_H
#define NM_WAITING_H

#include "core/park.h"
#include "tests/test.h"

#define EXPORTERS 8
#define CHUNKS    64			/* that can be used */
#define FIRST     sizeof(((struct park_set *)0)->bytes)
#define REST      (PARK_CHUNK - sizeof(uint32_t))
#define NOON      time_of_s(1700000000)
#define MINUTE    (60 * NM_NS_PER_S)

static struct exporter slots[EXPORTERS];
static struct exporters exporters;
static union park_chunk chunks[CHUNKS + 1];
static uint32_t places[CHUNKS + 1];
static struct park_line lines[EXPORTERS];
static uint8_t scratch[PARK_SHARE], sent[PARK_SHARE];
static struct park park;

static inline void start(uint32_t size, uint32_t per_exporter)
{
	memset(slots, 0, sizeof(slots));
	memset(chunks, 0xaa, sizeof(chunks));
	exporters = (struct exporters){ .slots = slots, .size = EXPORTERS };
	park = (struct park){
		.chunks = chunks, .size = size + 1, .places = places, .lines = lines,
		.scratch = scratch, .per_exporter = per_exporter,
	};
	park_init(&park, &exporters);
}

/* Bytes that tell which set they are of, and where. */
static inline const uint8_t *bytes_of(size_t len, uint32_t number)
{
	for (size_t i = 0; i < len; i++)
		sent[i] = (uint8_t)(number * 31 + i * 7 + i / 251);
	return sent;
}

static inline void put_at(unsigned of, uint16_t id, size_t len, uint32_t number, nm_time seen)
{
	const struct parked what = {
		.seen = seen, .clock = { time_of_s(number), number + 1 }, .sequence = number,
		.id = id,
	};

	park_put(&park, &slots[of], &what, buf_of(bytes_of(len, number), len));
}

static inline void put(unsigned of, uint16_t id, size_t len, uint32_t number)
{
	put_at(of, id, len, number, NOON);
}

/* Whether the next one of this id is just this one; then it is taken out. */
static inline bool takes(unsigned of, uint16_t id, size_t len, uint32_t number)
{
	struct parked what;
	struct buf bytes;

	return park_take(&park, &slots[of], id, &what, &bytes) && what.sequence == number &&
	       what.clock.exported.ns == number * NM_NS_PER_S &&
	       what.clock.uptime_ms == number + 1 && what.id == id && what.len == len &&
	       buf_left(&bytes) == len && !memcmp(bytes.p, bytes_of(len, number), len);
}

static inline bool is_empty(unsigned of, uint16_t id)
{
	struct parked what;
	struct buf bytes;

	return !park_take(&park, &slots[of], id, &what, &bytes);
}

static inline uint64_t counted(unsigned of, enum count what)
{
	return slots[of].counts.n[what];
}

#endif
