// SPDX-License-Identifier: Apache-2.0
/*
 * Addresses as text and back, without asking the C library: what is read here comes from
 * configuration files and must mean the same on every system.
 */
#include "core/addr.h"

#include <stdio.h>

#define GROUPS 8

/* The longest run of two or more zero groups, the first of equals; -1 when there is none. */
static int longest_zeros(const unsigned group[GROUPS], int *len)
{
	int best = -1, run = 0;

	*len = 1;
	for (int i = 0; i < GROUPS; i++) {
		run = group[i] ? 0 : run + 1;
		if (run > *len) {
			*len = run;
			best = i + 1 - run;
		}
	}
	return best;
}

char *addr_text(const struct addr *a, char text[NM_ADDR_TEXT])
{
	const uint8_t *b = a->b;
	unsigned group[GROUPS];
	int zeros, len, at = 0;

	if (addr_is_v4(a)) {
		snprintf(text, NM_ADDR_TEXT, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
		return text;
	}
	for (int i = 0; i < GROUPS; i++)
		group[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	zeros = longest_zeros(group, &len);
	for (int i = 0; i < GROUPS; i++) {
		if (i == zeros) {
			at += snprintf(text + at, NM_ADDR_TEXT - (size_t)at, "::");
			i += len - 1;
		} else {
			at += snprintf(text + at, NM_ADDR_TEXT - (size_t)at, "%s%x",
				       at && text[at - 1] != ':' ? ":" : "", group[i] & 0xffff);
		}
	}
	return text;
}

/* A number without leading zeros up to max, in base 10 or 16; NULL when there is none. */
static const char *number(const char *s, unsigned base, unsigned max, unsigned *value)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *start = s;
	unsigned v = 0;

	for (; *s; s++) {
		const char *d = strchr(digits, *s);
		unsigned digit = d ? (unsigned)(d - digits) % 16 : 16;

		if (digit >= base)
			break;
		v = v * base + digit;
		if (v > max || (base == 10 && s > start && *start == '0') || s - start > 3)
			return NULL;
	}
	*value = v;
	return s > start ? s : NULL;
}

/* Exactly four numbers and three dots; NULL when it is anything else. */
static const char *dotted(const char *s, uint8_t b[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned v;

		if (i && *s++ != '.')
			return NULL;
		s = number(s, 10, 255, &v);
		if (!s)
			return NULL;
		b[i] = (uint8_t)v;
	}
	return s;
}

/*
 * One group of an IPv6 address, or the dotted form that may stand for the last two, written at
 * b[*at]. Returns what follows it, NULL when it is neither.
 */
static const char *group_parse(const char *s, uint8_t b[16], int *at)
{
	unsigned v;
	const char *end = number(s, 16, 0xffff, &v);

	if (end && *end == '.' && *at <= 12) {
		end = dotted(s, b + *at);
		*at += 4;
		return end && !*end ? end : NULL;
	}
	if (!end || *at > 14)
		return NULL;
	b[(*at)++] = (uint8_t)(v >> 8);
	b[(*at)++] = (uint8_t)v;
	return end;
}

static enum nm_err v6_parse(const char *s, struct addr *a)
{
	int at = 0, gap = -1;

	*a = (struct addr){ { 0 } };
	if (*s == ':' && *++s != ':')
		return NM_SYNTAX;
	while (*s) {
		if (*s == ':') {		/* the second of two */
			if (gap >= 0)
				return NM_SYNTAX;
			gap = at;
			if (!*++s)
				break;
		}
		s = group_parse(s, a->b, &at);
		if (!s || (*s && *s != ':') || (*s == ':' && !s[1]))
			return NM_SYNTAX;
		s += *s == ':';
	}
	if (gap < 0 ? at != 16 : at > 14)
		return NM_SYNTAX;
	if (gap >= 0) {
		memmove(a->b + 16 - (at - gap), a->b + gap, (size_t)(at - gap));
		memset(a->b + gap, 0, (size_t)(16 - at));
	}
	return NM_OK;
}

enum nm_err addr_parse(const char *text, struct addr *a)
{
	uint8_t b[4];
	const char *end;

	if (strchr(text, ':'))
		return v6_parse(text, a);
	end = dotted(text, b);
	if (!end || *end)
		return NM_SYNTAX;
	*a = addr_v4(b);
	return NM_OK;
}

char *mac_text(uint64_t mac, char text[NM_MAC_TEXT])
{
	snprintf(text, NM_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x",
		 (unsigned)(mac >> 40) & 0xff, (unsigned)(mac >> 32) & 0xff,
		 (unsigned)(mac >> 24) & 0xff, (unsigned)(mac >> 16) & 0xff,
		 (unsigned)(mac >> 8) & 0xff, (unsigned)mac & 0xff);
	return text;
}
