// SPDX-License-Identifier: Apache-2.0
/*
 * What decoding a record costs: the same datagram over and over, from memory to a sink that does
 * nothing.
 *	decode KIND ROUNDS	KIND is one of kinds[]; prints records and nanoseconds
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/decode.h"
#include "tests/parking.h"
#include "tests/teaching.h"

#define V5_RECORD_LEN 48

static const struct kind {
	const char *name;
	int version;
	unsigned records;		/* a datagram */
	const char *fields;
} kinds[] = {
	{ "v5",    5,  30, NULL },
	/* 20 fields, what a router sends of IPv4. */
	{ "v9",    9,  24, "8/4 12/4 15/4 10/4 14/4 2/4 1/4 22/4 21/4 7/2 11/2 6/1 4/1 5/1 16/4 "
			   "17/4 9/1 13/1 61/1 34/4" },
	{ "ipfix", 10, 22, "8/4 12/4 15/4 10/4 14/4 2/4 1/4 152/8 153/8 7/2 11/2 6/1 4/1 5/1 16/4 "
			   "17/4 9/1 13/1 61/1 34/4" },
	/* Both families and labels, what a large router sends. */
	{ "dual",  10, 12, "8/4 12/4 27/16 28/16 15/4 62/16 10/4 14/4 2/8 1/8 152/8 153/8 7/2 11/2 "
			   "6/1 4/1 5/1 70/3 71/3 72/3" },
	/* Two names in it. */
	{ "names", 10, 22, "8/4 12/4 82/v 15/4 10/4 14/4 2/4 1/4 152/8 153/8 7/2 11/2 6/1 4/1 5/1 "
			   "82/v" },
};

static struct exporter slots[16];
static struct exporters exporters = { .slots = slots, .size = 16 };
static struct pen pen;
static uint64_t records, octets;

static void drop(struct flow_sink *sink, const struct flow *f)
{
	(void)sink;
	records++;
	octets += f->bytes;
}

static struct flow_sink sink = { .put = drop };
static struct decoder decoder = {
	.exporters = &exporters, .templates = &teaching, .sampling = &teaching_sampling,
	.park = &parking, .sink = &sink,
};

static void decode(void)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	const struct datagram dg = { .seen = { 1 }, .from = addr_v4(address) };
	enum nm_err err;

	datagram_decode(&decoder, buf_of(pen.bytes, pen.len), &dg, &err);
}

/* A record of numbers that are not zero; a field of variable length has 3 bytes. */
static void put_record(const struct kind *k)
{
	char *end;

	for (const char *at = k->fields; at && *at; at = end + strspn(end, " ")) {
		size_t len;

		strtoul(at, &end, 10);
		if (end[1] == 'v') {
			put_hex(&pen, "03 657430");
			end += 2;
			continue;
		}
		for (len = strtoul(end + 1, &end, 10); len; len--)
			put(&pen, 1, 0x11);
	}
	for (size_t i = 0; !k->fields && i < V5_RECORD_LEN; i++)
		put(&pen, 1, 0x11);
}

static void put_header(const struct kind *k, uint16_t set)
{
	k->version == 9 ? put_v9(&pen, 1, 0, 7) : put_ipfix(&pen, 0, 7);
	set_begin(&pen, set);
}

static void put_v5(const struct kind *k)
{
	put_hex(&pen, "0005");
	put(&pen, 2, k->records);
	put_hex(&pen, "000186a0 6553f100 00000000 00000000 0000 4064");
}

static void prepare(const struct kind *k)
{
	teaching_start(&exporters, TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	parking_start(&exporters);
	if (k->version == 5) {
		put_v5(k);
	} else {
		put_header(k, k->version == 9 ? 0 : 2);
		put_template(&pen, 256, k->fields);
		set_end(&pen);
		if (k->version == 10)
			ipfix_end(&pen);
		decode();
		put_header(k, 256);
	}
	for (unsigned i = 0; i < k->records; i++)
		put_record(k);
	if (k->version != 5)
		set_end(&pen);
	if (k->version == 10)
		ipfix_end(&pen);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NM_NS_PER_S + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	uint64_t begun;

	for (size_t i = 0; rounds && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		prepare(&kinds[i]);
		begun = now_ns();
		for (unsigned long n = 0; n < rounds; n++)
			decode();
		begun = now_ns() - begun;
		printf("%llu records %llu ns %llu ps/record\n", (unsigned long long)records,
		       (unsigned long long)begun, (unsigned long long)(begun * 1000 / records));
		return records != rounds * kinds[i].records;
	}
	fprintf(stderr, "decode v5|v9|ipfix|dual|names ROUNDS\n");
	return 2;
}
