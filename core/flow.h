/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one record that every decoder and sampler makes (flow.def lists its
 * members) and the joint between record stages. Zero means absent, as in
 * proto3; an absent address is all zero.
 */
#ifndef NM_FLOW_H
#define NM_FLOW_H

#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/when.h"

#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

#define FLOW_LABELS 8			/* MPLS labels kept, top first */

/* The numbers of FlowMessage's enums; encode.c asserts that they agree. */
enum flow_source {
	FLOW_UNKNOWN, FLOW_SFLOW, FLOW_NETFLOW5, FLOW_NETFLOW9, FLOW_IPFIX,
	FLOW_PSAMPLE, FLOW_BPF, FLOW_NFLOG, FLOW_CONNTRACK, FLOW_MIRROR,
};
enum rate_source {
	RATE_ASSUMED, RATE_FORCED, RATE_RECORD, RATE_OPTIONS_ID, RATE_OPTIONS,
	RATE_HEADER, RATE_CONFIGURED,
};
enum flow_direction { DIRECTION_UNKNOWN, DIRECTION_INGRESS, DIRECTION_EGRESS };

struct flow {
#define FLOW(kind, type, member, field, help) type member;
#include "core/flow.def"
#undef FLOW
	uint32_t labels[FLOW_LABELS];
	uint8_t label_count;
};

/* Where decoders put finished records. They own nothing after the call. */
struct flow_sink {
	void (*put)(struct flow_sink *sink, const struct flow *flow);
};

static inline void flow_put(struct flow_sink *sink, const struct flow *flow)
{
	sink->put(sink, flow);
}

#endif
