// SPDX-License-Identifier: Apache-2.0
/* Attributes into structs by a table: kinds, lengths, nests, and everything that is cut. */
#include "platform/linux/nl_attr.h"

#include <stdlib.h>

#include "tests/linux/words.h"
#include "tests/test.h"

struct all {
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	uint32_t net;
	char text[5];
	bool flag;
	struct buf bytes;
	uint32_t deep;
};

static const struct nl_attr deep_attrs[] = {
	NL_ATTR(1, NL_NUMBER, struct all, deep),
	{ 0 }
};
static const struct nl_attr middle_attrs[] = { NL_NESTED(9, deep_attrs), { 0 } };
static const struct nl_attr attrs[] = {
	NL_ATTR(0, NL_NUMBER, struct all, one),		/* type 0 is a type like others */
	NL_ATTR(1, NL_NUMBER, struct all, two),
	NL_ATTR(2, NL_NUMBER, struct all, four),
	NL_ATTR(3, NL_NUMBER, struct all, eight),
	NL_ATTR(4, NL_NET,    struct all, net),
	NL_ATTR(5, NL_TEXT,   struct all, text),
	NL_ATTR(6, NL_FLAG,   struct all, flag),
	NL_ATTR(7, NL_BYTES,  struct all, bytes),
	NL_NESTED(8, middle_attrs),
	{ 0 }
};

static bool read_all(const struct words *w, struct all *a)
{
	memset(a, 0, sizeof(*a));
	return nl_attrs(attrs, w->b, w->len, a);
}

static void number(struct words *w, uint16_t type, uint64_t value, uint16_t len)
{
	const uint16_t two = (uint16_t)value;
	const uint32_t four = (uint32_t)value;
	const uint8_t one = (uint8_t)value;

	w_attr(w, type, len == 1 ? (const void *)&one : len == 2 ? (const void *)&two :
	       len == 4 ? (const void *)&four : (const void *)&value, len);
}

static void every_kind(void)
{
	struct words w = { .len = 0 };
	struct all a;
	size_t middle, deep;

	number(&w, 0, 0xab, 1);
	number(&w, 1, 0xabcd, 2);
	number(&w, 2, 0xabcdef01, 4);
	number(&w, 3, 0x0123456789abcdef, 8);
	w_attr(&w, 4, "\x01\x02\x03\x04", 4);
	w_attr(&w, 5, "abc", 4);
	w_attr(&w, 6, "", 0);
	w_attr(&w, 7, "payload", 7);
	middle = w_nest(&w, 8 | NLA_F_NESTED);
	deep = w_nest(&w, 9);
	number(&w, 1, 77, 4);
	w_end(&w, deep);
	w_end(&w, middle);
	check(read_all(&w, &a));
	check(a.one == 0xab && a.two == 0xabcd && a.four == 0xabcdef01);
	check(a.eight == 0x0123456789abcdef && a.net == 0x01020304);
	check(!strcmp(a.text, "abc") && a.flag && a.deep == 77);
	check(buf_left(&a.bytes) == 7 && !memcmp(a.bytes.p, "payload", 7));
}

static void numbers_of_any_length(void)
{
	static const uint16_t lengths[] = { 1, 2, 4, 8 };
	struct all a;

	for (unsigned i = 0; i < 4; i++) {
		struct words w = { .len = 0 };

		for (uint16_t type = 0; type < 4; type++)
			number(&w, type, 200 + type, lengths[i]);
		check(read_all(&w, &a));
		check(a.one == 200 && a.two == 201 && a.four == 202 && a.eight == 203);
	}
}

static void network_order(void)
{
	static const struct { const char *bytes; uint16_t len; uint32_t value; } cases[] = {
		{ "\x07", 1, 7 }, { "\x01\x07", 2, 263 }, { "\x01\0\0\x07", 4, 16777223 },
		{ "\0\0\0\0\x01\0\0\x07", 8, 16777223 },
	};
	struct all a;

	for (unsigned i = 0; i < 4; i++) {
		struct words w = { .len = 0 };

		w_attr(&w, 4, cases[i].bytes, cases[i].len);
		check(read_all(&w, &a) && a.net == cases[i].value);
	}
}

/* Of one that comes twice the last holds; rows of what is not wanted are no members. */
static void any_order(void)
{
	static const struct nl_attr skipping[] = {
		NL_ATTR(2, NL_NUMBER, struct all, four),
		NL_SKIPPED(5),
		NL_ATTR(1, NL_NUMBER, struct all, two),
		{ 0 }
	};
	static const uint16_t orders[][4] = {
		{ 2, 5, 1, 9 }, { 1, 2, 5, 5 }, { 5, 9, 1, 2 }, { 9, 1, 5, 2 }, { 2, 1, 2, 1 },
		{ 1, 1, 2, 2 }, { 9, 9, 2, 1 },
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct words w = { .len = 0 };
		struct all a = { .one = 0x55 };

		for (uint32_t k = 0; k < 4; k++)
			number(&w, orders[i][k], 100 * orders[i][k] + k, 4);
		check(nl_attrs(skipping, w.b, w.len, &a));
		check(a.two / 100 == 1 && a.four / 100 == 2 && a.one == 0x55 && !a.eight);
		check(orders[i][a.two % 100] == 1 && orders[i][a.four % 100] == 2);
		check(i != 4 || (a.two == 103 && a.four == 202));
	}
}

static void wrong_lengths(void)
{
	struct words w = { .len = 0 };
	struct all a;

	w_attr(&w, 2, "abc", 3);		/* no number has 3 bytes */
	w_attr(&w, 3, "", 0);
	w_attr(&w, 4, "12345", 5);
	number(&w, 0, 7, 1);
	check(!read_all(&w, &a));
	check(a.four == 0 && a.eight == 0 && a.net == 0 && a.one == 7);
}

static void values_too_large(void)
{
	struct words w = { .len = 0 };
	struct all a;

	number(&w, 0, 0x100, 2);
	number(&w, 1, 0x10000, 4);
	number(&w, 2, 0x100000000, 8);
	check(!read_all(&w, &a));
	check(a.one == 0 && a.two == 0 && a.four == 0);
}

static void texts(void)
{
	static const struct { const char *bytes; uint16_t len; const char *is; } cases[] = {
		{ "", 0, "" },      { "ab", 2, "ab" },        { "abcd", 5, "abcd" },
		{ "abcd", 4, "abcd" }, { "abcdefgh", 9, "abcd" }, { "a\0b", 3, "a" },
	};
	struct all a;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words w = { .len = 0 };

		w_attr(&w, 5, cases[i].bytes, cases[i].len);
		check(read_all(&w, &a) && !strcmp(a.text, cases[i].is));
	}
}

static void unknown_ones(void)
{
	struct words w = { .len = 0 };
	struct all a;

	w_attr(&w, 0x3fff, "whatever", 8);
	number(&w, 1 | NLA_F_NET_BYTEORDER, 5, 2);	/* flags are no part of the type */
	w_attr(&w, 99, "", 0);
	check(read_all(&w, &a) && a.two == 5);
	check(nl_attrs(attrs, NULL, 0, &a) && !nl_attrs(attrs, w.b, (size_t)INT32_MAX + 1, &a));
}

/* The last one may end without padding; what is cut is read as far as it goes. */
static void cut_everywhere(void)
{
	struct words w = { .len = 0 };
	size_t nest;
	struct all a;

	number(&w, 2, 1234, 4);				/* 8 bytes */
	nest = w_nest(&w, 8);				/* 4 + 4 + 8 */
	w_end(&w, nest);
	number(&w, 1, 77, 2);				/* 8, of them 2 padding */
	for (size_t len = 0; len <= w.len; len++) {
		bool whole = len == 0 || len == 8 || len == 12 || len >= w.len - 2;

		void *copy = malloc(len + 1);		/* at a multiple of eight */

		if (!check(copy))
			return;
		memcpy(copy, w.b, len);
		memset(&a, 0, sizeof(a));
		check(nl_attrs(attrs, copy, len, &a) == whole);
		free(copy);
		check(a.four == (len >= 8 ? 1234u : 0) && a.two == (len >= w.len - 2 ? 77 : 0));
	}
}

static void behind_a_header(void)
{
	struct words w = { .len = 0 };
	struct all a = { 0 };
	size_t at = w_message(&w, 20, 0, 0, 0);
	const struct nlmsghdr *h = (const void *)w.b;

	w_bytes(&w, "\x02\0\x01", 3);			/* a header of three bytes, and padding */
	w_pad(&w);
	number(&w, 2, 99, 4);
	w_finish(&w, at);
	check(nl_message_attrs(attrs, h, 3, &a) && a.four == 99);
	check(!nl_message_attrs(attrs, h, 13, &a));
	check(nl_message_attrs(attrs, h, 12, &a));
}

static void whole_messages(void)
{
	static const struct { uint32_t said; int there; bool good; } cases[] = {
		{ 16, 16, true }, { 17, 20, true },           { 21, 20, false }, { 15, 20, false },
		{ 16, 0, false }, { 0x80000010, 20, false },  { 0xffffffff, 20, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct nlmsghdr h = { .nlmsg_len = cases[i].said };

		check(nl_ok(&h, cases[i].there) == cases[i].good);
	}
}

TESTS({ "every kind reaches its member",                       every_kind },
      { "a number may have 1, 2, 4 or 8 bytes",                numbers_of_any_length },
      { "numbers in network order are turned",                 network_order },
      { "attributes may come in any order, and twice",         any_order },
      { "a wrong length is told, and leaves the others",       wrong_lengths },
      { "a value that its member cannot hold is left out",     values_too_large },
      { "texts are cut and end",                               texts },
      { "attributes of other types are skipped",               unknown_ones },
      { "every cut is safe, and seen where it hurts",          cut_everywhere },
      { "a family's header is checked and skipped",            behind_a_header },
      { "a message is whole when its length is there",         whole_messages })
