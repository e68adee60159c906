// SPDX-License-Identifier: Apache-2.0
/*
 * Samples become records. Packets and their sizes are made and reckoned by hand; behind each sum
 * stands what it is made of.
 */
#include "core/sample.h"
#include "tests/guard.h"
#include "tests/test.h"

#define FRAME   "020000000002 020000000001 "
#define PORTS   "04d2 0050 "
/* 32 bytes, 20, 8, twice 8, 20 and 40. */
#define TCP     PORTS "00000001 00000002 8010 ffff 0000 0000 0101080a 00000001 00000002"
#define TCP20   PORTS "00000001 00000002 5010 ffff 0000 0000"
#define UDP     PORTS "0000 0000"
#define VXLAN   "c001 12b5 0000 0000 08000000 00138900 "
#define ADDR4   " 0000 0a010001 0a020002 "
#define ADDR6   " 20010db8000000000000000000000001 20010db8000000000000000000000002 "
#define IP4(length, proto)	"4500 " length " 0001 4000 40 " proto ADDR4
#define IP6(payload, next)	"60000000 " payload " " next " 40" ADDR6

static uint8_t bytes[256];
static struct flow f;
static struct sample_size size;

static struct buf parse(const char *hex)
{
	char two[3] = "";
	size_t len = 0;

	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		two[0] = *hex++;
		two[1] = *hex++;
		bytes[len++] = (uint8_t)strtoul(two, NULL, 16);
	}
	return buf_of(guarded(bytes, len), len);
}

static void take(struct sample s, enum packet_link link, const char *hex)
{
	s.bytes = parse(hex);
	sample_to_flow(&s, link, &f, &size);
	check(f.packets == size.packets && f.bytes == size.bytes);
	check(f.approximate == size.approximate);
}

static bool is(uint64_t packets, uint64_t wire, uint64_t handled, bool approximate)
{
	return size.packets == packets && size.bytes == wire && size.handled == handled &&
	       size.approximate == approximate;
}

/* --- packets that the source counted ----------------------------------------------- */

/* 66 bytes of headers: 14 + 20 + 32. */
static void counted(void)
{
	static const char packet[] = FRAME "0800 " IP4("1c7c", "06") TCP;	/* 7306 - 14 */

	take((struct sample){ .length = 66, .segments = 1, .told_segments = true }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0034", "06") TCP);
	check(is(1, 66, 66, false));
	take((struct sample){ .length = 7306, .segments = 5, .segment_size = 1448 }, LINK_ETHERNET,
	     packet);						/* 66 + 5 * 1448 */
	check(is(5, 7570, 7306, false));			/* + 4 * 66 */
	take((struct sample){ .length = 7306, .segments = 5 }, LINK_ETHERNET, packet);
	check(is(5, 7570, 7306, false));
	take((struct sample){ .length = 7306, .told_segments = true }, LINK_ETHERNET, packet);
	check(is(1, 7306, 7306, false));			/* a jumbo frame */
}

static void reckoned(void)
{
	static const char packet[] = FRAME "0800 " IP4("1738", "06") TCP;

	take((struct sample){ .length = 5958, .segment_size = 1448 }, LINK_ETHERNET, packet);
	check(is(5, 6222, 5958, false));			/* 66 + 4 * 1448 + 100, + 4 * 66 */
	take((struct sample){ .length = 5858, .segment_size = 1448 }, LINK_ETHERNET, packet);
	check(is(4, 6056, 5858, false));			/* 66 + 4 * 1448, + 3 * 66 */
	take((struct sample){ .length = 66, .segment_size = 1448 }, LINK_ETHERNET, packet);
	check(is(1, 66, 66, false));
	take((struct sample){ .length = 60, .segment_size = 1448 }, LINK_ETHERNET, packet);
	check(is(1, 60, 60, false));
}

/* 62 bytes of headers: 14 + 40 + 8. */
static void datagrams(void)
{
	take((struct sample){ .length = 3662, .segments = 3, .segment_size = 1200 }, LINK_ETHERNET,
	     FRAME "86dd " IP6("0e18", "11") UDP);		/* 62 + 3 * 1200 */
	check(is(3, 3786, 3662, false));			/* + 2 * 62 */
}

/* 46 bytes: 14 + 20 + 12. The kernel does not tell the size of such segments. */
static void sctp(void)
{
	static const char packet[] = FRAME "0800 " IP4("0fa0", "84") PORTS "00000001 00000000";

	take((struct sample){ .length = 4014, .segments = 3, .segment_size = 0xffff },
	     LINK_ETHERNET, packet);
	check(is(3, 4106, 4014, false));			/* + 2 * 46 */
	take((struct sample){ .length = 4014, .segment_size = 0xffff }, LINK_ETHERNET, packet);
	check(is(1, 4014, 4014, true));
}

/* 104 bytes: 14 + 20 + 8 + 8, 14 + 20 + 20. */
static void tunnel(void)
{
	take((struct sample){ .length = 2800, .segments = 2, .segment_size = 1348 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0ae2", "11") VXLAN FRAME "0800 " IP4("0ab0", "06") TCP20);
	check(is(2, 2904, 2800, false));			/* 104 + 2 * 1348, + 104 */
	check(f.tunnel == TUNNEL_VXLAN && f.tunnel_id == 5001 && f.inner_dst_port == 80);
}

/* Without a link header: 20 + 32 here, 14 more on the wire. */
static void no_link(void)
{
	static const char packet[] = IP4("1c7c", "06") TCP;

	take((struct sample){ .length = 7306, .link_len = 14, .segments = 5, .etype = 0x0800 },
	     LINK_ETHERNET, packet);
	check(is(5, 7570, 7306, false));
	take((struct sample){ .length = 7292, .segments = 5 }, LINK_IP, packet);
	check(is(5, 7500, 7292, false));			/* + 4 * 52 */
}

/* The first 40 bytes of TCP's packet end in its options, whose length is told before. */
static void options_cut(void)
{
	take((struct sample){ .length = 7306, .segments = 5 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("1c7c", "06") PORTS "00000001 00000002 8010");
	check(is(5, 7570, 7306, false));
	take((struct sample){ .length = 7306, .segments = 5 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("1c7c", "06") PORTS "00000001 00000002 80");
	check(is(5, 7306, 7306, true));
	check(f.src_port == 1234 && f.dst_port == 80);
}

/* --- packets that nobody counted ---------------------------------------------------- */

static void one_frame(void)
{
	take((struct sample){ .length = 60 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0028", "06") TCP20 "000000000000");
	check(is(1, 60, 60, false));
	take((struct sample){ .length = 1514 }, LINK_ETHERNET, FRAME "0800 " IP4("05dc", "06") TCP);
	check(is(1, 1514, 1514, false));
	take((struct sample){ .length = 1522 }, LINK_ETHERNET,		/* two tags inside */
	     FRAME "88a8 0064 8100 00c8 0800 " IP4("05dc", "06") TCP);
	check(is(1, 1522, 1522, false));
}

static void longer(void)
{
	take((struct sample){ .length = 1515 }, LINK_ETHERNET, FRAME "0800 " IP4("05dd", "06") TCP);
	check(is(1, 1515, 1515, true));
	take((struct sample){ .length = 1515 }, LINK_ETHERNET, FRAME "86dd " IP6("05b5", "11") UDP);
	check(is(1, 1515, 1515, true));			/* 14 + 40 + 1461 */
	take((struct sample){ .length = 1514 }, LINK_ETHERNET, FRAME "86dd " IP6("05b4", "11") UDP);
	check(is(1, 1514, 1514, false));
	take((struct sample){ .length = 3000 }, LINK_ETHERNET,	/* encrypted, of GSO perhaps */
	     FRAME "0800 " IP4("0baa", "32") "00000001 00000002");
	check(is(1, 3000, 3000, true));
	take((struct sample){ .length = 3000 }, LINK_ETHERNET,		/* cut off */
	     FRAME "0800 " IP4("0baa", "06") "04");
	check(is(1, 3000, 3000, true));
}

static void never_merged(void)
{
	take((struct sample){ .length = 4014 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0fa0", "01") "0800 0000 0001 0001");
	check(is(1, 4014, 4014, false));
	take((struct sample){ .length = 4014 }, LINK_ETHERNET,	/* UDP's first fragment */
	     FRAME "0800 4500 0fa0 0001 2000 40 11" ADDR4 UDP);
	check(is(1, 4014, 4014, false));
	take((struct sample){ .length = 4014 }, LINK_ETHERNET,	/* and a later one */
	     FRAME "0800 4500 0fa0 0001 00b9 40 11" ADDR4 UDP);
	check(is(1, 4014, 4014, false));
	take((struct sample){ .length = 4014 }, LINK_ETHERNET, FRAME "88cc 0207 0400");
	check(is(1, 4014, 4014, false));
}

/* Longer than its header can tell: IPv4 and IPv6 say 0. */
static void big(void)
{
	static const char four[] = FRAME "0800 " IP4("0000", "06") TCP;
	static const char six[] = FRAME "86dd " IP6("0000", "06") TCP;

	take((struct sample){ .length = 100066 }, LINK_ETHERNET, four);
	check(is(1, 100066, 100066, true));
	take((struct sample){ .length = 100086 }, LINK_ETHERNET, six);
	check(is(1, 100086, 100086, true));
	take((struct sample){ .length = 100086, .segments = 70 }, LINK_ETHERNET, six);
	check(is(70, 106020, 100086, false));			/* + 69 * (14 + 40 + 32) */
	take((struct sample){ .length = 0 }, LINK_ETHERNET, six);
	check(is(1, 86, 86, true));				/* the bytes that are there */
}

/* --- lengths by the headers ----------------------------------------------------------- */

static void by_headers(void)
{
	take((struct sample){ .link_len = 14, .etype = 0x0800 }, LINK_ETHERNET,
	     IP4("05dc", "06") TCP);
	check(is(1, 1514, 1514, false));			/* 14 + 1500 */
	take((struct sample){ .link_len = 14, .etype = 0x86dd }, LINK_ETHERNET,
	     IP6("05b4", "06") TCP);
	check(is(1, 1514, 1514, false));			/* 14 + 40 + 1460 */
	take((struct sample){ .link_len = 14, .etype = 0x0800, .segment_size = 1448 },
	     LINK_ETHERNET, IP4("1c7c", "06") TCP);
	check(is(5, 7570, 7306, false));			/* as counted */
	take((struct sample){ .length = 0 }, LINK_IP, IP4("05dc", "06") TCP);
	check(is(1, 1500, 1500, false));
	take((struct sample){ .length = 0 }, LINK_ETHERNET,
	     FRAME "8100 0064 0800 " IP4("05dc", "06"));
	check(is(1, 1518, 1518, false));			/* 14 + 4 + 1500 */
	take((struct sample){ .link_len = 14, .etype = 0x0806 }, LINK_ETHERNET,
	     "0001 0800 0604 0001 020000000001 0a010001 000000000000 0a010002");
	check(is(1, 42, 42, true) && f.etype == 0x0806);	/* 14 + 28 that were copied */
	take((struct sample){ .length = 0 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0028", "06") TCP20 "000000000000");
	check(is(1, 60, 60, false));				/* 14 + 40, and padding */
	take((struct sample){ .link_len = 14, .etype = 0x0800, .tagged = true, .vlan = 100 },
	     LINK_ETHERNET, IP4("001c", "11") UDP "000000000000 000000000000 000000000000");
	check(is(1, 64, 60, false));				/* 14 + 28 + 18, a tag */
}

/* EtherTypes behind which something else stands before IP. */
static void payloads(void)
{
	take((struct sample){ .link_len = 14, .etype = 0x8864 }, LINK_ETHERNET,
	     "1100 0001 05d6 0021 " IP4("05d4", "06") TCP);
	check(is(1, 1514, 1514, false));			/* 14 + 6 + 2 + 1492 */
	check(f.etype == 0x8864 && f.proto == 6 && f.dst_port == 80);
	take((struct sample){ .link_len = 14, .etype = 0x8100 }, LINK_ETHERNET,
	     "00c8 0800 " IP4("05dc", "06") TCP);
	check(is(1, 1518, 1518, false));			/* 14 + 4 + 1500 */
	check(f.etype == 0x0800 && f.vlan == 200 && f.proto == 6);
	take((struct sample){ .link_len = 14, .etype = 0x8847 }, LINK_ETHERNET,
	     "00064140 " IP4("05d4", "06") TCP);		/* label 100, the last */
	check(is(1, 1510, 1510, false));			/* 14 + 4 + 1492 */
	check(f.etype == 0x8847 && f.label_count == 1 && f.labels[0] == 100);
}

/* --- tags -------------------------------------------------------------------------------- */

static void tags_beside(void)
{
	static const char packet[] = FRAME "0800 " IP4("1c7c", "06") TCP;

	take((struct sample){ .length = 7306, .segments = 5, .tagged = true, .vlan = 0x6064,
			      .direction = DIRECTION_INGRESS }, LINK_ETHERNET, packet);
	check(is(5, 7590, 7306, false));			/* 7570 + 5 * 4 */
	check(f.vlan == 100 && f.src_vlan == 100 && !f.dst_vlan && !f.inner_vlan);
	take((struct sample){ .length = 66, .tagged = true, .vlan = 100,
			      .direction = DIRECTION_EGRESS }, LINK_ETHERNET,
	     FRAME "8100 00c8 0800 " IP4("0034", "06") TCP);
	check(f.vlan == 100 && !f.src_vlan && f.dst_vlan == 100 && f.inner_vlan == 200);
}

/* 70 bytes of headers: 14 + 4 + 20 + 32. */
static void tags_inside(void)
{
	take((struct sample){ .length = 7310, .segments = 5 }, LINK_ETHERNET,
	     FRAME "8100 0064 0800 " IP4("1c7c", "06") TCP);
	check(is(5, 7590, 7310, false));			/* + 4 * 70 */
	check(f.vlan == 100 && f.src_vlan == 100);
	take((struct sample){ .length = 74 }, LINK_ETHERNET,
	     FRAME "88a8 0064 8100 00c8 0800 " IP4("0034", "06") TCP);
	check(f.vlan == 100 && f.inner_vlan == 200);
}

static void tag_of_priority(void)
{
	take((struct sample){ .length = 66, .tagged = true, .vlan = 0xa000 }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0034", "06") TCP);
	check(is(1, 70, 66, false) && !f.vlan && !f.src_vlan);
}

/* --- records ------------------------------------------------------------------------------ */

static void record(void)
{
	take((struct sample){ .length = 66, .rate = 1000, .mark = 7, .in_if = 3, .out_if = 9,
			      .seen = time_of_s(5), .source = FLOW_BPF,
			      .direction = DIRECTION_EGRESS }, LINK_ETHERNET,
	     FRAME "0800 " IP4("0034", "06") TCP);
	check(f.rate == 1000 && f.rate_source == RATE_RECORD && f.mark == 7);
	check(f.in_if == 3 && f.out_if == 9 && f.seen.ns == 5000000000);
	check(f.source == FLOW_BPF && f.direction == DIRECTION_EGRESS);
	check(f.src_mac == 0x020000000001 && f.dst_mac == 0x020000000002 && f.etype == 0x0800);
	check(f.proto == 6 && f.tcp_flags == 0x10 && f.ip_length == 52);
}

static void devices(void)
{
	check(sample_link(1) == LINK_ETHERNET && sample_link(772) == LINK_ETHERNET);
	check(sample_link(512) == LINK_IP && sample_link(0xfffe) == LINK_IP);
	check(sample_link(776) == LINK_IP && sample_link(778) == LINK_IP);
	check(sample_link(823) == LINK_IP && sample_link(768) == LINK_IP);
	check(sample_link(769) == LINK_IP && sample_link(519) == LINK_IP);
	check(sample_link(801) == LINK_WLAN && sample_link(280) == LINK_UNKNOWN);
}

/* A device of which nothing is known, and nothing at all of a packet. */
static void unknown(void)
{
	take((struct sample){ .length = 2000 }, LINK_UNKNOWN, "0102 0304");
	check(is(1, 2000, 2000, false) && !f.etype);
	take((struct sample){ .length = 2000 }, LINK_ETHERNET, "");
	check(is(1, 2000, 2000, false));
	take((struct sample){ .link_len = 14, .etype = 0x0800 }, LINK_ETHERNET, "");
	check(is(1, 14, 14, true));
}

TESTS({ "segments that are told bring the headers of each", counted },
      { "segments are reckoned from their size", reckoned },
      { "datagrams sent together are told apart", datagrams },
      { "segments of different sizes have to be counted by the source", sctp },
      { "behind a tunnel the innermost transport ends the headers", tunnel },
      { "a link header that is not there counts", no_link },
      { "options that are cut off count", options_cut },
      { "what fits into one frame is one packet", one_frame },
      { "what does not fit into one frame is approximate", longer },
      { "what the kernel never merges is not approximate", never_merged },
      { "lengths that headers cannot tell are approximate", big },
      { "without a length the headers tell it", by_headers },
      { "before IP may stand more than a link header", payloads },
      { "a tag beside the packet is four bytes and the VLAN", tags_beside },
      { "a tag inside is part of the headers", tags_inside },
      { "a tag for the priority is no VLAN", tag_of_priority },
      { "a record says what the sample said", record },
      { "devices begin with what their type says", devices },
      { "of what is not known only the size is told", unknown })
