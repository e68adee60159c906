// SPDX-License-Identifier: Apache-2.0
/*
 * What few records have (flow_more.def), for the fast encoder: a table that is gone through, for
 * it is not worth a statement a field. Also the unknown elements that were kept.
 */
#include "core/encode.h"
#include "core/encode_wire.h"
#include "proto/netmeta.pb.h"

/* --- the table -------------------------------------------------------------------------- */

/* nanopb's structures say how much room the schema gives. */
#define OF_MESSAGE(field) (((netmeta_FlowMessage *)0)->field)
#define COUNT_OF(field)   (sizeof(OF_MESSAGE(field)) / sizeof(OF_MESSAGE(field)[0]))

#define OP_UINT(type) OP_OF_SIZE(type)
#define OP_ADDR(type) OP_ADDRESS
#define OP_TEXT(type) OP_TEXT
#define OP_LIST(type) OP_NUMBERS
#define ROOM_UINT(field) 0
#define ROOM_ADDR(field) 0
#define ROOM_TEXT(field) (sizeof(OF_MESSAGE(field)) - 1)
#define ROOM_LIST(field) COUNT_OF(field)
#define MORE(kind, type, member, field, help) \
	ROW(offsetof(struct flow_more, member), OP_##kind(type), ROOM_##kind(field), \
	    netmeta_FlowMessage_##field##_tag),
static const struct row rows[] = {
#include "core/flow_more.def"
};
#undef MORE

#define MORE_TEXT(field) _Static_assert(ROOM_TEXT(field) < 0x80, "one byte says how long it is");
#define MORE_UINT(field)
#define MORE_ADDR(field)
#define MORE_LIST(field)
#define MORE(kind, type, member, field, help) MORE_##kind(field)
#include "core/flow_more.def"
#undef MORE

/* --- writing ------------------------------------------------------------------------------ */

static uint8_t *put_text(uint8_t *p, const struct row *r, const struct text *text)
{
	uint8_t *start = wire_key(p, r) + 1;
	size_t len = text_print(*text, start, r->room);

	start[-1] = (uint8_t)len;
	return len ? start + len : p;
}

static uint8_t *put_field(uint8_t *p, const struct row *r, const struct flow_more *more)
{
	const void *from = (const uint8_t *)more + r->at;
	const struct numbers *list = from;

	switch (r->op) {
	case OP_ADDRESS:
		return wire_address(p, r, from);
	case OP_NUMBERS:
		return wire_numbers(p, r, list->n, list->count);
	case OP_TEXT:
		return put_text(p, r, from);
	default:
		return wire_uint(p, r, from);
	}
}

/* --- unknown elements ------------------------------------------------------------------------ */

#define ENTRY_KEY   (netmeta_FlowMessage_Unknown_tag << 3 | LENGTH)
#define ENTRY_MOST  (1 + 10 + 1 + 1 + KEPT_BYTES)	/* number, length, bytes */
_Static_assert(ENTRY_MOST < 0x80 && KEPT_BYTES < 0x80, "one byte says how long it is");

/* An entry of the map (number = 1, bytes = 2), left out when there is no room for it. */
static uint8_t *put_kept(uint8_t *p, const uint8_t *end, const struct kept *k)
{
	uint8_t entry[ENTRY_MOST], *at = entry;
	size_t len = kept_len(k);

	*at++ = 1 << 3 | VARINT;
	at = wire_varint_bytewise(at, kept_key(k));
	*at++ = 2 << 3 | LENGTH;
	*at++ = (uint8_t)len;
	memcpy(at, k->p, len);
	len += (size_t)(at - entry);
	if (len + ENCODE_ENTRY_HEAD > (size_t)(end - p))
		return p;
	p = wire_varint_bytewise(p, ENTRY_KEY);
	*p++ = (uint8_t)len;
	memcpy(p, entry, len);
	return p + len;
}

uint8_t *encode_flow_more(const struct flow_more *more, uint8_t *p, const uint8_t *end)
{
	for (const struct row *r = rows; r < rows + sizeof(rows) / sizeof(rows[0]); r++)
		p = put_field(p, r, more);
	for (unsigned i = 0; i < more->kept_count && i < FLOW_KEPT; i++)
		p = put_kept(p, end, &more->kept[i]);
	return p;
}
