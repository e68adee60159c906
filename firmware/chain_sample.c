// SPDX-License-Identifier: Apache-2.0
/*
 * Samples of this machine's own packets, on the way of a datagram's records: the source of samples
 * is an exporter like others, whose datagrams are samples, so that the same sums close. What one
 * drain of the sources brought is committed in portions.
 */
#include "core/encode.h"
#include "firmware/chain_private.h"

#define SAMPLES_AT_ONCE 32		/* in one transaction of the spool */

void chain_sampled(struct chain *c)
{
	if (!c->samples)
		return;
	c->samples = 0;
	c->store->commit(c->store, chain_slot(c, c->current), c->current);
	chain_tell(c, c->sampler_is_new);
	c->sampler_is_new = false;
}

static struct exporter *begin_sample(struct chain *c, const struct flow *f, uint32_t size)
{
	const struct datagram dg = { .seen = f->seen, .from = f->exporter };
	const struct origin origin = { .source = (enum flow_source)f->source };
	bool other = c->samples && (c->current->source != f->source ||
				    !addr_same(&c->current->address, &f->exporter));

	if (other || c->samples == SAMPLES_AT_ONCE)
		chain_sampled(c);
	c->now = f->seen;
	decode_begin(&c->decoder, &dg, &origin, size);
	c->sampler_is_new |= c->current_is_new;
	c->conf = NULL;			/* rates of the configuration are for exporters */
	c->samples++;
	if (c->guessing)
		exporter_guess(c->current);
	return c->current;
}

void chain_sample(struct chain *c, const struct flow *f, uint32_t size, bool wanted)
{
	struct exporter *e = begin_sample(c, f, size);

	if (e == c->exporters.slots) {	/* no room for the exporter: the bytes are counted */
		chain_tell_full(c, &f->exporter);
		return;
	}
	count_add(&e->counts, COUNT_BYTES_DECODED, size);
	count_add(&e->counts, COUNT_RECORDS_DECODED, 1);
	if (wanted)
		flow_put(&c->sink, f);
	else
		count_add(&e->counts, COUNT_RECORDS_FILTERED, 1);
}

void chain_sample_losses(struct chain *c, const struct addr *of, enum flow_source source,
			 uint64_t missing, uint64_t dropped, uint64_t bad)
{
	const struct exporter_key key = { .address = *of, .source = (uint8_t)source };
	struct exporter *e = exporter_known(&c->exporters, &key);

	if (!e || !(missing | dropped | bad))
		return;
	chain_sampled(c);
	count_add(&e->counts, COUNT_SAMPLES_MISSING, missing);
	count_add(&e->counts, COUNT_SAMPLES_DROPPED, dropped);
	count_add(&e->counts, COUNT_DATAGRAMS_MALFORMED, bad);
	c->store->commit(c->store, chain_slot(c, e), e);
}

void chain_interface(struct chain *c, const struct interface_told *told)
{
	uint8_t scratch[SPOOL_RECORD];
	uint8_t *at = chain_room(c, STREAM_INTERFACES, scratch);

	chain_keep(c, STREAM_INTERFACES, encode_interface(told, at));
	c->store->commit(c->store, 0, NULL);
}
