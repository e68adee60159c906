/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that explain share: lines, pieces, and one function for each protocol. */
#ifndef NM_EXPLAIN_PRIVATE_H
#define NM_EXPLAIN_PRIVATE_H

#include "core/explain.h"

/* The datagram under way. */
struct explained {
	struct explain *x;
	const struct datagram *dg;
	const struct explain_whole *whole;
};

/* Begin a line at this depth, about the bytes from `at` on (NULL: about none); then write to
 * x->line; then end it. */
void explain_line(struct explain *x, unsigned depth, const uint8_t *at);
void explain_end(struct explain *x);
/* A line of constant words. */
void explain_words(struct explain *x, unsigned depth, const uint8_t *at, const char *words);
/* Hexadecimal, the first bytes of many. */
void explain_hex(struct explain *x, struct buf bytes);
void explain_time(struct explain *x, nm_time t);
void explain_address(struct explain *x, const struct addr *a);

/* The rest of the line that begins a datagram. */
void explain_head(const struct explained *d, const char *protocol, uint32_t domain,
		  uint32_t sequence);

/* Put these bytes into the piece from there on; returns where they end. */
size_t explain_piece_more(struct explain *x, size_t at, const void *bytes, size_t len);
/* Let the decoder have the piece of so many bytes, and say what it made of it. */
void explain_decide(const struct explained *d, unsigned depth, size_t len);
/* The whole datagram as it is. */
void explain_as_it_is(const struct explained *d, unsigned depth, struct buf bytes);

/* One protocol each, called with the version not yet read, and with at least two bytes. */
void explain_netflow5(const struct explained *d, struct buf in);
void explain_ipfix(const struct explained *d, struct buf in);	/* and v9 */
void explain_sflow(const struct explained *d, struct buf in);

#endif
