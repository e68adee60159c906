/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Protobuf's wire format, for the fast encoder of flows: how a field is described, and the writers
 * that take one to its place. None of them asks for room, for the largest flow is known to fit, and
 * ENCODE_SLACK bytes behind it: numbers are written eight bytes at a time and only a part of them
 * counts.
 */
#ifndef NM_ENCODE_WIRE_H
#define NM_ENCODE_WIRE_H

#include <string.h>

#include "core/flow.h"

#define ENCODE_SLACK 8
/* For what is only small when its row is a constant, and for what is never small. */
#define WIRE_FOLD    __attribute__((always_inline))
#define WIRE_APART   __attribute__((noinline))

/* How a field is read from the record. */
enum op { OP_U8, OP_U16, OP_U32, OP_U64, OP_ADDRESS, OP_SECONDS, OP_TYPE, OP_DIRECTION,
	  OP_NUMBERS, OP_TEXT };

struct row {
	uint16_t at;			/* offset in the record */
	uint8_t op;			/* enum op */
	uint8_t room;			/* numbers of a list, bytes of a text, at the most */
	uint8_t key_len;		/* 1 or 2: all tags are below 2048 */
	uint8_t key[2];			/* tag << 3 | wire type, as a varint */
};

enum wire_type { VARINT = 0, LENGTH = 2 };

#define IS_VARINT(op) \
	((int)(op) != OP_ADDRESS && (int)(op) != OP_NUMBERS && (int)(op) != OP_TEXT)
#define KEY(tag, op) ((tag) << 3 | (IS_VARINT(op) ? VARINT : LENGTH))
#define ROW(at, op, room, tag)                                                           \
	{ at, op, room, KEY(tag, op) < 0x80 ? 1 : 2,                                     \
	  { KEY(tag, op) < 0x80 ? KEY(tag, op) : (KEY(tag, op) & 0x7f) | 0x80,           \
	    KEY(tag, op) >> 7 } }

#define OP_OF_SIZE(type) (sizeof(type) == 1 ? OP_U8 : sizeof(type) == 2 ? OP_U16 : \
			  sizeof(type) == 4 ? OP_U32 : OP_U64)

/* --- numbers ------------------------------------------------------------------------------ */

/* Seven bits a byte, the low ones first; all but the last say that another follows. */
static inline uint8_t *wire_varint_bytewise(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

#if defined(__LP64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Bytes behind the first that a number of 1 or more takes: its highest bit divided by 7. */
#define WIRE_BEHIND(v) ((unsigned)(63 - __builtin_clzll(v)) * 37 >> 8)

/*
 * Without a branch for each byte, which no processor foresees in numbers as they come: spread the
 * bits over bytes in steps (28 to 32, 14 to 16, 7 to 8), then mark all bytes but the last.
 */
WIRE_APART static uint8_t *wire_large(uint8_t *p, uint64_t v)
{
	unsigned behind = WIRE_BEHIND(v);
	uint64_t x = v, marks = 0x8080808080808080u;

	x = (x & 0x000000000fffffffu) | (x & 0x00fffffff0000000u) << 4;
	x = (x & 0x00003fff00003fffu) | (x & 0x0fffc0000fffc000u) << 2;
	x = (x & 0x007f007f007f007fu) | (x & 0x3f803f803f803f80u) << 1;
	if (behind < 8) {
		x |= marks & (((uint64_t)1 << 8 * behind) - 1);
		memcpy(p, &x, sizeof(x));
	} else {
		x |= marks;
		memcpy(p, &x, sizeof(x));
		p[8] = (uint8_t)(v >> 56 | (behind == 9 ? 0x80 : 0));
		p[9] = 1;
	}
	return p + behind + 1;
}

/* The same for 35 bits. */
WIRE_APART static uint8_t *wire_medium(uint8_t *p, uint64_t v)
{
	unsigned behind = WIRE_BEHIND(v);
	uint64_t x = v & 0x0fffffff;

	x = (x & 0x00003fff) | (x & 0x0fffc000) << 2;
	x = (x & 0x007f007f) | (x & 0x3f803f80) << 1;
	x |= v >> 28 << 32;
	x |= 0x80808080u & (((uint64_t)1 << 8 * behind) - 1);
	memcpy(p, &x, sizeof(x));
	return p + behind + 1;
}

WIRE_FOLD static inline uint8_t *wire_varint(uint8_t *p, uint64_t v)
{
	if (v < 0x80) {
		*p = (uint8_t)v;
		return p + 1;
	}
	return v >> 35 ? wire_large(p, v) : wire_medium(p, v);
}
#else
WIRE_APART static uint8_t *wire_varint(uint8_t *p, uint64_t v)
{
	return wire_varint_bytewise(p, v);
}
#endif

/* --- fields --------------------------------------------------------------------------------- */

/* The second byte of a short key is overwritten by what follows. */
WIRE_FOLD static inline uint8_t *wire_key(uint8_t *p, const struct row *r)
{
	memcpy(p, r->key, sizeof(r->key));
	return p + r->key_len;
}

WIRE_FOLD static inline uint8_t *wire_address(uint8_t *p, const struct row *r, const void *from)
{
	uint64_t half[2];

	memcpy(half, from, sizeof(half));
	if (!(half[0] | half[1]))
		return p;
	p = wire_key(p, r);
	*p = sizeof(half);
	memcpy(p + 1, half, sizeof(half));
	return p + 1 + sizeof(half);
}

/* Packed: the length of all before the first. */
static inline uint8_t *wire_numbers(uint8_t *p, const struct row *r, const uint32_t *n,
				    unsigned count)
{
	uint8_t *start, *at;
	size_t len;

	if (!count)
		return p;
	start = wire_key(p, r) + 1;
	at = start;
	for (unsigned i = 0; i < count && i < r->room; i++)
		at = wire_varint(at, n[i]);
	len = (size_t)(at - start);
	if (len >= 0x80)
		memmove(start + 1, start, len);
	wire_varint_bytewise(start - 1, len);
	return start + len + (len >= 0x80);
}

/* The number at this place of the record. */
WIRE_FOLD static inline uint64_t wire_number(const struct row *r, const void *from)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (r->op) {
	case OP_U8:
	case OP_TYPE:
	case OP_DIRECTION:
		memcpy(&u8, from, sizeof(u8));
		return r->op == OP_DIRECTION ? u8 == DIRECTION_EGRESS :
		       r->op == OP_TYPE && u8 > FLOW_IPFIX ? FLOW_UNKNOWN : u8;
	case OP_U16:
		memcpy(&u16, from, sizeof(u16));
		return u16;
	case OP_U32:
		memcpy(&u32, from, sizeof(u32));
		return u32;
	default:
		memcpy(&u64, from, sizeof(u64));
		return r->op == OP_SECONDS ? (uint64_t)((int64_t)u64 / NM_NS_PER_S) : u64;
	}
}

WIRE_FOLD static inline uint8_t *wire_uint(uint8_t *p, const struct row *r, const void *from)
{
	uint64_t v = wire_number(r, from);

	if (!v)
		return p;
	return wire_varint(wire_key(p, r), v);
}

/* Fields of flow_more.def, then the elements that were kept, as many as fit before `end`. */
uint8_t *encode_flow_more(const struct flow_more *more, uint8_t *p, const uint8_t *end);

#endif
