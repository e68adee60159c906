// SPDX-License-Identifier: Apache-2.0
/*
 * Who talks to whom: 8,192 customers of one network and 65,536 servers elsewhere, some of both much
 * more than others; the server's port is one of the usual ones, the customer's any. Everything
 * that belongs to an address (its AS, prefix, interface, VLAN, next hop) is always the same with
 * it. Sizes are spread over powers of two, times over the last minute. So a record has about 80
 * bits that nobody can foresee, and the rest can be guessed from records before it.
 */
#include <stdio.h>

#include "tests/bench/traffic_private.h"

#define CUSTOMERS 8192
#define SERVERS   65536
#define MINUTE_MS 60000

static const struct traffic_kind kinds[] = {
	{ "v5", TRAFFIC_V5, 30, "8/4 12/4 15/4 10/2 14/2 2/4 1/4 22/4 21/4 7/2 11/2 0/1 6/1 4/1 "
				"5/1 16/2 17/2 9/1 13/1 0/2" },
	/* 20 fields, what a router sends of IPv4. */
	{ "v9", TRAFFIC_V9, 24, "8/4 12/4 15/4 10/4 14/4 2/4 1/4 22/4 21/4 7/2 11/2 6/1 4/1 5/1 "
				"16/4 17/4 9/1 13/1 61/1 34/4" },
	{ "ipfix", TRAFFIC_IPFIX, 22, "8/4 12/4 15/4 10/4 14/4 2/4 1/4 152/8 153/8 7/2 11/2 6/1 "
				      "4/1 5/1 16/4 17/4 9/1 13/1 61/1 34/4" },
	/* IPv6, and the labels of a large router. */
	{ "dual", TRAFFIC_IPFIX, 12, "27/16 28/16 62/16 10/4 14/4 2/8 1/8 152/8 153/8 7/2 11/2 6/1 "
				     "4/1 5/1 70/3 71/3 72/3" },
	/* Two fields of variable length in it. */
	{ "names", TRAFFIC_IPFIX, 20, "8/4 12/4 82/v 15/4 10/4 14/4 2/4 1/4 152/8 153/8 7/2 11/2 "
				      "6/1 4/1 5/1 82/v" },
	{ "sflow", TRAFFIC_SFLOW, TRAFFIC_SAMPLES, "" },
	{ "vxlan", TRAFFIC_SFLOW, TRAFFIC_SAMPLES, "tunnelled" },
};

const struct traffic_kind *traffic_kind(const char *name)
{
	for (const struct traffic_kind *k = kinds; k < kinds + sizeof(kinds) / sizeof(*k); k++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

const char *traffic_names(void)
{
	static char names[128];

	names[0] = '\0';
	for (const struct traffic_kind *k = kinds; k < kinds + sizeof(kinds) / sizeof(*k); k++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s ", k->name);
	return names;
}

/* --- chance ------------------------------------------------------------------------------ */

/* Marsaglia's xorshift64: the same traffic in every run. */
uint64_t traffic_chance(struct traffic *t)
{
	t->chance ^= t->chance << 13;
	t->chance ^= t->chance >> 7;
	t->chance ^= t->chance << 17;
	return t->chance;
}

static uint64_t below(struct traffic *t, uint64_t n)
{
	return (traffic_chance(t) >> 20) % n;
}

/* The first ones much more often than the last: half of all falls on an eighth of them. */
static uint64_t popular(struct traffic *t, uint64_t n)
{
	return below(t, n) * below(t, n) / n * below(t, n) / n;
}

static uint64_t any_power(struct traffic *t, unsigned bits)
{
	return 1 + (traffic_chance(t) >> 20) % (1ull << (1 + below(t, bits)));
}

/* What belongs to a thing for ever (the finalizer of MurmurHash3). */
static uint32_t always(uint64_t thing)
{
	uint32_t h = (uint32_t)thing * 0x9e3779b1u;

	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

/* --- a conversation ---------------------------------------------------------------------- */

/* One end of it: its address, and what the exporter knows of that. */
static void take_part(struct traffic *t, struct conversation *c, bool customer, bool source)
{
	static const uint16_t ports[8] = { 443, 443, 443, 443, 80, 53, 8443, 22 };
	uint64_t *e = c->element;
	uint32_t address = customer ? 0x0a100000u + (uint32_t)popular(t, CUSTOMERS)
				    : 0x20000000u + always(popular(t, SERVERS)) % 0x80000000u;
	uint32_t owner = always(address >> 12);

	e[source ? SRC : DST] = address;
	e[source ? SRC_PORT : DST_PORT] = customer ? 32768 + below(t, 28232) : ports[owner % 8];
	e[source ? SRC_AS : DST_AS] = customer ? 64500 : owner % 60000 + 1;
	e[source ? SRC_NET : DST_NET] = customer ? 16 : 12 + owner % 13;
	e[source ? IN_IF : OUT_IF] = 1 + owner % (customer ? 48 : 4);
	if (!source)
		e[NEXT_HOP] = 0x0a000001u + owner % 4;
	if (customer)
		e[VLAN] = 100 + owner % 20;
}

struct conversation traffic_converse(struct traffic *t)
{
	static const uint8_t flags[8] = { 0x1b, 0x1b, 0x1b, 0x18, 0x10, 0x1f, 0x02, 0x13 };
	static const uint8_t protocols[8] = { 6, 6, 6, 6, 6, 17, 17, 17 };
	struct conversation c = { .element = { [INTERVAL] = TRAFFIC_RATE } };
	bool download = below(t, 2);
	uint64_t *e = c.element;

	take_part(t, &c, !download, true);
	take_part(t, &c, download, false);
	e[DIRECTION] = download;
	e[PROTOCOL] = protocols[below(t, 8)];
	e[TCP_FLAGS] = e[PROTOCOL] == 6 ? flags[below(t, 8)] : 0;
	e[TOS] = below(t, 16) ? 0 : 0xb8;
	e[PACKETS] = any_power(t, 12);
	e[BYTES] = e[PACKETS] * (40 + below(t, 1461));
	e[END_MS] = t->now_ms - any_power(t, 13);
	e[START_MS] = e[END_MS] - (e[PACKETS] > 1 ? below(t, MINUTE_MS) : 0);
	e[LAST_SWITCHED] = UPTIME_MS - (t->now_ms - e[END_MS]);
	e[FIRST_SWITCHED] = UPTIME_MS - (t->now_ms - e[START_MS]);
	e[SRC6] = e[SRC];
	e[DST6] = e[DST];
	e[NEXT_HOP6] = e[NEXT_HOP];
	e[LABEL1] = (16 + always(e[OUT_IF]) % 1000) << 4;
	e[LABEL2] = (16 + always(e[DST] >> 16) % 100000) << 4;
	e[LABEL3] = (16 + e[VLAN]) << 4 | 1;
	return c;
}

/* --- NetFlow and IPFIX ------------------------------------------------------------------- */

static void put_v6(struct pen *p, uint64_t v)
{
	put(p, 4, 0x20010db8);
	put(p, 4, v >> 12 << 12);
	put(p, 8, v);
}

static void put_name(struct pen *p, const struct conversation *c)
{
	char name[16];
	int len = snprintf(name, sizeof(name), "xe-0/0/%u", (unsigned)c->element[IN_IF]);

	put(p, 1, (uint64_t)len);
	for (int i = 0; i < len; i++)
		put(p, 1, (uint8_t)name[i]);
}

static void put_record(struct traffic *t, struct pen *p)
{
	struct conversation c = traffic_converse(t);
	const char *at = t->kind->fields;

	while (*at) {
		char *end;
		unsigned long id = strtoul(at, &end, 10), len = 0;

		if (end[1] == 'v')
			end += 2;
		else
			len = strtoul(end + 1, &end, 10);
		if (!len)
			put_name(p, &c);
		else if (len == 16)
			put_v6(p, c.element[id]);
		else
			put(p, len, c.element[id]);
		at = end + strspn(end, " ");
	}
}

/* Without a sequence number yet. */
static void put_header(const struct traffic *t, struct pen *p)
{
	p->len = 0;
	put(p, 2, t->kind->protocol);
	put(p, 2, t->kind->records);
	if (t->kind->protocol == TRAFFIC_V5) {
		put(p, 4, UPTIME_MS);
		put(p, 4, t->now_ms / 1000);
		put_hex(p, "00000000 00000000 0000");
		put(p, 2, 0x4000 | TRAFFIC_RATE);
		return;
	}
	if (t->kind->protocol == TRAFFIC_V9)
		put(p, 4, UPTIME_MS);
	put(p, 4, t->now_ms / 1000);
	put(p, 4, 0);
	put(p, 4, 1);
}

static void finish(const struct traffic *t, struct pen *p, struct traffic_datagram *d)
{
	if (t->kind->protocol == TRAFFIC_IPFIX)
		ipfix_end(p);
	if (p->len > sizeof(d->bytes))
		abort();
	memcpy(d->bytes, p->bytes, p->len);
	d->len = p->len;
}

struct traffic traffic_of(const struct traffic_kind *kind, uint64_t now_ms)
{
	return (struct traffic){ kind, now_ms, 0x9e3779b97f4a7c15u };
}

bool traffic_template(const struct traffic *t, struct traffic_datagram *d)
{
	static struct pen p;

	if (t->kind->protocol != TRAFFIC_V9 && t->kind->protocol != TRAFFIC_IPFIX)
		return false;
	put_header(t, &p);
	put_at(&p, 2, 1);
	set_begin(&p, t->kind->protocol == TRAFFIC_V9 ? 0 : 2);
	put_template(&p, 256, t->kind->fields);
	set_end(&p);
	finish(t, &p, d);
	return true;
}

void traffic_next(struct traffic *t, struct traffic_datagram *d)
{
	static struct pen p;
	bool sets = t->kind->protocol != TRAFFIC_V5;

	if (t->kind->protocol == TRAFFIC_SFLOW) {
		traffic_sflow(t, &p, d);
		finish(t, &p, d);
		return;
	}
	put_header(t, &p);
	if (sets)
		set_begin(&p, 256);
	for (unsigned i = 0; i < t->kind->records; i++)
		put_record(t, &p);
	while (sets && p.len % 4)
		put(&p, 1, 0);
	if (sets)
		set_end(&p);
	finish(t, &p, d);
}

/* --- numbers ----------------------------------------------------------------------------- */

static void write32(uint8_t *at, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		at[i] = (uint8_t)v;
}

/* Samples are numbered by their source, and the sources take turns. */
static void number_samples(struct traffic_datagram *d, uint32_t before)
{
	uint32_t first = before * TRAFFIC_SAMPLES;

	for (uint32_t i = 0; i < TRAFFIC_SAMPLES; i++) {
		write32(d->bytes + d->sample[i] + 8, (first + i) / 48 + 1);
		write32(d->bytes + d->sample[i] + 12, (first + i) % 48 + 1);
		write32(d->bytes + d->sample[i] + 28, (first + i) % 48 + 1);
	}
}

void traffic_number(const struct traffic *t, struct traffic_datagram *d, uint32_t before,
		    uint32_t second)
{
	uint32_t flows = before * t->kind->records;

	switch (t->kind->protocol) {
	case TRAFFIC_V5:
		write32(d->bytes + 8, second);
		write32(d->bytes + 16, flows);
		break;
	case TRAFFIC_V9:
		write32(d->bytes + 8, second);
		write32(d->bytes + 12, before + 1);	/* behind the template's */
		break;
	case TRAFFIC_IPFIX:
		write32(d->bytes + 4, second);
		write32(d->bytes + 8, flows);
		break;
	case TRAFFIC_SFLOW:
		write32(d->bytes + 16, before + 1);
		number_samples(d, before);
		break;
	}
}
