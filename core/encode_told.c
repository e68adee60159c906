// SPDX-License-Identifier: Apache-2.0
/* What exporters tell of themselves, by nanopb: counters, names, the interfaces of this machine. */
#include "core/encode_private.h"

_Static_assert(netmeta_NameMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "a name fits");
_Static_assert(netmeta_InterfaceMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD,
	       "an interface fits");
_Static_assert((int)NAME_SAMPLER == netmeta_NameMessage_NameKind_NAME_SAMPLER,
	       "the enums of core/ and of the schema are the same");

/* Text that comes as C has it. */
#define PUT_CHARS(m, field, chars) \
	PUT_TEXT(m, field, ((struct text){ (const uint8_t *)(chars), (uint16_t)strlen(chars) }))

static struct part name_of(const char *name)
{
	return (struct part){ name, strlen(name), 0 };
}

static bool put_counters(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
	const struct counters *c = *arg;

	for (unsigned i = 0; i < c->count && i < COUNTERS_MOST; i++) {
		const struct counter *v = &c->values[i];

		if (!encode_entry(stream, field, name_of(v->name),
				  (struct part){ .number = v->value }))
			return false;
	}
	return true;
}

static bool put_texts(pb_ostream_t *stream, const pb_field_t *field, void *const *arg)
{
	const struct counters *c = *arg;

	for (unsigned i = 0; i < c->text_count && i < COUNTER_TEXTS; i++) {
		char text[COUNTER_TEXT];
		struct part value = { text, text_print(c->texts[i].text, text, sizeof(text)), 0 };

		if (!encode_entry(stream, field, name_of(c->texts[i].name), value))
			return false;
	}
	return true;
}

size_t encode_counters(const struct counters *c, uint8_t at[SPOOL_RECORD])
{
	netmeta_CounterMessage m = netmeta_CounterMessage_init_zero;
	void *arg = (void *)(uintptr_t)c;

	m.TimeReceivedNs = (uint64_t)c->seen.ns;
	PUT_ADDRESS(&m, SamplerAddress, &c->exporter);
	PUT_ADDRESS(&m, AgentAddress, &c->agent);
	PUT_UINT(&m, Source, c->source);
	m.ObservationDomain = c->domain;
	m.SequenceNum = c->sequence;
	m.UptimeMs = c->uptime_ms;
	m.SourceClass = c->source_class;
	m.SourceIndex = c->source_index;
	strncpy(m.Group, c->group, sizeof(m.Group) - 1);
	m.Counters = (pb_callback_t){ { .encode = put_counters }, arg };
	m.Texts = (pb_callback_t){ { .encode = put_texts }, arg };
	return encode_message(netmeta_CounterMessage_fields, &m, at);
}

size_t encode_name(const struct name_told *n, uint8_t at[SPOOL_RECORD])
{
	netmeta_NameMessage m = netmeta_NameMessage_init_zero;

	m.TimeReceivedNs = (uint64_t)n->seen.ns;
	PUT_ADDRESS(&m, SamplerAddress, &n->exporter);
	PUT_ADDRESS(&m, AgentAddress, &n->agent);
	PUT_UINT(&m, Source, n->source);
	m.ObservationDomain = n->domain;
	PUT_UINT(&m, Kind, n->kind);
	m.Id = n->id;
	PUT_TEXT(&m, Name, n->name);
	PUT_TEXT(&m, Description, n->description);
	return encode_message(netmeta_NameMessage_fields, &m, at);
}

static void put_verdicts(netmeta_InterfaceMessage *m, const struct interface_told *i)
{
	m->WindowNs = (uint64_t)i->window_ns;
	if (!i->window_ns)
		return;
	m->InSamples = i->in.samples;
	m->InCounted = i->in.counted;
	m->InEstimated = i->in.estimated;
	m->InBand = i->in.band;
	m->OutSamples = i->out.samples;
	m->OutCounted = i->out.counted;
	m->OutEstimated = i->out.estimated;
	m->OutBand = i->out.band;
}

static void put_counted(netmeta_InterfaceMessage *m, const struct interface *i)
{
	m->InBytes = i->in.bytes;
	m->InPackets = i->in.packets;
	m->InErrors = i->in.errors;
	m->InDrops = i->in.drops;
	m->OutBytes = i->out.bytes;
	m->OutPackets = i->out.packets;
	m->OutErrors = i->out.errors;
	m->OutDrops = i->out.drops;
}

size_t encode_interface(const struct interface_told *told, uint8_t at[SPOOL_RECORD])
{
	netmeta_InterfaceMessage m = netmeta_InterfaceMessage_init_zero;
	const struct interface *i = told->interface;

	m.TimeReceivedNs = (uint64_t)told->seen.ns;
	PUT_ADDRESS(&m, SamplerAddress, &told->exporter);
	m.IfIndex = i->index;
	PUT_CHARS(&m, Name, i->name);
	PUT_CHARS(&m, Alias, i->alias);
	PUT_CHARS(&m, Kind, i->kind);
	m.LinkType = i->type;
	m.Mac = i->mac;
	m.Mtu = i->mtu;
	m.Speed = i->speed;
	m.Master = i->master;
	m.Parent = i->parent;
	m.VlanId = i->vlan;
	m.OperState = i->oper;
	m.Gone = told->gone;
	PUT_CHARS(&m, Sampling, told->sampling);
	m.SamplingRate = told->rate;
	put_counted(&m, i);
	put_verdicts(&m, told);
	return encode_message(netmeta_InterfaceMessage_fields, &m, at);
}
