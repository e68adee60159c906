// SPDX-License-Identifier: Apache-2.0
/*
 * Reading captures. Lengths are taken from the innermost header that has one, so that padding of
 * short frames is no payload; checksums are not looked at, since captures of a sending machine
 * have them wrong.
 */
#include "core/pcap.h"

#define MAGIC_US         0xa1b2c3d4
#define MAGIC_NS         0xa1b23c4d
#define MAGIC_US_SWAPPED 0xd4c3b2a1
#define MAGIC_NS_SWAPPED 0x4d3cb2a1
#define MAGIC_PCAPNG     0x0a0d0d0a
#define LINK_MASK        0x0fffffff	/* above it: the length of the frame check sequence */

#define ETYPE_IPV4       0x0800
#define ETYPE_IPV6       0x86dd
#define PROTO_UDP        17
#define UDP_HEADER_LEN   8
#define IPV4_HEADER_LEN  20
#define IPV4_FRAGMENT    0x3fff		/* more fragments, and the offset */

enum verdict { DATAGRAM, OTHER, FRAGMENT, CUT };

/* Integers of the file are in the byte order of whoever wrote it. */
static uint32_t file_u32(const struct pcap *p, struct buf *in)
{
	uint32_t v = buf_u32(in);

	if (!p->swapped)
		return v;
	return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

/* --- link layers: each leaves the IP packet and tells its EtherType, 0 for none  */

static uint16_t skip_tags(struct buf *in, uint16_t etype)
{
	while (etype == 0x8100 || etype == 0x88a8 || etype == 0x9100) {
		buf_skip(in, 2);
		etype = buf_u16(in);
	}
	return etype;
}

static uint16_t link_ethernet(struct buf *in)
{
	buf_skip(in, 12);
	return skip_tags(in, buf_u16(in));
}

static uint16_t link_raw(struct buf *in)
{
	uint8_t version = buf_left(in) ? *in->p >> 4 : 0;

	return version == 4 ? ETYPE_IPV4 : version == 6 ? ETYPE_IPV6 : 0;
}

static uint16_t link_cooked(struct buf *in)
{
	buf_skip(in, 14);
	return skip_tags(in, buf_u16(in));
}

static uint16_t link_cooked2(struct buf *in)
{
	uint16_t etype = buf_u16(in);

	buf_skip(in, 18);
	return skip_tags(in, etype);
}

static const struct link_layer {
	uint32_t number;		/* LINKTYPE_ */
	uint16_t (*strip)(struct buf *in);
} links[] = {
	{ 1,   link_ethernet },
	{ 12,  link_raw },		/* what some systems write for 101 */
	{ 14,  link_raw },
	{ 101, link_raw },
	{ 113, link_cooked },
	{ 228, link_raw },
	{ 229, link_raw },
	{ 276, link_cooked2 },
};

static const struct link_layer *link_find(uint32_t number)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].number == number)
			return &links[i];
	return NULL;
}

/* --- IP and UDP ------------------------------------------------------------ */

static enum verdict udp(struct buf in, struct pcap_datagram *dg)
{
	uint16_t len;

	dg->from_port = buf_u16(&in);
	dg->to_port = buf_u16(&in);
	len = buf_u16(&in);
	buf_skip(&in, 2);
	if (in.bad)
		return CUT;
	if (len < UDP_HEADER_LEN)
		return OTHER;
	dg->payload = buf_take(&in, len - UDP_HEADER_LEN);
	return dg->payload.bad ? CUT : DATAGRAM;
}

static enum verdict ipv4(struct buf in, struct pcap_datagram *dg)
{
	struct buf start = in, part;
	uint8_t header = (buf_u8(&in) & 0x0f) * 4, proto;
	uint16_t len, fragment;

	buf_skip(&in, 1);
	len = buf_u16(&in);
	buf_skip(&in, 2);
	fragment = buf_u16(&in);
	buf_skip(&in, 1);
	proto = buf_u8(&in);
	buf_skip(&in, 2);
	if (buf_left(&in) < 8)
		return CUT;
	dg->from = addr_v4(in.p);
	dg->to = addr_v4(in.p + 4);
	if (proto != PROTO_UDP || header < IPV4_HEADER_LEN || len < header)
		return OTHER;
	if (fragment & IPV4_FRAGMENT)
		return FRAGMENT;
	part = buf_take(&start, len);
	buf_skip(&part, header);
	return udp(part, dg);
}

/* The extension headers that may stand before UDP; all but the fragment's tell their length. */
static bool is_extension(uint8_t header)
{
	return header == 0 || header == 43 || header == 60 || header == 135;
}

static enum verdict ipv6(struct buf in, struct pcap_datagram *dg)
{
	uint16_t len;
	uint8_t header;
	struct buf part;

	buf_skip(&in, 4);
	len = buf_u16(&in);
	header = buf_u8(&in);
	buf_skip(&in, 1);
	if (buf_left(&in) < 2 * sizeof(struct addr))
		return CUT;
	memcpy(&dg->from, buf_take(&in, sizeof(dg->from)).p, sizeof(dg->from));
	memcpy(&dg->to, buf_take(&in, sizeof(dg->to)).p, sizeof(dg->to));
	part = buf_take(&in, len);
	while (is_extension(header) && !part.bad) {
		header = buf_u8(&part);
		buf_skip(&part, buf_u8(&part) * 8u + 6);
	}
	if (header == 44)
		return FRAGMENT;
	if (header == PROTO_UDP)
		return udp(part, dg);
	return part.bad ? CUT : OTHER;
}

static enum verdict frame(const struct pcap *p, struct buf in, struct pcap_datagram *dg)
{
	uint16_t etype = link_find(p->link)->strip(&in);

	if (in.bad)
		return CUT;
	return etype == ETYPE_IPV4 ? ipv4(in, dg) : etype == ETYPE_IPV6 ? ipv6(in, dg) : OTHER;
}

/* --- the file -------------------------------------------------------------- */

enum nm_err pcap_open(struct pcap *p, struct buf file)
{
	uint32_t magic = buf_u32(&file);

	*p = (struct pcap){ .rest = file };
	if (file.bad)
		return NM_SHORT;
	if (magic == MAGIC_PCAPNG)
		return NM_PCAPNG;
	p->swapped = magic == MAGIC_US_SWAPPED || magic == MAGIC_NS_SWAPPED;
	p->nanoseconds = magic == MAGIC_NS || magic == MAGIC_NS_SWAPPED;
	if (!p->swapped && !p->nanoseconds && magic != MAGIC_US)
		return NM_FOREIGN;
	buf_skip(&file, 16);		/* version, time zone, accuracy, longest packet */
	p->link = file_u32(p, &file) & LINK_MASK;
	p->rest = file;
	if (file.bad)
		return NM_SHORT;
	return link_find(p->link) ? NM_OK : NM_LINK;
}

static enum verdict packet(struct pcap *p, struct pcap_datagram *dg)
{
	uint32_t s = file_u32(p, &p->rest), part = file_u32(p, &p->rest);
	uint32_t len = file_u32(p, &p->rest);
	struct buf bytes;

	buf_skip(&p->rest, 4);		/* its length before the capture cut it */
	bytes = buf_take(&p->rest, len);
	dg->at = time_plus(time_of_s(s), (int64_t)part * (p->nanoseconds ? 1 : NM_NS_PER_US));
	return bytes.bad ? CUT : frame(p, bytes, dg);
}

bool pcap_next(struct pcap *p, struct pcap_datagram *dg)
{
	while (buf_left(&p->rest)) {
		enum verdict v = packet(p, dg);

		p->packets++;
		if (v == DATAGRAM)
			return true;
		p->others += v == OTHER;
		p->fragments += v == FRAGMENT;
		p->cut += v == CUT;
	}
	return false;
}
