// SPDX-License-Identifier: Apache-2.0
/* A walk over an encoded message with the tables of proto/fields.def and enums.def. */
#include <inttypes.h>
#include <string.h>

#include "core/addr.h"
#include "core/json.h"
#include "core/readable.h"

/* --- the tables ------------------------------------------------------------------------ */

#define ENUM(name) ENUM_##name,
enum enumeration {
	ENUM_0,				/* fields that are none name 0 */
#include "proto/enums.def"
};

#define ENUM_VALUE(name, number, word) { ENUM_##name, number, #word },
static const struct { uint8_t enumeration, number; const char *word; } words[] = {
#include "proto/enums.def"
};

enum message { MESSAGE_FlowMessage, MESSAGE_LedgerMessage, MESSAGE_CounterMessage,
	       MESSAGE_NameMessage, MESSAGE_InterfaceMessage, MESSAGE_EventMessage };

enum kind { KIND_UINT, KIND_SINT, KIND_ENUM, KIND_ADDRESS, KIND_MAC, KIND_TEXT, KIND_LIST,
	    KIND_BYTES, KIND_MAP_UINT_BYTES, KIND_MAP_TEXT_UINT, KIND_MAP_TEXT_TEXT };

struct field {
	const char *name;
	uint16_t tag;
	uint8_t message, kind, enumeration;
};

#define FIELD(message, name, tag, kind, enumeration) \
	{ #name, tag, MESSAGE_##message, KIND_##kind, ENUM_##enumeration },
static const struct field fields[] = {
#include "proto/fields.def"
};
#undef FIELD

#define STREAM(name, word, message, quota) MESSAGE_##message,
static const uint8_t message_of[STREAM_COUNT] = {
#include "core/stream.def"
};
#undef STREAM

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct field *field_of(uint8_t message, uint64_t tag)
{
	for (const struct field *f = fields; f < fields + COUNT_OF(fields); f++)
		if (f->message == message && f->tag == tag)
			return f;
	return NULL;
}

/* --- Protobuf ---------------------------------------------------------------------------- */

enum wire_type { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

static uint64_t get_varint(struct buf *in)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = buf_u8(in);

		v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return v;
	}
	in->bad = true;
	return 0;
}

/* The value behind a tag: a number in *v, or a window. */
static struct buf get_value(struct buf *in, unsigned type, uint64_t *v)
{
	struct buf none = { in->p, in->p, false };

	switch (type) {
	case VARINT:
		*v = get_varint(in);
		return none;
	case LENGTH:
		return buf_take(in, (size_t)get_varint(in));
	case FIXED64:
		return buf_take(in, 8);
	case FIXED32:
		return buf_take(in, 4);
	}
	in->bad = true;
	return none;
}

/* --- values to text ------------------------------------------------------------------------ */

static void put_text(struct out *o, const char *text)
{
	out_json(o, text, strlen(text));
}

static void put_number(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	(void)bytes;
	if (f->kind == KIND_SINT)
		out_format(o, "%" PRId64, (int64_t)v);
	else
		out_format(o, "%" PRIu64, v);
}

static void put_word(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i].enumeration == f->enumeration && words[i].number == v) {
			put_text(o, words[i].word);
			return;
		}
	}
	put_number(o, f, v, bytes);
}

static void put_address(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	char text[NM_ADDR_TEXT] = "";
	struct addr a;

	(void)f, (void)v;
	if (buf_left(&bytes) == sizeof(a)) {
		memcpy(&a, bytes.p, sizeof(a));
		addr_text(&a, text);
	}
	put_text(o, text);
}

static void put_mac(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	char text[NM_MAC_TEXT];

	(void)f, (void)bytes;
	put_text(o, mac_text(v, text));
}

static void put_string(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	(void)f, (void)v;
	out_json(o, (const char *)bytes.p, buf_left(&bytes));
}

static void put_list(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	const char *comma = "[";

	(void)f, (void)v;
	while (buf_left(&bytes)) {
		out_format(o, "%s%" PRIu64, comma, get_varint(&bytes));
		comma = ",";
	}
	out_text(o, *comma == '[' ? "[]" : "]");
}

/* The key and the value of a map's entry. */
struct entry { uint64_t number[2]; struct buf bytes[2]; };

static struct entry get_entry(struct buf in)
{
	struct entry e = { { 0 }, { in, in } };

	e.bytes[0].p = e.bytes[1].p = in.end;
	while (buf_left(&in) && !in.bad) {
		uint64_t tag = get_varint(&in), v = 0;
		struct buf bytes = get_value(&in, tag & 7, &v);

		if (tag >> 3 == 1 || tag >> 3 == 2) {
			e.number[(tag >> 3) - 1] = v;
			e.bytes[(tag >> 3) - 1] = bytes;
		}
	}
	return e;
}

static void put_hex(struct out *o, struct buf bytes)
{
	out_text(o, "\"");
	while (buf_left(&bytes))
		out_format(o, "%02x", buf_u8(&bytes));
	out_text(o, "\"");
}

/* Without its braces: a map is repeated entries. */
static void put_entry(struct out *o, const struct field *f, uint64_t v, struct buf bytes)
{
	struct entry e = get_entry(bytes);

	(void)v;
	if (f->kind == KIND_MAP_UINT_BYTES)
		out_format(o, "\"%" PRIu64 "/%" PRIu64 "\"", e.number[0] >> 16,
			   e.number[0] & 0xffff);
	else
		out_json(o, (const char *)e.bytes[0].p, buf_left(&e.bytes[0]));
	out_text(o, ":");
	if (f->kind == KIND_MAP_UINT_BYTES)
		put_hex(o, e.bytes[1]);
	else if (f->kind == KIND_MAP_TEXT_UINT)
		out_format(o, "%" PRIu64, e.number[1]);
	else
		out_json(o, (const char *)e.bytes[1].p, buf_left(&e.bytes[1]));
}

static void (*const put[])(struct out *o, const struct field *f, uint64_t v, struct buf bytes) = {
	[KIND_UINT] = put_number, [KIND_SINT] = put_number,    [KIND_ENUM] = put_word,
	[KIND_MAC] = put_mac,     [KIND_ADDRESS] = put_address, [KIND_TEXT] = put_string,
	[KIND_LIST] = put_list,   [KIND_BYTES] = put_string,
	[KIND_MAP_UINT_BYTES] = put_entry,
	[KIND_MAP_TEXT_UINT] = put_entry,
	[KIND_MAP_TEXT_TEXT] = put_entry,
};

/* --- records ---------------------------------------------------------------------------------- */

static bool is_map(const struct field *f)
{
	return f && f->kind >= KIND_MAP_UINT_BYTES;
}

/* What stands between a member and the one before; entries of one map follow each other. */
static void put_name(struct out *o, const struct field *f, const struct field *before,
		     const char *comma)
{
	if (is_map(f) && f == before) {
		out_text(o, ",");
		return;
	}
	if (is_map(before))
		out_text(o, "}");
	out_format(o, "%s\"%s\":%s", comma, f->name, is_map(f) ? "{" : "");
}

static bool is_number(const struct field *f)
{
	return f->kind == KIND_UINT || f->kind == KIND_ENUM;
}

/* *comma is what stands before the next member. */
static enum nm_err put_members(struct out *o, uint8_t message, struct buf in, const char **comma,
			       struct readable *told)
{
	const struct field *before = NULL;

	while (buf_left(&in)) {
		uint64_t tag = get_varint(&in), v = 0;
		struct buf bytes = get_value(&in, tag & 7, &v);
		const struct field *f = field_of(message, tag >> 3);

		if (in.bad)
			return NM_SHORT;
		if (!f)
			continue;
		put_name(o, f, before, *comma);
		put[f->kind](o, f, v, bytes);
		if (is_number(f))
			readable_note(told, f->name, v);
		before = f;
		*comma = ",";
	}
	if (is_map(before))
		out_text(o, "}");
	return NM_OK;
}

enum nm_err json_record(struct out *o, enum stream stream, struct buf *in, unsigned parts)
{
	struct buf message = buf_take(in, (size_t)get_varint(in));
	const char *comma = parts & JSON_STREAM ? "," : "";
	struct readable told = { { 0 } };
	enum nm_err err;

	if (in->bad)
		return NM_SHORT;
	out_text(o, "{");
	if (parts & JSON_STREAM)
		out_format(o, "\"stream\":\"%s\"", stream_word(stream));
	err = put_members(o, message_of[stream], message, &comma, &told);
	if (parts & JSON_WORDS) {
		out_format(o, "%s\"Words\":", comma);
		readable_put(o, &told);
	}
	out_text(o, "}");
	return err;
}
