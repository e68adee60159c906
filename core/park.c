// SPDX-License-Identifier: Apache-2.0
/*
 * Sets that wait: a hash of keys (exporter, id), each with its sets in a row, and a line of each
 * exporter's sets. Whatever leaves is the first of its key: an exporter's oldest set is the oldest
 * of its id as well.
 */
#include "core/park.h"

/*
 * Where nobody set another time, a template is told again every ten minutes (RFC 6728, parameter
 * templateRefreshTimeout); one more for the way and for who is late. RFC 7011 section 9 wants less
 * than templates live, which is half an hour here.
 */
#define PATIENCE (11 * 60 * NM_NS_PER_S)

#define FIRST_BYTES sizeof(((union park_chunk *)0)->set.bytes)
#define REST_BYTES  sizeof(((union park_chunk *)0)->rest.bytes)

_Static_assert(sizeof(union park_chunk) == PARK_CHUNK, "both kinds fill a chunk");

void park_init(struct park *p, struct exporters *all)
{
	if (!p)
		return;
	p->all = all;
	p->used = p->fresh = p->free_chunk = 0;
	memset(p->places, 0, p->size * sizeof(p->places[0]));
	memset(p->lines, 0, all->size * sizeof(p->lines[0]));
}

static uint32_t *place(const struct park *p, uint32_t of, uint16_t id)
{
	uint32_t h = of * 0x9e3779b1u ^ id;

	h *= 0x85ebca6bu;
	return &p->places[(h ^ h >> 15) % p->size];
}

static bool is_of(const struct park_set *s, uint32_t of, uint16_t id)
{
	return s->of == of && s->what.id == id;
}

/* The link that leads to the first set of this key, or to nothing. */
static uint32_t *find(const struct park *p, uint32_t of, uint16_t id)
{
	uint32_t *link = place(p, of, id);

	while (*link && !is_of(&p->chunks[*link].set, of, id))
		link = &p->chunks[*link].set.other;
	return link;
}

static uint32_t slot_of(const struct park *p, const struct exporter *e)
{
	return (uint32_t)(e - p->all->slots);
}

/* --- chunks ------------------------------------------------------------------- */

static uint32_t chunks_of(size_t len)
{
	size_t beyond = len > FIRST_BYTES ? len - FIRST_BYTES : 0;

	return 1 + (uint32_t)((beyond + REST_BYTES - 1) / REST_BYTES);
}

static uint32_t chunk_new(struct park *p)
{
	uint32_t i = p->free_chunk;

	p->used++;
	if (!i)
		return ++p->fresh;
	p->free_chunk = p->chunks[i].rest.next;
	return i;
}

static void chunk_free(struct park *p, uint32_t i)
{
	p->chunks[i].rest.next = p->free_chunk;
	p->free_chunk = i;
	p->used--;
}

static void bytes_write(struct park *p, struct park_set *s, struct buf in)
{
	uint32_t *link = &s->rest;
	size_t n = buf_left(&in) < FIRST_BYTES ? buf_left(&in) : FIRST_BYTES;

	memcpy(s->bytes, in.p, n);
	for (in.p += n; buf_left(&in); in.p += n) {
		uint32_t i = chunk_new(p);

		n = buf_left(&in) < REST_BYTES ? buf_left(&in) : REST_BYTES;
		memcpy(p->chunks[i].rest.bytes, in.p, n);
		*link = i;
		link = &p->chunks[i].rest.next;
	}
	*link = 0;
}

static struct buf bytes_read(const struct park *p, const struct park_set *s)
{
	size_t len = s->what.len, n = len < FIRST_BYTES ? len : FIRST_BYTES;

	memcpy(p->scratch, s->bytes, n);
	for (uint32_t i = s->rest; i; i = p->chunks[i].rest.next) {
		size_t more = len - n < REST_BYTES ? len - n : REST_BYTES;

		memcpy(p->scratch + n, p->chunks[i].rest.bytes, more);
		n += more;
	}
	return buf_of(p->scratch, len);
}

/* --- sets --------------------------------------------------------------------- */

static void enter(struct park *p, uint32_t at)
{
	struct park_set *s = &p->chunks[at].set;
	struct park_line *line = &p->lines[s->of];
	uint32_t *link = find(p, s->of, s->what.id);
	struct park_set *first = &p->chunks[*link].set;

	s->follower = s->newer = s->other = 0;
	s->older = line->newest;
	*(line->newest ? &p->chunks[line->newest].set.newer : &line->oldest) = at;
	line->newest = at;
	if (*link)
		p->chunks[first->last].set.follower = at;
	else
		*link = at;
	p->chunks[*link].set.last = at;
}

/* Out of its key, of which it is the first, and of its line. */
static void leave(struct park *p, uint32_t at)
{
	const struct park_set *s = &p->chunks[at].set;
	struct park_line *line = &p->lines[s->of];
	struct park_set *follower = &p->chunks[s->follower].set;

	*find(p, s->of, s->what.id) = s->follower ? s->follower : s->other;
	if (s->follower) {
		follower->last = s->last;
		follower->other = s->other;
	}
	*(s->older ? &p->chunks[s->older].set.newer : &line->oldest) = s->newer;
	*(s->newer ? &p->chunks[s->newer].set.older : &line->newest) = s->older;
}

static void set_free(struct park *p, uint32_t at)
{
	uint32_t i = p->chunks[at].set.rest, next;

	p->lines[p->chunks[at].set.of].chunks -= chunks_of(p->chunks[at].set.what.len);
	chunk_free(p, at);
	for (; i; i = next) {
		next = p->chunks[i].rest.next;
		chunk_free(p, i);
	}
}

static void lose(struct exporter *e, size_t len)
{
	count_add(&e->counts, COUNT_SETS_NO_TEMPLATE, 1);
	count_add(&e->counts, COUNT_BYTES_NO_TEMPLATE, len);
}

/* A set or bar; its bytes stay where they are until the next one comes. */
static void take_out(struct park *p, struct exporter *e, uint32_t at)
{
	size_t len = p->chunks[at].set.what.len;

	leave(p, at);
	set_free(p, at);
	e->parked -= len > 0;
	e->counts.n[COUNT_BYTES_PARKED] -= len;
}

static void give_up(struct park *p, struct exporter *e, uint32_t at)
{
	size_t len = p->chunks[at].set.what.len;

	take_out(p, e, at);
	if (len)
		lose(e, len);
}

/* A bar is alone in its key. */
static bool is_barred(const struct park *p, const struct exporter *e, uint16_t id)
{
	uint32_t at = *find(p, slot_of(p, e), id);

	return at && !p->chunks[at].set.what.len;
}

/* --- room --------------------------------------------------------------------- */

/* What an exporter may have altogether while so many chunks are free. */
static uint32_t share(const struct park *p, uint32_t unused)
{
	return unused < p->per_exporter ? unused : p->per_exporter;
}

static bool make_room(struct park *p, struct exporter *e, uint32_t need)
{
	struct park_line *line = &p->lines[slot_of(p, e)];
	uint32_t unused = p->size - 1 - p->used;

	if (need > share(p, unused + line->chunks))
		return false;		/* not even when all of its own make room */
	while (line->chunks + need > share(p, p->size - 1 - p->used))
		give_up(p, e, line->oldest);
	return true;
}

static bool keep(struct park *p, struct exporter *e, const struct parked *what, struct buf bytes)
{
	uint32_t need = chunks_of(buf_left(&bytes)), at;
	struct park_set *s;

	park_expire(p, e, what->seen);
	if (is_barred(p, e, what->id) || !make_room(p, e, need))
		return false;
	at = chunk_new(p);
	s = &p->chunks[at].set;
	s->what = *what;
	s->what.len = (uint16_t)buf_left(&bytes);
	s->of = slot_of(p, e);
	bytes_write(p, s, bytes);
	enter(p, at);
	p->lines[s->of].chunks += need;
	e->parked += s->what.len > 0;
	count_add(&e->counts, COUNT_BYTES_PARKED, s->what.len);
	return true;
}

void park_put(struct park *p, struct exporter *e, const struct parked *what, struct buf bytes)
{
	if (!p || !keep(p, e, what, bytes))
		lose(e, buf_left(&bytes));
}

bool park_take(struct park *p, struct exporter *e, uint16_t id, struct parked *what,
	       struct buf *bytes)
{
	uint32_t at = p ? *find(p, slot_of(p, e), id) : 0;

	if (!at)
		return false;
	*what = p->chunks[at].set.what;
	*bytes = bytes_read(p, &p->chunks[at].set);
	take_out(p, e, at);
	return what->len > 0;
}

/* --- giving up ------------------------------------------------------------------ */

void park_bar(struct park *p, struct exporter *e, uint16_t id, nm_time now)
{
	const struct parked bar = { .seen = now, .id = id };
	uint32_t at;

	while (p && (at = *find(p, slot_of(p, e), id)))
		give_up(p, e, at);
	if (p)
		(void)!keep(p, e, &bar, buf_of(&bar, 0));
}

void park_expire(struct park *p, struct exporter *e, nm_time now)
{
	const struct park_line *line = p ? &p->lines[slot_of(p, e)] : NULL;

	while (line && line->oldest &&
	       time_since(now, p->chunks[line->oldest].set.what.seen) > PATIENCE)
		give_up(p, e, line->oldest);
}

void park_clear(struct park *p, struct exporter *e)
{
	const struct park_line *line = p ? &p->lines[slot_of(p, e)] : NULL;

	while (line && line->oldest)
		give_up(p, e, line->oldest);
}

void park_shift(struct park *p, int64_t ns)
{
	for (uint32_t of = 0; p && of < p->all->size; of++)
		for (uint32_t i = p->lines[of].oldest; i; i = p->chunks[i].set.newer)
			p->chunks[i].set.what.seen = time_plus(p->chunks[i].set.what.seen, ns);
}
