// SPDX-License-Identifier: Apache-2.0
/* Entries of the journal: where in the region, how many bytes, the bytes, aligned to 8. */
#include <stdatomic.h>
#include <string.h>

#include "core/journal.h"

struct entry {
	uint64_t offset;
	uint32_t len, spare;
};

static uint32_t padded(uint32_t len)
{
	return (len + 7u) & ~7u;
}

void journal_put(struct journal *j, const void *base, const void *at, const void *bytes,
		 uint32_t len)
{
	struct entry e = {
		.offset = (uint64_t)((const uint8_t *)at - (const uint8_t *)base),
		.len = len,
	};

	memcpy(j->bytes + j->filled, &e, sizeof(e));
	memcpy(j->bytes + j->filled + sizeof(e), bytes, len);
	j->filled += (uint32_t)sizeof(e) + padded(len);
}

static void redo(const struct journal *j, uint8_t *base)
{
	for (uint32_t at = 0; at < j->valid;) {
		struct entry e;

		memcpy(&e, j->bytes + at, sizeof(e));
		memcpy(base + e.offset, j->bytes + at + sizeof(e), e.len);
		at += (uint32_t)sizeof(e) + padded(e.len);
	}
}

void journal_commit(struct journal *j, void *base)
{
	atomic_signal_fence(memory_order_seq_cst);
	j->valid = j->filled;
	atomic_signal_fence(memory_order_seq_cst);
	redo(j, base);
	atomic_signal_fence(memory_order_seq_cst);
	j->valid = 0;
	atomic_signal_fence(memory_order_seq_cst);
	j->filled = 0;
}

/* The entries fill `valid` exactly and point into the region. */
static enum nm_err inspect(const struct journal *j, uint64_t size)
{
	uint32_t at = 0;

	if (j->valid > JOURNAL_SIZE)
		return NM_LENGTH;
	while (at < j->valid) {
		struct entry e;

		if (j->valid - at < sizeof(e))
			return NM_LENGTH;
		memcpy(&e, j->bytes + at, sizeof(e));
		at += (uint32_t)sizeof(e);
		if (e.len > j->valid - at || padded(e.len) > j->valid - at ||
		    e.offset > size || e.len > size - e.offset)
			return NM_LENGTH;
		at += padded(e.len);
	}
	return NM_OK;
}

enum nm_err journal_recover(struct journal *j, void *base, uint64_t size)
{
	enum nm_err err = inspect(j, size);

	if (err)
		return err;
	redo(j, base);
	j->valid = 0;
	j->filled = 0;
	return NM_OK;
}
