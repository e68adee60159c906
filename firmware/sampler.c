// SPDX-License-Identifier: Apache-2.0
/*
 * The sampler at work: the interfaces as they come and go, and its turn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/sampler_private.h"

#define TICK_NS      (100 * (int64_t)NM_NS_PER_MS)	/* sources are read so often */
#define ASKING_NS    (10 * (int64_t)NM_NS_PER_MS)	/* while the helper is asked */
#define PATIENCE_NS  (2 * NM_NS_PER_S)			/* for the end of all taps */

/* --- interfaces come and go ---------------------------------------------------------- */

/*
 * Devices that are made of software count bytes in their own ways: some leave the link header
 * out of what they receive.
 */
static const struct { const char *kind; uint8_t in, out; } left_out[] = {
	{ "vlan", 14, 0 }, { "bridge", 14, 0 },
};

static void look_at(struct sampler *s, struct sampled *one, const struct interface *i)
{
	const struct interface *master = interface_find(&s->interfaces, i->master);

	memcpy(one->name, i->name, sizeof(one->name));
	one->link = (uint8_t)sample_link(i->type);
	one->mac = i->mac;
	one->master_mac = master ? master->mac : 0;
	one->vrf = interface_vrf(&s->interfaces, i);
	one->is_hardware = !i->kind[0] && one->link == LINK_ETHERNET;
	one->in_header = one->out_header = 0;
	for (size_t k = 0; k < sizeof(left_out) / sizeof(left_out[0]); k++)
		if (!strcmp(i->kind, left_out[k].kind)) {
			one->in_header = left_out[k].in;
			one->out_header = left_out[k].out;
		}
}

/* Whether it stands above another one that is sampled in the same directions. */
static void look_at_stack(struct sampler *s)
{
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++) {
		const struct interface *above = interface_find(&s->interfaces, one->index);

		one->again = false;
		for (struct sampled *o = s->sampled; above && o < s->sampled + SAMPLER_TAPS; o++) {
			const struct interface *below = interface_find(&s->interfaces, o->index);

			if (below && o != one && !o->mirror && o->ingress >= one->ingress &&
			    o->egress >= one->egress &&
			    interface_is_above(&s->interfaces, above, below))
				one->again = true;
		}
	}
}

static struct sampled *free_place(struct sampler *s)
{
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++)
		if (!one->index && tap_turn(s->taps, sampler_tap(s, one)) == TAP_OFF)
			return one;
	return NULL;
}

static void leave(struct sampler *s, struct sampled *one, const char *words)
{
	bool was_up = one->state == TAP_UP;
	unsigned tap = sampler_tap(s, one);

	if (was_up)
		sampler_event(s, one, EVENT_SOURCE_LOST, "%s", words);
	tap_end(s->taps, tap);
	*one = (struct sampled){ .state = tap_turn(s->taps, tap) };
}

static void came(struct sampler *s, const struct interface *i)
{
	struct sampled wanted = { .index = i->index }, *one;

	if (!sampler_wants(s->setup.conf, i->name, &wanted))
		return;
	one = free_place(s);
	if (!one) {
		s->no_room++;
		log_line(CONF_LOG_WARN, "sampling: %s: no room, %d interfaces are sampled",
			 i->name, SAMPLER_TAPS);
		return;
	}
	*one = wanted;
	look_at(s, one, i);
	sampler_try(s, one);
}

/*
 * It may have another name now, so that the configuration means something else by it; and where
 * it means the same, a source may have held on to the old one: NFLOG does since Linux 6.16.
 */
static void changed(struct sampler *s, struct sampled *one, const struct interface *i)
{
	struct sampled wanted = { .index = i->index };
	bool renamed = strcmp(one->name, i->name);

	if (renamed && (!sampler_wants(s->setup.conf, i->name, &wanted) ||
			wanted.sample != one->sample || wanted.mirror != one->mirror)) {
		leave(s, one, "it has another name now");
		came(s, i);
		return;
	}
	look_at(s, one, i);
	if (renamed)
		sampler_try(s, one);
}

static bool has_changed(const struct interface *was, const struct interface *is)
{
	return !was || strcmp(was->name, is->name) || strcmp(was->alias, is->alias) ||
	       was->master != is->master || was->parent != is->parent || was->oper != is->oper ||
	       was->speed != is->speed || was->mtu != is->mtu || was->mac != is->mac;
}

static void gone(struct sampler *s, uint32_t index)
{
	const struct interface *i = interface_find(&s->interfaces, index);
	struct sampled *one = sampler_find(s, index);

	if (!i)
		return;
	sampler_tell_interface(s, i, true, s->now);
	if (one)
		leave(s, one, "it is gone");
	interface_remove(&s->interfaces, index);
}

static void heard(void *ctx, const struct interface *i, bool is_gone)
{
	struct sampler *s = ctx;
	const struct interface *was = interface_find(&s->interfaces, i->index);
	bool news = !is_gone && has_changed(was, i);
	bool is_new = !was || strcmp(was->name, i->name);
	struct sampled *one = sampler_find(s, i->index);
	struct interface *kept;

	s->changed = true;
	if (is_gone) {
		gone(s, i->index);
		return;
	}
	kept = interface_put(&s->interfaces, i);
	if (!kept) {
		s->no_room++;
		return;
	}
	kept->counted = s->dump;
	if (one)
		changed(s, one, kept);
	else if (is_new)
		came(s, kept);
	if (news)
		sampler_tell_interface(s, kept, false, s->now);
}

/* What was not told again does not exist any more. */
static void look_at_all(struct sampler *s, nm_mono now)
{
	s->dump = now;
	if (netdevs_all(s->netdevs, heard, s))
		return;
	for (uint32_t i = s->interfaces.used; i-- > 0;)
		if (s->interfaces.slots[i].counted.ns != now.ns)
			gone(s, s->interfaces.slots[i].index);
}

/* News of routes wake nobody, so they are asked for before routes are needed. */
static void hear_news(struct sampler *s, nm_mono now)
{
	bool routes_changed = false;

	s->dump = now;
	s->changed = false;
	if (!netdevs_drain(s->netdevs, heard, &routes_changed, s)) {
		log_line(CONF_LOG_WARN, "sampling: news of interfaces were lost; asking for all");
		look_at_all(s, now);
		routes_changed = true;
	}
	if (routes_changed)
		route_forget(&s->routes);
	if (s->changed)
		look_at_stack(s);
}

void sampler_news(struct sampler *s, nm_mono now, nm_time stamp)
{
	s->now = stamp;
	hear_news(s, now);
}

/* --- the turn ------------------------------------------------------------------------ */

void sampler_drain(struct sampler *s, nm_mono now, nm_time stamp)
{
	s->now = stamp;
	taps_drain(s->taps, stamp, now, sampler_sample, s);
	chain_sampled(s->setup.chain);
	for (unsigned i = 0; i < SOURCE_COUNT; i++) {
		struct tap_losses l = taps_losses(s->taps, i), *told = &s->lost[i];

		chain_sample_losses(s->setup.chain, &s->address,
				    (enum flow_source)source_row(i)->record,
				    l.missing - told->missing, l.dropped - told->dropped,
				    l.bad - told->bad);
		*told = l;
	}
}

nm_mono sampler_turn(struct sampler *s, nm_mono now, nm_time stamp)
{
	int64_t pause = TICK_NS;

	if (!mono_reached(now, s->next_tick))
		return s->next_tick;
	s->now = stamp;
	hear_news(s, now);
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++) {
		if (one->index || one->state != TAP_OFF)
			sampler_look(s, one, now);
		if (one->state == TAP_ASKED || one->state == TAP_ENDING)
			pause = ASKING_NS;
	}
	sampler_drain(s, now, stamp);
	if (mono_reached(now, s->next_window) || mono_reached(now, s->next_minute)) {
		look_at_all(s, now);
		look_at_stack(s);
		sampler_window(s, now, stamp);
	}
	s->next_tick = mono_plus(now, pause);
	return s->next_tick;
}

void sampler_own(struct sampler *s, const struct link_ends *ends, unsigned count)
{
	s->owns = count;
	memcpy(s->own, ends, count * sizeof(*ends));
}

int sampler_fd(const struct sampler *s)
{
	return netdevs_fd(s->netdevs);
}

/* --- life ---------------------------------------------------------------------------- */

/* FNV-1a: agents of one machine have different spools. */
static uint32_t hash(const char *text, uint32_t h)
{
	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * 16777619u;
	return h;
}

/*
 * An address for an agent that was given none: in fd6e:6574:6d65:7461::/64, behind it 64 bits of
 * its id. It is the same after every start, whatever addresses the interfaces have.
 */
static struct addr address_of(const char *agent)
{
	struct addr a = { { 0xfd, 'n', 'e', 't', 'm', 'e', 't', 'a' } };
	uint32_t high = hash(agent, 2166136261u), low = hash(agent, high);

	for (int i = 0; i < 4; i++) {
		a.b[8 + i] = (uint8_t)(high >> (24 - 8 * i));
		a.b[12 + i] = (uint8_t)(low >> (24 - 8 * i));
	}
	return a;
}

bool sampler_start(struct sampler *s, const struct sampler_setup *setup, char why[NM_WHY])
{
	const struct conf_agent *c = &setup->conf->agent;
	const struct taps_setup taps = {
		SAMPLER_TAPS, c->sample_buffer, hash(c->spool, 2166136261u), setup->helper,
	};

	*s = (struct sampler){ .setup = *setup, .address = c->address };
	if (addr_is_absent(&s->address))
		s->address = address_of(setup->agent);
	s->interfaces.slots = calloc(SAMPLER_INTERFACES, sizeof(struct interface));
	s->interfaces.size = SAMPLER_INTERFACES;
	s->routes.slots = calloc(SAMPLER_ROUTES, sizeof(struct route_slot));
	s->routes.size = SAMPLER_ROUTES;
	s->routes.age = 1;
	if (!s->interfaces.slots || !s->routes.slots) {
		snprintf(why, NM_WHY, "not enough memory for %d interfaces", SAMPLER_INTERFACES);
		return false;
	}
	s->netdevs = netdevs_open(why);
	if (s->netdevs)
		s->taps = taps_new(&taps, why);
	return s->taps;
}


void sampler_end(struct sampler *s, nm_time stamp)
{
	sampler_drain(s, clock_mono(), stamp);
	taps_end_all(s->taps, PATIENCE_NS);
	sampler_drain(s, clock_mono(), stamp);		/* and what was lost by the end itself */
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++)
		one->index = 0;
}

void sampler_stop(struct sampler *s)
{
	taps_free(s->taps);
	if (s->netdevs)
		netdevs_close(s->netdevs);
	free(s->interfaces.slots);
	free(s->routes.slots);
}
