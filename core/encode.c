// SPDX-License-Identifier: Apache-2.0
/*
 * nanopb encodes what flow.def and count.def name. A message is encoded once, behind
 * room for its length: a sizing pass first would double the cost.
 */
#include "core/encode_private.h"

_Static_assert(netmeta_LedgerMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "a row fits");
_Static_assert(netmeta_EventMessage_size + ENCODE_LENGTH_ROOM <= SPOOL_RECORD, "an event fits");
_Static_assert((int)LEDGER_ELEMENT == netmeta_LedgerMessage_LedgerKind_LEDGER_ELEMENT &&
	       (int)ELEMENT_COUNTER_RECORD ==
		       netmeta_LedgerMessage_UnknownKind_ELEMENT_COUNTER_RECORD &&
	       (int)EVENT_SAMPLES_LOST == netmeta_EventMessage_EventKind_EVENT_SAMPLES_LOST,
	       "the enums of core/ and of the schema are the same");

/* --- messages and maps ---------------------------------------------------------------- */

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

size_t encode_message(const pb_msgdesc_t *fields, const void *message, uint8_t at[SPOOL_RECORD])
{
	pb_ostream_t stream = pb_ostream_from_buffer(at + ENCODE_LENGTH_ROOM,
						     SPOOL_RECORD - ENCODE_LENGTH_ROOM);

	return pb_encode(&stream, fields, message) ? encode_close(at, stream.bytes_written) : 0;
}

static bool put_part(pb_ostream_t *stream, uint32_t tag, const struct part *part)
{
	if (part->bytes)
		return pb_encode_tag(stream, PB_WT_STRING, tag) &&
		       pb_encode_string(stream, part->bytes, part->len);
	return pb_encode_tag(stream, PB_WT_VARINT, tag) && pb_encode_varint(stream, part->number);
}

bool encode_entry(pb_ostream_t *stream, const pb_field_t *field, struct part key,
		  struct part value)
{
	uint8_t bytes[256];
	pb_ostream_t entry = pb_ostream_from_buffer(bytes, sizeof(bytes));

	if (!put_part(&entry, 1, &key) || !put_part(&entry, 2, &value) ||
	    entry.bytes_written + ENCODE_ENTRY_HEAD > stream->max_size - stream->bytes_written)
		return true;
	return pb_encode_tag_for_field(stream, field) &&
	       pb_encode_string(stream, bytes, entry.bytes_written);
}

/* --- ledger ------------------------------------------------------------------------- */

static void put_exporter(netmeta_LedgerMessage *m, const struct exporter *e)
{
	PUT_ADDRESS(m, SamplerAddress, &e->address);
	PUT_ADDRESS(m, AgentAddress, &e->agent);
	PUT_UINT(m, Source, e->source);
	m->ObservationDomain = e->domain;
	if (!(e->guessed & GUESSED_LAST_SEEN))	/* a row is not corrected later */
		m->LastSeenNs = (uint64_t)e->last_seen.ns;
	m->ClockSkewNs = e->skew.known ? e->skew.ns : 0;
	m->SamplingRate = e->rate;
	PUT_UINT(m, RateSource, e->rate_source);
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

static void put_element(netmeta_LedgerMessage *m, const struct ledger_element *e)
{
	m->Enterprise = e->enterprise;
	m->Element = e->number;
	PUT_UINT(m, ElementKind, e->kind);
	m->Occurrences = e->occurrences;
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
	if (row->kind == LEDGER_ELEMENT)
		put_element(&m, &row->element);
	if (row->kind == LEDGER_LISTENER) {
		m.Datagrams = row->heard.datagrams;
		m.BytesReceived = row->heard.bytes;
		m.KernelDrops = row->heard.drops;
	}
	return encode_message(netmeta_LedgerMessage_fields, &m, at);
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
	return encode_message(netmeta_EventMessage_fields, &m, at);
}
