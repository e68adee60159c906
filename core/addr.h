/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IP addresses: always 16 bytes, IPv4 as ::ffff:a.b.c.d (RFC 4291 2.5.5.2).
 * An address that is not known is absent: all zero, never sent.
 */
#ifndef NM_ADDR_H
#define NM_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/err.h"

struct addr { uint8_t b[16]; };

static inline struct addr addr_v4(const uint8_t b[4])
{
	struct addr a = { { [10] = 0xff, [11] = 0xff, b[0], b[1], b[2], b[3] } };

	return a;
}

static inline bool addr_is_absent(const struct addr *a)
{
	static const struct addr none;

	return !memcmp(a, &none, sizeof(none));
}

static inline bool addr_same(const struct addr *a, const struct addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool addr_is_v4(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(a->b, mapped, sizeof(mapped));
}

/* Text as in RFC 5952, IPv4 dotted; room for NM_ADDR_TEXT bytes. Returns `text`. */
#define NM_ADDR_TEXT 46
char *addr_text(const struct addr *a, char text[NM_ADDR_TEXT]);

/* Read "192.0.2.1" or "2001:db8::1"; NM_SYNTAX when it is neither. */
enum nm_err addr_parse(const char *text, struct addr *a) NM_MUST_CHECK;

/* "00:11:22:aa:bb:cc" from the low 48 bits. Returns `text`. */
#define NM_MAC_TEXT 18
char *mac_text(uint64_t mac, char text[NM_MAC_TEXT]);

#endif
