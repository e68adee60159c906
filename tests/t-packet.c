// SPDX-License-Identifier: Apache-2.0
/*
 * What the captures of tests/data (golden-headers.c) cannot show of dissection: its bounds, what
 * remains of an earlier packet, and how a record is filled.
 */
#include "core/packet_text.h"
#include "tests/guard.h"
#include "tests/test.h"

/* Two tags, IPv4 10.1.0.1 > 10.2.0.2, UDP to 4789, VXLAN 5001, a frame, IPv4, TCP. */
static const uint8_t tunnel[] = {
	2, 0, 0, 0, 0, 2,  2, 0, 0, 0, 0, 1,  0x88, 0xa8, 0, 100,  0x81, 0, 0, 200,  0x08, 0,
	0x45, 0x28, 0, 90,  0, 7, 0, 0,  64, 17, 0, 0,  10, 1, 0, 1,  10, 2, 0, 2,
	0x9c, 0x40, 0x12, 0xb5,  0, 70, 0, 0,
	8, 0, 0, 0,  0, 0x13, 0x89, 0,
	2, 0, 0, 0, 1, 2,  2, 0, 0, 0, 1, 1,  0x08, 0,
	0x45, 0, 0, 40,  0, 9, 0, 0,  63, 6, 0, 0,  192, 0, 2, 1,  198, 51, 100, 2,
	0x04, 0xd2, 0, 80,  0, 0, 0, 1,  0, 0, 0, 2,  0x50, 0x18, 2, 0,  0, 0, 0, 0,
};
#define PLAIN_AT   58			/* the inner frame alone */
#define PLAIN_LEN  (sizeof(tunnel) - PLAIN_AT)

static struct packet p;
static char text[PACKET_TEXT];

static const char *dissect(const void *bytes, size_t len, enum packet_link link)
{
	struct out o = out_of(text, sizeof(text));

	packet_dissect(buf_of(guarded(bytes, len), len), link, &p);
	packet_text(&o, &p);
	check(!o.full);
	return out_end(&o);
}

static bool is(const struct addr *a, const char *want)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_text(a, have), want);
}

static void record(void)
{
	struct flow f = { 0 };

	check(!strcmp(dissect(tunnel, sizeof(tunnel), LINK_ETHERNET),
		      "eth>vlan.100>vlan.200>ip4>udp>vxlan.5001>eth>ip4>tcp"));
	packet_to_flow(&p, &f);
	check(f.dst_mac == 0x020000000002 && f.src_mac == 0x020000000001 && f.etype == 0x0800);
	check(f.vlan == 100 && f.src_vlan == 100 && !f.dst_vlan && f.inner_vlan == 200);
	check(is(&f.src, "10.1.0.1") && is(&f.dst, "10.2.0.2"));
	check(f.proto == 17 && f.tos == 0x28 && f.ttl_min == 64 && f.ttl_max == 64);
	check(f.src_port == 40000 && f.dst_port == 4789 && f.ip_length == 90 && f.fragment_id == 7);
	check(is(&f.inner_src, "192.0.2.1") && is(&f.inner_dst, "198.51.100.2"));
	check(f.inner_proto == 6 && f.inner_src_port == 1234 && f.inner_dst_port == 80);
	check(f.tunnel == TUNNEL_VXLAN && f.tunnel_id == 5001 && !f.tcp_flags);
}

/* A later fragment of a UDP datagram, with nothing of it. */
static void fragment(void)
{
	static const uint8_t bytes[] = {
		0x60, 0x01, 0x23, 0x45,  0, 8, 44, 63,
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		17, 0, 0x04, 0xd1,  0, 0, 0x0a, 0xbc,
	};
	struct flow f = { 0 };

	check(!strcmp(dissect(bytes, sizeof(bytes), LINK_IP), "ip6>fragment"));
	packet_to_flow(&p, &f);
	check(f.fragment_offset == 154 && f.fragment_id == 0xabc && p.outer.more_fragments);
	check(f.flow_label == 0x12345 && f.proto == 17 && f.etype == 0x86dd && f.ip_length == 48);
}

static void told_vlans(void)
{
	struct flow f = { .vlan = 7, .src_vlan = 8 };

	dissect(tunnel, sizeof(tunnel), LINK_ETHERNET);
	packet_to_flow(&p, &f);
	check(f.vlan == 7 && f.src_vlan == 8 && f.inner_vlan == 200);
}

static void labels(void)
{
	static const uint8_t bytes[] = {
		0, 0x3e, 0x80, 64,  0, 0x7d, 0x01, 64,  0x45, 0, 0, 20,  0, 0, 0, 0,
		1, 89, 0, 0,  10, 1, 0, 1,  10, 2, 0, 2,
	};
	struct flow f = { 0 };

	check(!strcmp(dissect(bytes, sizeof(bytes), LINK_MPLS), "mpls.1000>mpls.2000>ip4"));
	packet_to_flow(&p, &f);
	check(f.label_count == 2 && f.labels[0] == 1000 && f.labels[1] == 2000);
	check(f.etype == 0x8847 && f.proto == 89 && !f.src_port && !f.tunnel);
}

static void remains(void)
{
	struct flow fresh = { 0 }, later = { 0 };

	memset(&p, 0, sizeof(p));
	dissect(tunnel + PLAIN_AT, PLAIN_LEN, LINK_ETHERNET);
	packet_to_flow(&p, &fresh);
	dissect(tunnel, sizeof(tunnel), LINK_ETHERNET);
	check(!strcmp(dissect(tunnel + PLAIN_AT, PLAIN_LEN, LINK_ETHERNET), "eth>ip4>tcp"));
	packet_to_flow(&p, &later);
	check(!memcmp(&fresh, &later, sizeof(fresh)) && fresh.tcp_flags == 0x18);
}

static void nothing(void)
{
	check(!*dissect(tunnel, sizeof(tunnel), LINK_UNKNOWN));
	check(!strcmp(dissect(tunnel, 0, LINK_ETHERNET), "trunc@eth"));
	check(!strcmp(dissect(tunnel, 0, LINK_IP), "trunc@ip4"));
	check(!strcmp(dissect(tunnel, 0, LINK_MPLS), "trunc@mpls"));
	check(!strcmp(dissect(tunnel, 0, LINK_PPP), "trunc@ppp"));
	check(!p.outer.seen && !p.inner.seen && !p.etype);
}

/* A stack of labels without a bottom, longer than there is room for. */
static void deep(void)
{
	static uint8_t bytes[4 * 2 * PACKET_LAYERS];

	dissect(bytes, sizeof(bytes), LINK_MPLS);
	check(p.layer_count < PACKET_LAYERS && p.label_count == FLOW_LABELS);
	check(p.layers[p.layer_count - 1].kind == LAYER_DEEPER);
}

static void small_text(void)
{
	struct out o = out_of(text, 9);

	dissect(tunnel, sizeof(tunnel), LINK_ETHERNET);
	packet_text(&o, &p);
	check(o.full && !strncmp(out_end(&o), "eth>", 4));
}

static void sound(void)
{
	check(p.layer_count <= PACKET_LAYERS && p.vlan_count <= PACKET_VLANS);
	check(p.label_count <= FLOW_LABELS && (!p.inner.seen || p.tunnel));
}

static void bent(void)
{
	uint8_t copy[sizeof(tunnel)];

	memcpy(copy, tunnel, sizeof(copy));
	for (size_t i = 0; i < sizeof(copy); i++)
		for (unsigned v = 0; v < 256; v++) {
			copy[i] = (uint8_t)v;
			dissect(copy, sizeof(copy), LINK_ETHERNET);
			sound();
			copy[i] = tunnel[i];
		}
}

static void noise(void)
{
	uint8_t bytes[200];
	uint32_t seed = 4711;

	for (unsigned n = 0; n < 50000; n++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		if (n & 1)			/* let it begin as IP does */
			bytes[0] = n & 2 ? 0x45 : 0x60;
		dissect(bytes, seed % sizeof(bytes), (enum packet_link)(n % LINK_UNKNOWN));
		sound();
	}
}

TESTS({ "a record gets both sides of a tunnel", record },
      { "a record gets what a fragment says", fragment },
      { "a VLAN that is known already stays", told_vlans },
      { "a record gets the labels", labels },
      { "nothing remains of the packet before", remains },
      { "of nothing, nothing is read", nothing },
      { "a packet that does not end is left at a bound", deep },
      { "a text that does not fit is cut and says so", small_text },
      { "every value of every byte is survived", bent },
      { "noise is survived", noise })
