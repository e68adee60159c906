/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running agent: all its memory, and how the parts are wired. Sockets push
 * datagrams through the chain into the spool; each uplink's sender takes batches out
 * of it. One process, one loop, no waiting anywhere else.
 */
#ifndef NM_AGENT_H
#define NM_AGENT_H

#include "core/conf.h"
#include "core/identity.h"
#include "core/out.h"
#include "core/sanity.h"
#include "firmware/chain.h"
#include "firmware/recall_file.h"
#include "firmware/sampler.h"
#include "firmware/sender.h"
#include "platform/platform.h"

#define AGENT_LISTENERS (CONF_LISTENS * CONF_PORTS)

struct agent;

struct agent_listener {
	struct agent *agent;
	struct udp *udp;
	char name[SPOOL_LISTENER_NAME];	/* "udp:2055", "udp:[2001:db8::1]:2055" */
	unsigned place;			/* of its counters in the spool */
	uint64_t drops_told;		/* kernel drops already in an event */
	nm_mono dropped;		/* the last time that some were new; 0: never */
	uint64_t denied;		/* datagrams of who may not send, since the start */
};

struct agent_uplink {
	const struct conf_uplink *conf;
	struct sender *sender;
	unsigned slot;			/* in the spool */
	int watched;			/* descriptor the loop waits on; -1: none */
	uint64_t drops_told;		/* drops already in an event */
	nm_mono next_drops;		/* no event about them before */
	uint64_t drops_seen;		/* drops of all streams at the last look */
	nm_mono dropped;		/* the last time that some were new; 0: never */
};

/* An uplink that the configuration names no more, and what waited for it. */
struct agent_retired { char name[SPOOL_NAME]; uint64_t records; };

struct agent {
	struct conf conf;
	struct identity identity;
	struct mapping mapping;
	struct spool spool;
	struct store store;		/* the spool, as the chain sees it */
	struct chain chain;
	struct recall_file recall;	/* what exporters taught, for the next start */
	struct sanity sanity;
	struct agent_listener listener[AGENT_LISTENERS];
	struct allow allow[AGENT_LISTENERS];
	unsigned listeners;
	bool replaying;			/* datagrams are of another time */
	struct agent_uplink uplink[CONF_UPLINKS];
	unsigned uplinks;
	struct sampler sampler;
	bool sampling;			/* it is at work */
	struct agent_retired retired[SPOOL_UPLINKS];
	struct loop *loop;
	struct control *control;
	nm_mono started, next_ledger, next_look;
	int64_t longest_turn_ns;
};

/* Bind every configured port; before the rights are given up. */
enum nm_err agent_listen(struct agent *a, char why[NM_WHY]) NM_MUST_CHECK;
/*
 * Spool, chain, uplinks, control socket; then every right is given up. After it
 * nothing is allocated.
 */
enum nm_err agent_start(struct agent *a, struct helper *helper, char why[NM_WHY]) NM_MUST_CHECK;
/* Until SIGTERM; then deliver what is there, for drain_s at the most. */
void agent_run(struct agent *a);
/* The parts of it: work until then (one turn at least); take no more and deliver. */
void agent_wait(struct agent *a, nm_mono until);
void agent_finish(struct agent *a);
void agent_close(struct agent *a);
/* The ports alone, in a process that only held them. */
void agent_unlisten(struct agent *a);

/* The time to stamp what happens now. */
nm_time agent_stamp(const struct agent *a);
/* The clock is right: correct every time that was stamped by a guess. */
void agent_rebase(struct agent *a);
/* Something happened: an event and a log line. */
void agent_tell(struct agent *a, enum event_kind kind, const char *name, int64_t value,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Write the whole ledger. */
void agent_ledger(struct agent *a, nm_time now);
/* Records of all streams that the spool has dropped before this uplink got them. */
uint64_t agent_dropped(const struct agent *a, const struct agent_uplink *u);
/* Records that wait for any uplink. */
uint64_t agent_held(const struct agent *a);

/* What `netmeta status` shows, as one JSON object or as text. */
void report_json(const struct agent *a, struct out *o);
void report_text(const struct agent *a, struct out *o);

#endif
