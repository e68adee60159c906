/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capture files in the classic pcap format, for the verbs decode and replay: from the bytes of
 * the whole file to the UDP datagrams in it. Both byte orders, micro- and nanoseconds; Ethernet
 * with VLAN tags, raw IP and Linux's "any" device; IPv4 and IPv6.
 */
#ifndef NM_PCAP_H
#define NM_PCAP_H

#include "core/addr.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/when.h"

struct pcap {
	struct buf rest;		/* packets not read yet */
	uint32_t link;			/* link layer of all packets */
	bool swapped, nanoseconds;
	/* Packets so far, and those among them that gave no datagram. */
	uint64_t packets, others, fragments, cut;
};

struct pcap_datagram {
	nm_time at;
	struct addr from, to;
	uint16_t from_port, to_port;
	struct buf payload;		/* in the file's bytes */
};

/*
 * Read the file's header. NM_FOREIGN: not a capture; NM_PCAPNG: the newer format, which is not
 * read here; NM_LINK: a link layer that is not; NM_SHORT: not even a header.
 */
enum nm_err pcap_open(struct pcap *p, struct buf file) NM_MUST_CHECK;

/*
 * The next UDP datagram; false at the end. Packets that are none, fragments and packets that the
 * capture cut are counted and left out. A file that ends in the middle of a packet counts as cut.
 */
bool pcap_next(struct pcap *p, struct pcap_datagram *dg);

#endif
