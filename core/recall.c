// SPDX-License-Identifier: Apache-2.0
/*
 * Blocks and their chains. Stores of a killed process reach the mapping in program order; only
 * the compiler has to be kept from moving them. What is damaged without a checksum that says so
 * is found by the shape: every block belongs to one note at the most.
 */
#include <stdatomic.h>
#include <string.h>

#include "core/recall.h"

#define MAGIC  "NMRECALL"
#define LAYOUT 1u
#define ORDER  0x01020304u		/* reads otherwise where bytes stand the other way round */

struct recall_block {
	uint32_t mark;			/* of the first of a note: its checksum; else 0 */
	uint32_t next;			/* of the note, or given back like this one */
	uint8_t bytes[RECALL_BLOCK - 8];
};

struct head {
	char magic[8];
	uint32_t layout, order;
	uint32_t count;			/* of blocks */
	uint32_t fresh;			/* blocks before this one were in use once */
	uint8_t spare[RECALL_BLOCK - 24];
};

/* What a note's first block begins with. Its agent is not there, for it has none. */
struct title {
	uint32_t of;			/* of this process alone, and in no checksum */
	struct addr address;
	uint32_t domain;
	uint16_t len;
	uint8_t source, kind;
};

_Static_assert(sizeof(struct recall_block) == RECALL_BLOCK, "a block is a block");
_Static_assert(sizeof(struct head) == RECALL_BLOCK, "the head takes the place of a block");
_Static_assert(sizeof(struct title) == 28, "no padding gets into the checksum");

/* What is stored before is stored before what comes behind. */
static void fence(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

static struct head *head_of(const struct recall *r)
{
	return (struct head *)r->blocks;
}

static struct title title_of(const struct recall *r, uint32_t note)
{
	struct title t;

	memcpy(&t, r->blocks[note].bytes, sizeof(t));
	return t;
}

static uint32_t blocks_for(size_t len)
{
	const size_t each = sizeof(((struct recall_block *)0)->bytes);

	return (uint32_t)((sizeof(struct title) + len + each - 1) / each);
}

/* --- checksum ------------------------------------------------------------------------ */

/* FNV-1a: one changed byte always changes the sum. */
static uint32_t sum(uint32_t h, const void *bytes, size_t len)
{
	for (const uint8_t *p = bytes; len; len--)
		h = (h ^ *p++) * 16777619u;
	return h;
}

/* A mark is never 0, which is none. */
static uint32_t mark_of(const struct title *t, const void *bytes)
{
	const size_t from = offsetof(struct title, address);
	uint32_t h = sum(2166136261u, (const uint8_t *)t + from, sizeof(*t) - from);

	h = sum(h, bytes, t->len);
	return h ? h : 1;
}

/* --- chains -------------------------------------------------------------------------- */

/* The bytes of a note, behind its title; its chain is whole. */
static void gather(const struct recall *r, uint32_t note, size_t len, uint8_t *to)
{
	const struct recall_block *b = &r->blocks[note];
	size_t at = sizeof(struct title);

	while (len) {
		size_t n = len < sizeof(b->bytes) - at ? len : sizeof(b->bytes) - at;

		memcpy(to, b->bytes + at, n);
		to += n;
		len -= n;
		at = 0;
		b = len ? &r->blocks[b->next] : b;
	}
}

/* A block that nobody has; one that never was in use may still hold anything. */
static uint32_t take(struct recall *r)
{
	uint32_t i = r->free;

	if (i) {
		r->free = r->blocks[i].next;
		return i;
	}
	i = head_of(r)->fresh;
	r->blocks[i].mark = 0;
	fence();
	head_of(r)->fresh = i + 1;
	return i;
}

static uint32_t fill(struct recall *r, const struct title *t, const uint8_t *from)
{
	uint32_t first = take(r), i = first;
	size_t at = sizeof(*t), left = t->len;

	memcpy(r->blocks[first].bytes, t, sizeof(*t));
	for (;;) {
		struct recall_block *b = &r->blocks[i];
		size_t n = left < sizeof(b->bytes) - at ? left : sizeof(b->bytes) - at;

		memcpy(b->bytes + at, from, n);
		from += n;
		left -= n;
		at = 0;
		if (!left)
			return first;
		i = b->next = take(r);
	}
}

/* --- notes --------------------------------------------------------------------------- */

static bool has_room(const struct recall *r, const struct recall_note *note)
{
	uint32_t need = blocks_for(note->len);

	return note->len <= RECALL_MOST && r->used + need < r->count &&
	       r->held[note->of] + need <= r->per_exporter;
}

static void hold(struct recall *r, uint32_t of, uint32_t blocks)
{
	r->held[of] += blocks;
	r->used += blocks;
}

uint32_t recall_keep(struct recall *r, uint32_t old, const struct recall_note *note)
{
	const struct exporter *e;
	struct title t;
	uint32_t first;

	if (!r)
		return 0;
	recall_drop(r, old);
	if (!has_room(r, note)) {
		r->refused++;
		return 0;
	}
	e = &r->exporters->slots[note->of];
	t = (struct title){ note->of, e->address, e->domain, (uint16_t)note->len, e->source,
			    (uint8_t)note->kind };
	first = fill(r, &t, note->bytes);
	hold(r, note->of, blocks_for(note->len));
	fence();
	r->blocks[first].mark = mark_of(&t, note->bytes);
	fence();
	return first;
}

void recall_drop(struct recall *r, uint32_t note)
{
	struct title t;
	uint32_t last = note;

	if (!r || !note)
		return;
	r->blocks[note].mark = 0;
	fence();
	t = title_of(r, note);
	for (uint32_t n = blocks_for(t.len); n > 1; n--)
		last = r->blocks[last].next;
	r->blocks[last].next = r->free;
	r->free = note;
	r->held[t.of] -= blocks_for(t.len);
	r->used -= blocks_for(t.len);
}

bool recall_next(const struct recall *r, struct recall_found *found)
{
	uint32_t end = head_of(r)->fresh, i = found->note + 1;
	struct title t;

	while (i < end && !r->blocks[i].mark)
		i++;
	if (i >= end)
		return false;
	t = title_of(r, i);
	found->note = i;
	found->key = (struct exporter_key){ .address = t.address, .domain = t.domain,
					    .source = t.source };
	found->kind = t.kind;
	found->len = t.len;
	gather(r, i, t.len, found->bytes);
	return true;
}

void recall_adopt(struct recall *r, uint32_t note, uint32_t of)
{
	struct title t = title_of(r, note);

	r->held[t.of] -= blocks_for(t.len);
	r->held[of] += blocks_for(t.len);
	memcpy(r->blocks[note].bytes, &of, sizeof(of));
}

/* --- the region ---------------------------------------------------------------------- */

static void start(struct recall *r, void *at, size_t size)
{
	r->blocks = at;
	r->count = (uint32_t)(size / RECALL_BLOCK);
	r->used = r->free = 0;
	r->refused = 0;
}

void recall_create(struct recall *r, void *at, size_t size)
{
	struct head *h = at;

	start(r, at, size);
	memset(h, 0, sizeof(*h));
	h->layout = LAYOUT;
	h->order = ORDER;
	h->count = r->count;
	h->fresh = 1;
	fence();
	memcpy(h->magic, MAGIC, sizeof(h->magic));
}

/* All blocks of a note are there and its own, and they say what they said when it was marked. */
static bool claim(struct recall *r, uint32_t note, uint8_t *seen)
{
	const uint32_t fresh = head_of(r)->fresh;
	struct title t = title_of(r, note);
	uint8_t bytes[RECALL_MOST];
	uint32_t i = note;

	if (t.len > RECALL_MOST)
		return false;
	for (uint32_t n = blocks_for(t.len); n; n--, i = r->blocks[i].next) {
		if (i == 0 || i >= fresh || seen[i] || (i != note && r->blocks[i].mark))
			return false;
		seen[i] = 1;
	}
	gather(r, note, t.len, bytes);
	if (r->blocks[note].mark != mark_of(&t, bytes))
		return false;
	t.of = 0;
	memcpy(r->blocks[note].bytes, &t.of, sizeof(t.of));
	hold(r, 0, blocks_for(t.len));
	return true;
}

enum nm_err recall_open(struct recall *r, void *at, size_t size, uint8_t *seen)
{
	const struct head *h = at;

	if (size < sizeof(*h) || memcmp(h->magic, MAGIC, sizeof(h->magic)))
		return NM_FOREIGN;
	if (h->layout != LAYOUT || h->order != ORDER || size % RECALL_BLOCK ||
	    h->count != size / RECALL_BLOCK)
		return NM_LAYOUT;
	if (!h->fresh || h->fresh > h->count)
		return NM_LENGTH;
	start(r, at, size);
	for (uint32_t i = 1; i < h->fresh; i++)
		if (r->blocks[i].mark && !claim(r, i, seen))
			return NM_LENGTH;
	for (uint32_t i = h->fresh - 1; i; i--)
		if (!seen[i]) {
			r->blocks[i].next = r->free;
			r->free = i;
		}
	return NM_OK;
}
