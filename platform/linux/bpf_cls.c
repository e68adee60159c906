// SPDX-License-Identifier: Apache-2.0
/*
 * Sampling by BPF in filters of tc, for kernels that have no tcx. The filter holds the program and
 * with it the ring, until it is taken away (tc.h).
 */
#include <linux/pkt_cls.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/bpf_private.h"
#include "platform/linux/tc.h"

struct programs { int fd[2]; };		/* of ingress and egress */

static struct tc_owner owner_of(const struct source_open *how)
{
	return (struct tc_owner){ how->instance, "bpf" };
}

/* Only the processor runs it, no network card. */
static void put_options(struct nl *nl, const char label[TC_LABEL], bool egress, void *ctx)
{
	const struct programs *programs = ctx;

	nl_u32(nl, TCA_BPF_FD, (uint32_t)programs->fd[egress]);
	nl_text(nl, TCA_BPF_NAME, label);
	nl_u32(nl, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	nl_u32(nl, TCA_BPF_FLAGS_GEN, TCA_CLS_FLAGS_SKIP_HW);
}

static enum nm_err load_both(const struct source_fds *reader, const struct tap_want *want,
			     struct programs *programs, char why[NM_WHY])
{
	enum nm_err err = NM_OK;

	if (want->ingress)
		err = bpf_program_for(reader, want, false, &programs->fd[0], why);
	if (!err && want->egress)
		err = bpf_program_for(reader, want, true, &programs->fd[1], why);
	return err;
}

static enum nm_err cls_open(const struct source_open *how, struct source_fds *reader,
			    char why[NM_WHY])
{
	return source_remedy(SOURCE_CLS_BPF, bpf_open(how, reader, why), why);
}

static enum nm_err cls_attach(const struct source_open *how, const struct source_fds *reader,
			      const struct tap_want *want, struct source_fds *tap,
			      char why[NM_WHY])
{
	const struct tc_owner owner = owner_of(how);
	struct programs programs = { { -1, -1 } };
	struct nl nl = { .socket = NULL };
	enum nm_err err = load_both(reader, want, &programs, why);

	(void)tap;
	if (!err)
		err = nl_open(&nl, NETLINK_ROUTE, 0, why);
	if (!err)
		err = tc_attach(&nl, &owner, want, put_options, &programs, why);
	nl_close(&nl);
	for (unsigned i = 0; i < 2; i++)
		if (programs.fd[i] >= 0)
			close(programs.fd[i]);	/* the filter holds it */
	return source_remedy(SOURCE_CLS_BPF, err, why);
}

static enum nm_err take_away(const struct source_open *how, uint32_t ifindex, char why[NM_WHY])
{
	const struct tc_owner owner = owner_of(how);
	struct nl nl;
	enum nm_err err = nl_open(&nl, NETLINK_ROUTE, 0, why);

	if (err)
		return err;
	err = tc_detach(&nl, &owner, ifindex, why);
	nl_close(&nl);
	return err;
}

static enum nm_err cls_detach(const struct source_open *how, const struct source_fds *reader,
			      const struct tap_want *want, char why[NM_WHY])
{
	(void)reader;
	return take_away(how, want->index, why);
}

static enum nm_err cls_reconcile(const struct source_open *how, char why[NM_WHY])
{
	return take_away(how, 0, why);
}

static enum nm_err cls_probe(char why[NM_WHY])
{
	return bpf_try(&bpf_cls_source, why);
}

const struct source_ops bpf_cls_source = {
	.open = cls_open, .attach = cls_attach, .detach = cls_detach, .reconcile = cls_reconcile,
	.probe = cls_probe,
	.make = bpf_make, .begin = bpf_begin, .drain = bpf_drain, .losses = bpf_losses,
	.free = bpf_free,
};
