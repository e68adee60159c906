// SPDX-License-Identifier: Apache-2.0
/*
 * The sender's turns: one function for each state of the uplink, which looks at the link
 * and tells the uplink what happened.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/sender_private.h"

/* --- life --------------------------------------------------------------------------- */

/* The file's first line. It is read again after a refusal: somebody may have mended it. */
static enum nm_err read_password(struct sender *s, char why[NM_WHY])
{
	char line[SENDER_LOGIN];
	size_t len;
	enum nm_err err;

	if (!s->setup.conf->password_file[0])
		return NM_OK;
	err = file_read(s->setup.conf->password_file, line, sizeof(line), &len, why);
	if (err)
		return err;
	line[strcspn(line, "\r\n")] = '\0';
	memcpy(s->password, line, strlen(line) + 1);
	return NM_OK;
}

static enum nm_err find_server(struct sender *s, char why[NM_WHY])
{
	const struct conf_uplink *c = s->setup.conf;
	struct out host = out_of(s->host, sizeof(s->host));
	const char *fault;

	if (url_parse(c->url, &s->url, &fault)) {
		snprintf(why, NM_WHY, "uplink %s: url: %s", c->name, fault);
		return NM_SYNTAX;
	}
	if (!s->url.tls && !c->insecure) {
		snprintf(why, NM_WHY, "uplink %s: %s is not encrypted", c->name, c->url);
		return NM_TLS;
	}
	url_host(&host, &s->url);
	out_end(&host);
	s->to = (struct clickhouse){ s->host, s->url.path, c->user, s->password, c->database };
	return NM_OK;
}

static struct link *new_link(const struct sender *s, char why[NM_WHY])
{
	const struct conf_uplink *c = s->setup.conf;
	struct link_target to = {
		.port = s->url.port, .tls = s->url.tls,
		.tls_time = (enum conf_tls_time)c->tls_time, .build = s->setup.build,
	};

	snprintf(to.host, sizeof(to.host), "%s", s->url.host);
	snprintf(to.ca_file, sizeof(to.ca_file), "%s", c->ca_file);
	return link_new(&to, s->setup.helper, why);
}

/* The room for a chunk first, then what the compression keeps. */
static enum nm_err find_compression(struct sender *s, char why[NM_WHY])
{
	const struct conf_uplink *c = s->setup.conf;
	struct request *r = &s->request;

	if (compress_find((enum conf_compression)c->compression, &r->compression)) {
		snprintf(why, NM_WHY, "uplink %s: this netmeta was built without that compression: "
			 "netmeta --version names those it has", c->name);
		return NM_MISSING;
	}
	if (!r->compression)
		return NM_OK;
	r->memory = malloc(r->compression->memory());
	r->room = malloc(REQUEST_ROOM);
	if (r->memory && r->room)
		return NM_OK;
	snprintf(why, NM_WHY, "uplink %s: no memory", c->name);
	return NM_FULL;
}

static void start_uplink(struct sender *s)
{
	const struct conf_uplink *c = s->setup.conf;
	struct uplink_pace pace = {
		c->timeout_ms * (int64_t)NM_NS_PER_MS, c->retry_min_ms * (int64_t)NM_NS_PER_MS,
		c->retry_max_ms * (int64_t)NM_NS_PER_MS,
	};
	uint32_t seed;

	random_fill(&seed, sizeof(seed));
	uplink_start(&s->uplink, pace, seed);
}

struct sender *sender_new(const struct sender_setup *setup, char why[NM_WHY])
{
	struct sender *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(why, NM_WHY, "uplink %s: no memory", setup->conf->name);
		return NULL;
	}
	s->setup = *setup;
	s->seal_ns = setup->spool->limits.seal_ns;
	s->seal_bytes = setup->spool->limits.seal_bytes;
	s->last = VERDICT_CLASSES;
	start_uplink(s);
	if (!find_server(s, why) && !read_password(s, why) && !find_compression(s, why))
		s->link = new_link(s, why);
	if (s->link)
		return s;
	sender_free(s);
	return NULL;
}

void sender_free(struct sender *s)
{
	if (!s)
		return;
	if (s->link)
		link_free(s->link);
	free(s->request.memory);
	free(s->request.room);
	memset(s->password, 0, sizeof(s->password));
	free(s);
}

/* --- what the uplink wants --------------------------------------------------------------- */

static void happens(struct sender *s, enum uplink_event event);

static void start_request(struct sender *s)
{
	enum nm_err err = batch_compose(s);

	if (err)
		happens(s, UPLINK_BARRED);
}

static void happens(struct sender *s, enum uplink_event event)
{
	switch (uplink_happens(&s->uplink, event, s->now.mono)) {
	case UPLINK_NOTHING:
		break;
	case UPLINK_OPEN:
		s->counts.connections++;
		link_open(s->link);
		break;
	case UPLINK_START:
		start_request(s);
		break;
	case UPLINK_CLOSE:
		link_close(s->link);
		break;
	}
}

/* The request will not be answered. */
static void give_up(struct sender *s, enum uplink_event event, enum nm_err err)
{
	bool quietly = event == UPLINK_LOST && s->uplink.reused && !s->uplink.heard;

	if (quietly)
		s->counts.reconnects++;
	batch_unanswered(s, quietly ? NM_OK : err);
	happens(s, event);
}

/* --- turns: true when there may be more to do at once ---------------------------------------- */

/* Nothing was asked on this connection: whatever comes is its end. */
static bool is_stale(struct sender *s)
{
	char bytes[64];

	if (!s->uplink.connected || !link_read(s->link, bytes, sizeof(bytes)))
		return false;
	happens(s, UPLINK_LOST);
	return true;
}

static bool turn_idle(struct sender *s)
{
	if (is_stale(s))
		return true;
	if (!batch_waits(s, &s->idle_until))
		return false;
	happens(s, UPLINK_WORK);
	return true;
}

static bool turn_opening(struct sender *s)
{
	enum nm_err err;

	switch (link_turn(s->link)) {
	case LINK_OPENING:
		return false;
	case LINK_UP:
		happens(s, UPLINK_OPENED);
		return true;
	default:
		err = link_error(s->link);
		batch_unanswered(s, err);
		happens(s, err == NM_TLS ? UPLINK_BARRED : UPLINK_LOST);
		return true;
	}
}

static void conclude(struct sender *s, bool is_clean)
{
	bool keep = is_clean && s->answer.keep && s->request.whole;

	happens(s, batch_answered(s));
	if (!keep)
		happens(s, UPLINK_LOST);
}

/* Take what has come of the answer; false: nothing. */
static bool hear(struct sender *s)
{
	uint8_t bytes[2048];
	long n = link_read(s->link, bytes, sizeof(bytes));
	struct buf in = buf_of(bytes, n > 0 ? (size_t)n : 0);
	enum nm_err err;

	if (!n)
		return false;
	if (n > 0)
		happens(s, UPLINK_HEARD);
	err = n > 0 ? http_answer_feed(&s->answer, &in) : http_answer_ends(&s->answer);
	if (err)
		give_up(s, UPLINK_LOST, n > 0 ? err : (enum nm_err)-n);
	else if (s->answer.stage == HTTP_DONE)
		conclude(s, !buf_left(&in));
	return true;
}

/* An answer may come before all is sent: a refusal, or an overload. */
static bool turn_sending(struct sender *s)
{
	struct request *r = &s->request;
	size_t len = buf_left(&r->next);
	long n;

	if (hear(s))
		return true;
	n = link_write(s->link, r->next.p, len < SENDER_BUFFER ? len : SENDER_BUFFER);
	if (n < 0)
		give_up(s, UPLINK_LOST, (enum nm_err)-n);
	if (n <= 0)
		return n < 0;
	s->counts.bytes += (uint64_t)n;
	if (request_wrote(r, (size_t)n))
		give_up(s, UPLINK_LOST, NM_FULL);
	else
		happens(s, r->whole ? UPLINK_SENT : UPLINK_MOVED);
	return true;
}

static bool turn_awaiting(struct sender *s)
{
	return hear(s);
}

static bool turn_pausing(struct sender *s)
{
	return is_stale(s);
}

/* The uplink's `until` has come: a pause is over, or patience is. */
static void come_due(struct sender *s)
{
	char why[NM_WHY];

	switch (s->uplink.state) {
	case UPLINK_HELD:
		if (read_password(s, why))
			log_line(CONF_LOG_DEBUG, "uplink %s: %s", s->setup.conf->name, why);
		/* fall through */
	case UPLINK_IDLE:
	case UPLINK_PAUSED:
		happens(s, UPLINK_DUE);
		break;
	default:
		give_up(s, UPLINK_DUE, NM_TIMEOUT);
		break;
	}
}

nm_mono sender_turn(struct sender *s, nm_mono mono, nm_time time, bool clock_is_sane)
{
	static bool (*const turn[UPLINK_STATES])(struct sender *) = {
		[UPLINK_IDLE] = turn_idle, [UPLINK_OPENING] = turn_opening,
		[UPLINK_SENDING] = turn_sending, [UPLINK_AWAITING] = turn_awaiting,
		[UPLINK_PAUSED] = turn_pausing, [UPLINK_HELD] = turn_pausing,
	};
	bool more;

	s->now = (struct moment){ mono, time };
	s->idle_until = NM_MONO_NEVER;
	if (mono_reached(mono, s->uplink.until))
		come_due(s);
	if (s->uplink.state == UPLINK_IDLE && !clock_is_sane)
		more = is_stale(s);
	else
		more = turn[s->uplink.state](s);
	say_alarm(s);
	return more ? mono : mono_first(s->uplink.until, s->idle_until);
}

struct link_wait sender_wait(const struct sender *s)
{
	return link_wait(s->link);
}

bool sender_ends(const struct sender *s, struct link_ends *ends)
{
	return link_ends(s->link, ends);
}
