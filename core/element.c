// SPDX-License-Identifier: Apache-2.0
/* Names, which the tables of ie.c have no room for. */
#include "core/element.h"
#include "core/ie.h"

#define REVERSE 29305		/* the enterprise whose elements are IANA's, of the way back */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define IE(enterprise, id, kind, member, name)  name,
#define IE6(enterprise, id, kind, member, name) name,
static const char *const names[IE_ROWS] = {
#include "core/ie.def"
};
#undef IE
#undef IE6

#define KNOWN(id, name, why) { id, name, why },
static const struct { uint16_t id; const char *name, *why; } known[] = {
#include "core/ie_known.def"
};
#undef KNOWN

const char *element_name(const struct element *e)
{
	for (size_t row = 0; row < IE_ROWS; row++)
		if (ie_rows[row].id == e->id && ie_rows[row].enterprise == e->enterprise)
			return names[row];
	for (size_t i = 0; i < COUNT(known) && !e->enterprise; i++)
		if (known[i].id == e->id)
			return known[i].name;
	return NULL;
}

const char *element_why(const struct element *e)
{
	if (e->enterprise == REVERSE && ie_is_known(e))
		return "of the way back only bytes and packets are kept";
	for (size_t i = 0; i < COUNT(known) && !e->enterprise; i++)
		if (known[i].id == e->id)
			return known[i].why;
	return NULL;
}

/* --- members ------------------------------------------------------------------------ */

#define AT(member) offsetof(struct draft, member)
#define FLOW(kind, type, member, field, help) { AT(flow.member), #field },
#define MORE(kind, type, member, field, help) { AT(more.member), #field },
static const struct { uint16_t at; const char *field; } fields[] = {
#include "core/flow.def"
#include "core/flow_more.def"
	{ AT(six.src),             "SrcAddr, if there is no IPv4" },
	{ AT(six.dst),             "DstAddr, if there is no IPv4" },
	{ AT(six.next_hop),        "NextHop, if there is no IPv4" },
	{ AT(six.bgp_next_hop),    "BgpNextHop, if there is no IPv4" },
	{ AT(six.nat_src),         "NatSrcAddr, if there is no IPv4" },
	{ AT(six.nat_dst),         "NatDstAddr, if there is no IPv4" },
	{ AT(six.src_net),         "SrcNet, if there is no IPv4" },
	{ AT(six.dst_net),         "DstNet, if there is no IPv4" },
	{ AT(six.icmp_type),       "IcmpType, if there is no IPv4" },
	{ AT(six.icmp_code),       "IcmpCode, if there is no IPv4" },
	{ AT(notes.start_uptime),  "TimeFlowStart, once options tell when the uptime began" },
	{ AT(notes.end_uptime),    "TimeFlowEnd, once options tell when the uptime began" },
	{ AT(notes.boot_ms),       "when the uptime began" },
};
#undef FLOW
#undef MORE

/* Many that help alike, up to and with the last. */
static const struct { uint16_t first, last; const char *words; } ranges[] = {
	{ AT(notes.interval),      AT(notes.population),   "SamplingRate" },
	{ AT(notes.labels),        AT(notes.labels[FLOW_LABELS - 1]), "MplsLabels" },
	{ AT(notes.frame),         AT(notes.section_size), "what the packet's headers say" },
	{ AT(told),                sizeof(struct draft),   "the stream of names" },
};

const char *element_target(uint16_t to)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (fields[i].at == to)
			return fields[i].field;
	for (size_t i = 0; i < COUNT(ranges); i++)
		if (to >= ranges[i].first && to <= ranges[i].last)
			return ranges[i].words;
	return "a member without a name";
}
