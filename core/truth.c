// SPDX-License-Identifier: Apache-2.0
/*
 * The samples of a window against a counter. Squares of bytes need 128 bits, which 32-bit machines
 * have no type for, so there are two halves. Sums that would run over stay at their largest value.
 */
#include "core/truth.h"

#define FULL_FRAME 1514			/* of a packet when no sample tells */

struct wide { uint64_t high, low; };

static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static struct wide wide_product(uint64_t a, uint64_t b)
{
	uint64_t a1 = a >> 32, a0 = (uint32_t)a, b1 = b >> 32, b0 = (uint32_t)b;
	uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)middle;
	uint64_t high = a1 * b1 + (middle >> 32) + (other >> 32);

	return (struct wide){ high, other << 32 | (uint32_t)low };
}

static uint64_t product(uint64_t a, uint64_t b)
{
	struct wide w = wide_product(a, b);

	return w.high ? UINT64_MAX : w.low;
}

static struct wide wide_sum(struct wide a, struct wide b)
{
	uint64_t low = a.low + b.low, carry = low < a.low;
	uint64_t high = a.high + b.high;

	if (high < a.high || high + carry < high)
		return (struct wide){ UINT64_MAX, UINT64_MAX };
	return (struct wide){ high + carry, low };
}

/* Rounded down, digit by digit; what does not fit is the largest number. */
static uint64_t wide_quotient(struct wide n, uint64_t by)
{
	uint64_t rest = n.high, result = 0;

	if (n.high >= by)
		return UINT64_MAX;
	for (int bit = 63; bit >= 0; bit--) {
		bool over = rest >> 63;

		rest = rest << 1 | (n.low >> bit & 1);
		if (over || rest >= by) {
			rest -= by;
			result |= (uint64_t)1 << bit;
		}
	}
	return result;
}

/* Rounded down: the largest number whose square is no larger, bit by bit. */
static uint64_t wide_root(struct wide n)
{
	uint64_t root = 0;

	for (int bit = 63; bit >= 0; bit--) {
		uint64_t try = root | (uint64_t)1 << bit;
		struct wide square = wide_product(try, try);

		if (square.high < n.high || (square.high == n.high && square.low <= n.low))
			root = try;
	}
	return root;
}

void truth_begin(struct truth *t, uint64_t counter)
{
	*t = (struct truth){ .began = counter, .rate = t->rate, .whole = true };
}

void truth_note(struct truth *t, uint32_t rate, uint64_t bytes, uint64_t packets)
{
	uint64_t stands_for = product(rate, bytes);
	struct wide square = { t->square_high, t->square_low };

	if (!rate)
		return;
	square = wide_sum(square, wide_product(stands_for, product(rate - 1, bytes)));
	t->square_high = square.high;
	t->square_low = square.low;
	t->samples++;
	t->bytes = add(t->bytes, stands_for);
	t->packets = add(t->packets, product(rate, packets));
	t->rate = rate;
}

/*
 * The variance is that of as many bytes as were counted, of packets like those that were picked:
 * that of the samples alone is too small just when they are too few.
 */
static uint64_t band_of(const struct truth *t, uint64_t counted)
{
	struct wide square = { t->square_high, t->square_low };
	uint64_t deviation, scale;

	if (t->bytes) {
		/* Of both the root, times 2^32: the quotient of the roots to nine digits. */
		scale = wide_root((struct wide){ counted, 0 });
		deviation = wide_quotient(wide_product(wide_root(square), scale),
					  wide_root((struct wide){ t->bytes, 0 }));
	} else {
		scale = product(t->rate ? t->rate - 1 : 0, FULL_FRAME);
		deviation = wide_root(wide_product(counted, scale));
	}
	return wide_quotient(wide_product(deviation, 196), 100);
}

bool truth_end(struct truth *t, uint64_t counter, struct truth_verdict *v)
{
	bool known = t->whole && counter >= t->began;

	if (known)
		*v = (struct truth_verdict){
			.samples = t->samples, .counted = counter - t->began,
			.estimated = t->bytes, .band = band_of(t, counter - t->began),
		};
	truth_begin(t, counter);
	return known;
}
