// SPDX-License-Identifier: Apache-2.0
/*
 * Bodies in chunks (RFC 9112 7.1) and in LZ4 frames (lz4_Frame_format.md), read by a decoder that
 * was written from the format (lz4_Block_format.md) and knows no library.
 */
#include <string.h>

#include "tests/sim/server.h"

#define FRAME_MAGIC  0x184d2204u
#define VERSION      0x40		/* flag: and no sums or sizes besides */
#define INDEPENDENT  0x20		/* flag: blocks do not refer to others */
#define UNCOMPRESSED 0x80000000u

/* --- chunks ------------------------------------------------------------ */

static int digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "8a1c\r\n": true when it was the size of the last chunk, 0. */
static void size_byte(struct server *s, uint8_t byte)
{
	if (digit(byte) >= 0)
		s->chunk = s->chunk * 16 + (size_t)digit(byte);
	else if (byte == '\n')
		s->in_size = false;
	else if (byte != '\r')
		server_complain(s, "byte %u in the size of a chunk", byte);
	if (!s->in_size)
		s->chunk += 2;		/* and "\r\n" behind it */
}

bool server_chunk_byte(struct server *s, uint8_t byte)
{
	static const char end[] = "\n\r";

	if (s->in_size) {
		size_byte(s, byte);
		s->last_chunk = s->chunk == 2 && !s->in_size;
		return false;
	}
	if (s->chunk > 2 && s->body_len < sizeof(s->body))
		s->body[s->body_len++] = byte;
	else if (s->chunk <= 2 && byte != (uint8_t)end[s->chunk - 1])
		server_complain(s, "byte %u behind a chunk", byte);
	s->in_size = !--s->chunk;
	return s->in_size && s->last_chunk;
}

/* --- lz4 ------------------------------------------------------------ */

struct reader { const uint8_t *p, *end; bool short_; };

static uint8_t get(struct reader *r)
{
	if (r->p < r->end)
		return *r->p++;
	r->short_ = true;
	return 0;
}

static uint32_t get32(struct reader *r)
{
	uint32_t value = get(r);

	value |= (uint32_t)get(r) << 8;
	value |= (uint32_t)get(r) << 16;
	return value | (uint32_t)get(r) << 24;
}

/* 15 in the token: more bytes follow, up to one that is not 255. */
static size_t length(struct reader *r, size_t token)
{
	size_t len = token;
	uint8_t byte = 255;

	while (token == 15 && byte == 255 && !r->short_)
		len += byte = get(r);
	return len;
}

struct writer { uint8_t *start, *p, *end; };

static void put(struct writer *w, struct reader *r, uint8_t byte)
{
	if (w->p < w->end)
		*w->p++ = byte;
	else
		r->short_ = true;
}

static void unpack_block(struct reader r, struct writer *w, bool *bad)
{
	const uint8_t *begun = w->p;

	while (r.p < r.end && !r.short_) {
		uint8_t token = get(&r);
		size_t offset, len;

		for (len = length(&r, token >> 4); len && !r.short_; len--)
			put(w, &r, get(&r));
		if (r.p == r.end)
			break;		/* the last sequence has only literals */
		offset = get(&r);
		offset |= (size_t)get(&r) << 8;
		if (!offset || offset > (size_t)(w->p - begun))
			r.short_ = true;
		for (len = length(&r, token & 15) + 4; len && !r.short_; len--)
			put(w, &r, w->p[-(ptrdiff_t)offset]);
	}
	*bad |= r.short_;
}

/* True when it is a whole frame. */
static bool unpack_frame(struct reader *r, struct writer *w)
{
	uint32_t magic = get32(r), size;
	uint8_t flags = get(r);
	bool bad = magic != FRAME_MAGIC || (flags & 0xdf) != VERSION || !(flags & INDEPENDENT);

	get(r);				/* the blocks' greatest size */
	get(r);				/* the header's sum */
	while (!bad && !r->short_ && (size = get32(r))) {
		uint32_t len = size & ~UNCOMPRESSED;
		struct reader block = { r->p, r->p + len, false };

		bad = len > (size_t)(r->end - r->p);
		if (bad)
			break;
		r->p += len;
		if (!(size & UNCOMPRESSED))
			unpack_block(block, w, &bad);
		while (size & UNCOMPRESSED && block.p < block.end)
			put(w, &block, get(&block));
		bad |= block.short_;
	}
	return !bad && !r->short_ && r->p == r->end;
}

void server_unpack(struct server *s)
{
	static uint8_t whole[SERVER_BODY];
	struct reader r = { s->body, s->body + s->body_len, false };
	struct writer w = { whole, whole, whole + sizeof(whole) };

	s->packed++;
	if (!unpack_frame(&r, &w))
		server_complain(s, "the body is no LZ4 frame");
	s->body_len = (size_t)(w.p - w.start);
	memcpy(s->body, whole, s->body_len);
}
