// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as the ring of BPF programs: samples have a rate, no time to come and no more bytes
 * than the ring, what was read is never more than what was written, behind all of it a good record
 * is read, and what is more than a ring can hold is given up. With an odd first byte the rest is a
 * list that becomes records of this machine's byte order, so that seeds mean the same everywhere:
 * what it is, how many bytes were captured, and two bytes that damage the head. Otherwise the rest
 * is the ring. tests/fuzz/run.py runs it.
 */
#define _GNU_SOURCE
#include "tests/linux/rings.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define CLOCK time_of_s(1795620090)

enum { BUSY = 1, DISCARDED = 2, DAMAGED = 4, CUT = 8, LIAR = 16 };	/* of what it is */

struct fed {
	const struct ring *ring;
	unsigned samples, sum;
	uint32_t length;		/* of the last one */
};

static void got(void *ctx, const struct sample *s)
{
	struct fed *fed = ctx;

	must(s->rate && s->told_segments && s->source == FLOW_BPF);
	must(!s->seen.ns || s->seen.ns <= CLOCK.ns);
	must(!s->bytes.bad && buf_left(&s->bytes) <= fed->ring->size);
	for (const uint8_t *p = s->bytes.p; p < s->bytes.end; p++)
		fed->sum += *p;
	fed->length = s->length;
	fed->samples++;
}

static void compose(struct ring *r, struct buf in)
{
	unsigned long begun = r->written;

	while (buf_left(&in) && r->written - begun < r->size / 2) {
		uint8_t what = buf_u8(&in), captured = buf_u8(&in);
		uint16_t damage = buf_u16(&in);
		uint32_t head = RING_EVENT(captured);

		if (what & CUT)
			head -= captured < 64 ? captured + 1u : 64;
		ring_add(r, head, what & LIAR ? captured + 65536u : captured, damage);
		if (what & (BUSY | DISCARDED | DAMAGED)) {
			unsigned long at = r->written - 8 - ((head + 7) & ~7u);

			head |= (uint32_t)(what & BUSY) << 31 | (uint32_t)(what & DISCARDED) << 29;
			head ^= what & DAMAGED ? (uint32_t)damage << 3 : 0;
			ring_put(r, at, &head, sizeof(head));
		}
	}
}

static void drain_all(struct reader *reader, struct fed *fed)
{
	struct tap_losses before = bpf_losses(reader);
	unsigned samples = fed->samples;

	while (bpf_drain(reader, CLOCK, (nm_mono){ 5000 }, got, fed))
		must(fed->samples - samples <= 2 * fed->ring->size / 8);
	must(bpf_losses(reader).bad >= before.bad);
	must(fed->ring->written - ring_read(fed->ring) <= fed->ring->size);
}

/* Up to a place where a record may stand; what is still being written, nobody will finish. */
static void settle(struct ring *r, struct reader *reader, struct fed *fed)
{
	const uint32_t discard = 1u << 30;

	ring_written(r, r->written + -r->written % 8);
	for (unsigned i = 0; i < 1000 && ring_read(r) != r->written; i++) {
		ring_put(r, ring_read(r) & ~7ul, &discard, sizeof(discard));
		drain_all(reader, fed);
	}
	must(ring_read(r) == r->written);
}

static void read_a_good_one(struct ring *r, struct reader *reader, struct fed *fed)
{
	fed->samples = 0;
	ring_add(r, RING_EVENT(60), 60, 1514);
	drain_all(reader, fed);
	must(fed->samples == 1 && fed->length == 1514);
}

/* More than there is room for was written, they say; it is no ring any more. */
static void overrun(struct ring *r, struct reader *reader, struct fed *fed, size_t by)
{
	const uint64_t bad = bpf_losses(reader).bad;

	fed->samples = 0;
	ring_written(r, r->written + r->size + 8 * (by + 1));
	drain_all(reader, fed);
	must(!fed->samples && ring_read(r) == r->written && bpf_losses(reader).bad == bad + 1);
}

static struct reader *reader_of(struct ring *r, size_t size)
{
	struct reader *reader = bpf_make(1, 1);
	char why[NM_WHY];

	must(bpf_ring_size((uint32_t)(size * size)) >= size * size);
	must(!bpf_drain(reader, CLOCK, (nm_mono){ 5000 }, got, NULL));	/* not begun */
	must(!bpf_losses(reader).bad && !bpf_losses(reader).dropped);
	must(bpf_begin(reader, &r->fds, why) == NM_OK);
	return reader;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ring ring;
	struct reader *reader;
	struct fed fed = { .ring = &ring };
	struct buf in = buf_of(data, size);
	uint8_t first = buf_u8(&in);

	if (!size || size > 4096)
		return 0;
	ring_make(&ring, first & 2 ? (unsigned long)-256 : 0);
	reader = reader_of(&ring, size);
	if (first & 1) {
		compose(&ring, in);
	} else {
		ring_put(&ring, ring.written, in.p, buf_left(&in));
		ring_written(&ring, ring.written + buf_left(&in));
	}
	drain_all(reader, &fed);
	settle(&ring, reader, &fed);
	read_a_good_one(&ring, reader, &fed);
	overrun(&ring, reader, &fed, size);
	read_a_good_one(&ring, reader, &fed);
	ring_end(&ring);
	bpf_free(reader);
	return 0;
}
