-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from names_in to names; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.names_view TO netmeta.names
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	KnownSource AS Source,
	KnownKind AS Kind,
	IngestUser, SamplerAddress, AgentAddress, ObservationDomain, Id, Name, Description
FROM (
	SELECT *, IngestUser,
		TimeReceivedNs AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(Source BETWEEN 0 AND 9, Source, 0) AS KnownSource,
		if(Kind BETWEEN 0 AND 5, Kind, 0) AS KnownKind
	FROM netmeta.names_in
);

CREATE MATERIALIZED VIEW netmeta.names_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	Batch,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	'names' AS Stream,
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
	FROM netmeta.names_in
)
GROUP BY Batch, IngestUser;
