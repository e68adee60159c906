-- SPDX-License-Identifier: Apache-2.0
-- Do the ledgers' own sums close? One row for each agent, incarnation and worker; Verdict is OK or
-- says what is open, and by how much.
--
-- An agent writes all rows of its ledger at one moment, with counters that only grow. So the latest
-- rows of an incarnation say everything, and they have one time:
--   1 bytes received of each exporter are those accounted for, each byte in one counter
--   2 records decoded of each exporter were filtered, merged or encoded
--   3 records encoded for each uplink and stream were acknowledged, dropped, refused, or are held
--   4 exporters encoded at least what any uplink was given: less, and the row of one is missing
--   5 whoever had a row before has one now: no exporter is forgotten, no stream of an uplink
-- Uplinks may come later than exporters, and go, so 4 and 5 ask no more than that.
WITH
	moments AS (
		SELECT Agent, Incarnation, Worker, max(TimeReceivedNs) AS Latest
		FROM netmeta.ledger
		WHERE Agent != '' AND Kind = 'LEDGER_UPLINK'
		GROUP BY Agent, Incarnation, Worker
	),
	exporters AS (
		SELECT Agent, Incarnation, Worker,
			format('{} {} {}', replaceOne(toString(SamplerAddress), '::ffff:', ''),
				replaceOne(toString(Source), 'SOURCE_', ''), ObservationDomain) AS Name,
			max(TimeReceivedNs) AS Told,
			argMax((BytesReceived, BytesHeaders + BytesTemplates + BytesOptions
				+ BytesDecoded + BytesPadding + BytesNoTemplate + BytesParked
				+ BytesUnknownVersion + BytesUnknownSet + BytesNoExporter
				+ BytesTruncated + BytesBadLength + BytesBadTemplate
				+ BytesNotAllowed), TimeReceivedNs) AS Bytes,
			argMax((RecordsDecoded, RecordsFiltered + RecordsMerged + RecordsEncoded),
				TimeReceivedNs) AS Records,
			argMax(RecordsEncoded, TimeReceivedNs) AS Encoded
		FROM netmeta.ledger
		WHERE Agent != '' AND Kind = 'LEDGER_EXPORTER'
		GROUP BY Agent, Incarnation, Worker, SamplerAddress, AgentAddress, Source,
			ObservationDomain
	),
	uplinks AS (
		SELECT Agent, Incarnation, Worker, Name, Stream, max(TimeReceivedNs) AS Told,
			argMax((RecordsEncoded, RecordsAcknowledged + RecordsDropped
				+ RecordsQuarantined + RecordsHeld), TimeReceivedNs) AS Records
		FROM netmeta.ledger
		WHERE Agent != '' AND Kind = 'LEDGER_UPLINK'
		GROUP BY Agent, Incarnation, Worker, Name, Stream
	),
	of_exporters AS (
		SELECT Agent, Incarnation, Worker, count() AS Exporters,
			sum(Bytes.1) AS BytesReceived, sum(Records.1) AS RecordsDecoded,
			sum(Encoded) AS RecordsEncoded,
			groupArrayIf(format('{}: bytes received {}, accounted for {}', Name, Bytes.1,
				Bytes.2), Bytes.1 != Bytes.2) AS OpenBytes,
			groupArrayIf(format('{}: records decoded {}, accounted for {}', Name,
				Records.1, Records.2), Records.1 != Records.2) AS OpenRecords,
			groupArrayIf(format('{}: no row since {}', Name, Told), Told < Latest)
				AS Forgotten
		FROM exporters INNER JOIN moments USING (Agent, Incarnation, Worker)
		GROUP BY Agent, Incarnation, Worker
	),
	of_each_uplink AS (
		SELECT Agent, Incarnation, Worker, Name,
			sumIf(Records.1, Stream IN ('flows', 'drops', 'counters', 'names')) AS Given,
			groupArrayIf(format('{}, {}: records encoded {}, accounted for {}', Name,
				Stream, Records.1, Records.2), Records.1 != Records.2) AS OpenRecords,
			groupArrayIf(format('{}, {}: no row since {}', Name, Stream, Told),
				Told < Latest) AS Forgotten,
			max(Told) = any(Latest) AS IsThere
		FROM uplinks INNER JOIN moments USING (Agent, Incarnation, Worker)
		GROUP BY Agent, Incarnation, Worker, Name
	),
	of_uplinks AS (
		SELECT Agent, Incarnation, Worker, count() AS Uplinks,
			maxIf(Given, IsThere) AS MostGiven,
			arrayFlatten(groupArray(OpenRecords)) AS OpenGiven,
			arrayFlatten(groupArrayIf(Forgotten, IsThere)) AS ForgottenStreams
		FROM of_each_uplink
		GROUP BY Agent, Incarnation, Worker
	),
	compared AS (
		SELECT Agent, Incarnation, Worker, Exporters, Uplinks, BytesReceived, RecordsDecoded,
			arrayConcat(OpenBytes, OpenRecords, Forgotten, OpenGiven, ForgottenStreams,
				if(RecordsEncoded < MostGiven,
					[format('records that exporters encoded: {}, given to an uplink: {}',
						RecordsEncoded, MostGiven)], [])) AS Differences
		FROM of_uplinks LEFT JOIN of_exporters USING (Agent, Incarnation, Worker)
	)
SELECT Agent, Incarnation, Worker, Exporters, Uplinks, BytesReceived, RecordsDecoded,
	if(notEmpty(Differences), arrayStringConcat(Differences, '; '), 'OK') AS Verdict
FROM compared
ORDER BY Agent, Incarnation, Worker
