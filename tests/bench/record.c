// SPDX-License-Identifier: Apache-2.0
/*
 * What a record costs on its way, as far as a stage: the same datagrams over and over, from
 * memory, through the program's own chain.
 *	record STAGE KIND ROUNDS	prints records and nanoseconds
 * STAGE is decode (to a sink that does nothing), encode (each record into the same place) or store
 * (into a spool that nobody wants anything of). A round is all of DATAGRAMS once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "firmware/chain.h"
#include "platform/platform.h"
#include "tests/bench/traffic.h"

#define DATAGRAMS  64
#define EXPORTERS  64
#define SPOOL_SIZE (16u << 20)
#define SECOND     1700000000u

static struct chain chain;
static struct spool spool;
static struct traffic traffic;
static struct traffic_datagram datagrams[DATAGRAMS];
static uint64_t records, octets;
static uint32_t sent;

void log_line(enum conf_log level, const char *format, ...)
{
	(void)level, (void)format;
}

/* --- stages ------------------------------------------------------------------------------ */

static uint8_t *place(struct store *s, enum stream stream)
{
	static uint8_t record[SPOOL_RECORD];

	(void)s, (void)stream;
	return record;
}

static void keep_nothing(struct store *s, enum stream stream, size_t len)
{
	(void)s;
	records += stream == STREAM_FLOWS;
	octets += len;
}

static void commit_nothing(struct store *s, uint32_t slot, const struct exporter *e)
{
	(void)s, (void)slot, (void)e;
}

static uint8_t *spool_place(struct store *s, enum stream stream)
{
	(void)s;
	return spool_reserve(&spool, stream);
}

static void keep(struct store *s, enum stream stream, size_t len)
{
	spool_put(&spool, len);
	keep_nothing(s, stream, len);
}

static void commit(struct store *s, uint32_t slot, const struct exporter *e)
{
	(void)s;
	spool_exporter(&spool, slot, e);
	spool_commit(&spool);
}

static struct store no_store = { place, keep_nothing, keep_nothing, commit_nothing };
static struct store spool_store = { spool_place, keep, keep, commit };

static void drop(struct flow_sink *sink, const struct flow *f)
{
	(void)sink;
	records++;
	octets += f->bytes;
}

static struct flow_sink no_sink = { .put = drop };

static const struct stage {
	const char *name;
	struct store *store;
	struct flow_sink *sink;		/* instead of the chain's */
} stages[] = {
	{ "decode", &no_store, &no_sink },
	{ "encode", &no_store, NULL },
	{ "store", &spool_store, NULL },
};

/* --- the run ----------------------------------------------------------------------------- */

static void feed(const struct traffic_datagram *d)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	const struct datagram dg = { time_of_s(SECOND), addr_v4(address), 0 };

	chain_datagram(&chain, buf_of(d->bytes, d->len), &dg);
}

static bool prepare(const struct stage *stage, const struct traffic_kind *kind)
{
	struct spool_shape shape = { .size = SPOOL_SIZE, .exporters = EXPORTERS };
	struct chain_sizes sizes = { EXPORTERS, 512, 128 << 10 };	/* the presets */
	struct incarnation incarnation = { { 1 } };
	struct traffic_datagram template;

	if (!chain_start(&chain, &sizes, stage->store) ||
	    spool_create(&spool, calloc(1, SPOOL_SIZE), &shape, incarnation))
		return false;
	spool_limit(&spool, (struct spool_limits){ 512 << 10, 2 * NM_NS_PER_S });
	chain_clock(&chain, true, 0);
	if (stage->sink)
		chain.decoder.sink = stage->sink;
	traffic = traffic_of(kind, SECOND * 1000ull);
	if (traffic_template(&traffic, &template))
		feed(&template);
	for (unsigned i = 0; i < DATAGRAMS; i++)
		traffic_next(&traffic, &datagrams[i]);
	return true;
}

static void run(unsigned long rounds)
{
	while (rounds--) {
		for (unsigned i = 0; i < DATAGRAMS; i++) {
			traffic_number(&traffic, &datagrams[i], sent++, SECOND);
			feed(&datagrams[i]);
		}
	}
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NM_NS_PER_S + (uint64_t)t.tv_nsec;
}

static const struct stage *stage_of(const char *name)
{
	for (const struct stage *s = stages; s < stages + sizeof(stages) / sizeof(*s); s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct stage *stage = argc == 4 ? stage_of(argv[1]) : NULL;
	const struct traffic_kind *kind = argc == 4 ? traffic_kind(argv[2]) : NULL;
	unsigned long rounds = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	uint64_t begun;

	if (!stage || !kind || !rounds) {
		fprintf(stderr, "record decode|encode|store KIND ROUNDS\nkinds: %s\n",
			traffic_names());
		return 2;
	}
	if (!prepare(stage, kind))
		return 2;
	begun = now_ns();
	run(rounds);
	begun = now_ns() - begun;
	if (records != (uint64_t)rounds * DATAGRAMS * kind->records)
		return 1;
	printf("%llu records %llu ns %llu ps/record, %llu bytes\n", (unsigned long long)records,
	       (unsigned long long)begun, (unsigned long long)(begun * 1000 / records),
	       (unsigned long long)octets);
	return 0;
}
