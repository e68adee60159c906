// SPDX-License-Identifier: Apache-2.0
/* The table of an uplink: states down, events across, a small function in each cell that acts. */
#include "core/uplink.h"

#define BARRED_PATIENCE 3		/* as if so many more failures had come before */

static const char *const names[UPLINK_STATES] = {
	[UPLINK_IDLE] = "idle",
	[UPLINK_OPENING] = "connecting",
	[UPLINK_SENDING] = "sending",
	[UPLINK_AWAITING] = "awaiting the answer",
	[UPLINK_PAUSED] = "backing off",
	[UPLINK_HELD] = "held",
};

const char *uplink_state_name(enum uplink_state state)
{
	return names[state];
}

void uplink_start(struct uplink *u, struct uplink_pace pace, uint32_t seed)
{
	*u = (struct uplink){ .pace = pace, .until = NM_MONO_NEVER, .chance = seed | 1 };
}

/* Marsaglia's xorshift32: chance enough to spread a fleet. */
static uint32_t chance(struct uplink *u)
{
	u->chance ^= u->chance << 13;
	u->chance ^= u->chance >> 17;
	u->chance ^= u->chance << 5;
	return u->chance;
}

int64_t uplink_pause(struct uplink *u, unsigned failures)
{
	int64_t pause = u->pace.pause_min_ns;

	while (--failures && pause < u->pace.pause_max_ns)
		pause *= 2;
	if (pause > u->pace.pause_max_ns)
		pause = u->pace.pause_max_ns;
	return pause / 2 + pause / 2 / 1024 * (chance(u) % 1025);
}

static void go(struct uplink *u, enum uplink_state state, nm_mono until)
{
	u->state = state;
	u->until = until;
}

static nm_mono patience(const struct uplink *u, nm_mono now)
{
	return mono_plus(now, u->pace.timeout_ns);
}

/* --- what happens in the cells -------------------------------------------------------- */

static enum uplink_action begin(struct uplink *u, nm_mono now)
{
	u->heard = false;
	go(u, u->connected ? UPLINK_SENDING : UPLINK_OPENING, patience(u, now));
	return u->connected ? UPLINK_START : UPLINK_OPEN;
}

static enum uplink_action opened(struct uplink *u, nm_mono now)
{
	(void)now;
	u->connected = true;
	u->reused = false;
	go(u, UPLINK_IDLE, NM_MONO_NEVER);
	return UPLINK_NOTHING;
}

static enum uplink_action moved(struct uplink *u, nm_mono now)
{
	u->until = patience(u, now);
	return UPLINK_NOTHING;
}

static enum uplink_action sent(struct uplink *u, nm_mono now)
{
	go(u, UPLINK_AWAITING, patience(u, now));
	return UPLINK_NOTHING;
}

static enum uplink_action heard(struct uplink *u, nm_mono now)
{
	(void)now;
	u->heard = true;
	return UPLINK_NOTHING;
}

static enum uplink_action settled(struct uplink *u, nm_mono now)
{
	(void)now;
	u->failures = 0;
	u->barred = false;
	u->reused = true;
	go(u, UPLINK_IDLE, NM_MONO_NEVER);
	return UPLINK_NOTHING;
}

static enum uplink_action busy(struct uplink *u, nm_mono now)
{
	u->reused = true;
	go(u, UPLINK_PAUSED, mono_plus(now, uplink_pause(u, ++u->failures)));
	return UPLINK_NOTHING;
}

static enum uplink_action barred(struct uplink *u, nm_mono now)
{
	u->reused = true;
	u->barred = true;
	go(u, UPLINK_HELD, mono_plus(now, uplink_pause(u, ++u->failures + BARRED_PATIENCE)));
	return UPLINK_NOTHING;
}

static enum uplink_action drop(struct uplink *u, nm_mono now)
{
	(void)now;
	u->connected = false;
	return UPLINK_CLOSE;
}

static enum uplink_action fail(struct uplink *u, nm_mono now)
{
	busy(u, now);
	return drop(u, now);
}

static enum uplink_action lose(struct uplink *u, nm_mono now)
{
	if (!u->reused || u->heard)
		return fail(u, now);
	go(u, UPLINK_IDLE, NM_MONO_NEVER);
	return drop(u, now);
}

/* No connection was made, and none will be until somebody does something. */
static enum uplink_action shut_out(struct uplink *u, nm_mono now)
{
	barred(u, now);
	return drop(u, now);
}

static enum uplink_action again(struct uplink *u, nm_mono now)
{
	(void)now;
	go(u, UPLINK_IDLE, NM_MONO_NEVER);
	return UPLINK_NOTHING;
}

/* --- the table -------------------------------------------------------------------------- */

typedef enum uplink_action cell(struct uplink *u, nm_mono now);

static cell *const table[UPLINK_STATES][UPLINK_EVENTS] = {
	[UPLINK_IDLE] = { [UPLINK_WORK] = begin, [UPLINK_LOST] = drop },
	[UPLINK_OPENING] = {
		[UPLINK_OPENED] = opened, [UPLINK_BARRED] = shut_out, [UPLINK_LOST] = fail,
		[UPLINK_DUE] = fail,
	},
	[UPLINK_SENDING] = {
		[UPLINK_MOVED] = moved, [UPLINK_SENT] = sent, [UPLINK_HEARD] = heard,
		[UPLINK_SETTLED] = settled, [UPLINK_BUSY] = busy, [UPLINK_BARRED] = barred,
		[UPLINK_LOST] = lose, [UPLINK_DUE] = fail,
	},
	[UPLINK_AWAITING] = {
		[UPLINK_HEARD] = heard, [UPLINK_SETTLED] = settled, [UPLINK_BUSY] = busy,
		[UPLINK_BARRED] = barred, [UPLINK_LOST] = lose, [UPLINK_DUE] = fail,
	},
	[UPLINK_PAUSED] = { [UPLINK_LOST] = drop, [UPLINK_DUE] = again },
	[UPLINK_HELD] = { [UPLINK_LOST] = drop, [UPLINK_DUE] = again },
};

enum uplink_action uplink_happens(struct uplink *u, enum uplink_event event, nm_mono now)
{
	cell *act = table[u->state][event];

	return act ? act(u, now) : UPLINK_NOTHING;
}
