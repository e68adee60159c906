// SPDX-License-Identifier: Apache-2.0
/*
 * A packet socket for one tap. A filter in front of the ring draws the one packet in so many and
 * cuts it; it is there before the socket belongs to an interface, and locked, so that nothing else
 * ever comes.
 *
 * Of what the kernel has merged it tells the size of the parts (PACKET_VNET_HDR). Before Linux
 * 6.2 it would then drop UDP datagrams that were merged, so there it is not asked.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "platform/linux/packet_socket.h"
#include "platform/linux/why.h"

#define BLOCKS_LEAST 4
#define FRAME        2048		/* has to be told, and means nothing for blocks */
#define RETIRE_MS    100		/* a block that is not full is ours after that */

#ifndef PACKET_IGNORE_OUTGOING		/* since Linux 4.20 */
#define PACKET_IGNORE_OUTGOING 23
#endif

/*
 * As many blocks as there can be, of a page: after RETIRE_MS a block is spent, even on a single
 * packet, and all of them have to last while nobody reads.
 */
struct packet_geometry packet_geometry(uint32_t buffer)
{
	uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
	uint32_t blocks = buffer / page;

	return (struct packet_geometry){ page, blocks > BLOCKS_LEAST ? blocks : BLOCKS_LEAST };
}

static enum nm_err refused(char why[NM_WHY], const char *name)
{
	const struct source_row *row = source_row(SOURCE_PACKET);

	switch (errno) {
	case EPERM:
	case EACCES:
		return why_say(why, NM_RIGHTS, "packet sockets need the capability CAP_NET_RAW");
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
		return why_say(why, NM_ABSENT, "this kernel has no packet sockets: %s, on OpenWrt "
			       "%s", row->kernel, row->openwrt);
	case ENODEV:
	case ENXIO:
		return why_say(why, NM_GONE, "there is no interface %s", name);
	default:
		return why_errno(why, "a packet socket on %s", name);
	}
}

/* Devices with a link header that nobody here reads give what is behind it. */
static int type_of(const char *name)
{
	return source_link(name) == LINK_UNKNOWN ? SOCK_DGRAM : SOCK_RAW;
}

static bool tells_all_sizes(void)
{
	struct utsname machine;
	char *dot;
	unsigned long major;

	if (uname(&machine) < 0)
		return false;
	major = strtoul(machine.release, &dot, 10);
	return major > 6 || (major == 6 && *dot == '.' && strtoul(dot + 1, NULL, 10) >= 2);
}

static bool set(int fd, int level, int option, const void *value, size_t len)
{
	return setsockopt(fd, level, option, value, (socklen_t)len) == 0;
}

static bool ring_new(int fd, uint32_t buffer)
{
	static const int version = TPACKET_V3, on = 1;
	struct packet_geometry g = packet_geometry(buffer);
	struct tpacket_req3 ring = {
		.tp_block_size = g.block, .tp_block_nr = g.blocks, .tp_frame_size = FRAME,
		.tp_frame_nr = g.blocks * (g.block / FRAME), .tp_retire_blk_tov = RETIRE_MS,
	};

	if (tells_all_sizes())		/* only of packets with link header; refused of others */
		set(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on));
	return set(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) &&
	       set(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring));
}

#define DROP 255			/* a jump there; put right when the length is known */
#define LONGEST 6

/* Direction, then chance: one of 2^32 numbers is drawn, and those below 2^32 / rate are picked. */
static unsigned short filter_code(const struct tap_want *want, struct sock_filter code[LONGEST])
{
	uint64_t picked = (((uint64_t)1 << 32) + want->rate / 2) / want->rate;
	unsigned short n = 0;

	if (want->ingress != want->egress) {
		code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							 (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING,
							 want->egress ? 0 : DROP,
							 want->egress ? DROP : 0);
	}
	if (want->rate > 1) {
		code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							 (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM));
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
							 (uint32_t)picked, DROP, 0);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, want->snap);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	for (unsigned short i = 0; i < n; i++) {
		code[i].jt = code[i].jt == DROP ? (uint8_t)(n - 2 - i) : code[i].jt;
		code[i].jf = code[i].jf == DROP ? (uint8_t)(n - 2 - i) : code[i].jf;
	}
	return n;
}

static bool filter_new(int fd, const struct tap_want *want)
{
	static const int on = 1;
	struct sock_filter code[LONGEST];
	struct sock_fprog filter = { filter_code(want, code), code };

	if (want->ingress && !want->egress)	/* spares the kernel a look; the filter is enough */
		set(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	return set(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) &&
	       set(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on));
}

static bool join(int fd, const struct tap_want *want)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)want->index,
	};
	struct packet_mreq all = { .mr_ifindex = (int)want->index, .mr_type = PACKET_MR_PROMISC };

	if (!want->index) {			/* to the kernel that would mean all of them */
		errno = ENODEV;
		return false;
	}
	return bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	       (!want->promiscuous ||
		set(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)));
}

enum nm_err packet_attach(const struct source_open *how, const struct source_fds *reader,
			  const struct tap_want *want, struct source_fds *tap, char why[NM_WHY])
{
	int fd = socket(AF_PACKET, type_of(want->name) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	enum nm_err err;

	(void)reader;
	if (fd >= 0 && ring_new(fd, how->buffer) && filter_new(fd, want) && join(fd, want)) {
		tap->fd[0] = fd;
		return NM_OK;
	}
	err = refused(why, want->name);
	if (fd >= 0)
		close(fd);
	return err;
}

enum nm_err packet_probe(char why[NM_WHY])
{
	const struct source_open how = { .buffer = 0 };
	struct tap_want want = { .ingress = true, .name = "lo", .rate = UINT32_MAX, .snap = 64 };
	struct source_fds tap;
	enum nm_err err;

	want.index = if_nametoindex(want.name);
	err = packet_attach(&how, NULL, &want, &tap, why);
	if (!err)
		close(tap.fd[0]);
	return err;
}
