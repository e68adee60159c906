/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a datagram to encoded records: decode, count, encode, store, tell what
 * happened on the way. Everything behind the socket that `run`, `replay` and
 * `decode` share.
 */
#ifndef NM_CHAIN_H
#define NM_CHAIN_H

#include "core/allow.h"
#include "core/conf.h"
#include "core/datasource.h"
#include "core/decode.h"
#include "core/event.h"
#include "core/interface.h"
#include "core/namebook.h"
#include "core/spool.h"
#include "core/unknown.h"
#include "firmware/store.h"

struct chain_gripe;

/* What the configuration says of exporters; all borrowed. */
struct chain_rules {
	const struct allow *allow;	/* one a listener */
	unsigned listeners;
	const struct conf_exporter *exporters;
	unsigned exporter_count;
};

/* The table of exporters is full. */
struct chain_full {
	nm_time last, told;		/* last datagram refused; last event about it */
	uint64_t refused;		/* since then */
	bool alarm;
};

/* What there is room for. */
struct chain_sizes {
	uint32_t exporters, templates;
	uint32_t park;			/* bytes, for what waits for its template */
};

struct chain {
	struct decoder decoder;		/* first: the decoder's calls come back to us */
	struct flow_sink sink;
	struct exporters exporters;
	struct store *store;
	struct chain_gripe *gripes;	/* one an exporter: what its log lines are about */
	struct chain_rules rules;
	struct chain_full full;
	struct namebook names;
	struct unknown unknown;
	struct datasources sources;
	bool clock_known;		/* so exporters' clocks can be measured */
	bool guessing;			/* the owner's: stamps are guesses */
	struct exporter *current;	/* exporter of the datagram under way */
	const struct conf_exporter *conf;	/* and what is configured for it, or NULL */
	bool lost;			/* the record under way has no room */
	uint64_t missing, resets, refused;	/* its counters before the datagram */
	bool current_is_new;
	bool sampler_is_new;		/* among the samples not yet committed */
	unsigned samples;		/* so many are not yet committed */
	nm_time now;			/* stamp of the datagram under way */
};

/* All memory it needs, at once; false when there is none. */
bool chain_start(struct chain *c, const struct chain_sizes *sizes, struct store *store);
void chain_stop(struct chain *c);
/* Go on with the exporters, their counters and sequences, where this spool's last user ended. */
void chain_resume(struct chain *c, const struct spool *sp);

/* Elements that have no field go with their flow as they came; said before any template comes. */
void chain_keep_unknown(struct chain *c, bool keep);

/* Obey these rules from here on; without it everybody may send and nothing is overridden. */
void chain_obey(struct chain *c, const struct chain_rules *rules);
/* Whether stamps are true and of today, and by how much they jumped just now. */
void chain_clock(struct chain *c, bool known, int64_t jumped_ns);
/* The clock is right: it is `real` now, and the guess would be `guessed`. */
void chain_rebase(struct chain *c, nm_time guessed, nm_time real);

/* One datagram, start to end. Returns the first thing wrong with it. */
enum nm_err chain_datagram(struct chain *c, struct buf bytes, const struct datagram *dg);

/*
 * One packet of this machine, of which a source gave `size` bytes: its flow names the source and
 * the agent itself as its exporter. One that nobody wants is counted and left out.
 */
void chain_sample(struct chain *c, const struct flow *f, uint32_t size, bool wanted);
/* No more samples for now: commit them. */
void chain_sampled(struct chain *c);
/* So many more were lost, or could not be read. */
void chain_sample_losses(struct chain *c, const struct addr *of, enum flow_source source,
			 uint64_t missing, uint64_t dropped, uint64_t bad);
/* What an interface of this machine is and has counted. */
void chain_interface(struct chain *c, const struct interface_told *told);

/* Now and then: give up what waited for too long, tell what has not been told yet. */
void chain_look(struct chain *c, nm_time now);

/* No more datagrams will come: what still waits for its template is given up. */
void chain_end(struct chain *c);

/* Templates of it found no room within the last minute. */
bool chain_refuses_templates(const struct chain *c, const struct exporter *e);

/* Something happened: into the events stream, and into the log. */
void chain_event(struct chain *c, const struct event *e);

/* What the configuration calls it, or "". */
const char *chain_name(const struct chain *c, const struct exporter *e);
uint32_t chain_slot(const struct chain *c, const struct exporter *e);

#endif
