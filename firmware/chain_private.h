/* SPDX-License-Identifier: Apache-2.0 */
/* What the chain's files share: what it keeps of an exporter beside its slot, and what is told. */
#ifndef NM_CHAIN_PRIVATE_H
#define NM_CHAIN_PRIVATE_H

#include "core/sampling.h"
#include "firmware/chain.h"

/*
 * An exporter's faults are told now and then, not each: a lossy path would fill the log and
 * the events. What was not told is counted and told with the next.
 */
struct chain_gripe {
	const struct conf_exporter *conf;	/* what the configuration says of it, or NULL */
	nm_time told;			/* last line about malformed datagrams */
	uint32_t untold;
	nm_time gap_told;		/* last event about what is missing */
	uint32_t gap;
	nm_time restart_told;		/* last event about a new start */
	uint32_t restarts;
	nm_time rate_told;		/* last event about sampling rates */
	uint32_t rate_changes;		/* not told yet; the last was */
	struct rate_told rate;		/* to this */
	uint64_t rate_was;
	nm_time refused_told;		/* last event about templates without room */
	uint32_t refused;
	nm_time skew_told;		/* last event about its clock */
	bool skewed;			/* as it was told */
};

/* The exporter of the datagram under way: what its counters, rates and clock are worth telling. */
void chain_tell(struct chain *c, bool is_new);
/* The datagram under way came from somebody for whom there is no room. */
void chain_tell_full(struct chain *c, const struct addr *from);
/* What came of this exporter is not as it should be. */
void chain_complain(struct chain *c, const struct exporter *of, const struct addr *from,
		    enum nm_err err);

/* Room for a record of the stream, and what to say when it has been written there. */
uint8_t *chain_room(struct chain *c, enum stream stream, uint8_t scratch[SPOOL_RECORD]);
void chain_keep(struct chain *c, enum stream stream, size_t len);

#endif
