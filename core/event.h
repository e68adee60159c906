/* SPDX-License-Identifier: Apache-2.0 */
/* Something that happened once and explains the numbers around it (EventMessage). */
#ifndef NM_EVENT_H
#define NM_EVENT_H

#include "core/addr.h"
#include "core/when.h"

/* The numbers of EventMessage's enum; encode.c asserts that they agree. */
enum event_kind {
	EVENT_UNKNOWN, EVENT_START, EVENT_STOP, EVENT_UNCLEAN_END, EVENT_CLOCK_STEP,
	EVENT_CLOCK_SANE, EVENT_EXPORTER_NEW, EVENT_EXPORTER_RESTART, EVENT_SEQUENCE_GAP,
	EVENT_RATE_CHANGE, EVENT_UPLINK_HELD, EVENT_UPLINK_RECOVERED, EVENT_SPOOL_DROP,
	EVENT_QUARANTINE, EVENT_KERNEL_DROP, EVENT_TLS_DATES,
	EVENT_EXPORTERS_FULL, EVENT_CLOCK_SKEW, EVENT_TEMPLATES_FULL,
	EVENT_SOURCE_ATTACHED, EVENT_SOURCE_LOST, EVENT_SOURCE_REFUSED, EVENT_SAMPLES_LOST,
};

struct event {
	enum event_kind kind;
	nm_time when;
	struct addr exporter;		/* absent: none */
	char name[64];			/* listener, uplink or stream */
	char text[160];			/* for people */
	int64_t value;			/* records lost, nanoseconds stepped ... */
};

#endif
