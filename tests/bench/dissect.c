// SPDX-License-Identifier: Apache-2.0
/*
 * What dissecting a packet's headers and filling a record with them costs: the same packet over
 * and over.
 *	dissect KIND ROUNDS	KIND is one of kinds[]; prints packets and nanoseconds
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/packet.h"

#define FRAME       "020000000002 020000000001 "
#define IP4(length) "4500 " length " 0001 4000 40 "
#define ENDS4       " 0000 0a010001 0a020002 "
#define IP6         "60000000 0020 "
#define ENDS6       " 20010db8000000000000000000000001 20010db8000000000000000000000002 "
#define TCP         "04d2 0050 00000001 00000002 8018 ffff 0000 0000 0101080a 00000001 00000002"

static const struct kind { const char *name, *hex; } kinds[] = {
	{ "tcp4",  FRAME "0800 " IP4("0034") "06" ENDS4 TCP },
	{ "tcp6",  FRAME "86dd " IP6 "06 40" ENDS6 TCP },
	{ "qinq",  FRAME "88a8 0064 8100 00c8 0800 " IP4("0034") "06" ENDS4 TCP },
	{ "udp4",  FRAME "0800 " IP4("0034") "11" ENDS4 "04d2 0035 0020 0000 0000 0000" },
	{ "vxlan", FRAME "0800 " IP4("0066") "11" ENDS4 "c001 12b5 0020 0000 08000000 00138900 "
		   FRAME "0800 " IP4("0034") "06" ENDS4 TCP },
};

static uint8_t bytes[256];
static size_t len;

static void parse(const char *hex)
{
	char two[3] = "";

	for (len = 0; *hex; hex++) {
		if (*hex == ' ')
			continue;
		two[0] = *hex++;
		two[1] = *hex;
		bytes[len++] = (uint8_t)strtoul(two, NULL, 16);
	}
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NM_NS_PER_S + (uint64_t)t.tv_nsec;
}

static void measure(unsigned long rounds)
{
	static struct packet p;
	static struct flow f;
	uint64_t begun = now_ns(), ports = 0;

	for (unsigned long n = 0; n < rounds; n++) {
		packet_dissect(buf_of(bytes, len), LINK_ETHERNET, &p);
		packet_to_flow(&p, &f);
		ports += f.src_port;
	}
	begun = now_ns() - begun;
	printf("%lu packets %llu ns %llu ps/packet, ports %llu\n", rounds,
	       (unsigned long long)begun, (unsigned long long)(begun * 1000 / rounds),
	       (unsigned long long)ports);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	for (size_t i = 0; rounds && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		parse(kinds[i].hex);
		measure(rounds);
		return 0;
	}
	fprintf(stderr, "dissect tcp4|tcp6|qinq|udp4|vxlan ROUNDS\n");
	return 2;
}
