// SPDX-License-Identifier: Apache-2.0
/* Addresses have 16 bytes, so an IPv4 prefix is one of 96 bits more. */
#include "core/prefix.h"

#include <stdio.h>

#define V4_BITS 96			/* that say that an address is IPv4 */

/* Up to three digits and the end of the text; -1 when it is anything else. */
static int number(const char *text)
{
	int v = 0;

	for (int i = 0; text[i] || !i; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 3)
			return -1;
		v = v * 10 + (text[i] - '0');
	}
	return v;
}

/* The bits of byte `i` that belong to a prefix of so many. */
static uint8_t mask(unsigned bits, unsigned i)
{
	unsigned left = bits > 8 * i ? bits - 8 * i : 0;

	return left >= 8 ? 0xff : (uint8_t)(0xff00 >> left);
}

static bool clear_behind(struct prefix *p)
{
	bool clean = true;

	for (unsigned i = 0; i < sizeof(p->addr.b); i++) {
		uint8_t kept = p->addr.b[i] & mask(p->bits, i);

		clean &= kept == p->addr.b[i];
		p->addr.b[i] = kept;
	}
	return clean;
}

enum nm_err prefix_parse(const char *text, struct prefix *p)
{
	size_t len = strcspn(text, "/");
	int bits = 128, before = strchr(text, ':') ? 0 : V4_BITS;
	char alone[NM_ADDR_TEXT];

	if (len >= sizeof(alone))
		return NM_SYNTAX;
	memcpy(alone, text, len);
	alone[len] = '\0';
	if (addr_parse(alone, &p->addr))
		return NM_SYNTAX;
	if (text[len]) {
		bits = number(text + len + 1);
		if (bits < 0)
			return NM_SYNTAX;
		bits += before;
	}
	if (bits > 128)
		return NM_RANGE;
	p->bits = (uint8_t)bits;
	return clear_behind(p) ? NM_OK : NM_LENGTH;
}

bool prefix_has(const struct prefix *p, const struct addr *a)
{
	unsigned whole = p->bits / 8;

	if (memcmp(p->addr.b, a->b, whole))
		return false;
	if (p->bits < V4_BITS && addr_is_v4(a))
		return false;
	return p->bits % 8 == 0 || (a->b[whole] & mask(p->bits, whole)) == p->addr.b[whole];
}

char *prefix_text(const struct prefix *p, char text[NM_PREFIX_TEXT])
{
	bool v4 = prefix_is_v4(p);
	char alone[NM_ADDR_TEXT];

	snprintf(text, NM_PREFIX_TEXT, "%s/%u", addr_text(&p->addr, alone),
		 v4 ? p->bits - V4_BITS : p->bits);
	return text;
}
