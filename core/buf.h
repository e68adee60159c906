/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A window on bytes somebody else owns. Reading past the end returns zeros
 * and sets `bad`, which stays set: decode a whole header, then ask once.
 */
#ifndef NM_BUF_H
#define NM_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

static inline struct buf buf_of(const void *p, size_t len)
{
	return (struct buf){ p, (const uint8_t *)p + len, false };
}

static inline size_t buf_left(const struct buf *b)
{
	return (size_t)(b->end - b->p);
}

/* Cut the next len bytes off; an empty, bad window when they are not there. */
static inline struct buf buf_take(struct buf *b, size_t len)
{
	struct buf part = { b->p, b->p, true };

	if (b->bad || len > buf_left(b)) {
		b->bad = true;
		b->p = b->end;
		return part;
	}
	part.end = b->p += len;
	part.bad = false;
	return part;
}

static inline void buf_skip(struct buf *b, size_t len)
{
	buf_take(b, len);
}

/* Nothing but zero bytes: padding, wherever it stands. */
static inline bool buf_is_zero(const struct buf *b)
{
	for (const uint8_t *p = b->p; p < b->end; p++)
		if (*p)
			return false;
	return true;
}

/* Big-endian integers at p, for those who know that the bytes are there. */
static inline uint16_t be16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static inline uint64_t be48(const uint8_t *p) { return (uint64_t)be16(p) << 32 | be32(p + 2); }
static inline uint64_t be64(const uint8_t *p) { return (uint64_t)be32(p) << 32 | be32(p + 4); }

/* Big-endian unsigned integer; of more than 8 bytes the last 8 count. */
static inline uint64_t buf_uint(struct buf *b, size_t len)
{
	struct buf part = buf_take(b, len);
	uint64_t v = 0;

	while (part.p < part.end)
		v = v << 8 | *part.p++;
	return v;
}

static inline uint8_t buf_u8(struct buf *b)
{
	struct buf part = buf_take(b, 1);

	return part.bad ? 0 : part.p[0];
}

static inline uint16_t buf_u16(struct buf *b)
{
	struct buf part = buf_take(b, 2);

	return part.bad ? 0 : be16(part.p);
}

static inline uint32_t buf_u32(struct buf *b)
{
	struct buf part = buf_take(b, 4);

	return part.bad ? 0 : be32(part.p);
}

static inline uint64_t buf_u64(struct buf *b)
{
	struct buf part = buf_take(b, 8);

	return part.bad ? 0 : be64(part.p);
}

#endif
