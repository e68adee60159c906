// SPDX-License-Identifier: Apache-2.0
/*
 * The fast encoder of flows: a table joins the schema (proto/fields.def, in the order of
 * the tags) with the record (flow.def), and one pass over it writes what nanopb would
 * write, byte for byte (tests/t-encode_flow.c). A field without a member, or a member
 * without a field, does not compile.
 */
#include <stddef.h>

#include "core/encode.h"

/* How a field is read from the record. */
enum op { OP_U8, OP_U16, OP_U32, OP_U64, OP_ADDRESS, OP_SECONDS, OP_TYPE, OP_DIRECTION,
	  OP_LABELS, OP_MORE };

/* --- where each field of the schema is in the record ---------------------------------- */

#define OP_OF_SIZE(type) (sizeof(type) == 1 ? OP_U8 : sizeof(type) == 2 ? OP_U16 : \
			  sizeof(type) == 4 ? OP_U32 : OP_U64)
#define FLOW_UINT(type, member, field) \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_OF_SIZE(type),
#define FLOW_ADDR(type, member, field) \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_ADDRESS,
#define FLOW_TIME(type, member, field)                                             \
	AT_##field = offsetof(struct flow, member), OP_##field = OP_SECONDS,       \
	AT_##field##Ns = offsetof(struct flow, member), OP_##field##Ns = OP_U64,
#define FLOW(kind, type, member, field, help) FLOW_##kind(type, member, field)
enum {
#include "core/flow.def"
#define MORE(kind, type, member, field, help) AT_##field = 0, OP_##field = OP_MORE,
#include "core/flow_more.def"
#undef MORE
	AT_Unknown = 0, OP_Unknown = OP_MORE,
	AT_Type = offsetof(struct flow, source), OP_Type = OP_TYPE,
	AT_FlowDirection = offsetof(struct flow, direction), OP_FlowDirection = OP_DIRECTION,
	AT_MplsLabels = offsetof(struct flow, labels), OP_MplsLabels = OP_LABELS,
};
#undef FLOW

/* --- the table -------------------------------------------------------------------------- */

enum wire_type { VARINT = 0, LENGTH = 2 };

struct row {
	uint16_t at;
	uint8_t op;
	uint8_t key_len;		/* 1 or 2: all tags are below 2048 */
	uint8_t key[2];			/* tag << 3 | wire type, as a varint */
};

#define WIRE_TYPE(op) ((int)(op) == OP_ADDRESS || (int)(op) == OP_LABELS ? LENGTH : VARINT)
#define KEY(tag, op)  ((tag) << 3 | WIRE_TYPE(op))
#define ROW(name, tag)                                                         \
	{ AT_##name, OP_##name, KEY(tag, OP_##name) < 0x80 ? 1 : 2,            \
	  { KEY(tag, OP_##name) < 0x80 ? KEY(tag, OP_##name)                   \
				       : (KEY(tag, OP_##name) & 0x7f) | 0x80,  \
	    KEY(tag, OP_##name) >> 7 } },
#define ROW_FlowMessage(name, tag) ROW(name, tag)
#define ROW_LedgerMessage(name, tag)
#define ROW_CounterMessage(name, tag)
#define ROW_NameMessage(name, tag)
#define ROW_EventMessage(name, tag)
#define FIELD(message, name, tag, kind, enumeration) ROW_##message(name, tag)
static const struct row rows[] = {
#include "proto/fields.def"
};
#undef FIELD

/* --- writing; there is always room: encode.c asserts that the largest flow fits ------------- */

static uint8_t *put_varint(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put_key(uint8_t *p, const struct row *r)
{
	p[0] = r->key[0];
	p[1] = r->key[1];
	return p + r->key_len;
}

static uint8_t *put_address(uint8_t *p, const struct row *r, const struct addr *a)
{
	if (addr_is_absent(a))
		return p;
	p = put_key(p, r);
	*p++ = sizeof(a->b);
	memcpy(p, a->b, sizeof(a->b));
	return p + sizeof(a->b);
}

/* Packed: the length of all before the first. */
static uint8_t *put_labels(uint8_t *p, const struct row *r, const struct flow *f)
{
	unsigned n = f->label_count < FLOW_LABELS ? f->label_count : FLOW_LABELS;
	uint8_t *start, *at;

	if (!n)
		return p;
	start = put_key(p, r) + 1;
	at = start;
	for (unsigned i = 0; i < n; i++)
		at = put_varint(at, f->labels[i]);
	start[-1] = (uint8_t)(at - start);
	return at;
}

static inline uint64_t number_of(const struct row *r, const uint8_t *at)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (r->op) {
	case OP_U8:
		return *at;
	case OP_U16:
		memcpy(&u16, at, sizeof(u16));
		return u16;
	case OP_U32:
		memcpy(&u32, at, sizeof(u32));
		return u32;
	case OP_MORE:
		return 0;
	case OP_TYPE:
		return *at <= FLOW_IPFIX ? *at : FLOW_UNKNOWN;
	case OP_DIRECTION:
		return *at == DIRECTION_EGRESS;
	default:
		memcpy(&u64, at, sizeof(u64));
		return r->op == OP_SECONDS ? u64 / (uint64_t)NM_NS_PER_S : u64;
	}
}

size_t encode_flow(const struct flow *f, uint8_t at[SPOOL_RECORD])
{
	uint8_t *p = at + ENCODE_LENGTH_ROOM;

	if (f->more)			/* of few records */
		return encode_flow_nanopb(f, at);
	for (const struct row *r = rows; r < rows + sizeof(rows) / sizeof(rows[0]); r++) {
		const uint8_t *from = (const uint8_t *)f + r->at;
		uint64_t v;

		if (r->op == OP_ADDRESS) {
			p = put_address(p, r, (const struct addr *)from);
		} else if (r->op == OP_LABELS) {
			p = put_labels(p, r, f);
		} else {
			v = number_of(r, from);
			if (v)
				p = put_varint(put_key(p, r), v);
		}
	}
	return encode_close(at, (size_t)(p - at) - ENCODE_LENGTH_ROOM);
}
