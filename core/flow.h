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
#include "core/text.h"
#include "core/when.h"

#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

#define FLOW_LABELS 8			/* MPLS labels kept, top first */

/* The numbers of FlowMessage's enums; encode.c asserts that they agree. */
enum flow_source {
	FLOW_UNKNOWN, FLOW_SFLOW, FLOW_NETFLOW5, FLOW_NETFLOW9, FLOW_IPFIX,
	FLOW_PSAMPLE, FLOW_BPF, FLOW_NFLOG, FLOW_CONNTRACK, FLOW_MIRROR, FLOW_PACKET,
};
enum rate_source {
	RATE_ASSUMED, RATE_FORCED, RATE_RECORD, RATE_OPTIONS_ID, RATE_OPTIONS,
	RATE_HEADER, RATE_CONFIGURED,
};
enum flow_direction { DIRECTION_UNKNOWN, DIRECTION_INGRESS, DIRECTION_EGRESS };
/* Packets that were picked on several interfaces of one way count at one of them. */
enum coverage { COVERAGE_COUNTS, COVERAGE_AGAIN };
/* What the number in in_if or out_if is (sFlow v5, "interface" in its section 5.3). */
enum interface_kind {
	INTERFACE_INDEX,	/* an ifIndex, 0 when it is not known */
	INTERFACE_DISCARDED,	/* the packet went nowhere: a reason */
	INTERFACE_MULTIPLE,	/* so many interfaces, 0 when nobody knows how many */
	INTERFACE_INTERNAL,	/* from or to the exporter itself */
};
/* The outermost tunnel of a packet. */
enum tunnel {
	TUNNEL_NONE, TUNNEL_IPIP, TUNNEL_GRE, TUNNEL_NVGRE, TUNNEL_ERSPAN, TUNNEL_VXLAN,
	TUNNEL_GENEVE, TUNNEL_GTPU, TUNNEL_L2TP, TUNNEL_TEREDO, TUNNEL_MPLS_UDP, TUNNEL_OTHER,
};

/* An element that has no member, kept as it came: (enterprise, id) and its bytes. */
struct kept { uint32_t enterprise; uint16_t id; uint16_t len; const uint8_t *p; };

#define FLOW_PATH 32			/* AS numbers and communities kept, first ones first */
#define FLOW_KEPT 16			/* unknown elements kept */

/* A list of at most FLOW_PATH numbers. */
struct numbers { uint8_t count; uint32_t n[FLOW_PATH]; };

/* What few records have. Rows in flow_more.def. */
struct flow_more {
#define MORE(kind, type, member, field, help) type member;
#include "core/flow_more.def"
#undef MORE
	struct kept kept[FLOW_KEPT];
	uint8_t kept_count;
};

struct flow {
#define FLOW(kind, type, member, field, help) type member;
#include "core/flow.def"
#undef FLOW
	uint32_t labels[FLOW_LABELS];
	uint8_t label_count;
	const struct flow_more *more;	/* NULL: nothing of it; valid as long as the flow */
};

struct counters;			/* counters.h */
struct name_told;		/* name.h */

/*
 * Where decoders put finished records. They own nothing after the call. All but put may be NULL:
 * whoever wants no drops, counters or names gets none.
 */
struct flow_sink {
	void (*put)(struct flow_sink *sink, const struct flow *flow);
	/* A packet that was dropped (more->drop_reason says why); it is not traffic. */
	void (*drop)(struct flow_sink *sink, const struct flow *flow);
	void (*counters)(struct flow_sink *sink, const struct counters *counters);
	void (*name)(struct flow_sink *sink, const struct name_told *name);
};

static inline void flow_put(struct flow_sink *sink, const struct flow *flow)
{
	sink->put(sink, flow);
}

#endif
