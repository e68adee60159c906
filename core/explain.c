// SPDX-License-Identifier: Apache-2.0
/* Lines, pieces and verdicts; the protocols have files of their own. */
#include <inttypes.h>

#include "core/explain_private.h"

#define HEX_MOST 32			/* bytes shown of many */
#define ELLIPSIS " ..."

/* --- lines ------------------------------------------------------------------------------ */

void explain_line(struct explain *x, unsigned depth, const uint8_t *at)
{
	x->line = out_of(x->text, sizeof(x->text) - sizeof(ELLIPSIS));
	while (depth--)
		out_text(&x->line, "  ");
	if (at)
		out_format(&x->line, "@%u ", (unsigned)(at - x->start));
}

void explain_end(struct explain *x)
{
	if (x->line.full) {
		memcpy(x->line.p, ELLIPSIS, sizeof(ELLIPSIS));
		x->put(x, x->text);
		return;
	}
	*x->line.p = '\0';
	x->put(x, x->text);
}

void explain_words(struct explain *x, unsigned depth, const uint8_t *at, const char *words)
{
	explain_line(x, depth, at);
	out_text(&x->line, words);
	explain_end(x);
}

void explain_hex(struct explain *x, struct buf bytes)
{
	size_t left = buf_left(&bytes), n = left < HEX_MOST ? left : HEX_MOST;

	for (size_t i = 0; i < n; i++)
		out_format(&x->line, "%02x", bytes.p[i]);
	if (n < left)
		out_text(&x->line, "...");
}

void explain_time(struct explain *x, nm_time t)
{
	char text[NM_TIME_TEXT];

	out_text(&x->line, time_text(t, text));
}

void explain_address(struct explain *x, const struct addr *a)
{
	char text[NM_ADDR_TEXT];

	out_text(&x->line, addr_text(a, text));
}

/* --- pieces --------------------------------------------------------------------------------- */

size_t explain_piece_more(struct explain *x, size_t at, const void *bytes, size_t len)
{
	if (len > sizeof(x->piece) - at)
		len = sizeof(x->piece) - at;
	memcpy(x->piece + at, bytes, len);
	return at + len;
}

static void see(struct decoder *d, struct exporter *e, bool is_new)
{
	struct explain *x = container_of(d, struct explain, decoder);

	(void)is_new;
	x->e = e;
	x->before = e->counts;
}

void explain_start(struct explain *x)
{
	x->decoder.seen = see;
	x->decoder.rate_changed = NULL;
	x->number = 0;
}

/* What a piece says that is so of each: it has a header, is a datagram, and out of sequence. */
static bool is_of_whole(enum count what)
{
	return what <= COUNT_BYTES_HEADERS || what == COUNT_DATAGRAMS_MALFORMED ||
	       (what >= COUNT_SEQUENCE_MISSING && what <= COUNT_SEQUENCE_RESETS);
}

static void put_changes(struct explain *x, const struct counts *before, const struct counts *after,
			bool of_piece)
{
	const char *comma = " ";

	for (enum count what = 0; what < COUNT_COUNT; what++) {
		int64_t change = (int64_t)(after->n[what] - before->n[what]);

		if (!change || (of_piece && is_of_whole(what)))
			continue;
		out_format(&x->line, "%s%s %" PRId64, comma, count_name(what), change);
		comma = ", ";
	}
	if (*comma == ' ')
		out_text(&x->line, " nothing");
}

static void put_verdict(struct explain *x, unsigned depth, enum nm_err err)
{
	explain_line(x, depth, NULL);
	out_text(&x->line, "decoder:");
	put_changes(x, &x->before, &x->e->counts, true);
	out_format(&x->line, "; %s", nm_strerror(err));
	explain_end(x);
}

void explain_decide(const struct explained *d, unsigned depth, size_t len)
{
	struct explain *x = d->x;
	enum nm_err err = NM_OK;

	x->e = datagram_decode(&x->decoder, buf_of(x->piece, len), d->dg, &err);
	for (int what = 0; what < COUNT_COUNT; what++)
		x->pieces.n[what] += x->e->counts.n[what] - x->before.n[what];
	put_verdict(x, depth, err);
}

void explain_as_it_is(const struct explained *d, unsigned depth, struct buf bytes)
{
	explain_decide(d, depth, explain_piece_more(d->x, 0, bytes.p, buf_left(&bytes)));
}

/* --- the datagram --------------------------------------------------------------------------- */

static void begin(const struct explained *d, size_t len)
{
	struct explain *x = d->x;

	explain_line(x, 0, NULL);
	out_format(&x->line, "datagram %" PRIu32 ": ", x->number);
	explain_time(x, d->dg->seen);
	out_text(&x->line, " from ");
	explain_address(x, &d->dg->from);
	out_format(&x->line, ", %zu bytes, ", len);
}

void explain_head(const struct explained *d, const char *protocol, uint32_t domain,
		  uint32_t sequence)
{
	const struct exporter *before = d->whole->before, *after = d->whole->after;
	struct explain *x = d->x;

	out_text(&x->line, protocol);
	if (!addr_is_absent(&after->agent)) {
		out_text(&x->line, " agent ");
		explain_address(x, &after->agent);
	}
	out_format(&x->line, ", domain %" PRIu32 ", sequence %" PRIu32 ", expected ", domain,
		   sequence);
	if (before->sequence.started)
		out_format(&x->line, "%" PRIu32, before->sequence.next);
	else
		out_text(&x->line, "any");
	explain_end(x);
}

/* Nor is an empty datagram kept from the decoder: whoever sent it is an exporter all the same. */
static void unknown_version(const struct explained *d, struct buf in)
{
	struct explain *x = d->x;

	out_text(&x->line, "no protocol that is read here");
	explain_end(x);
	if (buf_left(&in)) {
		explain_line(x, 1, in.p);
		out_text(&x->line, "bytes: ");
		explain_hex(x, in);
		explain_end(x);
	}
	explain_as_it_is(d, 1, in);
}

static const struct {
	uint8_t len, version;		/* so many bytes, as a number */
	void (*explain)(const struct explained *d, struct buf in);
} protocols[] = {
#define PROTOCOL(len, version, name) { len, version, explain_##name },
#include "core/protocol.def"
#undef PROTOCOL
	{ 0, 0, unknown_version },
};

static void explain_protocol(const struct explained *d, struct buf in)
{
	for (size_t i = 0;; i++) {
		struct buf version = in;

		if (buf_left(&in) >= protocols[i].len &&
		    buf_uint(&version, protocols[i].len) == protocols[i].version) {
			protocols[i].explain(d, in);
			return;
		}
	}
}

void explain_datagram(struct explain *x, struct buf bytes, const struct datagram *dg,
		      const struct explain_whole *whole)
{
	const struct explained d = { x, dg, whole };

	x->number++;
	x->start = bytes.p;
	memset(&x->pieces, 0, sizeof(x->pieces));
	begin(&d, buf_left(&bytes));
	explain_protocol(&d, bytes);
	explain_line(x, 1, NULL);
	out_text(&x->line, "in all:");
	put_changes(x, &whole->before->counts, &whole->after->counts, false);
	out_format(&x->line, "; %s", nm_strerror(whole->err));
	explain_end(x);
}
