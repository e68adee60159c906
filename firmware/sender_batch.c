// SPDX-License-Identifier: Apache-2.0
/*
 * Which batch is next, the request for it, and what an answer makes of it: small streams
 * before large ones, the oldest batch first, except that a stream whose batches are
 * refused as bad data pauses alone (core/suspect.h).
 */
#include <stdio.h>

#include "firmware/sender_private.h"

#define SEAL_NS_MAX    (10 * NM_NS_PER_S)
#define SEAL_BYTES_MIN SPOOL_CHUNK	/* smaller segments would waste the spool */

/* --- which one ---------------------------------------------------------------------- */

static struct spool_batch next_of(const struct sender *s, enum stream stream)
{
	uint64_t behind = suspect_behind(&s->suspect[stream]);
	struct spool_batch b = spool_after(s->setup.spool, s->setup.slot, stream, behind);

	if (b.segment == SPOOL_NONE && behind)
		b = spool_after(s->setup.spool, s->setup.slot, stream, 0);
	return b;
}

static struct spool_batch next_batch(const struct sender *s, nm_mono *until)
{
	struct spool_batch b = { .segment = SPOOL_NONE };

	for (int i = STREAM_COUNT - 1; i >= 0 && b.segment == SPOOL_NONE; i--) {
		nm_mono pause = s->suspect[i].until;

		if (mono_reached(s->now.mono, pause))
			b = next_of(s, (enum stream)i);
		else
			*until = mono_first(*until, pause);
	}
	return b;
}

bool batch_waits(const struct sender *s, nm_mono *until)
{
	return s->loaded || next_batch(s, until).segment != SPOOL_NONE;
}

/* --- its request ---------------------------------------------------------------------- */

static void load(struct sender *s)
{
	nm_mono until = NM_MONO_NEVER;
	struct spool_batch b = next_batch(s, &until);
	bool inherited = b.tried.ns && (b.number > s->taken[b.stream] ||
					b.number <= s->halfway[b.stream]);

	shipment_start(&s->shipment, &b, inherited, s->now.mono);
	spool_take(s->setup.spool, s->setup.slot, b.segment, s->now.time);
	if (b.number > s->taken[b.stream])
		s->taken[b.stream] = b.number;
	s->loaded = true;
}

/* The part's bytes, in place; a smaller part when the server would refuse this one. */
static enum nm_err aim(struct sender *s)
{
	struct request *r = &s->request;
	const struct spool_batch *b = &s->shipment.batch;
	enum nm_err err;

	do {
		r->pieces = spool_pieces(s->setup.spool, b->segment, r->piece);
		err = part_cut(s->shipment.part, b->records, r->piece, &r->pieces);
		s->body = request_body(r);
	} while (!err && shipment_fit(&s->shipment, s->body, s->refused_bytes));
	return err;
}

static void name_it(struct sender *s)
{
	const struct spool_batch *b = &s->shipment.batch;
	char batch[IDENTITY_TEXT], part[PART_TEXT];

	snprintf(s->name, sizeof(s->name), "%s%s",
		 identity_text(s->setup.identity, b->stream, b->number, batch),
		 part_name(s->shipment.part, part));
}

static enum nm_err write_head(struct sender *s, struct out *o)
{
	const struct spool_batch *b = &s->shipment.batch;
	const struct compression *c = s->request.compression;
	struct clickhouse_body body = { c ? c->word : NULL, s->body };

	if (s->errand == ERRAND_INSERT)
		return clickhouse_insert(o, &s->to, b->stream, s->name, body);
	s->request.pieces = 0;
	return clickhouse_ask(o, &s->to, s->setup.identity, b->stream, b->number, s->name);
}

enum nm_err batch_compose(struct sender *s)
{
	struct request *r = &s->request;
	struct out head = out_of(r->head, sizeof(r->head));
	enum nm_err err;

	if (!s->loaded)
		load(s);
	err = aim(s);
	s->errand = shipment_errand(&s->shipment, s->setup.conf->horizon_s * NM_NS_PER_S, s->now);
	name_it(s);
	if (!err)
		err = write_head(s, &head);
	request_start(r, out_len(&head));
	http_answer_start(&s->answer);
	s->counts.requests++;
	s->counts.questions += s->errand == ERRAND_ASK;
	if (err)
		say_error(s, err);
	return err;
}

/* --- what became of it ------------------------------------------------------------------ */

/* Overloaded servers get fewer and larger batches, up to SEAL_NS_MAX; then it goes back. */
static void seal_later(struct sender *s)
{
	struct spool_limits limits = s->setup.spool->limits;

	if (limits.seal_ns >= SEAL_NS_MAX)
		return;
	limits.seal_ns = limits.seal_ns > SEAL_NS_MAX / 2 ? SEAL_NS_MAX : limits.seal_ns * 2;
	spool_limit(s->setup.spool, limits);
}

static void seal_sooner(struct sender *s)
{
	struct spool_limits limits = s->setup.spool->limits;

	if (limits.seal_ns <= s->seal_ns)
		return;
	limits.seal_ns -= (limits.seal_ns - s->seal_ns) / 16 + 1;
	spool_limit(s->setup.spool, limits);
}

/* So many bytes are too many: from now on batches of half that size. */
static void seal_smaller(struct sender *s)
{
	struct spool_limits limits = s->setup.spool->limits;
	uint64_t refused = s->body;

	if (s->refused_bytes && s->refused_bytes <= refused)
		return;
	s->refused_bytes = refused;
	if (limits.seal_bytes > refused / 2)
		limits.seal_bytes = refused / 2 > SEAL_BYTES_MIN ? refused / 2 : SEAL_BYTES_MIN;
	spool_limit(s->setup.spool, limits);
	say_smaller(s);
}

/* A limit was perhaps a proxy's of yesterday: try more again, little by little. */
static void seal_larger(struct sender *s)
{
	struct spool_limits limits = s->setup.spool->limits;

	if (!s->refused_bytes)
		return;
	s->refused_bytes += s->refused_bytes / 64 + 1;
	if (limits.seal_bytes < s->seal_bytes)
		limits.seal_bytes += limits.seal_bytes / 64 + 1;
	if (limits.seal_bytes >= s->seal_bytes && s->refused_bytes > s->seal_bytes) {
		limits.seal_bytes = s->seal_bytes;
		s->refused_bytes = 0;
	}
	spool_limit(s->setup.spool, limits);
}

/* So packed the server takes nothing; it may be another one after a restart. */
static void pack_no_more(struct sender *s)
{
	say_plain(s);
	s->request.compression = NULL;
	s->plain = true;
}

static void unload(struct sender *s, enum spool_fate fate)
{
	const struct shipment *sh = &s->shipment;

	s->loaded = false;
	spool_done(s->setup.spool, s->setup.slot, sh->batch.segment,
		   (struct spool_end){ fate, sh->given_up, sh->doubted });
	if (fate != SPOOL_RELEASED && sh->given_up.records)
		say_quarantine(s);
}

static void stored(struct sender *s)
{
	const struct spool_batch *b = &s->shipment.batch;

	s->counts.divided += s->shipment.part != PART_WHOLE;
	suspect_stored(&s->suspect[b->stream], b->number);
	seal_sooner(s);
	seal_larger(s);
	unload(s, SPOOL_ACKNOWLEDGED);
	say_stored(s);
}

/* Others of its stream are tried first. */
static void step_aside(struct sender *s)
{
	const struct spool_batch *b = &s->shipment.batch;
	struct suspect *suspect = &s->suspect[b->stream];

	if (s->shipment.some && b->number > s->halfway[b->stream])
		s->halfway[b->stream] = b->number;
	suspect->until = mono_plus(s->now.mono, uplink_pause(&s->uplink, suspect->refusals));
	unload(s, SPOOL_RELEASED);
}

/* What becomes of the batch when the part on its way was refused as bad data. */
static enum shipment_end refused(struct sender *s)
{
	const struct spool_batch *b = &s->shipment.batch;

	if (suspect_refused(&s->suspect[b->stream], b->number))
		return shipment_give_up(&s->shipment, s->body);
	return SHIPMENT_REFUSED;
}

static struct verdict judge(const struct sender *s)
{
	struct verdict early = { VERDICT_GONE, 0, 0, false, "the answer came before the request" };
	struct verdict v = s->errand == ERRAND_ASK ? clickhouse_told(&s->answer) :
						     clickhouse_inserted(&s->answer, s->name);

	if (v.class == VERDICT_PLAIN && (s->errand == ERRAND_ASK || !s->request.compression))
		v.class = VERDICT_CONFIGURATION;
	return v.class == VERDICT_ACKNOWLEDGED && !s->request.whole ? early : v;
}

enum uplink_event batch_answered(struct sender *s)
{
	struct verdict v = judge(s);
	enum shipment_end end = shipment_verdict(&s->shipment, s->errand, s->request.whole, &v);

	say_verdict(s, &v);
	if (v.class == VERDICT_LARGE && s->errand == ERRAND_INSERT)
		seal_smaller(s);
	if (v.class == VERDICT_PLAIN)
		pack_no_more(s);
	s->request.whole = false;
	if (end == SHIPMENT_REFUSED)
		end = refused(s);
	switch (end) {
	case SHIPMENT_STORED:
		stored(s);
		break;
	case SHIPMENT_GIVEN_UP:
		unload(s, SPOOL_QUARANTINED);
		break;
	case SHIPMENT_REFUSED:
		step_aside(s);
		break;
	case SHIPMENT_GOES_ON:
		break;
	case SHIPMENT_DELAYED:
		s->counts.failures++;
		seal_later(s);
		return UPLINK_BUSY;
	case SHIPMENT_STUCK:
		s->counts.failures++;
		return UPLINK_BARRED;
	}
	return UPLINK_SETTLED;
}

void batch_unanswered(struct sender *s, enum nm_err err)
{
	struct verdict v = verdict_of_error(err);

	v.class = VERDICT_GONE;
	if (s->loaded)
		(void)shipment_verdict(&s->shipment, s->errand, s->request.whole, &v);
	s->request.whole = false;
	if (!err)
		return;
	s->counts.failures++;
	say_error(s, err);
}
