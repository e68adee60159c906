-- SPDX-License-Identifier: Apache-2.0
-- Streams: flows drops counters names interfaces ledger events
-- What arrived: one row for each batch, as the server itself counts it.
CREATE MATERIALIZED VIEW netmeta.{{stream}}_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	Batch,
	{{parts}},
	'{{stream}}' AS Stream,
	toUInt64OrZero(regexpExtract(Batch, Identity, 5)) AS Number,
	count() AS Rows,
	fromUnixTimestamp64Nano(toInt64(min(BelievedNs)), 'UTC') AS Oldest,
	fromUnixTimestamp64Nano(toInt64(max(BelievedNs)), 'UTC') AS Newest,
	IngestUser
FROM (
	SELECT Batch, IngestUser,
		{{moments}}
	FROM netmeta.{{stream}}_in
)
GROUP BY Batch, IngestUser;
