/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A redo journal inside a mapped region. Collect the new bytes of every place a
 * change touches, then commit: they are in the journal before the first place
 * is written, so a killed process leaves either all of it or none of it.
 *
 * Stores of a killed process reach the mapping in program order; only the
 * compiler has to be kept from reordering them.
 */
#ifndef NM_JOURNAL_H
#define NM_JOURNAL_H

#include <stdint.h>

#include "core/err.h"

#define JOURNAL_SIZE 8184

struct journal {
	uint32_t valid;			/* bytes to redo; 0: nothing under way */
	uint32_t filled;		/* bytes collected so far */
	uint8_t bytes[JOURNAL_SIZE];
};

/* `at` lies in the region that begins at `base`; JOURNAL_SIZE must not be exceeded. */
void journal_put(struct journal *j, const void *base, const void *at, const void *bytes,
		 uint32_t len);
void journal_commit(struct journal *j, void *base);

/* After a crash: redo what was committed, forget what was not. */
enum nm_err journal_recover(struct journal *j, void *base, uint64_t size) NM_MUST_CHECK;

#endif
