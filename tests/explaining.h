/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests of explanations need: a decoder that gets whole datagrams, one that gets the pieces,
 * and the check that both made the same of it. Lines are handed to explaining_line().
 */
#ifndef NM_EXPLAINING_H
#define NM_EXPLAINING_H

#include "core/datasource.h"
#include "core/explain.h"
#include "core/sampling.h"
#include "core/template.h"
#include "tests/guard.h"

#define EXPLAINING_EXPORTERS 8
#define EXPLAINING_TEMPLATES 16
#define EXPLAINING_CHUNKS    24
#define EXPLAINING_RATES     12
#define EXPLAINING_SOURCES   16

struct explaining {
	struct exporter slots[EXPLAINING_EXPORTERS];
	struct exporters exporters;
	struct template template_slots[EXPLAINING_TEMPLATES];
	struct chunk chunks[EXPLAINING_CHUNKS];
	struct templates templates;
	struct rate_slot rates[EXPLAINING_RATES];
	struct sampled sampled[EXPLAINING_EXPORTERS];
	struct sampling sampling;
	struct datasource sources[EXPLAINING_SOURCES];
	uint32_t held[EXPLAINING_EXPORTERS];
	struct datasources datasources;
	struct decoder decoder;
};

static struct explaining explaining_whole, explaining_pieces;
static struct explain explaining;
static struct explain_template explaining_templates[EXPLAINING_TEMPLATES];
static uint8_t explaining_fields[EXPLAINING_TEMPLATES * EXPLAIN_FIELDS];

static void explaining_line(struct explain *x, const char *line);

static inline void explaining_drop(struct flow_sink *sink, const struct flow *flow)
{
	(void)sink, (void)flow;
}

static inline void explaining_drop_counters(struct flow_sink *sink, const struct counters *c)
{
	(void)sink, (void)c;
}

static inline void explaining_drop_name(struct flow_sink *sink, const struct name_told *name)
{
	(void)sink, (void)name;
}

static struct flow_sink explaining_sink = {
	explaining_drop, explaining_drop, explaining_drop_counters, explaining_drop_name,
};

static inline void explaining_tables(struct explaining *t)
{
	memset(t, 0, sizeof(*t));
	t->exporters = (struct exporters){ .slots = t->slots, .size = EXPLAINING_EXPORTERS };
	t->templates = (struct templates){
		.slots = t->template_slots, .size = EXPLAINING_TEMPLATES, .chunks = t->chunks,
		.chunk_count = EXPLAINING_CHUNKS, .per_exporter = EXPLAINING_TEMPLATES / 2,
		.keep_unknown = true,
	};
	templates_init(&t->templates, &t->exporters);
	t->sampling = (struct sampling){
		.slots = t->rates, .size = EXPLAINING_RATES,
		.per_exporter = EXPLAINING_RATES / 2, .exporters = t->sampled,
	};
	t->datasources = (struct datasources){
		.slots = t->sources, .size = EXPLAINING_SOURCES,
		.per_exporter = EXPLAINING_SOURCES / 4, .held = t->held,
	};
	t->decoder = (struct decoder){
		.exporters = &t->exporters, .templates = &t->templates, .sampling = &t->sampling,
		.sources = &t->datasources, .sink = &explaining_sink,
	};
}

static inline void explaining_start(void)
{
	explaining_tables(&explaining_whole);
	explaining_tables(&explaining_pieces);
	memset(explaining_templates, 0, sizeof(explaining_templates));
	explaining.decoder = explaining_pieces.decoder;
	explaining.templates = explaining_templates;
	explaining.fields = explaining_fields;
	explaining.put = explaining_line;
	explain_start(&explaining);
}

/* Did the decoder of the pieces make the same of them as the other of the whole? */
static inline bool explaining_agrees(const struct exporter *before, const struct exporter *after)
{
	for (int what = COUNT_BYTES_HEADERS + 1; what < COUNT_COUNT; what++) {
		uint64_t whole = after->counts.n[what] - before->counts.n[what];
		bool of_whole = what == COUNT_DATAGRAMS_MALFORMED ||
				(what >= COUNT_SEQUENCE_MISSING && what <= COUNT_SEQUENCE_RESETS);

		if (!of_whole && whole != explaining.pieces.n[what])
			return false;
	}
	return true;
}

/* One datagram in memory of just its size, decoded and explained. False: they disagree. */
static inline bool explaining_feed(const void *bytes, size_t len, const struct datagram *dg)
{
	static struct exporter before[EXPLAINING_EXPORTERS];
	struct buf in = buf_of(guarded(bytes, len), len);
	struct explain_whole whole;

	memcpy(before, explaining_whole.slots, sizeof(before));
	whole.after = datagram_decode(&explaining_whole.decoder, in, dg, &whole.err);
	whole.before = &before[whole.after - explaining_whole.slots];
	explain_datagram(&explaining, in, dg, &whole);
	return explaining_agrees(whole.before, whole.after);
}

#endif
