// SPDX-License-Identifier: Apache-2.0
/*
 * A body as it goes over the wire, for readers that are not ours (packed.py).
 *	packed lz4|gzip BYTES...	standard input in pieces of so many bytes; writes
 *					HTTP's chunks
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/request.h"

static uint8_t body[SPOOL_PIECES * SPOOL_CHUNK];
static struct request r;

/* In gulps of 1, 2, 3 ... bytes, as a socket may take them. */
static int write_out(void)
{
	size_t gulp = 1;

	request_start(&r, 0);
	if (request_wrote(&r, 0))
		return 1;
	while (!r.whole) {
		size_t len = buf_left(&r.next) < gulp ? buf_left(&r.next) : gulp;

		if (fwrite(r.next.p, 1, len, stdout) != len || request_wrote(&r, len))
			return 1;
		gulp += gulp < 20000;
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool gzip = argc > 1 && !strcmp(argv[1], "gzip");
	size_t have = fread(body, 1, sizeof(body), stdin), at = 0;

	if (argc < 3 || compress_find(gzip ? CONF_COMPRESSION_GZIP : CONF_COMPRESSION_LZ4,
				      &r.compression))
		return 2;
	r.memory = malloc(r.compression->memory());
	r.room = malloc(REQUEST_ROOM);
	for (int i = 2; i < argc && r.pieces < SPOOL_PIECES; i++) {
		size_t len = strtoul(argv[i], NULL, 10);

		if (len > have - at)
			return 2;
		r.piece[r.pieces++] = buf_of(body + at, len);
		at += len;
	}
	return !r.memory || !r.room || write_out();
}
