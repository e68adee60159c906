-- SPDX-License-Identifier: Apache-2.0
-- Is everything that agents call acknowledged here? One row for each agent, incarnation, worker,
-- stream and uplink; Verdict is OK or says what differs, and by how much.
--
-- An agent sends the batches of a stream one after another in the order of their numbers, which
-- start at 1 and miss only what it dropped or quarantined. So the latest ledger row of an uplink,
-- which says that A batches with R records are acknowledged, speaks of the A batches here that have
-- the lowest numbers; those behind them are newer than the row, its own batch among them. They
-- cannot stand in for one that is lost: then a number is missing, and the first A hold other rows.
-- Counters only grow, so the largest are the latest, whatever an agent's clock did meanwhile.
--
-- A batch that the server found too large arrives in parts, all under the batch's number.
--
-- Two uplinks of one agent may lead to different servers, or both here, where a batch is stored
-- once. What one of them gave up may be here by the other: then its sums are compared, no numbers.
-- Rows are not compared once some are older than 31 days (flows forgets them), nothing is once the
-- first batch is older than 360 days. Clocks may differ by a minute.
WITH
	claims AS (
		SELECT Agent, Incarnation, Worker, Stream, Name AS Uplink,
			max((BatchesAcknowledged, RecordsAcknowledged, TimeReceivedNs,
				BatchesDropped + BatchesQuarantined)) AS Latest
		FROM netmeta.ledger
		WHERE Kind = 'LEDGER_UPLINK'
		GROUP BY Agent, Incarnation, Worker, Stream, Name
	),
	uplinks AS (
		SELECT Agent, Incarnation, Worker, Stream, count() AS Uplinks,
			max(Latest.1 + Latest.4) AS Settled
		FROM claims
		GROUP BY Agent, Incarnation, Worker, Stream
	),
	arrivals AS (
		SELECT Agent, Incarnation, Worker, Stream, Number, sum(Rows) AS RowsOfBatch,
			count() - uniqExact(Batch) AS Repeats, min(Time) AS Arrived,
			min(Oldest) AS OldestRow
		FROM netmeta.batches
		WHERE Agent != ''
		GROUP BY Agent, Incarnation, Worker, Stream, Number
	),
	placed AS (
		SELECT *, row_number() OVER (PARTITION BY Agent, Incarnation, Worker, Stream
			ORDER BY Number) AS Place
		FROM arrivals
	),
	stored AS (
		SELECT Agent, Incarnation, Worker, Stream, count() AS StoredRows
		FROM (
			SELECT Agent, Incarnation, Worker, 'flows' AS Stream FROM netmeta.flows
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'drops' AS Stream FROM netmeta.drops
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'counters' AS Stream FROM netmeta.counters
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'names' AS Stream FROM netmeta.names
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'interfaces' AS Stream
			FROM netmeta.interfaces
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'ledger' AS Stream FROM netmeta.ledger
			UNION ALL
			SELECT Agent, Incarnation, Worker, 'events' AS Stream FROM netmeta.events
		)
		WHERE Agent != ''
		GROUP BY Agent, Incarnation, Worker, Stream
	),
	-- Every batch beside the claims about its stream; claims, and rows, also without a batch.
	sides AS (
		SELECT Agent, Incarnation, Worker, Stream, Uplink, Latest,
			1 AS Here, Number, Place, RowsOfBatch, Repeats, Arrived, OldestRow
		FROM placed LEFT JOIN claims USING (Agent, Incarnation, Worker, Stream)
		UNION ALL
		SELECT Agent, Incarnation, Worker, Stream, Uplink, Latest,
			0, 0, 0, 0, 0, now64(3, 'UTC'), now64(9, 'UTC')
		FROM claims
		UNION ALL
		SELECT Agent, Incarnation, Worker, Stream, Uplink, Latest,
			0, 0, 0, 0, 0, now64(3, 'UTC'), now64(9, 'UTC')
		FROM stored LEFT JOIN claims USING (Agent, Incarnation, Worker, Stream)
	),
	named AS (
		SELECT *, Latest.1 AS Acknowledged, Latest.2 AS AcknowledgedRecords,
			if(Uplink = '', now64(9, 'UTC') - INTERVAL 4 MINUTE, Latest.3) AS Claimed,
			Latest.4 AS GivenUp
		FROM sides LEFT JOIN uplinks USING (Agent, Incarnation, Worker, Stream)
	),
	sums AS (
		SELECT Agent, Incarnation, Worker, Stream, Uplink, GivenUp,
			any(Uplinks) AS Uplinks,
			Uplinks = 1 OR (Uplinks > 1 AND GivenUp = 0) AS ByNumber,
			Acknowledged AS BatchesAcknowledged,
			AcknowledgedRecords AS RecordsAcknowledged,
			sum(Here) AS Batches,
			sum(RowsOfBatch) AS BatchRows,
			sum(Repeats) AS Doubled,
			sumIf(RowsOfBatch, Place <= Acknowledged) AS FirstRows,
			maxIf(Number, Place <= Acknowledged) AS LastNumber,
			minIf(Place, Here AND Number > Place) AS FirstMissing,
			countIf(Here AND if(named.Uplinks > 1, Number > Settled,
					Place > Acknowledged)
				AND Arrived < Claimed - INTERVAL 1 MINUTE) AS Unclaimed,
			dateDiff('second', any(Claimed), maxIf(Arrived, Here)) AS LedgerBehind,
			min(OldestRow) < now() - INTERVAL 31 DAY AS RowsAged,
			min(Arrived) < now() - INTERVAL 360 DAY AS Aged
		FROM named
		GROUP BY Agent, Incarnation, Worker, Stream, Uplink,
			Acknowledged, AcknowledgedRecords, GivenUp
	),
	compared AS (
		SELECT *,
			toInt64(LastNumber) - toInt64(least(BatchesAcknowledged, Batches))
				AS Missing,
			arrayFilter(text -> text != '', [
				if(BatchesAcknowledged > Batches,
					format('batches acknowledged but not here: {}',
						BatchesAcknowledged - Batches), ''),
				if(ByNumber AND FirstRows != RecordsAcknowledged,
					format('records acknowledged: {}, in those batches: {}',
						RecordsAcknowledged, FirstRows), ''),
				if(NOT ByNumber AND BatchRows < RecordsAcknowledged,
					format('records acknowledged but not here: {}',
						RecordsAcknowledged - BatchRows), ''),
				if(ByNumber AND Missing > GivenUp,
					format('batches missing: {} from number {} on, given up: {}',
						Missing, FirstMissing, GivenUp), ''),
				if(Unclaimed > 0,
					format('batches here that no ledger row knows: {}',
						Unclaimed), ''),
				if(Uplinks > 0 AND LedgerBehind > 300,
					format('latest ledger row older than latest batch: {} s',
						LedgerBehind), ''),
				if(NOT RowsAged AND StoredRows != BatchRows,
					format('rows in batches: {}, stored: {}',
						BatchRows, StoredRows), ''),
				if(Doubled > 0,
					format('batches stored again: {}', Doubled), '')
			]) AS Differences
		FROM sums
			LEFT JOIN stored USING (Agent, Incarnation, Worker, Stream)
	)
SELECT Agent, Incarnation, Worker, Stream, Uplink, BatchesAcknowledged, Batches,
	RecordsAcknowledged, BatchRows, StoredRows,
	multiIf(Aged, 'OK: older than what is kept',
		notEmpty(Differences), arrayStringConcat(Differences, '; '),
		RowsAged, 'OK: some rows are older than what is kept',
		'OK') AS Verdict
FROM compared
ORDER BY Agent, Incarnation, Worker, Stream, Uplink
