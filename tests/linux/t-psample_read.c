// SPDX-License-Identifier: Apache-2.0
/*
 * Samples of psample: what each attribute becomes, what is lost, and everything that is cut.
 * Messages with a kernel's version beside them were recorded from it: a router between eth0 (2)
 * and eth1 (3) forwarded a ping from 192.168.77.2 to 198.51.100.2.
 */
#include "platform/linux/psample_read.h"

#include "tests/linux/sampled.h"
#include "tests/test.h"

#define GROUP 7
#define NOW   ((nm_time){ 1795620640000000000 })

#define PING "45000024f05c40004001129cc0a84d02c63364020800b0f102df0000082f3c0000000000"
#define IN   "020000000001" "020000000002" "0800" PING

static struct psample_tap taps[4];
static struct psample p;
static struct words w;
static struct sample last;
static uint8_t bytes[512];
static size_t bytes_len;
static unsigned samples;

static size_t unhex(const char *hex, uint8_t *at)
{
	size_t len = 0;
	unsigned byte;

	for (; *hex && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		at[len++] = (uint8_t)byte;
	return len;
}

static void got(void *ctx, const struct sample *s)
{
	(void)ctx;
	last = *s;
	bytes_len = buf_left(&s->bytes);
	check(bytes_len <= sizeof(bytes));
	memcpy(bytes, s->bytes.p, bytes_len);
	samples++;
}

/* Taps on 2 and 3, which are Ethernet, and on 4, a tun device. */
static void fresh(void)
{
	memset(taps, 0, sizeof(taps));
	taps[0].index = 2;
	taps[1].index = 3;
	taps[2] = (struct psample_tap){ 4, true };
	p = (struct psample){ .taps = taps, .tap_count = 4 };
	memset(&last, 0, sizeof(last));
	w.len = samples = 0;
	bytes_len = 0;
}

static void feed(void)
{
	unsigned before = samples;

	check(psample_read(&p, sampled_place(&w, w.len), w.len, NOW, got, NULL) ==
	      samples - before);
	w.len = 0;
}

static bool bytes_are(const char *hex)
{
	uint8_t wanted[512];
	size_t len = unhex(hex, wanted);

	return len == bytes_len && !memcmp(bytes, wanted, len);
}

static bool lost(uint64_t missing, uint64_t dropped, uint64_t bad)
{
	const struct tap_losses *l = &p.losses;

	return l->missing == missing && l->dropped == dropped && l->bad == bad;
}

/* What every kernel puts in front of the packet, in its order. 0: no such attribute. */
static size_t begin(uint16_t in, uint16_t out, uint32_t rate, uint32_t size, uint32_t number)
{
	size_t at = sampled_begin(&w, 0);

	if (in)
		sampled_number(&w, A_IN, 2, in);
	if (out)
		sampled_number(&w, A_OUT, 2, out);
	sampled_number(&w, A_RATE, 4, rate);
	sampled_number(&w, A_SIZE, 4, size);
	sampled_number(&w, A_GROUP, 4, GROUP);
	sampled_number(&w, A_NUMBER, 4, number);
	return at;
}

static void end(size_t at, const char *packet)
{
	uint8_t data[256];

	w_attr(&w, A_DATA, data, (uint16_t)unhex(packet, data));
	w_finish(&w, at);
}

/* A sample of no interest of its own. */
static void tell(uint32_t number)
{
	end(begin(2, 0, 10, 50, number), IN);
	feed();
}

/* --- what samples say -------------------------------------------------------------- */

/* Linux 6.1, ingress of eth0. */
static void way_in(void)
{
	size_t at;

	fresh();
	at = begin(2, 0, 100, 50, 0);
	sampled_number(&w, A_TIME, 8, 1795620639699304883);
	sampled_number(&w, A_PROTO, 2, 0x0800);
	end(at, IN);
	feed();
	check(samples == 1 && last.at_if == 2 && last.in_if == 2 && last.out_if == 0);
	check(last.direction == DIRECTION_INGRESS && last.source == FLOW_PSAMPLE);
	check(last.rate == 100 && last.length == 50 && last.link_len == 0 && last.etype == 0);
	check(last.seen.ns == 1795620639699304883);
	check(!last.told_segments && !last.segments && !last.segment_size && !last.tagged);
	check(bytes_are(IN));
	check(lost(0, 0, 0));
}

/* Linux 6.12, egress of eth1. */
static void way_out(void)
{
	size_t at;

	fresh();
	at = begin(2, 3, 1, 50, 1);
	sampled_number(&w, A_TIME, 8, 1795620639699352243);
	sampled_number(&w, A_PROTO, 2, 0x0800);
	w_attr(&w, A_COOKIE, "nm1", 3);
	end(at, "020000000004" "020000000003" "0800" PING);
	feed();
	check(samples == 1 && last.at_if == 3 && last.in_if == 2 && last.out_if == 3);
	check(last.direction == DIRECTION_EGRESS);
	check(bytes_are("020000000004" "020000000003" "0800" PING));
}

/* Linux 6.1: the router's own question, who is 198.51.100.2. */
static void own_packet(void)
{
	size_t at;

	fresh();
	at = begin(0, 3, 1, 42, 1);
	sampled_number(&w, A_PROTO, 2, 0x0806);
	end(at, "020000000004" "020000000003" "0806" "00010800060400020200");
	feed();
	check(samples == 1 && last.at_if == 3 && last.in_if == 0 && last.out_if == 3);
	check(last.direction == DIRECTION_EGRESS && last.length == 42);
}

static void without_link_header(void)
{
	size_t at;

	fresh();
	at = begin(4, 0, 1, 36, 0);
	sampled_number(&w, A_PROTO, 2, 0x0800);
	end(at, PING);
	feed();
	check(samples == 1 && last.at_if == 4 && last.etype == 0x0800 && bytes_are(PING));
	at = begin(2, 4, 1, 36, 1);
	sampled_number(&w, A_PROTO, 2, 0x86dd);
	end(at, "6000");
	feed();
	check(samples == 2 && last.at_if == 4 && last.etype == 0x86dd);
}

static void attributes_of_switches(void)
{
	size_t at, nest;

	fresh();
	at = begin(2, 0, 1, 50, 0);
	sampled_number(&w, A_REFCOUNT, 4, 3);
	nest = w_nest(&w, A_TUNNEL | 0x8000);
	w_attr32(&w, 1, 0x0a000001);
	w_end(&w, nest);
	sampled_number(&w, A_OUT_TC, 2, 1);
	sampled_number(&w, A_OCCUPANCY, 8, 1500);
	sampled_number(&w, A_LATENCY, 8, 1000);
	sampled_number(&w, 99, 4, 1);
	end(at, IN);
	feed();
	check(samples == 1 && bytes_are(IN) && lost(0, 0, 0));
}

static void several(void)
{
	fresh();
	end(begin(2, 0, 1, 50, 0), IN);
	end(begin(3, 0, 1, 60, 1), IN);
	feed();
	check(samples == 2 && last.at_if == 3 && last.length == 60);
}

/* --- interfaces ----------------------------------------------------------------- */

static void of_other_interfaces(void)
{
	fresh();
	end(begin(9, 0, 1, 50, 0), IN);
	end(begin(2, 9, 1, 50, 1), IN);
	feed();
	check(samples == 0 && lost(0, 0, 0));
}

static void wide_index(void)
{
	size_t at;

	fresh();
	taps[0].index = 70000;
	at = sampled_begin(&w, 0);
	sampled_number(&w, A_IN, 4, 80000);
	sampled_number(&w, A_OUT, 4, 70000);
	sampled_number(&w, A_RATE, 4, 1);
	sampled_number(&w, A_GROUP, 4, GROUP);
	end(at, IN);
	feed();
	check(samples == 1 && last.at_if == 70000 && last.in_if == 80000 && last.out_if == 70000);
}

/* 70000 is 0x11170. */
static void half_index(void)
{
	fresh();
	taps[0].index = 70000;
	end(begin(0x1170, 3, 1, 50, 0), IN);
	feed();
	check(samples == 1 && last.at_if == 3 && last.in_if == 70000);
	end(begin(0x1171, 3, 1, 50, 1), IN);
	feed();
	check(samples == 2 && last.at_if == 3 && last.in_if == 0);	/* who knows */
	end(begin(0x1170, 0, 1, 50, 2), IN);
	feed();
	check(samples == 3 && last.at_if == 70000);
	taps[3].index = 0x21170;
	end(begin(0x1170, 0, 1, 50, 3), IN);
	feed();
	check(samples == 3 && lost(0, 0, 1));
}

static void no_samples(void)
{
	size_t at;

	fresh();
	at = sampled_begin(&w, 2);	/* a new group */
	sampled_number(&w, A_GROUP, 4, GROUP);
	w_finish(&w, at);
	w_finish(&w, w_message(&w, 3, 0, 0, 0));	/* NLMSG_DONE */
	feed();
	check(samples == 0 && lost(0, 0, 0));
}

/* --- losses ---------------------------------------------------------------------- */

static void gaps(void)
{
	fresh();
	tell(41);			/* whatever was before is nobody's */
	tell(42);
	tell(45);
	psample_settle(&p, 0);
	check(lost(2, 0, 0));
	tell(46);
	psample_settle(&p, 0);
	check(lost(2, 0, 0));
}

static void dropped_once(void)
{
	fresh();
	tell(0);
	tell(4);
	psample_settle(&p, 2);
	check(lost(1, 2, 0));
	psample_settle(&p, 7);		/* the gap that they left is still to come */
	check(lost(1, 7, 0));
	tell(10);
	psample_settle(&p, 7);
	check(lost(1, 7, 0));
}

static void late(void)
{
	fresh();
	tell(0);
	tell(2);
	tell(1);
	tell(3);
	psample_settle(&p, 0);
	check(samples == 4 && lost(0, 0, 0));
	tell(3);			/* two processors took the same one */
	psample_settle(&p, 0);
	check(lost(0, 0, 0));
}

static void round_the_end(void)
{
	fresh();
	tell(UINT32_MAX - 1);
	tell(1);
	psample_settle(&p, 0);
	check(lost(2, 0, 0));		/* UINT32_MAX and 0 */
}

static void begun_anew(void)
{
	fresh();
	tell(1000000);
	tell(0);			/* a new group */
	tell(1);
	psample_settle(&p, 0);
	check(lost(0, 0, 0));
	psample_renumber(&p);
	tell(5000);
	psample_settle(&p, 0);
	check(lost(0, 0, 0));
}

/* --- what cannot be ---------------------------------------------------------------- */

static void times(void)
{
	static const struct { uint64_t told; int64_t seen; } cases[] = {
		{ 1795620635000000000, 1795620635000000000 },
		{ 1795620634999999999, 0 },
		{ 1795620645000000000, 1795620645000000000 },
		{ 1795620645000000001, 0 },
		{ 0, 0 }, { UINT64_MAX, 0 }, { INT64_MAX, 0 }, { 1ull << 63, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t at;

		fresh();
		at = begin(2, 0, 1, 50, 0);
		sampled_number(&w, A_TIME, 8, cases[i].told);
		end(at, IN);
		feed();
		check(samples == 1 && last.seen.ns == cases[i].seen);
	}
}

static void refused(void)
{
	size_t at;

	fresh();
	end(begin(0, 0, 1, 50, 0), IN);		/* no interface */
	feed();
	end(begin(2, 0, 0, 50, 1), IN);		/* no rate */
	feed();
	end(begin(2, 0, 1, 50, 2), "");		/* no packet */
	feed();
	at = begin(2, 0, 1, 50, 3);
	w_attr(&w, A_PROBABILITY, "", 0);	/* the rate is none */
	end(at, IN);
	feed();
	at = begin(0, 0, 1, 50, 4);
	w_attr(&w, A_IN, "abc", 3);
	end(at, IN);
	feed();
	check(samples == 0 && lost(0, 0, 5));
	tell(6);
	psample_settle(&p, 0);
	check(samples == 1 && lost(1, 0, 5));	/* their numbers were read */
}

static void every_cut(void)
{
	struct words whole;
	size_t at;

	fresh();
	at = begin(2, 3, 1, 50, 0);
	sampled_number(&w, A_TIME, 8, 1795620639699352243);
	sampled_number(&w, A_PROTO, 2, 0x0800);
	w_attr(&w, A_COOKIE, "nm1", 3);
	end(at, IN);
	whole = w;
	for (size_t len = 0; len < whole.len; len++) {
		fresh();
		psample_read(&p, sampled_place(&whole, len), len, NOW, got, NULL);
		check(samples == 0 && p.losses.bad == (len > 0));
	}
	/* The same with a message that says that it is no longer than this. */
	for (size_t len = 0; len < whole.len; len++) {
		fresh();
		w = whole;
		w.len = len < 4 ? 4 : len;
		w_finish(&w, 0);
		feed();
		check(samples == 0 || len + 2 >= whole.len);
	}
}

TESTS({ "a sample of the way in has the interface it came by", way_in },
      { "a sample of the way out has both interfaces", way_out },
      { "what the router sends by itself came by no interface", own_packet },
      { "packets of a device without link header begin with what the kernel says",
	without_link_header },
      { "attributes that are not known are passed over", attributes_of_switches },
      { "a datagram may hold several samples", several },
      { "samples of interfaces that nobody asked about are passed over", of_other_interfaces },
      { "interfaces may have numbers of 32 bits", wide_index },
      { "of a number that was cut in half the whole is looked for, and never guessed", half_index },
      { "what is no sample is passed over", no_samples },
      { "numbers that do not come are missing", gaps },
      { "what the kernel says it dropped is not missing, too", dropped_once },
      { "a number may come late, or twice", late },
      { "numbers run over", round_the_end },
      { "numbers may begin anew", begun_anew },
      { "a time far from ours is none", times },
      { "samples that say what none can say are counted", refused },
      { "nothing is read behind the end, wherever a message is cut", every_cut })
