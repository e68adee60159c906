// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as datagrams: a length of two bytes, the exporter's number in one, then the datagram,
 * and again, so that templates and data can meet. The number says how long it was quiet before,
 * too: so many minutes, from 0xc0 on hours from 0. The length ffff is none: there the process
 * ends, and the next one knows what was noted. Every byte must be counted once, every record must
 * come from an exporter that has a slot, the tables must stay whole, and what outlives a process
 * is just what it noted. Each datagram ends where its memory does, so that the first byte too many
 * is seen. tests/fuzz/run.py runs it.
 */
#include "core/counters.h"
#include "core/name.h"
#include "core/recollect.h"
#include "tests/fuzz/tables.h"
#include "tests/guard.h"

#define RESTART  UINT16_MAX
#define IN_HOURS 0xc0

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
	start_tables();
	recall_create(&recall, notes, sizeof(notes));
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

/* --- what outlives a process --------------------------------------------------------- */

struct known {
	struct template templates[TEMPLATES];
	struct chunk chunks[CHUNKS];
	struct rate_slot rates[RATES];
	struct sampled sampled[EXPORTERS];
	uint32_t noted_templates, noted_rates, noted_exporters;
	bool noted_all[EXPORTERS];	/* of rates */
};

static void remember(struct known *k)
{
	memset(k, 0, sizeof(*k));
	memcpy(k->templates, template_slots, sizeof(template_slots));
	memcpy(k->chunks, chunks, sizeof(chunks));
	memcpy(k->rates, rates, sizeof(rates));
	memcpy(k->sampled, sampled, sizeof(sampled));
	for (uint32_t i = 1; i < TEMPLATES; i++)
		k->noted_templates += k->templates[i].owner && k->templates[i].note;
	for (uint32_t of = 0; of < EXPORTERS; of++) {
		const struct sampled *e = &sampled[of];

		k->noted_exporters += e->note != 0;
		k->noted_all[of] = e->note || (!e->rate && !e->boot_ms);
		for (uint32_t i = e->rates; i; i = rates[i].sibling) {
			k->noted_rates += rates[i].told.note != 0;
			k->noted_all[of] &= rates[i].told.note || !rates[i].told.rate;
		}
	}
}

/* Each note is somebody's, and its blocks are those that its exporter is said to have. */
static void check_notes(const struct known *k)
{
	struct recall_found found = { 0 };
	uint32_t held = 0, count = 0;

	for (uint32_t of = 1; of < EXPORTERS; of++)
		must(notes_held[of] <= recall.per_exporter);
	for (uint32_t of = 0; of < EXPORTERS; of++)
		held += notes_held[of];
	while (recall_next(&recall, &found))
		count++;
	must(held == recall.used && !notes_held[0] && recall.used < NOTES);
	must(count == k->noted_templates + k->noted_rates + k->noted_exporters);
}

static bool same_steps(const struct template *a, const struct chunk *of_a,
		       const struct template *b, const struct chunk *of_b)
{
	uint32_t i = a->chunk, j = b->chunk;

	if (a->steps != b->steps || a->unknown != b->unknown)
		return false;
	for (unsigned left = a->steps + a->unknown; left; i = of_a[i].next, j = of_b[j].next) {
		unsigned n = left < CHUNK_STEPS ? left : CHUNK_STEPS;

		if (memcmp(of_a[i].steps, of_b[j].steps, n * sizeof(struct step)))
			return false;
		left -= n;
	}
	return !i && !j;
}

static void check_template_again(const struct known *k, const struct template *was, nm_time now)
{
	const struct template *t = template_find(&templates, was->owner, was->id, now);

	must(!t == !was->note);
	if (!t)
		return;
	must(t->note == was->note && t->options == was->options && t->min_len == was->min_len);
	must(t->tail == was->tail && t->etype == was->etype && t->finish == was->finish);
	must(t->unlisted == was->unlisted && t->names == was->names);
	must(t->variable == was->variable && same_steps(t, chunks, was, k->chunks));
}

/* The rate that all rates agree on is the same too, when all were noted. */
static void check_rates_again(struct known *k, uint32_t of)
{
	const struct sampled *was = &k->sampled[of], *is = &sampled[of];
	struct sampling before = sampling;

	must(is->note == was->note);
	must(is->rate == (was->note ? was->rate : 0));
	must(is->boot_ms == (was->note ? was->boot_ms : 0));
	for (uint32_t i = was->rates; i; i = k->rates[i].sibling) {
		const struct rate_told *t = &k->rates[i].told;

		must(sampling_find(&sampling, of, t->scope, t->id) == (t->note ? t->rate : 0));
	}
	before.slots = k->rates;
	before.exporters = k->sampled;
	must(!k->noted_all[of] ||
	     sampling_common(&sampling, of) == sampling_common(&before, of));
}

/* Another process begins with the notes of this one. */
static void restart(nm_time now)
{
	static struct known k;
	struct recollected said;
	uint8_t seen[NOTES] = { 0 };

	remember(&k);
	check_notes(&k);
	start_tables();
	must(recall_open(&recall, notes, sizeof(notes), seen) == NM_OK);
	said = recollect(&recall, &decoder, now);
	must(!said.left_out && said.templates == k.noted_templates);
	must(templates.used == k.noted_templates && sampling.used == k.noted_rates);
	for (uint32_t i = 1; i < TEMPLATES; i++)
		if (k.templates[i].owner)
			check_template_again(&k, &k.templates[i], now);
	for (uint32_t of = 0; of < EXPORTERS; of++)
		check_rates_again(&k, of);
	check_templates();
	check_sampling();
	check_notes(&k);
}

/* --- datagrams ------------------------------------------------------------------------ */

/* One datagram in memory of just its size. */
static void feed(const uint8_t *bytes, size_t len, uint8_t number, nm_time now)
{
	const uint8_t address[4] = { 192, 0, 2, number };
	struct datagram dg = { .seen = now, .from = addr_v4(address) };
	enum nm_err err = NM_ERR_COUNT;

	must(datagram_decode(&decoder, buf_of(guarded(bytes, len), len), &dg, &err));
	must(err < NM_ERR_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_all(uint64_t received)
{
	check_counts(received);
	check_templates();
	check_park();
	check_sampling();
	check_unknown();
}

static nm_time later(nm_time now, uint8_t number)
{
	int64_t minutes = number < IN_HOURS ? number : (number - IN_HOURS) * 60;

	return time_plus(now, minutes * 60 * NM_NS_PER_S);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in = buf_of(data, size);
	nm_time now = time_of_s(1700000000);
	uint64_t received = 0;

	start();
	while (buf_left(&in) >= 3) {
		size_t len = buf_u16(&in);
		uint8_t number = buf_u8(&in);

		now = later(now, number);
		if (len == RESTART) {
			end_waiting(received);
			restart(now);
			continue;
		}
		if (len > buf_left(&in))
			len = buf_left(&in);
		feed(buf_take(&in, len).p, len, number & 3, now);
		received += len;
		check_all(received);
	}
	end_waiting(received);
	restart(now);
	return 0;
}
