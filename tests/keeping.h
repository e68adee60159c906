/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sink that keeps everything it is given: flows, drops, names and counters. Texts point into
 * datagrams that will be gone, so their bytes are copied.
 */
#ifndef NM_KEEPING_H
#define NM_KEEPING_H

#include <string.h>

#include "core/counters.h"
#include "core/flow.h"
#include "core/name.h"

#define KEEPING_FLOWS    4096
#define KEEPING_NAMES    512
#define KEEPING_COUNTERS 256
#define KEEPING_BYTES    (1 << 20)	/* of texts */

struct seen_flow {
	struct flow flow;
	struct flow_more more;
	unsigned packet;
	bool dropped;
};

struct seen_name {
	struct name_told told;
	unsigned packet;
};

struct seen_counters {
	struct counters counters;
	unsigned packet;
};

static struct {
	struct seen_flow flows[KEEPING_FLOWS];
	struct seen_name names[KEEPING_NAMES];
	struct seen_counters counters[KEEPING_COUNTERS];
	size_t flow_count, name_count, counter_count;	/* so many came, kept or not */
	unsigned packet;		/* of the capture, from 1 */
	uint8_t bytes[KEEPING_BYTES];
	size_t used;
} kept;

static inline void keeping_start(void)
{
	kept.flow_count = kept.name_count = kept.counter_count = kept.used = 0;
	kept.packet = 0;
}

static inline const uint8_t *keeping_copy(const uint8_t *p, uint16_t *len)
{
	uint8_t *at = kept.bytes + kept.used;

	if (*len > sizeof(kept.bytes) - kept.used)
		*len = 0;
	if (*len)
		memcpy(at, p, *len);
	kept.used += *len;
	return at;
}

static inline void keeping_hold(struct text *t)
{
	t->p = keeping_copy(t->p, &t->len);
}

static inline void keeping_hold_more(struct flow_more *more)
{
#define HOLD_TEXT(member) keeping_hold(&more->member);
#define HOLD_UINT(member)
#define HOLD_ADDR(member)
#define HOLD_LIST(member)
#define MORE(kind, type, member, field, help) HOLD_##kind(member)
#include "core/flow_more.def"
#undef MORE
	for (uint8_t i = 0; i < more->kept_count; i++)
		more->kept[i].p = keeping_copy(more->kept[i].p, &more->kept[i].len);
}

static inline void keeping_flow_as(const struct flow *flow, bool dropped)
{
	struct seen_flow *f = &kept.flows[kept.flow_count];

	if (kept.flow_count++ >= KEEPING_FLOWS)
		return;
	*f = (struct seen_flow){ .flow = *flow, .packet = kept.packet, .dropped = dropped };
	if (!flow->more)
		return;
	f->more = *flow->more;
	keeping_hold_more(&f->more);
}

static inline void keeping_flow(struct flow_sink *sink, const struct flow *flow)
{
	(void)sink;
	keeping_flow_as(flow, false);
}

static inline void keeping_drop(struct flow_sink *sink, const struct flow *flow)
{
	(void)sink;
	keeping_flow_as(flow, true);
}

static inline void keeping_name(struct flow_sink *sink, const struct name_told *name)
{
	struct seen_name *n = &kept.names[kept.name_count];

	(void)sink;
	if (kept.name_count++ >= KEEPING_NAMES)
		return;
	*n = (struct seen_name){ *name, kept.packet };
	keeping_hold(&n->told.name);
	keeping_hold(&n->told.description);
}

static inline void keeping_counters(struct flow_sink *sink, const struct counters *counters)
{
	struct seen_counters *c = &kept.counters[kept.counter_count];

	(void)sink;
	if (kept.counter_count++ >= KEEPING_COUNTERS)
		return;
	*c = (struct seen_counters){ *counters, kept.packet };
	for (uint8_t i = 0; i < counters->text_count; i++)
		keeping_hold(&c->counters.texts[i].text);
}

static struct flow_sink keeping_sink = {
	.put = keeping_flow, .drop = keeping_drop, .name = keeping_name,
	.counters = keeping_counters,
};

#endif
