// SPDX-License-Identifier: Apache-2.0
/* Which decoder a datagram goes to, and what becomes of those that go to none. */
#define DECODING_WITH datagram_decode
#include "tests/decoding.h"

static struct addr exporter;
static uint8_t datagram[64];

static enum nm_err feed(uint16_t version, size_t len)
{
	static const uint8_t b[4] = { 192, 0, 2, 1 };

	exporter = addr_v4(b);
	decoding_start(DECODING_EXPORTERS);
	memset(datagram, 0, sizeof(datagram));
	datagram[0] = (uint8_t)(version >> 8);
	datagram[1] = (uint8_t)version;
	datagram[2] = (uint8_t)(len >> 8);	/* the length of an IPFIX message */
	datagram[3] = (uint8_t)len;
	return decoding_feed(&exporter, datagram, len);
}

static void known_versions(void)
{
#ifdef CONFIG_NETFLOW5
	feed(5, 24);
	check(decoding_last->source == FLOW_NETFLOW5);
#endif
#ifdef CONFIG_IPFIX
	check(feed(9, 20) == NM_OK && decoding_last->source == FLOW_NETFLOW9);
	check(feed(10, 16) == NM_OK && decoding_last->source == FLOW_IPFIX);
#endif
}

static void other_versions(void)
{
	static const uint16_t versions[] = { 0, 1, 4, 6, 7, 8, 11, 255, 0x0500, 0xffff };

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		check(feed(versions[i], 64) == NM_VERSION && decoding_count == 0);
		check(decoding_last->source == FLOW_UNKNOWN && decoding_last->domain == 0);
		check(addr_same(&decoding_last->address, &exporter));
		check(decoding_counted(COUNT_BYTES_UNKNOWN_VERSION) == 64);
	}
}

static void too_short_for_a_version(void)
{
	for (size_t len = 0; len < 2; len++) {
		check(feed(5, len) == NM_SHORT);
		check(decoding_counted(COUNT_DATAGRAMS) == 1);
		check(decoding_counted(COUNT_BYTES_TRUNCATED) == len);
	}
}

TESTS({ "a known version goes to its decoder", known_versions },
      { "another version is counted on its address", other_versions },
      { "a datagram without a version is counted as cut off", too_short_for_a_version })
