/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a datagram to encoded records: decode, count, encode, store, tell what
 * happened on the way. Everything behind the socket that `run`, `replay` and
 * `decode` share.
 */
#ifndef NM_CHAIN_H
#define NM_CHAIN_H

#include "core/decode.h"
#include "core/event.h"
#include "core/spool.h"
#include "firmware/store.h"

struct chain_gripe;

struct chain {
	struct decoder decoder;		/* first: the decoder's calls come back to us */
	struct flow_sink sink;
	struct exporters exporters;
	struct store *store;
	struct chain_gripe *gripes;	/* one an exporter: what its log lines are about */
	struct exporter *current;	/* exporter of the datagram under way */
	uint64_t missing, resets;	/* its counters before the datagram */
	bool current_is_new;
	nm_time now;			/* stamp of the datagram under way */
};

/* All memory it needs, at once; false when there is none. */
bool chain_start(struct chain *c, uint32_t exporters, uint32_t templates, struct store *store);
void chain_stop(struct chain *c);
/* Go on with the exporters, their counters and sequences, where this spool's last user ended. */
void chain_resume(struct chain *c, const struct spool *sp);

/* One datagram, start to end. Returns the first thing wrong with it. */
enum nm_err chain_datagram(struct chain *c, struct buf bytes, const struct datagram *dg);

/* Now and then: tell what has not been told yet. */
void chain_look(struct chain *c, nm_time now);

/* Something happened: into the events stream, and into the log. */
void chain_event(struct chain *c, const struct event *e);

uint32_t chain_slot(const struct chain *c, const struct exporter *e);

#endif
