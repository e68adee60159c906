/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine that exists only in a test: the part of platform.h that uplinks need, answered
 * from a struct. Time stands still until the test moves it, chance comes from a seed, and the
 * other end of the one link is a few functions. Nothing waits and nothing is random, so what
 * happened once happens again.
 */
#ifndef NM_SIM_H
#define NM_SIM_H

#include "platform/platform.h"

/* What an attempt to connect comes to. */
enum sim_open {
	SIM_OPENS, SIM_REFUSED, SIM_SILENT, SIM_UNRESOLVED, SIM_TLS_REFUSED,
};

/* The other end. It may say, close or break from within these. */
struct sim_peer {
	void (*accepted)(void *ctx);
	void (*received)(void *ctx, const uint8_t *bytes, size_t len);
	void (*left)(void *ctx);	/* our side closed, or the connection broke */
	void *ctx;
};

struct sim {
	nm_mono mono;
	nm_time time;
	bool synchronised;
	uint32_t chance;
	struct sim_peer peer;
	enum sim_open open;
	int64_t latency_ns;		/* of a connection, and of each thing said */
	size_t gulp;			/* the socket takes so many bytes at once (0: all) */
	int64_t gulp_ns;		/* and then none for so long */
	uint64_t breaks_after;		/* bytes on one connection, then it breaks; 0: never */
	char file[128];			/* what file_read() finds, whatever the path */
	unsigned warnings;		/* log lines at CONF_LOG_WARN and worse */
	bool prints_log;
};

/* Make this the machine; nothing of another one is left. */
void sim_use(struct sim *sim);
void sim_advance(int64_t ns);			/* both clocks */

/* The other end says bytes, in order, so much later than now. */
void sim_say(const void *bytes, size_t len, int64_t delay_ns);
void sim_close(int64_t delay_ns);		/* after all that was said */
void sim_break(void);				/* now; what was said and not read is lost */
bool sim_is_connected(void);

/* When what sender_wait() asked for will be there. */
nm_mono sim_ready(struct link_wait wait);

#endif
