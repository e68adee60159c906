/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode --explain: the memory that core/explain.h wants, a second set of tables for the pieces,
 * and the terminal. A build without CONFIG_EXPLAIN has explainer_none.c, which says so.
 */
#ifndef NM_EXPLAINER_H
#define NM_EXPLAINER_H

#include "firmware/chain.h"

struct explainer;

/* NULL when there is none, having said why on standard error. */
struct explainer *explainer_new(const struct chain_sizes *sizes);
void explainer_free(struct explainer *x);

/*
 * Explain a datagram that the whole chain has got: it was counted on exporter e, in this slot of
 * its table, and this was the first thing wrong. False: nobody reads what is printed.
 */
bool explainer_see(struct explainer *x, struct buf bytes, const struct datagram *dg,
		   const struct exporter *e, uint32_t slot, enum nm_err err);

#endif
