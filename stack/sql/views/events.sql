-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from events_in to events; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.events_view TO netmeta.events
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
		if(Kind BETWEEN 0 AND 18, Kind, 0) AS KnownKind
	FROM netmeta.events_in
);

CREATE MATERIALIZED VIEW netmeta.events_batches_view TO netmeta.batches
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
