// SPDX-License-Identifier: Apache-2.0
/*
 * Sampling by packet sockets (packet(7)): a socket a tap (packet_socket.c), with a ring of its own
 * (packet_ring.c) that the kernel writes what it picks to, and counts what does not fit.
 *
 * Packets are seen where they come in before anything else is done with them, and where they go
 * out behind everything else: VLANs, bridges and tunnels have devices of their own, on which the
 * same packet is seen again. An interface is no longer promiscuous when its socket is gone.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "platform/linux/packet_ring.h"
#include "platform/linux/packet_socket.h"
#include "platform/linux/why.h"

#define LOOK_NS NM_NS_PER_S		/* how often sockets are asked for drops and errors */

struct tap {
	int fd;				/* -1: there is none */
	char name[INTERFACE_NAME];
	struct packet_form form;
	uint8_t *ring;
	uint32_t next;			/* block to be read */
	uint64_t dropped, bad;		/* of all that had this number */
};

struct reader {
	struct packet_geometry geometry;
	unsigned count;
	nm_mono looked;
	struct tap *taps;
};

static struct reader *packet_make(unsigned taps, uint32_t buffer)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r)
		r->taps = calloc(taps, sizeof(r->taps[0]));
	if (!r || !r->taps) {
		free(r);
		return NULL;
	}
	r->count = taps;
	r->geometry = packet_geometry(buffer);
	for (unsigned i = 0; i < taps; i++)
		r->taps[i].fd = -1;
	return r;
}

/* The taps have nothing in common. */
static enum nm_err packet_begin(struct reader *r, const struct source_fds *reader, char why[NM_WHY])
{
	(void)r;
	(void)reader;
	(void)why;
	return NM_OK;
}

static size_t ring_size(const struct reader *r)
{
	return (size_t)r->geometry.block * r->geometry.blocks;
}

static int option(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, level, name, &value, &len) == 0 ? value : 0;
}

static enum nm_err packet_add(struct reader *r, unsigned number, const struct tap_want *want,
			      const struct source_fds *fds, char why[NM_WHY])
{
	struct tap *t = &r->taps[number];
	void *at = mmap(NULL, ring_size(r), PROT_READ | PROT_WRITE, MAP_SHARED, fds->fd[0], 0);

	if (at == MAP_FAILED)
		return why_errno(why, "the ring of a packet socket cannot be mapped");
	t->ring = at;
	t->fd = fds->fd[0];
	t->next = 0;
	t->form = (struct packet_form){
		.index = want->index, .rate = want->rate,
		.sized = option(t->fd, SOL_PACKET, PACKET_VNET_HDR) != 0,
		.headless = option(t->fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM,
	};
	memcpy(t->name, want->name, sizeof(t->name));
	return NM_OK;
}

static struct tpacket_block_desc *block_at(const struct reader *r, const struct tap *t, uint32_t i)
{
	return (void *)(t->ring + (size_t)i * r->geometry.block);
}

/* The kernel begins anew with each answer. */
static void count_drops(struct tap *t)
{
	struct tpacket_stats_v3 said;
	socklen_t len = sizeof(said);

	if (getsockopt(t->fd, SOL_PACKET, PACKET_STATISTICS, &said, &len) == 0)
		t->dropped += said.tp_drops;
}

/* What is not read when it ends is lost, in the block under way too. */
static void packet_remove(struct reader *r, unsigned number)
{
	struct tap *t = &r->taps[number];

	if (t->fd < 0)
		return;
	count_drops(t);
	for (uint32_t i = 0; i < r->geometry.blocks; i++)
		t->dropped += block_at(r, t, i)->hdr.bh1.num_pkts;
	munmap(t->ring, ring_size(r));
	t->fd = -1;
}

/* A socket says once that its interface went down; it goes on when that is up again. */
static void look(const struct tap *t)
{
	struct sockaddr_ll at;
	socklen_t len = sizeof(at);

	if (option(t->fd, SOL_SOCKET, SO_ERROR) != ENETDOWN)
		return;
	if (getsockname(t->fd, (struct sockaddr *)&at, &len) == 0 && at.sll_ifindex <= 0)
		log_line(CONF_LOG_WARN, "packet: %s is gone, and its samples with it", t->name);
	else
		log_line(CONF_LOG_WARN, "packet: %s is down, and has no samples until it is up",
			 t->name);
}

static unsigned drain_tap(const struct reader *r, struct tap *t, nm_time now, sample_fn *got,
			  void *ctx)
{
	unsigned samples = 0;

	for (uint32_t i = 0; i < r->geometry.blocks; i++) {
		struct tpacket_block_desc *block = block_at(r, t, t->next);
		uint32_t *status = &block->hdr.bh1.block_status;
		struct packet_count count;

		if (!(__atomic_load_n(status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			break;
		count = packet_block(buf_of(block, r->geometry.block), &t->form, now, clock_now(),
				     got, ctx);
		block->hdr.bh1.num_pkts = 0;
		__atomic_store_n(status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		t->next = (t->next + 1) % r->geometry.blocks;
		samples += count.samples;
		t->bad += count.bad;
	}
	return samples;
}

static unsigned packet_drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	bool asking = mono_since(mono, r->looked) >= LOOK_NS;
	unsigned samples = 0;

	for (unsigned i = 0; i < r->count; i++) {
		if (r->taps[i].fd < 0)
			continue;
		samples += drain_tap(r, &r->taps[i], now, got, ctx);
		if (asking) {
			look(&r->taps[i]);
			count_drops(&r->taps[i]);
		}
	}
	if (asking)
		r->looked = mono;
	return samples;
}

static struct tap_losses packet_losses(const struct reader *r)
{
	struct tap_losses lost = { 0 };

	for (unsigned i = 0; i < r->count; i++) {
		lost.dropped += r->taps[i].dropped;
		lost.bad += r->taps[i].bad;
	}
	return lost;
}

static void packet_free(struct reader *r)
{
	if (!r)
		return;
	for (unsigned i = 0; i < r->count; i++)
		packet_remove(r, i);
	free(r->taps);
	free(r);
}

const struct source_ops packet_source = {
	.attach = packet_attach, .probe = packet_probe,
	.make = packet_make, .begin = packet_begin, .add = packet_add, .remove = packet_remove,
	.drain = packet_drain, .losses = packet_losses, .free = packet_free,
};
