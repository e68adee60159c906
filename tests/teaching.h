/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of templates need: tables with memory, of templates and of what options say, and a
 * pen to write sets with.
 * Numbers are written big-endian; a length that is not known yet is filled in by an _end().
 */
#ifndef NM_TEACHING_H
#define NM_TEACHING_H

#include <stdlib.h>

#include "core/sampling.h"
#include "core/template.h"

#define TEACHING_SLOTS  32
#define TEACHING_CHUNKS 64
#define TEACHING_RATES  16
#define TEACHING_TOLD   16		/* exporters that tell rates */

static struct template teaching_slots[TEACHING_SLOTS];
static struct chunk teaching_chunks[TEACHING_CHUNKS];
static struct templates teaching;
static struct rate_slot teaching_rates[TEACHING_RATES];
static struct sampled teaching_sampled[TEACHING_TOLD];
static struct sampling teaching_sampling;

static inline void teaching_start(struct exporters *all, uint32_t size, uint32_t chunks,
				  uint32_t per_exporter)
{
	teaching = (struct templates){
		.slots = teaching_slots, .size = size, .chunks = teaching_chunks,
		.chunk_count = chunks, .per_exporter = per_exporter,
	};
	templates_init(&teaching, all);
	memset(teaching_rates, 0, sizeof(teaching_rates));
	memset(teaching_sampled, 0, sizeof(teaching_sampled));
	teaching_sampling = (struct sampling){
		.slots = teaching_rates, .size = TEACHING_RATES, .per_exporter = TEACHING_RATES / 2,
		.exporters = teaching_sampled,
	};
}

struct pen {
	uint8_t bytes[65536];
	size_t len, set;
};

static inline void put(struct pen *p, size_t size, uint64_t v)
{
	while (size--)
		p->bytes[p->len++] = (uint8_t)(v >> 8 * size);
}

static inline void put_at(struct pen *p, size_t at, uint16_t v)
{
	p->bytes[at] = (uint8_t)(v >> 8);
	p->bytes[at + 1] = (uint8_t)v;
}

/* Blanks between the digits are for the reader. */
static inline void put_hex(struct pen *p, const char *digits)
{
	static const char hex[] = "0123456789abcdef";
	unsigned n = 0, v = 0;

	for (; *digits; digits++) {
		const char *d = strchr(hex, *digits);

		if (!d)
			continue;
		v = v << 4 | (unsigned)(d - hex);
		if (++n % 2 == 0)
			p->bytes[p->len++] = (uint8_t)v;
	}
}

/* Headers of messages exported at 1,700,000,000 s, uptime 100,000 ms. */
static inline void put_v9(struct pen *p, uint16_t count, uint32_t sequence, uint32_t domain)
{
	p->len = 0;
	put(p, 2, 9);
	put(p, 2, count);
	put(p, 4, 100000);
	put(p, 4, 1700000000);
	put(p, 4, sequence);
	put(p, 4, domain);
}

static inline void put_ipfix(struct pen *p, uint32_t sequence, uint32_t domain)
{
	p->len = 0;
	put(p, 2, 10);
	put(p, 2, 0);
	put(p, 4, 1700000000);
	put(p, 4, sequence);
	put(p, 4, domain);
}

static inline void ipfix_end(struct pen *p)
{
	put_at(p, 2, (uint16_t)p->len);
}

static inline void set_begin(struct pen *p, uint16_t id)
{
	p->set = p->len;
	put(p, 2, id);
	put(p, 2, 0);
}

static inline void set_end(struct pen *p)
{
	put_at(p, p->set + 2, (uint16_t)(p->len - p->set));
}

/*
 * A template's fields in words: "8/4 82/v 1/8/29305" are element 8 of 4 bytes, element 82 of
 * variable length, and element 1 of enterprise 29305 in 8 bytes. Returns how many.
 */
static inline uint16_t put_fields(struct pen *p, const char *fields)
{
	uint16_t count = 0;

	for (char *end; *fields; count++) {
		unsigned long id = strtoul(fields, &end, 10), len, enterprise = 0;
		bool variable = end[1] == 'v';

		len = variable ? 0xffff : strtoul(end + 1, &end, 10);
		if (variable)
			end += 2;
		if (*end == '/')
			enterprise = strtoul(end + 1, &end, 10);
		put(p, 2, enterprise ? id | 0x8000 : id);
		put(p, 2, len);
		if (enterprise)
			put(p, 4, enterprise);
		fields = end + strspn(end, " ");
	}
	return count;
}

static inline void put_template(struct pen *p, uint16_t id, const char *fields)
{
	size_t at = p->len;

	put(p, 2, id);
	put(p, 2, 0);
	put_at(p, at + 2, put_fields(p, fields));
}

#endif
