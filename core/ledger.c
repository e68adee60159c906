// SPDX-License-Identifier: Apache-2.0
/* The closing sums. */
#include "core/ledger.h"

bool ledger_bytes_close(const struct counts *c)
{
	uint64_t sum = 0;

	for (int i = COUNT_BYTES_HEADERS; i <= COUNT_BYTES_NOT_ALLOWED; i++)
		sum += c->n[i];
	return sum == c->n[COUNT_BYTES_RECEIVED];
}

bool ledger_records_close(const struct counts *c)
{
	return c->n[COUNT_RECORDS_DECODED] == c->n[COUNT_RECORDS_FILTERED] +
						      c->n[COUNT_RECORDS_MERGED] +
						      c->n[COUNT_RECORDS_ENCODED];
}

bool ledger_uplink_closes(const struct spool_counts *c, const struct spool_sum *held)
{
	return c->encoded.records == c->acknowledged.records + c->dropped.records +
					    c->quarantined.records + held->records;
}
