// SPDX-License-Identifier: Apache-2.0
/*
 * Pieces go to the decoder of a second chain, which nothing else uses; the records that it makes
 * of a piece are printed between the piece's structure and the verdict.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/encode.h"
#include "core/explain.h"
#include "core/json.h"
#include "firmware/chain.h"
#include "firmware/explainer.h"

struct explainer {
	struct explain explain;		/* first: its calls come back to us */
	struct flow_sink sink;
	struct chain chain;		/* whose decoder gets the pieces */
	struct exporter *before;	/* of the other chain, by slot */
	bool failed;
	uint8_t record[SPOOL_RECORD];
	char line[16 * SPOOL_RECORD];
};

/* --- records ------------------------------------------------------------------------------ */

static struct explainer *explainer_of(struct flow_sink *sink)
{
	return container_of(sink, struct explainer, sink);
}

static void print_record(struct explainer *x, enum stream stream, size_t len)
{
	struct out o = out_of(x->line, sizeof(x->line));
	struct buf in = buf_of(x->record, len);

	if (json_record(&o, stream, &in, JSON_WORDS) || o.full ||
	    printf("    record %s %s\n", stream_word(stream), out_end(&o)) < 0)
		x->failed = true;
}

static void put_flow(struct flow_sink *sink, const struct flow *flow)
{
	struct explainer *x = explainer_of(sink);

	print_record(x, STREAM_FLOWS, encode_flow(flow, x->record));
}

static void put_drop(struct flow_sink *sink, const struct flow *flow)
{
	struct explainer *x = explainer_of(sink);

	print_record(x, STREAM_DROPS, encode_flow(flow, x->record));
}

static void put_counters(struct flow_sink *sink, const struct counters *counters)
{
	struct explainer *x = explainer_of(sink);

	print_record(x, STREAM_COUNTERS, encode_counters(counters, x->record));
}

static void put_name(struct flow_sink *sink, const struct name_told *name)
{
	struct explainer *x = explainer_of(sink);

	print_record(x, STREAM_NAMES, encode_name(name, x->record));
}

static void put_line(struct explain *explain, const char *line)
{
	struct explainer *x = container_of(explain, struct explainer, explain);

	x->failed |= puts(line) < 0;
}

/* --- the explainer -------------------------------------------------------------------------- */

static bool start(struct explainer *x, const struct chain_sizes *sizes)
{
	size_t slots = (size_t)sizes->templates + 1;

	if (!chain_start(&x->chain, sizes, NULL))
		return false;
	chain_keep_unknown(&x->chain, true);
	x->before = calloc(sizes->exporters, sizeof(*x->before));
	x->sink = (struct flow_sink){ put_flow, put_drop, put_counters, put_name };
	x->explain.decoder = x->chain.decoder;
	x->explain.decoder.sink = &x->sink;
	x->explain.templates = calloc(slots, sizeof(*x->explain.templates));
	x->explain.fields = calloc(slots, EXPLAIN_FIELDS);
	x->explain.put = put_line;
	explain_start(&x->explain);
	return x->before && x->explain.templates && x->explain.fields;
}

struct explainer *explainer_new(const struct chain_sizes *sizes)
{
	struct explainer *x = calloc(1, sizeof(*x));

	if (x && start(x, sizes))
		return x;
	perror("netmeta decode");
	explainer_free(x);
	return NULL;
}

void explainer_free(struct explainer *x)
{
	if (!x)
		return;
	chain_stop(&x->chain);
	free(x->before);
	free(x->explain.templates);
	free(x->explain.fields);
	free(x);
}

bool explainer_see(struct explainer *x, struct buf bytes, const struct datagram *dg,
		   const struct exporter *e, uint32_t slot, enum nm_err err)
{
	const struct explain_whole whole = { &x->before[slot], e, err };

	explain_datagram(&x->explain, bytes, dg, &whole);
	x->before[slot] = *e;
	return !x->failed;
}
