// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v9 (RFC 3954) and IPFIX (RFC 7011): a header, and sets that say how long they are. Only
 * these lengths are believed: the count in the header of v9 is wrong too often. A set that cannot
 * be read costs its own bytes and nothing else.
 */
#include "core/decode.h"
#include "core/sampling.h"
#include "core/template.h"

#define V9               9
#define V9_HEADER_LEN    20
#define IPFIX_HEADER_LEN 16
#define SET_HEADER_LEN   4
#define DATA_FROM        256

struct message {
	struct decoder *d;
	struct exporter *e;
	const struct datagram *dg;
	bool v9;
	struct export_clock clock;
	struct origin origin;
	uint32_t slot;			/* of the exporter */
	struct draft blank;		/* what all records of the datagram begin as */
	uint32_t records, options;	/* all, and those of them that are options records */
	bool uncounted;			/* there were others, nobody knows how many */
	enum nm_err first;		/* the first thing wrong */
	bool malformed;
};

static void count(struct message *m, enum count what, size_t n)
{
	count_add(&m->e->counts, what, n);
}

static void wrong(struct message *m, enum nm_err err)
{
	m->malformed |= err == NM_SHORT || err == NM_LENGTH || err == NM_BADTPL;
	if (!m->first)
		m->first = err;
}

/* What cannot be read: who knows how many records it was. */
static void skip(struct message *m, enum count what, size_t n, enum nm_err err)
{
	count(m, what, n);
	wrong(m, err);
	m->uncounted = true;
}

static void template_set(struct message *m, struct buf set, bool options)
{
	const struct lesson lesson = { m->e, m->dg->seen, m->v9, options };

	while (buf_left(&set) >= SET_HEADER_LEN && !buf_is_zero(&set)) {
		size_t before = buf_left(&set);
		bool changed;
		enum nm_err err = template_learn(m->d->templates, &lesson, &set, &changed);

		count(m, err ? COUNT_BYTES_BAD_TEMPLATE : COUNT_BYTES_TEMPLATES,
		      before - buf_left(&set));
		count(m, COUNT_TEMPLATES_LEARNED, changed);
		if (err)
			wrong(m, err);
	}
	count(m, COUNT_BYTES_PADDING, buf_left(&set));
}

/* --- options ---------------------------------------------------------------- */

static void learn_rate(struct message *m, const struct template *t, const struct flow *f)
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
	if (sampling_learn(m->d->sampling, m->slot, &told, m->dg->seen, &was)) {
		count(m, COUNT_RATES_REFUSED, 1);
		wrong(m, NM_FULL);
	} else if (was && told.rate && told.rate != was && m->d->rate_changed) {
		m->d->rate_changed(m->d, m->e, &told, was);
	}
}

static void take_options(struct message *m, const struct template *t, const struct draft *draft)
{
	if (!m->d->sampling)
		return;
	if (draft->notes.boot_ms)
		m->d->sampling->exporters[m->slot].boot_ms = draft->notes.boot_ms;
	if (t->finish & FINISH_RATE)
		learn_rate(m, t, &draft->flow);
}

/* --- rates that options told -------------------------------------------------- */

/* What options say of all records of a set, and how each is to be looked up. */
struct known {
	uint64_t rate;
	uint8_t rate_source;
	enum rate_scope scope;		/* SCOPE_EXPORTER: all have the same rate */
	bool each;			/* something is to be done for each record */
	uint64_t boot_ms;
};

static struct known know_set(const struct message *m, const struct template *t)
{
	struct sampling *s = m->d->sampling;
	const struct sampled *e = s ? &s->exporters[m->slot] : NULL;
	struct known k = { .rate = 1, .rate_source = RATE_ASSUMED };
	uint64_t rate;

	if (!e || t->options)
		return k;
	k.boot_ms = e->boot_ms;
	rate = e->rate || t->names & NAMES_SAMPLER ? e->rate : sampling_common(s, m->slot);
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

/* The record's own rate comes first, then that of its sampler or interface, then everybody's. */
static void rate_record(const struct message *m, const struct template *t, const struct known *k,
			struct flow *f)
{
	uint64_t id = k->scope == SCOPE_SAMPLER ? f->sampler : f->in_if, rate = 0;

	if (t->finish & FINISH_RATE && f->rate_source == RATE_RECORD)
		return;
	if (k->scope)
		rate = sampling_find(m->d->sampling, m->slot, k->scope, id);
	f->rate = rate ? rate : k->rate;
	f->rate_source = rate ? RATE_OPTIONS_ID : k->rate_source;
}

/* --- sets --------------------------------------------------------------------- */

static void begin_record(const struct message *m, const struct template *t, const struct known *k,
			 struct draft *draft)
{
	*draft = m->blank;
	draft->flow.etype = t->etype;
	draft->flow.rate = k->rate;
	draft->flow.rate_source = k->rate_source;
	draft->notes.boot_ms = k->boot_ms;
}

/* What is left of a record to do that is not just passed on. */
static void end_record(struct message *m, const struct template *t, const struct known *k,
		       struct draft *draft)
{
	if (k->each)
		rate_record(m, t, k, &draft->flow);
	if (t->options)
		take_options(m, t, draft);
	else
		flow_put(m->d->sink, &draft->flow);
	if (t->variable)
		begin_record(m, t, k, draft);
}

/* Read the records of a set; *len is 0 when one reaches beyond its end. Returns how many. */
static uint32_t records(struct message *m, const struct template *t, struct buf *set, size_t *len)
{
	const struct known known = know_set(m, t);
	bool plain = !known.each && !t->options && !t->variable;
	struct draft draft;
	uint32_t n = 0;

	begin_record(m, t, &known, &draft);
	for (*len = 1; buf_left(set) >= t->min_len; n++) {
		*len = steps_run(m->d->templates, t, &m->clock, set, &draft);
		if (!*len)
			break;
		set->p += *len;
		if (plain)
			flow_put(m->d->sink, &draft.flow);
		else
			end_record(m, t, &known, &draft);
	}
	return n;
}

static void data_set(struct message *m, uint16_t id, struct buf set)
{
	const struct template *t = template_find(m->d->templates, m->e, id, m->dg->seen);
	size_t before = buf_left(&set), len;
	uint32_t n;

	if (!t) {
		count(m, COUNT_SETS_NO_TEMPLATE, 1);
		skip(m, COUNT_BYTES_NO_TEMPLATE, before, NM_TEMPLATE);
		return;
	}
	n = records(m, t, &set, &len);
	m->records += n;
	m->options += t->options ? n : 0;
	count(m, t->options ? COUNT_BYTES_OPTIONS : COUNT_BYTES_DECODED, before - buf_left(&set));
	count(m, COUNT_RECORDS_DECODED, t->options ? 0 : n);
	if (len)
		count(m, COUNT_BYTES_PADDING, buf_left(&set));
	else
		skip(m, COUNT_BYTES_TRUNCATED, buf_left(&set), NM_SHORT);
}

static void one_set(struct message *m, uint16_t id, struct buf set)
{
	uint16_t templates = m->v9 ? 0 : 2;

	count(m, COUNT_BYTES_HEADERS, SET_HEADER_LEN);
	if (set.bad) {
		skip(m, COUNT_BYTES_TRUNCATED, buf_left(&set), NM_SHORT);
	} else if (id >= DATA_FROM) {
		data_set(m, id, set);
	} else if (id == templates || id == templates + 1) {
		template_set(m, set, id != templates);
	} else {
		count(m, COUNT_BYTES_UNKNOWN_SET, buf_left(&set));
		wrong(m, NM_SET);
	}
}

static void sets(struct message *m, struct buf in)
{
	while (buf_left(&in) >= SET_HEADER_LEN) {
		struct buf all = in, set;
		uint16_t id = buf_u16(&in), len = buf_u16(&in);

		if (len < SET_HEADER_LEN) {
			in = all;
			break;
		}
		set = in;
		if (len - SET_HEADER_LEN > (int)buf_left(&in))
			set.bad = true;
		else
			set.end = set.p + len - SET_HEADER_LEN;
		in.p = set.end;
		one_set(m, id, set);
	}
	if (buf_left(&in) < SET_HEADER_LEN || buf_is_zero(&in))
		count(m, COUNT_BYTES_PADDING, buf_left(&in));
	else
		skip(m, COUNT_BYTES_BAD_LENGTH, buf_left(&in), NM_LENGTH);
}

/* The window of an IPFIX message is what its header says; v9 has no length. */
static void cut_message(struct message *m, struct buf in, uint16_t len)
{
	struct buf rest = in;

	if (m->v9) {
		sets(m, in);
	} else if (len < IPFIX_HEADER_LEN) {
		skip(m, COUNT_BYTES_BAD_LENGTH, buf_left(&in), NM_LENGTH);
	} else if ((size_t)len - IPFIX_HEADER_LEN > buf_left(&in)) {
		skip(m, COUNT_BYTES_TRUNCATED, buf_left(&in), NM_SHORT);
	} else {
		sets(m, buf_take(&rest, len - IPFIX_HEADER_LEN));
		if (buf_is_zero(&rest))
			count(m, COUNT_BYTES_PADDING, buf_left(&rest));
		else
			skip(m, COUNT_BYTES_BAD_LENGTH, buf_left(&rest), NM_LENGTH);
	}
}

/* Returns the length of the message, of IPFIX. */
static uint16_t header(struct message *m, struct buf *in)
{
	uint16_t len;

	m->v9 = buf_u16(in) == V9;
	len = buf_u16(in);
	if (m->v9)
		m->clock.uptime_ms = buf_u32(in);
	m->clock.exported = time_of_s(buf_u32(in));
	m->origin.exported = m->clock.exported;
	m->origin.sequence = buf_u32(in);
	m->origin.domain = buf_u32(in);
	m->origin.source = m->v9 ? FLOW_NETFLOW9 : FLOW_IPFIX;
	m->origin.units = 1;			/* v9 counts datagrams, IPFIX records */
	m->origin.numbered = m->v9;
	m->blank.flow = (struct flow){
		.seen = m->dg->seen,
		.exporter = m->dg->from,
		.source = (uint8_t)m->origin.source,
		.domain = m->origin.domain,
		.sequence = m->origin.sequence,
	};
	return len;
}

static void follow_sequence(struct message *m)
{
	if (m->v9)
		return;
	if (m->uncounted)
		sequence_forget(m->e, m->origin.sequence);
	else
		sequence_records(m->e, m->origin.sequence, m->records, m->options);
}

struct exporter *ipfix_decode(struct decoder *d, struct buf in,
			      const struct datagram *dg, enum nm_err *err)
{
	struct message m = { .d = d, .dg = dg };
	size_t size = buf_left(&in);
	uint16_t len = header(&m, &in);

	*err = NM_SHORT;
	if (in.bad)
		return decode_refuse(d, dg, COUNT_BYTES_TRUNCATED, size);
	*err = NM_FULL;
	m.e = decode_begin(d, dg, &m.origin, size);
	if (m.e == d->exporters->slots)
		return m.e;
	m.slot = (uint32_t)(m.e - d->exporters->slots);
	count(&m, COUNT_BYTES_HEADERS, m.v9 ? V9_HEADER_LEN : IPFIX_HEADER_LEN);
	cut_message(&m, in, len);
	follow_sequence(&m);
	count(&m, COUNT_DATAGRAMS_MALFORMED, m.malformed);
	*err = m.first;
	return m.e;
}
