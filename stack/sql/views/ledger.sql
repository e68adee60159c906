-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from ledger_in to ledger; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.ledger_view TO netmeta.ledger
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	{{parts}},
	KnownKind AS Kind,
	KnownSource AS Source,
	KnownRateSource AS RateSource,
	KnownElementKind AS ElementKind,
	IngestUser, SamplerAddress, Name, Stream, ObservationDomain, Datagrams, BytesReceived,
	BytesHeaders, BytesTemplates, BytesOptions, BytesDecoded, BytesPadding, BytesNoTemplate,
	BytesParked, BytesUnknownVersion, BytesUnknownSet, BytesNoExporter, BytesTruncated,
	BytesBadLength, BytesBadTemplate, RecordsDecoded, RecordsFiltered, RecordsMerged,
	RecordsEncoded, SetsNoTemplate, DatagramsMalformed, TemplatesLearned, RatesRefused,
	TemplatesRefused,
	SequenceMissing, SequenceLate, SequenceResets, KernelDrops, RecordsAcknowledged,
	RecordsDropped, RecordsQuarantined, RecordsHeld, RecordsMaybeDoubled, BatchesAcknowledged,
	BatchesDropped, BytesAcknowledged, BytesDropped, BytesHeld, BatchesQuarantined,
	AgentAddress, LastSeenNs, ClockSkewNs, SamplingRate, Enterprise, Element, Occurrences,
	BytesNotAllowed, SamplesMissing, SamplesDropped, SamplesLate, SamplesUnfollowed
FROM (
	SELECT *, IngestUser,
		{{moments}},
		if(Kind BETWEEN 0 AND 4, Kind, 0) AS KnownKind,
		{{source}},
		if(RateSource BETWEEN 0 AND 6, RateSource, 0) AS KnownRateSource,
		if(ElementKind BETWEEN 0 AND 4, ElementKind, 0) AS KnownElementKind
	FROM netmeta.ledger_in
);
