/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A datagram's structure in words: headers, sets, templates, samples, records and fields, each
 * with its offset, and what became of it. Structure is read a second time here, by the tables of
 * the decoders. The verdicts are theirs: each piece (a template, a set, a sample) is made a
 * datagram of its own and goes through a real decoder with tables of its own, which therefore
 * knows what the one that got the whole knows; the counters that it changes are the verdict.
 * `pieces` sums them, so that a test can hold the sum against the whole datagram's.
 *
 * Lines begin with two blanks a level and, where they are about bytes, @offset in the datagram.
 * The bytes say how many lines there can be: none is about less than one byte, but for the
 * fields of templates and what is said once of a piece.
 */
#ifndef NM_EXPLAIN_H
#define NM_EXPLAIN_H

#include "core/decode.h"
#include "core/out.h"

#define EXPLAIN_LINE   512	/* no line is longer; one that is cut ends in " ..." */
#define EXPLAIN_FIELDS 2048	/* bytes of a template's fields that are kept */
#define EXPLAIN_PIECE  65536

/* The fields of a template as they came, to read its data by. */
struct explain_template {
	const struct exporter *owner;
	uint16_t id, len, kept;		/* bytes of fields there were, and of those kept */
	uint16_t scopes;
	bool v9, options;
	uint32_t datagram, offset;	/* where it came */
};

struct explain {
	struct decoder decoder;		/* first: its calls come back to us */
	/* As many as the decoder has slots for templates, and EXPLAIN_FIELDS bytes for each. */
	struct explain_template *templates;
	uint8_t *fields;
	void (*put)(struct explain *x, const char *line);

	const struct exporter *e;	/* the decoder's own of the datagram under way */
	struct counts before;		/* of it */
	struct counts pieces;		/* by which they changed in all pieces of the datagram */
	uint32_t number;		/* of the datagram */
	const uint8_t *start;		/* its first byte */
	struct out line;
	char text[EXPLAIN_LINE];
	uint8_t piece[EXPLAIN_PIECE];
};

/* What the decoder that got the whole datagram made of it. */
struct explain_whole {
	const struct exporter *before, *after;	/* the exporter; before: all zero when it is new */
	enum nm_err err;
};

/*
 * Begin. The decoder's tables are its own and empty, its sink and all other members of *x up to
 * `put` are set. The decoder must not move.
 */
void explain_start(struct explain *x);

/* `bytes` hold at most a UDP datagram. */
void explain_datagram(struct explain *x, struct buf bytes, const struct datagram *dg,
		      const struct explain_whole *whole);

#endif
