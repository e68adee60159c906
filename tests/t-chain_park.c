// SPDX-License-Identifier: Apache-2.0
/*
 * What waits for its template, behind the decoder: its end by time, by a stop and by the death of
 * the process, and what is told of it. The store is a spool in memory that outlives the chain.
 */
#include <stdarg.h>

#include "core/json.h"
#include "core/ledger.h"
#include "core/spool.h"
#include "firmware/chain.h"
#include "platform/platform.h"
#include "tests/teaching.h"
#include "tests/test.h"

#define SLOTS  8
#define NOON   1900000000
#define REGION (2u << 20)

static union { uint8_t bytes[REGION]; uint64_t align; } region;
static struct spool spool;
static struct chain chain;
static struct pen pen;
static int64_t now;
static unsigned lines;			/* of the log */
static char line[512];			/* the last one */
static unsigned records, events;
static uint8_t *at;			/* the record under way */
static char event[2048];		/* the last one, as JSON */

void log_line(enum conf_log level, const char *format, ...)
{
	va_list args;

	(void)level;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	lines++;
}

/* --- the spool as a store ------------------------------------------------------- */

static uint8_t *room(struct store *s, enum stream stream)
{
	(void)s;
	return at = spool_reserve(&spool, stream);
}

static void keep(struct store *s, enum stream stream, size_t len)
{
	struct out o = out_of(event, sizeof(event));
	struct buf in = buf_of(at, len);

	(void)s;
	records += stream == STREAM_FLOWS;
	events += stream == STREAM_EVENTS;
	if (stream == STREAM_EVENTS) {
		check(!json_record(&o, stream, &in, false));
		out_end(&o);
	}
	spool_put(&spool, len);
}

static void lose(struct store *s, enum stream stream, size_t len)
{
	(void)s;
	spool_lost(&spool, stream, len);
}

static void commit(struct store *s, uint32_t slot, const struct exporter *e)
{
	(void)s;
	spool_exporter(&spool, slot, e);
	spool_commit(&spool);
}

static struct store store = { room, keep, lose, commit };

/* --- a life ----------------------------------------------------------------------- */

static void live(uint32_t park)
{
	const struct chain_sizes sizes = { SLOTS, 16, park };

	check(chain_start(&chain, &sizes, &store));
	chain_resume(&chain, &spool);
	chain_clock(&chain, true, 0);
	lines = records = events = 0;
}

static void begin(uint32_t park)
{
	static const struct spool_shape shape = { REGION, SLOTS };
	static const struct incarnation born = { { 1 } };

	memset(&region, 0, sizeof(region));
	check(spool_create(&spool, &region, &shape, born) == NM_OK);
	now = NOON;
	live(park);
}

/* Nothing is said and nothing written: the process was killed. */
static void kill_and_live(void)
{
	chain_stop(&chain);
	check(spool_open(&spool, &region, REGION) == NM_OK);
	live(65536);
}

static enum nm_err send(uint8_t from)
{
	const uint8_t b[4] = { 192, 0, 2, from };
	const struct datagram dg = { .seen = time_of_s(now), .from = addr_v4(b) };

	return chain_datagram(&chain, buf_of(pen.bytes, pen.len), &dg);
}

static enum nm_err send_data(uint8_t from, uint32_t sequence, uint16_t id)
{
	put_v9(&pen, 1, sequence, 7);
	set_begin(&pen, id);
	put_hex(&pen, "0a000001 00000064");
	set_end(&pen);
	return send(from);
}

static enum nm_err send_template(uint8_t from, uint32_t sequence, uint16_t id)
{
	put_v9(&pen, 1, sequence, 7);
	set_begin(&pen, 0);
	put_template(&pen, id, "8/4 1/4");
	set_end(&pen);
	return send(from);
}

/* --- what is counted, here and in the spool ------------------------------------------ */

static uint64_t counted(enum count what)
{
	return chain.current->counts.n[what];
}

static bool all_close(const struct exporter *slots)
{
	for (uint32_t i = 0; i < SLOTS; i++)
		if (!ledger_bytes_close(&slots[i].counts) ||
		    !ledger_records_close(&slots[i].counts))
			return false;
	return true;
}

/* The spool says of the current exporter what we say, and everything closes there too. */
static bool is_kept(void)
{
	struct exporter slots[SLOTS];
	uint32_t slot = chain_slot(&chain, chain.current);

	memset(slots, 0, sizeof(slots));
	spool_exporters(&spool, slots, SLOTS);
	return all_close(chain.exporters.slots) && all_close(slots) &&
	       slots[slot].parked == chain.current->parked &&
	       !memcmp(&slots[slot].counts, &chain.current->counts, sizeof(slots[slot].counts));
}

/* --- the tests -------------------------------------------------------------------------- */

static void read_late(void)
{
	begin(65536);
	check(send_data(1, 1, 256) == NM_OK && send_data(1, 2, 256) == NM_OK);
	check(counted(COUNT_BYTES_PARKED) == 16 && is_kept());
	lines = 0;
	check(send_template(1, 3, 256) == NM_OK && records == 2);
	check(counted(COUNT_BYTES_PARKED) == 0 && counted(COUNT_RECORDS_ENCODED) == 2);
	check(counted(COUNT_BYTES_DECODED) == 16 && is_kept() && lines == 0);
	chain_stop(&chain);
}

static void killed(void)
{
	begin(65536);
	send_data(1, 1, 256);
	send_data(1, 2, 257);
	kill_and_live();
	check(all_close(chain.exporters.slots) && send_template(1, 3, 256) == NM_OK);
	check(counted(COUNT_BYTES_PARKED) == 0 && chain.current->parked == 0 && records == 0);
	check(counted(COUNT_BYTES_NO_TEMPLATE) == 16 && counted(COUNT_SETS_NO_TEMPLATE) == 2);
	check(is_kept());
	kill_and_live();
	send_data(1, 4, 300);
	check(counted(COUNT_BYTES_NO_TEMPLATE) == 16 && counted(COUNT_BYTES_PARKED) == 8);
	chain_stop(&chain);
}

static void stopped(void)
{
	begin(65536);
	send_data(2, 1, 256);
	send_data(1, 1, 256);
	chain_end(&chain);
	check(counted(COUNT_BYTES_PARKED) == 0 && counted(COUNT_BYTES_NO_TEMPLATE) == 8);
	check(is_kept());
	check(send_template(2, 2, 256) == NM_OK && records == 0);
	check(counted(COUNT_SETS_NO_TEMPLATE) == 1 && is_kept());
	chain_stop(&chain);
}

static void too_old(void)
{
	begin(65536);
	send_data(1, 1, 256);
	now += 60;
	send_data(1, 2, 256);
	lines = 0;
	chain_look(&chain, time_of_s(now + 600));
	check(lines == 0 && counted(COUNT_BYTES_PARKED) == 16);
	chain_look(&chain, time_of_s(now + 601));
	check(counted(COUNT_BYTES_PARKED) == 8 && counted(COUNT_BYTES_NO_TEMPLATE) == 8);
	check(is_kept() && lines == 1 && strstr(line, "192.0.2.1") && strstr(line, "template"));
	chain_look(&chain, time_of_s(now + 661));
	check(counted(COUNT_SETS_NO_TEMPLATE) == 2 && chain.current->parked == 0 && is_kept());
	check(lines == 2);
	chain_stop(&chain);
}

/* Stamps before were guessed; so are those of what waits. */
static void clock_becomes_known(void)
{
	begin(65536);
	send_data(1, 1, 256);
	now += 86400 * 300;
	chain_clock(&chain, true, 86400 * 300 * NM_NS_PER_S);
	chain_look(&chain, time_of_s(now));
	check(chain.current->parked == 1);
	check(send_template(1, 2, 256) == NM_OK && records == 1);
	chain_stop(&chain);
}

static void switched_off(void)
{
	begin(0);
	check(!chain.decoder.park && send_data(1, 1, 256) == NM_TEMPLATE);
	check(counted(COUNT_BYTES_NO_TEMPLATE) == 8 && counted(COUNT_SETS_NO_TEMPLATE) == 1);
	chain_look(&chain, time_of_s(now));
	chain_clock(&chain, true, 1);
	chain_end(&chain);
	check(is_kept());
	chain_stop(&chain);
}

/* Of 16 templates an exporter may have 4. */
static void templates_full(void)
{
	unsigned before;

	begin(65536);
	for (uint16_t i = 0; i < 4; i++)
		check(send_template(1, i, (uint16_t)(256 + i)) == NM_OK);
	before = events;
	for (uint16_t i = 4; i < 10; i++)
		check(send_template(1, i, (uint16_t)(256 + i)) == NM_FULL);
	check(events == before + 1 && strstr(event, "EVENT_TEMPLATES_FULL"));
	check(strstr(event, "192.0.2.1 domain 7") && strstr(event, "(1 refused"));
	check(counted(COUNT_TEMPLATES_REFUSED) == 6 && counted(COUNT_TEMPLATES_LEARNED) == 4);
	chain_look(&chain, time_of_s(now + 59));
	check(events == before + 1);
	chain_look(&chain, time_of_s(now + 60));
	check(events == before + 2 && strstr(event, "(5 refused"));
	check(send_template(2, 1, 256) == NM_OK && is_kept());
	chain_stop(&chain);
}

TESTS({ "what waits is kept with its counters, and read without a word", read_late },
      { "what waited in a process that was killed is lost, and counted once", killed },
      { "so is what waits at a stop", stopped },
      { "what waits for too long is given up, and complained of", too_old },
      { "when the clock becomes known nothing is too old", clock_becomes_known },
      { "without room nothing waits", switched_off },
      { "templates without room are an event with a pause", templates_full })
