// SPDX-License-Identifier: Apache-2.0
/* Templates are read as if they came in a datagram: the note has no say in what they mean. */
#include "core/recollect.h"
#include "core/sampling.h"
#include "core/template.h"

struct recollection {
	struct decoder *d;
	struct recall *recall;
	struct exporter *e;		/* of the note at hand */
	uint32_t of;			/* and its slot */
	nm_time now;
	struct recollected sum;
};

static bool learn_template(struct recollection *r, const struct recall_found *found)
{
	const struct lesson lesson = {
		.e = r->e, .seen = r->now, .v9 = found->key.source == FLOW_NETFLOW9,
		.options = found->kind == RECALL_OPTIONS, .note = found->note,
	};
	struct buf in = buf_of(found->bytes, found->len);
	bool learned;

	if (template_learn(r->d->templates, &lesson, &in, &learned) || !learned)
		return false;
	r->sum.templates++;
	return true;
}

static bool learn_rate(struct recollection *r, const struct recall_found *found)
{
	struct rate_told told = {
		.scope = found->kind == RECALL_SAMPLER ? SCOPE_SAMPLER : SCOPE_INTERFACE,
		.note = found->note,
	};
	uint64_t says[2], was;

	if (found->len != sizeof(says))
		return false;
	memcpy(says, found->bytes, sizeof(says));
	told.id = says[0];
	told.rate = says[1];
	if (sampling_learn(r->d->sampling, r->of, &told, r->now, &was))
		return false;
	r->sum.rates++;
	return true;
}

static bool learn_exporter(struct recollection *r, const struct recall_found *found)
{
	uint64_t says[2];

	if (found->len != sizeof(says))
		return false;
	memcpy(says, found->bytes, sizeof(says));
	sampling_recall(r->d->sampling, r->of, says[0], says[1], found->note);
	r->sum.rates += says[0] != 0;
	return true;
}

typedef bool learn_fn(struct recollection *r, const struct recall_found *found);

static bool learn(struct recollection *r, const struct recall_found *found)
{
	static learn_fn *const kinds[] = {
		[RECALL_TEMPLATE] = learn_template, [RECALL_OPTIONS] = learn_template,
		[RECALL_SAMPLER] = learn_rate, [RECALL_INTERFACE] = learn_rate,
		[RECALL_EXPORTER] = learn_exporter,
	};

	if (found->kind >= sizeof(kinds) / sizeof(kinds[0]) || !kinds[found->kind])
		return false;
	r->e = exporter_known(r->d->exporters, &found->key);
	if (!r->e)
		return false;
	r->of = (uint32_t)(r->e - r->d->exporters->slots);
	recall_adopt(r->recall, found->note, r->of);
	return kinds[found->kind](r, found);
}

struct recollected recollect(struct recall *recall, struct decoder *d, nm_time now)
{
	struct recollection r = { .d = d, .recall = recall, .now = now };
	struct recall_found found = { 0 };

	d->templates->recall = recall;
	d->sampling->recall = recall;
	while (recall_next(recall, &found))
		if (!learn(&r, &found)) {
			recall_drop(recall, found.note);
			r.sum.left_out++;
		}
	return r.sum;
}
