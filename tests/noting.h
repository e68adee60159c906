/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes for tests: a note says which one it is, in which version, and goes on with bytes that
 * follow from both, so that whoever finds one knows whether it is whole.
 */
#ifndef NM_NOTING_H
#define NM_NOTING_H

#include "core/recall.h"
#include "tests/guard.h"
#include "tests/test.h"

#define BLOCKS    320
#define EXPORTERS 8
#define NOTES     24
#define ALL       BLOCKS		/* a share that is no limit */

static struct exporter slots[EXPORTERS];
static const struct exporters all = { slots, EXPORTERS, EXPORTERS };
static uint32_t held[EXPORTERS];
static uint8_t seen[BLOCKS], bytes[RECALL_MOST];
static struct recall recall;
static uint32_t handle[NOTES];		/* of each note, 0: there is none */
static uint32_t version[NOTES];		/* that it should be found in */

struct content { uint32_t which, version; };

static inline void fresh(void *region, uint32_t blocks, uint32_t share)
{
	memset(held, 0, sizeof(held));
	memset(handle, 0, sizeof(handle));
	memset(version, 0, sizeof(version));
	for (unsigned i = 1; i < EXPORTERS; i++)
		slots[i] = (struct exporter){ .address.b[15] = (uint8_t)i, .domain = 100 + i,
					      .source = (uint8_t)(3 + i % 2), .used = 1 };
	recall = (struct recall){ .exporters = &all, .held = held, .per_exporter = share };
	recall_create(&recall, region, blocks * RECALL_BLOCK);
}

static inline enum nm_err take_over(void *region, uint32_t blocks)
{
	memset(held, 0, sizeof(held));
	memset(seen, 0, sizeof(seen));
	recall = (struct recall){ .exporters = &all, .held = held, .per_exporter = ALL };
	return recall_open(&recall, region, blocks * RECALL_BLOCK, seen);
}

static inline uint8_t byte_of(const struct content *c, size_t at)
{
	return (uint8_t)(c->which * 31 + c->version * 7 + at * (at >> 3 | 1));
}

static inline size_t len_of(const struct content *c)
{
	return sizeof(*c) + c->version * 2654435761u % 500;
}

static inline uint32_t slot_of(uint32_t which)
{
	return 1 + which % (EXPORTERS - 1);
}

/* Keep this version of a note, of its own length or of another one. */
static inline void keep_of_len(uint32_t which, uint32_t v, size_t len)
{
	struct content c = { which, v };
	const struct recall_note note = { slot_of(which), RECALL_TEMPLATE, bytes, len };

	memcpy(bytes, &c, sizeof(c));
	for (size_t i = sizeof(c); i < len; i++)
		bytes[i] = byte_of(&c, i);
	handle[which] = recall_keep(&recall, handle[which], &note);
	version[which] = handle[which] ? v : 0;
}

static inline void keep(uint32_t which, uint32_t v)
{
	struct content c = { which, v };

	keep_of_len(which, v, len_of(&c));
}

static inline void drop(uint32_t which)
{
	recall_drop(&recall, handle[which]);
	handle[which] = version[which] = 0;
}

/* Whether a note says what somebody kept, to the last byte. */
static inline bool is_whole(const struct recall_found *f, struct content *c)
{
	memcpy(c, f->bytes, sizeof(*c));
	if (f->kind != RECALL_TEMPLATE || f->len < sizeof(*c) || c->which >= NOTES ||
	    f->key.domain != 100 + slot_of(c->which) ||
	    f->key.address.b[15] != slot_of(c->which))
		return false;
	for (size_t i = sizeof(*c); i < f->len; i++)
		if (f->bytes[i] != byte_of(c, i))
			return false;
	return true;
}

/* Read all notes; found[] has their versions. Returns how many, or -1 when one is wrong. */
static inline int read_all(uint32_t found[NOTES])
{
	struct recall_found f = { 0 };
	int n = 0;

	memset(found, 0, NOTES * sizeof(found[0]));
	for (; recall_next(&recall, &f); n++) {
		struct content c;

		if (!is_whole(&f, &c) || found[c.which])
			return -1;
		found[c.which] = c.version;
	}
	return n;
}

static inline bool finds_all(void)
{
	uint32_t found[NOTES];

	return read_all(found) >= 0 && !memcmp(found, version, sizeof(found));
}

/* What was found is adopted, as by an agent that starts. */
static inline void adopt_all(void)
{
	struct recall_found f = { 0 };

	memset(handle, 0, sizeof(handle));
	while (recall_next(&recall, &f)) {
		struct content c;

		memcpy(&c, f.bytes, sizeof(c));
		recall_adopt(&recall, f.note, slot_of(c.which));
		handle[c.which] = f.note;
	}
}

static inline bool sums_agree(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < EXPORTERS; i++)
		sum += held[i];
	return sum == recall.used;
}

#endif
