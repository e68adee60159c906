// SPDX-License-Identifier: Apache-2.0
/*
 * Reading the ring that BPF programs fill (Linux, kernel/bpf/ringbuf.c). Mapped are a page of
 * our own, with the position up to which it was read; a page of the kernel's, with the position up
 * to which it is written; and behind that the ring, twice, so that nothing has to be put together.
 * A record is a head of 8 bytes, of which the first four are its length and two bits, and the
 * event, padded to 8 bytes. Positions only ever grow, and overflow.
 *
 * Samples are read where they lie. Nothing that the ring says is believed before it was compared
 * with what was mapped: where it is no ring any more, all that is in it is given up.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "platform/linux/bpf_private.h"
#include "platform/linux/why.h"

#define BURST     1024			/* records a drain, about 100 us */
#define AGE_MOST  (24 * 3600 * NM_NS_PER_S)	/* nothing waits so long in a ring */
#define HEAD      8
#define RING_MOST (1u << 28)
#define LENGTH    (~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT))

struct reader {
	struct source_fds fds;
	uint32_t size, page;
	uint64_t position;		/* up to where it was read */
	uint64_t bad;
	uint8_t *own;			/* the three mappings; NULL: not begun */
	const uint8_t *ring;
	const uint64_t *counts;
};

/* --- memory ------------------------------------------------------------------------- */

static uint32_t page_size(void)
{
	return (uint32_t)sysconf(_SC_PAGESIZE);
}

uint32_t bpf_ring_size(uint32_t buffer)
{
	uint32_t size = page_size();

	while (size < buffer && size < RING_MOST)
		size *= 2;
	return size;
}

struct reader *bpf_make(unsigned taps, uint32_t buffer)
{
	struct reader *r = calloc(1, sizeof(*r));

	(void)taps;
	if (!r)
		return NULL;
	r->page = page_size();
	r->size = bpf_ring_size(buffer);
	for (unsigned i = 0; i < SOURCE_FDS; i++)
		r->fds.fd[i] = -1;
	return r;
}

static void *map(int fd, size_t size, int rights, uint32_t offset)
{
	void *at = mmap(NULL, size, rights, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

enum nm_err bpf_begin(struct reader *r, const struct source_fds *fds, char why[NM_WHY])
{
	r->fds = *fds;
	r->own = map(fds->fd[BPF_FD_RING], r->page, PROT_READ | PROT_WRITE, 0);
	if (r->own)
		r->ring = map(fds->fd[BPF_FD_RING], r->page + 2 * (size_t)r->size, PROT_READ,
			      r->page);
	if (r->ring)
		r->counts = map(fds->fd[BPF_FD_COUNTS], r->page, PROT_READ, 0);
	if (r->counts)
		r->position = *(const unsigned long *)(const void *)r->own;
	return r->counts ? NM_OK : why_errno(why, "the ring of BPF cannot be mapped");
}

void bpf_free(struct reader *r)
{
	if (!r)
		return;
	if (r->own)
		munmap(r->own, r->page);
	if (r->ring)
		munmap((void *)(uintptr_t)r->ring, r->page + 2 * (size_t)r->size);
	if (r->counts)
		munmap((void *)(uintptr_t)r->counts, r->page);
	for (unsigned i = 0; i < SOURCE_FDS; i++)
		if (r->fds.fd[i] >= 0)
			close(r->fds.fd[i]);
	free(r);
}

/* --- positions ------------------------------------------------------------------------- */

/* How much is to be read; the kernel's number is an unsigned long of its own. */
static unsigned long to_read(const struct reader *r)
{
	const unsigned long *written = (const void *)r->ring;

	return __atomic_load_n(written, __ATOMIC_ACQUIRE) - (unsigned long)r->position;
}

/*
 * A program of 32 bits may run on a kernel of 64: where the low half stands first, both halves are
 * written, and the kernel of 32 bits has nothing where the high half goes.
 */
static void publish(struct reader *r)
{
	unsigned long *low = (void *)r->own;

	if (sizeof(*low) < sizeof(r->position) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		__atomic_store_n(low + 1, (unsigned long)(r->position >> 32), __ATOMIC_RELAXED);
	__atomic_store_n(low, (unsigned long)r->position, __ATOMIC_RELEASE);
}

/* --- samples ----------------------------------------------------------------------------- */

/* Absent when the stamp tells no age. */
static nm_time seen(uint64_t stamp, nm_time now, nm_mono mono)
{
	uint64_t age = (uint64_t)mono.ns - stamp;

	return age <= AGE_MOST ? time_plus(now, -(int64_t)age) : (nm_time){ 0 };
}

static struct sample sample_of(const struct bpf_event *e, const uint8_t *bytes, nm_time now,
			       nm_mono mono)
{
	const uint16_t protocol = (uint16_t)e->protocol;

	return (struct sample){
		.bytes = buf_of(bytes, e->captured),
		.seen = seen(e->time, now, mono),
		.at_if = e->at_if, .in_if = e->came_by,
		.out_if = e->direction == DIRECTION_EGRESS ? e->at_if : 0,
		.length = e->length, .rate = e->rate, .mark = e->mark,
		.segments = (uint16_t)e->segments, .segment_size = (uint16_t)e->segment_size,
		.told_segments = true,
		.etype = e->headless ? be16((const uint8_t *)&protocol) : 0,
		.vlan = (uint16_t)e->vlan, .tagged = e->tagged != 0,
		.direction = (uint8_t)e->direction, .source = FLOW_BPF,
	};
}

static bool read_event(struct buf *event, nm_time now, nm_mono mono, struct sample *s)
{
	struct buf head = buf_take(event, sizeof(struct bpf_event));
	struct bpf_event e;

	if (head.bad)
		return false;
	memcpy(&e, head.p, sizeof(e));
	if (e.captured > buf_left(event) || !e.rate)
		return false;
	*s = sample_of(&e, event->p, now, mono);
	return true;
}

enum record { RECORD_PENDING, RECORD_EMPTY, RECORD_EVENT, RECORD_BAD };

/*
 * What stands at our position, where `left` bytes can be read; how many of them it takes, and the
 * event of RECORD_EVENT. Behind one that is bad nothing can be found any more.
 */
static enum record next_record(const struct reader *r, unsigned long left, struct buf *event,
			       unsigned long *whole)
{
	const uint8_t *at = r->ring + r->page + (r->position & (r->size - 1) & ~7u);
	uint32_t head = __atomic_load_n((const uint32_t *)(const void *)at, __ATOMIC_ACQUIRE);
	uint32_t len = head & LENGTH;

	if (head & BPF_RINGBUF_BUSY_BIT)
		return RECORD_PENDING;
	*whole = HEAD + (unsigned long)((len + 7) & ~7u);
	if (*whole > left) {
		*whole = left;
		return RECORD_BAD;
	}
	*event = buf_of(at + HEAD, len);
	return head & BPF_RINGBUF_DISCARD_BIT ? RECORD_EMPTY : RECORD_EVENT;
}

unsigned bpf_drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	unsigned long left = r->counts ? to_read(r) : 0, whole;
	unsigned samples = 0;
	struct sample s;
	struct buf event;

	if (left > r->size) {
		r->bad++;
		r->position += left;
		publish(r);
		return 0;
	}
	for (unsigned i = 0; i < BURST && left; i++) {
		enum record record = next_record(r, left, &event, &whole);

		if (record == RECORD_PENDING)
			break;
		if (record == RECORD_EVENT && read_event(&event, now, mono, &s)) {
			got(ctx, &s);
			samples++;
		} else if (record != RECORD_EMPTY) {
			r->bad++;
		}
		left -= whole;
		r->position += whole;
		publish(r);
	}
	return samples;
}

/* The kernel counts in 64 bits, which a small machine does not read at once. */
struct tap_losses bpf_losses(const struct reader *r)
{
	const volatile uint64_t *count = r->counts;
	struct tap_losses lost = { .bad = r->bad };
	uint64_t again;

	if (!count)
		return lost;
	do {
		lost.dropped = *count;
		again = *count;
	} while (lost.dropped != again);
	return lost;
}
