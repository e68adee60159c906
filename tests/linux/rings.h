/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ring as BPF programs fill it (Linux, kernel/bpf/ringbuf.c), that is a file and holds whatever a
 * test writes: our page, the kernel's page, and the data twice, which the kernel only maps twice.
 */
#ifndef NM_RINGS_H
#define NM_RINGS_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/linux/bpf_private.h"

struct ring {
	struct source_fds fds;
	unsigned long page, size, written;
	uint8_t *at;
};

static inline int ring_file(size_t size)
{
	int fd = memfd_create("ring", 0);

	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		exit(1);
	return fd;
}

/* Of a page, written and read up to `position`. Its reader closes the descriptors. */
static inline void ring_make(struct ring *r, unsigned long position)
{
	r->page = (unsigned long)sysconf(_SC_PAGESIZE);
	r->size = bpf_ring_size(1);
	r->written = position;
	r->fds.fd[BPF_FD_RING] = ring_file(2 * r->page + 2 * r->size);
	r->fds.fd[BPF_FD_COUNTS] = ring_file(r->page);
	r->fds.fd[BPF_FDS] = -1;
	r->at = mmap(NULL, 2 * r->page + 2 * r->size, PROT_READ | PROT_WRITE, MAP_SHARED,
		     r->fds.fd[BPF_FD_RING], 0);
	if (r->at == MAP_FAILED)
		exit(1);
	memcpy(r->at, &position, sizeof(position));
	memcpy(r->at + r->page, &position, sizeof(position));
}

static inline void ring_end(struct ring *r)
{
	munmap(r->at, 2 * r->page + 2 * r->size);
}

/* Up to where it was read. */
static inline unsigned long ring_read(const struct ring *r)
{
	unsigned long at;

	memcpy(&at, r->at, sizeof(at));
	return at;
}

static inline void ring_put(struct ring *r, unsigned long position, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned long in = (position + i) & (r->size - 1);

		r->at[2 * r->page + in] = ((const uint8_t *)bytes)[i];
		r->at[2 * r->page + r->size + in] = ((const uint8_t *)bytes)[i];
	}
}

static inline void ring_written(struct ring *r, unsigned long position)
{
	r->written = position;
	memcpy(r->at + r->page, &position, sizeof(position));
}

/* A record whose head says `head`, with an event that says it has `captured` bytes. */
static inline void ring_add(struct ring *r, uint32_t head, uint32_t captured, uint32_t length)
{
	struct bpf_event e = {
		.time = 1000, .length = length, .at_if = 3, .came_by = 2, .tagged = 1,
		.vlan = 0x6005, .mark = 9, .segments = 4, .segment_size = 1448, .rate = 100,
		.captured = captured, .direction = DIRECTION_EGRESS,
	};
	uint32_t heads[2] = { head, 0 };

	ring_put(r, r->written, heads, sizeof(heads));
	ring_put(r, r->written + 8, &e, sizeof(e));
	for (uint32_t i = 0; i < captured && i < 256; i++)
		ring_put(r, r->written + 8 + sizeof(e) + i, &(uint8_t){ (uint8_t)i }, 1);
	ring_written(r, r->written + 8 + (((head & 0x3fffffff) + 7) & ~7u));
}

#define RING_EVENT(captured) ((uint32_t)sizeof(struct bpf_event) + (captured))

#endif
