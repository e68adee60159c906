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

static uint32_t hash(const struct addr *address, uint8_t source, uint32_t domain)
{
	uint32_t h = mix(source, domain), word[4];

	memcpy(word, address->b, sizeof(word));
	for (int i = 0; i < 4; i++)
		h = mix(h, word[i]);
	return h;
}

static bool is_of(const struct exporter *e, const struct addr *address, uint8_t source,
		  uint32_t domain)
{
	return e->domain == domain && e->source == source && addr_same(&e->address, address);
}

/* The slot of this exporter, or the free one where it belongs; NULL when there is neither. */
static struct exporter *probe(struct exporters *all, const struct addr *address,
			      uint8_t source, uint32_t domain)
{
	uint32_t mask = all->size - 1, home = hash(address, source, domain);

	for (uint32_t i = 0; i < all->size; i++) {
		uint32_t at = (home + i) & mask;
		struct exporter *e = &all->slots[at];

		if (at && (!e->used || is_of(e, address, source, domain)))
			return e;
	}
	return NULL;
}

struct exporter *exporter_find(struct exporters *all, const struct addr *address,
			       uint8_t source, uint32_t domain, bool *is_new)
{
	struct exporter *e = NULL;

	*is_new = false;
	if (!addr_is_absent(address))
		e = probe(all, address, source, domain);
	if (e && e->used)
		return e;
	if (!e || all->used >= all->size - all->size / 8 - 1)
		return all->slots;
	all->used++;
	*is_new = true;
	*e = (struct exporter){
		.address = *address, .domain = domain, .source = source, .used = 1,
	};
	return e;
}

static uint32_t late_most(const struct exporter *e)
{
	return e->source == FLOW_NETFLOW9 ? LATE_DATAGRAMS : LATE_DATAGRAMS * RECORDS_A_DATAGRAM;
}

/* Late ones were counted missing before; more cannot come late, so a doubled one does not count. */
static uint32_t count_late(struct exporter *e, uint32_t units)
{
	uint64_t missing = e->counts.n[COUNT_SEQUENCE_MISSING] - e->counts.n[COUNT_SEQUENCE_LATE];

	if (units > missing)
		units = (uint32_t)missing;
	count_add(&e->counts, COUNT_SEQUENCE_LATE, units);
	return units;
}

struct sequence_step sequence_advance(struct exporter *e, uint32_t got, uint32_t units)
{
	struct sequence_step step = { 0 };
	uint32_t ahead = got - e->sequence.next, behind = e->sequence.next - got;
	bool started = e->sequence.started;

	if (started && behind && behind <= late_most(e)) {
		step.late = count_late(e, units);
		return step;
	}
	if (started && ahead <= MISSING_MOST) {
		step.missing = ahead;
		count_add(&e->counts, COUNT_SEQUENCE_MISSING, ahead);
	} else if (started) {
		step.reset = true;
		count_add(&e->counts, COUNT_SEQUENCE_RESETS, 1);
	}
	e->sequence = (struct sequence){ .next = got + units, .started = 1 };
	return step;
}

void sequence_add(struct exporter *e, uint32_t got, uint32_t units)
{
	if (e->sequence.next == got)
		e->sequence.next += units;
	else
		count_late(e, units);
}

void sequence_forget(struct exporter *e)
{
	e->sequence.started = 0;
}
