// SPDX-License-Identifier: Apache-2.0
/*
 * Samples by nfnetlink_log: rules of nftables (nftables.c) in front of everything else log packets
 * to a group that this source has bound. The kernel collects them into datagrams of many; a reader
 * that comes ten times a second takes them all.
 *
 * The group follows from the instance; when somebody has it, the next one is tried. Rules have to
 * know it, and are made by another process than the one that bound it: so the socket's own number
 * in netlink says it (NUMBER + group). Only one socket can have that, and the kernel's own choices
 * are process numbers and negative ones.
 *
 * Where tc redirects packets (redirect.h) this source would see half of them, and is refused.
 *
 * A chain is tied to its device by name. Until Linux 6.15 it followed a device that was renamed;
 * since then it does not, and the tap has to be made again.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/linux/nflog_read.h"
#include "platform/linux/nftables.h"
#include "platform/linux/redirect.h"
#include "platform/linux/source.h"
#include "platform/linux/why.h"

#define CONFIG_MESSAGE (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG)
#define FIRST_GROUP    20000u		/* others use small ones */
#define GROUPS         4096u
#define TRIES          8u
#define NUMBER         0x4e4d0000u	/* above all process numbers */
#define PATIENCE_MS    2000

/*
 * Of a datagram. For each the kernel takes memory of BATCH_BYTES and 320 of its own, rounded up to
 * a power of two, and fills all of it: so with one byte more than fits it would be too long for our
 * room. Larger ones save nothing (0.29 us a sample of 142 bytes with 16, 32 and 64 KB), and pieces
 * of 64 KB are hard to find on a small router.
 */
#define BATCH_ROOM     16384
#define BATCH_BYTES    (BATCH_ROOM - 512)
#define BATCH_PACKETS  512		/* more than fit */
#define BATCH_AGE      10		/* 1/100 s: then it comes half empty, too */
#define BURST          32		/* datagrams a drain, 60 samples each */

struct reader {
	int fd;
	uint64_t drops;
	struct nflog nflog;
	_Alignas(8) uint8_t datagram[BATCH_ROOM];
};

/* --- the group: in a process of the helper's -------------------------------------- */

static uint32_t group_of(uint32_t instance, unsigned try)
{
	return FIRST_GROUP + (instance + try) % GROUPS;
}

/* The kernel answers EPERM to those who have no right, and of a group that somebody else has. */
static bool has_right(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &head, caps) == 0 &&
	       caps[0].effective & 1u << CAP_NET_ADMIN;
}

static void put_settings(struct nl *nl, uint32_t group)
{
	const struct nfgenmsg own = { .version = NFNETLINK_V0, .res_id = htons((uint16_t)group) };
	const struct nfulnl_msg_config_mode mode = { htonl(NFLOG_COPY), NFULNL_COPY_PACKET, 0 };
	const uint16_t flags = htons(NFULNL_CFG_F_SEQ);

	nl_begin(nl, CONFIG_MESSAGE, NLM_F_ACK, &own, sizeof(own));
	nl_u8(nl, NFULA_CFG_CMD, NFULNL_CFG_CMD_BIND);
	nl_bytes(nl, NFULA_CFG_MODE, &mode, sizeof(mode));
	nl_be32(nl, NFULA_CFG_NLBUFSIZ, BATCH_BYTES);
	nl_be32(nl, NFULA_CFG_TIMEOUT, BATCH_AGE);
	nl_be32(nl, NFULA_CFG_QTHRESH, BATCH_PACKETS);
	nl_u16(nl, NFULA_CFG_FLAGS, flags);
}

/* NM_LOCKED: somebody has this group. */
static enum nm_err bind_group(struct nl *nl, uint32_t group, char why[NM_WHY])
{
	enum nm_err err = nl_open_as(nl, NETLINK_NETFILTER, NUMBER + group, PATIENCE_MS, why);

	if (err)
		return source_remedy(SOURCE_NFLOG, err, why);
	put_settings(nl, group);
	err = nl_ask(nl, NULL, NULL, "NFLOG's group cannot be bound", why);
	if (!err)
		return NM_OK;
	nl_close(nl);
	if (err == NM_RIGHTS && has_right())
		return NM_LOCKED;
	if (nl->error == EINVAL)	/* nobody knows the message */
		err = why_say(why, NM_ABSENT, "this kernel has no nfnetlink_log");
	return source_remedy(SOURCE_NFLOG, err, why);
}

/* The socket becomes a descriptor that outlives what was around it. */
static enum nm_err keep_socket(struct nl *nl, struct source_fds *fds, char why[NM_WHY])
{
	fds->fd[0] = fcntl(nl_fd(nl), F_DUPFD_CLOEXEC, 0);
	nl_close(nl);
	return fds->fd[0] < 0 ? why_errno(why, "NFLOG's socket") : NM_OK;
}

static enum nm_err open_group(const struct source_open *how, struct source_fds *reader,
			      char why[NM_WHY])
{
	enum nm_err err = NM_LOCKED;
	struct nl nl;

	for (unsigned try = 0; err == NM_LOCKED && try < TRIES; try++)
		err = bind_group(&nl, group_of(how->instance, try), why);
	if (err == NM_LOCKED)
		return why_say(why, err, "NFLOG's groups %u to %u are all taken: one of those "
			       "must end whose numbers are in /proc/net/netfilter/nfnetlink_log",
			       (unsigned)group_of(how->instance, 0),
			       (unsigned)group_of(how->instance, TRIES - 1));
	if (err)
		return err;
	nl_no_enobufs(nl_fd(&nl));
	nl_buffer(nl_fd(&nl), how->buffer);
	return keep_socket(&nl, reader, why);
}

/* --- rules of one interface ----------------------------------------------------------- */

static enum nm_err group_bound(const struct source_fds *reader, uint16_t *group, char why[NM_WHY])
{
	struct sockaddr_nl name = { 0 };
	socklen_t len = sizeof(name);

	if (getsockname(reader->fd[0], (struct sockaddr *)&name, &len) < 0)
		return why_errno(why, "NFLOG's socket");
	*group = (uint16_t)(name.nl_pid - NUMBER);
	return NM_OK;
}

/* A chain is made by name, and newer kernels make it for a device that is not there yet. */
static enum nm_err make_rules(struct nl *nl, const struct nft_sampling *rules,
			      const struct tap_want *want, char why[NM_WHY])
{
	enum nm_err err = nft_sample(nl, rules, why);

	if (!err && (!want->index || if_nametoindex(want->name) != want->index))
		err = why_say(why, NM_GONE, "there is no interface %s any more", want->name);
	return err;
}

/* The table lives as long as its socket; one that was made in vain ends here. */
static enum nm_err own_rules(const struct nft_sampling *rules, const struct tap_want *want,
			     struct source_fds *tap, char why[NM_WHY])
{
	enum nm_err err;
	struct nl nl;

	if (tc_redirects())
		return why_say(why, NM_LOCKED, "tc redirects packets (action mirred, as SQM does), "
			       "and rules of nftables do not see what it takes");
	err = nl_open(&nl, NETLINK_NETFILTER, PATIENCE_MS, why);
	if (!err)
		err = make_rules(&nl, rules, want, why);
	if (!err)
		return keep_socket(&nl, tap, why);
	nl_close(&nl);
	return source_remedy(SOURCE_NFLOG, err, why);
}

static enum nm_err attach(const struct source_open *how, const struct source_fds *reader,
			  const struct tap_want *want, struct source_fds *tap, char why[NM_WHY])
{
	char table[64], prefix[NFLOG_PREFIX_MAX];
	struct nft_sampling rules = {
		.table = table, .device = want->name, .prefix = prefix,
		.ingress = want->ingress, .egress = want->egress,
		.rate = want->rate, .snap = want->snap,
	};
	enum nm_err err = group_bound(reader, &rules.group, why);

	snprintf(table, sizeof(table), "netmeta-%u-%u", (unsigned)how->instance,
		 (unsigned)want->index);
	snprintf(prefix, sizeof(prefix), NFLOG_PREFIX "%u", (unsigned)want->rate);
	return err ? err : own_rules(&rules, want, tap, why);
}

/* As somebody else than the agent that may be running: a process number is no instance of one. */
static enum nm_err probe(char why[NM_WHY])
{
	const struct source_open how = { .instance = (uint32_t)getpid(), .buffer = 65536 };
	struct tap_want want = {
		.source = SOURCE_NFLOG, .ingress = true, .egress = true,
		.name = "lo", .rate = 1000000, .snap = 128,
	};
	struct source_fds reader = { { -1, -1, -1 } }, tap = { { -1, -1, -1 } };
	enum nm_err err = open_group(&how, &reader, why);

	want.index = if_nametoindex(want.name);
	if (!err)
		err = attach(&how, &reader, &want, &tap, why);
	if (tap.fd[0] >= 0)
		close(tap.fd[0]);
	if (reader.fd[0] >= 0)
		close(reader.fd[0]);
	return err;
}

/* --- reading: in the loop's process ------------------------------------------------------ */

static struct reader *make(unsigned taps, uint32_t buffer)
{
	struct reader *r = calloc(1, sizeof(*r));

	(void)taps;
	(void)buffer;
	if (r)
		r->fd = -1;
	return r;
}

static enum nm_err begin(struct reader *r, const struct source_fds *reader, char why[NM_WHY])
{
	(void)why;
	r->fd = reader->fd[0];
	return NM_OK;
}

/* Drops are asked for first: what they leave behind is told by numbers that come later. */
static unsigned drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	unsigned samples = 0;
	int len = 1;

	(void)mono;
	nflog_dropped(&r->nflog, nl_drops(r->fd, &r->drops));
	for (unsigned i = 0; i < BURST && len > 0; i++) {
		bool cut = false;

		len = nl_receive(r->fd, r->datagram, sizeof(r->datagram), &cut);
		r->nflog.losses.bad += cut;
		if (len > 0)
			samples += nflog_read(&r->nflog, r->datagram, (size_t)len, now, got, ctx);
	}
	return samples;
}

static struct tap_losses losses(const struct reader *r)
{
	return r->nflog.losses;
}

static void free_reader(struct reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

/* Nothing is taken away or reconciled: all of it ends with its descriptors. */
const struct source_ops nflog_source = {
	.open = open_group, .attach = attach, .probe = probe,
	.make = make, .begin = begin, .drain = drain, .losses = losses, .free = free_reader,
};
