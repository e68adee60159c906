// SPDX-License-Identifier: Apache-2.0
/*
 * The fast encoder writes what nanopb writes, byte for byte: 100,000 random flows, or as
 * many as NETMETA_FLOWS says. Members are absent, small, large or full at random, so that
 * every varint takes every length; a third of the flows has what few records have, with texts of
 * any bytes and unknown elements.
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

/* Seldom before 1970, where an exporter's wrong uptime leads. */
static nm_time moment(void)
{
	return (nm_time){ (int64_t)(chance() % 8 ? number() >> 1 : number()) };
}

#define BYTES 512
static uint8_t bytes[BYTES];		/* what texts and kept elements point to */

/* Any bytes, letters, or characters that do not end; zeros behind some of them. */
static void random_bytes(void)
{
	static const uint8_t odd[] = { 0, 1, 0x7f, 0x80, 0xbf, 0xc2, 0xe2, 0x82, 0xac, 0xf4, 0xff };
	unsigned kind = (unsigned)(chance() % 3);

	for (unsigned i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(kind == 0 ? chance() : kind == 1 ? 'a' + chance() % 26 :
				     odd[chance() % sizeof(odd)]);
}

static struct text random_text(void)
{
	uint16_t len = (uint16_t)(chance() % 3 ? chance() % 160 : 0);

	return (struct text){ bytes + chance() % (BYTES - 160), len };
}

static struct numbers random_numbers(void)
{
	struct numbers list = { .count = (uint8_t)(chance() % 2 ? chance() % (FLOW_PATH + 1) : 0) };

	for (unsigned i = 0; i < FLOW_PATH; i++)
		list.n[i] = (uint32_t)number();
	return list;
}

static void random_kept(struct flow_more *more)
{
	more->kept_count = (uint8_t)(chance() % 2 ? chance() % (FLOW_KEPT + 1) : 0);
	for (unsigned i = 0; i < FLOW_KEPT; i++)
		more->kept[i] = (struct kept){
			.enterprise = (uint32_t)number(),
			.id = (uint16_t)number(),
			.len = (uint16_t)(chance() % (2 * KEPT_BYTES)),
			.p = bytes + chance() % (BYTES - 2 * KEPT_BYTES),
		};
}

#define RANDOM_UINT(type) (type)number()
#define RANDOM_ADDR(type) address()
#define RANDOM_TIME(type) moment()
#define RANDOM_TEXT(type) random_text()
#define RANDOM_LIST(type) random_numbers()
#define FLOW(kind, type, member, field, help) f.member = RANDOM_##kind(type);
#define MORE(kind, type, member, field, help) more->member = RANDOM_##kind(type);

static void random_more(struct flow_more *more)
{
	random_bytes();
#include "core/flow_more.def"
	random_kept(more);
}

static struct flow random_flow(struct flow_more *more)
{
	struct flow f = { 0 };

#include "core/flow.def"
	f.source = (uint8_t)(chance() % 10);
	f.rate_source = (uint8_t)(chance() % 7);
	f.direction = (uint8_t)(chance() % 3);
	f.label_count = (uint8_t)(chance() % (FLOW_LABELS + 2));
	for (unsigned i = 0; i < FLOW_LABELS; i++)
		f.labels[i] = (uint32_t)number();
	if (chance() % 3 == 0) {
		random_more(more);
		f.more = more;
	}
	return f;
}
#undef FLOW
#undef MORE

static bool both_agree(const struct flow *f)
{
	uint8_t fast[SPOOL_RECORD], nanopb[SPOOL_RECORD];
	size_t len = encode_flow(f, fast);

	return len == encode_flow_nanopb(f, nanopb) && !memcmp(fast, nanopb, len);
}

static void random_flows(void)
{
	const char *wanted = getenv("NETMETA_FLOWS");
	unsigned long n = wanted ? strtoul(wanted, NULL, 10) : 100000;

	for (unsigned long i = 0; i < n; i++) {
		struct flow_more more;
		struct flow f = random_flow(&more);

		if (!check(both_agree(&f))) {
			printf("  flow %lu\n", i);
			return;
		}
	}
}

/* Every member has all its bits, every list and text is longer than there is room for. */
static struct flow largest(struct flow_more *more)
{
	struct flow f;

	memset(&f, 0xff, sizeof(f));
	f.source = FLOW_MIRROR;
	f.rate_source = RATE_CONFIGURED;
	f.direction = DIRECTION_EGRESS;
	f.seen.ns = f.start.ns = f.end.ns = INT64_MAX;
	memset(more, 0xff, sizeof(*more));
	memset(bytes, 'x', sizeof(bytes));
#define LARGEST_UINT(member)
#define LARGEST_ADDR(member)
#define LARGEST_TEXT(member) more->member = (struct text){ bytes, sizeof(bytes) };
#define LARGEST_LIST(member) more->member.count = FLOW_PATH;
#define MORE(kind, type, member, field, help) LARGEST_##kind(member)
#include "core/flow_more.def"
#undef MORE
	for (unsigned i = 0; i < FLOW_KEPT; i++)
		more->kept[i] = (struct kept){ UINT32_MAX, UINT16_MAX, sizeof(bytes), bytes };
	f.more = more;
	return f;
}

static void extremes(void)
{
	struct flow_more more = { .kept_count = 0 };
	struct flow f = { 0 };

	check(both_agree(&f));
	f.more = &more;
	check(both_agree(&f));
	f = largest(&more);
	check(both_agree(&f));
	f.more = NULL;
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

/* The encoder writes keys and numbers with bytes that do not count behind them. */
static void within_its_room(void)
{
	struct flow_more more;
	struct flow f = largest(&more);

	check(encode_flow(&f, guarded_room(SPOOL_RECORD)) <= SPOOL_RECORD);
	more.kept_count = 0;
	check(encode_flow(&f, guarded_room(SPOOL_RECORD)) < SPOOL_RECORD);
	f.more = NULL;
	check(encode_flow(&f, guarded_room(SPOOL_RECORD)) < SPOOL_RECORD);
}

/* With every length of what stands before it, an element that fits stays and no other does. */
static void kept_to_the_last_byte(void)
{
	struct flow_more more;
	struct flow f = largest(&more);

	for (unsigned len = 0; len <= KEPT_BYTES; len++) {
		more.kept[FLOW_KEPT - 1].len = (uint16_t)len;
		for (unsigned first = 0; first <= KEPT_BYTES; first++) {
			more.kept[0].len = (uint16_t)first;
			check(both_agree(&f));
		}
	}
}

TESTS({ "the fast encoder and nanopb agree on random flows", random_flows },
      { "they agree on nothing and on everything", extremes },
      { "they agree where the length takes another byte", one_byte_of_length },
      { "unknown elements are kept to the last byte", kept_to_the_last_byte },
      { "a record's room is enough", within_its_room })
