-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from events_in to events; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.events_view TO netmeta.events
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	Identity[1] AS Agent,
	Identity[2] AS Incarnation,
	toUInt16OrZero(Identity[3]) AS Worker,
	KnownKind AS Kind,
	IngestUser, SamplerAddress, Name, Text, Value
FROM (
	SELECT *, IngestUser,
		extractGroups(toString(Batch),
			'^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)$') AS Identity,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(Kind BETWEEN 0 AND 15, Kind, 0) AS KnownKind
	FROM netmeta.events_in
);

CREATE MATERIALIZED VIEW netmeta.events_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
	Batch,
	Identity[1] AS Agent,
	Identity[2] AS Incarnation,
	toUInt16OrZero(Identity[3]) AS Worker,
	'events' AS Stream,
	toUInt64OrZero(Identity[5]) AS Number,
	count() AS Rows,
	fromUnixTimestamp64Nano(toInt64(min(BelievedNs)), 'UTC') AS Oldest,
	fromUnixTimestamp64Nano(toInt64(max(BelievedNs)), 'UTC') AS Newest,
	IngestUser
FROM (
	SELECT Batch, IngestUser,
		extractGroups(toString(Batch),
			'^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)$') AS Identity,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs
	FROM netmeta.events_in
)
GROUP BY Batch, Identity, IngestUser;
