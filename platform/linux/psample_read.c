// SPDX-License-Identifier: Apache-2.0
/*
 * Samples of the family psample. One that was picked on its way in has the interface it came in by
 * and no other; one that was picked on its way out has both, when it was forwarded. So the way out
 * is what tells them apart.
 *
 * Software samples have no VLAN tags beside the packet, and nothing tells that there was one. Nor
 * does anything tell how many packets the kernel had merged.
 */
#include "platform/linux/psample_read.h"

#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/psample.h>

#include "platform/linux/nl_attr.h"

#define LATE_MOST      64		/* numbers that another processor may be behind */
#define NO_NUMBER      UINT64_MAX
#define CLOCK_APART_NS (5 * NM_NS_PER_S)

struct sampled {
	struct buf in_if, out_if, bytes;
	uint64_t number, time;
	uint32_t size, rate;
	uint16_t proto;
	bool probability;
};

static const struct nl_attr sampled_attrs[] = {
	NL_ATTR(PSAMPLE_IN_IF,       NL_BYTES,  struct sampled, in_if),
	NL_ATTR(PSAMPLE_OUT_IF,      NL_BYTES,  struct sampled, out_if),
	NL_ATTR(PSAMPLE_SIZE,        NL_NUMBER, struct sampled, size),
	NL_ATTR(PSAMPLE_NUMBER,      NL_NUMBER, struct sampled, number),
	NL_ATTR(PSAMPLE_RATE,        NL_NUMBER, struct sampled, rate),
	NL_ATTR(PSAMPLE_BYTES,       NL_BYTES,  struct sampled, bytes),
	NL_ATTR(PSAMPLE_TIME,        NL_NUMBER, struct sampled, time),
	NL_ATTR(PSAMPLE_PROTO,       NL_NUMBER, struct sampled, proto),
	NL_ATTR(PSAMPLE_PROBABILITY, NL_FLAG,   struct sampled, probability),
	{ 0 }
};

/* --- numbers --------------------------------------------------------------------- */

/* Processors take numbers and send each by itself, so one may come a little late. */
static void note_number(struct psample *p, uint32_t number)
{
	uint32_t ahead = number - p->next, behind = p->next - number;

	if (p->numbered && behind && behind <= LATE_MOST) {
		p->gaps -= p->gaps > 0;
		return;
	}
	if (p->numbered && ahead <= INT32_MAX)
		p->gaps += ahead;
	p->numbered = true;
	p->next = number + 1;
}

void psample_renumber(struct psample *p)
{
	p->numbered = false;
}

void psample_settle(struct psample *p, uint64_t drops)
{
	if (p->gaps > drops && p->losses.missing < p->gaps - drops)
		p->losses.missing = p->gaps - drops;
	p->losses.dropped = drops;
}

/* --- interfaces ------------------------------------------------------------------ */

static const struct psample_tap *tap_of(const struct psample *p, uint32_t index)
{
	for (const struct psample_tap *t = p->taps; t < p->taps + p->tap_count; t++)
		if (t->index == index)
			return t;
	return NULL;
}

/*
 * Kernels write the lower half of an interface's number. That is all of it, unless the machine has
 * made very many; then only our own taps are known, and of two with the same half neither is.
 */
static uint32_t whole_index(const struct psample *p, uint16_t low)
{
	uint32_t found = 0;
	bool large = false;

	for (const struct psample_tap *t = p->taps; t < p->taps + p->tap_count; t++) {
		large |= t->index > UINT16_MAX;
		if (!t->index || (uint16_t)t->index != low)
			continue;
		if (found)
			return 0;
		found = t->index;
	}
	return found ? found : large ? 0 : low;
}

/* Absent is 0. False when it has a length that no number has. */
static bool read_index(const struct psample *p, struct buf attr, uint32_t *index)
{
	uint16_t low;

	*index = 0;
	switch (buf_left(&attr)) {
	case 0:
		return true;
	case sizeof(low):
		memcpy(&low, attr.p, sizeof(low));
		*index = whole_index(p, low);
		return true;
	case sizeof(*index):
		memcpy(index, attr.p, sizeof(*index));
		return true;
	default:
		return false;
	}
}

/* --- samples --------------------------------------------------------------------- */

/* Until our clock is known ours is a guess; then the kernel's is another one. */
static nm_time seen(uint64_t time, nm_time now)
{
	nm_time then = { time <= INT64_MAX ? (int64_t)time : 0 };

	if (time_since(now, then) > CLOCK_APART_NS || time_since(then, now) > CLOCK_APART_NS)
		then.ns = 0;
	return then;
}

/* False when it says what no sample of ours can say. */
static bool fill(const struct psample *p, const struct sampled *m, nm_time now, struct sample *s)
{
	*s = (struct sample){
		.bytes = m->bytes, .seen = seen(m->time, now), .length = m->size,
		.rate = m->rate, .source = FLOW_PSAMPLE,
	};
	if (!read_index(p, m->in_if, &s->in_if) || !read_index(p, m->out_if, &s->out_if))
		return false;
	s->direction = buf_left(&m->out_if) ? DIRECTION_EGRESS : DIRECTION_INGRESS;
	s->at_if = s->direction == DIRECTION_EGRESS ? s->out_if : s->in_if;
	return s->at_if && s->rate && !m->probability && buf_left(&s->bytes);
}

enum { SAMPLE, NOTHING, BAD };

static int read_message(struct psample *p, const struct nlmsghdr *h, nm_time now,
			struct sample *s)
{
	struct sampled m = { .number = NO_NUMBER };
	struct genlmsghdr own;
	const struct psample_tap *tap;
	bool good = nl_message_attrs(sampled_attrs, h, sizeof(own), &m);

	if (good)
		memcpy(&own, mnl_nlmsg_get_payload(h), sizeof(own));
	if (good && own.cmd != PSAMPLE_CMD_SAMPLE)
		return NOTHING;
	if (m.number <= UINT32_MAX)
		note_number(p, (uint32_t)m.number);
	if (!good || !fill(p, &m, now, s))
		return BAD;
	tap = tap_of(p, s->at_if);
	if (!tap)
		return NOTHING;
	s->etype = tap->headless ? m.proto : 0;
	return SAMPLE;
}

unsigned psample_read(struct psample *p, const void *datagram, size_t len, nm_time now,
		      sample_fn *got, void *ctx)
{
	const struct nlmsghdr *h = datagram;
	int left = len <= INT32_MAX ? (int)len : 0;
	unsigned samples = 0;
	struct sample s;

	for (; nl_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		int what = h->nlmsg_type < NLMSG_MIN_TYPE ? NOTHING : read_message(p, h, now, &s);

		p->losses.bad += what == BAD;
		if (what != SAMPLE)
			continue;
		got(ctx, &s);
		samples++;
	}
	p->losses.bad += left > 0;
	return samples;
}
