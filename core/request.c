// SPDX-License-Identifier: Apache-2.0
/*
 * What is to be written next. A chunk is made in the room behind a size of always four digits,
 * which is filled in afterwards. The last one has the end of the body behind it.
 */
#include "core/request.h"

#define SIZE_LINE 6			/* "8a1c\r\n" */
#define CHUNK_END "\r\n"
#define BODY_END  "0\r\n\r\n"

_Static_assert(COMPRESS_ROOM < 0x10000, "a chunk's size has four digits");

uint64_t request_body(const struct request *r)
{
	uint64_t bytes = 0;

	for (unsigned i = 0; i < r->pieces; i++)
		bytes += buf_left(&r->piece[i]);
	return bytes;
}

void request_start(struct request *r, size_t head)
{
	r->next = buf_of(r->head, head);
	r->at = 0;
	r->begun = r->whole = false;
}

/* Until something comes of it: a chunk of no bytes would end the body. */
static enum nm_err compress(struct request *r, struct out *o)
{
	const struct compression *c = r->compression;
	size_t before;

	if (!r->begun && c->begin(r->memory, o))
		return NM_FULL;
	r->begun = true;
	before = out_len(o);
	while (r->at < r->pieces && out_len(o) == before)
		if (c->feed(r->memory, &r->piece[r->at], r->at + 1 == r->pieces, o))
			r->at++;
	return NM_OK;
}

static void put_size(uint8_t *at, size_t size)
{
	for (int i = 3; i >= 0; i--, size >>= 4)
		at[i] = (uint8_t)"0123456789abcdef"[size & 15];
	memcpy(at + 4, CHUNK_END, 2);
}

static enum nm_err make_chunk(struct request *r)
{
	struct out o = out_of(r->room + SIZE_LINE, COMPRESS_ROOM);
	enum nm_err err = compress(r, &o);

	put_size(r->room, out_len(&o));
	o.end = r->room + REQUEST_ROOM;
	out_text(&o, CHUNK_END);
	if (r->at == r->pieces)
		out_text(&o, BODY_END);
	r->next = buf_of(r->room, (size_t)(o.p - r->room));
	return err ? err : o.full ? NM_FULL : NM_OK;
}

enum nm_err request_wrote(struct request *r, size_t len)
{
	buf_skip(&r->next, len);
	if (buf_left(&r->next))
		return NM_OK;
	r->whole = r->at == r->pieces;
	if (r->whole)
		return NM_OK;
	if (r->compression)
		return make_chunk(r);
	r->next = r->piece[r->at++];
	return NM_OK;
}
