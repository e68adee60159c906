// SPDX-License-Identifier: Apache-2.0
/* What ie.def and ie_known.def say, as tables. */
#include "core/ie.h"

#define REVERSE 29305		/* the enterprise whose elements are IANA's, of the way back */

#define AT(member)   offsetof(struct draft, member)
#define SIZE(member) sizeof(((struct draft *)0)->member)

#define IE(enterprise, id, kind, member, name) \
	{ enterprise, id, AT(member), 0, IE_##kind, SIZE(member) },
#define IE6(enterprise, id, kind, member, name) \
	{ enterprise, id, AT(flow.member), AT(six.member), IE_##kind, SIZE(six.member) },
const struct ie ie_rows[IE_ROWS] = {
#include "core/ie.def"
};
#undef IE
#undef IE6

#define KNOWN(id, name, why) id,
static const uint16_t known[] = {
#include "core/ie_known.def"
};
#undef KNOWN

const struct ie_reading ie_kinds[IE_KINDS] = {
	[IE_UINT]      = { OP_UINT,      0 },
	[IE_ADDR4]     = { OP_ADDR4,     4 },
	[IE_ADDR16]    = { OP_ADDR16,    16 },
	[IE_HOP4]      = { OP_HOP4,      4 },
	[IE_SECONDS]   = { OP_SECONDS,   0 },
	[IE_MILLIS]    = { OP_MILLIS,    0 },
	[IE_NTP]       = { OP_NTP,       8 },
	[IE_DELTA]     = { OP_DELTA,     0 },
	[IE_UPTIME]    = { OP_UPTIME,    0 },
	[IE_OBSERVED]  = { OP_OBSERVED,  0 },
	[IE_ICMP]      = { OP_ICMP,      0 },
	[IE_DIRECTION] = { OP_DIRECTION, 1 },
	[IE_IPVERSION] = { OP_IPVERSION, 0 },
	[IE_VLAN]      = { OP_VLAN,      0 },
	[IE_TTL]       = { OP_TTL,       0 },
	[IE_LABEL]     = { OP_UINT,      3 },
	[IE_SEGMENT]   = { OP_SEGMENT,   8 },
	[IE_TEXT]      = { OP_TEXT,      0 },
	[IE_BYTES]     = { OP_BYTES,     0 },
};

size_t ie_row(const struct element *e, uint16_t len)
{
	for (size_t row = 0; row < IE_ROWS; row++) {
		uint8_t only = ie_kinds[ie_rows[row].kind].len;

		if (ie_rows[row].id != e->id || ie_rows[row].enterprise != e->enterprise)
			continue;
		if (len == IE_VARIABLE)
			return row;
		return len && (!only || only == len) ? row : IE_ROWS;
	}
	return IE_ROWS;
}

bool ie_is_known(const struct element *e)
{
	for (size_t row = 0; row < IE_ROWS; row++) {
		uint32_t enterprise = ie_rows[row].enterprise;

		if (ie_rows[row].id == e->id && (enterprise == e->enterprise ||
						 (e->enterprise == REVERSE && !enterprise)))
			return true;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == e->id && (!e->enterprise || e->enterprise == REVERSE))
			return true;
	return false;
}
