// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as attributes of a netlink message, read by a table with a row of every kind: what is
 * in the struct must be what another reading of the same bytes finds, and nothing else of it may
 * change. The first byte's upper bits say how long the family's header is. With its lowest bit the
 * rest is a list that becomes attributes of this machine's byte order, so that seeds mean the same
 * everywhere: a type, a length, and so many bytes, or with the length's high bit a number of so
 * many bytes; of type NEST the bytes are such a list. Otherwise it is taken as it is.
 * tests/fuzz/run.py runs it.
 */
#include "platform/linux/nl_attr.h"
#include "tests/guard.h"
#include "tests/linux/words.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define HEAD   16			/* of a message */
#define MARK   0xa5a5a5a5u
#define DEEP   3

enum { ONE, TWO, FOUR, EIGHT, NET, TEXT, FLAG, BYTES, NEST, SKIPPED };

struct all {
	uint32_t before;
	uint8_t one;
	uint16_t two, net;
	uint32_t four;
	uint64_t eight;
	char text[5];
	bool flag;
	struct buf bytes;
	uint32_t after;
};

static const struct nl_attr deep_attrs[] = {
	NL_ATTR(FOUR,  NL_NUMBER, struct all, four),
	NL_ATTR(BYTES, NL_BYTES,  struct all, bytes),
	{ 0 }
};
static const struct nl_attr attrs[] = {
	NL_ATTR(ONE,   NL_NUMBER, struct all, one),
	NL_ATTR(TWO,   NL_NUMBER, struct all, two),
	NL_ATTR(FOUR,  NL_NUMBER, struct all, four),
	NL_ATTR(EIGHT, NL_NUMBER, struct all, eight),
	NL_ATTR(NET,   NL_NET,    struct all, net),
	NL_ATTR(TEXT,  NL_TEXT,   struct all, text),
	NL_ATTR(FLAG,  NL_FLAG,   struct all, flag),
	NL_ATTR(BYTES, NL_BYTES,  struct all, bytes),
	NL_NESTED(NEST, deep_attrs),
	NL_SKIPPED(SKIPPED),
	{ 0 }
};

/* --- the other reading -------------------------------------------------------------------- */

/* Where the byte stands that has so many of the number's above it. */
static size_t from_top(size_t i, size_t len)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? i : len - 1 - i;
}

static uint64_t host(const uint8_t *p, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | p[from_top(i, len)];
	return value;
}

static bool expect_number(uint16_t type, struct buf b, struct all *a)
{
	size_t len = buf_left(&b);
	uint64_t v;

	if (len != 1 && len != 2 && len != 4 && len != 8)
		return false;
	v = type == NET ? buf_uint(&b, len) : host(b.p, len);
	switch (type) {
	case ONE:  a->one = v <= UINT8_MAX ? (uint8_t)v : a->one; return v <= UINT8_MAX;
	case TWO:  a->two = v <= UINT16_MAX ? (uint16_t)v : a->two; return v <= UINT16_MAX;
	case NET:  a->net = v <= UINT16_MAX ? (uint16_t)v : a->net; return v <= UINT16_MAX;
	case FOUR: a->four = v <= UINT32_MAX ? (uint32_t)v : a->four; return v <= UINT32_MAX;
	default:   a->eight = v; return true;
	}
}

static bool expect(struct buf in, bool deep, struct all *a);

static bool expect_one(uint16_t type, struct buf b, bool deep, struct all *a)
{
	if (type > SKIPPED || (deep && type != FOUR && type != BYTES))
		return true;
	switch (type) {
	case TEXT:
		memset(a->text, 0, sizeof(a->text));
		for (size_t i = 0; i < sizeof(a->text) - 1 && i < buf_left(&b) && b.p[i]; i++)
			a->text[i] = (char)b.p[i];
		return true;
	case FLAG:    a->flag = true; return true;
	case BYTES:   a->bytes = b; return true;
	case NEST:    return expect(b, true, a);
	case SKIPPED: return true;
	default:      return expect_number(type, b, a);
	}
}

static bool expect(struct buf in, bool deep, struct all *a)
{
	bool good = true;

	while (buf_left(&in) >= 4) {
		size_t len = (size_t)host(in.p, 2), whole = (len + 3) & ~(size_t)3;
		uint16_t type = host(in.p + 2, 2) & 0x3fff;

		if (len < 4 || len > buf_left(&in))
			return false;
		good &= expect_one(type, buf_of(in.p + 4, len - 4), deep, a);
		buf_skip(&in, whole < buf_left(&in) ? whole : buf_left(&in));
	}
	return good && !buf_left(&in);
}

static void must_be_same(const struct all *a, const struct all *b)
{
	must(a->before == MARK && a->after == MARK);
	must(a->one == b->one && a->two == b->two && a->net == b->net && a->four == b->four);
	must(a->eight == b->eight && a->flag == b->flag && !memcmp(a->text, b->text, 5));
	must(a->bytes.p == b->bytes.p && a->bytes.end == b->bytes.end && !a->bytes.bad);
}

/* --- messages ------------------------------------------------------------------------------ */

static void compose(struct words *w, struct buf in, unsigned depth)
{
	while (buf_left(&in) >= 2 && w->len < sizeof(w->b) - 512) {
		uint8_t type = buf_u8(&in), len = buf_u8(&in), size = len & 0x7f;
		struct buf part = buf_take(&in, size < buf_left(&in) ? size : buf_left(&in));
		size_t at = w_nest(w, type);

		if (type == NEST && depth < DEEP)
			compose(w, part, depth + 1);
		else if (len & 0x80)
			for (size_t i = 0, n = buf_left(&part); i < n; i++)
				w8(w, part.p[from_top(i, n)]);
		else
			w_bytes(w, part.p, buf_left(&part));
		w_end(w, at);
		w_pad(w);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w;
	struct all is = { .before = MARK, .after = MARK }, want = is;
	struct buf in = buf_of(data, size), rest;
	uint8_t first = buf_u8(&in);
	size_t own = first >> 4, at;
	bool good = false;

	w.len = 0;
	if (!size || size > sizeof(w.b) / 2)
		return 0;
	at = w_message(&w, 0, 0, 0, 0);
	w_bytes(&w, (uint8_t[16]){ 0 }, first & 2 ? (own + 3) & ~(size_t)3 : 0);
	if (first & 1)
		compose(&w, in, 0);
	else
		w_bytes(&w, in.p, buf_left(&in));
	w_finish(&w, at);
	rest = buf_of(memcpy(guarded_room((w.len + 3) & ~(size_t)3), w.b, w.len), w.len);
	good = nl_message_attrs(attrs, (const void *)rest.p, own, &is);
	buf_skip(&rest, HEAD);
	if (buf_left(&rest) >= own) {
		at = (own + 3) & ~(size_t)3;
		buf_skip(&rest, at < buf_left(&rest) ? at : buf_left(&rest));
		must(good == expect(rest, false, &want));
	} else {
		must(!good);
	}
	must_be_same(&is, &want);
	return 0;
}
