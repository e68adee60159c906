// SPDX-License-Identifier: Apache-2.0
/*
 * Samples by tc's action sample: a filter that every packet matches (matchall) picks one in so
 * many, gives its first bytes to the kernel's psample, and goes on with the next filter as if
 * nothing had been (TC_ACT_UNSPEC): with any other answer, those behind it would see no packet.
 *
 * psample gives all samples to all who listen. Each instance has a group of its own, which stands
 * in every sample, and a filter of the socket lets only that one pass: what others sample costs us
 * a few instructions in the kernel, and no room.
 *
 * Software samples of a trunk port have lost their VLAN tag, in front of any filter. Who needs it
 * samples the VLAN's own device, or uses another source.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/genetlink.h>
#include <linux/pkt_cls.h>
#include <linux/psample.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_sample.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/nl_attr.h"
#include "platform/linux/psample_read.h"
#include "platform/linux/source.h"
#include "platform/linux/tc.h"
#include "platform/linux/why.h"

#define GROUP_OF(instance) ((instance) ^ 0x6e6d0000u)	/* others use small numbers */
#define PATIENCE_MS 2000
#define COST        2		/* of a message in the kernel, besides what it doubles itself */
#define TRIAL       0xffffffffu		/* the instance of a probe */

/*
 * A message is about 100 bytes, those of the packet, and what a tunnel device knows of its tunnel.
 * One that is cut counts as bad.
 */
#define MESSAGE     1024
#define BURST       32			/* messages a system call ... */
#define ROUNDS      32			/* ... and calls a drain */

struct reader {
	int fd;
	uint64_t drops;
	struct psample psample;
	struct mmsghdr message[BURST];
	struct iovec window[BURST];
	_Alignas(8) uint8_t bytes[BURST][MESSAGE];
	struct psample_tap taps[];
};

/* --- the socket: in a process of the helper's ---------------------------------------- */

struct family {
	struct buf groups;
	uint32_t packets;		/* the number of the multicast group; 0: not found */
};

static const struct nl_attr family_attrs[] = {
	NL_ATTR(CTRL_ATTR_MCAST_GROUPS, NL_BYTES, struct family, groups),
	{ 0 }
};

struct group { uint32_t id; char name[GENL_NAMSIZ]; };

static const struct nl_attr group_attrs[] = {
	NL_ATTR(CTRL_ATTR_MCAST_GRP_NAME, NL_TEXT,   struct group, name),
	NL_ATTR(CTRL_ATTR_MCAST_GRP_ID,   NL_NUMBER, struct group, id),
	{ 0 }
};

static void take_family(void *ctx, const struct nlmsghdr *h)
{
	struct family *f = ctx;
	const struct nlattr *a, *end;

	if (!nl_message_attrs(family_attrs, h, sizeof(struct genlmsghdr), f))
		return;
	end = (const void *)f->groups.end;
	for (a = (const void *)f->groups.p;
	     mnl_attr_ok(a, (int)((const char *)end - (const char *)a)); a = mnl_attr_next(a)) {
		const void *at = mnl_attr_get_payload(a);
		struct group g = { .name = "" };

		if (nl_attrs(group_attrs, at, mnl_attr_get_payload_len(a), &g) &&
		    !strcmp(g.name, PSAMPLE_NL_MCGRP_SAMPLE_NAME))
			f->packets = g.id;
	}
}

static enum nm_err find_family(struct nl *nl, uint32_t *packets, char why[NM_WHY])
{
	const struct genlmsghdr own = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	struct family f = { .packets = 0 };
	enum nm_err err;

	nl_begin(nl, GENL_ID_CTRL, 0, &own, sizeof(own));
	nl_text(nl, CTRL_ATTR_FAMILY_NAME, PSAMPLE_GENL_NAME);
	err = nl_ask(nl, take_family, &f, "psample cannot be asked for", why);
	*packets = f.packets;
	return !err && !f.packets ? NM_ABSENT : err;
}

/*
 * Nobody loads psample for who asks for the family, but it comes with act_sample. tc loads that
 * to find out that this request says nothing, and refuses it.
 */
static void load_modules(void)
{
	const struct tcamsg own = { .tca_family = AF_UNSPEC };
	struct nlattr *actions, *first;
	char why[NM_WHY];
	struct nl nl;

	if (nl_open(&nl, NETLINK_ROUTE, PATIENCE_MS, why))
		return;
	nl_begin(&nl, RTM_NEWACTION, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &own, sizeof(own));
	actions = nl_nest(&nl, TCA_ACT_TAB);
	first = nl_nest(&nl, 1);
	nl_text(&nl, TCA_ACT_KIND, "sample");
	nl_end(&nl, first);
	nl_end(&nl, actions);
	(void)!nl_ask(&nl, NULL, NULL, "act_sample", why);
	nl_close(&nl);
}

/* Only messages pass that have the group. The kernel compares as if they were in network order. */
static int let_pass(int fd, uint32_t group)
{
	const uint8_t *g = (const uint8_t *)&group;
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_IMM, NLMSG_HDRLEN + GENL_HDRLEN),
		BPF_STMT(BPF_LDX | BPF_IMM, PSAMPLE_GROUP),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_NLATTR)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_IND, NLA_HDRLEN),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, be32(g), 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static enum nm_err listen_to(struct nl *nl, const struct source_open *how, char why[NM_WHY])
{
	uint32_t packets;
	enum nm_err err = find_family(nl, &packets, why);

	if (err == NM_ABSENT) {
		load_modules();
		err = find_family(nl, &packets, why);
	}
	if (err == NM_ABSENT)
		why_say(why, err, "this kernel has no psample");
	if (err)
		return err;
	if (let_pass(nl_fd(nl), GROUP_OF(how->instance)) < 0)
		return why_errno(why, "psample's filter");
	nl_no_enobufs(nl_fd(nl));
	nl_buffer(nl_fd(nl), how->buffer < UINT32_MAX / COST ? COST * how->buffer : UINT32_MAX);
	return nl_join(nl, packets, why);
}

static enum nm_err open_socket(const struct source_open *how, struct source_fds *reader,
			       char why[NM_WHY])
{
	struct nl nl;
	enum nm_err err = nl_open(&nl, NETLINK_GENERIC, PATIENCE_MS, why);

	if (err)
		return err;
	err = listen_to(&nl, how, why);
	if (!err) {
		reader->fd[0] = fcntl(nl_fd(&nl), F_DUPFD_CLOEXEC, 0);
		err = reader->fd[0] < 0 ? why_errno(why, "psample's socket") : NM_OK;
	}
	nl_close(&nl);
	return source_remedy(SOURCE_PSAMPLE, err, why);
}

/* --- filters ----------------------------------------------------------------------------- */

struct picking {
	const struct tap_want *want;
	uint32_t group;
};

static void put_options(struct nl *nl, const char label[TC_LABEL], bool egress, void *ctx)
{
	const struct picking *p = ctx;
	const struct tc_sample go_on = { .action = TC_ACT_UNSPEC };
	struct nlattr *actions, *first, *options;

	(void)egress;
	actions = nl_nest(nl, TCA_MATCHALL_ACT);
	first = nl_nest(nl, 1);
	nl_text(nl, TCA_ACT_KIND, "sample");
	options = nl_nest(nl, TCA_ACT_OPTIONS);
	nl_bytes(nl, TCA_SAMPLE_PARMS, &go_on, sizeof(go_on));
	nl_u32(nl, TCA_SAMPLE_RATE, p->want->rate);
	nl_u32(nl, TCA_SAMPLE_TRUNC_SIZE, p->want->snap);
	nl_u32(nl, TCA_SAMPLE_PSAMPLE_GROUP, p->group);
	nl_end(nl, options);
	nl_bytes(nl, TCA_ACT_COOKIE, label, TC_LABEL - 1);
	nl_end(nl, first);
	nl_end(nl, actions);
}

static struct tc_owner owner_of(const struct source_open *how)
{
	return (struct tc_owner){ .instance = how->instance, .kind = "matchall" };
}

static enum nm_err attach(const struct source_open *how, const struct source_fds *reader,
			  const struct tap_want *want, struct source_fds *tap, char why[NM_WHY])
{
	const struct tc_owner owner = owner_of(how);
	struct picking picking = { want, GROUP_OF(how->instance) };
	struct nl nl;
	enum nm_err err = nl_open(&nl, NETLINK_ROUTE, PATIENCE_MS, why);

	(void)reader;
	(void)tap;
	if (err)
		return err;
	err = tc_attach(&nl, &owner, want, put_options, &picking, why);
	nl_close(&nl);
	return source_remedy(SOURCE_PSAMPLE, err, why);
}

/* ifindex 0: of all interfaces. */
static enum nm_err take_away(const struct source_open *how, uint32_t ifindex, char why[NM_WHY])
{
	const struct tc_owner owner = owner_of(how);
	struct nl nl;
	enum nm_err err = nl_open(&nl, NETLINK_ROUTE, PATIENCE_MS, why);

	if (err)
		return err;
	err = tc_detach(&nl, &owner, ifindex, why);
	nl_close(&nl);
	return err;
}

static enum nm_err detach(const struct source_open *how, const struct source_fds *reader,
			  const struct tap_want *want, char why[NM_WHY])
{
	(void)reader;
	return want->index ? take_away(how, want->index, why) : NM_OK;
}

static enum nm_err reconcile(const struct source_open *how, char why[NM_WHY])
{
	return take_away(how, 0, why);
}

static enum nm_err probe(char why[NM_WHY])
{
	const struct source_open how = { .instance = TRIAL };
	struct tap_want want = { .ingress = true, .name = "lo", .rate = UINT32_MAX, .snap = 64 };
	struct source_fds reader = { { -1, -1, -1 } };
	enum nm_err err = open_socket(&how, &reader, why);

	want.index = if_nametoindex(want.name);
	if (!err)
		err = attach(&how, &reader, &want, NULL, why);
	if (!err)
		err = detach(&how, &reader, &want, why);
	if (reader.fd[0] >= 0)
		close(reader.fd[0]);
	return err;
}

/* --- reading: in the loop's process ------------------------------------------------------ */

static struct reader *make(unsigned taps, uint32_t buffer)
{
	struct reader *r = calloc(1, sizeof(*r) + taps * sizeof(r->taps[0]));

	(void)buffer;
	if (!r)
		return NULL;
	r->fd = -1;
	r->psample.taps = r->taps;
	r->psample.tap_count = taps;
	for (unsigned i = 0; i < BURST; i++) {
		r->window[i] = (struct iovec){ r->bytes[i], MESSAGE };
		r->message[i].msg_hdr = (struct msghdr){
			.msg_iov = &r->window[i], .msg_iovlen = 1,
		};
	}
	return r;
}

static enum nm_err begin(struct reader *r, const struct source_fds *reader, char why[NM_WHY])
{
	(void)why;
	r->fd = reader->fd[0];
	return NM_OK;
}

static enum nm_err add(struct reader *r, unsigned tap, const struct tap_want *want,
		       const struct source_fds *fds, char why[NM_WHY])
{
	(void)fds;
	(void)why;
	r->taps[tap] = (struct psample_tap){ want->index, source_link(want->name) == LINK_IP };
	return NM_OK;
}

static void remove_tap(struct reader *r, unsigned tap)
{
	bool any = false;

	r->taps[tap].index = 0;
	for (unsigned i = 0; i < r->psample.tap_count; i++)
		any |= r->taps[i].index != 0;
	if (!any)
		psample_renumber(&r->psample);
}

static unsigned drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	unsigned samples = 0;
	int count = BURST;

	(void)mono;
	for (unsigned round = 0; round < ROUNDS && count == BURST; round++) {
		count = recvmmsg(r->fd, r->message, BURST, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++) {
			if (r->message[i].msg_hdr.msg_flags & MSG_TRUNC)
				r->psample.losses.bad++;
			else
				samples += psample_read(&r->psample, r->bytes[i],
							r->message[i].msg_len, now, got, ctx);
		}
	}
	psample_settle(&r->psample, nl_drops(r->fd, &r->drops));
	return samples;
}

static struct tap_losses losses(const struct reader *r)
{
	return r->psample.losses;
}

static void free_reader(struct reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

const struct source_ops psample_source = {
	.open = open_socket, .attach = attach, .detach = detach, .reconcile = reconcile,
	.probe = probe, .make = make, .begin = begin, .add = add, .remove = remove_tap,
	.drain = drain, .losses = losses, .free = free_reader,
};
