// SPDX-License-Identifier: Apache-2.0
/*
 * What a switch samples of the invented traffic (sflow_version_5.txt): the first 128 bytes of a
 * frame, the VLANs and the route. Kind vxlan is of a switch between hypervisors: the same frames in
 * VXLAN (RFC 7348).
 */
#include "tests/bench/traffic_private.h"

#define HEADER_MOST 128
#define FRAME_LEN   14
#define ACK_LEN     66			/* a frame with a TCP header and timestamps only */

static void put_frame(struct pen *p, uint64_t from, uint64_t to)
{
	put(p, 2, 0x0200);
	put(p, 4, to);
	put(p, 2, 0x0200);
	put(p, 4, from);
	put(p, 2, 0x0800);
}

static void put_ipv4(struct pen *p, uint64_t len, uint64_t protocol, const uint64_t *e)
{
	put_hex(p, "45");
	put(p, 1, e[TOS]);
	put(p, 2, len);
	put(p, 2, e[BYTES]);
	put_hex(p, "4000 3f");
	put(p, 1, protocol);
	put(p, 2, 0);
	put(p, 4, e[SRC]);
	put(p, 4, e[DST]);
}

static void put_transport(struct pen *p, uint64_t len, const uint64_t *e)
{
	put(p, 2, e[SRC_PORT]);
	put(p, 2, e[DST_PORT]);
	if (e[PROTOCOL] == 17) {
		put(p, 2, len);
		put(p, 2, 0);
		return;
	}
	put(p, 4, e[START_MS] * e[SRC]);
	put(p, 4, e[END_MS] * e[DST]);
	put(p, 1, 0x80);
	put(p, 1, e[TCP_FLAGS]);
	put_hex(p, "01f5 0000 0000 0101080a");
	put(p, 4, e[START_MS]);
	put(p, 4, e[END_MS]);
}

/* Between two hypervisors, who choose the port by the conversation. */
static void put_tunnel(struct pen *p, uint64_t frame, const uint64_t *e)
{
	struct conversation outer = { .element = {
		[BYTES] = e[BYTES],
		[SRC] = 0xac100000u + e[SRC] % 64, [DST] = 0xac100000u + e[DST] % 64,
		[SRC_PORT] = 49152 + (e[SRC] ^ e[DST_PORT]) % 16384, [DST_PORT] = 4789,
		[PROTOCOL] = 17,
	} };

	put_frame(p, outer.element[SRC], outer.element[DST]);
	put_ipv4(p, frame + 36, 17, outer.element);
	put_transport(p, frame + 16, outer.element);
	put_hex(p, "08000000");
	put(p, 3, 5000 + e[VLAN]);
	put(p, 1, 0);
}

/* The frame as far as it is sampled; returns how long it was. */
static uint64_t put_packet(struct traffic *t, struct pen *p, const uint64_t *e)
{
	bool tunnelled = t->kind->fields[0];
	bool small = e[PROTOCOL] == 6 && traffic_chance(t) >> 20 & 1;
	uint64_t len = small ? ACK_LEN : 90 + e[BYTES] % 1425;
	uint64_t whole = len + (tunnelled ? 50 : 0);
	size_t end = p->len + (whole < HEADER_MOST ? whole : HEADER_MOST);

	if (tunnelled)
		put_tunnel(p, len, e);
	put_frame(p, e[SRC], e[DST]);
	put_ipv4(p, len - FRAME_LEN, e[PROTOCOL], e);
	put_transport(p, len - FRAME_LEN - 20, e);
	while (p->len < end)
		put(p, 1, traffic_chance(t) >> 30);
	p->len = end;
	return whole;
}

static void put_header(struct traffic *t, struct pen *p, const uint64_t *e)
{
	size_t at = p->len, begun;
	uint64_t len;

	put(p, 4, 1);			/* sampled_header */
	put(p, 4, 0);			/* its length, the protocol, the frame's length */
	put(p, 4, 1);
	put(p, 4, 0);
	put(p, 4, 4);			/* the checksum of the frame was taken away */
	put(p, 4, 0);			/* the header's length */
	begun = p->len;
	len = put_packet(t, p, e);
	put_at(p, at + 14, (uint16_t)(len + 4));
	put_at(p, at + 22, (uint16_t)(p->len - begun));
	while (p->len % 4)
		put(p, 1, 0);
	put_at(p, at + 6, (uint16_t)(p->len - at - 8));
}

static void put_sample(struct traffic *t, struct pen *p)
{
	struct conversation c = traffic_converse(t);
	const uint64_t *e = c.element;
	size_t at = p->len;

	put(p, 4, 1);			/* flow_sample */
	put(p, 4, 0);			/* its length */
	put(p, 8, 0);			/* its number and source: traffic_number() */
	put(p, 4, TRAFFIC_RATE);
	put(p, 4, 0);
	put(p, 4, 0);
	put(p, 4, 0);			/* input: the source */
	put(p, 4, e[OUT_IF] + 48);
	put(p, 4, 3);
	put_header(t, p, e);
	put_hex(p, "000003e9 00000010");	/* extended_switch */
	put(p, 4, e[VLAN]);
	put(p, 4, 0);
	put(p, 4, e[VLAN]);
	put(p, 4, 0);
	put_hex(p, "000003ea 00000010 00000001");	/* extended_router, IPv4 */
	put(p, 4, e[NEXT_HOP]);
	put(p, 4, e[SRC_NET]);
	put(p, 4, e[DST_NET]);
	put_at(p, at + 6, (uint16_t)(p->len - at - 8));
}

void traffic_sflow(struct traffic *t, struct pen *p, struct traffic_datagram *d)
{
	p->len = 0;
	put_hex(p, "00000005 00000001 c0000201 00000001");
	put(p, 4, 0);			/* its number: traffic_number() */
	put(p, 4, UPTIME_MS);
	put(p, 4, TRAFFIC_SAMPLES);
	for (unsigned i = 0; i < TRAFFIC_SAMPLES; i++) {
		d->sample[i] = p->len;
		put_sample(t, p);
	}
}
