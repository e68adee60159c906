/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One packet that was picked from the traffic of an interface of this machine: what a source
 * (source.def) tells of it, and how that becomes a flow record.
 *
 * What the kernel handles as one packet may be many on the wire: it merges what it receives (GRO)
 * and lets drivers divide what it sends (GSO). Then each packet but the first has headers that
 * the length does not count: a packet is `segments` on the wire, and all of its headers, up to
 * those of the innermost TCP, UDP or SCTP, are there so often. Where the source does not tell this:
 *
 * - What is no longer than one frame, 1,500 bytes of IP, is one packet. It could be several short
 *   ones: the kernel merges segments of any size that arrive together, are equally long and do not
 *   push (PSH). Bulk data has full ones, an acknowledgement has no data and is never merged, and
 *   what is wrong then is headers of few packets. A mark on everything would say nothing.
 * - What is longer is approximate, on any device: where frames may be longer (jumbo frames, the
 *   loopback interface) one packet and several cannot be told apart. Not approximate are ICMP,
 *   IGMP, fragments, and what is no IP: the kernel does not merge them.
 *
 * And whoever tells segments: the record is approximate when the headers of more than one segment
 * could not be read to their end, when the segments are of different sizes and nobody counted them,
 * and when the length is only known as the bytes that were copied.
 */
#ifndef NM_SAMPLE_H
#define NM_SAMPLE_H

#include "core/buf.h"
#include "core/flow.h"
#include "core/packet.h"

struct sample {
	struct buf bytes;		/* its first bytes, valid during the call */
	nm_time seen;			/* absent: when it was read is when it was seen */
	uint32_t at_if;			/* the interface it was picked on */
	uint32_t in_if, out_if;		/* as the kernel told; 0: it did not */
	/* Of what the kernel handled, with its link header but without VLAN tags beside it; 0: only
	 * its headers tell, and what was copied of it, for short frames are padded. */
	uint32_t length;
	uint32_t link_len;		/* bytes of link header that `bytes` does not begin with */
	uint32_t rate;			/* one in so many was picked */
	uint32_t mark;
	uint16_t segments;		/* packets on the wire; 0: not told */
	uint16_t segment_size;		/* payload of each but the last; 0: not told */
	uint16_t etype;			/* of `bytes` without link header; 0: it has one */
	uint16_t vlan;			/* tag beside the packet: PCP, DEI, number */
	bool tagged;			/* there is one */
	bool told_segments;		/* the source tells segments, so 0 or 1 means one packet */
	uint8_t direction;		/* enum flow_direction, as seen from the interface */
	uint8_t source;			/* enum flow_source */
};

/* The sizes of one sample: on the wire, and as the kernel's own counters of such a device count. */
struct sample_size {
	uint64_t packets, bytes;	/* on the wire */
	uint64_t handled;		/* bytes that the kernel handled */
	bool approximate;		/* may stand for more, and nobody tells */
};

/* How packets of a device begin, by its ARPHRD number (RTM_NEWLINK's ifi_type). */
enum packet_link sample_link(uint16_t device_type);

/*
 * A flow of it: headers, sizes, rate, direction, interfaces as the kernel told; everything but
 * who the exporter is. `size` is what the flow's packets and bytes say, for other uses.
 */
void sample_to_flow(const struct sample *s, enum packet_link link, struct flow *f,
		    struct sample_size *size);

#endif
