// SPDX-License-Identifier: Apache-2.0
/*
 * The table encoder writes what nanopb writes, byte for byte: 100,000 random flows, or as
 * many as NETMETA_FLOWS says. Members are absent, small, large or full at random, so that
 * every varint takes every length.
 */
#include <stdlib.h>

#include "core/encode.h"
#include "tests/guard.h"
#include "tests/test.h"

static uint64_t state = 88172645463325252ull;

static uint64_t chance(void)		/* xorshift64 */
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Nothing, a few bits, or all. */
static uint64_t number(void)
{
	unsigned kind = (unsigned)(chance() % 4);

	return kind == 0 ? 0 : kind == 1 ? UINT64_MAX : chance() >> (chance() % 64);
}

static struct addr address(void)
{
	struct addr a = { { 0 } };

	if (chance() % 3)
		for (unsigned i = 0; i < sizeof(a.b); i++)
			a.b[i] = (uint8_t)chance();
	return a;
}

static nm_time moment(void)
{
	return (nm_time){ (int64_t)(number() >> 1) };
}

#define RANDOM_UINT(type, member) f.member = (type)number();
#define RANDOM_ADDR(type, member) f.member = address();
#define RANDOM_TIME(type, member) f.member = moment();
#define FLOW(kind, type, member, field, help) RANDOM_##kind(type, member)

static struct flow random_flow(void)
{
	struct flow f = { 0 };

#include "core/flow.def"
	f.source = (uint8_t)(chance() % 10);
	f.rate_source = (uint8_t)(chance() % 7);
	f.direction = (uint8_t)(chance() % 3);
	f.label_count = (uint8_t)(chance() % (FLOW_LABELS + 2));
	for (unsigned i = 0; i < FLOW_LABELS; i++)
		f.labels[i] = (uint32_t)number();
	return f;
}
#undef FLOW

static bool both_agree(const struct flow *f)
{
	uint8_t table[SPOOL_RECORD], nanopb[SPOOL_RECORD];
	size_t len = encode_flow(f, table);

	return len == encode_flow_nanopb(f, nanopb) && !memcmp(table, nanopb, len);
}

static void random_flows(void)
{
	const char *wanted = getenv("NETMETA_FLOWS");
	unsigned long n = wanted ? strtoul(wanted, NULL, 10) : 100000;

	for (unsigned long i = 0; i < n; i++) {
		struct flow f = random_flow();

		if (!check(both_agree(&f))) {
			printf("  flow %lu\n", i);
			return;
		}
	}
}

static void extremes(void)
{
	struct flow f = { 0 };

	check(both_agree(&f));
	memset(&f, 0xff, sizeof(f));
	f.more = NULL;
	f.source = FLOW_MIRROR;
	f.rate_source = RATE_CONFIGURED;
	f.direction = DIRECTION_EGRESS;
	f.seen.ns = f.start.ns = f.end.ns = INT64_MAX;
	check(both_agree(&f));
}

static void one_byte_of_length(void)
{
	struct flow f = { 0 };

	for (unsigned i = 0; i < 300; i++) {	/* across 127, where the length grows */
		f.bytes = i & 1 ? 1ull << (i % 64) : 0;
		f.src = i & 2 ? address() : (struct addr){ { 0 } };
		f.dst = i & 4 ? address() : (struct addr){ { 0 } };
		f.next_hop = i & 8 ? address() : (struct addr){ { 0 } };
		f.nat_src = i & 16 ? address() : (struct addr){ { 0 } };
		f.nat_dst = i & 32 ? address() : (struct addr){ { 0 } };
		f.bgp_next_hop = i & 64 ? address() : (struct addr){ { 0 } };
		check(both_agree(&f));
	}
}

/* The encoder writes a key's second byte before it knows that there is one. */
static void within_its_room(void)
{
	struct flow f;
	size_t len;

	memset(&f, 0xff, sizeof(f));
	f.more = NULL;
	len = encode_flow(&f, guarded_room(SPOOL_RECORD));
	check(len < SPOOL_RECORD);
}

TESTS({ "the table and nanopb agree on random flows", random_flows },
      { "they agree on nothing and on everything", extremes },
      { "they agree where the length takes another byte", one_byte_of_length },
      { "a record's room is enough", within_its_room })
