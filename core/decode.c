// SPDX-License-Identifier: Apache-2.0
/*
 * What all decoders have in common: whom a datagram is counted on, and that it is counted once.
 */
#include "core/decode.h"

struct exporter *decode_begin(struct decoder *d, const struct datagram *dg,
			      const struct origin *origin, size_t size)
{
	const struct exporter_key key = { dg->from, origin->agent, origin->domain,
					  (uint8_t)origin->source };
	bool is_new;
	struct exporter *e = exporter_find(d->exporters, &key, &is_new);
	bool has_slot = e != d->exporters->slots;

	if (d->seen)
		d->seen(d, e, is_new);
	if (!e->counts.n[COUNT_DATAGRAMS])
		e->first_seen = dg->seen;
	e->last_seen = dg->seen;
	e->exported = origin->exported;
	e->listener = dg->listener;
	count_add(&e->counts, COUNT_DATAGRAMS, 1);
	count_add(&e->counts, COUNT_BYTES_RECEIVED, size);
	if (!has_slot)
		count_add(&e->counts, COUNT_BYTES_NO_EXPORTER, size);
	else if (origin->numbered)
		sequence_advance(e, origin->sequence, origin->units);
	return e;
}

struct exporter *decode_refuse(struct decoder *d, const struct datagram *dg,
			       enum count what, size_t size)
{
	const struct origin nobody = { .source = FLOW_UNKNOWN };
	struct exporter *e = decode_begin(d, dg, &nobody, size);

	if (e != d->exporters->slots)
		count_add(&e->counts, what, size);
	return e;
}

struct exporter *decode_deny(struct decoder *d, const struct datagram *dg, size_t size)
{
	struct exporter *e = d->exporters->slots;

	if (d->seen)
		d->seen(d, e, false);
	if (!e->counts.n[COUNT_DATAGRAMS])
		e->first_seen = dg->seen;
	e->last_seen = dg->seen;
	count_add(&e->counts, COUNT_DATAGRAMS, 1);
	count_add(&e->counts, COUNT_BYTES_RECEIVED, size);
	count_add(&e->counts, COUNT_BYTES_NOT_ALLOWED, size);
	return e;
}

void decode_drop(struct decoder *d, struct exporter *e, const struct flow *flow)
{
	if (!d->sink->drop)
		return;
	count_add(&e->counts, COUNT_RECORDS_DECODED, 1);
	d->sink->drop(d->sink, flow);
}

void decode_counters(struct decoder *d, struct exporter *e, const struct counters *counters)
{
	if (!d->sink->counters)
		return;
	count_add(&e->counts, COUNT_RECORDS_DECODED, 1);
	d->sink->counters(d->sink, counters);
}

void decode_name(struct decoder *d, struct exporter *e, const struct name_told *name)
{
	if (!d->sink->name)
		return;
	count_add(&e->counts, COUNT_RECORDS_DECODED, 1);
	d->sink->name(d->sink, name);
}
