/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sampling by BPF: what its parts share. bpf.c attaches, bpf_object.c asks the kernel for maps,
 * programs and links, bpf_program.c writes the program, bpf_ring.c reads what it leaves.
 */
#ifndef NM_LINUX_BPF_PRIVATE_H
#define NM_LINUX_BPF_PRIVATE_H

#include <linux/bpf.h>

#include "platform/linux/source.h"

/* Descriptors of a reader. */
enum { BPF_FD_RING, BPF_FD_COUNTS, BPF_FDS };

/*
 * One sample in the ring, as the program writes it: in the order of this machine, and behind it
 * as many bytes of the packet as the program was made for.
 */
struct bpf_event {
	uint64_t time;			/* ns since boot, suspend included */
	uint32_t length;
	uint32_t at_if, came_by;	/* came_by: the last interface it was received on, or 0 */
	uint32_t protocol;		/* in network order */
	uint32_t tagged, vlan;
	uint32_t mark;
	uint32_t segments, segment_size;
	uint32_t rate;
	uint32_t captured;		/* bytes behind this */
	uint16_t direction;		/* enum flow_direction */
	uint16_t headless;		/* the device has no link header */
};

/* What a program is made for. */
struct bpf_want {
	uint32_t rate, snap;
	uint8_t direction;		/* enum flow_direction */
	bool headless;
	int ring, counts;		/* descriptors of the maps */
};

#define BPF_INSTRUCTIONS 80		/* of a program, at the most */

/* Bytes of an event with so much of the packet; the ring keeps 8 more for each. */
uint32_t bpf_event_size(uint32_t snap);
/* Write it; how many instructions. */
unsigned bpf_program(const struct bpf_want *want, struct bpf_insn at[BPF_INSTRUCTIONS]);

/* Bytes of the ring for a reader that was given so many: pages, a power of two of them. */
uint32_t bpf_ring_size(uint32_t buffer);

/*
 * From the kernel; a descriptor each in *fd. NM_ABSENT: it has no such thing; NM_RIGHTS;
 * NM_GONE: there is no such interface.
 */
enum nm_err bpf_ring_new(uint32_t size, int *fd, char why[NM_WHY]) NM_MUST_CHECK;
enum nm_err bpf_counts_new(int *fd, char why[NM_WHY]) NM_MUST_CHECK;
enum nm_err bpf_program_load(const struct bpf_want *want, int *fd, char why[NM_WHY]) NM_MUST_CHECK;
enum nm_err bpf_link_new(int program, uint32_t ifindex, bool egress, int *fd,
			 char why[NM_WHY]) NM_MUST_CHECK;

/* What both sources do in a process of the helper's. */
enum nm_err bpf_open(const struct source_open *how, struct source_fds *reader, char why[NM_WHY]);
enum nm_err bpf_program_for(const struct source_fds *reader, const struct tap_want *tap,
			    bool egress, int *fd, char why[NM_WHY]) NM_MUST_CHECK;
#define BPF_TRIAL 0			/* the instance of trials; agents have others */
enum nm_err bpf_try(const struct source_ops *ops, char why[NM_WHY]) NM_MUST_CHECK;

/* The reader of both sources: rows of struct source_ops. */
struct reader *bpf_make(unsigned taps, uint32_t buffer);
enum nm_err bpf_begin(struct reader *r, const struct source_fds *fds, char why[NM_WHY]);
unsigned bpf_drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx);
struct tap_losses bpf_losses(const struct reader *r);
void bpf_free(struct reader *r);

#endif
