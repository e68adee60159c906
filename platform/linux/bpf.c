// SPDX-License-Identifier: Apache-2.0
/*
 * Sampling by BPF. All taps of a source write into one ring; each direction of an interface has a
 * program of its own (bpf_program.c), which holds the ring for as long as it is attached.
 *
 * Linked by tcx, a program is gone when nobody holds the link's descriptor, whatever else is
 * attached to the interface stays as it is, and it comes before all filters of tc.
 */
#define _GNU_SOURCE
#include <net/if.h>
#include <unistd.h>

#include "platform/linux/bpf_private.h"
#include "platform/linux/why.h"

/* --- for both ---------------------------------------------------------------------- */

enum nm_err bpf_open(const struct source_open *how, struct source_fds *reader, char why[NM_WHY])
{
	enum nm_err err = bpf_ring_new(bpf_ring_size(how->buffer), &reader->fd[BPF_FD_RING], why);

	return err ? err : bpf_counts_new(&reader->fd[BPF_FD_COUNTS], why);
}

enum nm_err bpf_program_for(const struct source_fds *reader, const struct tap_want *tap,
			    bool egress, int *fd, char why[NM_WHY])
{
	struct bpf_want want = {
		.rate = tap->rate, .snap = tap->snap,
		.direction = egress ? DIRECTION_EGRESS : DIRECTION_INGRESS,
		.headless = source_link(tap->name) == LINK_IP,
		.ring = reader->fd[BPF_FD_RING], .counts = reader->fd[BPF_FD_COUNTS],
	};

	return bpf_program_load(&want, fd, why);
}

enum nm_err bpf_try(const struct source_ops *ops, char why[NM_WHY])
{
	const struct source_open how = { .instance = BPF_TRIAL };
	struct tap_want want = { .ingress = true, .name = "lo", .rate = UINT32_MAX, .snap = 64 };
	struct source_fds reader = { { -1, -1, -1 } }, tap = reader;
	enum nm_err err;

	want.index = if_nametoindex(want.name);
	err = ops->open(&how, &reader, why);
	if (!err)
		err = ops->attach(&how, &reader, &want, &tap, why);
	if (!err && ops->detach)
		err = ops->detach(&how, &reader, &want, why);
	source_fds_close(&tap);
	source_fds_close(&reader);
	return err;
}

/* --- tcx ------------------------------------------------------------------------------ */

static enum nm_err link_way(const struct source_fds *reader, const struct tap_want *want,
			    bool egress, int *link, char why[NM_WHY])
{
	int program = -1;
	enum nm_err err = bpf_program_for(reader, want, egress, &program, why);

	if (!err)
		err = bpf_link_new(program, want->index, egress, link, why);
	if (program >= 0)
		close(program);		/* the link holds it */
	return err;
}

static enum nm_err tcx_open(const struct source_open *how, struct source_fds *reader,
			    char why[NM_WHY])
{
	return source_remedy(SOURCE_TCX, bpf_open(how, reader, why), why);
}

static enum nm_err tcx_attach(const struct source_open *how, const struct source_fds *reader,
			      const struct tap_want *want, struct source_fds *tap,
			      char why[NM_WHY])
{
	enum nm_err err = NM_OK;

	(void)how;
	if (want->ingress)
		err = link_way(reader, want, false, &tap->fd[0], why);
	if (!err && want->egress)
		err = link_way(reader, want, true, &tap->fd[1], why);
	if (err)
		source_fds_close(tap);
	return source_remedy(SOURCE_TCX, err, why);
}

static enum nm_err tcx_probe(char why[NM_WHY])
{
	return bpf_try(&bpf_tcx_source, why);
}

const struct source_ops bpf_tcx_source = {
	.open = tcx_open, .attach = tcx_attach, .probe = tcx_probe,
	.make = bpf_make, .begin = bpf_begin, .drain = bpf_drain, .losses = bpf_losses,
	.free = bpf_free,
};
