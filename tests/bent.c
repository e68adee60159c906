// SPDX-License-Identifier: Apache-2.0
/*
 * Every own capture, cut at every byte and bent at every byte, through the invariants of
 * fuzz/fuzz-decode.c: what was received is counted once, records come from exporters that there
 * are, tables stay whole, nobody reads beyond a datagram. The datagrams before the damaged one
 * come whole, so that their templates are known, and the ones behind it too, for they must still
 * be read.
 *	NETMETA_BENT=all bent	every byte gets all 255 other values instead of 4
 * Machines of the other byte order are emulated, so they run a sample.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/pcap.h"
#include "tests/test.h"

#define CAPTURE_MOST (256 * 1024)
#define DATAGRAMS    64			/* of a capture; of more the last are left out */

#ifndef BENT_FLIPS
#define BENT_FLIPS 0x01, 0x80, 0xff, 0x7f	/* what is done to each byte */
#endif

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define STRIDE 17
#else
#define STRIDE 1
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t capture[CAPTURE_MOST];
static struct { const uint8_t *p; uint16_t len; uint8_t number; } datagrams[DATAGRAMS];
static unsigned count;
static unsigned long cut, bent;

/* Datagrams as the target wants them: length, exporter's number, bytes. */
static void run(unsigned damaged, const uint8_t *instead, size_t len)
{
	static uint8_t input[2 * CAPTURE_MOST];
	size_t at = 0;

	for (unsigned i = 0; i < count; i++) {
		const uint8_t *p = i == damaged ? instead : datagrams[i].p;
		size_t n = i == damaged ? len : datagrams[i].len;

		input[at++] = (uint8_t)(n >> 8);
		input[at++] = (uint8_t)n;
		input[at++] = datagrams[i].number;
		memcpy(input + at, p, n);
		at += n;
	}
	LLVMFuzzerTestOneInput(input, at);
}

static void damage(unsigned which, bool all_values)
{
	static const uint8_t flips[] = { BENT_FLIPS };
	static uint8_t bytes[UINT16_MAX];
	size_t len = datagrams[which].len;
	unsigned values = all_values ? 255 : sizeof(flips);

	memcpy(bytes, datagrams[which].p, len);
	for (size_t i = which % STRIDE; i < len; i += STRIDE) {
		run(which, bytes, i);
		cut++;
		for (unsigned v = 0; v < values; v++) {
			uint8_t flip = all_values ? (uint8_t)(v + 1) : flips[v];

			bytes[i] ^= flip;
			run(which, bytes, len);
			bytes[i] ^= flip;
			bent++;
		}
	}
}

static bool read_capture(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct pcap_datagram dg;
	struct pcap pcap;
	size_t len;

	count = 0;
	if (!f)
		return false;
	len = fread(capture, 1, sizeof(capture), f);
	fclose(f);
	if (pcap_open(&pcap, buf_of(capture, len)))
		return false;
	while (count < DATAGRAMS && pcap_next(&pcap, &dg)) {
		datagrams[count].p = dg.payload.p;
		datagrams[count].len = (uint16_t)buf_left(&dg.payload);
		datagrams[count++].number = dg.from.b[sizeof(dg.from.b) - 1] & 3;
	}
	return true;
}

static bool is_flow_capture(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".pcap") && strncmp(name, "hdr-", 4) != 0;
}

/* tests/data of the tree that this file was compiled from. */
static void all_captures(void)
{
	const char *mode = getenv("NETMETA_BENT");
	bool all_values = mode && !strcmp(mode, "all");
	int here = (int)(sizeof(__FILE__) - sizeof("bent.c")), captures = 0;
	char path[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%.*sdata", here, __FILE__);
	dir = opendir(path);
	if (!check(dir))
		return;
	while ((entry = readdir(dir))) {
		if (!is_flow_capture(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%.*sdata/%s", here, __FILE__, entry->d_name);
		if (!check(read_capture(path)))
			printf("  %s\n", path);
		for (unsigned i = 0; i < count; i++)
			damage(i, all_values);
		captures++;
	}
	closedir(dir);
	check(captures > 40);
	check(cut > 0 && bent > 0);
	printf("bent: %d captures, cut %lu times, bent %lu times\n", captures, cut, bent);
}

TESTS({ "own captures cut and bent at every byte keep every promise", all_captures })
