// SPDX-License-Identifier: Apache-2.0
/*
 * The one link of the simulated machine. What the other end says stands in a queue of bytes,
 * each with the time of its arrival; what we write reaches the other end at once, as far as
 * the socket takes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/sim/sim_private.h"

#define QUEUE (1u << 17)
#define FD 3				/* a number to wait on */

enum ending { NOTHING, CLOSES, BREAKS };

struct link {
	struct link_target to;
	enum link_state state;
	nm_mono opens;			/* LINK_OPENING: until then */
	nm_mono takes;			/* the socket takes bytes again */
	bool stuck;			/* the last write gave 0 */
	uint64_t written;
	enum ending ending;
	nm_mono ends;
	uint8_t byte[QUEUE];
	nm_mono comes[QUEUE];		/* when byte[i] does; never decreasing */
	size_t read, said;
	enum nm_err err;
	char why[NM_WHY];
};

static struct link *the;		/* there is one */

void sim_forget_link(void)
{
	the = NULL;
}

/* --- life --------------------------------------------------------------------------- */

struct link *link_new(const struct link_target *to, struct helper *helper, char why[NM_WHY])
{
	struct link *l = calloc(1, sizeof(*l));

	(void)helper;
	if (!l) {
		snprintf(why, NM_WHY, "no memory");
		return NULL;
	}
	l->to = *to;
	the = l;
	return l;
}

void link_free(struct link *l)
{
	if (!l)
		return;
	link_close(l);
	the = NULL;
	free(l);
}

static void leave(struct link *l)
{
	struct sim *sim = sim_here();
	bool was_up = l->state == LINK_UP;

	l->state = LINK_CLOSED;
	if (was_up)
		sim->peer.left(sim->peer.ctx);
}

static long fail(struct link *l, enum nm_err err, const char *why)
{
	leave(l);
	l->state = LINK_FAILED;
	l->err = err;
	snprintf(l->why, sizeof(l->why), "%.200s %s", l->to.host, why);
	return -(long)err;
}

void link_close(struct link *l)
{
	leave(l);
}

/* --- opening -------------------------------------------------------------------------- */

void link_open(struct link *l)
{
	struct sim *sim = sim_here();

	leave(l);
	l->state = LINK_OPENING;
	l->opens = sim->open == SIM_SILENT ? NM_MONO_NEVER : mono_plus(sim->mono, sim->latency_ns);
	l->takes = sim->mono;
	l->stuck = false;
	l->written = l->read = l->said = 0;
	l->ending = NOTHING;
	l->err = NM_OK;
	l->why[0] = '\0';
}

static void finish_opening(struct link *l)
{
	struct sim *sim = sim_here();
	enum sim_open open = sim->open;

	if (open == SIM_TLS_REFUSED && !l->to.tls)	/* nobody would notice */
		open = SIM_OPENS;
	switch (open) {
	case SIM_REFUSED:
		fail(l, NM_CONNECT, "refuses the connection");
		break;
	case SIM_UNRESOLVED:
		fail(l, NM_RESOLVE, "does not resolve");
		break;
	case SIM_TLS_REFUSED:
		fail(l, NM_TLS, "has a certificate that has expired");
		break;
	default:
		l->state = LINK_UP;
		sim->peer.accepted(sim->peer.ctx);
		break;
	}
}

enum link_state link_turn(struct link *l)
{
	if (l->state == LINK_OPENING && mono_reached(sim_here()->mono, l->opens))
		finish_opening(l);
	return l->state;
}

/* --- bytes ------------------------------------------------------------------------------ */

static bool has_ended(const struct link *l)
{
	return l->ending && mono_reached(sim_here()->mono, l->ends);
}

static size_t taken(struct link *l, size_t len)
{
	const struct sim *sim = sim_here();

	if (sim->gulp && !mono_reached(sim->mono, l->takes))
		return 0;
	if (sim->gulp && len > sim->gulp)
		len = sim->gulp;
	if (sim->gulp)
		l->takes = mono_plus(sim->mono, sim->gulp_ns);
	return len;
}

long link_write(struct link *l, const void *bytes, size_t len)
{
	struct sim *sim = sim_here();
	bool breaks;

	if (l->state != LINK_UP)
		return -NM_CLOSED;
	if (l->ending == BREAKS && has_ended(l))
		return fail(l, NM_CLOSED, "reset the connection");
	len = taken(l, len);
	l->stuck = !len;
	breaks = sim->breaks_after && l->written + len >= sim->breaks_after;
	if (breaks)
		len = (size_t)(sim->breaks_after - l->written);
	l->written += len;
	if (len)
		sim->peer.received(sim->peer.ctx, bytes, len);
	if (breaks)
		sim_break();
	return (long)len;
}

long link_read(struct link *l, void *at, size_t size)
{
	size_t len = 0;

	if (l->state != LINK_UP)
		return -NM_CLOSED;
	if (l->ending == BREAKS && has_ended(l))
		return fail(l, NM_CLOSED, "reset the connection");
	while (len < size && l->read < l->said &&
	       mono_reached(sim_here()->mono, l->comes[l->read]))
		((uint8_t *)at)[len++] = l->byte[l->read++];
	if (l->read == l->said)
		l->read = l->said = 0;
	if (!len && l->read == l->said && has_ended(l))
		return fail(l, NM_CLOSED, "closed the connection");
	return (long)len;
}

enum nm_err link_error(const struct link *l)
{
	return l->err;
}

const char *link_why(const struct link *l)
{
	return l->why;
}

bool link_ends(const struct link *l, struct link_ends *ends)
{
	(void)l, (void)ends;
	return false;			/* it crosses no interface */
}

struct link_wait link_wait(const struct link *l)
{
	struct link_wait wait = { FD, LOOP_READ };

	if (l->state == LINK_OPENING)
		wait.what = LOOP_WRITE;
	else if (l->state != LINK_UP)
		return (struct link_wait){ -1, 0 };
	else if (l->stuck)
		wait.what |= LOOP_WRITE;
	return wait;
}

/* --- the other end ------------------------------------------------------------------------ */

bool sim_is_connected(void)
{
	return the && the->state == LINK_UP;
}

static nm_mono arrival(int64_t delay_ns)
{
	const struct sim *sim = sim_here();
	nm_mono at = mono_plus(sim->mono, sim->latency_ns + delay_ns);

	if (the->said && mono_reached(the->comes[the->said - 1], at))
		return the->comes[the->said - 1];
	return at;
}

void sim_say(const void *bytes, size_t len, int64_t delay_ns)
{
	nm_mono at;

	if (!sim_is_connected() || the->ending || len > QUEUE - the->said)
		return;
	at = arrival(delay_ns);
	for (size_t i = 0; i < len; i++) {
		the->byte[the->said] = ((const uint8_t *)bytes)[i];
		the->comes[the->said++] = at;
	}
}

void sim_close(int64_t delay_ns)
{
	if (!sim_is_connected() || the->ending)
		return;
	the->ends = arrival(delay_ns);
	the->ending = CLOSES;
}

void sim_break(void)
{
	if (!sim_is_connected())
		return;
	the->ends = sim_here()->mono;
	the->ending = BREAKS;
}

nm_mono sim_ready(struct link_wait wait)
{
	nm_mono ready = NM_MONO_NEVER;

	if (wait.fd != FD || !the)
		return ready;
	if (the->state == LINK_OPENING)
		return the->opens;
	if (wait.what & LOOP_WRITE)
		ready = the->takes;
	if (wait.what & LOOP_READ && the->read < the->said)
		ready = mono_first(ready, the->comes[the->read]);
	if (the->ending)
		ready = mono_first(ready, the->ends);
	return ready;
}
