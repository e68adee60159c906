-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.events_in (
	TimeReceivedNs UInt64,
	Kind Enum8(
		'EVENT_UNKNOWN' = 0,
		'EVENT_START' = 1,
		'EVENT_STOP' = 2,
		'EVENT_UNCLEAN_END' = 3,
		'EVENT_CLOCK_STEP' = 4,
		'EVENT_CLOCK_SANE' = 5,
		'EVENT_EXPORTER_NEW' = 6,
		'EVENT_EXPORTER_RESTART' = 7,
		'EVENT_SEQUENCE_GAP' = 8,
		'EVENT_RATE_CHANGE' = 9,
		'EVENT_UPLINK_HELD' = 10,
		'EVENT_UPLINK_RECOVERED' = 11,
		'EVENT_SPOOL_DROP' = 12,
		'EVENT_QUARANTINE' = 13,
		'EVENT_KERNEL_DROP' = 14,
		'EVENT_TLS_DATES' = 15),
	SamplerAddress IPv6,
	Name String,
	Text String,
	Value Int64,
	Batch String DEFAULT initialQueryID(),
	IngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
