// SPDX-License-Identifier: Apache-2.0
/*
 * The table of exporters, and what their sequence numbers tell. The table never forgets, so that
 * a counter never goes back; whoever sends from ever new addresses fills it and ends in slot 0.
 */
#include "core/exporter.h"

#include "core/flow.h"

/*
 * How far a number may lie from the one expected: behind it is a datagram overtaken on the way,
 * before it a loss, as long as an agent may be away. Farther away the exporter started anew.
 */
#define LATE_DATAGRAMS      64
#define RECORDS_A_DATAGRAM  32
#define MISSING_MOST        (1 << 28)

static uint32_t mix(uint32_t h, uint32_t word)
{
	h = (h ^ word) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static uint32_t mix_address(uint32_t h, const struct addr *address)
{
	uint32_t word[4];

	memcpy(word, address->b, sizeof(word));
	for (int i = 0; i < 4; i++)
		h = mix(h, word[i]);
	return h;
}

static uint32_t hash(const struct exporter_key *key)
{
	uint32_t h = mix(key->source, key->domain);

	return mix_address(mix_address(h, &key->address), &key->agent);
}

static bool is_of(const struct exporter *e, const struct exporter_key *key)
{
	return e->domain == key->domain && e->source == key->source &&
	       addr_same(&e->address, &key->address) && addr_same(&e->agent, &key->agent);
}

/* The slot of this exporter, or the free one where it belongs; NULL when there is neither. */
static struct exporter *probe(struct exporters *all, const struct exporter_key *key)
{
	uint32_t mask = all->size - 1, home = hash(key);

	for (uint32_t i = 0; i < all->size; i++) {
		uint32_t at = (home + i) & mask;
		struct exporter *e = &all->slots[at];

		if (at && (!e->used || is_of(e, key)))
			return e;
	}
	return NULL;
}

struct exporter *exporter_find(struct exporters *all, const struct exporter_key *key,
			       bool *is_new)
{
	struct exporter *e = NULL;

	*is_new = false;
	if (!addr_is_absent(&key->address))
		e = probe(all, key);
	if (e && e->used)
		return e;
	if (!e || all->used >= all->size - all->size / 8 - 1)
		return all->slots;
	all->used++;
	*is_new = true;
	*e = (struct exporter){
		.address = key->address, .agent = key->agent, .domain = key->domain,
		.source = key->source, .used = 1,
	};
	return e;
}

struct exporter *exporter_known(const struct exporters *all, const struct exporter_key *key)
{
	struct exporters full = { all->slots, all->size, all->size };	/* nobody gets in */
	bool is_new;
	struct exporter *e = exporter_find(&full, key, &is_new);

	return e == all->slots ? NULL : e;
}

void exporter_guess(struct exporter *e)
{
	e->guessed |= GUESSED_LAST_SEEN;
	if (e->counts.n[COUNT_DATAGRAMS] == 1)
		e->guessed |= GUESSED_FIRST_SEEN;
}

/* A guess of before a reboot may be later than one of today; it was not made in the future. */
static nm_time rebased(nm_time t, nm_time guessed, nm_time real)
{
	int64_t age = time_since(guessed, t);

	return age > 0 ? time_plus(real, -age) : real;
}

void exporter_rebase(struct exporter *e, nm_time guessed, nm_time real)
{
	if (e->guessed & GUESSED_FIRST_SEEN)
		e->first_seen = rebased(e->first_seen, guessed, real);
	if (e->guessed & GUESSED_LAST_SEEN)
		e->last_seen = rebased(e->last_seen, guessed, real);
	e->guessed = 0;
}

static uint32_t late_most(const struct exporter *e)
{
	bool datagrams = e->source == FLOW_NETFLOW9 || e->source == FLOW_SFLOW;

	return datagrams ? LATE_DATAGRAMS : LATE_DATAGRAMS * RECORDS_A_DATAGRAM;
}

/* Late ones were counted missing before; more cannot come late, so a doubled one does not count. */
static void count_late(struct exporter *e, uint32_t units)
{
	uint64_t missing = e->counts.n[COUNT_SEQUENCE_MISSING] - e->counts.n[COUNT_SEQUENCE_LATE];

	count_add(&e->counts, COUNT_SEQUENCE_LATE, units < missing ? units : missing);
}

static bool is_late(const struct exporter *e, uint32_t got, uint32_t wanted)
{
	uint32_t behind = wanted - got;

	return behind && behind <= late_most(e);
}

static void count_jump(struct exporter *e, uint32_t ahead)
{
	if (ahead <= MISSING_MOST)
		count_add(&e->counts, COUNT_SEQUENCE_MISSING, ahead);
	else
		count_add(&e->counts, COUNT_SEQUENCE_RESETS, 1);
}

static void go_on(struct sequence *s, uint32_t got, uint32_t units)
{
	s->next = got + units;
	s->last = got;
	s->started = 1;
}

/* `got` came where `wanted` should have. */
static void follow(struct exporter *e, uint32_t got, uint32_t wanted, uint32_t units)
{
	struct sequence *s = &e->sequence;

	if (s->started && is_late(e, got, wanted)) {
		count_late(e, units);
		return;
	}
	if (s->started)
		count_jump(e, got - wanted);
	go_on(s, got, units);
}

void sequence_advance(struct exporter *e, uint32_t got, uint32_t units)
{
	follow(e, got, e->sequence.next, units);
}

/* The doubted number was a loss after all. */
static void settle(struct exporter *e)
{
	struct sequence *s = &e->sequence;

	if (s->doubted)
		count_add(&e->counts, COUNT_SEQUENCE_MISSING, s->doubt);
	s->doubted = 0;
	s->doubt = 0;
}

/* It agrees with the other way of counting only: a first sign, or the second. */
static void doubt(struct exporter *e, uint32_t got, uint32_t records)
{
	struct sequence *s = &e->sequence;
	uint32_t ahead = got - s->next;

	if (s->doubted) {
		s->inclusive = 1;
		s->doubted = 0;
		s->doubt = 0;
	} else {
		s->doubted = 1;
		s->doubt = is_late(e, got, s->next) || ahead > MISSING_MOST ? 0 : ahead;
	}
	go_on(s, got, records);
}

static bool is_either(uint32_t got, uint32_t wanted, uint32_t options)
{
	return got == wanted || got == wanted - options;
}

void sequence_records(struct exporter *e, uint32_t got, uint32_t records, uint32_t options)
{
	struct sequence *s = &e->sequence;
	uint32_t including = s->last + records;
	bool fits_before = is_either(got, s->next, s->options);
	bool fits_including = is_either(got, including, options);

	if (!s->started || (s->inclusive ? fits_including : fits_before)) {
		if (s->started && !fits_including)
			settle(e);
		go_on(s, got, records);
	} else if (s->inclusive) {
		s->inclusive = !fits_before;
		follow(e, got, s->inclusive ? including : got, records);
	} else if (fits_including) {
		doubt(e, got, records);
	} else {
		settle(e);
		follow(e, got, s->next, records);
	}
	s->options = options;
}

void sequence_forget(struct exporter *e, uint32_t got)
{
	struct sequence *s = &e->sequence;

	if (s->started && !s->inclusive && got - s->next <= MISSING_MOST)
		count_add(&e->counts, COUNT_SEQUENCE_MISSING, got - s->next);
	s->started = 0;
}
