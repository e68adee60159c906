// SPDX-License-Identifier: Apache-2.0
/*
 * nanopb encodes what flow.def and count.def name. A message is encoded once, behind
 * room for its length: a sizing pass first would double the cost.
 */
#include <string.h>

#include <pb_encode.h>

#include "core/encode.h"
#include "proto/netmeta.pb.h"

_Static_assert(netmeta_FlowMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "a flow fits");
_Static_assert(netmeta_LedgerMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "a row fits");
_Static_assert(netmeta_EventMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "an event fits");
_Static_assert((int)FLOW_MIRROR == netmeta_FlowMessage_FlowSource_SOURCE_MIRROR &&
	       (int)RATE_CONFIGURED == netmeta_FlowMessage_RateOrigin_RATE_CONFIGURED &&
	       (int)DIRECTION_EGRESS == netmeta_FlowMessage_Observation_OBSERVATION_EGRESS &&
	       (int)LEDGER_UPLINK == netmeta_LedgerMessage_LedgerKind_LEDGER_UPLINK &&
	       (int)EVENT_TLS_DATES == netmeta_EventMessage_EventKind_EVENT_TLS_DATES,
	       "the enums of core/ and of the schema are the same");

size_t encode_close(uint8_t at[SPOOL_RECORD], size_t len)
{
	if (len < 0x80) {
		at[0] = (uint8_t)len;
		memmove(at + 1, at + ENCODE_LENGTH_ROOM, len);
		return len + 1;
	}
	at[0] = (uint8_t)(len | 0x80);
	at[1] = (uint8_t)(len >> 7);
	return len + ENCODE_LENGTH_ROOM;
}

static size_t encode(const pb_msgdesc_t *fields, const void *message, uint8_t at[SPOOL_RECORD])
{
	pb_ostream_t stream = pb_ostream_from_buffer(at + ENCODE_LENGTH_ROOM,
						     SPOOL_RECORD - ENCODE_LENGTH_ROOM);

	return pb_encode(&stream, fields, message) ? encode_close(at, stream.bytes_written) : 0;
}

/* --- flows ------------------------------------------------------------------------- */

#define PUT_ADDRESS(m, field, address)                                             \
	do {                                                                       \
		if (!addr_is_absent(address)) {                                    \
			(m)->field.size = sizeof((address)->b);                    \
			memcpy((m)->field.bytes, (address)->b, sizeof((address)->b)); \
		}                                                                  \
	} while (0)
#define PUT_UINT(m, field, value) ((m)->field = (__typeof__((m)->field))(value))
#define PUT_TIME(m, field, value)                                           \
	do {                                                                \
		(m)->field##Ns = (uint64_t)(value).ns;                      \
		(m)->field = (uint64_t)((value).ns / NM_NS_PER_S);          \
	} while (0)

#define FLOW_UINT(member, field) PUT_UINT(m, field, f->member);
#define FLOW_ADDR(member, field) PUT_ADDRESS(m, field, &f->member);
#define FLOW_TIME(member, field) PUT_TIME(m, field, f->member);
#define FLOW(kind, type, member, field, help) FLOW_##kind(member, field)

static netmeta_FlowMessage_FlowType flow_type(uint8_t source)
{
	return source <= FLOW_IPFIX ? (netmeta_FlowMessage_FlowType[]){
		[FLOW_UNKNOWN] = netmeta_FlowMessage_FlowType_FLOWUNKNOWN,
		[FLOW_SFLOW] = netmeta_FlowMessage_FlowType_SFLOW_5,
		[FLOW_NETFLOW5] = netmeta_FlowMessage_FlowType_NETFLOW_V5,
		[FLOW_NETFLOW9] = netmeta_FlowMessage_FlowType_NETFLOW_V9,
		[FLOW_IPFIX] = netmeta_FlowMessage_FlowType_IPFIX,
	}[source] : netmeta_FlowMessage_FlowType_FLOWUNKNOWN;
}

size_t encode_flow_nanopb(const struct flow *f, uint8_t at[SPOOL_RECORD])
{
	netmeta_FlowMessage message = netmeta_FlowMessage_init_zero, *m = &message;

#include "core/flow.def"
	m->Type = flow_type(f->source);
	m->FlowDirection = f->direction == DIRECTION_EGRESS;
	m->MplsLabels_count = f->label_count < FLOW_LABELS ? f->label_count : FLOW_LABELS;
	memcpy(m->MplsLabels, f->labels, sizeof(f->labels));
	return encode(netmeta_FlowMessage_fields, m, at);
}
#undef FLOW

/* --- ledger ------------------------------------------------------------------------- */

static void put_exporter(netmeta_LedgerMessage *m, const struct exporter *e)
{
	PUT_ADDRESS(m, SamplerAddress, &e->address);
	PUT_UINT(m, Source, e->source);
	m->ObservationDomain = e->domain;
#define COUNT(name, field, help) m->field = e->counts.n[COUNT_##name];
#include "core/count.def"
#undef COUNT
}

static void put_uplink(netmeta_LedgerMessage *m, const struct ledger_row *row)
{
	const struct spool_counts *c = &row->counts;

	strncpy(m->Stream, stream_word(row->stream), sizeof(m->Stream) - 1);
	m->RecordsEncoded = c->encoded.records;
	m->RecordsAcknowledged = c->acknowledged.records;
	m->RecordsDropped = c->dropped.records;
	m->RecordsQuarantined = c->quarantined.records;
	m->RecordsHeld = row->held.records;
	m->RecordsMaybeDoubled = c->doubted.records;
	m->BatchesAcknowledged = c->acknowledged.batches;
	m->BatchesDropped = c->dropped.batches;
	m->BatchesQuarantined = c->quarantined.batches;
	m->BytesAcknowledged = c->acknowledged.bytes;
	m->BytesDropped = c->dropped.bytes;
	m->BytesHeld = row->held.bytes;
}

size_t encode_ledger(const struct ledger_row *row, uint8_t at[SPOOL_RECORD])
{
	netmeta_LedgerMessage m = netmeta_LedgerMessage_init_zero;

	m.TimeReceivedNs = (uint64_t)row->when.ns;
	PUT_UINT(&m, Kind, row->kind);
	strncpy(m.Name, row->name, sizeof(m.Name) - 1);
	if (row->kind == LEDGER_EXPORTER)
		put_exporter(&m, row->exporter);
	if (row->kind == LEDGER_UPLINK)
		put_uplink(&m, row);
	if (row->kind == LEDGER_LISTENER) {
		m.Datagrams = row->heard.datagrams;
		m.BytesReceived = row->heard.bytes;
		m.KernelDrops = row->heard.drops;
	}
	return encode(netmeta_LedgerMessage_fields, &m, at);
}

/* --- events -------------------------------------------------------------------------- */

size_t encode_event(const struct event *e, uint8_t at[SPOOL_RECORD])
{
	netmeta_EventMessage m = netmeta_EventMessage_init_zero;

	m.TimeReceivedNs = (uint64_t)e->when.ns;
	PUT_UINT(&m, Kind, e->kind);
	PUT_ADDRESS(&m, SamplerAddress, &e->exporter);
	strncpy(m.Name, e->name, sizeof(m.Name) - 1);
	strncpy(m.Text, e->text, sizeof(m.Text) - 1);
	m.Value = e->value;
	return encode(netmeta_EventMessage_fields, &m, at);
}
