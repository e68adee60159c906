// SPDX-License-Identifier: Apache-2.0
/*
 * Running the steps of a template over a record: the hottest loop of a collector, compiled with
 * -O2. A record of fixed layout is checked once, as a whole, before this is called.
 */
#include "core/template.h"

#define ETYPE_IPV4  0x0800
#define ETYPE_IPV6  0x86dd
#define NTP_TO_1970 2208988800u	/* seconds between the eras' beginnings */
#define MINUTE_MS   60000u
#define DAY_MS      (1440 * MINUTE_MS)
#define LONG_LENGTH 255		/* the length follows in two bytes (RFC 7011 section 7) */

/* Of more than 8 bytes the last 8. */
static uint64_t uint_of(const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;
	uint64_t v = 0;

	for (p = len > sizeof(v) ? end - sizeof(v) : p; p < end; p++)
		v = v << 8 | *p;
	return v;
}

static void put16(void *at, uint16_t v) { memcpy(at, &v, sizeof(v)); }
static void put32(void *at, uint32_t v) { memcpy(at, &v, sizeof(v)); }
static void put64(void *at, uint64_t v) { memcpy(at, &v, sizeof(v)); }

static void put_uint(uint8_t *at, uint8_t size, uint64_t v)
{
	switch (size) {
	case 1: *at = (uint8_t)v; break;
	case 2: put16(at, (uint16_t)v); break;
	case 4: put32(at, (uint32_t)v); break;
	default: put64(at, v);
	}
}

static void put_addr4(uint8_t *at, const uint8_t *p)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(at, mapped, sizeof(mapped));
	memcpy(at + sizeof(mapped), p, 4);
}

static void put_hop4(uint8_t *at, const uint8_t *p)
{
	if (be32(p))
		put_addr4(at, p);
	else
		memset(at, 0, sizeof(struct addr));
}

/* Times. What does not fit 64 bits of nanoseconds is no time, and absent. */

static void put_time(void *at, uint64_t n, uint64_t unit_ns)
{
	put64(at, n > INT64_MAX / unit_ns ? 0 : n * unit_ns);
}

static void put_ntp(void *at, const uint8_t *p)
{
	uint64_t s = (uint32_t)(be32(p) - NTP_TO_1970);		/* right until 2106 */
	uint64_t ns = be32(p + 4) * (uint64_t)NM_NS_PER_S >> 32;

	put64(at, be64(p) ? s * NM_NS_PER_S + ns : 0);
}

static void put_delta(void *at, const struct export_clock *clock, uint64_t us)
{
	uint64_t exported = (uint64_t)clock->exported.ns;

	put64(at, us > exported / NM_NS_PER_US ? 0 : exported - us * NM_NS_PER_US);
}

static void put_uptime(void *at, const struct export_clock *clock, uint32_t ms)
{
	int32_t distance = (int32_t)(ms - clock->uptime_ms);	/* the counter wraps */

	put64(at, (uint64_t)time_plus(clock->exported, (int64_t)distance * NM_NS_PER_MS).ns);
}

/*
 * The uptime has run over every 49.7 days since the boot: so many times that the flow was seen
 * within the day before its export, whose time is told in whole seconds. What is not so, the clock
 * or the boot being wrong, is left as it is told.
 */
static void put_since_boot(void *at, const struct export_clock *clock, uint64_t boot_ms,
			   uint32_t uptime_ms)
{
	uint64_t latest = (uint64_t)clock->exported.ns / NM_NS_PER_MS + MINUTE_MS;
	uint64_t ms = boot_ms ? boot_ms + uptime_ms : 0, before;

	if (ms && latest > ms) {
		before = (latest - ms) % ((uint64_t)UINT32_MAX + 1);
		if (before < DAY_MS)
			ms = latest - before;
	}
	put_time(at, ms, NM_NS_PER_MS);
}

static void put_icmp(uint8_t *type, uint64_t v)
{
	_Static_assert(offsetof(struct flow, icmp_code) == offsetof(struct flow, icmp_type) + 1 &&
		       offsetof(struct six, icmp_code) == offsetof(struct six, icmp_type) + 1,
		       "the code stands behind the type");
	type[0] = (uint8_t)(v >> 8);
	type[1] = (uint8_t)v;
}

static uint8_t direction(uint8_t v)
{
	return v == 0 ? DIRECTION_INGRESS : v == 1 ? DIRECTION_EGRESS : DIRECTION_UNKNOWN;
}

/* The kind of the network is in the first byte (IANA on layer2SegmentId). */
static void put_segment(struct flow *f, uint64_t v)
{
	static const uint8_t kinds[] = { TUNNEL_NONE, TUNNEL_VXLAN, TUNNEL_NVGRE };
	uint64_t kind = v >> 56;

	f->tunnel = kind < sizeof(kinds) ? kinds[kind] : TUNNEL_OTHER;
	f->tunnel_id = v & 0x00ffffffffffffff;
}

/* Names in fields of a fixed length end in zeros. */
static void put_text(void *at, const uint8_t *p, size_t len)
{
	const uint8_t *zero = memchr(p, 0, len);
	const struct text t = { p, (uint16_t)(zero ? (size_t)(zero - p) : len) };

	memcpy(at, &t, sizeof(t));
}

static void put_bytes(void *at, const uint8_t *p, size_t len)
{
	const struct text t = { p, (uint16_t)len };

	memcpy(at, &t, sizeof(t));
}

static void put_kept(struct flow_more *more, uint16_t which, const uint8_t *p, size_t len)
{
	struct kept k = { .id = which, .len = (uint16_t)len, .p = p };	/* see finish_kept() */

	if (more->kept_count < FLOW_KEPT)
		more->kept[more->kept_count++] = k;
}

/* Conversions that are rare, or lengths that are. */
static void store_rare(const struct step *s, const struct export_clock *clock, const uint8_t *p,
		       size_t len, struct draft *d)
{
	uint8_t *at = (uint8_t *)d + s->to;
	uint64_t v = uint_of(p, len);

	switch (s->op) {
	case OP_TEXT:      put_text(at, p, len); break;
	case OP_BYTES:     put_bytes(at, p, len); break;
	case OP_KEEP:      put_kept(&d->more, s->to, p, len); break;
	case OP_SEGMENT:   put_segment(&d->flow, v); break;
	case OP_UINT:      put_uint(at, s->size, v); break;
	case OP_SECONDS:   put_time(at, v, NM_NS_PER_S); break;
	case OP_MILLIS:    put_time(at, v, NM_NS_PER_MS); break;
	case OP_UPTIME:    put_uptime(at, clock, (uint32_t)v); break;
	case OP_NTP:       put_ntp(at, p); break;
	case OP_DELTA:     put_delta(at, clock, v); break;
	case OP_ICMP:      put_icmp(at, v); break;
	case OP_IPVERSION: put16(at, v == 4 ? ETYPE_IPV4 : v == 6 ? ETYPE_IPV6 : 0); break;
	case OP_VLAN:
		d->flow.vlan = d->flow.src_vlan = (uint16_t)v;
		break;
	case OP_TTL:
		d->flow.ttl_min = d->flow.ttl_max = (uint8_t)v;
		break;
	case OP_OBSERVED:
		put_time(&d->flow.start, v, NM_NS_PER_MS);
		d->flow.end = d->flow.start;
		break;
	}
}

static inline void store(const struct step *s, const struct export_clock *clock, const uint8_t *p,
			 size_t len, struct draft *d)
{
	uint8_t *at = (uint8_t *)d + s->to;

	switch (s->op) {
	case OP_U8:        *at = *p; break;
	case OP_U16:       put16(at, be16(p)); break;
	case OP_U32:       put32(at, be32(p)); break;
	case OP_U64:       put64(at, be64(p)); break;
	case OP_U8_16:     put16(at, *p); break;
	case OP_U16_32:    put32(at, be16(p)); break;
	case OP_U32_64:    put64(at, be32(p)); break;
	case OP_ADDR4:     put_addr4(at, p); break;
	case OP_HOP4:      put_hop4(at, p); break;
	case OP_ADDR16:    memcpy(at, p, sizeof(struct addr)); break;
	case OP_DIRECTION: *at = direction(*p); break;
	case OP_MILLIS_8:  put_time(at, be64(p), NM_NS_PER_MS); break;
	case OP_UPTIME_4:  put_uptime(at, clock, be32(p)); break;
	default:           store_rare(s, clock, p, len, d);
	}
}

/* The length that a variable field begins with; SIZE_MAX when it does not fit. */
static size_t variable_length(struct buf *in)
{
	size_t len = buf_u8(in);

	if (len == LONG_LENGTH)
		len = buf_u16(in);
	return in->bad ? SIZE_MAX : len;
}

/* Can the step read so many bytes? Of a fixed field that was seen when it was compiled. */
static bool fits(const struct step *s, size_t len)
{
	return s->op != OP_SKIP && len &&
	       (s->len || s->op == OP_UINT || !s->size || len == s->size);
}

/* One step of a record with variable fields; *in stands behind the last of them so far. */
static bool step_variable(const struct step *s, const struct export_clock *clock, struct buf *in,
			  struct draft *d)
{
	struct buf part = *in;
	size_t len = s->len;

	buf_skip(&part, s->from);
	if (part.bad)
		return false;
	if (!len)
		len = variable_length(&part);
	if (len > buf_left(&part))
		return false;
	if (fits(s, len))
		store(s, clock, part.p, len, d);
	if (!s->len)
		in->p = part.p + len;
	return true;
}

static uint64_t one_in(const struct notes *n)
{
	if (n->interval || n->random_interval)
		return n->interval ? n->interval : n->random_interval;
	if (n->packet_interval && n->packet_space)
		return 1 + n->packet_space / n->packet_interval;
	if (n->size)
		return n->population / n->size;
	return n->packet_interval == 1;		/* 1 and nothing left out; of more we do not know */
}

/* Sections behind the last label are sent as zeros; the bottom-of-stack bit is often wrong. */
static void finish_labels(struct draft *d)
{
	d->flow.label_count = 0;
	for (uint8_t i = 0; i < FLOW_LABELS; i++) {
		d->flow.labels[i] = d->notes.labels[i] >> 4;
		if (d->notes.labels[i])
			d->flow.label_count = i + 1;
	}
}

static bool is_no_v4(const struct addr *a)
{
	return !be32(a->b + 12);
}

static void take_other(struct addr *four, const struct addr *six)
{
	if (is_no_v4(four) && !addr_is_absent(six))
		*four = *six;
}

/* Of two families in one record the one that is not zero, IPv4 when both are not. */
static void finish_family(struct flow *f, const struct six *six)
{
	take_other(&f->src, &six->src);
	take_other(&f->dst, &six->dst);
	take_other(&f->next_hop, &six->next_hop);
	take_other(&f->bgp_next_hop, &six->bgp_next_hop);
	take_other(&f->nat_src, &six->nat_src);
	take_other(&f->nat_dst, &six->nat_dst);
	if (!addr_is_v4(&f->src) && six->src_net)
		f->src_net = six->src_net;
	if (!addr_is_v4(&f->dst) && six->dst_net)
		f->dst_net = six->dst_net;
	if (!addr_is_v4(&f->src) && (six->icmp_type || six->icmp_code)) {
		f->icmp_type = six->icmp_type;
		f->icmp_code = six->icmp_code;
	}
}

/* What was kept knows its place in the list of the template only. */
static void finish_kept(const struct templates *ts, const struct template *t,
			struct flow_more *more)
{
	for (uint8_t i = 0; i < more->kept_count; i++) {
		struct element e = template_unknown(ts, t, more->kept[i].id);

		more->kept[i].enterprise = e.enterprise;
		more->kept[i].id = e.id;
	}
}

static void finish(uint16_t what, const struct export_clock *clock, struct draft *d)
{
	struct flow *f = &d->flow;
	const struct notes *n = &d->notes;

	if (what & FINISH_RATE) {
		f->rate = one_in(n);
		f->rate_source = f->rate ? RATE_RECORD : RATE_ASSUMED;
		f->rate += !f->rate;
	}
	if (what & FINISH_START)
		put_since_boot(&f->start, clock, n->boot_ms, n->start_uptime);
	if (what & FINISH_END)
		put_since_boot(&f->end, clock, n->boot_ms, n->end_uptime);
	if (what & FINISH_LABELS)
		finish_labels(d);
	if (what & FINISH_FAMILY)
		finish_family(f, &d->six);
	if (what & FINISH_ETYPE)
		f->etype = addr_is_v4(&f->src) ? ETYPE_IPV4 : ETYPE_IPV6;
}

static void run_fixed(const struct templates *ts, const struct template *t,
		      const struct export_clock *clock, const uint8_t *p, struct draft *d)
{
	const struct chunk *c = &ts->chunks[t->chunk];

	for (unsigned left = t->steps; left;) {
		unsigned n = left < CHUNK_STEPS ? left : CHUNK_STEPS;

		for (const struct step *s = c->steps; s < c->steps + n; s++)
			store(s, clock, p + s->from, s->len, d);
		c = &ts->chunks[c->next];
		left -= n;
	}
}

/* Returns the length, 0 when the record ends beyond its window. */
static size_t run_variable(const struct templates *ts, const struct template *t,
			   const struct export_clock *clock, const struct buf *in, struct draft *d)
{
	const struct chunk *c = &ts->chunks[t->chunk];
	struct buf rest = *in;

	for (unsigned i = 0; i < t->steps; i++) {
		if (i && i % CHUNK_STEPS == 0)
			c = &ts->chunks[c->next];
		if (!step_variable(&c->steps[i % CHUNK_STEPS], clock, &rest, d))
			return 0;
	}
	buf_skip(&rest, t->tail);
	return rest.bad ? 0 : (size_t)(rest.p - in->p);
}

size_t steps_run(const struct templates *ts, const struct template *t,
		 const struct export_clock *clock, const struct buf *in, struct draft *d)
{
	size_t len = t->min_len;

	if (t->variable)
		len = run_variable(ts, t, clock, in, d);
	else
		run_fixed(ts, t, clock, in->p, d);
	if (len && t->finish)
		finish(t->finish, clock, d);
	if (len && t->finish & FINISH_KEPT)
		finish_kept(ts, t, &d->more);
	return len;
}
