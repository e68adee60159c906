-- SPDX-License-Identifier: Apache-2.0
-- What sampling this machine's own packets brings: columns of flows and drops that other records
-- do not have, words for its sources and events, and the stream of interfaces.

ALTER TABLE netmeta.flows
	ADD COLUMN IF NOT EXISTS Approximate UInt8 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS OwnTraffic UInt8 CODEC(ZSTD(1)),
	-- Totals leave COVERAGE_AGAIN out. A number without a word becomes COVERAGE_COUNTS.
	ADD COLUMN IF NOT EXISTS Coverage Enum8(
		'COVERAGE_COUNTS' = 0, 'COVERAGE_AGAIN' = 1) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Mark UInt32 CODEC(ZSTD(1)),
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

ALTER TABLE netmeta.drops
	ADD COLUMN IF NOT EXISTS Approximate UInt8 CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS OwnTraffic UInt8 CODEC(ZSTD(1)),
	-- A number without a word becomes COVERAGE_COUNTS.
	ADD COLUMN IF NOT EXISTS Coverage Enum8(
		'COVERAGE_COUNTS' = 0, 'COVERAGE_AGAIN' = 1) CODEC(ZSTD(1)),
	ADD COLUMN IF NOT EXISTS Mark UInt32 CODEC(ZSTD(1)),
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

ALTER TABLE netmeta.ledger
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

ALTER TABLE netmeta.counters
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

ALTER TABLE netmeta.names
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

ALTER TABLE netmeta.names_newest
	MODIFY COLUMN Source Enum8(
		'SOURCE_UNKNOWN' = 0, 'SOURCE_SFLOW' = 1, 'SOURCE_NETFLOW5' = 2,
		'SOURCE_NETFLOW9' = 3, 'SOURCE_IPFIX' = 4, 'SOURCE_PSAMPLE' = 5,
		'SOURCE_BPF' = 6, 'SOURCE_NFLOG' = 7, 'SOURCE_CONNTRACK' = 8,
		'SOURCE_MIRROR' = 9, 'SOURCE_PACKET' = 10) CODEC(ZSTD(1));

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
		'EVENT_CLOCK_SKEW' = 17, 'EVENT_TEMPLATES_FULL' = 18,
		'EVENT_SOURCE_ATTACHED' = 19, 'EVENT_SOURCE_LOST' = 20,
		'EVENT_SOURCE_REFUSED' = 21, 'EVENT_SAMPLES_LOST' = 22) CODEC(ZSTD(1));

-- A row a minute for each interface of an agent's machine: 24 bytes, measured on synthetic rows of
-- which half are sampled. In the order of time counters grow by little, so Delta.
CREATE TABLE IF NOT EXISTS netmeta.interfaces (
	-- When it was read. Bounded to 30 days before and an hour after the server's time.
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
	IfIndex UInt32 CODEC(ZSTD(1)),
	Name LowCardinality(String) CODEC(ZSTD(1)),
	Alias LowCardinality(String) CODEC(ZSTD(1)),
	Kind LowCardinality(String) CODEC(ZSTD(1)),
	LinkType UInt16 CODEC(ZSTD(1)),
	Mac UInt64 CODEC(ZSTD(1)),
	Mtu UInt32 CODEC(ZSTD(1)),
	Speed UInt64 CODEC(ZSTD(1)),
	Master UInt32 CODEC(ZSTD(1)),
	Parent UInt32 CODEC(ZSTD(1)),
	VlanId UInt16 CODEC(ZSTD(1)),
	OperState UInt8 CODEC(ZSTD(1)),
	Gone UInt8 CODEC(ZSTD(1)),
	InBytes UInt64 CODEC(Delta, ZSTD(1)),
	InPackets UInt64 CODEC(Delta, ZSTD(1)),
	InErrors UInt64 CODEC(Delta, ZSTD(1)),
	InDrops UInt64 CODEC(Delta, ZSTD(1)),
	OutBytes UInt64 CODEC(Delta, ZSTD(1)),
	OutPackets UInt64 CODEC(Delta, ZSTD(1)),
	OutErrors UInt64 CODEC(Delta, ZSTD(1)),
	OutDrops UInt64 CODEC(Delta, ZSTD(1)),
	Sampling LowCardinality(String) CODEC(ZSTD(1)),
	SamplingRate UInt64 CODEC(ZSTD(1)),
	WindowNs UInt64 CODEC(T64, ZSTD(1)),
	InSamples UInt64 CODEC(T64, ZSTD(1)),
	InCounted UInt64 CODEC(T64, ZSTD(1)),
	InEstimated UInt64 CODEC(T64, ZSTD(1)),
	InBand UInt64 CODEC(T64, ZSTD(1)),
	OutSamples UInt64 CODEC(T64, ZSTD(1)),
	OutCounted UInt64 CODEC(T64, ZSTD(1)),
	OutEstimated UInt64 CODEC(T64, ZSTD(1)),
	OutBand UInt64 CODEC(T64, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(TimeReceivedNs)
ORDER BY (Agent, SamplerAddress, IfIndex, TimeReceivedNs)
TTL toDateTime(TimeReceivedNs) + INTERVAL 92 DAY
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000,
	allow_suspicious_low_cardinality_types = 1;

-- The latest row of every interface, for interfaces_last.
CREATE TABLE IF NOT EXISTS netmeta.interfaces_newest (
	Agent String CODEC(ZSTD(1)),
	SamplerAddress IPv6 CODEC(ZSTD(1)),
	IfIndex UInt32 CODEC(ZSTD(1)),
	Name String CODEC(ZSTD(1)),
	Alias String CODEC(ZSTD(1)),
	Kind String CODEC(ZSTD(1)),
	LinkType UInt16 CODEC(ZSTD(1)),
	Mac UInt64 CODEC(ZSTD(1)),
	Mtu UInt32 CODEC(ZSTD(1)),
	Speed UInt64 CODEC(ZSTD(1)),
	Master UInt32 CODEC(ZSTD(1)),
	Parent UInt32 CODEC(ZSTD(1)),
	VlanId UInt16 CODEC(ZSTD(1)),
	OperState UInt8 CODEC(ZSTD(1)),
	Gone UInt8 CODEC(ZSTD(1)),
	Sampling String CODEC(ZSTD(1)),
	SamplingRate UInt64 CODEC(ZSTD(1)),
	TimeReceivedNs DateTime64(9, 'UTC') CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(TimeReceivedNs)
ORDER BY (Agent, SamplerAddress, IfIndex)
TTL toDateTime(TimeReceivedNs) + INTERVAL 400 DAY;
