// SPDX-License-Identifier: Apache-2.0
/* The spool's life: laying out a region, taking one over, uplinks, numbers. */
#include <string.h>

#include "core/spool_private.h"

/* --- layout -------------------------------------------------------------------- */

static uint32_t chunks_in(const struct spool_shape *shape)
{
	uint64_t fixed = sizeof(struct spool_head) +
			 (uint64_t)shape->exporters * sizeof(struct exporter);
	uint64_t each = sizeof(struct spool_segment) + sizeof(struct spool_chunk) + SPOOL_CHUNK;

	if (shape->size < fixed + each * STREAM_COUNT * 4)
		return 0;
	return (uint32_t)((shape->size - fixed) / each);
}

static bool is_zero(const void *at, size_t len)
{
	const uint8_t *p = at;

	while (len && !*p)
		p++, len--;
	return !len;
}

/*
 * Nothing was ever here, or somebody was killed while laying it out. Images of disks begin
 * with zeros too, so all of it is looked at.
 */
static bool is_blank(const struct spool_head *h, uint64_t size)
{
	bool interrupted = is_zero(h->magic, sizeof(h->magic)) && h->layout == SPOOL_LAYOUT &&
			   h->order == SPOOL_ORDER;

	return interrupted || is_zero(h, size);
}

static void empty_tables(struct spool_head *h)
{
	for (uint32_t i = 0; i < h->chunks; i++) {
		uint32_t next = i + 1 < h->chunks ? i + 1 : SPOOL_NONE;

		spool_segments(h)[i] = (struct spool_segment){ .next = next };
		spool_chunk_table(h)[i] = (struct spool_chunk){ .next = next };
	}
	for (unsigned s = 0; s < STREAM_MAX; s++)
		h->stream[s].first = h->stream[s].last = SPOOL_NONE;
	h->chunks_free = h->chunks;
}

static void start(struct spool *sp, struct spool_head *h)
{
	memset(sp, 0, sizeof(*sp));
	sp->head = h;
	sp->clock_sane = true;
	sp->limits = (struct spool_limits){ SPOOL_CHUNK, NM_NS_PER_S };
}

enum nm_err spool_create(struct spool *sp, void *at, const struct spool_shape *shape,
			 struct incarnation incarnation)
{
	struct spool_head *h = at;
	uint32_t chunks = chunks_in(shape);

	if (!chunks)
		return NM_RANGE;
	if (!is_blank(h, shape->size))
		return NM_FOREIGN;
	memset(h, 0, sizeof(*h));
	h->layout = SPOOL_LAYOUT;
	h->order = SPOOL_ORDER;
	h->head_size = sizeof(struct spool_head);
	h->exporter_size = sizeof(struct exporter);
	h->segment_size = sizeof(struct spool_segment);
	h->exporters = shape->exporters;
	h->chunks = chunks;
	h->size = shape->size;
	h->incarnation = incarnation;
	empty_tables(h);
	memcpy(h->magic, SPOOL_MAGIC, sizeof(h->magic));	/* last: it is one now */
	start(sp, h);
	return NM_OK;
}

/* --- taking over ----------------------------------------------------------------- */

static enum nm_err inspect_head(const struct spool_head *h, uint64_t size)
{
	struct spool_shape shape = { h->size, h->exporters };

	if (size >= sizeof(*h) && is_blank(h, size))
		return NM_MISSING;
	if (size < sizeof(*h) || memcmp(h->magic, SPOOL_MAGIC, sizeof(h->magic)))
		return NM_FOREIGN;
	if (h->layout != SPOOL_LAYOUT || h->order != SPOOL_ORDER ||
	    h->head_size != sizeof(struct spool_head) ||
	    h->exporter_size != sizeof(struct exporter) ||
	    h->segment_size != sizeof(struct spool_segment))
		return NM_LAYOUT;
	if (h->size > size || !h->chunks || chunks_in(&shape) != h->chunks)
		return NM_LENGTH;
	return NM_OK;
}

enum nm_err spool_open(struct spool *sp, void *at, uint64_t size)
{
	struct spool_head *h = at;
	enum nm_err err = inspect_head(h, size);

	if (!err)
		err = journal_recover(&h->journal, h, h->size);
	if (!err)
		err = spool_inspect(h);
	if (err)
		return err;
	start(sp, h);
	spool_seal_all(sp);
	return NM_OK;
}

struct spool_shape spool_shape(const struct spool *sp)
{
	return (struct spool_shape){ sp->head->size, sp->head->exporters };
}

struct incarnation spool_incarnation(const struct spool *sp)
{
	return sp->head->incarnation;
}

bool spool_is_empty(const struct spool *sp)
{
	for (unsigned s = 0; s < STREAM_COUNT; s++)
		for (uint32_t i = sp->head->stream[s].first; i != SPOOL_NONE;
		     i = spool_segments(sp->head)[i].next)
			if (spool_segments(sp->head)[i].records)
				return false;
	return true;
}

bool spool_was_running(const struct spool *sp)
{
	return sp->head->running;
}

void spool_set_running(struct spool *sp, bool running)
{
	sp->head->running = running;
}

uint32_t spool_exporters(const struct spool *sp, struct exporter *slots, uint32_t n)
{
	uint32_t used = 0;

	n = n < sp->head->exporters ? n : sp->head->exporters;
	memcpy(slots, spool_slots(sp->head), n * sizeof(*slots));
	for (uint32_t i = 0; i < n; i++)
		used += slots[i].used != 0;
	return used;
}

/* --- uplinks --------------------------------------------------------------------- */

static struct spool_sum sum_less(struct spool_sum a, struct spool_sum b)
{
	return (struct spool_sum){ a.records - b.records, a.bytes - b.bytes,
				   a.batches - b.batches };
}

static int slot_named(const struct spool_head *h, const char *name)
{
	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (!strncmp(h->uplink[i].name, name, SPOOL_NAME))
			return (int)i;
	return -1;
}

/* A place never used, else one whose uplink is no longer wanted. */
static int slot_for(const struct spool_head *h, const char *name)
{
	int slot = slot_named(h, name);

	for (int i = 0; slot < 0 && i < SPOOL_UPLINKS; i++)
		if (!h->uplink[i].name[0])
			slot = i;
	for (int i = 0; slot < 0 && i < SPOOL_UPLINKS; i++)
		if (!h->uplink[i].active)
			slot = i;
	return slot;
}

/* From here on it gets everything: what was encoded before is none of its business. */
static void activate(struct spool_head *h, unsigned slot, const char *name)
{
	struct spool_uplink u = h->uplink[slot];

	if (strncmp(u.name, name, SPOOL_NAME))
		memset(&u, 0, sizeof(u));
	strncpy(u.name, name, SPOOL_NAME - 1);
	u.active = 1;
	for (unsigned s = 0; s < STREAM_MAX; s++) {
		struct spool_lane *lane = &u.lane[s];

		lane->before = sum_less(h->stream[s].encoded, lane->acknowledged);
		lane->before = sum_less(lane->before, lane->dropped);
		lane->before = sum_less(lane->before, lane->quarantined);
	}
	SPOOL_CHANGE(h, &h->uplink[slot], &u);
	spool_apply(h);
}

/* What waits for an uplink that is gone is dropped for it. */
static void retire(struct spool *sp, unsigned slot)
{
	struct spool_head *h = sp->head;
	uint32_t none = 0;

	for (unsigned s = 0; s < STREAM_COUNT; s++) {
		for (uint32_t i = h->stream[s].first, next; i != SPOOL_NONE; i = next) {
			struct spool_segment g = spool_segments(h)[i];
			struct spool_lane lane = h->uplink[slot].lane[s];

			next = g.next;
			if (!(g.want & 1u << slot))
				continue;
			g.want &= (uint8_t)~(1u << slot);
			lane.dropped.records += g.records;
			lane.dropped.bytes += g.bytes;
			lane.dropped.batches++;
			SPOOL_CHANGE(h, &h->uplink[slot].lane[s], &lane);
			if (g.want)
				SPOOL_CHANGE(h, &spool_segments(h)[i], &g);
			else
				spool_collect_free(h, i);
			spool_apply(h);
		}
	}
	SPOOL_CHANGE(h, &h->uplink[slot].active, &none);
	spool_apply(h);
}

static bool is_among(const char *name, const char *const names[], unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!strncmp(name, names[i], SPOOL_NAME))
			return true;
	return false;
}

enum nm_err spool_attach(struct spool *sp, const char *const name[], unsigned n, unsigned slot[])
{
	struct spool_head *h = sp->head;

	for (unsigned i = 0; i < SPOOL_UPLINKS; i++)
		if (h->uplink[i].active && !is_among(h->uplink[i].name, name, n))
			retire(sp, i);
	for (unsigned i = 0; i < n; i++) {
		int at = slot_for(h, name[i]);

		if (at < 0)
			return NM_FULL;
		slot[i] = (unsigned)at;
		if (!h->uplink[at].active)
			activate(h, (unsigned)at, name[i]);
	}
	return NM_OK;
}

const char *spool_attached(const struct spool *sp, unsigned slot)
{
	const struct spool_uplink *u = &sp->head->uplink[slot];

	return u->active ? u->name : NULL;
}

/* --- numbers --------------------------------------------------------------------- */

struct spool_counts spool_counts(const struct spool *sp, unsigned slot, enum stream s)
{
	const struct spool_lane *lane = &sp->head->uplink[slot].lane[s];

	return (struct spool_counts){
		.encoded = sum_less(sp->head->stream[s].encoded, lane->before),
		.acknowledged = lane->acknowledged,
		.dropped = lane->dropped,
		.quarantined = lane->quarantined,
		.doubted = lane->doubted,
	};
}

struct spool_sum spool_held(const struct spool *sp, unsigned slot, enum stream s)
{
	struct spool_sum held = { 0 };

	for (uint32_t i = sp->head->stream[s].first; i != SPOOL_NONE;) {
		const struct spool_segment *g = &spool_segments(sp->head)[i];

		if (g->want & 1u << slot) {
			held.records += g->records;
			held.bytes += g->bytes;
			held.batches += g->state == SEGMENT_SEALED;
		}
		i = g->next;
	}
	return held;
}

uint32_t spool_chunks_free(const struct spool *sp)
{
	return sp->head->chunks_free;
}

uint32_t spool_chunks(const struct spool *sp)
{
	return sp->head->chunks;
}
