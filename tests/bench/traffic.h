/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invented traffic, told by one exporter: what the programs that measure are fed with. It repeats
 * itself as much as real traffic does, neither less nor more, because the size of a record depends
 * on its numbers and what compression saves depends on how often they come again (traffic.c says
 * how it is made).
 */
#ifndef NM_TRAFFIC_H
#define NM_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRAFFIC_DATAGRAM 2048		/* no datagram is larger */
#define TRAFFIC_SAMPLES  7		/* of sFlow, in a datagram */
#define TRAFFIC_RATE     1000		/* one packet in so many is sampled */

enum traffic_protocol { TRAFFIC_V5 = 5, TRAFFIC_V9 = 9, TRAFFIC_IPFIX = 10, TRAFFIC_SFLOW };

struct traffic_kind {
	const char *name;
	enum traffic_protocol protocol;
	unsigned records;		/* a datagram */
	const char *fields;		/* of a record: "8/4 82/v", element and bytes */
};

struct traffic {
	const struct traffic_kind *kind;
	uint64_t now_ms;		/* flows ended not long before */
	uint64_t chance;
};

struct traffic_datagram {
	uint8_t bytes[TRAFFIC_DATAGRAM];
	size_t len;
	size_t sample[TRAFFIC_SAMPLES];	/* where each sample of sFlow begins */
};

/* The kind of that name, or NULL; and all names, each with a blank behind it. */
const struct traffic_kind *traffic_kind(const char *name);
const char *traffic_names(void);

struct traffic traffic_of(const struct traffic_kind *kind, uint64_t now_ms);
/* What must be sent before all others; false: nothing. */
bool traffic_template(const struct traffic *t, struct traffic_datagram *d);
/* The next datagram with records. It is the first of its exporter until it is numbered. */
void traffic_next(struct traffic *t, struct traffic_datagram *d);
/* Make it the one that comes behind `before` datagrams with records, sent at that second. */
void traffic_number(const struct traffic *t, struct traffic_datagram *d, uint32_t before,
		    uint32_t second);

#endif
