/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that end exactly where an unreadable page begins: reading or writing one byte too many
 * ends the program there and then, with every compiler and on every machine.
 */
#ifndef NM_GUARD_H
#define NM_GUARD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GUARD_ROOM  (256 * 1024)	/* the most that guarded() takes */
#define GUARD_FENCE (64 * 1024)		/* a whole page even where pages are large */

/* len bytes to write to, the last of them before the fence; valid until the next call. */
static inline unsigned char *guarded_room(size_t len)
{
	static unsigned char *room;

	if (!room) {
		room = mmap(NULL, GUARD_ROOM + GUARD_FENCE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (room == MAP_FAILED || mprotect(room + GUARD_ROOM, GUARD_FENCE, PROT_NONE)) {
			perror("guard.h");
			exit(1);
		}
	}
	if (len > GUARD_ROOM) {
		fprintf(stderr, "guard.h: %zu bytes are more than there is room for\n", len);
		exit(1);
	}
	return room + GUARD_ROOM - len;
}

/* A copy of the bytes that ends at the fence; valid until the next call. */
static inline const void *guarded(const void *bytes, size_t len)
{
	return len ? memcpy(guarded_room(len), bytes, len) : guarded_room(0);
}

#endif
