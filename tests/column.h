/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of a table of flows, and what of a record each is compared with. An empty field
 * means absent; struct flow cannot tell a number that is absent from one that is 0, nor an
 * address of zeros, so neither do we. Every member of flow.def and flow_more.def is a column too,
 * by its name, for tables of our own.
 *
 * Columns that are not compared, because a flow has no such member: set, rec, sport_udp,
 * export_time, template. Of extra, what a flow has a member for.
 */
#ifndef NM_COLUMN_H
#define NM_COLUMN_H

#include "core/out.h"
#include "tests/column_extra.h"
#include "tests/keeping.h"
#include "tests/table.h"

struct column {
	const char *name;
	/* Does the flow say what the table says? Writes what it says. */
	bool (*same)(const struct column *c, const struct seen_flow *f, const char *want,
		     char have[COLUMN_TEXT]);
	size_t at, size;
};

static inline uint64_t column_uint(const struct column *c, const struct seen_flow *f)
{
	const char *at = (const char *)f + c->at;
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	memcpy(&v64, at, c->size == 8 ? 8 : 0);
	memcpy(&v32, at, c->size == 4 ? 4 : 0);
	memcpy(&v16, at, c->size == 2 ? 2 : 0);
	return c->size == 8 ? v64 : c->size == 4 ? v32 : c->size == 2 ? v16 : (uint8_t)*at;
}

static inline bool same_uint(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	uint64_t v = column_uint(c, f);

	snprintf(have, COLUMN_TEXT, "%" PRIu64, v);
	return v == strtoull(want, NULL, 10);
}

static inline bool same_hex(const struct column *c, const struct seen_flow *f, const char *want,
			    char have[COLUMN_TEXT])
{
	size_t len = strlen(want);

	if (len > 16)
		want += len - 16;		/* the flow has 64 bits of it */
	snprintf(have, COLUMN_TEXT, "%" PRIx64, column_uint(c, f));
	return column_uint(c, f) == strtoull(want, NULL, 16);
}

static inline bool same_addr(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	const struct addr *a = (const void *)((const char *)f + c->at);

	struct addr b;

	addr_text(a, have);
	if (addr_is_absent(a))
		return !*want || !strcmp(want, "::") || !strcmp(want, "0.0.0.0");
	return !addr_parse(want, &b) && addr_same(a, &b);
}

static inline bool same_mac(const struct column *c, const struct seen_flow *f, const char *want,
			    char have[COLUMN_TEXT])
{
	mac_text(column_uint(c, f), have);
	return !strcmp(*want ? want : "00:00:00:00:00:00", have);
}

static inline bool same_ms(const struct column *c, const struct seen_flow *f, const char *want,
			   char have[COLUMN_TEXT])
{
	uint64_t ms = column_uint(c, f) / NM_NS_PER_MS;

	snprintf(have, COLUMN_TEXT, "%" PRIu64, ms);
	return ms == strtoull(want, NULL, 10);
}

/* An unknown rate is 1 and says that it is assumed. */
static inline bool same_rate(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	uint64_t v = f->flow.rate_source == RATE_ASSUMED ? 0 : column_uint(c, f);

	snprintf(have, COLUMN_TEXT, "%" PRIu64, v);
	return f->flow.rate && v == strtoull(want, NULL, 10);
}

static inline bool same_direction(const struct column *c, const struct seen_flow *f,
				  const char *want, char have[COLUMN_TEXT])
{
	static const char *const wire[] = { "", "0", "1" };

	snprintf(have, COLUMN_TEXT, "%s", wire[column_uint(c, f)]);
	return !strcmp(want, have);
}

/* Sections of zeros behind the last label are room that was not used. */
static inline bool same_labels(const struct column *c, const struct seen_flow *f, const char *want,
			       char have[COLUMN_TEXT])
{
	size_t len;

	*have = '\0';
	(void)c;
	for (uint8_t i = 0; i < f->flow.label_count; i++)
		snprintf(have + strlen(have), COLUMN_TEXT - strlen(have), i ? ",%u" : "%u",
			 f->flow.labels[i]);
	len = strlen(have);
	if (strncmp(want, have, len))
		return false;
	for (want += len; !strncmp(want, ",0", 2);)
		want += 2;
	return !*want || (!len && strspn(want, "0,") == strlen(want));
}

static inline bool same_text(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	const struct text *t = (const void *)((const char *)f + c->at);

	snprintf(have, COLUMN_TEXT, "%.*s", (int)t->len, (const char *)t->p);
	return strlen(want) == t->len && (!t->len || !memcmp(want, t->p, t->len));
}

static inline bool same_list(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	const struct numbers *list = (const void *)((const char *)f + c->at);
	struct out o = out_of(have, COLUMN_TEXT);

	for (uint8_t i = 0; i < list->count; i++)
		out_format(&o, i ? ",%u" : "%u", (unsigned)list->n[i]);
	return !strcmp(want, out_end(&o));
}

/* ENTERPRISE/ID=HEX, in their order, with commas between them. */
static inline bool same_kept(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	struct out o = out_of(have, COLUMN_TEXT);

	(void)c;
	for (uint8_t i = 0; i < f->more.kept_count; i++) {
		const struct kept *k = &f->more.kept[i];

		out_format(&o, i ? ",%u/%u=" : "%u/%u=", (unsigned)k->enterprise, (unsigned)k->id);
		for (uint16_t b = 0; b < k->len; b++)
			out_format(&o, "%02x", (unsigned)k->p[b]);
	}
	return !strcmp(want, out_end(&o));
}

static inline bool same_version(const struct column *c, const struct seen_flow *f,
				const char *want, char have[COLUMN_TEXT])
{
	uint64_t source = column_uint(c, f);

	snprintf(have, COLUMN_TEXT, "%s", source == FLOW_NETFLOW5 ? "5" :
		 source == FLOW_NETFLOW9 ? "9" : source == FLOW_IPFIX ? "10" :
		 source == FLOW_SFLOW ? "sflow5" : "other");
	return !strcmp(want, have);
}

/* Only drops are told from flows. */
static inline bool same_kind(const struct column *c, const struct seen_flow *f, const char *want,
			     char have[COLUMN_TEXT])
{
	(void)c;
	snprintf(have, COLUMN_TEXT, "%s", f->dropped ? "discard" : "flow");
	return f->dropped == !strcmp(want, "discard");
}
static inline bool same_extra(const struct column *c, const struct seen_flow *f, const char *want,
			      char have[COLUMN_TEXT])
{
	(void)c;
	snprintf(have, COLUMN_TEXT, "something else");
	return f->flow.source == FLOW_SFLOW ? extra_of_sample(want, f) :
					      extra_inner(want, &f->flow);
}

/* Of sFlow the tables have bytes, the flow has what the header carries. */
static inline bool same_fragment(const struct column *c, const struct seen_flow *f,
				 const char *want, char have[COLUMN_TEXT])
{
	uint64_t v = column_uint(c, f) * (f->flow.source == FLOW_SFLOW ? 8 : 1);

	snprintf(have, COLUMN_TEXT, "%" PRIu64, v);
	return v == strtoull(want, NULL, 10);
}

/* Of sections in IPFIX the tables do not say it. */
static inline bool same_ip_length(const struct column *c, const struct seen_flow *f,
				  const char *want, char have[COLUMN_TEXT])
{
	return same_uint(c, f, want, have) || f->flow.source != FLOW_SFLOW;
}

#define AT(member) offsetof(struct seen_flow, member), sizeof(((struct seen_flow *)0)->member)

static const struct column columns[] = {
	{ "pkt",         same_uint,      AT(packet) },
	{ "kind",        same_kind,      AT(dropped) },
	{ "ip_len",      same_ip_length, AT(flow.ip_length) },
	{ "extra",       same_extra,     AT(more) },
	{ "exporter",    same_addr,      AT(flow.exporter) },
	{ "ver",         same_version,   AT(flow.source) },
	{ "domain",      same_uint,      AT(flow.domain) },
	{ "seq",         same_uint,      AT(flow.sequence) },
	{ "src",         same_addr,      AT(flow.src) },
	{ "dst",         same_addr,      AT(flow.dst) },
	{ "sport",       same_uint,      AT(flow.src_port) },
	{ "dport",       same_uint,      AT(flow.dst_port) },
	{ "proto",       same_uint,      AT(flow.proto) },
	{ "bytes",       same_uint,      AT(flow.bytes) },
	{ "packets",     same_uint,      AT(flow.packets) },
	{ "sampling",    same_rate,      AT(flow.rate) },
	{ "in_if",       same_uint,      AT(flow.in_if) },
	{ "out_if",      same_uint,      AT(flow.out_if) },
	{ "t_start_ms",  same_ms,        AT(flow.start) },
	{ "t_end_ms",    same_ms,        AT(flow.end) },
	{ "src_as",      same_uint,      AT(flow.src_as) },
	{ "dst_as",      same_uint,      AT(flow.dst_as) },
	{ "src_mask",    same_uint,      AT(flow.src_net) },
	{ "dst_mask",    same_uint,      AT(flow.dst_net) },
	{ "nexthop",     same_addr,      AT(flow.next_hop) },
	{ "bgp_nexthop", same_addr,      AT(flow.bgp_next_hop) },
	{ "vlan_in",     same_uint,      AT(flow.src_vlan) },
	{ "vlan_out",    same_uint,      AT(flow.dst_vlan) },
	{ "src_mac",     same_mac,       AT(flow.src_mac) },
	{ "dst_mac",     same_mac,       AT(flow.dst_mac) },
	{ "tcp_flags",   same_uint,      AT(flow.tcp_flags) },
	{ "tos",         same_uint,      AT(flow.tos) },
	{ "ttl_min",     same_uint,      AT(flow.ttl_min) },
	{ "ttl_max",     same_uint,      AT(flow.ttl_max) },
	{ "icmp_type",   same_uint,      AT(flow.icmp_type) },
	{ "icmp_code",   same_uint,      AT(flow.icmp_code) },
	{ "flow_label",  same_uint,      AT(flow.flow_label) },
	{ "frag_id",     same_uint,      AT(flow.fragment_id) },
	{ "frag_off",    same_fragment,  AT(flow.fragment_offset) },
	{ "mpls_labels", same_labels,    AT(flow.labels) },
	{ "vrf_in",      same_uint,      AT(flow.in_vrf) },
	{ "vrf_out",     same_uint,      AT(flow.out_vrf) },
	{ "nat_src",     same_addr,      AT(flow.nat_src) },
	{ "nat_dst",     same_addr,      AT(flow.nat_dst) },
	{ "nat_sport",   same_uint,      AT(flow.nat_src_port) },
	{ "nat_dport",   same_uint,      AT(flow.nat_dst_port) },
	{ "nat_event",   same_uint,      AT(flow.nat_event) },
	{ "fw_event",    same_uint,      AT(flow.firewall_event) },
	{ "direction",   same_direction, AT(flow.direction) },
	{ "fwd_status",  same_uint,      AT(flow.forwarding) },
	{ "bytes_rev",   same_uint,      AT(flow.reverse_bytes) },
	{ "packets_rev", same_uint,      AT(flow.reverse_packets) },
	{ "app_id",      same_hex,       AT(flow.application) },
	{ "sampler_id",  same_uint,      AT(flow.sampler) },
	/* Only in tables of our own: */
	{ "t_start_ns",  same_uint,      AT(flow.start) },
	{ "t_end_ns",    same_uint,      AT(flow.end) },
	{ "unknown",     same_kept,      AT(more.kept) },
};

static const struct column members[] = {
#define SAME_UINT same_uint
#define SAME_TIME same_uint
#define SAME_ADDR same_addr
#define SAME_TEXT same_text
#define SAME_LIST same_list
#define FLOW(kind, type, member, field, help) { #member, SAME_##kind, AT(flow.member) },
#include "core/flow.def"
#undef FLOW
#define MORE(kind, type, member, field, help) { #member, SAME_##kind, AT(more.member) },
#include "core/flow_more.def"
#undef MORE
	{ "unknown", same_kept, AT(more.kept) },
};

#undef AT
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static inline const struct column *column_find(const char *name)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (!strcmp(columns[i].name, name))
			return &columns[i];
	for (size_t i = 0; i < MEMBERS; i++)
		if (!strcmp(members[i].name, name))
			return &members[i];
	return NULL;
}

/* Does one of a table's columns speak of this member? When it was received, the capture says. */
static inline bool column_shows(const struct line *head, const struct column *member)
{
	if (!strcmp(member->name, "seen"))
		return true;
	for (size_t i = 0; i < head->count; i++) {
		const struct column *c = column_find(head->field[i]);

		if (c && (c->at == member->at ||
			  (c->same == same_extra && extra_shows(member->name))))
			return true;
	}
	return false;
}

#endif
