// SPDX-License-Identifier: Apache-2.0
/*
 * Counter records of sFlow, read by the table of sflow.def. A structure's fields are one text:
 * the kind of each, its name, and a zero. Old exporters leave out the last fields of a structure.
 */
#include <string.h>

#include "core/counters.h"
#include "core/name.h"
#include "core/sflow.h"

#define CLASS_INTERFACE 0
#define CLASS_LOGICAL   3		/* of data sources: a guest of the exporter */

#define U8(name)    "1" #name "\0"
#define U32(name)   "4" #name "\0"
#define U64(name)   "8" #name "\0"
#define I32(name)   "i" #name "\0"
#define MILLI(name) "f" #name "\0"
#define MAC(name)   "m" #name "\0"
#define MACS(name)  "M" #name "\0"
#define TEXT(name)  "t" #name "\0"
#define EACH(group) "*" #group "\0"
#define ITEM(name)  "#" #name "\0"

static const struct structure {
	uint32_t format;
	const char *name, *fields;
} structures[] = {
#define COUNTER_RECORD(enterprise, format, name, fields) \
	{ SFLOW_FORMAT(enterprise, format), name, fields },
#include "core/sflow.def"
};

static const struct structure *find(uint32_t format)
{
	const struct structure *end = structures + sizeof(structures) / sizeof(structures[0]);

	for (const struct structure *t = structures; t < end; t++)
		if (t->format == format)
			return t;
	return NULL;
}

const char *sflow_counter_record_name(uint32_t format)
{
	const struct structure *t = find(format);

	return t ? t->name : NULL;
}

/* --- fields ------------------------------------------------------------------- */

/* An integer of so many bytes; unknown counters have all bits set (sflow_version_5.txt, 5.4). */
static bool integer(struct buf *in, size_t size, uint64_t *value)
{
	*value = buf_uint(in, size);
	return size < 4 || *value != UINT64_MAX >> (64 - 8 * size);
}

/* The bits of an IEEE 754 single in thousandths, rounded; false below zero and out of range. */
static bool thousandths(uint32_t bits, uint64_t *value)
{
	int exponent = (int)(bits >> 23 & 0xff) - 127 - 23;
	uint64_t v = ((bits & 0x7fffff) | 0x800000) * (uint64_t)1000;

	*value = 0;
	if (bits >> 31 || exponent > 29)
		return false;
	if (exponent >= 0)
		*value = v << exponent;
	else if (exponent > -64)
		*value = (v + ((uint64_t)1 << (-exponent - 1))) >> -exponent;
	return true;
}

static void put_value(struct counters *c, const char *name, uint64_t value)
{
	if (c->count < COUNTERS_MOST)
		c->values[c->count++] = (struct counter){ name, value };
}

static void put_text(struct counters *c, const char *name, struct text text)
{
	if (c->text_count < COUNTER_TEXTS)
		c->texts[c->text_count++] = (struct counter_text){ name, text };
}

static uint64_t hardware(struct buf *in)
{
	uint64_t mac = buf_uint(in, 6);

	buf_skip(in, 2);
	return mac;
}

/* The first of a list, and how many they are. */
static void hardware_list(struct buf *in, struct counters *c, const char *name)
{
	uint32_t count = buf_u32(in);

	put_value(c, "macs", count);
	for (uint32_t i = 0; i < count && !in->bad; i++) {
		uint64_t mac = hardware(in);

		if (!i && !in->bad)
			put_value(c, name, mac);
	}
}

static void number(char kind, struct buf *in, struct counters *c, const char *name)
{
	uint64_t v = 0;
	bool known = true;

	if (kind == 'f')
		known = thousandths(buf_u32(in), &v);
	else if (kind == 'm')
		v = hardware(in);
	else if (kind == 'i')
		v = (uint64_t)(int64_t)(int32_t)buf_u32(in);
	else
		known = integer(in, (size_t)(kind - '0'), &v);
	if (known && !in->bad)
		put_value(c, name, v);
}

/*
 * Up to the end of the fields, of the record, or to a list; returns the field it stopped at. `item`
 * is the number of the item these fields are of.
 */
static const char *fields(const char *at, struct buf *in, struct counters *c, uint32_t item)
{
	for (; *at && *at != '*' && buf_left(in); at += strlen(at) + 1) {
		if (*at == 't')
			put_text(c, at + 1, sflow_text(in));
		else if (*at == 'M')
			hardware_list(in, c, at + 1);
		else if (*at == '#')
			put_value(c, at + 1, item);
		else
			number(*at, in, c, at + 1);
	}
	return at;
}

/* --- records ---------------------------------------------------------------------- */

static void tell_name(struct sflow *s, const struct counters *c, uint8_t kind, uint64_t id)
{
	struct name_told name = {
		.seen = c->seen, .exporter = c->exporter, .agent = c->agent, .domain = c->domain,
		.source = FLOW_SFLOW, .kind = kind, .id = id,
	};

	if (!c->text_count || !c->texts[0].text.len)
		return;
	name.name = c->texts[0].text;
	decode_name(s->d, s->e, &name);
}

static void give(struct sflow *s, struct counters *c)
{
	if (c->count || c->text_count)
		decode_counters(s->d, s->e, c);
	c->count = c->text_count = 0;
}

/* Items of a list, each a record in a group of its own. Returns the list behind it, or the end. */
static const char *items(struct sflow *s, const char *list, struct buf *in, struct counters *c)
{
	const char *first = list + strlen(list) + 1, *end = first;
	uint32_t count = buf_u32(in);

	c->group = list + 1;
	for (uint32_t i = 0; i < count && buf_left(in) && !in->bad; i++) {
		fields(first, in, c, i);
		give(s, c);
	}
	while (*end && *end != '*')
		end += strlen(end) + 1;
	return end;
}

void sflow_counter_record(struct sflow *s, const struct sflow_frame *record,
			  const struct sflow_counters *whose)
{
	const struct structure *t = find(record->format);
	struct buf in = record->body;
	struct counters c;
	const char *at;

	if (!t) {
		sflow_unknown(s, UNKNOWN_COUNTER_RECORD, record->format, buf_left(&in));
		return;
	}
	c.seen = s->blank.seen;
	c.exporter = s->blank.exporter;
	c.agent = s->blank.agent;
	c.domain = s->blank.domain;
	c.sequence = whose->sequence;
	c.uptime_ms = whose->uptime_ms;
	c.source_class = whose->class;
	c.source_index = whose->index;
	c.source = FLOW_SFLOW;
	c.group = t->name;
	c.count = c.text_count = 0;
	sflow_count(s, COUNT_BYTES_DECODED, buf_left(&in));
	at = fields(t->fields, &in, &c, 0);
	if (record->format == SFLOW_PORT_NAME && whose->class == CLASS_INTERFACE)
		tell_name(s, &c, NAME_INTERFACE, whose->index);
	if (record->format == SFLOW_HOST_DESCRIPTION && whose->class != CLASS_LOGICAL)
		tell_name(s, &c, NAME_EXPORTER, 0);
	give(s, &c);
	while (*at == '*' && buf_left(&in))
		at = items(s, at, &in, &c);
	if (in.bad)
		sflow_wrong(s, NM_SHORT);
}
