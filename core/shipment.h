/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One batch on its way to one server: what to send or ask next, and how it ends. The
 * promise is "stored once", also when answers get lost, the agent restarts, and the
 * server takes only parts:
 *
 * - A repeated insert carries the same name, and the server knows names for a while (the
 *   horizon). Beyond it, and when an earlier process tried, the server is asked first
 *   whether it has the batch. If it may not be asked, the batch is sent and counted as
 *   doubted: it may be stored twice.
 * - The server may refuse the size (413). Then the halves are sent, under their own
 *   names (core/part.h); but never before it is certain that the whole is not stored,
 *   since the names of the parts would not be recognised.
 *
 * - It may refuse a part as bad data. The batch then steps aside like any other
 *   (core/suspect.h), and what is stored of it is asked for when it is its turn again, as
 *   after a restart. Once it is known to be bad, the refused part alone is given up.
 *
 * One gap is left: a batch in parts, a restart or a refusal before the last of them, a
 * server that may not be asked, and takes the whole again. It needs all four.
 */
#ifndef NM_SHIPMENT_H
#define NM_SHIPMENT_H

#include "core/part.h"
#include "core/spool.h"
#include "core/verdict.h"

struct shipment {
	struct spool_batch batch;
	unsigned part;			/* what is on its way */
	bool some;			/* a part of it is stored */
	struct spool_sum given_up;	/* parts that are bad data */
	bool unknown;			/* an attempt may have stored this part */
	bool inherited;			/* ... of an earlier process, at any part */
	bool ask;			/* nothing else can be done before it is known */
	bool mute;			/* the server may not be asked */
	bool doubted;
	nm_time tried;			/* the first attempt that may have stored it */
	nm_mono tried_mono;
};

struct moment { nm_mono mono; nm_time time; };

enum errand { ERRAND_INSERT, ERRAND_ASK };
enum shipment_end {
	SHIPMENT_GOES_ON,		/* there is another errand */
	SHIPMENT_DELAYED,		/* the same again, later */
	SHIPMENT_STORED,		/* all but what was given up */
	SHIPMENT_GIVEN_UP,		/* all of it */
	SHIPMENT_REFUSED,		/* this part, as bad data: is it? */
	SHIPMENT_STUCK,			/* until somebody does something */
};

/* `inherited`: the batch was tried before, and nobody knows how much of it is stored. */
void shipment_start(struct shipment *sh, const struct spool_batch *batch, bool inherited,
		    nm_mono now);
/*
 * A server that refused so many bytes need not see as many again: true when the part on
 * its way, of `bytes`, was changed for its first half.
 */
bool shipment_fit(struct shipment *sh, uint64_t bytes, uint64_t refused_bytes);
enum errand shipment_errand(struct shipment *sh, int64_t horizon_ns, struct moment now);
/* `whole`: the last byte of the request was sent. */
enum shipment_end shipment_verdict(struct shipment *sh, enum errand errand, bool whole,
				   const struct verdict *v);
/* The part that was refused, of so many bytes, is bad: go on without it, or end. */
enum shipment_end shipment_give_up(struct shipment *sh, uint64_t bytes);

#endif
