/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters that an exporter tells of itself: one record of a counter sample. Names are those of
 * the published structures; gauges and counters alike are whole numbers (a fraction is told in
 * thousandths, its name ends in _milli). What is a text there is a text here.
 */
#ifndef NM_COUNTERS_H
#define NM_COUNTERS_H

#include "core/flow.h"

#define COUNTERS_MOST 64		/* values of one record */
#define COUNTER_TEXTS 8

struct counter { const char *name; uint64_t value; };
struct counter_text { const char *name; struct text text; };

struct counters {
	nm_time seen;
	struct addr exporter, agent;	/* as of a flow */
	uint32_t domain;		/* sub-agent */
	uint32_t sequence;		/* of the sample, by its source */
	uint32_t uptime_ms;
	uint32_t source_class, source_index;	/* sFlow data source: 0 is an interface */
	uint8_t source;			/* enum flow_source */
	const char *group;		/* "generic", "ethernet" ... */
	struct counter values[COUNTERS_MOST];
	struct counter_text texts[COUNTER_TEXTS];
	uint8_t count, text_count;
};

#endif
