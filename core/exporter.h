/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exporters: who sends us flows, and what became of it. One slot for each
 * (address, protocol, observation domain, agent); a fixed table, hashed, never
 * forgotten. Slot 0 takes what belongs to no exporter: the table is full.
 * A slot is plain data: the spool keeps a copy of it, committed together with
 * the records of the same datagram, so that counters survive `kill -9`.
 */
#ifndef NM_EXPORTER_H
#define NM_EXPORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/count.h"
#include "core/skew.h"
#include "core/when.h"

/*
 * Sequence numbers count flows (v5), datagrams (v9, sFlow) or records (IPFIX); `next`
 * is what the coming datagram should carry. Missing and late are in the
 * counters, in the same unit.
 *
 * RFC 7011 3.1 lets an IPFIX message carry the number of records before it.
 * softflowd sends the number including its own; as messages differ in length
 * that looks like losses and latecomers. Such a number is doubted first: it is
 * a loss when the next one that can tell agrees with the RFC, and the exporter's
 * way of counting when that one agrees with it. Options records count (RFC), but
 * several exporters leave them out; either is right.
 */
struct sequence {
	uint32_t next;
	uint32_t last;			/* number of the datagram before */
	uint32_t doubt;			/* missing, or a sign of the other way of counting */
	uint8_t started;		/* 0: nothing seen yet */
	uint8_t doubted;
	uint8_t inclusive;		/* numbers include the message's own records */
	uint8_t spare;
	uint32_t options;		/* options records of the datagram before */
};

/* Who it is. Datagrams that differ in any of it come from two exporters. */
struct exporter_key {
	struct addr address;		/* the datagrams' source */
	struct addr agent;		/* what it calls itself (sFlow); absent for the others */
	uint32_t domain;		/* observation domain, source id, engine, sub-agent */
	uint8_t source;			/* enum flow_source */
};

enum exporter_guess { GUESSED_FIRST_SEEN = 1, GUESSED_LAST_SEEN = 2 };

struct exporter {
	struct addr address, agent;	/* these four are its key */
	uint32_t domain;
	uint8_t source;			/* enum flow_source */
	uint8_t used;
	uint16_t listener;		/* index of the listener that saw it last */
	struct sequence sequence;
	uint32_t templates;		/* that it has in the table; template.c counts */
	uint8_t rate_source;		/* enum rate_source of its last flow */
	uint8_t guessed;		/* enum exporter_guess: times stamped without a clock */
	uint32_t parked;		/* sets that wait for their template; park.c counts */
	uint64_t rate;			/* and its sampling rate; 0: there was none */
	nm_time first_seen, last_seen;
	nm_time exported;		/* when it says it sent the last one; absent: it does not */
	struct skew skew;
	struct counts counts;
};

struct exporters {
	struct exporter *slots;		/* the owner's memory, zeroed before first use */
	uint32_t size;			/* a power of two, at least 2 */
	uint32_t used;
};

/*
 * The slot of this exporter, new when it is not there; slot 0 when the table is
 * full (7/8) or there is no such address. Never NULL. `*is_new` tells.
 */
struct exporter *exporter_find(struct exporters *all, const struct exporter_key *key,
			       bool *is_new);

/* The slot of this exporter, NULL when it was never heard of. */
struct exporter *exporter_known(const struct exporters *all, const struct exporter_key *key);
/* Its last datagram was stamped by a guess (sanity.h). */
void exporter_guess(struct exporter *e);
/* It is `real` now, and the guess would be `guessed`: correct what was guessed. */
void exporter_rebase(struct exporter *e, nm_time guessed, nm_time real);

/*
 * A datagram with sequence number `got` arrived that carries `units` (flows of v5,
 * 1 of v9 and sFlow). Numbers wrap. A short jump back is a late datagram, a long one either
 * way is a restart. Counters of `e` are updated.
 */
void sequence_advance(struct exporter *e, uint32_t got, uint32_t units);

/*
 * The same for IPFIX, which tells only by its data how many records it carried;
 * `options` of them were options records.
 */
void sequence_records(struct exporter *e, uint32_t got, uint32_t records, uint32_t options);

/*
 * What came with number `got` cannot be counted, so the next number starts anew. What is
 * missing before it is known all the same.
 */
void sequence_forget(struct exporter *e, uint32_t got);

#endif
