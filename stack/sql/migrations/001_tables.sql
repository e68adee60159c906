-- SPDX-License-Identifier: Apache-2.0
-- What is kept. Columns are named as the fields of proto/netmeta.proto; a comment above a column
-- goes into docs/SCHEMA.md. Tables are cut by the agent's receive time and forget whole parts.
-- The sort key of flows decides their size: rows that agree in sampler, interfaces and AS stand
-- together (13 bytes a row where a key by time alone takes 29).
-- non_replicated_deduplication_window counts batches of all agents: what is sent again within so
-- many is stored once. 10000 is 100 agents posting every 6 seconds for 10 minutes, an agent's own
-- horizon, behind which it asks `batches` before it repeats anything.
-- flows are kept a day longer than the oldest time that is believed: nothing arrives forgotten.

CREATE TABLE IF NOT EXISTS netmeta.flows (
	-- When the agent received the record; TimeReceived where that is all there is. Bounded to
	-- 30 days before and an hour after the server's time.
	TimeReceivedNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- TimeReceivedNs was out of bounds and is not what the agent said.
	TimeClamped Bool CODEC(ZSTD(1)),
	-- TimeReceivedNs in whole seconds.
	TimeReceived DateTime('UTC') ALIAS toDateTime(TimeReceivedNs, 'UTC'),
	-- Start by the exporter's clock, 1970 when not known; from TimeFlowStart where that is all
	-- there is.
	TimeFlowStartNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- End by the exporter's clock, likewise.
	TimeFlowEndNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- TimeFlowStartNs in whole seconds.
	TimeFlowStart DateTime64(0, 'UTC') ALIAS toDateTime64(TimeFlowStartNs, 0, 'UTC'),
	-- TimeFlowEndNs in whole seconds.
	TimeFlowEnd DateTime64(0, 'UTC') ALIAS toDateTime64(TimeFlowEndNs, 0, 'UTC'),
	-- Who sent the batch, by its identity.
	Agent LowCardinality(String) CODEC(ZSTD(1)),
	-- The life of the agent's spool.
	Incarnation LowCardinality(String) CODEC(ZSTD(1)),
	-- The agent's process.
	Worker UInt16 CODEC(ZSTD(1)),
	-- The ClickHouse user who really inserted it.
	IngestUser LowCardinality(String) CODEC(ZSTD(1)),
	-- A number without a word becomes FLOWUNKNOWN.
	Type Enum8(
		'FLOWUNKNOWN' = 0, 'SFLOW_5' = 1, 'NETFLOW_V5' = 2, 'NETFLOW_V9' = 3,
		'IPFIX' = 4) CODEC(ZSTD(1)),
	-- A number without a word becomes SOURCE_UNKNOWN.
	Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5, 'SOURCE_BPF' = 6,
		'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8, 'SOURCE_MIRROR' = 9) CODEC(ZSTD(1)),
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	ObservationDomain UInt32 CODEC(ZSTD(1)),
	SamplerId UInt64 CODEC(ZSTD(1)),
	SequenceNum UInt32 CODEC(ZSTD(1)),
	-- Never 0: stored as 1.
	SamplingRate UInt64 CODEC(ZSTD(1)),
	-- A number without a word becomes RATE_ASSUMED.
	RateSource Enum8(
		'RATE_ASSUMED' = 0, 'RATE_FORCED' = 1, 'RATE_RECORD' = 2, 'RATE_OPTIONS_ID' = 3,
		'RATE_OPTIONS' = 4, 'RATE_HEADER' = 5, 'RATE_CONFIGURED' = 6) CODEC(ZSTD(1)),
	-- A number without a word becomes OBSERVATION_UNKNOWN.
	Direction Enum8(
		'OBSERVATION_UNKNOWN' = 0, 'OBSERVATION_INGRESS' = 1,
		'OBSERVATION_EGRESS' = 2) CODEC(ZSTD(1)),
	FlowDirection UInt8 CODEC(ZSTD(1)),
	BiFlowDirection UInt8 CODEC(ZSTD(1)),
	InIf UInt32 CODEC(ZSTD(1)),
	OutIf UInt32 CODEC(ZSTD(1)),
	SrcAddr IPv6 CODEC(ZSTD(1)),
	DstAddr IPv6 CODEC(ZSTD(1)),
	SrcAS UInt32 CODEC(ZSTD(1)),
	DstAS UInt32 CODEC(ZSTD(1)),
	SrcNet UInt8 CODEC(ZSTD(1)),
	DstNet UInt8 CODEC(ZSTD(1)),
	NextHop LowCardinality(IPv6) CODEC(ZSTD(1)),
	NextHopAS UInt32 CODEC(ZSTD(1)),
	BgpNextHop LowCardinality(IPv6) CODEC(ZSTD(1)),
	Etype UInt16 CODEC(ZSTD(1)),
	Proto UInt8 CODEC(ZSTD(1)),
	SrcPort UInt16 CODEC(ZSTD(1)),
	DstPort UInt16 CODEC(ZSTD(1)),
	TCPFlags UInt16 CODEC(ZSTD(1)),
	IcmpType UInt8 CODEC(ZSTD(1)),
	IcmpCode UInt8 CODEC(ZSTD(1)),
	IPTos UInt8 CODEC(ZSTD(1)),
	IPTTL UInt8 CODEC(ZSTD(1)),
	IPTTLMax UInt8 CODEC(ZSTD(1)),
	IPv6FlowLabel UInt32 CODEC(ZSTD(1)),
	FragmentId UInt32 CODEC(ZSTD(1)),
	FragmentOffset UInt32 CODEC(ZSTD(1)),
	ForwardingStatus UInt8 CODEC(ZSTD(1)),
	FlowEndReason UInt8 CODEC(ZSTD(1)),
	Bytes UInt64 CODEC(T64, ZSTD(1)),
	Packets UInt64 CODEC(T64, ZSTD(1)),
	ReverseBytes UInt64 CODEC(T64, ZSTD(1)),
	ReversePackets UInt64 CODEC(T64, ZSTD(1)),
	SrcMac UInt64 CODEC(ZSTD(1)),
	DstMac UInt64 CODEC(ZSTD(1)),
	VlanId UInt16 CODEC(ZSTD(1)),
	SrcVlan UInt32 CODEC(ZSTD(1)),
	DstVlan UInt32 CODEC(ZSTD(1)),
	IngressVrfID UInt32 CODEC(ZSTD(1)),
	EgressVrfID UInt32 CODEC(ZSTD(1)),
	NatSrcAddr IPv6 CODEC(ZSTD(1)),
	NatDstAddr IPv6 CODEC(ZSTD(1)),
	NatSrcPort UInt16 CODEC(ZSTD(1)),
	NatDstPort UInt16 CODEC(ZSTD(1)),
	NatEvent UInt8 CODEC(ZSTD(1)),
	FirewallEvent UInt8 CODEC(ZSTD(1)),
	ApplicationId UInt64 CODEC(ZSTD(1)),
	MplsLabels Array(UInt32) CODEC(ZSTD(1)),
	INDEX source SrcAddr TYPE bloom_filter(0.01) GRANULARITY 1,
	INDEX destination DstAddr TYPE bloom_filter(0.01) GRANULARITY 1,
	INDEX received TimeReceivedNs TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(TimeReceivedNs)
PRIMARY KEY (toStartOfFiveMinutes(TimeReceivedNs), SamplerAddress, InIf, OutIf)
ORDER BY (toStartOfFiveMinutes(TimeReceivedNs), SamplerAddress, InIf, OutIf, SrcAS, DstAS, Proto,
	SrcAddr, DstAddr, SrcPort, DstPort, TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 31 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

CREATE TABLE IF NOT EXISTS netmeta.ledger (
	-- When the counters were read. Bounded to 30 days before and an hour after the server's
	-- time.
	TimeReceivedNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- TimeReceivedNs was out of bounds and is not what the agent said.
	TimeClamped Bool CODEC(ZSTD(1)),
	-- TimeReceivedNs in whole seconds.
	TimeReceived DateTime('UTC') ALIAS toDateTime(TimeReceivedNs, 'UTC'),
	-- Who sent the batch, by its identity.
	Agent LowCardinality(String) CODEC(ZSTD(1)),
	-- The life of the agent's spool.
	Incarnation LowCardinality(String) CODEC(ZSTD(1)),
	-- The agent's process.
	Worker UInt16 CODEC(ZSTD(1)),
	-- The ClickHouse user who really inserted it.
	IngestUser LowCardinality(String) CODEC(ZSTD(1)),
	-- A number without a word becomes LEDGER_UNKNOWN.
	Kind Enum8(
		'LEDGER_UNKNOWN' = 0, 'LEDGER_EXPORTER' = 1, 'LEDGER_LISTENER' = 2,
		'LEDGER_UPLINK' = 3) CODEC(ZSTD(1)),
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	Name LowCardinality(String) CODEC(ZSTD(1)),
	Stream LowCardinality(String) CODEC(ZSTD(1)),
	-- A number without a word becomes SOURCE_UNKNOWN.
	Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5, 'SOURCE_BPF' = 6,
		'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8, 'SOURCE_MIRROR' = 9) CODEC(ZSTD(1)),
	ObservationDomain UInt32 CODEC(ZSTD(1)),
	Datagrams UInt64 CODEC(T64, ZSTD(1)),
	BytesReceived UInt64 CODEC(T64, ZSTD(1)),
	BytesHeaders UInt64 CODEC(T64, ZSTD(1)),
	BytesTemplates UInt64 CODEC(T64, ZSTD(1)),
	BytesOptions UInt64 CODEC(T64, ZSTD(1)),
	BytesDecoded UInt64 CODEC(T64, ZSTD(1)),
	BytesPadding UInt64 CODEC(T64, ZSTD(1)),
	BytesNoTemplate UInt64 CODEC(T64, ZSTD(1)),
	BytesParked UInt64 CODEC(T64, ZSTD(1)),
	BytesUnknownVersion UInt64 CODEC(T64, ZSTD(1)),
	BytesUnknownSet UInt64 CODEC(T64, ZSTD(1)),
	BytesNoExporter UInt64 CODEC(T64, ZSTD(1)),
	BytesTruncated UInt64 CODEC(T64, ZSTD(1)),
	BytesBadLength UInt64 CODEC(T64, ZSTD(1)),
	BytesBadTemplate UInt64 CODEC(T64, ZSTD(1)),
	RecordsDecoded UInt64 CODEC(T64, ZSTD(1)),
	RecordsFiltered UInt64 CODEC(T64, ZSTD(1)),
	RecordsMerged UInt64 CODEC(T64, ZSTD(1)),
	RecordsEncoded UInt64 CODEC(T64, ZSTD(1)),
	SetsNoTemplate UInt64 CODEC(T64, ZSTD(1)),
	DatagramsMalformed UInt64 CODEC(T64, ZSTD(1)),
	TemplatesLearned UInt64 CODEC(T64, ZSTD(1)),
	RatesRefused UInt64 CODEC(T64, ZSTD(1)),
	SequenceMissing UInt64 CODEC(T64, ZSTD(1)),
	SequenceLate UInt64 CODEC(T64, ZSTD(1)),
	SequenceResets UInt64 CODEC(T64, ZSTD(1)),
	KernelDrops UInt64 CODEC(T64, ZSTD(1)),
	RecordsAcknowledged UInt64 CODEC(T64, ZSTD(1)),
	RecordsDropped UInt64 CODEC(T64, ZSTD(1)),
	RecordsQuarantined UInt64 CODEC(T64, ZSTD(1)),
	RecordsHeld UInt64 CODEC(T64, ZSTD(1)),
	RecordsMaybeDoubled UInt64 CODEC(T64, ZSTD(1)),
	BatchesAcknowledged UInt64 CODEC(T64, ZSTD(1)),
	BatchesDropped UInt64 CODEC(T64, ZSTD(1)),
	BytesAcknowledged UInt64 CODEC(T64, ZSTD(1)),
	BytesDropped UInt64 CODEC(T64, ZSTD(1)),
	BytesHeld UInt64 CODEC(T64, ZSTD(1)),
	BatchesQuarantined UInt64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(TimeReceivedNs)
ORDER BY (Agent, Incarnation, Worker, Kind, Name, Stream, SamplerAddress, Source, ObservationDomain,
	TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

CREATE TABLE IF NOT EXISTS netmeta.events (
	-- When it happened. Bounded to 30 days before and an hour after the server's time.
	TimeReceivedNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- TimeReceivedNs was out of bounds and is not what the agent said.
	TimeClamped Bool CODEC(ZSTD(1)),
	-- TimeReceivedNs in whole seconds.
	TimeReceived DateTime('UTC') ALIAS toDateTime(TimeReceivedNs, 'UTC'),
	-- Who sent the batch, by its identity.
	Agent LowCardinality(String) CODEC(ZSTD(1)),
	-- The life of the agent's spool.
	Incarnation LowCardinality(String) CODEC(ZSTD(1)),
	-- The agent's process.
	Worker UInt16 CODEC(ZSTD(1)),
	-- The ClickHouse user who really inserted it.
	IngestUser LowCardinality(String) CODEC(ZSTD(1)),
	-- A number without a word becomes EVENT_UNKNOWN.
	Kind Enum8(
		'EVENT_UNKNOWN' = 0, 'EVENT_START' = 1, 'EVENT_STOP' = 2, 'EVENT_UNCLEAN_END' = 3,
		'EVENT_CLOCK_STEP' = 4, 'EVENT_CLOCK_SANE' = 5, 'EVENT_EXPORTER_NEW' = 6,
		'EVENT_EXPORTER_RESTART' = 7, 'EVENT_SEQUENCE_GAP' = 8, 'EVENT_RATE_CHANGE' = 9,
		'EVENT_UPLINK_HELD' = 10, 'EVENT_UPLINK_RECOVERED' = 11, 'EVENT_SPOOL_DROP' = 12,
		'EVENT_QUARANTINE' = 13, 'EVENT_KERNEL_DROP' = 14,
		'EVENT_TLS_DATES' = 15) CODEC(ZSTD(1)),
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	Name LowCardinality(String) CODEC(ZSTD(1)),
	Text String CODEC(ZSTD(1)),
	Value Int64 CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(TimeReceivedNs)
ORDER BY (TimeReceivedNs, Agent, Kind)
TTL toDateTime(TimeReceivedNs) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

CREATE TABLE IF NOT EXISTS netmeta.batches (
	-- Identity of the batch.
	Batch String CODEC(ZSTD(1)),
	-- The identity's parts; empty and 0 when it is not of an agent.
	Agent LowCardinality(String) CODEC(ZSTD(1)),
	-- The life of the agent's spool.
	Incarnation LowCardinality(String) CODEC(ZSTD(1)),
	-- The agent's process.
	Worker UInt16 CODEC(ZSTD(1)),
	-- The stream whose table has the rows.
	Stream LowCardinality(String) CODEC(ZSTD(1)),
	-- The batches of one stream are numbered from 1.
	Number UInt64 CODEC(T64, ZSTD(1)),
	-- Rows it had.
	Rows UInt64 CODEC(T64, ZSTD(1)),
	-- Smallest TimeReceivedNs among the rows, as stored.
	Oldest DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- Largest TimeReceivedNs among the rows, as stored.
	Newest DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- When the server stored it.
	Time DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(T64, ZSTD(1)),
	-- The ClickHouse user who really inserted it.
	IngestUser LowCardinality(String) CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(Time)
ORDER BY (Agent, Incarnation, Worker, Stream, Number)
TTL toDateTime(Time) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 30000;
