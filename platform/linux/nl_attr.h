/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attributes of a netlink message, read into a struct by a table: which attribute, what it holds,
 * which member it becomes. Lengths are checked here and nowhere else. A table in the order in which
 * the kernel puts them is the fastest.
 *
 *	static const struct nl_attr sample_attrs[] = {
 *		NL_ATTR(PSAMPLE_ATTR_IIFINDEX, NL_NUMBER, struct sampled, in_if),
 *		NL_ATTR(PSAMPLE_ATTR_DATA,     NL_BYTES,  struct sampled, data),
 *		{ 0 }
 *	};
 *	good = nl_attrs(sample_attrs, at, len, &sampled);
 */
#ifndef NM_LINUX_NL_ATTR_H
#define NM_LINUX_NL_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "core/buf.h"

/* NL_NUMBER and NL_NET take 1, 2, 4 or 8 bytes, whatever the member has, when the value fits. */
enum nl_kind {
	NL_END,				/* of a table */
	NL_NUMBER,			/* host order; the member is an unsigned integer */
	NL_NET,				/* the same in network order */
	NL_TEXT,			/* char[], cut to its size and terminated */
	NL_BYTES,			/* struct buf */
	NL_FLAG,			/* bool: it is there */
	NL_NEST,			/* attributes of its own, into the same struct */
	NL_SKIP,			/* not wanted; a row only makes the next one found faster */
};

struct nl_attr {
	uint16_t type;
	uint8_t kind;			/* enum nl_kind */
	uint8_t size;			/* of the member */
	uint16_t offset;
	const struct nl_attr *nest;	/* the table of NL_NEST */
};

#define NL_ATTR(type, kind, of, member) \
	{ type, kind, sizeof(((of *)NULL)->member), offsetof(of, member), NULL }
#define NL_NESTED(type, table) { type, NL_NEST, 0, 0, table }
#define NL_SKIPPED(type)       { type, NL_SKIP, 0, 0, NULL }

/* Is the message whole? libmnl takes lengths from 2^31 on for negative ones, which are there. */
static inline bool nl_ok(const struct nlmsghdr *h, int len)
{
	return mnl_nlmsg_ok(h, len) && h->nlmsg_len <= (uint32_t)len;
}

/*
 * Read the attributes in at[len], at a multiple of four; members whose attribute is absent stay as
 * they are, attributes that the table does not have are skipped. False when one had a length
 * that it cannot have: it is left out, the others are read.
 */
bool nl_attrs(const struct nl_attr *table, const void *at, size_t len, void *into);

/* Those behind the family's header of so many bytes. False also when that is cut. */
bool nl_message_attrs(const struct nl_attr *table, const struct nlmsghdr *h, size_t own_len,
		      void *into);

#endif
