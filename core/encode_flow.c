// SPDX-License-Identifier: Apache-2.0
/*
 * The fast encoder of flows. It joins the schema (proto/fields.def, in the order of the tags) with
 * the record (flow.def): one statement a field, which the compiler turns into a load, a test and a
 * store, as where and what everything is are constants. What comes out is what nanopb would write,
 * byte for byte (tests/t-encode_flow.c). A field without a member, or a member without a field,
 * does not compile.
 */
#include <stddef.h>

#include "core/encode.h"
#include "core/encode_wire.h"

/* --- where each field of the schema is in the record ---------------------------------- */

/* Fields of flow_more.def have higher tags and are written by encode_flow_more(). */
enum { OP_ELSEWHERE = OP_TEXT + 1 };

#define FLOW_UINT(type, member, field) \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_OF_SIZE(type),
#define FLOW_ADDR(type, member, field) \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_ADDRESS,
#define FLOW_TIME(type, member, field)                                             \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_SECONDS,       \
	AT_##field##Ns = offsetof(struct flow, member), OP_##field##Ns = OP_U64,
#define FLOW(kind, type, member, field, help) FLOW_##kind(type, member, field)
#define MORE(kind, type, member, field, help) AT_##field = 0, OP_##field = OP_ELSEWHERE,
enum {
#include "core/flow.def"
#include "core/flow_more.def"
	AT_Unknown = 0, OP_Unknown = OP_ELSEWHERE,
	AT_Type = offsetof(struct flow, source), OP_Type = OP_TYPE,
	AT_FlowDirection = offsetof(struct flow, direction), OP_FlowDirection = OP_DIRECTION,
	AT_MplsLabels = offsetof(struct flow, labels), OP_MplsLabels = OP_NUMBERS,
};
#undef FLOW
#undef MORE

/* --- writing ------------------------------------------------------------------------------ */

/* Only worth its name when the row is a constant: one of these cases is left of it. */
static inline __attribute__((always_inline))
uint8_t *put_field(uint8_t *p, const struct row *r, const struct flow *f)
{
	const uint8_t *from = (const uint8_t *)f + r->at;

	switch ((int)r->op) {
	case OP_ELSEWHERE:
		return p;
	case OP_ADDRESS:
		return wire_address(p, r, from);
	case OP_NUMBERS:
		return wire_numbers(p, r, f->labels, f->label_count);
	default:
		return wire_uint(p, r, from);
	}
}

#define FIELD_FlowMessage(name, tag)                                                     \
	{                                                                                \
		static const struct row row = ROW(AT_##name, OP_##name, FLOW_LABELS, tag); \
		p = put_field(p, &row, f);                                               \
	}
#define FIELD_LedgerMessage(name, tag)
#define FIELD_CounterMessage(name, tag)
#define FIELD_NameMessage(name, tag)
#define FIELD_InterfaceMessage(name, tag)
#define FIELD_EventMessage(name, tag)
#define FIELD(message, name, tag, kind, enumeration) FIELD_##message(name, tag)

size_t encode_flow(const struct flow *f, uint8_t at[SPOOL_RECORD])
{
	uint8_t *p = at + ENCODE_LENGTH_ROOM;

#include "proto/fields.def"
	if (f->more)
		p = encode_flow_more(f->more, p, at + SPOOL_RECORD);
	return encode_close(at, (size_t)(p - at) - ENCODE_LENGTH_ROOM);
}
