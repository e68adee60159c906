/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of traffic share: one conversation, and the packet that a switch sees of it. */
#ifndef NM_TRAFFIC_PRIVATE_H
#define NM_TRAFFIC_PRIVATE_H

#include "tests/bench/traffic.h"
#include "tests/teaching.h"

#define ELEMENTS 512

/* Elements by number, as IANA has them, whether the exporter tells them or not. */
struct conversation { uint64_t element[ELEMENTS]; };

enum {
	BYTES = 1, PACKETS = 2, PROTOCOL = 4, TOS = 5, TCP_FLAGS = 6, SRC_PORT = 7, SRC = 8,
	SRC_NET = 9, IN_IF = 10, DST_PORT = 11, DST = 12, DST_NET = 13, OUT_IF = 14, NEXT_HOP = 15,
	SRC_AS = 16, DST_AS = 17, LAST_SWITCHED = 21, FIRST_SWITCHED = 22, SRC6 = 27, DST6 = 28,
	INTERVAL = 34, VLAN = 58, DIRECTION = 61, NEXT_HOP6 = 62, LABEL1 = 70, LABEL2 = 71,
	LABEL3 = 72, INTERFACE_NAME = 82, START_MS = 152, END_MS = 153,
};

#define UPTIME_MS 360000000u		/* of the exporter, when it sends */

uint64_t traffic_chance(struct traffic *t);
struct conversation traffic_converse(struct traffic *t);
void traffic_sflow(struct traffic *t, struct pen *p, struct traffic_datagram *d);

#endif
