/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a script is played: a simulated machine with the real spool and the real sender on
 * it, and the server at the other end of its link.
 */
#ifndef NM_TEST_STAGE_H
#define NM_TEST_STAGE_H

#include "core/identity.h"
#include "firmware/sender.h"
#include "platform/sim/sim.h"
#include "tests/sim/server.h"

#define STAGE_REGION (6u << 20)

struct stage {
	struct sim sim;
	struct server server;
	struct conf_uplink conf;
	struct identity identity;
	struct spool spool;
	unsigned slot;
	struct sender *sender;		/* NULL: the agent is not running */
	uint64_t fed;			/* records; the next one's serial number */
	unsigned events[EVENT_TLS_DATES + 1];
	unsigned stalls;		/* turns that came to nothing, too often */
	_Alignas(16) uint8_t region[STAGE_REGION];
};

void stage_open(struct stage *st, bool prints_log);
void stage_close(struct stage *st);
void stage_feed(struct stage *st, enum stream stream, uint64_t records, size_t bytes);
void stage_run(struct stage *st, int64_t ns);
void stage_kill(struct stage *st);	/* and start again with what the spool holds */

/* A number by its name; false: there is no such name. */
bool stage_number(const struct stage *st, const char *name, uint64_t *value);
struct sender_status stage_status(const struct stage *st);

#endif
