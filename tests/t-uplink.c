// SPDX-License-Identifier: Apache-2.0
/* The states of an uplink: stories first, then every event in every state. */
#include "core/uplink.h"
#include "tests/test.h"

#define MS ((int64_t)NM_NS_PER_MS)

static const struct uplink_pace pace = { 10000 * MS, 1000 * MS, 60000 * MS };
static struct uplink u;
static nm_mono now;

static void start(uint32_t seed)
{
	now = (nm_mono){ 5 * NM_NS_PER_S };
	uplink_start(&u, pace, seed);
}

/* The event must lead to this action and this state. */
static int leads(enum uplink_event event, enum uplink_action action, enum uplink_state state)
{
	enum uplink_action got = uplink_happens(&u, event, now);

	if (got == action && u.state == state)
		return 1;
	printf("  event %d: action %d, %s\n", event, got, uplink_state_name(u.state));
	return 0;
}

static void connect_up(void)
{
	check(leads(UPLINK_WORK, UPLINK_OPEN, UPLINK_OPENING));
	check(leads(UPLINK_OPENED, UPLINK_NOTHING, UPLINK_IDLE));
}

static void send_one(void)
{
	check(leads(UPLINK_WORK, UPLINK_START, UPLINK_SENDING));
	check(leads(UPLINK_MOVED, UPLINK_NOTHING, UPLINK_SENDING));
	check(leads(UPLINK_SENT, UPLINK_NOTHING, UPLINK_AWAITING));
}

static void the_good_day(void)
{
	start(1);
	connect_up();
	for (unsigned i = 0; i < 3; i++) {
		send_one();
		check(leads(UPLINK_HEARD, UPLINK_NOTHING, UPLINK_AWAITING));
		check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	}
	check(u.connected && u.until.ns == INT64_MAX);
}

static void a_server_that_is_down(void)
{
	int64_t longest = 0;

	start(1);
	for (unsigned i = 1; i <= 12; i++) {
		int64_t whole = i < 7 ? 1000 * MS << (i - 1) : 60000 * MS, pause;

		check(leads(UPLINK_WORK, UPLINK_OPEN, UPLINK_OPENING));
		check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_PAUSED));
		pause = mono_since(u.until, now);
		check(pause >= whole / 2 && pause <= whole);
		longest = pause > longest ? pause : longest;
		now = u.until;
		check(leads(UPLINK_DUE, UPLINK_NOTHING, UPLINK_IDLE));
	}
	check(longest > 30000 * MS);
	connect_up();
	send_one();
	check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	check(!u.failures);
}

static void pauses_differ(void)
{
	unsigned same = 0;

	for (uint32_t seed = 2; seed < 200; seed += 2) {
		int64_t pause;

		start(seed);
		pause = uplink_pause(&u, 3);
		check(pause >= 2000 * MS && pause <= 4000 * MS);
		start(seed + 2);
		same += pause == uplink_pause(&u, 3);
	}
	check(same < 10);
}

static void a_kept_connection_closed(void)
{
	start(1);
	connect_up();
	send_one();
	check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_IDLE));		/* seen while idle */
	connect_up();
	send_one();
	check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	send_one();
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_IDLE));		/* seen by using it */
	check(!u.failures);
	connect_up();
	check(leads(UPLINK_WORK, UPLINK_START, UPLINK_SENDING));
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_PAUSED));		/* a new one: a failure */
	check(u.failures == 1);
}

static void closed_in_mid_answer(void)
{
	start(1);
	connect_up();
	send_one();
	check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	send_one();
	check(leads(UPLINK_HEARD, UPLINK_NOTHING, UPLINK_AWAITING));
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_PAUSED));
}

static void patience(void)
{
	start(1);
	check(leads(UPLINK_WORK, UPLINK_OPEN, UPLINK_OPENING));
	check(mono_since(u.until, now) == pace.timeout_ns);
	check(leads(UPLINK_DUE, UPLINK_CLOSE, UPLINK_PAUSED));
	now = u.until;
	check(leads(UPLINK_DUE, UPLINK_NOTHING, UPLINK_IDLE));
	connect_up();
	check(leads(UPLINK_WORK, UPLINK_START, UPLINK_SENDING));
	now = mono_plus(now, 9000 * MS);
	check(leads(UPLINK_MOVED, UPLINK_NOTHING, UPLINK_SENDING));	/* progress counts */
	check(mono_since(u.until, now) == pace.timeout_ns);
	check(leads(UPLINK_SENT, UPLINK_NOTHING, UPLINK_AWAITING));
	now = mono_plus(now, 9000 * MS);
	check(leads(UPLINK_HEARD, UPLINK_NOTHING, UPLINK_AWAITING));	/* dripping does not */
	check(mono_since(u.until, now) == 1000 * MS);
	check(leads(UPLINK_DUE, UPLINK_CLOSE, UPLINK_PAUSED));
}

static void held(void)
{
	start(1);
	connect_up();
	send_one();
	check(leads(UPLINK_BARRED, UPLINK_NOTHING, UPLINK_HELD));
	check(u.barred && u.connected);
	check(mono_since(u.until, now) >= 4000 * MS);			/* slower than a failure */
	now = u.until;
	check(leads(UPLINK_DUE, UPLINK_NOTHING, UPLINK_IDLE));
	check(u.barred);						/* not over yet */
	send_one();
	check(leads(UPLINK_SETTLED, UPLINK_NOTHING, UPLINK_IDLE));
	check(!u.barred);
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_IDLE));
	check(leads(UPLINK_WORK, UPLINK_OPEN, UPLINK_OPENING));
	check(leads(UPLINK_BARRED, UPLINK_CLOSE, UPLINK_HELD));		/* TLS refused */
	check(u.barred && !u.connected);
}

static void overloaded(void)
{
	start(1);
	connect_up();
	send_one();
	check(leads(UPLINK_BUSY, UPLINK_NOTHING, UPLINK_PAUSED));
	check(!u.barred && u.connected);
	check(leads(UPLINK_LOST, UPLINK_CLOSE, UPLINK_PAUSED));
	check(!u.connected && u.failures == 1);
}

/*
 * Whatever happens in whatever order: an action that needs a connection is only asked for
 * when there is one, one is only opened when there is none, and no wait is for ever but idle.
 */
static void anything_goes(void)
{
	uint32_t chance = 7;
	bool linked = false;

	start(3);
	for (unsigned i = 0; i < 200000; i++) {
		enum uplink_event event;
		enum uplink_state before = u.state;

		chance = chance * 1664525 + 1013904223;
		event = (chance >> 16) % UPLINK_EVENTS;
		now = mono_plus(now, chance >> 8);
		if (event == UPLINK_OPENED)
			linked |= before == UPLINK_OPENING;
		switch (uplink_happens(&u, event, now)) {
		case UPLINK_OPEN:
			check(!linked && u.state == UPLINK_OPENING);
			break;
		case UPLINK_START:
			check(linked && u.state == UPLINK_SENDING);
			break;
		case UPLINK_CLOSE:
			linked = false;
			break;
		default:
			break;
		}
		if (!check(u.connected == linked) ||
		    !check((u.until.ns == INT64_MAX) == (u.state == UPLINK_IDLE)))
			return;
	}
}

TESTS({ "batches go out one after the other on one connection", the_good_day },
      { "pauses double while the server is down, and end when it is up", a_server_that_is_down },
      { "pauses differ between agents", pauses_differ },
      { "a kept connection that was closed is no failure", a_kept_connection_closed },
      { "one that closes within an answer is", closed_in_mid_answer },
      { "patience is for opening, for progress and for the whole answer", patience },
      { "what somebody has to mend is held, tried slowly, and told", held },
      { "an overloaded server gets a pause", overloaded },
      { "whatever happens, the connection is accounted for", anything_goes })
