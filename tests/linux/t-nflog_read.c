// SPDX-License-Identifier: Apache-2.0
/*
 * Packets of nfnetlink_log: what each attribute becomes, what is lost, and everything that is cut.
 * The contents of the packets with a comment were recorded from Linux 6.18.
 */
#include "platform/linux/nflog_read.h"

#include "tests/linux/logged.h"
#include "tests/test.h"

#define NOW   time_of_s(1795620090)
#define MACS  "02000000000102000000" "0002"
#define IPV4  "450000200001000040110000010101010202020200050009000c000061626364"
#define RATE100 "6e65746d65746120312f31303000"	/* netmeta 1/100 */

static struct nflog nflog;
static struct words w;
static struct sample last;
static uint8_t bytes[2048];
static size_t bytes_len;
static unsigned samples;

static void got(void *ctx, const struct sample *s)
{
	(void)ctx;
	last = *s;
	bytes_len = buf_left(&s->bytes);
	check(bytes_len <= sizeof(bytes));
	if (bytes_len)
		memcpy(bytes, s->bytes.p, bytes_len);
	samples++;
}

static void fresh(void)
{
	memset(&nflog, 0, sizeof(nflog));
	memset(&last, 0, sizeof(last));
	w.len = samples = 0;
	bytes_len = 0;
}

static unsigned feed(void)
{
	unsigned n = nflog_read(&nflog, logged_place(&w, w.len), w.len, NOW, got, NULL);

	check(n == samples);
	w.len = 0;
	return n;
}

static bool bytes_are(const char *hex)
{
	uint8_t wanted[1024];
	size_t len = logged_unhex(hex, wanted);

	return len == bytes_len && !memcmp(bytes, wanted, len);
}

static bool lost(uint64_t missing, uint64_t dropped, uint64_t bad)
{
	const struct tap_losses *l = &nflog.losses;

	return l->missing == missing && l->dropped == dropped && l->bad == bad;
}

/* --- what packets say --------------------------------------------------------------- */

/* eth0 received a frame of VLAN 5, priority 3: the kernel took tag and link header off. */
static void tagged_at_ingress(void)
{
	size_t at;

	fresh();
	at = logged_begin(&w, LOGGED_PACKET, LOGGED_FAMILY);
	logged_attr(&w, A_HEAD, "08000000");
	logged_attr(&w, A_PREFIX, RATE100);
	logged_attr(&w, A_IN, "00000004");
	logged_attr(&w, A_MARK, "00000123");
	logged_attr(&w, A_HWADDR, "000600000200000000020000");
	logged_attr(&w, A_HWTYPE, "0001");
	logged_attr(&w, A_HWHEADER, MACS "0800");
	logged_attr(&w, A_TIME, "000000006b06fcf900000000000e2122");
	logged_attr(&w, A_SEQ, "00000000");
	logged_tag(&w, "8100", "6005");
	logged_attr(&w, A_L2HDR, MACS "0800");
	logged_attr(&w, A_PAYLOAD, IPV4);
	w_finish(&w, at);
	check(feed() == 1);
	check(bytes_are(MACS "0800" IPV4) && last.etype == 0 && last.link_len == 0);
	check(last.tagged && last.vlan == 0x6005);
	check(last.at_if == 4 && last.in_if == 4 && last.out_if == 0);
	check(last.direction == DIRECTION_INGRESS && last.source == FLOW_NFLOG);
	check(last.rate == 100 && last.mark == 0x123 && last.length == 0);
	check(last.segments == 0 && !last.told_segments);
	check(last.seen.ns == 1795620089925986000);
	check(lost(0, 0, 0));
}

static size_t begin_one(const char *head, uint16_t way, const char *interface, uint32_t number)
{
	size_t at = logged_begin(&w, LOGGED_PACKET, LOGGED_FAMILY);

	logged_attr(&w, A_HEAD, head);
	logged_attr(&w, A_PREFIX, RATE100);
	logged_attr(&w, way, interface);
	logged_be32(&w, A_SEQ, number);
	return at;
}

/* Two tags: the outer one stands beside, the inner one behind the addresses. */
static void two_tags_at_ingress(void)
{
	size_t at;

	fresh();
	at = begin_one("81000000", A_IN, "00000004", 0);
	logged_tag(&w, "88a8", "6005");
	logged_attr(&w, A_L2HDR, MACS "8100");
	logged_attr(&w, A_PAYLOAD, "00060800" IPV4);
	w_finish(&w, at);
	check(feed() == 1);
	check(last.tagged && last.vlan == 0x6005);
	check(bytes_are(MACS "8100" "00060800" IPV4) && last.etype == 0);
}

/* A tagged frame on its way out, its tag in it: the packet begins with the link header. */
static void egress(void)
{
	size_t at;

	fresh();
	at = begin_one("81000100", A_OUT, "00000004", 0);
	logged_attr(&w, A_TIME, "000000006b06fcfa00000000000a059b");
	logged_attr(&w, A_L2HDR, MACS "810060050800");
	logged_attr(&w, A_PAYLOAD, MACS "810060050800"
		    "45000020000100004011000001010101020202020005");
	w_finish(&w, at);
	check(feed() == 1);
	check(bytes_are(MACS "810060050800" "45000020000100004011000001010101020202020005"));
	check(!last.tagged && last.etype == 0);
	check(last.at_if == 4 && last.in_if == 0 && last.out_if == 4);
	check(last.direction == DIRECTION_EGRESS);
	check(last.seen.ns == 0);	/* the clock of the egress hook is not always the wall's */
}

/* tun0 has no link header; its empty HWHEADER is none. */
static void no_link_header(void)
{
	static const char *const heads[] = { "08000000", "08000100" };

	for (unsigned hook = 0; hook < 2; hook++) {
		size_t at;

		fresh();
		at = begin_one(heads[hook], hook ? A_OUT : A_IN, "00000005", 0);
		logged_attr(&w, A_HWTYPE, "fffe");
		logged_attr(&w, A_HWHEADER, "");
		logged_attr(&w, A_PAYLOAD, IPV4);
		w_finish(&w, at);
		check(feed() == 1);
		check(bytes_are(IPV4) && last.etype == 0x0800 && last.link_len == 0);
		check(last.at_if == 5);
	}
}

/* Each of these is one packet; the clock may be 5 s apart. */
static void far_times(void)
{
	static const struct { const char *time; int64_t ns; } times[] = {
		{ "000000006b06fcf900000000000f423f", 1795620089999999000 },
		{ "000000006b06fcfa0000000000000000", 1795620090000000000 },
		{ "000000006b06fcfa0000000000000001", 1795620090000000000 },	/* just now */
		{ "000000006b06fcfe0000000000000001", 1795620090000000000 },
		{ "000000006b06fcff0000000000000001", 0 },
		{ "000000006b06fcf50000000000000000", 1795620085000000000 },
		{ "000000006b06fcf400000000000f423f", 0 },
		{ "000000006b06fcfa00000000000f4240", 0 },	/* a million microseconds */
		{ "00000000000000010000000000000000", 0 },
		{ "ffffffffffffffff0000000000000000", 0 },
		{ "7fffffffffffffff0000000000000000", 0 },
		{ "000000006b06fcfa", 0 },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		size_t at;

		fresh();
		at = begin_one("08000000", A_IN, "00000005", 0);
		logged_attr(&w, A_TIME, times[i].time);
		logged_attr(&w, A_PAYLOAD, IPV4);
		w_finish(&w, at);
		check(feed() == 1);
		check(last.seen.ns == times[i].ns);
	}
}

/* The most that fits beside a link header is kept. */
static void long_packets(void)
{
	static char payload[2 * 1000 + 1];
	size_t at;

	memset(payload, '4', sizeof(payload) - 1);
	fresh();
	at = begin_one("08000000", A_IN, "00000005", 0);
	logged_attr(&w, A_L2HDR, MACS "0800");
	logged_attr(&w, A_PAYLOAD, payload);
	w_finish(&w, at);
	check(feed() == 1);
	check(bytes_len == 1014);	/* 14 + 1000 */
	fresh();
	payload[sizeof(payload) - 1] = 0;
	at = begin_one("08000000", A_IN, "00000005", 0);
	logged_attr(&w, A_L2HDR, MACS "0800" MACS MACS MACS MACS MACS MACS);	/* 86 bytes */
	logged_attr(&w, A_PAYLOAD, IPV4);
	w_finish(&w, at);
	check(feed() == 0);
	check(lost(0, 0, 1));
}

/* --- whose they are -------------------------------------------------------------------- */

static void put_prefixed(const char *prefix, uint8_t family)
{
	size_t at = logged_begin(&w, LOGGED_PACKET, family);

	logged_attr(&w, A_HEAD, "08000000");
	w_attr(&w, A_PREFIX, prefix, (uint16_t)(strlen(prefix) + 1));
	logged_attr(&w, A_IN, "00000004");
	logged_attr(&w, A_PAYLOAD, IPV4);
	w_finish(&w, at);
}

static void rates(void)
{
	static const struct { const char *prefix; uint32_t rate; } told[] = {
		{ "netmeta 1/1", 1 }, { "netmeta 1/1000", 1000 },
		{ "netmeta 1/4294967295", 4294967295 }, { "netmeta 1/4294967296", 0 },
		{ "netmeta 1/99999999999999999999999999999", 0 }, { "netmeta 1/", 0 },
		{ "netmeta 1/0", 0 }, { "netmeta 1/1 ", 0 }, { "netmeta 1/-1", 0 },
		{ "netmeta 1/0x10", 0 }, { "netmeta", 0 }, { "", 0 }, { "drop: ", 0 },
		{ "Netmeta 1/1", 0 },
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		fresh();
		put_prefixed(told[i].prefix, LOGGED_FAMILY);
		check(feed() == (told[i].rate != 0));
		check(last.rate == told[i].rate);
		check(lost(0, 0, !told[i].rate));
	}
}

/* The message that began there counts as bad; the next one is the first again. */
static void is_bad(size_t at)
{
	w_finish(&w, at);
	check(feed() == 0 && lost(0, 0, 1));
	fresh();
}

static void strangers(void)
{
	size_t at;

	fresh();
	put_prefixed("netmeta 1/1", 2);		/* NFPROTO_IPV4: the same words in another table */
	check(feed() == 0 && lost(0, 0, 1));
	fresh();
	at = logged_begin(&w, LOGGED_PACKET, LOGGED_FAMILY);	/* no prefix at all */
	logged_attr(&w, A_HEAD, "08000000");
	logged_attr(&w, A_IN, "00000004");
	is_bad(at);
	is_bad(logged_begin(&w, LOGGED_CONFIG, LOGGED_FAMILY));
	is_bad(begin_one("08000200", A_IN, "00000004", 0));	/* no hook of interfaces */
	is_bad(begin_one("08000000", A_OUT, "00000004", 0));	/* no interface it came from */
}

/* --- numbers ---------------------------------------------------------------------------- */

static void put_number(uint32_t number)
{
	size_t at = begin_one("08000000", A_IN, "00000004", number);

	logged_attr(&w, A_PAYLOAD, IPV4);
	w_finish(&w, at);
}

static void put_done(void)
{
	size_t at = logged_begin(&w, LOGGED_DONE, LOGGED_FAMILY);

	w_finish(&w, at);
}

static unsigned feed_number(uint32_t number)
{
	samples = 0;
	put_number(number);
	return feed();
}

static void gaps(void)
{
	fresh();
	for (uint32_t i = 0; i < 10; i++)
		put_number(i);
	put_done();
	check(feed() == 10 && lost(0, 0, 0));
	fresh();
	check(feed_number(3) == 1 && lost(3, 0, 0));	/* the first is 0 */
	check(feed_number(4) == 1 && lost(3, 0, 0));
	check(feed_number(10) == 1 && lost(8, 0, 0));
	check(feed_number(2) == 1 && lost(8, 0, 0));	/* backwards: counted anew */
	check(feed_number(3) == 1 && lost(8, 0, 0));
	nflog.next = UINT32_MAX;
	check(feed_number(UINT32_MAX) == 1 && feed_number(0) == 1 && lost(8, 0, 0));
	nflog.next = UINT32_MAX - 1;
	check(feed_number(2) == 1 && lost(12, 0, 0));	/* 2^32 - 2, 2^32 - 1, 0, 1 */
}

/* Of a packet that is none of ours, or cannot be read, the number counts all the same. */
static void numbers_of_others(void)
{
	size_t at;

	fresh();
	check(feed_number(0) == 1);
	samples = 0;
	at = logged_begin(&w, LOGGED_PACKET, LOGGED_FAMILY);
	logged_attr(&w, A_SEQ, "00000001");
	w_finish(&w, at);
	check(feed() == 0);
	check(feed_number(2) == 1 && lost(0, 0, 1));
}

/* One datagram of many was dropped, then another; numbers tell later how many packets they had. */
static void drops_are_not_told_twice(void)
{
	fresh();
	check(feed_number(0) == 1);
	nflog_dropped(&nflog, 1);
	check(lost(0, 1, 0));
	nflog_dropped(&nflog, 2);
	check(lost(0, 2, 0));
	nflog_dropped(&nflog, 2);
	check(lost(0, 2, 0));
	check(feed_number(101) == 1 && lost(98, 2, 0));	/* 1 to 100: 100 are lost */
	check(feed_number(102) == 1 && lost(98, 2, 0));
	nflog_dropped(&nflog, 5);	/* three of one packet each */
	check(feed_number(104) == 1 && lost(98, 5, 0));
	check(feed_number(107) == 1 && lost(98, 5, 0));
	check(feed_number(109) == 1 && lost(99, 5, 0));	/* nobody saw it dropped */
}

/* --- damage ------------------------------------------------------------------------------- */

static void cut_anywhere(void)
{
	static struct words whole;

	fresh();
	put_number(0);
	put_number(1);
	put_done();
	whole = w;
	for (size_t len = 0; len <= whole.len; len++) {
		fresh();
		nflog_read(&nflog, logged_place(&whole, len), len, NOW, got, NULL);
		check(samples <= 2);
		check(len < whole.len || samples == 2);
		check(nflog.losses.bad <= 1);
	}
	check(lost(0, 0, 0));
}

static void wrong_lengths(void)
{
	static const uint16_t types[] = { A_MARK, A_IN, A_OUT, A_SEQ };
	size_t at;

	fresh();
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		at = begin_one("08000000", A_IN, "00000004", 0);
		logged_attr(&w, types[i], "000000");
		is_bad(at);
	}
	is_bad(begin_one("0800", A_IN, "00000004", 0));
	at = begin_one("08000000", A_IN, "00000004", 0);	/* of an empty packet */
	w_finish(&w, at);
	check(feed() == 1 && bytes_len == 0 && last.etype == 0x0800);
}

TESTS({ "a tagged frame at the ingress is told whole, its tag beside it", tagged_at_ingress },
      { "of two tags the inner one stays in the frame",                 two_tags_at_ingress },
      { "at the egress the packet begins with its link header",        egress },
      { "a device without link header has a protocol instead",         no_link_header },
      { "a time far from ours is not believed",                        far_times },
      { "long packets fit, long link headers are refused",             long_packets },
      { "the prefix tells the rate, or that the rule is not ours",      rates },
      { "what is no packet of our rules is bad",                       strangers },
      { "gaps in the numbers are missing samples, in a batch or not",  gaps },
      { "packets of others leave no gap",                              numbers_of_others },
      { "what the kernel dropped is not missing as well",              drops_are_not_told_twice },
      { "a datagram that is cut anywhere is read safely",              cut_anywhere },
      { "attributes of a wrong length make a bad packet",              wrong_lengths })
