// SPDX-License-Identifier: Apache-2.0
/*
 * The reader on a ring that is a file and says whatever the test wants; the program in the
 * kernel, which runs it on a packet without a network (BPF_PROG_TEST_RUN).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/linux/rings.h"
#include "tests/test.h"

#define GOT 4
#define EVENT(captured) RING_EVENT(captured)

struct got {
	unsigned count;
	struct sample first[GOT];
	uint8_t bytes[GOT][256];
};

static void take(void *ctx, const struct sample *s)
{
	struct got *got = ctx;

	if (got->count < GOT) {
		got->first[got->count] = *s;
		memcpy(got->bytes[got->count], s->bytes.p, buf_left(&s->bytes));
	}
	got->count++;
}

/* --- the reader -------------------------------------------------------------------------- */

struct fake {
	struct ring ring;
	struct reader *reader;
	struct got got;
};

static void begin_fake(struct fake *f, unsigned long position)
{
	char why[NM_WHY];

	memset(f, 0, sizeof(*f));
	ring_make(&f->ring, position);
	f->reader = bpf_make(1, (uint32_t)f->ring.size);
	check(bpf_begin(f->reader, &f->ring.fds, why) == NM_OK);
}

static void end_fake(struct fake *f)
{
	ring_end(&f->ring);
	bpf_free(f->reader);
}

static unsigned drain(struct fake *f)
{
	return bpf_drain(f->reader, time_of_s(50), (nm_mono){ 3000 }, take, &f->got);
}

static bool all_is_read(const struct fake *f, uint64_t bad)
{
	return ring_read(&f->ring) == f->ring.written && bpf_losses(f->reader).bad == bad;
}

static void events_become_samples(void)
{
	const struct sample *s;
	struct fake f;

	begin_fake(&f, 0);
	s = &f.got.first[0];
	ring_add(&f.ring, EVENT(61), 61, 5858);
	check(drain(&f) == 1 && f.got.count == 1);
	check(s->at_if == 3 && s->in_if == 2 && s->out_if == 3 && s->direction == DIRECTION_EGRESS);
	check(s->length == 5858 && s->segments == 4 && s->segment_size == 1448 && s->told_segments);
	check(s->tagged && s->vlan == 0x6005 && s->mark == 9 && s->rate == 100);
	check(s->etype == 0 && s->link_len == 0 && s->source == FLOW_BPF);
	check(s->seen.ns == time_of_s(50).ns - 2000);	/* it happened 2 us before */
	check(buf_left(&s->bytes) == 61 && f.got.bytes[0][60] == 60);
	check(ring_read(&f.ring) == f.ring.written && drain(&f) == 0);
	end_fake(&f);
}

static void busy_and_discarded(void)
{
	struct fake f;
	uint32_t done = EVENT(8);

	begin_fake(&f, 0);
	ring_add(&f.ring, EVENT(8) | 1u << 30, 8, 1);
	ring_add(&f.ring, EVENT(8) | 1u << 31, 8, 2);
	ring_add(&f.ring, EVENT(8), 8, 3);
	check(drain(&f) == 0 && ring_read(&f.ring) == 8 + EVENT(8));
	ring_put(&f.ring, 8 + EVENT(8), &done, sizeof(done));
	check(drain(&f) == 2);
	check(f.got.first[0].length == 2 && f.got.first[1].length == 3);
	check(bpf_losses(f.reader).bad == 0);
	end_fake(&f);
}

static void around_the_end(void)
{
	struct fake f;

	begin_fake(&f, ULONG_MAX - 4 * (8 + EVENT(200)) + 1);
	for (uint32_t i = 0; i < 12; i++) {
		ring_add(&f.ring, EVENT(200), 200, i);
		memset(&f.got, 0, sizeof(f.got));
		check(drain(&f) == 1 && f.got.first[0].length == i && f.got.bytes[0][199] == 199);
		check(ring_read(&f.ring) == f.ring.written);
	}
	check(f.ring.written < ULONG_MAX / 2);
	end_fake(&f);
}

/* What cannot be a record costs itself, or all that is there; then it goes on. */
static void nonsense_is_counted(void)
{
	const struct { uint32_t head, captured; } bad[] = {
		{ EVENT(0) - 1, 0 }, { 0, 0 }, { EVENT(16), 17 }, { EVENT(16), UINT32_MAX },
	};
	struct fake f;

	begin_fake(&f, 0);
	for (unsigned i = 0; i < 4; i++) {
		ring_add(&f.ring, bad[i].head, bad[i].captured, 1);
		ring_add(&f.ring, EVENT(8), 8, 2);
		check(drain(&f) == 1 && bpf_losses(f.reader).bad == i + 1);
	}
	ring_add(&f.ring, EVENT(8), 8, 3);
	ring_put(&f.ring, f.ring.written - 8 - EVENT(8), &(uint32_t){ 0x3fffffff }, 4);
	check(drain(&f) == 0 && all_is_read(&f, 5));
	ring_written(&f.ring, f.ring.written + f.ring.size + 8);	/* more than there can be */
	check(drain(&f) == 0 && all_is_read(&f, 6));
	ring_written(&f.ring, f.ring.written + 3);	/* nothing stands at such a place */
	ring_put(&f.ring, f.ring.written - 3, &(uint32_t){ EVENT(8) }, 4);
	check(drain(&f) == 0 && bpf_losses(f.reader).bad == 7);
	ring_written(&f.ring, f.ring.written + 5);
	check(drain(&f) == 0);
	ring_add(&f.ring, EVENT(8), 8, 4);
	check(drain(&f) == 1);
	end_fake(&f);
}

static void losses_are_read(void)
{
	struct fake f;
	uint64_t lost = 1ull << 40 | 7;

	begin_fake(&f, 0);
	check(bpf_losses(f.reader).dropped == 0);
	check(pwrite(f.ring.fds.fd[BPF_FD_COUNTS], &lost, sizeof(lost), 0) == sizeof(lost));
	check(bpf_losses(f.reader).dropped == lost && bpf_losses(f.reader).missing == 0);
	end_fake(&f);
}

static void nothing_before_begin(void)
{
	struct reader *r = bpf_make(1, 65536);
	struct got got = { 0 };
	char why[NM_WHY] = "";

	check(bpf_drain(r, time_of_s(1), (nm_mono){ 1 }, take, &got) == 0);
	check(bpf_losses(r).dropped == 0);
	check(bpf_begin(r, &(struct source_fds){ { -1, -1, -1 } }, why) == NM_IO);
	check(strstr(why, "the ring of BPF cannot be mapped"));
	check(bpf_drain(r, time_of_s(1), (nm_mono){ 1 }, take, &got) == 0);
	bpf_free(r);
	bpf_free(NULL);
}

static void sizes_of_rings(void)
{
	uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);

	check(bpf_ring_size(0) == page && bpf_ring_size(page) == page);
	check(bpf_ring_size(page + 1) == 2 * page && bpf_ring_size(1 << 18) == 1 << 18);
	check(bpf_ring_size(UINT32_MAX) == 1 << 28);
}

/* --- the program in the kernel ------------------------------------------------------------ */

struct trial {
	struct source_fds fds;
	struct reader *reader;
	int program;
	struct got got;
};

static bool load_trial(struct trial *t, uint32_t room, const struct bpf_want *like)
{
	struct source_open how = { .instance = BPF_TRIAL, .buffer = room };
	struct bpf_want want = *like;
	char why[NM_WHY] = "";
	enum nm_err err;

	memset(t, 0, sizeof(*t));
	t->program = t->fds.fd[BPF_FDS] = -1;
	t->reader = bpf_make(1, room);
	err = bpf_open(&how, &t->fds, why);
	want.ring = t->fds.fd[BPF_FD_RING];
	want.counts = t->fds.fd[BPF_FD_COUNTS];
	if (!err)
		err = bpf_program_load(&want, &t->program, why);
	if (err)
		printf("%s\n", why);
	check(!err || err == NM_RIGHTS || err == NM_ABSENT);
	return !err;
}

static bool begin_trial(struct trial *t, uint32_t room, const struct bpf_want *want)
{
	char why[NM_WHY];

	return load_trial(t, room, want) && check(bpf_begin(t->reader, &t->fds, why) == NM_OK);
}

static void end_trial(struct trial *t)
{
	close(t->program);
	bpf_free(t->reader);
}

/* Give it a packet, so many times. What it returned, or 0 when it did not run. */
static int run(const struct trial *t, const uint8_t *bytes, uint32_t len, struct __sk_buff *as,
	       uint32_t times)
{
	union bpf_attr attr = { .test = {
		.prog_fd = (uint32_t)t->program, .repeat = times,
		.data_in = (uintptr_t)bytes, .data_size_in = len,
		.ctx_in = (uintptr_t)as, .ctx_size_in = sizeof(*as),
	} };

	if (!check(syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)) == 0))
		printf("%s\n", strerror(errno));
	return (int)attr.test.retval;
}

static const uint8_t frame[1514] = {
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45, [1513] = 0xaa,
};

static unsigned drain_all(struct trial *t)
{
	unsigned all = 0, n;

	do {
		n = bpf_drain(t->reader, clock_now(), clock_mono(), take, &t->got);
		all += n;
	} while (n);
	return all;
}

#define NOT_HERE "no BPF ring here, or not root"

static void every_packet_is_told(void)
{
	const struct bpf_want want = { .rate = 1, .snap = 128, .direction = DIRECTION_INGRESS };
	struct __sk_buff as = { .mark = 5, .ifindex = 1, .gso_segs = 3, .gso_size = 1448 };
	const struct sample *s;
	struct trial t;

	if (!begin_trial(&t, 65536, &want))
		skip(NOT_HERE);
	s = &t.got.first[0];
	check(run(&t, frame, 1514, &as, 1) == -1);
	check(run(&t, frame, 60, &as, 1) == -1);
	check(drain_all(&t) == 2);
	check(s->length == 1514 && s->mark == 5 && s->at_if == 1 && s->rate == 1 && !s->out_if);
	check(s->segments == 3 && s->segment_size == 1448 && !s->tagged && !s->etype);
	check(s->direction == DIRECTION_INGRESS && time_since(clock_now(), s->seen) >= 0);
	check(time_since(clock_now(), s->seen) < 600 * NM_NS_PER_S);
	check(buf_left(&s->bytes) == 128 && !memcmp(t.got.bytes[0], frame, 128));
	check(s[1].length == 60 && buf_left(&s[1].bytes) == 60);
	end_trial(&t);
}

static void without_link_header(void)
{
	const struct bpf_want want = { .rate = 1, .snap = 77, .direction = DIRECTION_EGRESS,
				       .headless = true };
	struct __sk_buff as = { .ifindex = 1 };
	struct trial t;

	if (!begin_trial(&t, 65536, &want))
		skip(NOT_HERE);
	check(run(&t, frame, 1514, &as, 1) == -1);
	check(drain_all(&t) == 1);
	check(t.got.first[0].etype == 0x0800 && t.got.first[0].out_if == 1);
	check(buf_left(&t.got.first[0].bytes) == 77);
	end_trial(&t);
}

/* The loop's process: all it needs came as descriptors. */
static int read_as_nobody(struct trial *t)
{
	char why[NM_WHY];

	if (rights_drop("nobody", why) || bpf_begin(t->reader, &t->fds, why)) {
		printf("%s\n", why);
		return 1;
	}
	return drain_all(t) != 2 || bpf_losses(t->reader).dropped != 0;
}

static void without_rights(void)
{
	const struct bpf_want want = { .rate = 1, .snap = 128, .direction = DIRECTION_INGRESS };
	struct __sk_buff as = { .ifindex = 1 };
	struct trial t;
	int status = -1;
	pid_t pid;

	if (!load_trial(&t, 65536, &want))
		skip(NOT_HERE);
	check(run(&t, frame, 1514, &as, 2) == -1);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(read_as_nobody(&t));
	check(waitpid(pid, &status, 0) == pid && status == 0);
	source_fds_close(&t.fds);
	end_trial(&t);
}

/* A million trials of 1 in 100: the mean is 10,000, the standard deviation 99.5. */
static void one_in_a_hundred(void)
{
	const struct bpf_want want = { .rate = 100, .snap = 64, .direction = DIRECTION_INGRESS };
	struct __sk_buff as = { .ifindex = 1 };
	struct trial t;
	unsigned n;

	if (!begin_trial(&t, 1 << 22, &want))
		skip(NOT_HERE);
	check(run(&t, frame, 60, &as, 1000000) == -1);
	n = drain_all(&t);
	check(n > 10000 - 398 && n < 10000 + 398);
	check(bpf_losses(t.reader).dropped == 0);
	end_trial(&t);
}

static void no_room(void)
{
	const struct bpf_want want = { .rate = 1, .snap = 128, .direction = DIRECTION_INGRESS };
	struct __sk_buff as = { .ifindex = 1 };
	struct trial t;
	unsigned n;

	if (!begin_trial(&t, 1, &want))
		skip(NOT_HERE);
	for (unsigned round = 1; round < 4; round++) {
		check(run(&t, frame, 1514, &as, 1000) == -1);
		n = t.got.count + drain_all(&t);
		check(n > 0 && n + bpf_losses(t.reader).dropped == 1000 * round);
	}
	end_trial(&t);
}

TESTS({ "an event becomes a sample",                                 events_become_samples },
      { "what is being written holds all behind it, discarded is skipped", busy_and_discarded },
      { "positions overflow, and records run around the end",         around_the_end },
      { "what cannot be a record is counted, and the next one read",  nonsense_is_counted },
      { "losses are read in 64 bits",                                 losses_are_read },
      { "a reader without a ring has nothing",                        nothing_before_begin },
      { "a ring is a power of two of pages, and has an end",          sizes_of_rings },
      { "at one in one every packet is told as it is",                every_packet_is_told },
      { "a device without link header tells the EtherType",           without_link_header },
      { "a process without rights reads them",                        without_rights },
      { "one in a hundred is picked by chance",                       one_in_a_hundred },
      { "samples read and counted as lost are all there were",        no_room })
