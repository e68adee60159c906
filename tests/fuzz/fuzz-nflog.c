// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as what nfnetlink_log sends: whatever it is, a sample has a rate, an interface and
 * bytes that lie in the datagram or in the reader's own frame, and losses only grow. With an odd
 * first byte the rest is a list of attributes (a type, a length, the contents; 0 and 0: the next
 * message) that becomes messages of this machine's byte order, so that seeds mean the same
 * everywhere; otherwise it is taken as it is. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -I. -Iplatform/linux/mnl \
 *		tests/fuzz/fuzz-nflog.c platform/linux/nflog_read.c platform/linux/nl_attr.c \
 *		platform/linux/mnl/mnl.c -o fuzz-nflog
 *	./fuzz-nflog -max_total_time=60 NEW-CASES tests/fuzz/seeds/nflog
 */
#include "platform/linux/nflog_read.h"

#include "tests/linux/logged.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define NOW time_of_s(1795620090)

struct fed {
	const struct nflog *nflog;
	struct buf datagram;
	unsigned samples;
	unsigned sum;
};

static bool lies_in(const struct buf *bytes, const void *at, size_t len)
{
	const uint8_t *from = at;

	return bytes->p >= from && bytes->end <= from + len && bytes->p <= bytes->end;
}

static void got(void *ctx, const struct sample *s)
{
	struct fed *fed = ctx;

	must(s->rate && s->at_if && s->source == FLOW_NFLOG && !s->length && !s->segments);
	must(s->direction == DIRECTION_INGRESS ? s->at_if == s->in_if : s->at_if == s->out_if);
	must(!s->seen.ns || (time_since(NOW, s->seen) >= 0 &&
			     time_since(NOW, s->seen) <= 5 * NM_NS_PER_S));
	must(!buf_left(&s->bytes) ||
	     lies_in(&s->bytes, fed->datagram.p, buf_left(&fed->datagram)) ||
	     lies_in(&s->bytes, fed->nflog->frame, sizeof(fed->nflog->frame)));
	for (const uint8_t *p = s->bytes.p; p < s->bytes.end; p++)
		fed->sum += *p;
	fed->samples++;
}

static void compose(struct words *w, struct buf in)
{
	size_t at = logged_begin(w, LOGGED_PACKET, LOGGED_FAMILY);

	while (buf_left(&in) >= 2 && w->len < sizeof(w->b) - 512) {
		uint8_t type = buf_u8(&in), len = buf_u8(&in);
		struct buf part = buf_take(&in, len < buf_left(&in) ? len : buf_left(&in));

		if (type == A_VLAN) {
			size_t nest = w_nest(w, type);

			if (buf_left(&part) > 2)
				w_attr(w, part.p[0], part.p + 1, (uint16_t)(buf_left(&part) - 1));
			w_end(w, nest);
		} else if (type || len) {
			w_attr(w, type, part.p, (uint16_t)buf_left(&part));
		} else {
			w_finish(w, at);
			at = logged_begin(w, LOGGED_PACKET, LOGGED_FAMILY);
		}
	}
	w_finish(w, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nflog nflog;
	static struct words w;
	struct fed fed = { .nflog = &nflog };
	struct buf in = buf_of(data, size);
	struct tap_losses first;

	w.len = 0;
	memset(&nflog, 0, sizeof(nflog));
	if (!size || size > sizeof(w.b))
		return 0;
	if (buf_u8(&in) & 1)
		compose(&w, in);
	else
		w_bytes(&w, in.p, buf_left(&in));
	fed.datagram = buf_of(logged_place(&w, w.len), w.len);
	must(nflog_read(&nflog, fed.datagram.p, w.len, NOW, got, &fed) == fed.samples);
	first = nflog.losses;
	nflog_dropped(&nflog, size);
	nflog_read(&nflog, fed.datagram.p, w.len, NOW, got, &fed);
	must(nflog.losses.missing >= first.missing && nflog.losses.bad >= first.bad);
	must(nflog.losses.dropped == size && nflog.owed <= size);
	return 0;
}
