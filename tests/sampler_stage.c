// SPDX-License-Identifier: Apache-2.0
/* The machine and the chain that tests of the sampler have. */
#include "tests/sampler_stage.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

static struct stage *here;		/* the contract has no place for a context */

/* --- interfaces and routes ----------------------------------------------------------- */

struct netdevs { int unused; };
static struct netdevs only;

struct netdevs *netdevs_open(char why[NM_WHY])
{
	(void)why;
	return &only;
}

int netdevs_fd(const struct netdevs *n)
{
	return n == &only ? 3 : -1;
}

static struct interface *by_index(uint32_t index)
{
	for (unsigned i = 0; i < here->interfaces; i++)
		if (here->interface[i].index == index)
			return &here->interface[i];
	return NULL;
}

bool netdevs_drain(struct netdevs *n, netdev_fn *told, bool *routes_changed, void *ctx)
{
	bool all = !here->overrun;

	check(n == &only);
	for (unsigned i = 0; i < here->newses && all; i++) {
		struct interface gone = { .index = here->news[i].index };
		struct interface *of = by_index(gone.index);

		if (here->news[i].gone || of)
			told(ctx, here->news[i].gone ? &gone : of, here->news[i].gone);
	}
	here->newses = 0;
	here->overrun = false;
	*routes_changed = here->routes_changed;
	here->routes_changed = false;
	return all;
}

enum nm_err netdevs_all(struct netdevs *n, netdev_fn *told, void *ctx)
{
	check(n == &only);
	for (unsigned i = 0; i < here->interfaces; i++)
		told(ctx, &here->interface[i], false);
	return NM_OK;
}

struct route netdevs_route(struct netdevs *n, uint32_t vrf, const struct addr *dst)
{
	(void)n, (void)vrf;
	here->asked++;
	for (unsigned i = 0; i < here->routes; i++)
		if (addr_same(&here->route[i].dst, dst))
			return here->route[i].route;
	return (struct route){ .kind = ROUTE_NONE };
}

void netdevs_close(struct netdevs *n)
{
	check(n == &only);
}

/* --- taps: what is asked for is there at the next look ------------------------------- */

struct taps *taps_new(const struct taps_setup *setup, char why[NM_WHY])
{
	(void)why;
	check(setup->most == SAMPLER_TAPS && setup->instance);
	return (struct taps *)here;
}

void tap_begin(struct taps *t, unsigned tap, const struct tap_want *want)
{
	(void)t;
	here->tap[tap] = (struct stage_tap){ .state = TAP_ASKED, .want = *want };
}

enum tap_state tap_turn(struct taps *t, unsigned tap)
{
	struct stage_tap *p = &here->tap[tap];
	const char *why = here->refused[p->want.source];

	(void)t;
	if (p->state == TAP_ENDING)
		p->state = TAP_OFF;
	if (p->state != TAP_ASKED)
		return p->state;
	p->state = why ? TAP_REFUSED : TAP_UP;
	p->why = why;
	p->err = here->refusal[p->want.source];
	return p->state;
}

enum nm_err tap_error(const struct taps *t, unsigned tap)
{
	(void)t;
	return here->tap[tap].err;
}

const char *tap_why(const struct taps *t, unsigned tap)
{
	(void)t;
	return here->tap[tap].why;
}

void tap_end(struct taps *t, unsigned tap)
{
	(void)t;
	if (here->tap[tap].state != TAP_OFF)
		here->tap[tap].state = TAP_ENDING;
}

void taps_end_all(struct taps *t, int64_t patience_ns)
{
	check(patience_ns > 0);
	for (unsigned i = 0; i < SAMPLER_TAPS; i++)
		tap_end(t, i);
}

unsigned taps_drain(struct taps *t, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	unsigned n = here->waits;

	(void)t, (void)now, (void)mono;
	for (unsigned i = 0; i < n; i++)
		got(ctx, &here->waiting[i]);
	here->waits = 0;
	return n;
}

struct tap_losses taps_losses(const struct taps *t, enum source source)
{
	(void)t;
	return here->losses[source];
}

void taps_free(struct taps *t)
{
	check(t == (struct taps *)here);
}

nm_mono clock_mono(void)
{
	return here->now;
}

void log_line(enum conf_log level, const char *format, ...)
{
	(void)level, (void)format;
}

/* --- the chain ----------------------------------------------------------------------- */

void chain_sample(struct chain *c, const struct flow *f, uint32_t size, bool wanted)
{
	(void)c;
	check(size > 0);
	here->unwanted += !wanted;
	if (wanted && here->records < STAGE_RECORDS)
		here->record[here->records++] = *f;
}

void chain_sampled(struct chain *c)
{
	(void)c;
}

void chain_sample_losses(struct chain *c, const struct addr *of, enum flow_source source,
			 uint64_t missing, uint64_t dropped, uint64_t bad)
{
	(void)c;
	check(addr_same(of, &here->sampler.address) && source != FLOW_UNKNOWN);
	here->missing += missing;
	here->dropped += dropped;
	here->bad += bad;
}

void chain_interface(struct chain *c, const struct interface_told *told)
{
	(void)c;
	if (here->tolds == STAGE_TOLD)
		return;
	here->told_interface[here->tolds] = *told->interface;
	here->told[here->tolds] = *told;
	here->told[here->tolds].interface = &here->told_interface[here->tolds];
	here->tolds++;
}

static void keep_event(void *ctx, enum event_kind kind, const char *name, int64_t value,
		       const char *text)
{
	struct stage *st = ctx;
	struct stage_event *e = &st->event[st->events];

	(void)value;
	if (st->events == STAGE_EVENTS)
		return;
	st->events++;
	e->kind = kind;
	snprintf(e->name, sizeof(e->name), "%s", name);
	snprintf(e->text, sizeof(e->text), "%s", text);
}

/* --- what tests do ------------------------------------------------------------------- */

void stage_open(struct stage *st, const char *configuration)
{
	char why[NM_WHY];
	struct conf_source from = { .text = configuration, .strict = true };

	*st = (struct stage){ .now = { 1000 * NM_NS_PER_S } };
	here = st;
	from.len = strlen(configuration);
	check(conf_read(&st->conf, &from) == NM_OK);
	check(sampler_start(&st->sampler, &(struct sampler_setup){
		.conf = &st->conf, .agent = "router", .tell = keep_event, .ctx = st }, why));
}

struct interface *stage_add(struct stage *st, uint32_t index, const char *name, const char *kind)
{
	struct interface *i = &st->interface[st->interfaces++];

	*i = (struct interface){ .index = index, .type = 1, .oper = 6,
				 .mac = 0x020000000000 + index };
	strcpy(i->name, name);
	strcpy(i->kind, kind);
	stage_news(st, index, false);
	return i;
}

void stage_news(struct stage *st, uint32_t index, bool gone)
{
	st->news[st->newses].index = index;
	st->news[st->newses++].gone = gone;
}

void stage_remove(struct stage *st, uint32_t index)
{
	*by_index(index) = st->interface[st->interfaces - 1];
	st->interfaces--;
	stage_news(st, index, true);
}

void stage_run(struct stage *st, int64_t ns)
{
	nm_mono until = mono_plus(st->now, ns);
	nm_time stamp = time_of_s(1800000000);

	sampler_news(&st->sampler, st->now, stamp);
	while (!mono_reached(st->now, until)) {
		sampler_turn(&st->sampler, st->now, stamp);
		st->now = mono_plus(st->now, 100 * NM_NS_PER_MS);
	}
}

struct sample *stage_sample(struct stage *st, uint32_t at_if, enum flow_direction direction,
			    const char *src, const char *dst)
{
	static uint8_t frame[STAGE_RECORDS][64];
	uint8_t *b = frame[st->waits];
	struct sample *s = &st->waiting[st->waits++];
	struct addr a, z;

	check(!addr_parse(src, &a) && !addr_parse(dst, &z));
	memset(b, 0, 64);
	b[0] = 0x02;			/* to the interface of that number, from another one */
	b[5] = (uint8_t)at_if;
	b[6] = 0x02;
	b[11] = 0xee;
	b[12] = 0x08;
	b[14] = 0x45;
	b[17] = 50;			/* IP header and the UDP datagram of 30 bytes */
	b[22] = 64;
	b[23] = 17;
	memcpy(b + 26, a.b + 12, 4);
	memcpy(b + 30, z.b + 12, 4);
	b[34] = 1000 >> 8;
	b[35] = 1000 & 0xff;
	b[36] = 2000 >> 8;
	b[37] = 2000 & 0xff;
	b[39] = 30;
	*s = (struct sample){
		.bytes = buf_of(b, 64), .at_if = at_if, .length = 64, .rate = 100,
		.direction = (uint8_t)direction, .source = FLOW_BPF, .told_segments = true,
	};
	return s;
}

const struct flow *stage_last(const struct stage *st)
{
	static const struct flow none;

	return st->records ? &st->record[st->records - 1] : &none;
}

bool stage_has_event(const struct stage *st, enum event_kind kind, const char *name,
		     const char *words)
{
	for (unsigned i = 0; i < st->events; i++)
		if (st->event[i].kind == kind && !strcmp(st->event[i].name, name) &&
		    strstr(st->event[i].text, words))
			return true;
	return false;
}

const struct sampled *stage_sampled(const struct stage *st, const char *name)
{
	for (unsigned i = 0; i < SAMPLER_TAPS; i++)
		if (st->sampler.sampled[i].index && !strcmp(st->sampler.sampled[i].name, name))
			return &st->sampler.sampled[i];
	return NULL;
}

void stage_close(struct stage *st)
{
	sampler_end(&st->sampler, time_of_s(1800000000));
	sampler_stop(&st->sampler);
	here = NULL;
}
