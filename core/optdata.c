// SPDX-License-Identifier: Apache-2.0
/* What options say: rates, when the uptime began, and names. */
#include "core/name.h"
#include "core/optdata.h"

/* --- names -------------------------------------------------------------------- */

#define ID(kind, member)                                                            \
	{ kind, sizeof(((struct flow *)0)->member), offsetof(struct flow, member) }

/* The members that say what a name is of; the first that is not 0 counts. */
static const struct { uint8_t kind, size; uint16_t at; } ids[] = {
	ID(NAME_INTERFACE, in_if),        ID(NAME_INTERFACE, out_if),
	ID(NAME_VRF, in_vrf),             ID(NAME_VRF, out_vrf),
	ID(NAME_APPLICATION, application), ID(NAME_SAMPLER, sampler),
};

static uint64_t id_of(const struct flow *f, uint8_t kind)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const uint8_t *at = (const uint8_t *)f + ids[i].at;
		uint32_t narrow;
		uint64_t id;

		if (ids[i].kind != kind)
			continue;
		memcpy(&narrow, at, sizeof(narrow));
		memcpy(&id, at, ids[i].size == sizeof(id) ? sizeof(id) : 0);
		id = ids[i].size == sizeof(id) ? id : narrow;
		if (id)
			return id;
	}
	return 0;
}

static void tell(const struct optdata *o, const struct flow *f, enum name_kind kind,
		 const struct text *name, const struct text *description)
{
	struct name_told told = {
		.seen = o->blank->seen, .exporter = o->blank->exporter,
		.domain = o->blank->domain, .source = o->blank->source,
		.kind = (uint8_t)kind, .id = id_of(f, (uint8_t)kind),
		.name = *name,
	};

	if (description)
		told.description = *description;
	if (told.id && (told.name.len || told.description.len))
		decode_name(o->d, o->e, &told);
}

static void tell_names(const struct optdata *o, const struct draft *draft)
{
	const struct told *t = &draft->told;

	tell(o, &draft->flow, NAME_INTERFACE, &t->interface_name, &t->interface_words);
	tell(o, &draft->flow, NAME_VRF, &t->vrf_name, NULL);
	tell(o, &draft->flow, NAME_APPLICATION, &t->application_name, &t->application_words);
	tell(o, &draft->flow, NAME_SAMPLER, &t->sampler_name, NULL);
}

/* --- rates -------------------------------------------------------------------- */

static enum nm_err learn_rate(const struct optdata *o, const struct template *t,
			      const struct flow *f)
{
	struct rate_told told = { .rate = f->rate_source == RATE_RECORD ? f->rate : 0 };
	uint64_t was;

	if (t->names & NAMES_SAMPLER) {
		told.scope = SCOPE_SAMPLER;
		told.id = f->sampler;
	} else if (t->names & NAMES_INTERFACE && f->in_if) {	/* interface 0 is no one's */
		told.scope = SCOPE_INTERFACE;
		told.id = f->in_if;
	}
	if (sampling_learn(o->d->sampling, o->slot, &told, o->blank->seen, &was)) {
		count_add(&o->e->counts, COUNT_RATES_REFUSED, 1);
		return NM_FULL;
	}
	if (was && told.rate && told.rate != was && o->d->rate_changed)
		o->d->rate_changed(o->d, o->e, &told, was);
	return NM_OK;
}

enum nm_err optdata_take(const struct optdata *o, const struct template *t,
			 const struct draft *draft)
{
	if (t->names & NAMES_TOLD && o->d->sink->name)
		tell_names(o, draft);
	if (!o->d->sampling)
		return NM_OK;
	if (draft->notes.boot_ms)
		sampling_boot(o->d->sampling, o->slot, draft->notes.boot_ms);
	return t->finish & FINISH_RATE ? learn_rate(o, t, &draft->flow) : NM_OK;
}

/* --- where it is used ----------------------------------------------------------- */

struct known optdata_known(const struct optdata *o, const struct template *t)
{
	struct sampling *s = o->d->sampling;
	const struct sampled *e = s ? &s->exporters[o->slot] : NULL;
	struct known k = { .rate = 1, .rate_source = RATE_ASSUMED };
	uint64_t rate;

	if (!e || t->options)
		return k;
	k.boot_ms = e->boot_ms;
	rate = e->rate || t->names & NAMES_SAMPLER ? e->rate : sampling_common(s, o->slot);
	if (rate) {
		k.rate = rate;
		k.rate_source = RATE_OPTIONS;
	}
	if (t->names & NAMES_SAMPLER && e->samplers)
		k.scope = SCOPE_SAMPLER;
	else if (t->names & NAMES_INTERFACE && e->interfaces)
		k.scope = SCOPE_INTERFACE;
	k.each = k.scope || (rate && t->finish & FINISH_RATE);
	return k;
}

void optdata_rate(const struct optdata *o, const struct template *t, const struct known *k,
		  struct flow *f)
{
	uint64_t id = k->scope == SCOPE_SAMPLER ? f->sampler : f->in_if, rate = 0;

	if (t->finish & FINISH_RATE && f->rate_source == RATE_RECORD)
		return;
	if (k->scope)
		rate = sampling_find(o->d->sampling, o->slot, k->scope, id);
	f->rate = rate ? rate : k->rate;
	f->rate_source = rate ? RATE_OPTIONS_ID : k->rate_source;
}
