/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An agent on a machine whose clocks the test sets: the real configuration, sockets, chain, spool
 * and loop, in one process. Its uplinks deliver nothing, so all records can be looked at.
 */
#ifndef NM_TEST_AGENT_STAGE_H
#define NM_TEST_AGENT_STAGE_H

#include "firmware/agent.h"

/* What the machine says, and what it was told. */
struct machine {
	nm_mono mono;
	nm_time time;
	bool synchronised;
	void (*looked)(void);		/* somebody asked for the time since boot; or NULL */
	char log[16384];		/* its lines */
};

extern struct machine machine;
extern struct agent agent;
extern struct sender_status stage_sender;	/* what all uplinks say */

/* A machine up for a minute with a clock that is right, and no spool. */
void stage_machine(void);
/*
 * Start the agent with the spool that is there. `conf` begins with more options of the agent,
 * behind those of its spool; each listener gets any free port.
 */
void stage_start(const char *conf);
/* What a process that was killed leaves behind. */
void stage_kill(void);
/* Time goes on, and the agent has its turn. */
void stage_pass(int64_t ns);
/* A NetFlow v5 datagram with one flow to a listener; its exporter's clock is `ahead` seconds. */
void stage_send(unsigned listener, const char *from, uint32_t sequence, int64_t ahead);
/* Records of the stream that wait for the first uplink and have this in their JSON. */
unsigned stage_finds(enum stream stream, const char *words);
/* What `netmeta status` shows, as text, with --json and with --alarms: has it these words? */
bool stage_shows(const char *words);
bool stage_shows_json(const char *words);
bool stage_alarms(const char *words);

#endif
