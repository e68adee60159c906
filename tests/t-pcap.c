// SPDX-License-Identifier: Apache-2.0
/* Capture files, written packet by packet, in both byte orders and on every link layer. */
#include "core/pcap.h"
#include "tests/guard.h"
#include "tests/test.h"

static uint8_t file[65536];
static size_t len;
static bool little;			/* byte order of the file's own integers */
static struct pcap pcap;

static void put(const char *digits)
{
	static const char hex[] = "0123456789abcdef";
	unsigned n = 0, v = 0;

	for (; *digits; digits++) {
		const char *d = strchr(hex, *digits);

		if (!d)
			continue;
		v = v << 4 | (unsigned)(d - hex);
		if (++n % 2 == 0)
			file[len++] = (uint8_t)v;
	}
}

static void put32(uint32_t v)
{
	for (int i = 0; i < 4; i++)
		file[len++] = (uint8_t)(v >> (little ? 8 * i : 24 - 8 * i));
}

static void begin(uint32_t magic, uint32_t link)
{
	len = 0;
	put32(magic);
	put32(little ? 0x00040002 : 0x00020004);	/* version 2.4: two of 16 bits */
	put32(0);
	put32(0);
	put32(65535);
	put32(link);
}

/* A packet of 1,700,000,000 s and a part. */
static void packet(uint32_t part, const char *digits)
{
	size_t at, end;

	put32(1700000000);
	put32(part);
	at = len;
	len += 8;
	put(digits);
	end = len;
	len = at;
	put32((uint32_t)(end - at - 8));
	put32((uint32_t)(end - at - 8));
	len = end;
}

#define MACS  "0200 0000 0002 0200 0000 0001 "
#define COOKED "0000 0001 0006 0200 0000 0001 0000 "
/* 192.0.2.1 port 50000 to 192.0.2.254 port 2055, 5 bytes: 20 + 8 + 5 = 33 */
#define IPV4  "4500 0021 0000 0000 4011 0000 c000 0201 c000 02fe "
#define UDP   "c350 0807 000d 0000 "
#define DATA  "68656c6c6f "
#define IPV6  "6000 0000 000d 11 40 20010db8000000000000000000000001" \
	      "20010db8000000000000000000000002 "

static enum nm_err open_file(size_t size)
{
	return pcap_open(&pcap, buf_of(guarded(file, size), size));
}

static bool text_is(const struct addr *a, const char *text)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_text(a, have), text);
}

static bool is_hello(const struct pcap_datagram *dg)
{
	return buf_left(&dg->payload) == 5 && !memcmp(dg->payload.p, "hello", 5) &&
	       dg->from_port == 50000 && dg->to_port == 2055;
}

/* Is there exactly one datagram, and does it say hello? */
static bool says_hello(void)
{
	struct pcap_datagram dg, more;

	return open_file(len) == NM_OK && pcap_next(&pcap, &dg) && is_hello(&dg) &&
	       !pcap_next(&pcap, &more) && pcap.packets == 1 && !pcap.cut;
}

static void byte_orders_and_clocks(void)
{
	static const struct { uint32_t magic; int64_t unit; } kinds[] = {
		{ 0xa1b2c3d4, NM_NS_PER_US }, { 0xa1b23c4d, 1 },
	};
	struct pcap_datagram dg;

	for (int i = 0; i < 4; i++) {
		little = i & 1;
		begin(kinds[i / 2].magic, 1);
		packet(250000, MACS "0800" IPV4 UDP DATA);
		check(open_file(len) == NM_OK && pcap_next(&pcap, &dg) && is_hello(&dg));
		check(dg.at.ns == 1700000000 * NM_NS_PER_S + 250000 * kinds[i / 2].unit);
		check(text_is(&dg.from, "192.0.2.1") && text_is(&dg.to, "192.0.2.254"));
		check(!pcap_next(&pcap, &dg));
	}
	little = true;
}

static void link_layers(void)
{
	static const struct { uint32_t link; const char *packet; } rows[] = {
		{ 1,   MACS "0800" IPV4 UDP DATA },
		{ 1,   MACS "8100 0064 0800" IPV4 UDP DATA },
		{ 1,   MACS "88a8 0064 8100 00c8 0800" IPV4 UDP DATA },
		{ 1,   MACS "86dd" IPV6 UDP DATA },
		{ 12,  IPV4 UDP DATA }, { 101, IPV4 UDP DATA }, { 101, IPV6 UDP DATA },
		{ 228, IPV4 UDP DATA }, { 229, IPV6 UDP DATA },
		{ 113, COOKED "0800" IPV4 UDP DATA },
		{ 113, COOKED "8100 0064 86dd" IPV6 UDP DATA },
		{ 276, "0800 0000 00000001 0001 00 06 0200 0000 0001 0000" IPV4 UDP DATA },
		{ 0x10000001, MACS "0800" IPV4 UDP DATA },	/* with a frame check sequence */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(0xa1b2c3d4, rows[i].link);
		packet(0, rows[i].packet);
		if (!check(says_hello()))
			printf("  row %zu\n", i);
	}
}

static void lengths_of_the_headers(void)
{
	begin(0xa1b2c3d4, 1);
	packet(0, MACS "0800" IPV4 UDP DATA "000000000000");	/* padding of a short frame */
	check(says_hello());
	begin(0xa1b2c3d4, 1);
	packet(0, MACS "0800" "4600 0025 0000 4000 4011 0000 c0000201 c00002fe 01010101" UDP DATA);
	check(says_hello());					/* an option */
	begin(0xa1b2c3d4, 101);
	packet(0, "6000 0000 0025 00 40 20010db8000000000000000000000001"
	       "20010db8000000000000000000000002" "3c00 0104 00000000" "1101 0104 00000000"
	       "0000000000000000" "c350 0807 000d 0000" DATA);	/* two extension headers: 8, 16 */
	check(says_hello());
}

static void packets_that_are_no_datagrams(void)
{
	struct pcap_datagram dg;

	begin(0xa1b2c3d4, 1);
	packet(0, MACS "0806 0001 0800 06 04 0001");		/* ARP */
	packet(0, MACS "0800" "4500 0028 0000 0000 4006 0000 c0000201 c00002fe"
	       "0000000000000000000000000000000000000000");	/* TCP */
	packet(0, MACS "86dd" "6000 0000 0008 3a 40 20010db8000000000000000000000001"
	       "20010db8000000000000000000000002" "8000 0000 0000 0000");	/* ICMPv6 */
	packet(0, MACS "0800" "4400 0021 0000 0000 4011 0000 c0000201 c00002fe" UDP DATA);
	packet(0, MACS "0800" "4500 0013 0000 0000 4011 0000 c0000201 c00002fe" UDP DATA);
	packet(0, MACS "0800" IPV4 "c350 0807 0007 0000" DATA);	/* UDP shorter than its header */
	check(open_file(len) == NM_OK && !pcap_next(&pcap, &dg));
	check(pcap.packets == 6 && pcap.others == 6 && !pcap.cut && !pcap.fragments);
}

static void fragments(void)
{
	struct pcap_datagram dg;

	begin(0xa1b2c3d4, 1);
	packet(0, MACS "0800" "4500 0021 0000 2000 4011 0000 c0000201 c00002fe" UDP DATA);
	packet(0, MACS "0800" "4500 0021 0000 0001 4011 0000 c0000201 c00002fe" UDP DATA);
	packet(0, MACS "86dd" "6000 0000 0015 2c 40 20010db8000000000000000000000001"
	       "20010db8000000000000000000000002" "1100 0001 00000001" UDP DATA);
	packet(0, MACS "0800" "4500 0021 0000 4000 4011 0000 c0000201 c00002fe" UDP DATA);
	check(open_file(len) == NM_OK && pcap_next(&pcap, &dg) && is_hello(&dg));
	check(!pcap_next(&pcap, &dg) && pcap.fragments == 3 && pcap.packets == 4);
}

static void lengths_beyond_the_packet(void)
{
	struct pcap_datagram dg;

	begin(0xa1b2c3d4, 1);
	packet(0, MACS "0800" IPV4 UDP "68656c6c");
	packet(0, MACS "0800" IPV4 "c350 0807 000e 0000" DATA);
	packet(0, MACS "0800" "4f00 0021 0000 0000 4011 0000 c0000201 c00002fe" UDP DATA);
	packet(0, MACS "86dd" "6000 0000 000d 00 40 20010db8000000000000000000000001"
	       "20010db8000000000000000000000002" "11ff 0104 00000000" DATA);
	check(open_file(len) == NM_OK && !pcap_next(&pcap, &dg));
	check(pcap.cut + pcap.others == 4 && pcap.cut == 3);
}

static void files_that_are_no_captures(void)
{
	begin(0xa1b2c3d4, 105);			/* wireless */
	check(open_file(len) == NM_LINK);
	len = 0;
	put("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000");
	check(open_file(len) == NM_PCAPNG);
	len = 0;
	put("7f454c46 02010100 00000000 00000000 00000000 00000000");
	check(open_file(len) == NM_FOREIGN);
	check(open_file(3) == NM_SHORT && open_file(0) == NM_SHORT);
}

static void every_truncation(void)
{
	struct pcap_datagram dg;

	begin(0xa1b2c3d4, 1);
	packet(0, MACS "8100 0064 86dd" IPV6 UDP DATA);
	for (size_t size = 0; size < len; size++) {
		if (size < 24) {
			check(open_file(size) == NM_SHORT);
			continue;
		}
		check(open_file(size) == NM_OK && !pcap_next(&pcap, &dg));
		check(pcap.packets == (size > 24) && pcap.cut == (size > 24));
	}
}

/* The packet, cut at every byte. */
static void cuts_of(const char *whole)
{
	struct pcap_datagram dg;
	char cut[256];

	for (size_t digits = 0; digits < strlen(whole); digits += 2) {
		snprintf(cut, sizeof(cut), "%.*s", (int)digits, whole);
		begin(0xa1b2c3d4, 1);
		packet(0, cut);
		check(open_file(len) == NM_OK && !pcap_next(&pcap, &dg) && pcap.cut == 1);
	}
}

static void every_cut_of_a_packet(void)
{
	cuts_of("020000000002020000000001810000640800450000210000000040110000c0000201c00002fe"
		"c3500807000d000068656c6c6f");
	cuts_of("02000000000202000000000186dd60000000000d1140"
		"20010db800000000000000000000000120010db8000000000000000000000002"
		"c3500807000d000068656c6c6f");
}

TESTS({ "both byte orders and both clocks are read", byte_orders_and_clocks },
      { "every link layer is taken off", link_layers },
      { "the payload is as long as the headers say", lengths_of_the_headers },
      { "packets that are no datagrams are counted and left out", packets_that_are_no_datagrams },
      { "fragments are counted and left out", fragments },
      { "a length beyond the packet is a cut", lengths_beyond_the_packet },
      { "a file that is no capture is told so", files_that_are_no_captures },
      { "a file may end anywhere", every_truncation },
      { "a packet may end anywhere", every_cut_of_a_packet })
