// SPDX-License-Identifier: Apache-2.0
/*
 * The agent at work. A turn takes one burst from each socket that has something, and
 * lets each sender do one step; nobody can starve the others.
 */
#include <inttypes.h>

#include "firmware/agent.h"

/* --- the turn ----------------------------------------------------------------------- */

struct burst { struct agent *a; uint64_t datagrams, bytes, denied; };

static void got_datagram(void *ctx, struct buf bytes, const struct datagram *dg)
{
	struct burst *b = ctx;

	b->datagrams++;
	b->bytes += buf_left(&bytes);
	if (chain_datagram(&b->a->chain, bytes, dg) == NM_DENIED)
		b->denied++;
}

static unsigned drain(struct agent *a, struct agent_listener *l)
{
	struct burst b = { .a = a };
	unsigned n = udp_drain(l->udp, agent_stamp(a), got_datagram, &b);

	l->denied += b.denied;
	spool_hear(&a->spool, l->place, b.datagrams, b.bytes, udp_drops(l->udp));
	return n;
}

static void tell_drops(struct agent *a, struct agent_listener *l)
{
	uint64_t drops = spool_heard(&a->spool, l->place).drops;

	if (drops == l->drops_told)
		return;
	agent_tell(a, EVENT_KERNEL_DROP, l->name, (int64_t)(drops - l->drops_told),
	     "the kernel dropped %" PRIu64 " datagrams: the socket was full",
	     drops - l->drops_told);
	l->drops_told = drops;
	l->dropped = clock_mono();
}

/* For the alarm, which does not wait for the event. */
static void see_spool_drops(struct agent *a, nm_mono now)
{
	for (unsigned i = 0; i < a->uplinks; i++) {
		struct agent_uplink *u = &a->uplink[i];
		uint64_t dropped = agent_dropped(a, u);

		if (dropped != u->drops_seen)
			u->dropped = now;
		u->drops_seen = dropped;
	}
}

static void tell_spool_drops(struct agent *a, nm_mono now)
{
	for (unsigned i = 0; i < a->uplinks; i++) {
		struct agent_uplink *u = &a->uplink[i];
		uint64_t dropped = spool_counts(&a->spool, u->slot, STREAM_FLOWS).dropped.records;

		if (dropped == u->drops_told || !mono_reached(now, u->next_drops))
			continue;
		u->next_drops = mono_plus(now, 10 * NM_NS_PER_S);
		agent_tell(a, EVENT_SPOOL_DROP, u->conf->name, (int64_t)(dropped - u->drops_told),
		     "the spool was full: %" PRIu64 " flow records dropped",
		     dropped - u->drops_told);
		u->drops_told = dropped;
	}
}

/* By how much our stamps jumped when we looked. */
static int64_t jump(const struct agent *a, const struct sanity_look *look, nm_time wall,
		    nm_mono mono)
{
	nm_time was = a->spool.clock_sane ? time_plus(wall, -look->step_ns) :
		      sanity_guess(&a->sanity, mono);

	return time_since(sanity_stamp(&a->sanity, wall, mono), was);
}

static void look_at_clock(struct agent *a)
{
	nm_time wall = clock_now();
	nm_mono mono = clock_mono();
	struct sanity_look look = sanity_check(&a->sanity, wall, mono, clock_synchronised());
	int64_t jumped_ns = jump(a, &look, wall, mono);

	if (a->spool.clock_sane && !a->sanity.sane)
		spool_seal_all(&a->spool);	/* guesses must not join what was stamped right */
	a->chain.guessing = !a->sanity.sane;
	if (look.became_sane) {
		agent_rebase(a);
		agent_tell(a, EVENT_CLOCK_SANE, "clock", 0,
			   "the clock is right now; stamps were corrected");
	}
	a->spool.clock_sane = a->sanity.sane;
	chain_clock(&a->chain, a->sanity.sane && !a->replaying, jumped_ns);
	if (look.step_ns)
		agent_tell(a, EVENT_CLOCK_STEP, "clock", look.step_ns,
			   "the clock was set by %" PRId64 " ms",
		     look.step_ns / NM_NS_PER_MS);
}

/* Which of the packets that are sampled are ours. */
static void tell_own(struct agent *a)
{
	struct link_ends ends[CONF_UPLINKS];
	unsigned count = 0;

	for (unsigned i = 0; i < a->uplinks; i++)
		count += sender_ends(a->uplink[i].sender, &ends[count]);
	sampler_own(&a->sampler, ends, count);
}

/* Once a second: what can wait so long. */
static void look_around(struct agent *a, nm_mono now)
{
	if (!mono_reached(now, a->next_look))
		return;
	a->next_look = mono_plus(now, NM_NS_PER_S);
	look_at_clock(a);
	chain_look(&a->chain, agent_stamp(a));
	for (unsigned i = 0; i < a->listeners; i++)
		tell_drops(a, &a->listener[i]);
	see_spool_drops(a, now);
	tell_spool_drops(a, now);
	if (a->sampling)
		tell_own(a);
}

/* Timers and uplinks; returns when to come again. */
static nm_mono tick(struct agent *a)
{
	nm_mono now = clock_mono(), next;

	look_around(a, now);
	if (mono_reached(now, a->next_ledger)) {
		a->next_ledger = mono_plus(now, a->conf.agent.ledger_s * NM_NS_PER_S);
		agent_ledger(a, agent_stamp(a));
	}
	next = mono_first(mono_first(a->next_look, a->next_ledger), spool_tick(&a->spool, now));
	if (a->sampling)
		next = mono_first(next, sampler_turn(&a->sampler, now, agent_stamp(a)));
	for (unsigned i = 0; i < a->uplinks; i++)
		next = mono_first(next, sender_turn(a->uplink[i].sender, now, clock_now(),
						    a->sanity.sane));
	return next;
}

/* --- the loop ----------------------------------------------------------------------- */

/* How long the loop was away from its sockets at the most. */
static void note_length(struct agent *a, nm_mono begun)
{
	int64_t took = mono_since(clock_mono(), begun);

	if (took > a->longest_turn_ns)
		a->longest_turn_ns = took;
}

static void on_datagrams(void *ctx, unsigned ready)
{
	struct agent_listener *l = ctx;
	nm_mono begun = clock_mono();

	(void)ready;
	drain(l->agent, l);
	note_length(l->agent, begun);
}

/* Interfaces or routes of this machine have changed. */
static void on_interfaces(void *ctx, unsigned ready)
{
	struct agent *a = ctx;
	nm_mono begun = clock_mono();

	(void)ready;
	sampler_news(&a->sampler, begun, agent_stamp(a));
	note_length(a, begun);
}

/* The sender has its turn in every tick; waking up is all there is to do. */
static void on_uplink(void *ctx, unsigned ready)
{
	(void)ctx, (void)ready;
}

static void watch_uplink(struct agent *a, struct agent_uplink *u)
{
	struct link_wait wait = sender_wait(u->sender);
	int fd = wait.what ? wait.fd : -1;

	if (u->watched >= 0 && u->watched != fd)
		(void)!loop_watch(a->loop, u->watched, 0, on_uplink, u);
	u->watched = fd;
	if (fd >= 0 && loop_watch(a->loop, fd, wait.what, on_uplink, u))
		log_line(CONF_LOG_ERROR, "uplink %s: cannot be waited for", u->conf->name);
}

static void turn(struct agent *a, nm_mono latest)
{
	nm_mono begun = clock_mono(), until = mono_first(tick(a), latest);

	note_length(a, begun);
	for (unsigned i = 0; i < a->uplinks; i++)
		watch_uplink(a, &a->uplink[i]);
	loop_turn(a->loop, until);
}

void agent_wait(struct agent *a, nm_mono until)
{
	do
		turn(a, until);
	while (!loop_stopping(a->loop) && !mono_reached(clock_mono(), until));
}

static enum nm_err watch_sources(struct agent *a, unsigned what)
{
	enum nm_err err = NM_OK;

	for (unsigned i = 0; i < a->listeners && !err; i++)
		err = loop_watch(a->loop, udp_fd(a->listener[i].udp), what, on_datagrams,
				 &a->listener[i]);
	if (a->sampling && !err)
		err = loop_watch(a->loop, sampler_fd(&a->sampler), what, on_interfaces, a);
	return err;
}

/* Everything that is in the spool now, no longer than until the deadline. */
static void deliver(struct agent *a, nm_mono deadline)
{
	spool_seal_all(&a->spool);
	while (agent_held(a) && !mono_reached(clock_mono(), deadline))
		turn(a, deadline);
}

/* Some sources keep samples in the kernel for a tenth of a second before they can be read. */
static void end_sampling(struct agent *a)
{
	nm_mono rest = mono_plus(clock_mono(), 200 * NM_NS_PER_MS);

	while (!mono_reached(clock_mono(), rest))
		turn(a, rest);
	sampler_end(&a->sampler, agent_stamp(a));
}

/*
 * What the sockets hold, then what the spool holds, and no longer than drain_s. The last
 * ledger goes out behind everything else, so that it can say how all of it ended.
 */
void agent_finish(struct agent *a)
{
	int64_t patience = a->conf.agent.drain_s * NM_NS_PER_S;
	nm_mono half = mono_plus(clock_mono(), patience / 2);
	nm_mono deadline = mono_plus(clock_mono(), patience);

	(void)!watch_sources(a, 0);
	for (unsigned i = 0; i < a->listeners; i++)
		while (drain(a, &a->listener[i]) && !mono_reached(clock_mono(), half))
			;
	if (a->sampling)
		end_sampling(a);
	chain_end(&a->chain);
	agent_tell(a, EVENT_STOP, "agent", 0, "stopping, %" PRIu64 " records to deliver",
		   agent_held(a));
	deliver(a, deadline);
	agent_ledger(a, agent_stamp(a));
	deliver(a, deadline);
	log_line(CONF_LOG_INFO, "agent: stopped, %" PRIu64 " records wait in the spool",
		 agent_held(a));
	spool_set_running(&a->spool, false);
}

void agent_run(struct agent *a)
{
	if (watch_sources(a, LOOP_READ) || (a->control && control_watch(a->control, a->loop))) {
		log_line(CONF_LOG_ERROR, "agent: the loop has no room for its descriptors");
		return;
	}
	while (!loop_stopping(a->loop))
		turn(a, NM_MONO_NEVER);
	agent_finish(a);
}
