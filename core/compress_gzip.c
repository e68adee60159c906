// SPDX-License-Identifier: Apache-2.0
/*
 * gzip (RFC 1952) by zlib at its quickest level: a fifth smaller than LZ4, for several times the
 * work. zlib asks for memory in zalloc; it gets it from what the owner brought, anew for each
 * body, so nothing has to be given back.
 */
#define ZLIB_CONST
#include <zlib.h>

#include "core/compress.h"

#define LEVEL       1
#define WINDOW_BITS 14			/* 16 KB back; zlib keeps four times that */
#define GZIP_FRAME  16			/* ... and writes gzip's header and trailer */
#define MEMORY      7			/* zlib keeps 64 KB for what it finds */
#define ARENA       (160u << 10)	/* both, the state, and other makes of zlib */

struct gzip {
	z_stream z;
	size_t used;
	_Alignas(16) uint8_t arena[ARENA];
};

static void *take(void *opaque, uInt items, uInt size)
{
	struct gzip *g = opaque;
	size_t bytes = ((size_t)items * size + 15) & ~(size_t)15;
	void *at = g->arena + g->used;

	if (bytes > ARENA - g->used)
		return NULL;
	g->used += bytes;
	return memset(at, 0, bytes);
}

static void leave(void *opaque, void *at)
{
	(void)opaque, (void)at;
}

static size_t gzip_memory(void)
{
	return sizeof(struct gzip);
}

static enum nm_err gzip_begin(void *memory, struct out *o)
{
	struct gzip *g = memory;
	int err;

	(void)o;
	g->used = 0;
	g->z = (z_stream){ .zalloc = take, .zfree = leave, .opaque = g };
	err = deflateInit2(&g->z, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_FRAME, MEMORY,
			   Z_DEFAULT_STRATEGY);
	return err == Z_OK ? NM_OK : NM_FULL;
}

static bool gzip_feed(void *memory, struct buf *piece, bool last, struct out *o)
{
	z_stream *z = &((struct gzip *)memory)->z;
	int err;

	z->next_in = piece->p;
	z->avail_in = (uInt)buf_left(piece);
	z->next_out = o->p;
	z->avail_out = (uInt)(o->end - o->p);
	err = deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
	buf_skip(piece, buf_left(piece) - z->avail_in);
	o->p = z->next_out;
	return last ? err == Z_STREAM_END : !z->avail_in;
}

const struct compression compress_gzip = {
	CONF_COMPRESSION_GZIP, "gzip", gzip_memory, gzip_begin, gzip_feed,
};
