/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The information elements of ie.def as a table, for whoever compiles templates, and which others
 * are known (ie_known.def).
 */
#ifndef NM_IE_H
#define NM_IE_H

#include "core/layout.h"

#define IE_VARIABLE 0xffff	/* the length of a field that its record tells */

/* How the bytes of an element are read; the words of ie.def. */
enum ie_kind {
	IE_UINT, IE_ADDR4, IE_ADDR16, IE_HOP4, IE_SECONDS, IE_MILLIS, IE_NTP, IE_DELTA, IE_UPTIME,
	IE_OBSERVED, IE_ICMP, IE_DIRECTION, IE_IPVERSION, IE_VLAN, IE_TTL, IE_LABEL, IE_SEGMENT,
	IE_TEXT, IE_BYTES, IE_KINDS,
};

struct ie {
	uint32_t enterprise;
	uint16_t id;
	uint16_t to;		/* of an IPv6 twin: when there is no IPv4 */
	uint16_t six;		/* and when there is; 0 for all others */
	uint8_t kind, size;	/* size of the member */
};

/* How many rows ie.def has. */
enum {
#define IE(enterprise, id, kind, member, name)  + 1
#define IE6(enterprise, id, kind, member, name) + 1
	IE_ROWS = 0
#include "core/ie.def"
#undef IE
#undef IE6
};

extern const struct ie ie_rows[IE_ROWS];

/* The step of each kind, and the only length it may have on the wire; 0: any. */
struct ie_reading { uint8_t op, len; };
extern const struct ie_reading ie_kinds[IE_KINDS];

/* The row of an element that can be read from a field of this length; IE_ROWS when none can. */
size_t ie_row(const struct element *e, uint16_t len);

/* Is it in one of the two tables, or the reverse (RFC 5103) of one that is? */
bool ie_is_known(const struct element *e);

#endif
