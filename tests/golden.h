/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of golden.c: how they are read, and what each column is compared with. In a table an
 * empty field means absent; struct flow cannot tell a number that is absent from one that is 0,
 * nor an address of zeros, so neither do we.
 *
 * Columns that are not compared, because a flow has no such member: set, rec, sport_udp,
 * export_time, template. Of extra, what a flow has a member for.
 */
#ifndef NM_GOLDEN_H
#define NM_GOLDEN_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/decode.h"

/* --- text ------------------------------------------------------------------ */

struct words { char *bytes; size_t len; };

/* A whole file, terminated; bytes is NULL when it cannot be read. The caller frees it. */
static inline struct words text_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct words t = { NULL, 0 };
	long size;

	if (!f)
		return t;
	if (!fseek(f, 0, SEEK_END) && (size = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
		t.bytes = calloc(1, (size_t)size + 1);
		if (t.bytes)
			t.len = fread(t.bytes, 1, (size_t)size, f);
	}
	fclose(f);
	return t;
}

#define LINE_FIELDS 80

struct line {
	char *field[LINE_FIELDS];
	size_t count;
	unsigned number;
};

/* Split the next line at its tabs, in place. */
static inline bool line_next(char **at, struct line *l)
{
	char *p = *at, *end = p + strcspn(p, "\n");

	if (!*p)
		return false;
	*at = *end ? end + 1 : end;
	*end = '\0';
	l->number++;
	for (l->count = 0; p && l->count < LINE_FIELDS; p = strchr(p, '\t')) {
		if (l->count)
			*p++ = '\0';
		l->field[l->count++] = p;
	}
	return true;
}

/* The parts up to an empty one, as one text; the last eight results stay valid. */
static inline const char *join(const char *first, ...)
{
	static char texts[8][4096];
	static unsigned turn;
	char *text = texts[turn++ % 8];
	va_list parts;

	snprintf(text, sizeof(texts[0]), "%s", first);
	va_start(parts, first);
	for (const char *part; *(part = va_arg(parts, const char *));)
		snprintf(text + strlen(text), sizeof(texts[0]) - strlen(text), "%s", part);
	va_end(parts);
	return text;
}

static inline __attribute__((format(printf, 1, 2))) bool fail(const char *format, ...)
{
	va_list args;

	printf("  ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	return false;
}

/* Is the name one of a list with commas, or is the list "*"? */
static inline bool listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (list && !strcmp(list, "*"))
		return true;
	while (list && *list) {
		size_t word = strcspn(list, ",");

		if (word == len && !strncmp(list, name, len))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

/* --- the list of exceptions ------------------------------------------------ */

struct golden_case {
	const char *name;
	const char *waiting, *ignored;		/* columns */
};

/* tests/GOLDEN: wait or ignore, a case, columns, the reason; with tabs between them. */
static inline void golden_look_up(const struct words *list, struct golden_case *c)
{
	static char copies[2][65536];
	static unsigned turn;
	char *at = copies[turn++ % 2];
	struct line row = { 0 };

	snprintf(at, sizeof(copies[0]), "%s", list->bytes ? list->bytes : "");
	while (line_next(&at, &row)) {
		if (row.count < 4 || *row.field[0] == '#' || strcmp(row.field[1], c->name))
			continue;
		if (!strcmp(row.field[0], "wait"))
			c->waiting = row.field[2];
		else
			c->ignored = row.field[2];
	}
}

/* --- the columns ----------------------------------------------------------- */

struct seen_flow {
	struct flow flow;
	struct flow_more more;
	unsigned packet;
	bool dropped;
};

#define COLUMN_TEXT 256

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

/* The value behind "key": in an object of JSON, NULL when it is not there. */
static inline const char *extra_find(const char *object, const char *key)
{
	const char *at = strstr(object, join("\"", key, "\": ", ""));

	return at ? at + strlen(key) + strlen("\"\": ") : NULL;
}

static inline bool extra_uint(const char *object, const char *key, uint64_t value)
{
	const char *at = extra_find(object, key);

	return !at || strtoull(at, NULL, 10) == value;
}

/* Every number of an array, up to its end at the bracket of its own depth; kinds are left out. */
static inline bool extra_list(const char *object, const char *key, const struct numbers *list)
{
	const char *at = extra_find(object, key);
	int depth = 0;
	unsigned n = 0;
	bool path = at && at[0] == '[' && at[1] == '[';

	for (; at && *at; at++) {
		depth += (*at == '[') - (*at == ']');
		if (!depth)
			return n == list->count;
		if (*at < '0' || *at > '9')
			continue;
		if (!path || depth > 2)
			if (n >= list->count || strtoul(at, NULL, 10) != list->n[n++])
				return false;
		at += strspn(at, "0123456789") - 1;
	}
	return true;
}

static inline bool extra_agent(const char *object, const struct addr *agent)
{
	const char *at = extra_find(object, "agent");
	char text[COLUMN_TEXT];
	struct addr want;

	if (!at)
		return true;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(at + 1, "\""), at + 1);
	if (!strcmp(text, "0.0.0.0"))
		return true;
	return !addr_parse(text, &want) && addr_same(agent, &want);
}

static inline bool extra_interface(const char *object, const char *key, uint8_t kind)
{
	const char *at = extra_find(object, key);
	unsigned long want = at ? strtoul(at, NULL, 10) : 0;

	return want == (kind == INTERFACE_INTERNAL ? INTERFACE_INDEX : kind);
}

static inline bool same_extra(const struct column *c, const struct seen_flow *f, const char *want,
			      char have[COLUMN_TEXT])
{
	(void)c;
	snprintf(have, COLUMN_TEXT, "something else");
	if (f->flow.source != FLOW_SFLOW)
		return true;
	return extra_agent(want, &f->flow.agent) &&
	       extra_interface(want, "in_format", f->flow.in_if_kind) &&
	       extra_interface(want, "out_format", f->flow.out_if_kind) &&
	       extra_uint(want, "router_as", f->more.router_as) &&
	       extra_uint(want, "src_peer_as", f->more.peer_as) &&
	       extra_uint(want, "localpref", f->more.local_pref) &&
	       extra_list(want, "as_path", &f->more.as_path) &&
	       extra_list(want, "communities", &f->more.communities) &&
	       (!f->dropped || (extra_uint(want, "reason", f->more.drop_reason) &&
				extra_uint(want, "drops", f->more.drops)));
}

/* Of sFlow the tables have bytes, the flow has what the header carries. */
static inline bool same_fragment(const struct column *c, const struct seen_flow *f,
				 const char *want, char have[COLUMN_TEXT])
{
	uint64_t v = column_uint(c, f) * (f->flow.source == FLOW_SFLOW ? 8 : 1);

	snprintf(have, COLUMN_TEXT, "%" PRIu64, v);
	return v == strtoull(want, NULL, 10);
}

static inline bool same_ip_length(const struct column *c, const struct seen_flow *f,
				  const char *want, char have[COLUMN_TEXT])
{
	snprintf(have, COLUMN_TEXT, "%u", f->flow.ip_length);
	(void)c;
	return f->flow.source != FLOW_SFLOW || f->flow.ip_length == strtoul(want, NULL, 10);
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
	{ "frag_off",    same_fragment,      AT(flow.fragment_offset) },
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
	{ "vlan",        same_uint,      AT(flow.vlan) },
	{ "etype",       same_uint,      AT(flow.etype) },
	{ "end_reason",  same_uint,      AT(flow.end_reason) },
	{ "biflow",      same_uint,      AT(flow.biflow) },
	{ "next_hop_as", same_uint,      AT(flow.next_hop_as) },
	{ "t_start_ns",  same_uint,      AT(flow.start) },
	{ "t_end_ns",    same_uint,      AT(flow.end) },
	{ "rate_source", same_uint,      AT(flow.rate_source) },
};

#undef AT

static inline const struct column *column_find(const char *name)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (!strcmp(columns[i].name, name))
			return &columns[i];
	return NULL;
}

#endif
