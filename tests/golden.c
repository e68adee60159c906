// SPDX-License-Identifier: Apache-2.0
/*
 * Captures against records that others dissected. A case is a capture and a table: one row a
 * record, one column a field, the columns of column.h. Every row and every column
 * must agree. tests/GOLDEN lists where that cannot be yet; a case listed there that agrees after
 * all is an error, so that the list stays true.
 *
 * tests/data holds our own cases, with the counters each must end with and the names and counters
 * that were told; of their records, what no column speaks of must be absent. The many others are
 * not ours to copy: they lie in $NETMETA_TESTDATA, or beside the tree.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/datasource.h"
#include "core/decode.h"
#include "core/pcap.h"
#include "core/sampling.h"
#include "core/template.h"
#include "tests/comparing.h"
#include "tests/guard.h"
#include "tests/parking.h"

#define EXPORTERS      64
#define TEMPLATES      256
#define CHUNKS         (4 * TEMPLATES)
#define RATES          64
#define SOURCES        256
#define MOST_DATAGRAMS 1024		/* of a capture */

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

/* --- decoding a capture ---------------------------------------------------- */

static struct decoder decoder = {
	.exporters = &exporters, .templates = &templates, .sampling = &sampling,
	.park = &parking, .sources = &sources, .sink = &keeping_sink,
};

static bool keep_unknown;		/* our own tables say what is unknown */

static void start(void)
{
	memset(slots, 0, sizeof(slots));
	exporters = (struct exporters){ .slots = slots, .size = EXPORTERS };
	templates = (struct templates){
		.slots = template_slots, .size = TEMPLATES, .chunks = chunks,
		.chunk_count = CHUNKS, .per_exporter = TEMPLATES / 2,
		.keep_unknown = keep_unknown,
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
		.slots = source_slots, .size = SOURCES, .per_exporter = SOURCES / 2,
		.held = sources_held,
	};
	keeping_start();
}

static bool all_close(uint64_t received)
{
	uint64_t sum = 0;

	for (const struct exporter *e = slots; e < slots + EXPORTERS; e++) {
		uint64_t parts = 0;

		for (int what = COUNT_BYTES_HEADERS; what <= COUNT_BYTES_BAD_TEMPLATE; what++)
			parts += e->counts.n[what];
		if (parts != e->counts.n[COUNT_BYTES_RECEIVED])
			return false;
		sum += parts;
	}
	return sum == received;
}

/* One datagram, up to `len` bytes of it; they end at the fence. Returns how many they were. */
static uint64_t feed(const struct pcap_datagram *in, size_t len)
{
	struct datagram dg = { .seen = in->at, .from = in->from };
	enum nm_err err;

	kept.packet++;
	datagram_decode(&decoder, buf_of(guarded(in->payload.p, len), len), &dg, &err);
	return len;
}

static struct pcap_datagram datagrams[MOST_DATAGRAMS];
static size_t datagram_count;

/* The datagrams of a capture; their bytes are the caller's to free. */
static struct words load(const char *path)
{
	struct words file = text_read(path);
	struct pcap pcap;

	datagram_count = 0;
	if (!file.bytes || pcap_open(&pcap, buf_of(file.bytes, file.len))) {
		fail("%s: cannot be read", path);
		return file;
	}
	while (datagram_count < MOST_DATAGRAMS && pcap_next(&pcap, &datagrams[datagram_count]))
		datagram_count++;
	if (pcap.others || pcap.fragments || pcap.cut || buf_left(&pcap.rest)) {
		fail("%s: packets that are no datagrams", path);
		datagram_count = 0;
	}
	return file;
}

/*
 * The first `count` datagrams, then up to `len` bytes of the next; does the account close? What
 * still waits for its template at the end has none.
 */
static bool decode(size_t count, size_t len)
{
	uint64_t received = 0;

	start();
	for (size_t i = 0; i < count; i++)
		received += feed(&datagrams[i], buf_left(&datagrams[i].payload));
	if (count < datagram_count)
		received += feed(&datagrams[count], len);
	if (!all_close(received))
		return false;
	for (int i = 0; i < EXPORTERS; i++)
		park_clear(&parking, &slots[i]);
	return all_close(received);
}

static bool decode_whole(const char *path)
{
	struct words file = load(path);
	bool good = datagram_count && decode(datagram_count, 0);

	free(file.bytes);
	return good || fail("%s: bytes counted twice or never", path);
}

static bool decode_every_truncation(const char *path)
{
	struct words file = load(path);
	bool good = true;

	for (size_t i = 0; i < datagram_count; i++)
		for (size_t len = 0; len < buf_left(&datagrams[i].payload); len++)
			good &= decode(i, len);
	free(file.bytes);
	return good || fail("%s: bytes of a truncation counted twice or never", path);
}

/* --- comparing ------------------------------------------------------------- */

/* Counters by name, one a line; of all exporters of the case together. */
static bool compare_counts(const char *table)
{
	struct words file = text_read(table);
	struct line row = { 0 };
	char *at = file.bytes;
	bool good = at;

	while (at && line_next(&at, &row)) {
		uint64_t sum = 0;
		int what = 0;

		while (what < COUNT_COUNT && strcmp(count_name(what), row.field[0]))
			what++;
		for (int i = 0; i < EXPORTERS && what < COUNT_COUNT; i++)
			sum += slots[i].counts.n[what];
		if (what == COUNT_COUNT || row.count < 2 || sum != strtoull(row.field[1], NULL, 10))
			good = fail("%s: %s is %llu", table, row.field[0], (unsigned long long)sum);
	}
	free(file.bytes);
	return good;
}

/* --- the cases ------------------------------------------------------------- */

struct sums { unsigned passed, failed, skipped, waiting; uint64_t fields, ignored, differ; };

static void sum_up(struct sums *to, const struct sums *more)
{
	to->passed += more->passed;
	to->failed += more->failed;
	to->waiting += more->waiting;
	to->fields += more->fields;
	to->ignored += more->ignored;
	to->differ += more->differ;
}

static void judge(struct sums *sums, const struct golden_case *c, const struct tally *t, bool good)
{
	const struct sums one = { good, !good, 0, good && c->waiting, t->fields, t->ignored,
				  t->waiting + t->differ };

	sum_up(sums, &one);
	if (!good)
		printf("FAIL the case %s agrees in every field\n", c->name);
}

static void print_sums(const char *what, const struct sums *s)
{
	printf("golden: %-9s %3u of %3u open cases agree in every field, %u wait; of %6" PRIu64
	       " fields %" PRIu64 " differ, %" PRIu64 " more for the reasons of tests/GOLDEN\n",
	       what, s->passed - s->waiting, s->passed + s->failed, s->waiting, s->fields,
	       s->differ, s->ignored);
}

static void shared_case(struct sums *sums, const char *folder, const char *name,
			const struct words *list)
{
	struct golden_case c = { .name = name };
	struct tally t = { 0 };

	golden_look_up(list, &c);
	judge(sums, &c, &t, decode_whole(join(folder, "/flow/", name, ".pcap", "")) &&
	      compare(&c, join(folder, "/flow/expected/", name, ".flows.tsv", ""), &t));
}

/* CASES.tsv begins with the columns case, split, class, proto. */
static void shared_cases(struct sums *sums, const char *folder, struct words *list)
{
	static struct { const char *name; struct sums sums; } protocols[] = {
		{ .name = "netflow5" }, { .name = "netflow9" }, { .name = "ipfix" },
		{ .name = "sflow5" }, { .name = "others" },
	};
	const size_t last = sizeof(protocols) / sizeof(protocols[0]) - 1;
	struct words cases = text_read(join(folder, "/CASES.tsv", ""));
	struct line row = { 0 };
	char *at = cases.bytes;

	if (!at) {
		printf("SKIP the open cases agree in every field: no test data at %s\n", folder);
		sums->skipped++;
		return;
	}
	while (line_next(&at, &row)) {
		size_t i = 0;

		if (row.number == 1 || row.count < 4)
			continue;
		while (i < last && strcmp(protocols[i].name, row.field[3]))
			i++;
		shared_case(&protocols[i].sums, folder, row.field[0], list);
	}
	for (size_t i = 0; i <= last; i++) {
		if (protocols[i].sums.passed + protocols[i].sums.failed)
			print_sums(protocols[i].name, &protocols[i].sums);
		sum_up(sums, &protocols[i].sums);
	}
	print_sums("all", sums);
	free(cases.bytes);
}

/* `path` without what the names of its files end in. */
static bool own_case(const struct golden_case *c, const char *path, struct tally *t)
{
	const char *capture = join(path, ".pcap", "");
	bool good = decode_every_truncation(capture);

	good &= decode_whole(capture);
	good &= compare(c, join(path, ".flows.tsv", ""), t);
	good &= compare_lines(join(path, ".names.tsv", ""), kept.name_count, line_name);
	good &= compare_lines(join(path, ".counters.tsv", ""), kept.counter_count, line_counters);
	return good & compare_counts(join(path, ".counts.tsv", ""));
}

static void own_cases(struct sums *sums, const char *folder)
{
	struct words cases = text_read(join(folder, "/CASES", ""));
	struct golden_case c = { .own = true };
	struct line row = { 0 };
	char *at = cases.bytes;

	while (at && line_next(&at, &row)) {
		char *name = row.field[0];
		struct tally t = { 0 };

		if (*name == '#' || !*name)
			continue;
		c.name = name;
		judge(sums, &c, &t, own_case(&c, join(folder, "/", name, ""), &t));
	}
	if (!at) {
		fail("%s: no cases", folder);
		sums->failed++;
	}
	free(cases.bytes);
}

/* The tree that this file was compiled from. */
static const char *tree(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s", __FILE__);
	path[strlen(path) - strlen("/tests/golden.c")] = '\0';
	return path;
}

int main(void)
{
	const char *beside = getenv("NETMETA_TESTDATA");
	struct sums shared = { 0 }, own = { 0 };
	struct words list;

	if (chdir(tree())) {
		perror(tree());
		return 1;
	}
	list = text_read("tests/GOLDEN");
	keep_unknown = true;
	own_cases(&own, "tests/data");
	keep_unknown = false;
	shared_cases(&shared, beside ? beside : "../shared/testdata", &list);
	free(list.bytes);
	printf("%u passed, %u failed, %u skipped\n", own.passed + shared.passed,
	       own.failed + shared.failed, own.skipped + shared.skipped);
	return own.failed + shared.failed != 0;
}
