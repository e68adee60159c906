/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of everything: the rows of LedgerMessage as plain data, and the two
 * sums that must close. Counters are cumulative since the incarnation.
 */
#ifndef NM_LEDGER_H
#define NM_LEDGER_H

#include <stdbool.h>

#include "core/exporter.h"
#include "core/spool.h"

/* The numbers of LedgerMessage's enum; encode.c asserts that they agree. */
enum ledger_kind {
	LEDGER_UNKNOWN, LEDGER_EXPORTER, LEDGER_LISTENER, LEDGER_UPLINK, LEDGER_ELEMENT,
};
enum element_kind {			/* those of unknown.h, plus one */
	ELEMENT_UNKNOWN,
	ELEMENT_FIELD,			/* an information element of v9 and IPFIX */
	ELEMENT_SAMPLE,			/* structures of sFlow */
	ELEMENT_FLOW_RECORD,
	ELEMENT_COUNTER_RECORD,
};

/* Something that has no place in our records, and how often it came. */
struct ledger_element {
	uint32_t enterprise, number;
	uint8_t kind;			/* enum element_kind */
	uint64_t occurrences;
};

struct ledger_row {
	enum ledger_kind kind;
	nm_time when;
	const char *name;			/* of the listener or uplink, or "" */
	const struct exporter *exporter;	/* LEDGER_EXPORTER */
	struct spool_heard heard;		/* LEDGER_LISTENER */
	enum stream stream;			/* LEDGER_UPLINK */
	struct spool_counts counts;		/* LEDGER_UPLINK */
	struct spool_sum held;			/* LEDGER_UPLINK */
	struct ledger_element element;		/* LEDGER_ELEMENT */
};

/* Every payload byte received has been counted once more, as one thing only. */
bool ledger_bytes_close(const struct counts *c);
/* Decoded records were filtered, merged or encoded. */
bool ledger_records_close(const struct counts *c);
/* Encoded records were acknowledged, dropped, quarantined, or are held. */
bool ledger_uplink_closes(const struct spool_counts *c, const struct spool_sum *held);

#endif
