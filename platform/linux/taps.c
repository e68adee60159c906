// SPDX-License-Identifier: Apache-2.0
/*
 * Taps: one source on one interface each. What needs rights is asked of the helper, one question
 * at a time for each tap; what comes back are descriptors, from which the source's reader in
 * this process takes samples. A reader is opened when the first tap wants its source, and stays.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/linux/helper.h"
#include "platform/linux/sources.h"
#include "platform/linux/why.h"

/* The reader of a source: first what an earlier process left goes, then it is opened. */
enum reader_state { READER_STALE, READER_CLEANING, READER_NONE, READER_ASKED, READER_UP };

struct source_reader {
	const struct source_ops *ops;	/* NULL: not built in */
	struct reader *reader;
	enum reader_state state;
	int question;			/* -1: none is under way */
	struct source_fds fds;
	bool reopened;			/* refused, and a tap asked for it again since */
	enum nm_err err;		/* of the last try to open it */
	char why[NM_WHY];
};

enum tap_step { STEP_NONE, STEP_ATTACH, STEP_DETACH };

struct tap {
	enum tap_state state;
	enum tap_step step;		/* what its question is about */
	int question;
	struct tap_want want;		/* of what is there, or is asked for */
	struct tap_want next;		/* wanted behind what is under way */
	bool has_next;
	bool unwanted;			/* what is asked for is to end as soon as it is there */
	struct source_fds fds;
	enum nm_err err;
	char why[NM_WHY];
};

struct taps {
	struct taps_setup setup;
	struct source_reader readers[SOURCE_COUNT];
	struct tap *taps;
};

static const struct source_fds no_fds = { { -1, -1, -1 } };

/* --- memory --------------------------------------------------------------------------- */

static bool make_reader(struct taps *t, enum source source)
{
	struct source_reader *r = &t->readers[source];

	*r = (struct source_reader){ .ops = source_ops_of(source), .question = -1, .fds = no_fds };
	if (!r->ops)
		return true;
	r->state = r->ops->reconcile ? READER_STALE : READER_NONE;
	r->reader = r->ops->make(t->setup.most, t->setup.buffer);
	return r->reader;
}

struct taps *taps_new(const struct taps_setup *setup, char why[NM_WHY])
{
	struct taps *t = calloc(1, sizeof(*t));
	bool made = t;

	if (t) {
		t->setup = *setup;
		t->taps = calloc(setup->most, sizeof(*t->taps));
		made = t->taps;
	}
	for (unsigned s = 0; made && s < SOURCE_COUNT; s++)
		made = make_reader(t, s);
	if (!made) {
		why_say(why, NM_FULL, "not enough memory to sample %u interfaces", setup->most);
		taps_free(t);
		return NULL;
	}
	for (unsigned i = 0; i < setup->most; i++)
		t->taps[i] = (struct tap){ .question = -1, .fds = no_fds };
	return t;
}

void taps_free(struct taps *t)
{
	if (!t)
		return;
	for (unsigned s = 0; s < SOURCE_COUNT; s++)
		if (t->readers[s].reader)
			t->readers[s].ops->free(t->readers[s].reader);
	for (unsigned i = 0; t->taps && i < t->setup.most; i++)
		source_fds_close(&t->taps[i].fds);
	free(t->taps);
	free(t);
}

/* --- asking the helper -------------------------------------------------------------------- */

static int ask(struct taps *t, enum duty duty, enum source source, const struct tap_want *want,
	       char why[NM_WHY])
{
	struct helper_question q = {
		.duty = duty, .source = source,
		.how = { t->setup.instance, t->setup.buffer },
	};

	if (want) {
		q.want = *want;
		q.reader = helper_fds_of(&t->readers[source].fds);
	}
	return helper_ask(t->setup.helper, &q, why);
}

/* 1: it is there, and what it made is in `made`; 0: not yet. A lost answer is an error too. */
static int hear(int *question, struct source_fds *made, enum nm_err *err, char why[NM_WHY])
{
	struct helper_answer a;
	int came = helper_answer(*question, &a);

	if (came == 0)
		return 0;
	close(*question);
	*question = -1;
	*made = no_fds;
	if (came < 0) {
		*err = why_say(why, NM_IO, "the helper did not answer");
		return 1;
	}
	*err = (enum nm_err)a.err;
	if (a.err)
		why_say(why, NM_IO, "%s", a.why);
	else
		*made = source_fds_of(&a.made);
	return 1;
}

/* --- readers ------------------------------------------------------------------------------- */

static void ask_reader(struct taps *t, enum source source, enum duty duty, enum reader_state state)
{
	struct source_reader *r = &t->readers[source];

	r->question = ask(t, duty, source, NULL, r->why);
	r->err = r->question < 0 ? NM_IO : NM_OK;
	r->state = r->question < 0 ? READER_NONE : state;
}

static void reader_opened(struct source_reader *r, struct source_fds *made)
{
	r->state = READER_NONE;
	if (r->err)
		return;
	r->err = r->ops->begin(r->reader, made, r->why);
	if (r->err) {
		source_fds_close(made);
		return;
	}
	r->fds = *made;
	r->state = READER_UP;
}

/* What is left of an earlier process is taken away whether or not the source is used again. */
static void reader_turn(struct taps *t, enum source source)
{
	struct source_reader *r = &t->readers[source];
	struct source_fds made;

	if (!r->ops)
		return;
	if (r->state == READER_STALE)
		ask_reader(t, source, DUTY_RECONCILE, READER_CLEANING);
	if (r->question < 0 || !hear(&r->question, &made, &r->err, r->why))
		return;
	if (r->state == READER_ASKED) {
		reader_opened(r, &made);
		return;
	}
	if (r->err && r->err != NM_ABSENT && r->err != NM_RIGHTS)
		log_line(CONF_LOG_WARN, "sampling: an earlier process may have left something of "
			 "%s: %s", source_row(source)->word, r->why);
	source_fds_close(&made);
	r->err = NM_OK;
	r->state = READER_NONE;
}

/* Whether it is up; false with NM_OK in *err: not yet. */
static bool reader_ready(struct taps *t, enum source source, enum nm_err *err)
{
	struct source_reader *r = &t->readers[source];

	*err = NM_OK;
	if (r->state == READER_NONE && r->err && !r->reopened)
		*err = r->err;
	else if (r->state == READER_NONE) {
		r->reopened = false;
		ask_reader(t, source, DUTY_OPEN, READER_ASKED);
		*err = r->err;
	}
	return r->state == READER_UP;
}

/* --- taps ---------------------------------------------------------------------------------- */

static void settle(struct tap *p, enum tap_state state, enum nm_err err)
{
	p->state = state;
	p->step = STEP_NONE;
	p->err = err;
}

static void start(struct taps *t, struct tap *p)
{
	struct source_reader *r = &t->readers[p->next.source];

	p->has_next = p->unwanted = false;
	p->want = p->next;
	settle(p, TAP_ASKED, NM_OK);
	if (!r->ops)
		settle(p, TAP_REFUSED,
		       why_say(p->why, NM_ABSENT, "this netmeta was built without it"));
	else
		r->reopened = r->err && r->state == READER_NONE;
}

/* In the background: its descriptors first, so that nothing more is picked. */
static void finish(struct taps *t, struct tap *p)
{
	struct source_reader *r = &t->readers[p->want.source];

	p->unwanted = false;
	if (r->ops->remove)
		r->ops->remove(r->reader, (unsigned)(p - t->taps));
	source_fds_close(&p->fds);
	p->state = TAP_OFF;
	if (!r->ops->detach)
		return;
	p->question = ask(t, DUTY_DETACH, p->want.source, &p->want, p->why);
	if (p->question < 0) {
		log_line(CONF_LOG_WARN, "sampling of %s: %s", p->want.name, p->why);
		return;
	}
	p->state = TAP_ENDING;
	p->step = STEP_DETACH;
}

static void attached(struct taps *t, struct tap *p, struct source_fds *made)
{
	struct source_reader *r = &t->readers[p->want.source];

	p->fds = *made;
	if (!p->err && r->ops->add)
		p->err = r->ops->add(r->reader, (unsigned)(p - t->taps), &p->want, &p->fds, p->why);
	if (p->err)
		source_fds_close(&p->fds);
	settle(p, p->err ? TAP_REFUSED : TAP_UP, p->err);
}

static void detached(struct tap *p)
{
	if (p->err && p->err != NM_GONE)
		log_line(CONF_LOG_WARN, "sampling of %s: its end: %s", p->want.name, p->why);
	settle(p, TAP_OFF, NM_OK);
}

static void tap_hear(struct taps *t, struct tap *p)
{
	struct source_fds made;

	if (!hear(&p->question, &made, &p->err, p->why))
		return;
	if (p->step == STEP_DETACH)
		detached(p);
	else
		attached(t, p, &made);
}

static void tap_ask(struct taps *t, struct tap *p)
{
	enum nm_err err;

	if (!reader_ready(t, p->want.source, &err)) {
		if (err) {
			why_say(p->why, err, "%s", t->readers[p->want.source].why);
			settle(p, TAP_REFUSED, err);
		}
		return;
	}
	p->step = STEP_ATTACH;
	p->question = ask(t, DUTY_ATTACH, p->want.source, &p->want, p->why);
	if (p->question < 0)
		settle(p, TAP_REFUSED, NM_IO);
}

enum tap_state tap_turn(struct taps *t, unsigned tap)
{
	struct tap *p = &t->taps[tap];

	for (unsigned s = 0; s < SOURCE_COUNT; s++)
		reader_turn(t, s);
	if (p->question >= 0)
		tap_hear(t, p);
	if (p->state == TAP_UP && (p->unwanted || p->has_next))
		finish(t, p);
	if (p->has_next && p->question < 0) {
		if (p->question < 0)
			start(t, p);
	}
	if (p->state == TAP_ASKED && p->step == STEP_NONE)
		tap_ask(t, p);
	return p->has_next ? TAP_ASKED : p->unwanted ? TAP_ENDING : p->state;
}

void tap_begin(struct taps *t, unsigned tap, const struct tap_want *want)
{
	struct tap *p = &t->taps[tap];

	p->next = *want;
	p->has_next = true;
	tap_turn(t, tap);
}

void tap_end(struct taps *t, unsigned tap)
{
	struct tap *p = &t->taps[tap];

	p->has_next = false;
	if (p->state == TAP_UP)
		finish(t, p);
	else if (p->question < 0)
		p->state = TAP_OFF;
	else
		p->unwanted = p->state == TAP_ASKED;
}

enum nm_err tap_error(const struct taps *t, unsigned tap)
{
	return t->taps[tap].err;
}

const char *tap_why(const struct taps *t, unsigned tap)
{
	return t->taps[tap].why;
}

/* --- all of them --------------------------------------------------------------------------- */

/* A question whose answer is not there yet: of a tap that came up meanwhile too. */
static int busy(struct taps *t)
{
	int fd = -1;

	for (unsigned i = 0; i < t->setup.most; i++) {
		struct tap *p = &t->taps[i];

		if (p->question < 0 && p->state != TAP_UP)
			continue;
		tap_turn(t, i);
		if (p->state == TAP_UP)
			tap_end(t, i);
		if (p->question >= 0)
			fd = p->question;
	}
	return fd;
}

void taps_end_all(struct taps *t, int64_t patience_ns)
{
	nm_mono deadline = mono_plus(clock_mono(), patience_ns);
	int fd;

	for (unsigned i = 0; i < t->setup.most; i++)
		t->taps[i].has_next = false;
	while ((fd = busy(t)) >= 0 && !mono_reached(clock_mono(), deadline)) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		poll(&wait, 1, 100);
	}
}

unsigned taps_drain(struct taps *t, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	unsigned samples = 0;

	for (unsigned s = 0; s < SOURCE_COUNT; s++) {
		struct source_reader *r = &t->readers[s];

		if (r->state == READER_UP)
			samples += r->ops->drain(r->reader, now, mono, got, ctx);
	}
	return samples;
}

struct tap_losses taps_losses(const struct taps *t, enum source source)
{
	const struct source_reader *r = &t->readers[source];

	return r->state == READER_UP ? r->ops->losses(r->reader) : (struct tap_losses){ 0, 0, 0 };
}
