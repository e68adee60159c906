-- SPDX-License-Identifier: Apache-2.0
-- What version 001 had beside the stored tables of 001_tables.sql, as its `migrate` made it: the
-- tables that messages are inserted into, and the views. Beside this file lie bodies of requests
-- that the agent of that version sent, one or several for each stream, decoded by nobody since.
CREATE TABLE IF NOT EXISTS netmeta.flows_in (
	Type Int32,
	TimeReceived UInt64,
	SamplingRate UInt64,
	SequenceNum UInt32,
	TimeFlowEnd UInt64,
	SrcAddr IPv6,
	DstAddr IPv6,
	Bytes UInt64,
	Packets UInt64,
	SamplerAddress IPv6,
	NextHop IPv6,
	NextHopAS UInt32,
	SrcAS UInt32,
	DstAS UInt32,
	SrcNet UInt8,
	DstNet UInt8,
	InIf UInt32,
	OutIf UInt32,
	Proto UInt8,
	SrcPort UInt16,
	DstPort UInt16,
	IPTos UInt8,
	ForwardingStatus UInt8,
	IPTTL UInt8,
	TCPFlags UInt16,
	SrcMac UInt64,
	DstMac UInt64,
	VlanId UInt16,
	Etype UInt16,
	IcmpType UInt8,
	IcmpCode UInt8,
	SrcVlan UInt32,
	DstVlan UInt32,
	FragmentId UInt32,
	FragmentOffset UInt32,
	IPv6FlowLabel UInt32,
	TimeFlowStart UInt64,
	IngressVrfID UInt32,
	EgressVrfID UInt32,
	BiFlowDirection UInt8,
	FlowDirection UInt8,
	TimeReceivedNs UInt64,
	TimeFlowStartNs UInt64,
	TimeFlowEndNs UInt64,
	Source Int32,
	ObservationDomain UInt32,
	SamplerId UInt64,
	RateSource Int32,
	Direction Int32,
	IPTTLMax UInt8,
	FlowEndReason UInt8,
	BgpNextHop IPv6,
	NatSrcAddr IPv6,
	NatDstAddr IPv6,
	NatSrcPort UInt16,
	NatDstPort UInt16,
	NatEvent UInt8,
	FirewallEvent UInt8,
	ReverseBytes UInt64,
	ReversePackets UInt64,
	ApplicationId UInt64,
	MplsLabels Array(UInt32),
	IpLength UInt32,
	InIfKind Int32,
	OutIfKind Int32,
	InnerSrcAddr IPv6,
	InnerDstAddr IPv6,
	InnerProto UInt8,
	InnerSrcPort UInt16,
	InnerDstPort UInt16,
	Tunnel Int32,
	TunnelId UInt64,
	InnerVlanId UInt16,
	AgentAddress IPv6,
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null;
CREATE TABLE IF NOT EXISTS netmeta.ledger_in (
	TimeReceivedNs UInt64,
	Kind Int32,
	SamplerAddress IPv6,
	Name String,
	Stream String,
	Source Int32,
	ObservationDomain UInt32,
	Datagrams UInt64,
	BytesReceived UInt64,
	BytesHeaders UInt64,
	BytesTemplates UInt64,
	BytesOptions UInt64,
	BytesDecoded UInt64,
	BytesPadding UInt64,
	BytesNoTemplate UInt64,
	BytesParked UInt64,
	BytesUnknownVersion UInt64,
	BytesUnknownSet UInt64,
	BytesNoExporter UInt64,
	BytesTruncated UInt64,
	BytesBadLength UInt64,
	BytesBadTemplate UInt64,
	RecordsDecoded UInt64,
	RecordsFiltered UInt64,
	RecordsMerged UInt64,
	RecordsEncoded UInt64,
	SetsNoTemplate UInt64,
	DatagramsMalformed UInt64,
	TemplatesLearned UInt64,
	RatesRefused UInt64,
	SequenceMissing UInt64,
	SequenceLate UInt64,
	SequenceResets UInt64,
	KernelDrops UInt64,
	RecordsAcknowledged UInt64,
	RecordsDropped UInt64,
	RecordsQuarantined UInt64,
	RecordsHeld UInt64,
	RecordsMaybeDoubled UInt64,
	BatchesAcknowledged UInt64,
	BatchesDropped UInt64,
	BytesAcknowledged UInt64,
	BytesDropped UInt64,
	BytesHeld UInt64,
	BatchesQuarantined UInt64,
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null;
CREATE TABLE IF NOT EXISTS netmeta.events_in (
	TimeReceivedNs UInt64,
	Kind Int32,
	SamplerAddress IPv6,
	Name String,
	Text String,
	Value Int64,
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null;
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.events_view TO netmeta.events
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	KnownKind AS Kind,
	IngestUser, SamplerAddress, Name, Text, Value
FROM (
	SELECT *, IngestUser,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(Kind BETWEEN 0 AND 15, Kind, 0) AS KnownKind
	FROM netmeta.events_in
);
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('events_view', '8f4cedf9295d732c15235edafaab9f41dd58c97407a80eef7371e37c04d8a2ad');
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.events_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	Batch,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	'events' AS Stream,
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
	FROM netmeta.events_in
)
GROUP BY Batch, IngestUser;
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('events_batches_view', '965b7d5245437b2172ccabb0ddf35a882d692956b42b9ea9bd5c2220512de521');
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.flows_view TO netmeta.flows
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	fromUnixTimestamp64Nano(toInt64(least(StartNs, 9223372036854775807)), 'UTC')
		AS TimeFlowStartNs,
	fromUnixTimestamp64Nano(toInt64(least(EndNs, 9223372036854775807)), 'UTC')
		AS TimeFlowEndNs,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	Rate AS SamplingRate,
	KnownType AS Type,
	KnownSource AS Source,
	KnownRateSource AS RateSource,
	KnownDirection AS Direction,
	IngestUser, SamplerAddress, ObservationDomain, SamplerId, SequenceNum, FlowDirection,
	BiFlowDirection, InIf, OutIf, SrcAddr, DstAddr, SrcAS, DstAS, SrcNet, DstNet, NextHop,
	NextHopAS, BgpNextHop, Etype, Proto, SrcPort, DstPort, TCPFlags, IcmpType, IcmpCode, IPTos,
	IPTTL, IPTTLMax, IPv6FlowLabel, FragmentId, FragmentOffset, ForwardingStatus, FlowEndReason,
	Bytes, Packets, ReverseBytes, ReversePackets, SrcMac, DstMac, VlanId, SrcVlan, DstVlan,
	IngressVrfID, EgressVrfID, NatSrcAddr, NatDstAddr, NatSrcPort, NatDstPort, NatEvent,
	FirewallEvent, ApplicationId, MplsLabels
FROM (
	SELECT *, IngestUser,
		if(TimeReceivedNs != 0, TimeReceivedNs,
			least(TimeReceived, 18446744073) * 1000000000) AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(TimeFlowStartNs != 0, TimeFlowStartNs,
			least(TimeFlowStart, 18446744073) * 1000000000) AS StartNs,
		if(TimeFlowEndNs != 0, TimeFlowEndNs,
			least(TimeFlowEnd, 18446744073) * 1000000000) AS EndNs,
		greatest(SamplingRate, 1) AS Rate,
		if(Type BETWEEN 0 AND 4, Type, 0) AS KnownType,
		if(Source BETWEEN 0 AND 9, Source, 0) AS KnownSource,
		if(RateSource BETWEEN 0 AND 6, RateSource, 0) AS KnownRateSource,
		if(Direction BETWEEN 0 AND 2, Direction, 0) AS KnownDirection
	FROM netmeta.flows_in
);
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('flows_view', '4fd7c3c56d9b283554d14bb85468bc8f4ebf38cd085d90722769098bd9c18e99');
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.flows_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	Batch,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	'flows' AS Stream,
	toUInt64OrZero(regexpExtract(Batch, Identity, 5)) AS Number,
	count() AS Rows,
	fromUnixTimestamp64Nano(toInt64(min(BelievedNs)), 'UTC') AS Oldest,
	fromUnixTimestamp64Nano(toInt64(max(BelievedNs)), 'UTC') AS Newest,
	IngestUser
FROM (
	SELECT Batch, IngestUser,
		if(TimeReceivedNs != 0, TimeReceivedNs,
			least(TimeReceived, 18446744073) * 1000000000) AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs
	FROM netmeta.flows_in
)
GROUP BY Batch, IngestUser;
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('flows_batches_view', 'dff5ba78fa9aaeed125d6b6e62614f9a499a607270bbfc30a3f5003066606ae5');
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.ledger_view TO netmeta.ledger
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
	IngestUser, SamplerAddress, Name, Stream, ObservationDomain, Datagrams, BytesReceived,
	BytesHeaders, BytesTemplates, BytesOptions, BytesDecoded, BytesPadding, BytesNoTemplate,
	BytesParked, BytesUnknownVersion, BytesUnknownSet, BytesNoExporter, BytesTruncated,
	BytesBadLength, BytesBadTemplate, RecordsDecoded, RecordsFiltered, RecordsMerged,
	RecordsEncoded, SetsNoTemplate, DatagramsMalformed, TemplatesLearned, RatesRefused,
	SequenceMissing, SequenceLate, SequenceResets, KernelDrops, RecordsAcknowledged,
	RecordsDropped, RecordsQuarantined, RecordsHeld, RecordsMaybeDoubled, BatchesAcknowledged,
	BatchesDropped, BytesAcknowledged, BytesDropped, BytesHeld, BatchesQuarantined
FROM (
	SELECT *, IngestUser,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(Kind BETWEEN 0 AND 3, Kind, 0) AS KnownKind,
		if(Source BETWEEN 0 AND 9, Source, 0) AS KnownSource
	FROM netmeta.ledger_in
);
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('ledger_view', '7720eaac8260025d451ad5e499a9282acd193a0bef238334a9c2fe68fe4a3822');
CREATE MATERIALIZED VIEW IF NOT EXISTS netmeta.ledger_batches_view TO netmeta.batches
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
INSERT INTO netmeta.view_versions (Name, Hash) VALUES ('ledger_batches_view', '6cddec191b57a6b7c554e55f221161ebf374008099889021bfbf0e64901abf25');
