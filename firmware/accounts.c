// SPDX-License-Identifier: Apache-2.0
/* The ledger as it is sent: a row an exporter, a listener, an uplink and stream. */
#include "core/encode.h"
#include "firmware/agent.h"

static void put_row(struct agent *a, const struct ledger_row *row)
{
	uint8_t *at = spool_reserve(&a->spool, STREAM_LEDGER), scratch[SPOOL_RECORD];

	if (at)
		spool_put(&a->spool, encode_ledger(row, at));
	else
		spool_lost(&a->spool, STREAM_LEDGER, encode_ledger(row, scratch));
}

static void put_exporters(struct agent *a, nm_time now)
{
	for (uint32_t i = 0; i < a->chain.exporters.size; i++) {
		const struct exporter *e = &a->chain.exporters.slots[i];

		if (e->counts.n[COUNT_DATAGRAMS])
			put_row(a, &(struct ledger_row){ .kind = LEDGER_EXPORTER, .when = now,
							 .name = "", .exporter = e });
	}
}

static void put_uplinks(struct agent *a, nm_time now)
{
	for (unsigned i = 0; i < a->uplinks; i++) {
		const struct agent_uplink *u = &a->uplink[i];

		for (enum stream s = 0; s < STREAM_COUNT; s++)
			put_row(a, &(struct ledger_row){
				.kind = LEDGER_UPLINK, .when = now, .name = u->conf->name,
				.stream = s, .counts = spool_counts(&a->spool, u->slot, s),
				.held = spool_held(&a->spool, u->slot, s) });
	}
}

_Static_assert((int)ELEMENT_COUNTER_RECORD == UNKNOWN_COUNTER_RECORD + 1, "kinds go together");

static void put_elements(struct agent *a, nm_time now)
{
	const struct unknown_row *r = NULL;

	while ((r = unknown_next(&a->chain.unknown, r)))
		put_row(a, &(struct ledger_row){
			.kind = LEDGER_ELEMENT, .when = now, .name = "",
			.element = { r->enterprise, r->id, (uint8_t)(r->kind + 1), r->count } });
}

void agent_ledger(struct agent *a, nm_time now)
{
	put_uplinks(a, now);		/* first: they close the sum of all others */
	for (unsigned i = 0; i < a->listeners; i++) {
		const struct agent_listener *l = &a->listener[i];

		put_row(a, &(struct ledger_row){ .kind = LEDGER_LISTENER, .when = now,
						 .name = l->name,
						 .heard = spool_heard(&a->spool, l->place) });
	}
	put_exporters(a, now);
	put_elements(a, now);
	spool_commit(&a->spool);
}
