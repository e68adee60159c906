/* SPDX-License-Identifier: Apache-2.0 */
/* Packets as nfnetlink_log sends them: contents in hex, heads in this machine's order. */
#ifndef NM_LOGGED_H
#define NM_LOGGED_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/guard.h"
#include "tests/linux/words.h"

#define LOGGED_PACKET 0x0400		/* NFNL_SUBSYS_ULOG, NFULNL_MSG_PACKET */
#define LOGGED_CONFIG 0x0401
#define LOGGED_DONE   3
#define LOGGED_FAMILY 5			/* NFPROTO_NETDEV */

enum {
	A_HEAD = 1, A_MARK = 2, A_TIME = 3, A_IN = 4, A_OUT = 5, A_HWADDR = 8, A_PAYLOAD = 9,
	A_PREFIX = 10, A_SEQ = 12, A_HWTYPE = 15, A_HWHEADER = 16, A_VLAN = 20, A_L2HDR = 21,
};

static inline size_t logged_unhex(const char *hex, uint8_t *at)
{
	size_t len = 0;
	unsigned byte;

	for (; *hex && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		at[len++] = (uint8_t)byte;
	return len;
}

static inline void logged_attr(struct words *w, uint16_t type, const char *hex)
{
	uint8_t bytes[1024];

	w_attr(w, type, bytes, (uint16_t)logged_unhex(hex, bytes));
}

/* The header of a message and that of its family: family, version, and the group in be16. */
static inline size_t logged_begin(struct words *w, uint16_t type, uint8_t family)
{
	size_t at = w_message(w, type, 0, 0, 0);

	w_bytes(w, (const uint8_t[]){ family, 0, 0x4e, 0x20 }, 4);
	return at;
}

static inline void logged_tag(struct words *w, const char *proto, const char *tci)
{
	size_t nest = w_nest(w, A_VLAN | 0x8000);	/* NLA_F_NESTED */

	logged_attr(w, 2, tci);
	logged_attr(w, 1, proto);
	w_end(w, nest);
}

static inline void logged_be32(struct words *w, uint16_t type, uint32_t value)
{
	const uint8_t be[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
				(uint8_t)(value >> 8), (uint8_t)value };

	w_attr(w, type, be, 4);
}

/* The first bytes of them where messages may stand, up to three bytes in front of the fence. */
static inline const void *logged_place(const struct words *w, size_t len)
{
	return memcpy(guarded_room((len + 3) & ~(size_t)3), w->b, len);
}

#endif
