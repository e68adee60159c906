/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The column "extra" of a table of flows: an object of JSON with what has no column of its own.
 * What a flow has a member for is compared, the rest is not.
 */
#ifndef NM_COLUMN_EXTRA_H
#define NM_COLUMN_EXTRA_H

#include "tests/keeping.h"
#include "tests/table.h"

#define COLUMN_TEXT 1024

/* The value behind "key": in an object of JSON, NULL when it is not there. */
static inline const char *extra_find(const char *object, const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	at = strstr(object, quoted);
	return at ? at + strlen(quoted) : NULL;
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

static inline bool extra_addr(const char *object, const char *key, const struct addr *have)
{
	const char *at = extra_find(object, key);
	char text[COLUMN_TEXT];
	struct addr want;

	if (!at)
		return true;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(at + 1, "\""), at + 1);
	if (addr_parse(text, &want))
		return false;
	return addr_same(have, &want) ||
	       (addr_is_absent(have) && text[strspn(text, "0.:")] == '\0');
}

static inline bool extra_interface(const char *object, const char *key, uint8_t kind)
{
	const char *at = extra_find(object, key);
	unsigned long want = at ? strtoul(at, NULL, 10) : 0;

	return want == (kind == INTERFACE_INTERNAL ? INTERFACE_INDEX : kind);
}

/* The members that extra_of_sample() speaks of. */
static inline bool extra_shows(const char *member)
{
	return listed("agent,in_if_kind,out_if_kind,router_as,peer_as,local_pref,as_path,"
		      "communities,drop_reason,drops", member);
}

static inline bool extra_of_sample(const char *want, const struct seen_flow *f)
{
	return extra_addr(want, "agent", &f->flow.agent) &&
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

/* Elements that a record has twice: of the outer header, then of the inner. */
static inline bool extra_inner(const char *want, const struct flow *f)
{
	const char *inner = extra_find(want, "inner");

	return !inner || (extra_addr(inner, "src", &f->inner_src) &&
			  extra_addr(inner, "dst", &f->inner_dst) &&
			  extra_uint(inner, "sport", f->inner_src_port) &&
			  extra_uint(inner, "dport", f->inner_dst_port) &&
			  extra_uint(inner, "proto", f->inner_proto));
}

#endif
