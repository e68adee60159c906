-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from ledger_in to ledger; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.ledger_view TO netmeta.ledger
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	KnownKind AS Kind,
	KnownSource AS Source,
	KnownRateSource AS RateSource,
	KnownElementKind AS ElementKind,
	IngestUser, SamplerAddress, Name, Stream, ObservationDomain, Datagrams, BytesReceived,
	BytesHeaders, BytesTemplates, BytesOptions, BytesDecoded, BytesPadding, BytesNoTemplate,
	BytesParked, BytesUnknownVersion, BytesUnknownSet, BytesNoExporter, BytesTruncated,
	BytesBadLength, BytesBadTemplate, RecordsDecoded, RecordsFiltered, RecordsMerged,
	RecordsEncoded, SetsNoTemplate, DatagramsMalformed, TemplatesLearned, RatesRefused,
	SequenceMissing, SequenceLate, SequenceResets, KernelDrops, RecordsAcknowledged,
	RecordsDropped, RecordsQuarantined, RecordsHeld, RecordsMaybeDoubled, BatchesAcknowledged,
	BatchesDropped, BytesAcknowledged, BytesDropped, BytesHeld, BatchesQuarantined,
	AgentAddress, LastSeenNs, ClockSkewNs, SamplingRate, Enterprise, Element, Occurrences,
	BytesNotAllowed, SamplesMissing, SamplesDropped, SamplesLate, SamplesUnfollowed
FROM (
	SELECT *, IngestUser,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(Kind BETWEEN 0 AND 4, Kind, 0) AS KnownKind,
		if(Source BETWEEN 0 AND 9, Source, 0) AS KnownSource,
		if(RateSource BETWEEN 0 AND 6, RateSource, 0) AS KnownRateSource,
		if(ElementKind BETWEEN 0 AND 4, ElementKind, 0) AS KnownElementKind
	FROM netmeta.ledger_in
);

CREATE MATERIALIZED VIEW netmeta.ledger_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	Batch,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	'ledger' AS Stream,
	toUInt64OrZero(regexpExtract(Batch, Identity, 5)) AS Number,
	count() AS Rows,
	fromUnixTimestamp64Nano(toInt64(min(BelievedNs)), 'UTC') AS Oldest,
	fromUnixTimestamp64Nano(toInt64(max(BelievedNs)), 'UTC') AS Newest,
	IngestUser
FROM (
	SELECT Batch, IngestUser,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs
	FROM netmeta.ledger_in
)
GROUP BY Batch, IngestUser;
