/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the generic netlink family psample sends, read: messages of one sample each, all of it in
 * host order. It sees bytes only, so that it is tested without a socket. Samples of other groups
 * than our own do not come as far as here.
 */
#ifndef NM_LINUX_PSAMPLE_READ_H
#define NM_LINUX_PSAMPLE_READ_H

#include "platform/platform.h"

/* As kernels number them; older headers lack the last ones. */
enum {
	PSAMPLE_IN_IF = 0,		/* an attribute like the others */
	PSAMPLE_OUT_IF = 1, PSAMPLE_SIZE = 2, PSAMPLE_GROUP = 3, PSAMPLE_NUMBER = 4,
	PSAMPLE_RATE = 5, PSAMPLE_BYTES = 6, PSAMPLE_TIME = 13, PSAMPLE_PROTO = 14,
	PSAMPLE_PROBABILITY = 16,
};

struct psample_tap {
	uint32_t index;			/* 0: none */
	bool headless;			/* its packets begin with what their protocol says */
};

/* Zeroed at first, but for the taps. */
struct psample {
	struct psample_tap *taps;	/* the owner's */
	unsigned tap_count;
	bool numbered;			/* next is known */
	uint32_t next;			/* number of the sample that comes next */
	uint64_t gaps;			/* numbers that did not come */
	struct tap_losses losses;
};

/*
 * Give all samples of a datagram, at an address for any type, to `got`. How many. Those of
 * interfaces that no tap is for are passed over: it has just gone, or is about to come.
 */
unsigned psample_read(struct psample *p, const void *datagram, size_t len, nm_time now,
		      sample_fn *got, void *ctx);

/*
 * All that waited is read, and the kernel says that it has dropped so many messages so far: gaps
 * that these do not explain are what is missing.
 */
void psample_settle(struct psample *p, uint64_t drops);

/* No filter is left: the next sample's number may be any. */
void psample_renumber(struct psample *p);

#endif
