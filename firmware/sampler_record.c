// SPDX-License-Identifier: Apache-2.0
/*
 * A sample becomes a record: who saw it, where it came in and goes out, whether it counts in
 * totals, whether it is the agent's own.
 *
 * Each byte counts once. A packet on its way through the machine can be picked where it comes
 * in and where it goes out, and on a VLAN's device as well as on the one below. It counts where it
 * comes in; when that interface is not sampled, where it goes out; and on the lowest sampled
 * device. The other records say COVERAGE_AGAIN: they are right for their interface, and
 * would be too much in a total.
 */
#include "firmware/sampler_private.h"

struct sampled *sampler_find(struct sampler *s, uint32_t index)
{
	for (struct sampled *one = s->sampled; one < s->sampled + SAMPLER_TAPS; one++)
		if (one->index == index && index)
			return one;
	return NULL;
}

/* --- where it goes, where it is from ------------------------------------------------------ */

static const struct route *route_of(struct sampler *s, uint32_t vrf, const struct addr *dst)
{
	const struct route *known = route_find(&s->routes, vrf, dst);
	struct route asked;

	if (known)
		return known;
	asked = netdevs_route(s->netdevs, vrf, dst);
	route_put(&s->routes, vrf, dst, &asked);
	return route_find(&s->routes, vrf, dst);
}

/* Does the machine route what comes in with this address, rather than bridge it? */
static bool is_for_us(const struct sampled *one, const struct flow *f)
{
	return !one->mac || !f->dst_mac || f->dst_mac == one->mac ||
	       f->dst_mac == one->master_mac;
}

/* The kernel does not tell of an ingress packet where it will go: ask its routes. */
static void fill_output(struct sampler *s, const struct sampled *one, struct flow *f)
{
	const struct route *r;

	if (addr_is_absent(&f->dst) || !is_for_us(one, f))
		return;
	r = route_of(s, one->vrf, &f->dst);
	if (!r)
		return;
	if (r->kind == ROUTE_FORWARD) {
		f->out_if = r->out_if;
		f->next_hop = r->next_hop;
		f->dst_net = r->prefix;
	} else if (r->kind == ROUTE_LOCAL) {
		f->out_if_kind = INTERFACE_INTERNAL;
	} else if (r->kind == ROUTE_NONE) {
		f->out_if_kind = INTERFACE_DISCARDED;
	} else if (r->kind == ROUTE_MULTICAST) {
		f->out_if_kind = INTERFACE_MULTIPLE;
	}
}

/* What the machine sends itself comes from nowhere; not every source tells the two apart. */
static bool is_from_here(struct sampler *s, const struct sampled *one, const struct flow *f)
{
	const struct route *r;

	if (f->in_if)
		return false;
	if (f->source == FLOW_BPF || f->source == FLOW_PSAMPLE)
		return true;
	if (addr_is_absent(&f->src))
		return true;
	r = route_of(s, one->vrf, &f->src);
	return r && r->kind == ROUTE_LOCAL;
}

/* --- whether it counts -------------------------------------------------------------------- */

static bool is_sampled_in(struct sampler *s, uint32_t index)
{
	const struct sampled *other = sampler_find(s, index);

	return other && other->state == TAP_UP && other->ingress && !other->mirror;
}

/* A forwarded packet that goes out: was it picked where it came in? */
static bool is_again_out(struct sampler *s, const struct sampled *one, const struct flow *f)
{
	const struct route *back;

	if (f->in_if)
		return is_sampled_in(s, f->in_if);
	if (f->in_if_kind == INTERFACE_INTERNAL || addr_is_absent(&f->src))
		return false;
	back = route_of(s, one->vrf, &f->src);	/* nobody told: where its source is reached */
	return back && back->kind == ROUTE_FORWARD && is_sampled_in(s, back->out_if);
}

/* By the server's end and our port: our address may be translated on the way out. */
static bool is_end(const struct link_ends *e, const struct flow *f, bool from_server)
{
	return addr_same(from_server ? &f->src : &f->dst, &e->remote) &&
	       (from_server ? f->src_port : f->dst_port) == e->remote_port &&
	       (from_server ? f->dst_port : f->src_port) == e->local_port;
}

static bool is_own(const struct sampler *s, const struct flow *f)
{
	for (const struct link_ends *e = s->own; e < s->own + s->owns; e++)
		if (is_end(e, f, false) || is_end(e, f, true))
			return true;
	return false;
}

/* --- the record --------------------------------------------------------------------------- */

/* The port that is mirrored received it, or sent it, or nobody knows. */
static void fill_mirror(const struct sampled *one, struct flow *f)
{
	const struct conf_mirror *m = one->mirror;
	uint32_t index = m->index ? m->index : one->index;

	f->source = FLOW_MIRROR;
	f->in_if = f->out_if = 0;
	f->direction = DIRECTION_UNKNOWN;
	if (!m->tx[0]) {
		f->in_if = index;
		return;
	}
	f->direction = one->brings_tx ? DIRECTION_EGRESS : DIRECTION_INGRESS;
	*(one->brings_tx ? &f->out_if : &f->in_if) = index;
}

static void fill_interfaces(struct sampler *s, const struct sampled *one, struct flow *f)
{
	if (f->direction == DIRECTION_EGRESS) {
		f->out_if = one->index;
		if (is_from_here(s, one, f))
			f->in_if_kind = INTERFACE_INTERNAL;
		f->coverage = is_again_out(s, one, f) ? COVERAGE_AGAIN : COVERAGE_COUNTS;
	} else {
		f->in_if = one->index;
		fill_output(s, one, f);
	}
	if (one->again)
		f->coverage = COVERAGE_AGAIN;
}

/* Bytes as the interface's own counter counts such a packet. */
static uint64_t counted(const struct sampled *one, const struct sample_size *size, bool egress)
{
	uint64_t left_out = egress ? one->out_header : one->in_header;

	if (one->is_hardware)
		return size->bytes;
	return size->handled > left_out ? size->handled - left_out : size->handled;
}

/* Of an interface that is not sampled any more: what to say of it is not known. */
static void count_stray(struct sampler *s, const struct sample *sample)
{
	const struct flow f = { .exporter = s->address, .source = sample->source, .seen = s->now };

	s->strays++;
	chain_sample(s->setup.chain, &f, (uint32_t)buf_left(&sample->bytes), false);
}

void sampler_sample(void *ctx, const struct sample *sample)
{
	struct sampler *s = ctx;
	struct sampled *one = sampler_find(s, sample->at_if);
	bool egress = sample->direction == DIRECTION_EGRESS;
	struct sample_size size;
	struct sampled_side *side;
	struct flow f;

	if (!one) {
		count_stray(s, sample);
		return;
	}
	side = egress ? &one->out : &one->in;
	sample_to_flow(sample, (enum packet_link)one->link, &f, &size);
	f.exporter = s->address;
	f.seen = sample->seen.ns ? sample->seen : s->now;
	f.own = is_own(s, &f);
	if (one->mirror)
		fill_mirror(one, &f);
	else
		fill_interfaces(s, one, &f);
	side->samples++;
	truth_note(&side->truth, sample->rate, counted(one, &size, egress), size.packets);
	chain_sample(s->setup.chain, &f, (uint32_t)buf_left(&sample->bytes), true);
}
