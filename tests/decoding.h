/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A decoder with everything it needs, for tests: exporters, templates, a sink that keeps the
 * records, and the check that every byte was counted once. Datagrams end at the fence.
 * The test names the function under test: #define DECODING_WITH netflow5_decode
 */
#ifndef NM_DECODING_H
#define NM_DECODING_H

#include "core/decode.h"
#include "tests/guard.h"
#include "tests/test.h"

#define DECODING_EXPORTERS 16
#define DECODING_FLOWS     1024
#define DECODING_SEEN      ((nm_time){ 1700000001 * NM_NS_PER_S })

static struct exporter decoding_slots[DECODING_EXPORTERS];
static struct exporters decoding_exporters;
static struct flow decoding_flows[DECODING_FLOWS];
static size_t decoding_count;		/* records so far, kept or not */
static struct exporter *decoding_last;	/* whom the last datagram was counted on */
static nm_time decoding_seen;		/* when the next one comes */

static void decoding_keep(struct flow_sink *sink, const struct flow *flow)
{
	(void)sink;
	if (decoding_count < DECODING_FLOWS)
		decoding_flows[decoding_count] = *flow;
	decoding_count++;
}

static struct flow_sink decoding_sink = { .put = decoding_keep };
static struct decoder decoding = { .exporters = &decoding_exporters, .sink = &decoding_sink };

/* Forget everything; the test's own templates, if it has any, are its own business. */
static inline void decoding_start(uint32_t exporters)
{
	memset(decoding_slots, 0, sizeof(decoding_slots));
	memset(decoding_flows, 0, sizeof(decoding_flows));
	decoding_exporters = (struct exporters){ .slots = decoding_slots, .size = exporters };
	decoding_count = 0;
	decoding_last = NULL;
	decoding_seen = DECODING_SEEN;
}

static inline uint64_t decoding_counted(enum count what)
{
	return decoding_last ? decoding_last->counts.n[what] : 0;
}

/* The bytes that a slot was given, and the bytes it says they became. */
static inline bool decoding_closes(const struct exporter *e)
{
	uint64_t sum = 0;

	for (int what = COUNT_BYTES_HEADERS; what <= COUNT_BYTES_BAD_TEMPLATE; what++)
		sum += e->counts.n[what];
	return sum == e->counts.n[COUNT_BYTES_RECEIVED];
}

static inline bool decoding_all_close(uint64_t bytes)
{
	uint64_t sum = 0;

	for (int i = 0; i < DECODING_EXPORTERS; i++) {
		sum += decoding_slots[i].counts.n[COUNT_BYTES_RECEIVED];
		if (!decoding_closes(&decoding_slots[i]))
			return false;
	}
	return sum == bytes;
}

static inline uint64_t decoding_received(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < DECODING_EXPORTERS; i++)
		sum += decoding_slots[i].counts.n[COUNT_BYTES_RECEIVED];
	return sum;
}

/* One datagram; the bytes go to the fence, and must all be counted on one exporter. */
static inline enum nm_err decoding_feed(const struct addr *from, const void *bytes, size_t len)
{
	const struct datagram dg = { .seen = decoding_seen, .from = *from, .listener = 3 };
	uint64_t before = decoding_received();
	enum nm_err err = NM_ERR_COUNT;

	decoding_last = DECODING_WITH(&decoding, buf_of(guarded(bytes, len), len), &dg, &err);
	check(decoding_last && err < NM_ERR_COUNT);
	check(decoding_all_close(before + len));
	return err;
}

#endif
