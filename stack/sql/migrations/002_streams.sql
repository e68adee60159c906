-- SPDX-License-Identifier: Apache-2.0
-- What sFlow, headers of packets and names bring: columns of flows and of the ledger that older
-- rows do not have (empty, so they cost next to nothing), and three more streams. A dropped packet
-- is recorded as a flow is, and is no traffic: drops has the columns of flows.

ALTER TABLE netmeta.flows
	ADD COLUMN IF NOT EXISTS IpLength UInt32 CODEC(ZSTD(1)),
	-- A number without a word becomes INTERFACE_INDEX.
	ADD COLUMN IF NOT EXISTS InIfKind Enum8(
		'INTERFACE_INDEX' = 0, 'INTERFACE_DISCARDED' = 1,
		'INTERFACE_MULTIPLE' = 2, 'INTERFACE_INTERNAL' = 3) CODEC(ZSTD(1)),
	-- A number without a word becomes INTERFACE_INDEX.
	ADD COLUMN IF NOT EXISTS OutIfKind Enum8(
		'INTERFACE_INDEX' = 0, 'INTERFACE_DISCARDED' = 1,
		'INTERFACE_MULTIPLE' = 2, 'INTERFACE_INTERNAL' = 3) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerSrcAddr IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerDstAddr IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerProto UInt8 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerSrcPort UInt16 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerDstPort UInt16 CODEC(ZSTD(1)),
	-- A number without a word becomes TUNNEL_NONE.
	ADD COLUMN IF NOT EXISTS Tunnel Enum8(
		'TUNNEL_NONE' = 0, 'TUNNEL_IPIP' = 1, 'TUNNEL_GRE' = 2,
		'TUNNEL_NVGRE' = 3, 'TUNNEL_ERSPAN' = 4, 'TUNNEL_VXLAN' = 5,
		'TUNNEL_GENEVE' = 6, 'TUNNEL_GTPU' = 7, 'TUNNEL_L2TP' = 8,
		'TUNNEL_TEREDO' = 9, 'TUNNEL_MPLS_UDP' = 10,
		'TUNNEL_OTHER' = 11) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TunnelId UInt64 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InnerVlanId UInt16 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS AgentAddress IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS AsPath Array(UInt32) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Communities Array(UInt32) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS LocalPref UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SrcPeerAS UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS RouterAS UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SrcUser String CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS DstUser String CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Url String CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS UrlHost LowCardinality(String) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS EgressQueue UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS QueueDepth UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS AclNumber UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS AclName LowCardinality(String) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS AclDirection UInt8 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Function LowCardinality(String) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS OutMplsLabels Array(UInt32) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS MplsName LowCardinality(String) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS MplsId UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS VlanStack Array(UInt32) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TunnelSrcAddr IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TunnelDstAddr IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TunnelProto UInt8 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS InVni UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS OutVni UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpRtt UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpRttVar UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpMinRtt UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpRetransmits UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpLost UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS TcpWindow UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS PathMtu UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS DropReason UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS DropCause LowCardinality(String) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Drops UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Unknown Map(UInt64, String) CODEC(ZSTD(1));

ALTER TABLE netmeta.ledger
	ADD COLUMN IF NOT EXISTS AgentAddress IPv6 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS LastSeenNs UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS ClockSkewNs Int64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SamplingRate UInt64 CODEC(ZSTD(1)),
	-- A number without a word becomes RATE_ASSUMED.
	ADD COLUMN IF NOT EXISTS RateSource Enum8(
		'RATE_ASSUMED' = 0, 'RATE_FORCED' = 1, 'RATE_RECORD' = 2,
		'RATE_OPTIONS_ID' = 3, 'RATE_OPTIONS' = 4, 'RATE_HEADER' = 5,
		'RATE_CONFIGURED' = 6) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Enterprise UInt32 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Element UInt32 CODEC(ZSTD(1)),
	-- A number without a word becomes ELEMENT_UNKNOWN.
	ADD COLUMN IF NOT EXISTS ElementKind Enum8(
		'ELEMENT_UNKNOWN' = 0, 'ELEMENT_FIELD' = 1, 'ELEMENT_SAMPLE' = 2,
		'ELEMENT_FLOW_RECORD' = 3,
		'ELEMENT_COUNTER_RECORD' = 4) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Occurrences UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS BytesNotAllowed UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SamplesMissing UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SamplesDropped UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SamplesLate UInt64 CODEC(T64, ZSTD(1)),
	ADD COLUMN IF NOT EXISTS SamplesUnfollowed UInt64 CODEC(T64, ZSTD(1)),
	MODIFY COLUMN Kind Enum8(
		'LEDGER_UNKNOWN' = 0, 'LEDGER_EXPORTER' = 1, 'LEDGER_LISTENER' = 2,
		'LEDGER_UPLINK' = 3, 'LEDGER_ELEMENT' = 4) CODEC(ZSTD(1));

ALTER TABLE netmeta.events
	MODIFY COLUMN Kind Enum8(
		'EVENT_UNKNOWN' = 0, 'EVENT_START' = 1, 'EVENT_STOP' = 2,
		'EVENT_UNCLEAN_END' = 3, 'EVENT_CLOCK_STEP' = 4,
		'EVENT_CLOCK_SANE' = 5, 'EVENT_EXPORTER_NEW' = 6,
		'EVENT_EXPORTER_RESTART' = 7, 'EVENT_SEQUENCE_GAP' = 8,
		'EVENT_RATE_CHANGE' = 9, 'EVENT_UPLINK_HELD' = 10,
		'EVENT_UPLINK_RECOVERED' = 11, 'EVENT_SPOOL_DROP' = 12,
		'EVENT_QUARANTINE' = 13, 'EVENT_KERNEL_DROP' = 14,
		'EVENT_TLS_DATES' = 15, 'EVENT_EXPORTERS_FULL' = 16,
		'EVENT_CLOCK_SKEW' = 17, 'EVENT_TEMPLATES_FULL' = 18) CODEC(ZSTD(1));

CREATE TABLE IF NOT EXISTS netmeta.drops (
	-- When the agent received it. Bounded to 30 days before and an hour after the server's
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
	-- Start by the exporter's clock, 1970 when not known; from TimeFlowStart where that is all
	-- there is.
	TimeFlowStartNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- End by the exporter's clock, likewise.
	TimeFlowEndNs DateTime64(9, 'UTC') CODEC(T64, ZSTD(1)),
	-- TimeFlowStartNs in whole seconds.
	TimeFlowStart DateTime64(0, 'UTC') ALIAS toDateTime64(TimeFlowStartNs, 0, 'UTC'),
	-- TimeFlowEndNs in whole seconds.
	TimeFlowEnd DateTime64(0, 'UTC') ALIAS toDateTime64(TimeFlowEndNs, 0, 'UTC'),
	-- A number without a word becomes FLOWUNKNOWN.
	Type Enum8(
		'FLOWUNKNOWN' = 0, 'SFLOW_5' = 1, 'NETFLOW_V5' = 2,
		'NETFLOW_V9' = 3, 'IPFIX' = 4) CODEC(ZSTD(1)),
	SamplingRate UInt64 CODEC(ZSTD(1)),
	SequenceNum UInt32 CODEC(ZSTD(1)),
	SrcAddr IPv6 CODEC(ZSTD(1)),
	DstAddr IPv6 CODEC(ZSTD(1)),
	Bytes UInt64 CODEC(T64, ZSTD(1)),
	Packets UInt64 CODEC(T64, ZSTD(1)),
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	NextHop LowCardinality(IPv6) CODEC(ZSTD(1)),
	NextHopAS UInt32 CODEC(ZSTD(1)),
	SrcAS UInt32 CODEC(ZSTD(1)),
	DstAS UInt32 CODEC(ZSTD(1)),
	SrcNet UInt8 CODEC(ZSTD(1)),
	DstNet UInt8 CODEC(ZSTD(1)),
	InIf UInt32 CODEC(ZSTD(1)),
	OutIf UInt32 CODEC(ZSTD(1)),
	Proto UInt8 CODEC(ZSTD(1)),
	SrcPort UInt16 CODEC(ZSTD(1)),
	DstPort UInt16 CODEC(ZSTD(1)),
	IPTos UInt8 CODEC(ZSTD(1)),
	ForwardingStatus UInt8 CODEC(ZSTD(1)),
	IPTTL UInt8 CODEC(ZSTD(1)),
	TCPFlags UInt16 CODEC(ZSTD(1)),
	SrcMac UInt64 CODEC(ZSTD(1)),
	DstMac UInt64 CODEC(ZSTD(1)),
	VlanId UInt16 CODEC(ZSTD(1)),
	Etype UInt16 CODEC(ZSTD(1)),
	IcmpType UInt8 CODEC(ZSTD(1)),
	IcmpCode UInt8 CODEC(ZSTD(1)),
	SrcVlan UInt32 CODEC(ZSTD(1)),
	DstVlan UInt32 CODEC(ZSTD(1)),
	FragmentId UInt32 CODEC(ZSTD(1)),
	FragmentOffset UInt32 CODEC(ZSTD(1)),
	IPv6FlowLabel UInt32 CODEC(ZSTD(1)),
	IngressVrfID UInt32 CODEC(ZSTD(1)),
	EgressVrfID UInt32 CODEC(ZSTD(1)),
	BiFlowDirection UInt8 CODEC(ZSTD(1)),
	FlowDirection UInt8 CODEC(ZSTD(1)),
	-- A number without a word becomes SOURCE_UNKNOWN.
	Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9) CODEC(ZSTD(1)),
	ObservationDomain UInt32 CODEC(ZSTD(1)),
	SamplerId UInt64 CODEC(ZSTD(1)),
	-- A number without a word becomes RATE_ASSUMED.
	RateSource Enum8(
		'RATE_ASSUMED' = 0, 'RATE_FORCED' = 1, 'RATE_RECORD' = 2,
		'RATE_OPTIONS_ID' = 3, 'RATE_OPTIONS' = 4, 'RATE_HEADER' = 5,
		'RATE_CONFIGURED' = 6) CODEC(ZSTD(1)),
	-- A number without a word becomes OBSERVATION_UNKNOWN.
	Direction Enum8(
		'OBSERVATION_UNKNOWN' = 0, 'OBSERVATION_INGRESS' = 1,
		'OBSERVATION_EGRESS' = 2) CODEC(ZSTD(1)),
	IPTTLMax UInt8 CODEC(ZSTD(1)),
	FlowEndReason UInt8 CODEC(ZSTD(1)),
	BgpNextHop LowCardinality(IPv6) CODEC(ZSTD(1)),
	NatSrcAddr IPv6 CODEC(ZSTD(1)),
	NatDstAddr IPv6 CODEC(ZSTD(1)),
	NatSrcPort UInt16 CODEC(ZSTD(1)),
	NatDstPort UInt16 CODEC(ZSTD(1)),
	NatEvent UInt8 CODEC(ZSTD(1)),
	FirewallEvent UInt8 CODEC(ZSTD(1)),
	ReverseBytes UInt64 CODEC(T64, ZSTD(1)),
	ReversePackets UInt64 CODEC(T64, ZSTD(1)),
	ApplicationId UInt64 CODEC(ZSTD(1)),
	MplsLabels Array(UInt32) CODEC(ZSTD(1)),
	IpLength UInt32 CODEC(ZSTD(1)),
	-- A number without a word becomes INTERFACE_INDEX.
	InIfKind Enum8(
		'INTERFACE_INDEX' = 0, 'INTERFACE_DISCARDED' = 1,
		'INTERFACE_MULTIPLE' = 2, 'INTERFACE_INTERNAL' = 3) CODEC(ZSTD(1)),
	-- A number without a word becomes INTERFACE_INDEX.
	OutIfKind Enum8(
		'INTERFACE_INDEX' = 0, 'INTERFACE_DISCARDED' = 1,
		'INTERFACE_MULTIPLE' = 2, 'INTERFACE_INTERNAL' = 3) CODEC(ZSTD(1)),
	InnerSrcAddr IPv6 CODEC(ZSTD(1)),
	InnerDstAddr IPv6 CODEC(ZSTD(1)),
	InnerProto UInt8 CODEC(ZSTD(1)),
	InnerSrcPort UInt16 CODEC(ZSTD(1)),
	InnerDstPort UInt16 CODEC(ZSTD(1)),
	-- A number without a word becomes TUNNEL_NONE.
	Tunnel Enum8(
		'TUNNEL_NONE' = 0, 'TUNNEL_IPIP' = 1, 'TUNNEL_GRE' = 2,
		'TUNNEL_NVGRE' = 3, 'TUNNEL_ERSPAN' = 4, 'TUNNEL_VXLAN' = 5,
		'TUNNEL_GENEVE' = 6, 'TUNNEL_GTPU' = 7, 'TUNNEL_L2TP' = 8,
		'TUNNEL_TEREDO' = 9, 'TUNNEL_MPLS_UDP' = 10,
		'TUNNEL_OTHER' = 11) CODEC(ZSTD(1)),
	TunnelId UInt64 CODEC(ZSTD(1)),
	InnerVlanId UInt16 CODEC(ZSTD(1)),
	AgentAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	AsPath Array(UInt32) CODEC(ZSTD(1)),
	Communities Array(UInt32) CODEC(ZSTD(1)),
	LocalPref UInt32 CODEC(ZSTD(1)),
	SrcPeerAS UInt32 CODEC(ZSTD(1)),
	RouterAS UInt32 CODEC(ZSTD(1)),
	SrcUser String CODEC(ZSTD(1)),
	DstUser String CODEC(ZSTD(1)),
	Url String CODEC(ZSTD(1)),
	UrlHost LowCardinality(String) CODEC(ZSTD(1)),
	EgressQueue UInt32 CODEC(ZSTD(1)),
	QueueDepth UInt32 CODEC(ZSTD(1)),
	AclNumber UInt32 CODEC(ZSTD(1)),
	AclName LowCardinality(String) CODEC(ZSTD(1)),
	AclDirection UInt8 CODEC(ZSTD(1)),
	Function LowCardinality(String) CODEC(ZSTD(1)),
	OutMplsLabels Array(UInt32) CODEC(ZSTD(1)),
	MplsName LowCardinality(String) CODEC(ZSTD(1)),
	MplsId UInt32 CODEC(ZSTD(1)),
	VlanStack Array(UInt32) CODEC(ZSTD(1)),
	TunnelSrcAddr LowCardinality(IPv6) CODEC(ZSTD(1)),
	TunnelDstAddr LowCardinality(IPv6) CODEC(ZSTD(1)),
	TunnelProto UInt8 CODEC(ZSTD(1)),
	InVni UInt32 CODEC(ZSTD(1)),
	OutVni UInt32 CODEC(ZSTD(1)),
	TcpRtt UInt32 CODEC(ZSTD(1)),
	TcpRttVar UInt32 CODEC(ZSTD(1)),
	TcpMinRtt UInt32 CODEC(ZSTD(1)),
	TcpRetransmits UInt32 CODEC(ZSTD(1)),
	TcpLost UInt32 CODEC(ZSTD(1)),
	TcpWindow UInt32 CODEC(ZSTD(1)),
	PathMtu UInt32 CODEC(ZSTD(1)),
	DropReason UInt32 CODEC(ZSTD(1)),
	DropCause LowCardinality(String) CODEC(ZSTD(1)),
	Drops UInt64 CODEC(T64, ZSTD(1)),
	Unknown Map(UInt64, String) CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(TimeReceivedNs)
ORDER BY (toStartOfFiveMinutes(TimeReceivedNs), SamplerAddress, DropReason, InIf, TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 31 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

CREATE TABLE IF NOT EXISTS netmeta.counters (
	-- When the agent received it. Bounded to 30 days before and an hour after the server's
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
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	AgentAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	-- A number without a word becomes SOURCE_UNKNOWN.
	Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9) CODEC(ZSTD(1)),
	ObservationDomain UInt32 CODEC(ZSTD(1)),
	SequenceNum UInt32 CODEC(ZSTD(1)),
	UptimeMs UInt32 CODEC(ZSTD(1)),
	SourceClass UInt32 CODEC(ZSTD(1)),
	SourceIndex UInt32 CODEC(ZSTD(1)),
	`Group` LowCardinality(String) CODEC(ZSTD(1)),
	Counters Map(LowCardinality(String), UInt64) CODEC(ZSTD(1)),
	Texts Map(LowCardinality(String), String) CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(TimeReceivedNs)
ORDER BY (SamplerAddress, AgentAddress, ObservationDomain, `Group`, SourceClass, SourceIndex,
	TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 92 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

CREATE TABLE IF NOT EXISTS netmeta.names (
	-- When the agent received it. Bounded to 30 days before and an hour after the server's
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
	SamplerAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	AgentAddress LowCardinality(IPv6) CODEC(ZSTD(1)),
	-- A number without a word becomes SOURCE_UNKNOWN.
	Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9) CODEC(ZSTD(1)),
	ObservationDomain UInt32 CODEC(ZSTD(1)),
	-- A number without a word becomes NAME_UNKNOWN.
	Kind Enum8(
		'NAME_UNKNOWN' = 0, 'NAME_EXPORTER' = 1, 'NAME_INTERFACE' = 2,
		'NAME_VRF' = 3, 'NAME_APPLICATION' = 4,
		'NAME_SAMPLER' = 5) CODEC(ZSTD(1)),
	Id UInt64 CODEC(ZSTD(1)),
	Name String CODEC(ZSTD(1)),
	Description String CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(TimeReceivedNs)
ORDER BY (SamplerAddress, AgentAddress, ObservationDomain, Source, Kind, Id, TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;
