// SPDX-License-Identifier: Apache-2.0
/*
 * What people are told: a line in the log when trouble begins, changes and ends, an event
 * when the alarm goes on and off, and at any time the status.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/record.h"
#include "firmware/sender_private.h"

#define DETAIL 120			/* bytes of a server's own words */

static const char *name_of(const struct sender *s)
{
	return s->setup.conf->name;
}

/* The first line of the body, as far as it is plain text. */
static void detail(struct out *o, const struct http_answer *a)
{
	size_t len = a->kept < DETAIL ? a->kept : DETAIL;

	for (size_t i = 0; i < len && a->body[i] >= ' ' && a->body[i] < 0x7f; i++) {
		if (!i)
			out_text(o, ": ");
		out_byte(o, a->body[i]);
	}
}

/*
 * s->why has the reason. The log hears of it when trouble begins and when it changes, and of
 * new trouble once a minute; not when an event is about to tell the same.
 */
static void complain(struct sender *s, enum verdict_class class)
{
	bool is_news = class != s->last || !s->uplink.failures;
	bool is_told_otherwise = class == VERDICT_LARGE || class == VERDICT_PLAIN ||
				 (class == VERDICT_CONFIGURATION && !s->alarm);

	s->last = class;
	if (!is_news || is_told_otherwise || !mono_reached(s->now.mono, s->quiet_until))
		return;
	s->quiet_until = mono_plus(s->now.mono, 60 * NM_NS_PER_S);
	s->told = true;
	log_line(CONF_LOG_WARN, "uplink %s: %s", name_of(s), s->why);
}

void say_verdict(struct sender *s, const struct verdict *v)
{
	const struct spool_batch *b = &s->shipment.batch;
	struct out o = out_of(s->why, sizeof(s->why));

	if (v->class == VERDICT_ACKNOWLEDGED || v->class == VERDICT_ABSENT ||
	    v->class == VERDICT_PARTS || v->class == VERDICT_MUTE) {
		s->last = v->class;
		return;
	}
	out_format(&o, "%s batch %" PRIu64 ": %s (", stream_word(b->stream), b->number, v->words);
	if (v->code)
		out_format(&o, "code %u, ", v->code);
	out_format(&o, "HTTP %u)", v->status);
	detail(&o, &s->answer);
	out_end(&o);
	complain(s, v->class);
}

void say_error(struct sender *s, enum nm_err err)
{
	const char *words = nm_strerror(err);
	bool by_link = err == NM_RESOLVE || err == NM_CONNECT || err == NM_TLS || err == NM_CLOSED;

	if (err == NM_TIMEOUT)
		snprintf(s->why, sizeof(s->why), "%s: nothing happened for %u ms",
			 uplink_state_name(s->uplink.state), s->setup.conf->timeout_ms);
	else if (err == NM_RANGE)
		snprintf(s->why, sizeof(s->why), "user or password cannot be sent in a header");
	else
		snprintf(s->why, sizeof(s->why), "%s",
			 by_link && link_why(s->link)[0] ? link_why(s->link) : words);
	complain(s, verdict_of_error(err).class);
}

static bool is_suspicious(const struct sender *s)
{
	for (enum stream i = 0; i < STREAM_COUNT; i++)
		if (suspect_is_alarm(&s->suspect[i]))
			return true;
	return false;
}

/* A batch is done with; but a stream that is held keeps its reason. */
static void forget_reason(struct sender *s)
{
	if (!is_suspicious(s))
		s->why[0] = '\0';
}

void say_stored(struct sender *s)
{
	if (s->told && !s->alarm)
		log_line(CONF_LOG_INFO, "uplink %s: goes on", name_of(s));
	s->told = false;
	forget_reason(s);
}

void say_quarantine(struct sender *s)
{
	const struct spool_batch *b = &s->shipment.batch;
	uint64_t records = s->shipment.given_up.records;
	char text[160];

	snprintf(text, sizeof(text), "%s batch %" PRIu64 ": %" PRIu64 " of its %" PRIu64
		 " records given up: the server cannot read them, but others",
		 stream_word(b->stream), b->number, records, b->records);
	s->setup.tell(s->setup.ctx, EVENT_QUARANTINE, name_of(s), (int64_t)records, text);
	forget_reason(s);
}

void say_smaller(struct sender *s)
{
	log_line(CONF_LOG_WARN, "uplink %s: requests of %" PRIu64 " bytes are too large for the"
		 " server; they are divided, and smaller ones are made", name_of(s),
		 s->refused_bytes);
}

void say_plain(struct sender *s)
{
	log_line(CONF_LOG_WARN, "uplink %s: %s; batches go without %s from now on", name_of(s),
		 s->why, s->request.compression->word);
}

void say_alarm(struct sender *s)
{
	bool alarm = s->uplink.barred || is_suspicious(s);

	if (alarm == s->alarm)
		return;
	s->alarm = alarm;
	if (alarm)
		s->setup.tell(s->setup.ctx, EVENT_UPLINK_HELD, name_of(s), 0, s->why);
	else
		s->setup.tell(s->setup.ctx, EVENT_UPLINK_RECOVERED, name_of(s), 0,
			      "the server accepts batches again");
}

/* The oldest record's age; records know when they came, whatever happened since. */
static int64_t lag(const struct sender *s, nm_time now)
{
	int64_t lag = 0;

	for (enum stream i = 0; i < STREAM_COUNT; i++) {
		struct spool_batch b = spool_after(s->setup.spool, s->setup.slot, i, 0);
		struct buf piece[SPOOL_PIECES];
		nm_time came = { 0 };

		if (b.segment != SPOOL_NONE && spool_pieces(s->setup.spool, b.segment, piece))
			came = record_time(piece[0]);
		if (came.ns && time_since(now, came) > lag)
			lag = time_since(now, came);
	}
	return lag;
}

struct sender_status sender_status(const struct sender *s, nm_mono mono, nm_time time)
{
	bool pausing = s->uplink.state == UPLINK_PAUSED || s->uplink.state == UPLINK_HELD;
	int64_t pause = pausing ? mono_since(s->uplink.until, mono) : 0;

	return (struct sender_status){
		.state = uplink_state_name(s->uplink.state),
		.verdict = s->last < VERDICT_CLASSES ? verdict_name(s->last) : "",
		.why = s->why,
		.alarm = s->alarm,
		.failures = s->uplink.failures,
		.pause_ns = pause > 0 ? pause : 0,
		.lag_ns = lag(s, time),
		.compression = s->request.compression ? s->request.compression->word : "none",
		.plain = s->plain,
		.refused_bytes = s->refused_bytes,
		.counts = s->counts,
	};
}
