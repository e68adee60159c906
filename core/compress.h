/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codings of a request's body (RFC 9110 8.4): a file each, chosen when netmeta is built. A body
 * goes through piece by piece and always comes out the same, so that an attempt and its
 * repetition are equal. The owner brings the memory, once; nothing is allocated later.
 */
#ifndef NM_COMPRESS_H
#define NM_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/err.h"
#include "core/out.h"

#define COMPRESS_PIECE 32768u			/* bytes taken at once */
#define COMPRESS_ROOM  (COMPRESS_PIECE + 256u)	/* for begin and a feed, or for a feed */

struct compression {
	enum conf_compression choice;
	const char *word;			/* for Content-Encoding */
	size_t (*memory)(void);			/* bytes, aligned as malloc does it */
	/* A body begins: write what stands before it. NM_FULL: the memory does not do. */
	enum nm_err (*begin)(void *memory, struct out *o);
	/*
	 * Go on with a piece, and after the `last` one end the body. True when all of that is
	 * done; false: give the rest again, with new room.
	 */
	bool (*feed)(void *memory, struct buf *piece, bool last, struct out *o);
};

extern const struct compression compress_lz4, compress_gzip;

/* NULL in *found: bodies go as they are. NM_MISSING: this netmeta was built without it. */
enum nm_err compress_find(enum conf_compression choice, const struct compression **found)
	NM_MUST_CHECK;

#endif
