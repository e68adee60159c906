// SPDX-License-Identifier: Apache-2.0
/*
 * NetFlow v9 (RFC 3954) and IPFIX (RFC 7011): a header, and sets that say how long they are. Only
 * these lengths are believed: the count in the header of v9 is wrong too often. A set that cannot
 * be read costs its own bytes and nothing else.
 */
#include "core/optdata.h"
#include "core/park.h"
#include "core/section.h"
#include "core/unknown.h"

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
	struct optdata own;		/* what options say */
	struct flow blank;		/* what all records of the datagram begin as */
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

/* --- sets --------------------------------------------------------------------- */

/* Templates whose records each begin anew; those of all others write the same members. */
static bool is_anew(const struct template *t)
{
	return t->variable || t->options || t->finish & (FINISH_KEPT | FINISH_SECTION);
}

static void begin_record(const struct message *m, const struct template *t, const struct known *k,
			 struct draft *draft)
{
	draft->flow = m->blank;
	draft->flow.etype = t->etype;
	draft->flow.rate = k->rate;
	draft->flow.rate_source = k->rate_source;
	if (t->finish || t->options) {
		memset(&draft->notes, 0, sizeof(draft->notes));
		memset(&draft->six, 0, sizeof(draft->six));
		draft->notes.boot_ms = k->boot_ms;
	}
	if (t->finish & FINISH_MORE) {
		memset(&draft->more, 0, sizeof(draft->more));
		draft->flow.more = &draft->more;
	}
	if (t->options)
		memset(&draft->told, 0, sizeof(draft->told));
}

/* What is left of a record to do that is not just passed on. */
static void end_record(struct message *m, const struct template *t, const struct known *k,
		       struct draft *draft)
{
	enum nm_err err = NM_OK;

	if (k->each)
		optdata_rate(&m->own, t, k, &draft->flow);
	if (t->finish & FINISH_SECTION)
		section_fill(&draft->notes, &draft->flow);
	if (t->options)
		err = optdata_take(&m->own, t, draft);
	else
		flow_put(m->d->sink, &draft->flow);
	if (err)
		wrong(m, err);
	if (is_anew(t))
		begin_record(m, t, k, draft);
}

/* Read the records of a set; *len is 0 when one reaches beyond its end. Returns how many. */
static uint32_t records(struct message *m, const struct template *t, struct buf *set, size_t *len)
{
	const struct known known = optdata_known(&m->own, t);
	bool plain = !known.each && !is_anew(t);
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

/* The unknown elements of so many records. */
static void count_unknown(const struct message *m, const struct template *t, uint32_t n)
{
	for (unsigned i = 0; i < t->unknown; i++) {
		struct element e = template_unknown(m->d->templates, t, i);

		unknown_add(m->d->unknown, UNKNOWN_ELEMENT, e.enterprise, e.id, n);
	}
	if (m->d->unknown)
		m->d->unknown->rest += (uint64_t)t->unlisted * n;
}

/* Its other caller is rare and would make a call of it for every set: hence in line. */
static inline __attribute__((always_inline)) void read_set(struct message *m,
							   const struct template *t,
							   struct buf *set)
{
	size_t before = buf_left(set), len;
	uint32_t n = records(m, t, set, &len);

	m->records += n;
	m->options += t->options ? n : 0;
	if (t->unknown)
		count_unknown(m, t, n);
	count(m, t->options ? COUNT_BYTES_OPTIONS : COUNT_BYTES_DECODED, before - buf_left(set));
	count(m, COUNT_RECORDS_DECODED, t->options ? 0 : n);
	if (len)
		count(m, COUNT_BYTES_PADDING, buf_left(set));
	else
		skip(m, COUNT_BYTES_TRUNCATED, buf_left(set), NM_SHORT);
}

/* --- sets before their template ------------------------------------------------- */

static uint64_t lost_sets(const struct message *m)
{
	return m->e->counts.n[COUNT_SETS_NO_TEMPLATE];
}

/* Nobody can read it yet: it waits for its template. What is lost instead is worth telling. */
static void park_set(struct message *m, uint16_t id, struct buf set)
{
	const struct parked what = { m->dg->seen, m->clock, m->origin.sequence, id, 0 };
	uint64_t before = lost_sets(m);

	park_put(m->d->park, m->e, &what, set);
	m->uncounted = true;
	if (lost_sets(m) != before)
		wrong(m, NM_TEMPLATE);
}

static void data_set(struct message *m, uint16_t id, struct buf set)
{
	const struct template *t = template_find(m->d->templates, m->e, id, m->dg->seen);

	if (t)
		read_set(m, t, &set);
	else if (buf_left(&set))
		park_set(m, id, set);
}

/*
 * A new template: what came before it is read with the times and numbers of its own message. Its
 * records are none of this message's, whose sequence number counts.
 */
static void read_parked(struct message *m, uint16_t id)
{
	const struct template *t = template_find(m->d->templates, m->e, id, m->dg->seen);
	struct message then = *m;
	struct parked what;
	struct buf set;

	then.own.blank = &then.blank;
	while (t && park_take(m->d->park, m->e, id, &what, &set)) {
		then.clock = what.clock;
		then.blank.seen = what.seen;
		then.blank.sequence = what.sequence;
		read_set(&then, t, &set);
	}
	m->first = then.first;
	m->malformed = then.malformed;
}

/* What waits for a template need not any longer: there is one, or there will not be. */
static void end_waiting(struct message *m, uint16_t id, bool learned)
{
	uint64_t before = lost_sets(m);

	park_expire(m->d->park, m->e, m->dg->seen);
	if (learned)
		read_parked(m, id);
	else if (id >= DATA_FROM)
		park_bar(m->d->park, m->e, id, m->dg->seen);
	else				/* all of a kind, and nobody knows of which these are */
		park_clear(m->d->park, m->e);
	if (lost_sets(m) != before)
		wrong(m, NM_TEMPLATE);
}

/* --- templates ------------------------------------------------------------------ */

static void template_set(struct message *m, struct buf set, bool options)
{
	const struct lesson lesson = { m->e, m->dg->seen, m->v9, options, 0 };

	while (buf_left(&set) >= SET_HEADER_LEN && !buf_is_zero(&set)) {
		bool changed, withdrawn = !m->v9 && !be16(set.p + 2);	/* it has no fields */
		uint16_t id = be16(set.p);
		size_t before = buf_left(&set);
		enum nm_err err = template_learn(m->d->templates, &lesson, &set, &changed);
		bool learned = changed && !err;

		count(m, err ? COUNT_BYTES_BAD_TEMPLATE : COUNT_BYTES_TEMPLATES,
		      before - buf_left(&set));
		count(m, COUNT_TEMPLATES_LEARNED, learned);
		count(m, COUNT_TEMPLATES_REFUSED, err == NM_FULL);
		if (err)
			wrong(m, err);
		if (learned || (withdrawn && !err) || (err == NM_BADTPL && id >= DATA_FROM))
			end_waiting(m, id, learned);
	}
	count(m, COUNT_BYTES_PADDING, buf_left(&set));
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
	m->origin.exported = m->clock.exported;
	m->origin.source = m->v9 ? FLOW_NETFLOW9 : FLOW_IPFIX;
	m->origin.units = 1;			/* v9 counts datagrams, IPFIX records */
	m->origin.numbered = m->v9;
	m->blank = (struct flow){
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
	m.own = (struct optdata){ d, m.e, (uint32_t)(m.e - d->exporters->slots), &m.blank };
	count(&m, COUNT_BYTES_HEADERS, m.v9 ? V9_HEADER_LEN : IPFIX_HEADER_LEN);
	cut_message(&m, in, len);
	follow_sequence(&m);
	count(&m, COUNT_DATAGRAMS_MALFORMED, m.malformed);
	*err = m.first;
	return m.e;
}
