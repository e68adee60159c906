-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.names_in (
	TimeReceivedNs UInt64,
	SamplerAddress IPv6,
	AgentAddress IPv6,
	Source Int32,
	ObservationDomain UInt32,
	Kind Int32,
	Id UInt64,
	Name String,
	Description String,
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
