// SPDX-License-Identifier: Apache-2.0
/* Which field has which words: a table, and what word.def alone cannot say. */
#include <inttypes.h>

#include "core/flow.h"
#include "core/readable.h"
#include "core/word.h"

#define PROTO_ICMP  1
#define PROTO_ICMP6 58
#define ROOM        80

enum field {
	TIME_RECEIVED, TIME_START, TIME_END, LAST_SEEN, SAMPLING_RATE, RATE_SOURCE, ETYPE, PROTO,
	INNER_PROTO, TUNNEL_PROTO, TCP_FLAGS, ICMP_TYPE, ICMP_CODE, OUT_IF, OUT_IF_KIND,
	FORWARDING, END_REASON, NAT_EVENT, FIREWALL_EVENT, BIFLOW, DROP_REASON, FIELDS,
};
_Static_assert(FIELDS <= READABLE_FIELDS, "struct readable has room for all");

/* What a number means as text, in `room` when it is not constant; NULL when nobody knows. */
typedef const char *reader(const struct readable *r, uint64_t v, char room[ROOM]);

static const char *icmp_type(const struct readable *r, uint64_t v, char room[ROOM])
{
	(void)room;
	if (r->v[PROTO] == PROTO_ICMP)
		return word_of(WORD_ICMP, v);
	return r->v[PROTO] == PROTO_ICMP6 ? word_of(WORD_ICMP6, v) : NULL;
}

static const char *icmp_code(const struct readable *r, uint64_t v, char room[ROOM])
{
	uint64_t both = r->v[ICMP_TYPE] << 8 | v;

	(void)room;
	if (r->v[PROTO] == PROTO_ICMP)
		return word_of(WORD_ICMP_CODE, both);
	return r->v[PROTO] == PROTO_ICMP6 ? word_of(WORD_ICMP6_CODE, both) : NULL;
}

static const char *flags(const struct readable *r, uint64_t v, char room[ROOM])
{
	(void)r;
	return word_of_flags(v, room);
}

static const char *when(const struct readable *r, uint64_t v, char room[ROOM])
{
	(void)r;
	return time_text((nm_time){ (int64_t)v }, room);
}

static const char *rate(const struct readable *r, uint64_t v, char room[ROOM])
{
	const char *source = word_of(WORD_RATE, r->v[RATE_SOURCE]);
	struct out o = out_of(room, ROOM);

	out_format(&o, "1 in %" PRIu64 ", %s", v, source ? source : "of unknown source");
	return out_end(&o);
}

/* Of a packet that went nowhere the number is the reason. */
static const char *out_if(const struct readable *r, uint64_t v, char room[ROOM])
{
	(void)room;
	return r->v[OUT_IF_KIND] == INTERFACE_DISCARDED ? word_of(WORD_DROP, v) : NULL;
}

#define TELL(field, name, reader)        [field] = { name, reader, 0, false }
#define TELL_ZERO(field, name, reader)   [field] = { name, reader, 0, true }
#define TELL_WORD(field, name, set)      [field] = { name, NULL, set, false }
#define NOTE(field, name)                [field] = { name, silent, 0, false }

/* Said by its enumeration, and needed for others. */
static const char *silent(const struct readable *r, uint64_t v, char room[ROOM])
{
	(void)r, (void)v, (void)room;
	return NULL;
}

static const struct {
	const char *name;		/* in the schema */
	reader *read;			/* NULL: the word of a set */
	uint8_t set;			/* enum word_set */
	bool zero;			/* 0 means something, so it is read when it is absent */
} fields[FIELDS] = {
	TELL(TIME_RECEIVED,       "TimeReceivedNs",   when),
	TELL(TIME_START,          "TimeFlowStartNs",  when),
	TELL(TIME_END,            "TimeFlowEndNs",    when),
	TELL(LAST_SEEN,           "LastSeenNs",       when),
	TELL(SAMPLING_RATE,       "SamplingRate",     rate),
	NOTE(RATE_SOURCE,         "RateSource"),
	TELL_WORD(ETYPE,          "Etype",            WORD_ETYPE),
	TELL_WORD(PROTO,          "Proto",            WORD_PROTOCOL),
	TELL_WORD(INNER_PROTO,    "InnerProto",       WORD_PROTOCOL),
	TELL_WORD(TUNNEL_PROTO,   "TunnelProto",      WORD_PROTOCOL),
	TELL(TCP_FLAGS,           "TCPFlags",         flags),
	TELL_ZERO(ICMP_TYPE,      "IcmpType",         icmp_type),
	TELL(ICMP_CODE,           "IcmpCode",         icmp_code),
	TELL_ZERO(OUT_IF,         "OutIf",            out_if),
	NOTE(OUT_IF_KIND,         "OutIfKind"),
	TELL_WORD(FORWARDING,     "ForwardingStatus", WORD_FORWARDING),
	TELL_WORD(END_REASON,     "FlowEndReason",    WORD_END_REASON),
	TELL_WORD(NAT_EVENT,      "NatEvent",         WORD_NAT_EVENT),
	TELL_WORD(FIREWALL_EVENT, "FirewallEvent",    WORD_FIREWALL),
	TELL_WORD(BIFLOW,         "BiFlowDirection",  WORD_BIFLOW),
	TELL_WORD(DROP_REASON,    "DropReason",       WORD_DROP),
};

void readable_note(struct readable *r, const char *name, uint64_t v)
{
	for (unsigned i = 0; i < FIELDS; i++)
		if (!strcmp(fields[i].name, name))
			r->v[i] = v;
}

static const char *words(const struct readable *r, unsigned field, char room[ROOM])
{
	uint64_t v = r->v[field];

	if (!v && !fields[field].zero)
		return NULL;
	return fields[field].read ? fields[field].read(r, v, room) :
	       word_of((enum word_set)fields[field].set, v);
}

void readable_put(struct out *o, const struct readable *r)
{
	const char *comma = "";
	char room[ROOM];

	out_text(o, "{");
	for (unsigned i = 0; i < FIELDS; i++) {
		const char *text = words(r, i, room);

		if (!text)
			continue;
		out_format(o, "%s\"%s\":\"%s\"", comma, fields[i].name, text);
		comma = ",";
	}
	out_text(o, "}");
}
