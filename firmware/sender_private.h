/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the sender share. */
#ifndef NM_SENDER_PRIVATE_H
#define NM_SENDER_PRIVATE_H

#include "core/clickhouse.h"
#include "core/request.h"
#include "core/shipment.h"
#include "core/suspect.h"
#include "core/uplink.h"
#include "core/url.h"
#include "firmware/sender.h"

#define SENDER_BUFFER 16384		/* bytes written in a turn, a TLS record's worth */
#define SENDER_LOGIN  128		/* room for a password */

struct sender {
	struct sender_setup setup;
	struct moment now;
	struct url url;
	char host[URL_HOST + 8], password[SENDER_LOGIN];
	struct clickhouse to;
	struct link *link;
	struct uplink uplink;
	nm_mono idle_until;		/* a stream's pause ends */

	/* the batch in hand */
	bool loaded;
	struct shipment shipment;
	enum errand errand;
	char name[IDENTITY_TEXT + PART_TEXT];
	struct request request;
	uint64_t body;			/* its bytes, before they are compressed */
	struct http_answer answer;

	/* what was learned */
	uint64_t taken[STREAM_COUNT];	/* highest number this process has sent */
	uint64_t halfway[STREAM_COUNT];	/* highest that stepped aside with some of it stored */
	struct suspect suspect[STREAM_COUNT];
	uint64_t refused_bytes;
	bool plain;			/* the server refused the compression */
	int64_t seal_ns;		/* as configured */
	uint64_t seal_bytes;
	enum verdict_class last;	/* VERDICT_CLASSES: none yet */
	bool alarm;
	char why[256];			/* "": it goes on */
	bool told;			/* the log knows of the trouble */
	nm_mono quiet_until;		/* and hears of no other */
	struct sender_counts counts;
};

/* --- sender_batch.c: what to send, and what became of it ------------------------------ */

/* Something could be sent now; else *until is when a stream's pause ends. */
bool batch_waits(const struct sender *s, nm_mono *until);
/* Have a batch in hand and its request written; NM_OK, or why it cannot be sent. */
enum nm_err batch_compose(struct sender *s) NM_MUST_CHECK;
/* The answer is complete, or there is none: the event that it is for the uplink. */
enum uplink_event batch_answered(struct sender *s);
void batch_unanswered(struct sender *s, enum nm_err err);

/* --- sender_say.c: what people are told ------------------------------------------------- */

void say_verdict(struct sender *s, const struct verdict *v);
void say_error(struct sender *s, enum nm_err err);
void say_stored(struct sender *s);
void say_quarantine(struct sender *s);
void say_smaller(struct sender *s);
void say_plain(struct sender *s);
void say_alarm(struct sender *s);	/* when it begins or ends */

#endif
