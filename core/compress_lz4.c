// SPDX-License-Identifier: Apache-2.0
/*
 * LZ4 in its frame format (lz4_Frame_format.md 1.6.x): a header that never changes, a block for
 * each piece that can be read without the ones before, and an end mark. So it needs the library's
 * hash table and no more. A block that does not shrink goes as it is.
 */
#include <lz4.h>

#include "core/compress.h"

#define BLOCK_AS_IT_IS (1u << 31)

/* Magic number; version 01, independent blocks, no checksums, at most 64 KB; header checksum. */
static const uint8_t header[] = { 0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82 };

static size_t lz4_memory(void)
{
	return (size_t)LZ4_sizeofState();
}

static enum nm_err lz4_begin(void *memory, struct out *o)
{
	(void)memory;
	out_bytes(o, header, sizeof(header));
	return NM_OK;
}

static void put_le32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The room is always enough for whatever LZ4 makes of it, so the library checks no bounds. */
static void put_block(void *memory, const uint8_t *bytes, size_t len, struct out *o)
{
	char *at = (char *)o->p + 4;
	int small = LZ4_compress_fast_extState(memory, (const char *)bytes, at, (int)len,
					       LZ4_COMPRESSBOUND(COMPRESS_PIECE), 1);

	if (small > 0 && (size_t)small < len) {
		put_le32(o->p, (uint32_t)small);
		o->p = (uint8_t *)at + small;
	} else {
		put_le32(o->p, (uint32_t)len | BLOCK_AS_IT_IS);
		o->p += 4;
		out_bytes(o, bytes, len);
	}
}

static bool lz4_feed(void *memory, struct buf *piece, bool last, struct out *o)
{
	size_t len = buf_left(piece);

	if (len > COMPRESS_PIECE)
		len = COMPRESS_PIECE;
	if (len)
		put_block(memory, piece->p, len, o);
	buf_skip(piece, len);
	if (buf_left(piece))
		return false;
	if (last)
		out_bytes(o, "\0\0\0", 4);
	return true;
}

const struct compression compress_lz4 = {
	CONF_COMPRESSION_LZ4, "lz4", lz4_memory, lz4_begin, lz4_feed,
};
