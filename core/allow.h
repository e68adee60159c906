/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may send to a listener. Source addresses of datagrams can be forged, so the list is no proof
 * of who somebody is; it keeps a flood of invented addresses out of the table of exporters, which
 * never forgets.
 */
#ifndef NM_ALLOW_H
#define NM_ALLOW_H

#include "core/prefix.h"

struct allow {
	const struct prefix *prefixes;	/* borrowed */
	unsigned count;			/* 0: everybody may */
};

bool allow_has(const struct allow *list, const struct addr *a);

#endif
