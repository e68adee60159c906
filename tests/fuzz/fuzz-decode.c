// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as datagrams: a length of two bytes, the exporter's number in one, then the datagram,
 * and again, so that templates and data can meet. Every byte must be counted once, every record
 * must come from an exporter that has a slot, and the tables must stay whole. Each datagram ends
 * where its memory does, so that the first byte too many is seen. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -DCONFIG_NETFLOW5 -DCONFIG_IPFIX \
 *		-I. tests/fuzz/fuzz-decode.c core/detect.c core/decode.c core/exporter.c \
 *		core/netflow5.c core/ipfix.c core/park.c core/sampling.c core/template.c \
 *		core/layout.c core/steps.c -o fuzz-decode
 *	./fuzz-decode -max_total_time=60 NEW-CASES tests/fuzz/seeds/decode
 */
#include "core/counters.h"
#include "core/datasource.h"
#include "core/decode.h"
#include "core/name.h"
#include "core/sampling.h"
#include "core/template.h"
#include "core/unknown.h"
#include "tests/guard.h"

#define PARKING_CHUNKS 20		/* so few that they run out */
#include "tests/parking.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

#define EXPORTERS 8
#define TEMPLATES 16
#define CHUNKS    24
#define RATES     12
#define UNKNOWN   8
#define SOURCES   16

static struct exporter slots[EXPORTERS];
static struct exporters exporters;
static struct template template_slots[TEMPLATES];
static struct chunk chunks[CHUNKS];
static struct templates templates;
static struct rate_slot rates[RATES];
static struct sampled sampled[EXPORTERS];
static struct sampling sampling;
static struct datasource source_slots[SOURCES];
static uint32_t sources_held[EXPORTERS];
static struct datasources sources;
static struct unknown_row unknown_rows[UNKNOWN];
static struct unknown unknown;
static uint64_t records;

static void keep(struct flow_sink *sink, const struct flow *f)
{
	(void)sink;
	must(f->rate >= 1 && f->label_count <= FLOW_LABELS && !addr_is_absent(&f->exporter));
	must(f->direction <= DIRECTION_EGRESS && f->rate_source <= RATE_HEADER);
	records++;
}

static void keep_counters(struct flow_sink *sink, const struct counters *c)
{
	(void)sink;
	must(c->count <= COUNTERS_MOST && c->text_count <= COUNTER_TEXTS && *c->group);
	records++;
}

static void keep_name(struct flow_sink *sink, const struct name_told *name)
{
	(void)sink;
	must(name->kind != NAME_UNKNOWN);
	records++;
}

static void see_rate(struct decoder *d, struct exporter *e, const struct rate_told *told,
		     uint64_t was)
{
	(void)d;
	must(e > slots && was && told->rate && told->rate != was);
}

static struct flow_sink sink = { keep, keep, keep_counters, keep_name };
static struct decoder decoder = {
	.exporters = &exporters, .templates = &templates, .sampling = &sampling,
	.park = &parking, .sources = &sources, .sink = &sink, .unknown = &unknown,
	.rate_changed = see_rate,
};

static void start(void)
{
	memset(slots, 0, sizeof(slots));
	exporters = (struct exporters){ .slots = slots, .size = EXPORTERS };
	templates = (struct templates){
		.slots = template_slots, .size = TEMPLATES, .chunks = chunks,
		.chunk_count = CHUNKS, .per_exporter = TEMPLATES / 2, .keep_unknown = true,
	};
	templates_init(&templates, &exporters);
	parking_start(&exporters);
	memset(rates, 0, sizeof(rates));
	memset(sampled, 0, sizeof(sampled));
	sampling = (struct sampling){
		.slots = rates, .size = RATES, .per_exporter = RATES / 2, .exporters = sampled,
	};
	memset(source_slots, 0, sizeof(source_slots));
	memset(sources_held, 0, sizeof(sources_held));
	sources = (struct datasources){
		.slots = source_slots, .size = SOURCES, .per_exporter = SOURCES / 4,
		.held = sources_held,
	};
	memset(unknown_rows, 0, sizeof(unknown_rows));
	unknown = (struct unknown){ .rows = unknown_rows, .size = UNKNOWN };
	records = 0;
}

/* The sums close, and the records that were counted are those that came. */
static void check_counts(uint64_t received)
{
	uint64_t sum = 0, counted = 0;

	for (const struct exporter *e = slots; e < slots + EXPORTERS; e++) {
		uint64_t parts = 0;

		for (int what = COUNT_BYTES_HEADERS; what <= COUNT_BYTES_BAD_TEMPLATE; what++)
			parts += e->counts.n[what];
		must(parts == e->counts.n[COUNT_BYTES_RECEIVED]);
		must(e->counts.n[COUNT_SEQUENCE_LATE] <= e->counts.n[COUNT_SEQUENCE_MISSING]);
		sum += parts;
		counted += e->counts.n[COUNT_RECORDS_DECODED];
	}
	must(sum == received && counted == records);
}

static void check_templates(void)
{
	uint32_t held = 0, free_slots = 0, free_chunks = 0;

	for (int i = 0; i < EXPORTERS; i++)
		held += slots[i].templates;
	for (uint32_t i = templates.free_slot; i; i = template_slots[i].next)
		must(++free_slots < TEMPLATES);
	for (uint32_t i = templates.free_chunk; i; i = chunks[i].next)
		must(++free_chunks < CHUNKS);
	must(held == templates.used && held + free_slots == TEMPLATES - 1);
	must(free_chunks + templates.chunks_used == CHUNKS - 1);
}

/* Sets are in the line of their exporter, which says how many they are, and how long. */
static uint32_t check_line(uint32_t of)
{
	uint32_t held = 0, sets = 0, at = parking_lines[of].oldest, before = 0;
	uint64_t bytes = 0;

	for (; at; before = at, at = parking_chunks[at].set.newer) {
		const struct park_set *s = &parking_chunks[at].set;

		must(held < PARKING_CHUNKS && s->of == of && s->older == before);
		sets += s->what.len > 0;
		bytes += s->what.len;
		for (uint32_t i = at; i; held++)
			i = i == at ? s->rest : parking_chunks[i].rest.next;
	}
	must(before == parking_lines[of].newest && held == parking_lines[of].chunks);
	must(held <= parking.per_exporter && sets == slots[of].parked);
	must(bytes == slots[of].counts.n[COUNT_BYTES_PARKED]);
	return held;
}

static void check_park(void)
{
	uint32_t held = 0, free_chunks = 0;

	for (uint32_t of = 0; of < EXPORTERS; of++)
		held += check_line(of);
	for (uint32_t i = parking.free_chunk; i; i = parking_chunks[i].rest.next)
		must(++free_chunks < PARKING_CHUNKS);
	must(held == parking.used && held + free_chunks == parking.fresh);
}

/* Our clock is set, and what waits moves along; then no more comes, and nothing waits longer. */
static void end_waiting(uint64_t received)
{
	park_shift(&parking, NM_NS_PER_S);
	check_park();
	for (int i = 0; i < EXPORTERS; i++)
		park_clear(&parking, &slots[i]);
	check_park();
	must(!parking.used);
	check_counts(received);
}

/* Each slot is one exporter's or free, and is found where its hash says. */
static void check_sampling(void)
{
	uint32_t held = 0, free_slots = 0;

	for (uint32_t of = 0; of < EXPORTERS; of++) {
		uint32_t own = 0;

		for (uint32_t i = sampled[of].rates; i; i = rates[i].sibling, own++) {
			const struct rate_told *t = &rates[i].told;

			must(own < RATES && rates[i].of == of);
			must(sampling_find(&sampling, of, t->scope, t->id) == t->rate);
		}
		must(own == sampled[of].samplers + sampled[of].interfaces && own <= RATES / 2);
		held += own;
	}
	for (uint32_t i = sampling.free_slot; i; i = rates[i].next)
		must(++free_slots < RATES);
	must(held == sampling.used && held + free_slots == sampling.fresh);
}

/* Rows in use are those that were counted, and a quarter stays free. */
static void check_unknown(void)
{
	uint32_t used = 0;

	for (const struct unknown_row *r = NULL; (r = unknown_next(&unknown, r)); used++)
		must(r->count && r->kind < UNKNOWN_KINDS);
	must(used == unknown.used && used < UNKNOWN);
}

/* One datagram in memory of just its size; time goes on by the exporter's number, in minutes. */
static void feed(const uint8_t *bytes, size_t len, uint8_t number, nm_time now)
{
	const uint8_t address[4] = { 192, 0, 2, number };
	struct datagram dg = { .seen = now, .from = addr_v4(address) };
	enum nm_err err = NM_ERR_COUNT;

	must(datagram_decode(&decoder, buf_of(guarded(bytes, len), len), &dg, &err));
	must(err < NM_ERR_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in = buf_of(data, size);
	nm_time now = time_of_s(1700000000);
	uint64_t received = 0;

	start();
	while (buf_left(&in) >= 3) {
		size_t len = buf_u16(&in);
		uint8_t number = buf_u8(&in);

		if (len > buf_left(&in))
			len = buf_left(&in);
		now = time_plus(now, number * 60 * NM_NS_PER_S);
		feed(buf_take(&in, len).p, len, number & 3, now);
		received += len;
		check_counts(received);
		check_templates();
		check_park();
		check_sampling();
		check_unknown();
	}
	end_waiting(received);
	return 0;
}
