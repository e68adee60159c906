// SPDX-License-Identifier: Apache-2.0
/*
 * A datagram's way from the socket to the store: who may send, which rate counts, what is told of
 * an exporter, and which stream a record goes to. Datagrams are NetFlow v5, written by hand.
 */
#include "core/counters.h"
#include "core/json.h"
#include "core/ledger.h"
#include "core/name.h"
#include "firmware/chain.h"
#include "platform/platform.h"
#include "tests/guard.h"
#include "tests/test.h"

#define SLOTS 8				/* for six exporters */
#define NOON  1900000000

static struct chain chain;
static struct conf_exporter exporters[2];
static struct prefix prefixes[1];
static struct allow allow;
static uint8_t record[SPOOL_RECORD];
static unsigned kept[STREAM_COUNT];	/* records, by stream */
static char last[STREAM_COUNT][8192];	/* the last one of each, as JSON */
static int64_t now;

void log_line(enum conf_log level, const char *format, ...)
{
	(void)level, (void)format;
}

static uint8_t *room(struct store *s, enum stream stream)
{
	(void)s, (void)stream;
	return record;
}

static void keep(struct store *s, enum stream stream, size_t len)
{
	struct out o = out_of(last[stream], sizeof(last[stream]));
	struct buf in = buf_of(record, len);

	(void)s;
	kept[stream]++;
	check(!json_record(&o, stream, &in, 0));
	out_end(&o);
}

static void commit(struct store *s, uint32_t slot, const struct exporter *e)
{
	(void)s, (void)slot, (void)e;
}

static struct store store = { room, keep, keep, commit };

static void start(const struct chain_rules *rules)
{
	static const struct chain_sizes sizes = { SLOTS, 16, 4096 };

	memset(kept, 0, sizeof(kept));
	now = NOON;
	check(chain_start(&chain, &sizes, &store));
	chain_obey(&chain, rules);
	chain_clock(&chain, true, 0);
}

/* One v5 datagram with one record; its exporter's clock is `skew` seconds ahead. */
static enum nm_err send(const char *from, uint32_t sequence, uint16_t header_rate, int64_t skew)
{
	uint32_t sent = (uint32_t)(now + skew);
	uint8_t d[72] = { 0, 5, 0, 1,
			  [8] = (uint8_t)(sent >> 24), (uint8_t)(sent >> 16),
			  (uint8_t)(sent >> 8), (uint8_t)sent,
			  [16] = (uint8_t)(sequence >> 24), (uint8_t)(sequence >> 16),
			  (uint8_t)(sequence >> 8), (uint8_t)sequence,
			  [22] = (uint8_t)(header_rate >> 8), (uint8_t)header_rate,
			  [24] = 10, 0, 0, 1, 10, 0, 0, 2 };
	struct datagram dg = { .seen = time_of_s(now) };

	check(!addr_parse(from, &dg.from));
	return chain_datagram(&chain, buf_of(guarded(d, sizeof(d)), sizeof(d)), &dg);
}

static bool all_close(void)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		if (!ledger_bytes_close(&chain.exporters.slots[i].counts) ||
		    !ledger_records_close(&chain.exporters.slots[i].counts))
			return false;
	return true;
}

static bool says(enum stream stream, const char *part)
{
	if (strstr(last[stream], part))
		return true;
	printf("  %s is not in %s\n", part, last[stream]);
	return false;
}

static void allowed(void)
{
	const struct chain_rules rules = { &allow, 1, NULL, 0 };

	check(!prefix_parse("192.0.2.0/24", &prefixes[0]));
	allow = (struct allow){ prefixes, 1 };
	start(&rules);
	check(send("203.0.113.1", 0, 0, 0) == NM_DENIED && send("192.0.2.1", 0, 0, 0) == NM_OK);
	check(kept[STREAM_FLOWS] == 1 && chain.exporters.used == 1);
	for (unsigned i = 0; i < 100; i++)
		send("203.0.113.2", i, 0, 0);
	check(chain.exporters.used == 1 && !chain.full.alarm);
	check(chain.exporters.slots[0].counts.n[COUNT_BYTES_NOT_ALLOWED] == 101 * 72);
	check(chain.exporters.slots[0].counts.n[COUNT_DATAGRAMS] == 101);
	check(all_close());
	chain_stop(&chain);
}

static void full(void)
{
	const struct chain_rules none = { 0 };
	char from[] = "192.0.2.1";
	unsigned before;

	start(&none);
	for (; from[8] <= '6'; from[8]++)
		check(send(from, 0, 0, 0) == NM_OK);
	check(!chain.full.alarm);
	before = kept[STREAM_EVENTS];
	for (unsigned i = 0; i < 10; i++)
		check(send("192.0.2.77", i, 0, 0) == NM_FULL);
	check(chain.full.alarm && kept[STREAM_EVENTS] == before + 1);
	check(says(STREAM_EVENTS, "no room for 192.0.2.77") &&
	      says(STREAM_EVENTS, "EVENT_EXPORTERS_FULL"));
	now += 61;
	send("192.0.2.78", 0, 0, 0);
	check(kept[STREAM_EVENTS] == before + 2 && says(STREAM_EVENTS, "10 datagrams"));
	chain_look(&chain, time_of_s(now + 59));
	check(chain.full.alarm);
	chain_look(&chain, time_of_s(now + 61));
	check(!chain.full.alarm && says(STREAM_EVENTS, "nobody is refused"));
	check(all_close());
	chain_stop(&chain);
}

static void rates(void)
{
	const struct chain_rules rules = { NULL, 0, exporters, 2 };

	exporters[0] = (struct conf_exporter){ .name = "edge", .rate = 512 };
	exporters[1] = (struct conf_exporter){ .name = "core", .rate = 9, .rate_force = true };
	check(!prefix_parse("192.0.2.0/24", &exporters[0].address));
	check(!prefix_parse("192.0.2.9", &exporters[1].address));
	start(&rules);
	send("192.0.2.1", 0, 0, 0);
	check(says(STREAM_FLOWS, "\"SamplingRate\":512,"));
	check(says(STREAM_FLOWS, "RATE_CONFIGURED"));
	send("192.0.2.1", 1, 100, 0);
	check(says(STREAM_FLOWS, "RATE_HEADER"));
	send("192.0.2.9", 0, 100, 0);
	check(says(STREAM_FLOWS, "RATE_FORCED"));
	send("198.51.100.1", 0, 0, 0);
	check(!strstr(last[STREAM_FLOWS], "RATE_CONFIGURED"));
	check(!strcmp(chain_name(&chain, chain.current), ""));
	send("192.0.2.9", 1, 100, 0);
	check(chain.current->rate == 9 && chain.current->rate_source == RATE_FORCED);
	check(!strcmp(chain_name(&chain, chain.current), "core"));
	chain_stop(&chain);
}

static void clocks(void)
{
	const struct chain_rules none = { 0 };
	unsigned before;

	start(&none);
	send("192.0.2.1", 0, 0, 5);
	before = kept[STREAM_EVENTS];
	for (uint32_t i = 1; i < 10; i++, now++)
		send("192.0.2.1", i, 0, 100);
	check(kept[STREAM_EVENTS] == before + 1 && says(STREAM_EVENTS, "100 s ahead of ours"));
	check(chain.current->skew.ns == 100 * NM_NS_PER_S);
	now += 200;
	send("192.0.2.1", 10, 0, 0);
	now += 200;
	send("192.0.2.1", 11, 0, 0);
	check(kept[STREAM_EVENTS] == before + 2 && says(STREAM_EVENTS, "agrees with ours again"));
	chain_stop(&chain);
}

/* A clock that is not known yet measures nobody's. */
static void own_clock(void)
{
	const struct chain_rules none = { 0 };

	start(&none);
	chain_clock(&chain, false, 0);
	send("192.0.2.1", 0, 0, 1000);
	check(!chain.current->skew.known && !chain.current->skew.alarm);
	chain_stop(&chain);
}

static void streams(void)
{
	const struct chain_rules none = { 0 };
	static const struct counters counters = { .group = "generic" };
	struct name_told name = { .seen = time_of_s(NOON), .kind = NAME_INTERFACE, .id = 3,
				  .name = { (const uint8_t *)"eth3", 4 } };
	static const struct flow flow = { .rate = 1 };

	start(&none);
	send("192.0.2.1", 0, 0, 0);
	decode_drop(&chain.decoder, chain.current, &flow);
	decode_counters(&chain.decoder, chain.current, &counters);
	decode_name(&chain.decoder, chain.current, &name);
	decode_name(&chain.decoder, chain.current, &name);
	check(kept[STREAM_FLOWS] == 1 && kept[STREAM_DROPS] == 1);
	check(kept[STREAM_COUNTERS] == 1 && kept[STREAM_NAMES] == 1);
	check(says(STREAM_NAMES, "eth3") && says(STREAM_COUNTERS, "generic"));
	check(chain.current->counts.n[COUNT_RECORDS_DECODED] == 5);
	check(chain.current->counts.n[COUNT_RECORDS_ENCODED] == 4);
	check(chain.current->counts.n[COUNT_RECORDS_MERGED] == 1 && all_close());
	chain_stop(&chain);
}

/* IPFIX: a source address, and an element of enterprise 9 that no field is for. */
static void send_unknown(void)
{
	static const uint8_t d[] = {
		0, 10, 0, 52, 0x71, 0x3f, 0xb3, 0x00, 0, 0, 0, 0, 0, 0, 0, 7,
		0, 2, 0, 20, 1, 0, 0, 2, 0, 8, 0, 4, 0x80 | 0x2f, 0xcb, 0, 8, 0, 0, 0, 9,
		1, 0, 0, 16, 10, 0, 0, 1, 0x0b, 0xad, 0xca, 0xfe, 0, 1, 2, 3,
	};
	struct datagram dg = { .seen = time_of_s(NOON) };

	check(!addr_parse("192.0.2.1", &dg.from));
	check(!chain_datagram(&chain, buf_of(guarded(d, sizeof(d)), sizeof(d)), &dg));
}

static void unknown(void)
{
	const struct chain_rules none = { 0 };

	start(&none);
	send_unknown();
	check(says(STREAM_FLOWS, "\"SrcAddr\":\"10.0.0.1\""));
	check(!strstr(last[STREAM_FLOWS], "Unknown"));
	chain_keep_unknown(&chain, true);
	send_unknown();
	check(says(STREAM_FLOWS, "\"Unknown\":{\"9/12235\":\"0badcafe00010203\"}"));
	check(kept[STREAM_FLOWS] == 2 && all_close());
	check(unknown_next(&chain.unknown, NULL)->count == 2);
	chain_stop(&chain);
}

TESTS({ "who is not allowed takes no place, and every byte is counted", allowed },
      { "a full table is an event with a pause, and an alarm with an end", full },
      { "a forced rate goes first, a configured one where none was told", rates },
      { "a clock that is far off is told once, and its way back", clocks },
      { "while our clock is not known nobody's is measured", own_clock },
      { "each kind of record has its stream, a name only once", streams },
      { "an unknown element goes with its flow when that is wanted, and is counted always",
	unknown })
