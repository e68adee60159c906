// SPDX-License-Identifier: Apache-2.0
/*
 * A bent region of notes: one with templates, options templates and rates of three exporters is
 * changed at any bytes (a place of two bytes, a value of one, and again). When the input's first
 * byte is odd, the checksums are put right afterwards, so that whatever notes say comes through.
 * The region is either refused, or its notes can be learned, kept and dropped, and whoever opens
 * it next finds it whole. tests/fuzz/run.py runs it.
 */
#include "core/recollect.h"
#include "core/sampling.h"
#include "core/template.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

#define BLOCKS    48
#define REGION    (BLOCKS * RECALL_BLOCK)
#define EXPORTERS 8
#define SLOTS     10
#define CHUNKS    64
#define NOW       time_of_s(1700000000)

static _Alignas(RECALL_BLOCK) uint8_t region[REGION], whole[REGION];
static struct exporter exporter_slots[EXPORTERS];
static struct exporters all = { exporter_slots, EXPORTERS, 0 };
static uint32_t slot_of[3];
static uint32_t held[EXPORTERS];
static struct recall recall;
static struct template slots[SLOTS];
static struct chunk chunks[CHUNKS];
static struct templates templates;
static struct rate_slot rates[8];
static struct sampled sampled[EXPORTERS];
static struct sampling sampling;
static struct decoder decoder = { .exporters = &all, .templates = &templates,
				  .sampling = &sampling };

static void begin(void)
{
	memset(rates, 0, sizeof(rates));
	memset(sampled, 0, sizeof(sampled));
	memset(held, 0, sizeof(held));
	templates = (struct templates){ .slots = slots, .chunks = chunks, .size = SLOTS,
					.chunk_count = CHUNKS, .per_exporter = SLOTS / 2 };
	templates_init(&templates, &all);
	sampling = (struct sampling){ .slots = rates, .size = 8, .per_exporter = 4,
				      .exporters = sampled };
	recall = (struct recall){ .exporters = &all, .held = held, .per_exporter = BLOCKS / 2 };
}

/* A template of so many fields: elements 1, 2, 3 ..., of four bytes each. */
static void teach(unsigned who, uint16_t id, uint8_t fields, bool options)
{
	struct exporter *e = &all.slots[slot_of[who]];
	const struct lesson lesson = { .e = e, .seen = NOW, .v9 = e->source == FLOW_NETFLOW9,
				       .options = options };
	uint8_t bytes[2 + 4 + 4 * 256] = { (uint8_t)(id >> 8), (uint8_t)id };
	size_t at = options ? 6 : 4;
	bool changed;

	bytes[3] = options && lesson.v9 ? 4 : fields;
	bytes[5] = !options ? 0 : lesson.v9 ? (uint8_t)(4 * fields - 4) : 1;
	for (uint8_t i = 0; i < fields; i++, at += 4) {
		bytes[at + 1] = (uint8_t)(i + 1);
		bytes[at + 3] = 4;
	}
	(void)!template_learn(&templates, &lesson, &(struct buf){ bytes, bytes + at, false },
			      &changed);
}

static void tell(unsigned who, enum rate_scope scope, uint64_t id, uint64_t rate)
{
	const struct rate_told told = { .scope = scope, .id = id, .rate = rate };
	uint64_t was;

	(void)!sampling_learn(&sampling, slot_of[who], &told, NOW, &was);
}

/* A region with a past: made once, copied for each input. */
static void make_whole(void)
{
	for (unsigned i = 0; i < 3; i++) {
		const struct exporter_key key = {
			.address.b[15] = (uint8_t)(i + 1), .domain = i,
			.source = i ? FLOW_IPFIX : FLOW_NETFLOW9,
		};
		bool is_new;

		slot_of[i] = (uint32_t)(exporter_find(&all, &key, &is_new) - all.slots);
	}
	begin();
	recall_create(&recall, region, REGION);
	templates.recall = sampling.recall = &recall;
	teach(0, 256, 18, false);
	teach(0, 257, 3, true);
	teach(1, 256, 30, false);
	teach(1, 258, 4, true);
	teach(2, 300, 5, false);
	teach(2, 301, 40, false);
	teach(2, 300, 6, false);
	tell(0, SCOPE_EXPORTER, 0, 100);
	tell(1, SCOPE_SAMPLER, 1, 200);
	tell(1, SCOPE_SAMPLER, 2, 300);
	tell(2, SCOPE_INTERFACE, 7, 400);
	sampling_boot(&sampling, slot_of[2], 1700000000000);
	memcpy(whole, region, REGION);
}

/* --- checksums put right ---------------------------------------------------------------- */

static uint32_t word_at(size_t at)
{
	uint32_t word;

	memcpy(&word, region + at, sizeof(word));
	return word;
}

/* FNV-1a over the note that begins in this block, but its first word; the chain as it is. */
static uint32_t sum_of(uint32_t block, size_t len)
{
	uint32_t h = 2166136261u, at = 4;

	for (size_t left = 24 + len; left; left--, at++) {
		if (at == RECALL_BLOCK - 8) {
			at = 0;
			block = word_at(block * RECALL_BLOCK + 4) % BLOCKS;
		}
		h = (h ^ region[block * RECALL_BLOCK + 8 + at]) * 16777619u;
	}
	return h ? h : 1;
}

static void mend(void)
{
	for (uint32_t i = 1; i < BLOCKS; i++) {
		uint8_t *at = region + i * RECALL_BLOCK;
		uint32_t mark;
		uint16_t len;

		memcpy(&len, at + 8 + 24, sizeof(len));
		if (!word_at(i * RECALL_BLOCK) || len > RECALL_MOST)
			continue;
		mark = sum_of(i, len);
		memcpy(at, &mark, sizeof(mark));
	}
}

/* --- using it --------------------------------------------------------------------------- */

static enum nm_err take_over(void)
{
	uint8_t seen[BLOCKS] = { 0 };

	begin();
	return recall_open(&recall, region, REGION, seen);
}

static void sums_agree(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < EXPORTERS; i++)
		sum += held[i];
	must(sum == recall.used && recall.used < BLOCKS);
}

static unsigned notes(void)
{
	struct recall_found found = { 0 };
	unsigned n = 0;

	while (recall_next(&recall, &found))
		n++;
	return n;
}

static void use(void)
{
	struct recollected said = recollect(&recall, &decoder, NOW);

	sums_agree();
	must(held[0] == 0 && templates.used <= said.templates);
	must(notes() >= templates.used + sampling.used);
	for (uint16_t id = 256; id < 262; id++)
		teach(1, id, (uint8_t)(id - 240), false);
	for (uint64_t id = 0; id < 6; id++)
		tell(1, SCOPE_SAMPLER, id, id);
	tell(2, SCOPE_EXPORTER, 0, 5);
	sums_agree();
	must(take_over() == NM_OK);
	recollect(&recall, &decoder, NOW);
	must(template_find(&templates, &all.slots[slot_of[1]], 257, NOW) || recall.used > 8);
	sums_agree();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf in = buf_of(data, size);
	bool mends = buf_u8(&in) & 1;

	if (!all.used)
		make_whole();
	memcpy(region, whole, REGION);
	while (buf_left(&in) >= 3) {
		size_t at = buf_u16(&in) % REGION;

		region[at] = buf_u8(&in);
	}
	if (mends)
		mend();
	if (!take_over())
		use();
	return 0;
}
