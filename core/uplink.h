/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of an uplink: when to connect, send, wait, pause. It does no input and
 * output and has no clock: it is told what happened and when, and says what to do.
 *
 *	                 +--------------------- settled ----------------------+
 *	                 v                                                     |
 *	  work --> IDLE ---> OPENING --opened--> IDLE ---> SENDING --sent--> AWAITING
 *	             ^          |                             |                 |
 *	             |          +------ lost, due, busy ------+-----------------+--> PAUSED
 *	             |          +------ barred ---------------+-----------------+--> HELD
 *	             +-- due ---------------------------------------------------------+
 *
 * Pauses double with each failure, and are shortened by chance to between a half and the
 * whole, so that a fleet does not come back as one. A connection that carried an answer
 * before may be closed by the server at any time; when that is found out by using it, the
 * request goes out again at once and nothing has failed.
 */
#ifndef NM_UPLINK_H
#define NM_UPLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/when.h"

enum uplink_state {
	UPLINK_IDLE, UPLINK_OPENING, UPLINK_SENDING, UPLINK_AWAITING, UPLINK_PAUSED, UPLINK_HELD,
	UPLINK_STATES
};

enum uplink_event {
	UPLINK_WORK,			/* there is something to send */
	UPLINK_OPENED,			/* the connection is there */
	UPLINK_MOVED,			/* bytes of the request went out */
	UPLINK_SENT,			/* all of them */
	UPLINK_HEARD,			/* bytes of the answer came in */
	UPLINK_SETTLED,			/* the answer: go on with the next */
	UPLINK_BUSY,			/* the answer: later */
	UPLINK_BARRED,			/* somebody has to do something */
	UPLINK_LOST,			/* the connection is gone, or of no more use */
	UPLINK_DUE,			/* `until` has come */
	UPLINK_EVENTS
};

enum uplink_action {
	UPLINK_NOTHING,
	UPLINK_OPEN,			/* open the connection */
	UPLINK_START,			/* send the request */
	UPLINK_CLOSE,			/* close the connection */
};

struct uplink_pace {
	int64_t timeout_ns;		/* to open; between bytes sent; for the answer */
	int64_t pause_min_ns, pause_max_ns;
};

struct uplink {
	struct uplink_pace pace;
	enum uplink_state state;
	bool connected;
	bool reused;			/* the connection has carried an answer */
	bool heard;			/* this answer has begun */
	bool barred;			/* no answer has settled anything since it was */
	unsigned failures;		/* in a row */
	nm_mono until;
	uint32_t chance;
};

void uplink_start(struct uplink *u, struct uplink_pace pace, uint32_t seed);
/* What does not matter in a state is ignored there. */
enum uplink_action uplink_happens(struct uplink *u, enum uplink_event event, nm_mono now);
/* A pause for the so-many-th failure in a row, from 1. */
int64_t uplink_pause(struct uplink *u, unsigned failures);
/* "backing off" */
const char *uplink_state_name(enum uplink_state state);

#endif
