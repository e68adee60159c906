// SPDX-License-Identifier: Apache-2.0
/*
 * The stage: an agent with preset time-outs at 02:00 one morning, its spool in plain memory,
 * and time that jumps from one thing that happens to the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/stage.h"

#define TURNS_AT_ONCE 2000000		/* turns without time going on: more is spinning */
#define START         1795572000	/* 2026-11-25 02:00:00 UTC */

/* --- the agent ------------------------------------------------------------------------ */

static void on_event(void *ctx, enum event_kind kind, const char *name, int64_t value,
		     const char *text)
{
	struct stage *st = ctx;

	(void)value;
	st->events[kind]++;
	if (st->sim.prints_log)
		printf("    %6lld ms  event: uplink %s: %s\n",
		       (long long)(st->sim.mono.ns / NM_NS_PER_MS), name, text);
}

static void begin(struct stage *st)
{
	struct sender_setup setup = {
		.conf = &st->conf, .identity = &st->identity, .spool = &st->spool,
		.slot = st->slot, .tell = on_event, .ctx = st,
	};
	char why[NM_WHY] = "";

	st->sender = sender_new(&setup, why);
	if (!st->sender) {
		printf("    %s\n", why);
		exit(1);
	}
}

static void limit(struct stage *st)
{
	static const char *const names[] = { "centre" };

	if (spool_attach(&st->spool, names, 1, &st->slot)) {
		printf("    the spool has no place for the uplink\n");
		exit(1);
	}
	spool_limit(&st->spool, (struct spool_limits){ 1u << 20, NM_NS_PER_S });
	spool_tick(&st->spool, st->sim.mono);
}

void stage_open(struct stage *st, bool prints_log)
{
	static const struct spool_shape shape = { STAGE_REGION, 2 };
	struct incarnation born = { { 0x5e, 0xed, [15] = 1 } };

	memset(st, 0, sizeof(*st));
	server_start(&st->server);
	st->sim = (struct sim){
		.mono = { 100 * NM_NS_PER_S }, .time = time_of_s(START), .synchronised = true,
		.chance = 1, .latency_ns = 20 * NM_NS_PER_MS, .file = "secret\n",
		.peer = { server_accepted, server_received, server_left, &st->server },
		.prints_log = prints_log,
	};
	st->conf = (struct conf_uplink){
		.name = "centre", .url = "https://clickhouse.example:8443/", .user = "agent",
		.password_file = "/a/file", .database = "netmeta", .timeout_ms = 10000,
		.compression = CONF_COMPRESSION_NONE,
		.retry_min_ms = 1000, .retry_max_ms = 60000, .horizon_s = 600,
	};
	st->identity = (struct identity){ "router", born, 0 };
	sim_use(&st->sim);
	if (spool_create(&st->spool, st->region, &shape, born)) {
		printf("    the spool cannot be made\n");
		exit(1);
	}
	limit(st);
	begin(st);
}

void stage_close(struct stage *st)
{
	sender_free(st->sender);
	st->sender = NULL;
}

void stage_kill(struct stage *st)
{
	stage_close(st);
	if (spool_open(&st->spool, st->region, sizeof(st->region))) {
		printf("    the spool cannot be taken over\n");
		exit(1);
	}
	limit(st);
	begin(st);
}

/* --- records ---------------------------------------------------------------------------- */

static size_t put_varint(uint8_t *at, uint64_t value)
{
	size_t len = 0;

	for (; value > 127; value >>= 7)
		at[len++] = (uint8_t)(value | 0x80);
	at[len++] = (uint8_t)value;
	return len;
}

/* SequenceNum = 4 is its serial number, TimeReceivedNs = 110, and SrcAddr = 6 fills it up. */
static size_t put_record(uint8_t *at, uint64_t serial, nm_time now, size_t bytes)
{
	uint8_t message[SPOOL_RECORD];
	size_t len = 0, fill;

	message[len++] = 4 << 3;
	len += put_varint(message + len, serial);
	message[len++] = 0xf0;
	message[len++] = 0x06;
	len += put_varint(message + len, (uint64_t)now.ns);
	fill = bytes > len + 6 ? bytes - len - 6 : 1;
	message[len++] = 6 << 3 | 2;
	len += put_varint(message + len, fill);
	memset(message + len, 'x', fill);
	len += fill;
	fill = put_varint(at, len);
	memcpy(at + fill, message, len);
	return fill + len;
}

void stage_feed(struct stage *st, enum stream stream, uint64_t records, size_t bytes)
{
	uint8_t lost[SPOOL_RECORD];

	while (records--) {
		uint8_t *at = spool_reserve(&st->spool, stream);
		size_t len = put_record(at ? at : lost, st->fed++, st->sim.time, bytes);

		if (at)
			spool_put(&st->spool, len);
		else
			spool_lost(&st->spool, stream, len);
		spool_commit(&st->spool);
	}
	spool_seal_all(&st->spool);
}

/* --- time --------------------------------------------------------------------------------- */

/* Only when it asked for it, or when what it waits for has come: as an event loop would. */
void stage_run(struct stage *st, int64_t ns)
{
	nm_mono end = mono_plus(st->sim.mono, ns);
	unsigned turns = 0;

	for (;;) {
		nm_mono next = sender_turn(st->sender, st->sim.mono, st->sim.time,
					   st->sim.synchronised);

		next = mono_first(next, sim_ready(sender_wait(st->sender)));
		if (mono_reached(st->sim.mono, next)) {
			if (++turns < TURNS_AT_ONCE)
				continue;
			st->stalls++;
			return;
		}
		turns = 0;
		next = mono_first(next, end);
		if (mono_reached(st->sim.mono, next))
			return;
		sim_advance(mono_since(next, st->sim.mono));
	}
}

/* --- numbers ---------------------------------------------------------------------------------- */

struct sender_status stage_status(const struct stage *st)
{
	return sender_status(st->sender, st->sim.mono, st->sim.time);
}

static struct spool_counts totals(const struct stage *st)
{
	struct spool_counts all = { 0 };

	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		struct spool_counts c = spool_counts(&st->spool, st->slot, s);

		all.acknowledged.records += c.acknowledged.records;
		all.acknowledged.batches += c.acknowledged.batches;
		all.dropped.records += c.dropped.records;
		all.quarantined.records += c.quarantined.records;
		all.doubted.records += c.doubted.records;
	}
	return all;
}

static uint64_t held(const struct stage *st)
{
	uint64_t records = 0;

	for (enum stream s = 0; s < STREAM_COUNT; s++)
		records += spool_held(&st->spool, st->slot, s).records;
	return records;
}

bool stage_number(const struct stage *st, const char *name, uint64_t *value)
{
	const struct spool_counts c = totals(st);
	const struct sender_status status = stage_status(st);
	const struct server *sv = &st->server;
	const struct { const char *name; uint64_t value; } numbers[] = {
		{ "fed", st->fed }, { "held", held(st) },
		{ "acknowledged", c.acknowledged.records },
		{ "acknowledged-batches", c.acknowledged.batches },
		{ "dropped", c.dropped.records }, { "quarantined", c.quarantined.records },
		{ "doubted", c.doubted.records },
		{ "failures", status.counts.failures }, { "reconnects", status.counts.reconnects },
		{ "divided", status.counts.divided },
		{ "lag-seconds", (uint64_t)(status.lag_ns / NM_NS_PER_S) },
		{ "warnings", st->sim.warnings }, { "stalls", st->stalls },
		{ "seal-bytes", st->spool.limits.seal_bytes },
		{ "seal-ms", (uint64_t)(st->spool.limits.seal_ns / NM_NS_PER_MS) },
		{ "held-events", st->events[EVENT_UPLINK_HELD] },
		{ "recovered-events", st->events[EVENT_UPLINK_RECOVERED] },
		{ "quarantine-events", st->events[EVENT_QUARANTINE] },
		{ "stored", server_stored(sv) }, { "doubled", server_doubled(sv) },
		{ "stored-batches", server_numbers(sv) }, { "names", sv->batches },
		{ "connections", sv->connections }, { "inserts", sv->inserts },
		{ "questions", sv->questions }, { "refused-logins", sv->refused_logins },
		{ "too-large", sv->too_large }, { "packed", sv->packed },
		{ "complaints", sv->complaints },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!strcmp(name, numbers[i].name)) {
			*value = numbers[i].value;
			return true;
		}
	}
	return false;
}
