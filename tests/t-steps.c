// SPDX-License-Identifier: Apache-2.0
/*
 * Values on their way from the wire into the flow: a template in words, a record in digits, and
 * what must come out. Times are relative to an export at 2023-11-14T22:13:20Z (1,700,000,000 s).
 */
#include "tests/guard.h"
#include "tests/teaching.h"
#include "tests/test.h"

#define EXPORTED 1700000000

#define V6_SRC "20010db8000000000000000000000001"
#define V6_DST "20010db8000000000000000000000002"
#define ZERO16 "00000000000000000000000000000000"

static struct draft draft;
static struct flow *const f = &draft.flow;
static struct exporter slots[2];
static const struct template *template;

static bool learn(bool v9, const char *fields)
{
	struct exporters all = { .slots = slots, .size = 2 };
	struct lesson lesson = { .e = &slots[1], .v9 = v9 };
	static struct pen pen;
	struct buf in;
	bool changed;

	teaching_start(&all, TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	pen.len = 0;
	put_template(&pen, 256, fields);
	in = buf_of(pen.bytes, pen.len);
	template = NULL;
	if (check(!template_learn(&teaching, &lesson, &in, &changed)))
		template = template_find(&teaching, &slots[1], 256, (nm_time){ 0 });
	return check(template);
}

/* The length that the record was found to have, 0 when it is cut. */
static size_t run(const char *digits)
{
	const struct export_clock clock = { time_of_s(EXPORTED), 100000 };
	static struct pen pen;
	struct buf in;

	pen.len = 0;
	put_hex(&pen, digits);
	in = buf_of(guarded(pen.bytes, pen.len), pen.len);
	return pen.len < template->min_len ? 0 :
		steps_run(&teaching, template, &clock, &in, &draft);
}

static bool read(bool v9, const char *fields, const char *digits)
{
	memset(&draft, 0, sizeof(draft));
	return learn(v9, fields) && check(run(digits) == strlen(digits) / 2);
}

static bool is(const struct addr *a, const char *text)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_is_absent(a) ? "absent" : addr_text(a, have), text);
}

static void integers_of_all_lengths(void)
{
	static const struct { const char *fields, *digits; uint64_t bytes; } rows[] = {
		{ "1/1", "ff",                 0xff },
		{ "1/2", "ff00",               0xff00 },
		{ "1/3", "ff0001",             0xff0001 },
		{ "1/4", "ff000102",           0xff000102 },
		{ "1/5", "ff00010203",         0xff00010203 },
		{ "1/6", "ff0001020304",       0xff0001020304 },
		{ "1/7", "ff000102030405",     0xff000102030405 },
		{ "1/8", "ff00010203040506",   0xff00010203040506 },
		{ "1/9", "01ff00010203040506", 0xff00010203040506 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (read(false, rows[i].fields, rows[i].digits))
			check(f->bytes == rows[i].bytes);
}

static void members_of_all_widths(void)
{
	read(false, "4/1 6/1 10/2 1/4", "06" "1b" "fffe" "ffffffff");
	check(f->proto == 6 && f->tcp_flags == 0x1b && f->in_if == 0xfffe);
	check(f->bytes == 0xffffffff);
	read(false, "4/2 6/2 10/4 7/2", "0111" "0112" "80000001" "ffff");
	check(f->proto == 0x11 && f->tcp_flags == 0x112 && f->in_if == 0x80000001);
	check(f->src_port == 0xffff);
	read(false, "4/4 6/8 10/8 7/3", "00000011" "0000000000000112" "0000000080000001" "00ffff");
	check(f->proto == 0x11 && f->tcp_flags == 0x112 && f->in_if == 0x80000001);
	check(f->src_port == 0xffff);
}

static void addresses(void)
{
	read(false, "8/4 12/4 15/4 18/4", "0a000001" "00000000" "00000000" "c0000201");
	check(is(&f->src, "10.0.0.1") && is(&f->dst, "0.0.0.0"));
	check(is(&f->next_hop, "absent") && is(&f->bgp_next_hop, "192.0.2.1"));
	check(f->etype == 0);		/* the caller has that from the template */
	read(false, "27/16 62/16", V6_SRC ZERO16);
	check(is(&f->src, "2001:db8::1") && is(&f->next_hop, "absent"));
	read(false, "225/4 226/4 227/2 228/2", "c6336401" "00000000" "1234" "0000");
	check(is(&f->nat_src, "198.51.100.1") && is(&f->nat_dst, "absent"));
	check(f->nat_src_port == 0x1234 && f->nat_dst_port == 0);
}

static void both_families(void)
{
	static const char fields[] = "8/4 12/4 27/16 28/16 9/1 29/1 13/1 30/1 32/2 139/2";

	if (!learn(false, fields))
		return;
	check(run("00000000" "00000000" V6_SRC V6_DST "00" "40" "00" "30" "0000" "8001") == 48);
	check(is(&f->src, "2001:db8::1") && is(&f->dst, "2001:db8::2") && f->etype == 0x86dd);
	check(f->src_net == 64 && f->dst_net == 48 && f->icmp_type == 128 && f->icmp_code == 1);
	check(run("0a000001" "0a000002" ZERO16 ZERO16 "18" "00" "10" "00" "0803" "0000") == 48);
	check(is(&f->src, "10.0.0.1") && is(&f->dst, "10.0.0.2") && f->etype == 0x0800);
	check(f->src_net == 24 && f->dst_net == 16 && f->icmp_type == 8 && f->icmp_code == 3);
	check(run("0a000001" "0a000002" V6_SRC V6_DST "00" "40" "10" "30" "0000" "0000") == 48);
	check(is(&f->src, "10.0.0.1") && is(&f->dst, "10.0.0.2") && f->src_net == 0);
	check(run("00000000" "00000000" ZERO16 ZERO16 "00" "00" "00" "00" "0000" "0000") == 48);
	check(is(&f->src, "0.0.0.0") && is(&f->dst, "0.0.0.0") && f->etype == 0x0800);
}

static void hops_of_both_families(void)
{
	if (!learn(false, "15/4 62/16"))
		return;
	check(run("00000000" V6_SRC) == 20 && is(&f->next_hop, "2001:db8::1"));
	check(run("0a000009" V6_SRC) == 20 && is(&f->next_hop, "10.0.0.9"));
	check(run("00000000" ZERO16) == 20 && is(&f->next_hop, "absent"));
}

static void absolute_times(void)
{
	read(false, "150/4 151/4", "6553f100" "00000000");
	check(f->start.ns == 1700000000 * NM_NS_PER_S && f->end.ns == 0);
	read(false, "152/8 153/8", "0000018bcfe56800" "0000018bcfe56bff");
	check(f->start.ns == 1700000000 * NM_NS_PER_S);
	check(f->end.ns == 1700000001023 * NM_NS_PER_MS);
	read(false, "152/8 153/8", "ffffffffffffffff" "0000000000000000");
	check(f->start.ns == 0 && f->end.ns == 0);
	read(false, "152/6 150/3", "018bcfe56800" "ffffff");
	check(f->start.ns == 1700000000 * NM_NS_PER_S);
	read(false, "323/8", "0000018bcfe56801");
	check(f->start.ns == 1700000000001 * NM_NS_PER_MS && f->end.ns == f->start.ns);
}

static void ntp_times(void)
{
	/* 1,700,000,000 + 2,208,988,800 = 0xe8fe6f80, and a half */
	read(false, "154/8 155/8", "e8fe6f8080000000" "e8fe6f8000000000");
	check(f->start.ns == 1700000000 * NM_NS_PER_S + 500000000);
	check(f->end.ns == 1700000000 * NM_NS_PER_S);
	/* a second after the era ended, in 2036 */
	read(false, "156/8 157/8", "0000000100000000" "0000000000000000");
	check(f->start.ns == (2085978496 + 1) * NM_NS_PER_S && f->end.ns == 0);
	read(false, "156/8 157/8", "e8fe6f80ffffffff" "e8fe6f8000000001");
	check(f->start.ns == 1700000000 * NM_NS_PER_S + 999999999);
	check(f->end.ns == 1700000000 * NM_NS_PER_S);
}

static void relative_times(void)
{
	read(false, "158/4 159/4", "000b6c90" "00000001");
	check(f->start.ns == 1700000000 * NM_NS_PER_S - 748688 * NM_NS_PER_US);
	check(f->end.ns == 1700000000 * NM_NS_PER_S - 1 * NM_NS_PER_US);
	read(false, "158/8 159/8", "ffffffffffffffff" "0000000000000000");
	check(f->start.ns == 0 && f->end.ns == 1700000000 * NM_NS_PER_S);
	read(true, "22/4 21/4", "00015f90" "000182b8");
	check(f->start.ns == 1699999990 * NM_NS_PER_S && f->end.ns == 1699999999 * NM_NS_PER_S);
	read(true, "22/3 21/8", "015f90" "00000000000182b8");
	check(f->start.ns == 1699999990 * NM_NS_PER_S && f->end.ns == 1699999999 * NM_NS_PER_S);
	read(true, "22/4 21/4", "ffffffff" "000186a1");	/* before the wrap, after the export */
	check(f->start.ns == 1699999899999 * NM_NS_PER_MS);
	check(f->end.ns == 1700000000001 * NM_NS_PER_MS);
	read(false, "22/4 21/4 160/8", "0000c350" "0000e678" "0000018bcfe4a4b0");
	check(f->start.ns == 1700000000000 * NM_NS_PER_MS);	/* booted 50 s before */
	check(f->end.ns == 1700000009000 * NM_NS_PER_MS);
	/* Booted 2^32 + 50,000 ms before the export, whose uptime is 50,000 by now. */
	read(false, "22/4 21/4 160/8", "00009c40" "0000c351" "0000018acfe4a4b0");
	check(f->start.ns == 1699999990000 * NM_NS_PER_MS);
	check(f->end.ns == 1700000000001 * NM_NS_PER_MS);
}

static void rates(void)
{
	static const struct {
		const char *fields, *digits;
		uint64_t rate;
		uint8_t source;
	} rows[] = {
		{ "34/4",             "00000064",                 100,  RATE_RECORD },
		{ "34/4",             "00000000",                 1,    RATE_ASSUMED },
		{ "50/4",             "00000200",                 512,  RATE_RECORD },
		{ "50/4 34/4",        "00000200" "00000064",      100,  RATE_RECORD },
		{ "34/4 50/4",        "00000000" "00000200",      512,  RATE_RECORD },
		{ "305/4 306/4",      "0000000a" "00002706",      1000, RATE_RECORD },
		{ "306/4 305/4",      "000003e7" "00000001",      1000, RATE_RECORD },
		{ "305/4 306/4",      "00000000" "00000009",      1,    RATE_ASSUMED },
		{ "305/4",            "00000064",                 1,    RATE_ASSUMED },
		{ "305/4",            "00000001",                 1,    RATE_RECORD },
		{ "305/4 309/4 310/4", "00000001" "00000001" "00000040", 64, RATE_RECORD },
		{ "309/4 310/4",      "00000002" "000007d0",      1000, RATE_RECORD },
		{ "310/4 309/4",      "00000000" "00000000",      1,    RATE_ASSUMED },
		{ "305/4 306/4 34/4", "0000000a" "00002706" "00000007", 7, RATE_RECORD },
		{ "305/8 306/8", "0000000000000001" "ffffffffffffffff", 1, RATE_ASSUMED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (read(false, rows[i].fields, rows[i].digits))
			check(f->rate == rows[i].rate && f->rate_source == rows[i].source);
}

static void the_rate_of_each_record(void)
{
	if (!learn(false, "34/4"))
		return;
	check(run("00000064") && f->rate == 100 && f->rate_source == RATE_RECORD);
	check(run("00000000") && f->rate == 1 && f->rate_source == RATE_ASSUMED);
}

static void labels(void)
{
	if (!learn(false, "70/3 71/3 72/3"))
		return;
	check(run("05dc10" "000100" "000031") == 9);
	check(f->label_count == 3);
	check(f->labels[0] == 24001 && f->labels[1] == 16 && f->labels[2] == 3);
	check(run("05dc11" "000000" "000000") == 9);
	check(f->label_count == 1);
	check(f->labels[0] == 24001 && f->labels[1] == 0 && f->labels[2] == 0);
	check(run("000000" "000000" "000000") == 9 && f->label_count == 0);
	read(false, "71/3 70/3 79/3", "000021" "fffff0" "000031");
	check(f->label_count == 2 && f->labels[0] == 0xfffff && f->labels[1] == 2);
}

static void small_things(void)
{
	read(false, "61/1 60/1 58/2 192/1", "00" "04" "0064" "40");
	check(f->direction == DIRECTION_INGRESS && f->etype == 0x0800);
	check(f->vlan == 100 && f->src_vlan == 100 && f->ttl_min == 64 && f->ttl_max == 64);
	read(false, "61/1 60/1 243/2 59/2", "01" "06" "0065" "00c8");
	check(f->direction == DIRECTION_EGRESS && f->etype == 0x86dd);
	check(f->vlan == 101 && f->src_vlan == 101 && f->dst_vlan == 200);
	read(false, "61/1 60/1 256/2 52/1 53/1 192/1", "ff" "04" "8847" "01" "02" "03");
	check(f->direction == DIRECTION_UNKNOWN && f->etype == 0x8847);
	check(f->ttl_min == 1 && f->ttl_max == 2);
	read(false, "32/2", "0b00");
	check(f->icmp_type == 11 && f->icmp_code == 0);
	read(false, "176/1 177/1", "0303");
	check(f->icmp_type == 3 && f->icmp_code == 3);
	read(false, "178/1 179/1 27/16", "8000" V6_SRC);
	check(f->icmp_type == 128 && f->icmp_code == 0);
	read(false, "56/6 80/6", "001122aabbcc" "ffffffffffff");
	check(f->src_mac == 0x001122aabbcc && f->dst_mac == 0xffffffffffff);
	read(false, "95/4 136/1 239/1 89/1 233/1 230/1", "0d00051e" "03" "01" "40" "05" "04");
	check(f->application == 0x0d00051e && f->end_reason == 3 && f->biflow == 1);
	check(f->forwarding == 0x40 && f->firewall_event == 5 && f->nat_event == 4);
	read(false, "16/4 17/2 128/4 234/4 235/4 31/4 54/4 88/2",
	     "fffffffe" "fbf4" "0000fbf5" "60000001" "60000002" "000abcde" "12345678" "1fff");
	check(f->src_as == 0xfffffffe && f->dst_as == 64500 && f->next_hop_as == 64501);
	check(f->in_vrf == 0x60000001 && f->out_vrf == 0x60000002 && f->flow_label == 0xabcde);
	check(f->fragment_id == 0x12345678 && f->fragment_offset == 0x1fff);
	read(false, "48/2 5/1 302/4", "0007" "b8" "00000009");
	check(f->sampler == 7 && f->tos == 0xb8);
}

static void variable_fields(void)
{
	if (!learn(false, "8/4 82/v 4/1 83/v 7/2"))
		return;
	check(run("0a000001" "03" "657430" "06" "00" "04d2") == 12);
	check(is(&f->src, "10.0.0.1") && f->proto == 6 && f->src_port == 1234);
	check(run("0a000001" "ff0003" "657430" "11" "ff0000" "0035") == 16);
	check(f->proto == 17 && f->src_port == 53);
	check(run("0a000001" "04" "657430" "06" "00" "04d2") == 0);
	check(run("0a000001" "ff") == 0 && run("0a000001" "00" "06" "02" "04d2") == 0);
	check(run("0a000001" "ff0003" "657430" "11" "ffff") == 0);
}

static void many_variable_fields(void)
{
	if (!learn(false, "82/v 82/v 82/v 82/v 82/v 82/v 82/v 82/v 210/2 7/2 210/3"))
		return;
	check(run("0161 00 0162 00 0163 00 0164 00" "0000 04d2 000000") == 19);
	check(f->src_port == 1234);
	check(run("0161 00 0162 00 0163 00 0664 00" "0000 04d2 000000") == 0);
	check(run("0161 00 0162 00 0163 00 0764 00" "0000 04d2 000000") == 0);
}

static void variable_values(void)
{
	if (!learn(false, "1/v 8/v 4/v 95/v"))
		return;
	memset(&draft, 0, sizeof(draft));
	check(run("02" "03e8" "04" "0a000001" "01" "06" "09" "010203040506070809") == 20);
	check(f->bytes == 1000 && is(&f->src, "10.0.0.1") && f->proto == 6);
	check(f->application == 0x0203040506070809);
	memset(&draft, 0, sizeof(draft));
	check(run("00" "05" "0a00000100" "00" "00") == 9);	/* an address of 5 bytes is none */
	check(f->bytes == 0 && is(&f->src, "absent") && f->proto == 0);
}

static void every_truncation(void)
{
	static const char record[] = "0a0000010365743006000000000004d2";
	char cut[sizeof(record)];

	if (!learn(false, "8/4 82/v 4/1 83/v 7/6"))
		return;
	check(run(record) == 16);
	for (size_t len = 0; len < 16; len++) {
		snprintf(cut, sizeof(cut), "%.*s", (int)(2 * len), record);
		check(run(cut) == 0);
	}
}

TESTS({ "an integer may have any length", integers_of_all_lengths },
      { "an integer fits members of all widths", members_of_all_widths },
      { "addresses arrive, and a hop of zeros is none", addresses },
      { "of two families the one that is not zero counts, with its mask", both_families },
      { "a hop is of either family", hops_of_both_families },
      { "absolute times arrive to the nanosecond", absolute_times },
      { "NTP times are read as such, beyond 2036 too", ntp_times },
      { "relative times are told from the export, over wraps", relative_times },
      { "a rate in the record is found in all its spellings", rates },
      { "each record has its own rate", the_rate_of_each_record },
      { "labels are counted up to the last one", labels },
      { "the small elements arrive", small_things },
      { "what stands behind variable fields arrives", variable_fields },
      { "many variable fields are stepped over", many_variable_fields },
      { "a value of variable length arrives", variable_values },
      { "a record with variable fields may end anywhere", every_truncation })
