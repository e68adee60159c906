// SPDX-License-Identifier: Apache-2.0
/* The agent's memory and wiring: the spool first, for it knows what was before. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "firmware/agent.h"
#include "firmware/alarm.h"
#include "firmware/spool_file.h"
#include "generated/version.h"

/* --- the spool as a store ------------------------------------------------------------- */

static struct agent *agent_of(struct store *s)
{
	return container_of(s, struct agent, store);
}

static uint8_t *spool_room(struct store *s, enum stream stream)
{
	return spool_reserve(&agent_of(s)->spool, stream);
}

static void spool_keep(struct store *s, enum stream stream, size_t len)
{
	(void)stream;
	spool_put(&agent_of(s)->spool, len);
}

static void spool_lose(struct store *s, enum stream stream, size_t len)
{
	spool_lost(&agent_of(s)->spool, stream, len);
}

static void spool_settle(struct store *s, uint32_t slot, const struct exporter *e)
{
	spool_exporter(&agent_of(s)->spool, slot, e);
	spool_commit(&agent_of(s)->spool);
}

/* --- events ------------------------------------------------------------------------------- */

nm_time agent_stamp(const struct agent *a)
{
	return sanity_stamp(&a->sanity, clock_now(), clock_mono());
}

void agent_rebase(struct agent *a)
{
	nm_time guessed = sanity_guess(&a->sanity, clock_mono()), real = clock_now();

	spool_clock_sane(&a->spool, guessed, real);
	chain_rebase(&a->chain, guessed, real);
}

void agent_tell(struct agent *a, enum event_kind kind, const char *name, int64_t value,
		const char *format, ...)
{
	struct event e = { .kind = kind, .when = agent_stamp(a), .value = value };
	va_list args;

	snprintf(e.name, sizeof(e.name), "%s", name);
	va_start(args, format);
	vsnprintf(e.text, sizeof(e.text), format, args);
	va_end(args);
	chain_event(&a->chain, &e);
}

/* --- start ----------------------------------------------------------------------------------- */

/* The address belongs to the name: one port may be bound on several. */
static void name_listener(struct agent_listener *l, const struct addr *address, uint16_t port)
{
	const char *form = addr_is_v4(address) ? "udp:%s:%u" : "udp:[%s]:%u";
	char text[NM_ADDR_TEXT];

	if (addr_is_absent(address))
		snprintf(l->name, sizeof(l->name), "udp:%u", port);
	else
		snprintf(l->name, sizeof(l->name), form, addr_text(address, text), port);
}

enum nm_err agent_listen(struct agent *a, char why[NM_WHY])
{
	for (unsigned i = 0; i < a->conf.listens; i++) {
		const struct conf_listen *c = &a->conf.listen[i];

		for (unsigned p = 0; p < c->ports; p++) {
			struct agent_listener *l = &a->listener[a->listeners];

			l->agent = a;
			a->allow[a->listeners] = (struct allow){ c->allow, c->allows };
			name_listener(l, &c->address, c->port[p]);
			l->udp = udp_open(&c->address, c->port[p], c->receive_buffer,
					  (uint16_t)a->listeners, why);
			if (!l->udp)
				return NM_IO;
			a->listeners++;
		}
	}
	return NM_OK;
}

static enum nm_err start_spool(struct agent *a, char why[NM_WHY])
{
	const struct conf_agent *c = &a->conf.agent;
	enum nm_err err = spool_file_open(&a->spool, &a->mapping, c, why);

	if (err)
		return err;
	spool_limit(&a->spool, (struct spool_limits){ c->seal_bytes,
						      c->seal_ms * (int64_t)NM_NS_PER_MS });
	spool_tick(&a->spool, clock_mono());
	if (c->id[0])
		snprintf(a->identity.agent, sizeof(a->identity.agent), "%s", c->id);
	else
		machine_id(a->identity.agent);
	a->identity.incarnation = spool_incarnation(&a->spool);
	return NM_OK;
}

/* The exporters go on counting where the last process was killed. */
static enum nm_err start_chain(struct agent *a, char why[NM_WHY])
{
	const struct chain_sizes sizes = {
		spool_shape(&a->spool).exporters, a->conf.agent.templates, a->conf.agent.park,
	};

	a->store = (struct store){ spool_room, spool_keep, spool_lose, spool_settle };
	if (!chain_start(&a->chain, &sizes, &a->store)) {
		snprintf(why, NM_WHY, "not enough memory for %u exporters and %u templates",
			 sizes.exporters, sizes.templates);
		return NM_FULL;
	}
	chain_keep_unknown(&a->chain, a->conf.agent.keep_unknown);
	chain_resume(&a->chain, &a->spool);
	if (!a->replaying)		/* what a capture teaches is of another time */
		recall_file_open(&a->recall, &a->chain.decoder, &a->conf.agent, agent_stamp(a));
	chain_obey(&a->chain, &(struct chain_rules){ a->allow, a->listeners, a->conf.exporter,
						     a->conf.exporters });
	chain_clock(&a->chain, a->sanity.sane && !a->replaying, 0);
	return NM_OK;
}

static void tell_of_part(void *ctx, enum event_kind kind, const char *name, int64_t value,
			   const char *text)
{
	agent_tell(ctx, kind, name, value, "%s", text);
}

/* What the machine's own interfaces carry; not while a capture is replayed. */
static enum nm_err start_sampler(struct agent *a, struct helper *helper, char why[NM_WHY])
{
	if (a->replaying || !sampler_is_wanted(&a->conf))
		return NM_OK;
	a->sampling = sampler_start(&a->sampler, &(struct sampler_setup){
		.conf = &a->conf, .agent = a->identity.agent, .chain = &a->chain, .helper = helper,
		.tell = tell_of_part, .ctx = a,
	}, why);
	return a->sampling ? NM_OK : NM_IO;
}

static enum nm_err start_uplink(struct agent *a, unsigned i, unsigned slot, struct helper *helper,
				char why[NM_WHY])
{
	struct agent_uplink *u = &a->uplink[i];

	*u = (struct agent_uplink){
		.conf = &a->conf.uplink[i],
		.slot = slot,
		.watched = -1,
		.drops_told = spool_counts(&a->spool, slot, STREAM_FLOWS).dropped.records,
	};
	u->drops_seen = agent_dropped(a, u);
	u->sender = sender_new(&(struct sender_setup){
		.conf = u->conf, .identity = &a->identity, .spool = &a->spool, .slot = slot,
		.helper = helper, .build = a->sanity.build, .tell = tell_of_part, .ctx = a,
	}, why);
	return u->sender ? NM_OK : NM_IO;
}

static bool is_configured(const struct agent *a, const char *name)
{
	for (unsigned i = 0; i < a->conf.uplinks; i++)
		if (!strcmp(a->conf.uplink[i].name, name))
			return true;
	return false;
}

/* What waits for an uplink that is gone will be dropped: told when events can be. */
static void note_retired(struct agent *a)
{
	for (unsigned slot = 0; slot < SPOOL_UPLINKS; slot++) {
		const char *name = spool_attached(&a->spool, slot);
		struct agent_retired *r = &a->retired[slot];

		if (!name || is_configured(a, name))
			continue;
		snprintf(r->name, sizeof(r->name), "%s", name);
		for (enum stream s = 0; s < STREAM_COUNT; s++)
			r->records += spool_held(&a->spool, slot, s).records;
	}
}

static void tell_of_retired(struct agent *a)
{
	for (const struct agent_retired *r = a->retired; r < a->retired + SPOOL_UPLINKS; r++)
		if (r->name[0])
			agent_tell(a, EVENT_SPOOL_DROP, r->name, (int64_t)r->records,
				   "this uplink is configured no more: %" PRIu64
				   " records that waited for it dropped", r->records);
}

static enum nm_err start_uplinks(struct agent *a, struct helper *helper, char why[NM_WHY])
{
	const char *name[CONF_UPLINKS];
	unsigned slot[CONF_UPLINKS];
	enum nm_err err;

	for (unsigned i = 0; i < a->conf.uplinks; i++)
		name[i] = a->conf.uplink[i].name;
	note_retired(a);
	err = spool_attach(&a->spool, name, a->conf.uplinks, slot);
	if (err)
		snprintf(why, NM_WHY, "spool: %s for %u uplinks", nm_strerror(err),
			 a->conf.uplinks);
	for (; !err && a->uplinks < a->conf.uplinks; a->uplinks++)
		err = start_uplink(a, a->uplinks, slot[a->uplinks], helper, why);
	return err;
}

/* What was lost before is history: only what is lost from here on is told. */
static void start_listeners(struct agent *a)
{
	for (unsigned i = 0; i < a->listeners; i++) {
		struct agent_listener *l = &a->listener[i];

		l->place = spool_listener(&a->spool, l->name);
		spool_hear(&a->spool, l->place, 0, 0, udp_drops(l->udp));
		l->drops_told = spool_heard(&a->spool, l->place).drops;
	}
}

static size_t answer(void *ctx, const char *request, char *at, size_t size)
{
	const struct agent *a = ctx;
	struct out o = out_of(at, size);

	if (!strcmp(request, "status json"))
		report_json(a, &o);
	else if (!strcmp(request, "status"))
		report_text(a, &o);
	else if (!strcmp(request, "status alarms"))
		alarm_summary(a, &o);
	else
		out_format(&o, "no request '%.40s'\n", request);
	if (o.full) {
		o = out_of(at, size);
		out_text(&o, "{\"error\":\"too many exporters for one answer\"}\n");
	}
	return out_len(&o);
}

static enum nm_err start_loop(struct agent *a, char why[NM_WHY])
{
	const struct conf_agent *c = &a->conf.agent;

	a->spool.clock_sane = a->sanity.sane;
	a->chain.guessing = !a->sanity.sane;
	if (a->sanity.sane)		/* an earlier process may have had to guess */
		agent_rebase(a);
	start_listeners(a);
	a->loop = loop_new();
	if (!a->loop) {
		snprintf(why, NM_WHY, "the loop cannot be made");
		return NM_IO;
	}
	if (c->control[0]) {
		a->control = control_listen(c->control, c->user, answer, a, why);
		return a->control ? NM_OK : NM_IO;
	}
	return NM_OK;
}

static void tell_of_start(struct agent *a)
{
	if (spool_was_running(&a->spool))
		agent_tell(a, EVENT_UNCLEAN_END, "agent", 0,
			   "the last process ended without a stop");
	spool_set_running(&a->spool, true);
	tell_of_retired(a);
	agent_tell(a, EVENT_START, "agent", 0, "netmeta %s started; listeners: %u, uplinks: %u",
		   NM_VERSION, a->listeners, a->uplinks);
}

enum nm_err agent_start(struct agent *a, struct helper *helper, char why[NM_WHY])
{
	enum nm_err err;

	a->started = clock_mono();
	a->sanity.build = time_of_s(NM_BUILD_EPOCH);
	a->next_ledger = mono_plus(a->started, a->conf.agent.ledger_s * NM_NS_PER_S);
	sanity_check(&a->sanity, clock_now(), a->started, clock_synchronised());
	err = start_spool(a, why);
	if (!err)
		err = start_chain(a, why);
	if (!err)
		err = start_uplinks(a, helper, why);
	if (!err)
		err = start_sampler(a, helper, why);
	if (!err)
		err = start_loop(a, why);
	if (!err)
		err = rights_drop(a->conf.agent.user, why);
	if (!err)
		tell_of_start(a);
	return err;
}

void agent_unlisten(struct agent *a)
{
	for (unsigned i = 0; i < a->listeners; i++)
		udp_close(a->listener[i].udp);
	a->listeners = 0;
}

void agent_close(struct agent *a)
{
	agent_unlisten(a);
	for (unsigned i = 0; i < a->uplinks; i++)
		sender_free(a->uplink[i].sender);
	if (a->control)
		control_close(a->control);
	loop_free(a->loop);
	if (a->sampling)
		sampler_stop(&a->sampler);
	chain_stop(&a->chain);
	recall_file_close(&a->recall);
	file_unmap(&a->mapping);
}

uint64_t agent_dropped(const struct agent *a, const struct agent_uplink *u)
{
	uint64_t dropped = 0;

	for (enum stream s = 0; s < STREAM_COUNT; s++)
		dropped += spool_counts(&a->spool, u->slot, s).dropped.records;
	return dropped;
}

uint64_t agent_held(const struct agent *a)
{
	uint64_t held = 0;

	for (unsigned i = 0; i < a->uplinks; i++)
		for (enum stream s = 0; s < STREAM_COUNT; s++)
			held += spool_held(&a->spool, a->uplink[i].slot, s).records;
	return held;
}
