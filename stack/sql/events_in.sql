-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.events_in (
	TimeReceivedNs UInt64,
	Kind Int32,
	SamplerAddress IPv6,
	Name String,
	Text String,
	Value Int64,
	Batch LowCardinality(String) DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
