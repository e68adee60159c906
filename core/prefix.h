/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prefixes, "192.0.2.0/24" and "2001:db8::/32", and lists of them. One family is never part of
 * the other's: ::/0 is all of IPv6 and nothing else.
 */
#ifndef NM_PREFIX_H
#define NM_PREFIX_H

#include "core/addr.h"

struct prefix {
	struct addr addr;
	uint8_t bits;			/* of 128; of IPv4 96 and more */
};

static inline bool prefix_is_v4(const struct prefix *p)
{
	return p->bits >= 96 && addr_is_v4(&p->addr);
}

static inline bool prefix_same(const struct prefix *a, const struct prefix *b)
{
	return a->bits == b->bits && addr_same(&a->addr, &b->addr);
}

/*
 * Read a prefix, or an address alone, which is a prefix of all its bits. NM_SYNTAX: neither,
 * NM_RANGE: longer than its family's addresses, NM_LENGTH: there are bits behind its end; *p is
 * then the prefix that was perhaps meant.
 */
enum nm_err prefix_parse(const char *text, struct prefix *p) NM_MUST_CHECK;

bool prefix_has(const struct prefix *p, const struct addr *a);

/* Room for NM_PREFIX_TEXT bytes. Returns `text`. */
#define NM_PREFIX_TEXT (NM_ADDR_TEXT + 4)
char *prefix_text(const struct prefix *p, char text[NM_PREFIX_TEXT]);

#endif
