/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts: what becomes of a batch after an answer, or after none. verdict.def has
 * the classes, and the numbers that lead to them.
 *
 *	ACKNOWLEDGED	stored, whoever sent it first: done
 *	LOAD		later, with growing pauses; it may be stored or not
 *	CONFIGURATION	nothing is stored and nothing gets better by itself: everything is
 *			held, somebody is told, and it is tried again slowly
 *	DATA		nothing is stored: this batch is bad, or our idea of the table
 *			(core/suspect.h finds out which)
 *	LARGE		nothing is stored: the batch is divided (core/shipment.h)
 *	PLAIN		nothing is stored: a compressed batch goes once more as it is, and so do
 *			the next ones; otherwise like CONFIGURATION
 *	GONE		no answer: later; it may be stored if all of it was sent
 *	ABSENT, PARTS, MUTE	answers to the question whether a batch is stored
 */
#ifndef NM_VERDICT_H
#define NM_VERDICT_H

#include <stdbool.h>

#include "core/err.h"

#define VERDICT(name, words) VERDICT_##name,
#define CODE(code, class, words)
#define STATUS(from, to, class, words)
enum verdict_class {
#include "core/verdict.def"
	VERDICT_CLASSES
};
#undef VERDICT
#undef CODE
#undef STATUS

struct verdict {
	enum verdict_class class;
	unsigned code;			/* ClickHouse's exception, 0: none */
	unsigned status;		/* HTTP's, 0: no answer */
	bool unknown;			/* the batch may be stored, if all of it was sent */
	const char *words;		/* never NULL */
};

/* By the exception if the table knows it, else by the status. */
struct verdict verdict_of(unsigned code, unsigned status);
/* When there was no answer. A TLS peer that cannot be trusted does not get better by itself. */
struct verdict verdict_of_error(enum nm_err err);
const char *verdict_name(enum verdict_class class);

#endif
