/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that bring the beginning of a packet (PSAMPLE, RFC 5476 and RFC 7133): the headers in
 * it are read, and fill what the record does not say itself.
 */
#ifndef NM_SECTION_H
#define NM_SECTION_H

#include "core/layout.h"

/*
 * Fill the members of *f that are absent from the packet's headers, and, when it has no counters,
 * the counters of the one packet: its IP length, without an IP header that of its frame.
 */
void section_fill(const struct notes *n, struct flow *f);

#endif
