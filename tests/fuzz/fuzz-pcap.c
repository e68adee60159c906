// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a capture file: it is refused or read to its end, and every payload lies within
 * it. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz-pcap.c core/pcap.c \
 *		-o fuzz-pcap
 *	./fuzz-pcap -max_total_time=60 NEW-CASES tests/fuzz/seeds/pcap tests/data
 */
#include "core/pcap.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pcap_datagram dg;
	uint64_t datagrams = 0;
	struct pcap pcap;

	if (pcap_open(&pcap, buf_of(data, size)))
		return 0;
	while (pcap_next(&pcap, &dg)) {
		must(dg.payload.p >= data && dg.payload.end <= data + size && !dg.payload.bad);
		must(dg.payload.p <= dg.payload.end);
		datagrams++;
	}
	must(buf_left(&pcap.rest) == 0);
	must(pcap.packets == datagrams + pcap.others + pcap.fragments + pcap.cut);
	return 0;
}
