// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as what the family psample sends: whatever it is, a sample is of an interface that was
 * asked for, has a rate, and bytes that lie in the datagram; losses only grow. With an odd
 * first byte the rest is a list that becomes messages of this machine's byte order, so that
 * seeds mean the same everywhere: a type, a length, and so many bytes, or with the length's high
 * bit a number of so many bytes; type 255 is the next message. Otherwise it is taken as it is.
 * tests/fuzz/run.py runs it.
 */
#include "platform/linux/psample_read.h"

#include "tests/linux/sampled.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define NOW ((nm_time){ 1795620640000000000 })

/* Two share their lower half. */
static struct psample_tap taps[] = {
	{ 2, false }, { 3, true }, { 0x10004, false }, { 0x20004, true },
};

struct fed {
	struct buf datagram;
	unsigned samples, sum;
};

static bool is_tap(uint32_t index)
{
	for (size_t i = 0; i < sizeof(taps) / sizeof(taps[0]); i++)
		if (taps[i].index == index)
			return true;
	return false;
}

static void got(void *ctx, const struct sample *s)
{
	struct fed *fed = ctx;

	must(s->rate && is_tap(s->at_if) && s->source == FLOW_PSAMPLE && !s->told_segments);
	must(s->direction == DIRECTION_INGRESS ? s->at_if == s->in_if && !s->out_if
					       : s->at_if == s->out_if);
	must(!s->seen.ns || (time_since(NOW, s->seen) <= 5 * NM_NS_PER_S &&
			     time_since(s->seen, NOW) <= 5 * NM_NS_PER_S));
	must(s->bytes.p >= fed->datagram.p && s->bytes.p < s->bytes.end &&
	     s->bytes.end <= fed->datagram.end);
	for (const uint8_t *p = s->bytes.p; p < s->bytes.end; p++)
		fed->sum += *p;
	fed->samples++;
}

static void compose(struct words *w, struct buf in)
{
	size_t at = sampled_begin(w, 0);

	while (buf_left(&in) >= 2 && w->len < sizeof(w->b) - 256) {
		uint8_t type = buf_u8(&in), len = buf_u8(&in), size = len & 0x7f;
		struct buf part = buf_take(&in, size < buf_left(&in) ? size : buf_left(&in));

		if (type == 0xff) {
			w_finish(w, at);
			at = sampled_begin(w, part.p < part.end ? *part.p : 0);
		} else if (len & 0x80) {
			sampled_number(w, type, size, buf_uint(&part, buf_left(&part)));
		} else {
			w_attr(w, type, part.p, (uint16_t)buf_left(&part));
		}
	}
	w_finish(w, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w;
	struct psample p = { .taps = taps, .tap_count = sizeof(taps) / sizeof(taps[0]) };
	struct fed fed = { .sum = 0 };
	struct buf in = buf_of(data, size);
	struct tap_losses first;

	w.len = 0;
	if (!size || size > sizeof(w.b))
		return 0;
	if (buf_u8(&in) & 1)
		compose(&w, in);
	else
		w_bytes(&w, in.p, buf_left(&in));
	fed.datagram = buf_of(sampled_place(&w, w.len), w.len);
	must(psample_read(&p, fed.datagram.p, w.len, NOW, got, &fed) == fed.samples);
	psample_settle(&p, size % 3);
	first = p.losses;
	psample_read(&p, fed.datagram.p, w.len, NOW, got, &fed);
	psample_settle(&p, size);
	must(p.losses.missing >= first.missing && p.losses.bad >= first.bad);
	must(p.losses.dropped == size && p.gaps < UINT64_MAX / 2);
	return 0;
}
