-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.counters_in (
	TimeReceivedNs UInt64,
	SamplerAddress IPv6,
	AgentAddress IPv6,
	Source Int32,
	ObservationDomain UInt32,
	SequenceNum UInt32,
	UptimeMs UInt32,
	SourceClass UInt32,
	SourceIndex UInt32,
	Group String,
	Counters Map(LowCardinality(String), UInt64),
	Texts Map(LowCardinality(String), String),
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
