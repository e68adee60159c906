/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request on its way: a head, and a body that lies in pieces in somebody's memory. It goes out
 * as it lies there, or compressed. How long a compressed body becomes is known only at its end,
 * so it goes in HTTP's chunks (RFC 9112 7.1), each made when the one before has been written:
 * whatever the body, one chunk's room is all it takes.
 */
#ifndef NM_REQUEST_H
#define NM_REQUEST_H

#include "core/compress.h"
#include "core/spool.h"

#define REQUEST_HEAD 4096
#define REQUEST_ROOM (COMPRESS_ROOM + 32u)	/* with what stands around a chunk */

struct request {
	/* the owner's: before request_start() */
	char head[REQUEST_HEAD];
	struct buf piece[SPOOL_PIECES];
	unsigned pieces;
	const struct compression *compression;	/* NULL: as it is; else with a piece or more */
	void *memory;			/* compression->memory() bytes */
	uint8_t *room;			/* REQUEST_ROOM bytes */
	/* how far it is */
	struct buf next;		/* to be written now */
	unsigned at;			/* the piece behind that */
	bool begun;			/* a compressed body */
	bool whole;			/* the last byte was written */
};

uint64_t request_body(const struct request *r);	/* bytes of the pieces */
/* The head has so many bytes. */
void request_start(struct request *r, size_t head);
/* So many bytes of `next` were written. NM_FULL: it cannot be compressed. */
enum nm_err request_wrote(struct request *r, size_t len) NM_MUST_CHECK;

#endif
