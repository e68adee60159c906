/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sender brings the spool's batches to one server. It joins what core/ knows (the state
 * of an uplink, what becomes of a batch, how ClickHouse is spoken to) with a link and the
 * spool. It never waits: a turn does one step and says when it wants the next.
 */
#ifndef NM_SENDER_H
#define NM_SENDER_H

#include "core/event.h"
#include "core/identity.h"
#include "core/spool.h"
#include "platform/platform.h"

/* EVENT_UPLINK_HELD, _RECOVERED, EVENT_QUARANTINE (value: records); `name` of the uplink. */
typedef void sender_tell(void *ctx, enum event_kind kind, const char *name, int64_t value,
			 const char *text);

struct sender_setup {
	const struct conf_uplink *conf;		/* borrowed for the sender's life, like all here */
	const struct identity *identity;
	struct spool *spool;
	unsigned slot;				/* what spool_attach() gave */
	struct helper *helper;
	nm_time build;				/* of this program, for conf->tls_time */
	sender_tell *tell;
	void *ctx;
};

/* Reads the password file, so before the rights are given up. NULL: `why` says it. */
struct sender *sender_new(const struct sender_setup *setup, char why[NM_WHY]);
void sender_free(struct sender *s);

/*
 * Writes one buffer at the most. Returns when to come again; earlier when sender_wait()
 * says that the link has something. Nothing is begun while the clock is not sane.
 */
nm_mono sender_turn(struct sender *s, nm_mono mono, nm_time time, bool clock_is_sane);
struct link_wait sender_wait(const struct sender *s);
/* Both ends of its connection; false when there is none. */
bool sender_ends(const struct sender *s, struct link_ends *ends);

/* Cumulative since the process started. */
struct sender_counts {
	uint64_t connections;		/* opened */
	uint64_t requests;		/* begun */
	uint64_t questions;		/* of them: whether a batch is stored */
	uint64_t bytes;			/* of requests, handed to the link */
	uint64_t reconnects;		/* kept connections found closed: not failures */
	uint64_t failures;		/* attempts that have to be repeated */
	uint64_t divided;		/* batches in parts */
};

struct sender_status {
	const char *state;		/* "awaiting the answer" */
	const char *verdict;		/* the last one's class, "" before the first */
	const char *why;		/* why nothing goes on, a sentence; "" when it does */
	bool alarm;			/* somebody has to do something */
	unsigned failures;		/* in a row */
	int64_t pause_ns;		/* until the next attempt; 0: none is waited for */
	int64_t lag_ns;			/* age of the oldest sealed batch that waits */
	const char *compression;	/* of what is sent now: "lz4"; "none" */
	bool plain;			/* none, because the server refused the other */
	uint64_t refused_bytes;		/* the smallest request that was too large; 0: none */
	struct sender_counts counts;
};

struct sender_status sender_status(const struct sender *s, nm_mono mono, nm_time time);

#endif
