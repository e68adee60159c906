// SPDX-License-Identifier: Apache-2.0
/*
 * Flow records by nanopb: the schema's own compiler, so what the fast encoder of encode_flow.c
 * must equal byte for byte, and what encodes flows where that is left out.
 */
#include "core/encode_private.h"
#include "core/encode_wire.h"

_Static_assert((int)FLOW_PACKET == netmeta_FlowMessage_FlowSource_SOURCE_PACKET &&
	       (int)COVERAGE_AGAIN == netmeta_FlowMessage_CoverageKind_COVERAGE_AGAIN &&
	       (int)RATE_CONFIGURED == netmeta_FlowMessage_RateOrigin_RATE_CONFIGURED &&
	       (int)DIRECTION_EGRESS == netmeta_FlowMessage_Observation_OBSERVATION_EGRESS &&
	       (int)INTERFACE_INTERNAL == netmeta_FlowMessage_InterfaceKind_INTERFACE_INTERNAL &&
	       (int)TUNNEL_OTHER == netmeta_FlowMessage_TunnelKind_TUNNEL_OTHER,
	       "the enums of core/ and of the schema are the same");

/* --- the largest flow ------------------------------------------------------------------ */

#define COUNT_OF(field) (sizeof(field) / sizeof((field)[0]))
#define OF_MESSAGE(field) (((netmeta_FlowMessage *)0)->field)
#define VARINT(type) ((8 * sizeof(type) + 6) / 7)
/* Bytes of a member at the most, behind a key of two. */
#define MOST_UINT(type, field) VARINT(type)
#define MOST_ADDR(type, field) (1 + sizeof(struct addr))
#define MOST_TIME(type, field) (VARINT(uint64_t) + 2 + VARINT(uint64_t))
#define MOST_TEXT(type, field) (2 + sizeof(OF_MESSAGE(field)) - 1)
#define MOST_LIST(type, field) (2 + COUNT_OF(OF_MESSAGE(field)) * VARINT(uint32_t))
#define FLOW(kind, type, member, field, help) + 2 + MOST_##kind(type, field)
#define MORE(kind, type, member, field, help) + 2 + MOST_##kind(type, field)
enum {
	FLOW_MOST = 2 + VARINT(uint8_t) + 2 + VARINT(uint8_t)	/* Type, FlowDirection */
		    + 2 + MOST_LIST(uint32_t, MplsLabels)
#include "core/flow.def"
#include "core/flow_more.def"
};
#undef FLOW
#undef MORE
_Static_assert(FLOW_MOST + ENCODE_LENGTH_ROOM + ENCODE_SLACK <= SPOOL_RECORD, "a flow fits");

/* --- flows --------------------------------------------------------------------------------- */

#define FLOW_UINT(member, field) PUT_UINT(m, field, f->member);
#define FLOW_ADDR(member, field) PUT_ADDRESS(m, field, &f->member);
#define FLOW_TIME(member, field) PUT_TIME(m, field, f->member);
#define FLOW(kind, type, member, field, help) FLOW_##kind(member, field)

static netmeta_FlowMessage_FlowType flow_type(uint8_t source)
{
	return source <= FLOW_IPFIX ? (netmeta_FlowMessage_FlowType[]){
		[FLOW_UNKNOWN] = netmeta_FlowMessage_FlowType_FLOWUNKNOWN,
		[FLOW_SFLOW] = netmeta_FlowMessage_FlowType_SFLOW_5,
		[FLOW_NETFLOW5] = netmeta_FlowMessage_FlowType_NETFLOW_V5,
		[FLOW_NETFLOW9] = netmeta_FlowMessage_FlowType_NETFLOW_V9,
		[FLOW_IPFIX] = netmeta_FlowMessage_FlowType_IPFIX,
	}[source] : netmeta_FlowMessage_FlowType_FLOWUNKNOWN;
}

/* Of a list of `have` numbers as many as the message has room for. */
static pb_size_t put_list(uint32_t *to, size_t room, const uint32_t *from, size_t have)
{
	size_t n = have < room ? have : room;

	memcpy(to, from, n * sizeof(*to));
	return (pb_size_t)n;
}

static bool put_unknown(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
	const struct flow_more *more = *arg;

	for (unsigned i = 0; i < more->kept_count && i < FLOW_KEPT; i++) {
		const struct kept *k = &more->kept[i];
		struct part key = { .number = kept_key(k) };
		struct part value = { k->p, kept_len(k), 0 };

		if (!encode_entry(stream, field, key, value))
			return false;
	}
	return true;
}

#define MORE_UINT(member, field) PUT_UINT(m, field, more->member);
#define MORE_ADDR(member, field) PUT_ADDRESS(m, field, &more->member);
#define MORE_TEXT(member, field) PUT_TEXT(m, field, more->member);
#define MORE_LIST(member, field) \
	m->field##_count = put_list(m->field, COUNT_OF(m->field), more->member.n, \
				    more->member.count);
#define MORE(kind, type, member, field, help) MORE_##kind(member, field)

static void put_more(netmeta_FlowMessage *m, const struct flow_more *more)
{
#include "core/flow_more.def"
	m->Unknown.funcs.encode = put_unknown;
	m->Unknown.arg = (void *)(uintptr_t)more;
}

size_t encode_flow_nanopb(const struct flow *f, uint8_t at[SPOOL_RECORD])
{
	netmeta_FlowMessage message = netmeta_FlowMessage_init_zero, *m = &message;

#include "core/flow.def"
	m->Type = flow_type(f->source);
	m->FlowDirection = f->direction == DIRECTION_EGRESS;
	m->MplsLabels_count = put_list(m->MplsLabels, FLOW_LABELS, f->labels, f->label_count);
	if (f->more)
		put_more(m, f->more);
	return encode_message(netmeta_FlowMessage_fields, m, at);
}
