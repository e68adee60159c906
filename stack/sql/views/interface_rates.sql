-- SPDX-License-Identifier: Apache-2.0
-- What interfaces carried, from the cumulative counters that exporters tell of them (structure
-- generic) and that agents tell of their own machine's: rates a second in buckets of `width`
-- seconds. Innermost first:
--   1 both kinds of rows alike. Counters of exporters have 32 bits, but for octets, and go back
--     when they wrap; those of our own machine have 64, and there is no uptime: where something
--     went back the interface is another one
--   2 each row beside the one before it, of the same agent, exporter and interface
--   3 what was counted between the two. A step is left out, and nothing guessed, when it is longer
--     than 15 minutes (a gap), when the exporter started anew meanwhile (its uptime went back,
--     other than by the wrap of its 32 bits after 49.7 days), or when octets went back (counters
--     were cleared)
--   4 every step spread over the buckets it touches: exporters tell in a rhythm of their own
--   5 the mean over the part of a bucket that steps cover, Seconds of it: a rate times Seconds is
--     what was counted
CREATE VIEW netmeta.interface_rates SQL SECURITY INVOKER AS
WITH
	toInt64({width:UInt32}) * 1000 AS WidthMs,
	(later, sooner, wrap) -> greatest(if(later < sooner, later + wrap, later) - sooner, 0)
		AS grown
SELECT
	toDateTime(Bucket * {width:UInt32}, 'UTC') AS Time,
	SamplerAddress, AgentAddress, Interface,
	if(any(Name) = '', toString(Interface), any(Name)) AS InterfaceName,
	max(Bandwidth) AS Speed,
	min(IsUp) AS OperUp,
	sum(CoveredMs) / 1000 AS Seconds,
	8000 * sum(OctetsIn * Share) / sum(CoveredMs) AS InBits,
	8000 * sum(OctetsOut * Share) / sum(CoveredMs) AS OutBits,
	1000 * sum(PacketsIn * Share) / sum(CoveredMs) AS InPackets,
	1000 * sum(PacketsOut * Share) / sum(CoveredMs) AS OutPackets,
	1000 * sum(ErrorsIn * Share) / sum(CoveredMs) AS InErrors,
	1000 * sum(ErrorsOut * Share) / sum(CoveredMs) AS OutErrors,
	1000 * sum(DiscardsIn * Share) / sum(CoveredMs) AS InDiscards,
	1000 * sum(DiscardsOut * Share) / sum(CoveredMs) AS OutDiscards
FROM (
	SELECT *,
		arrayJoin(range(intDiv(BeginMs, WidthMs), intDiv(EndMs - 1, WidthMs) + 1)) AS Bucket,
		least(EndMs, (Bucket + 1) * WidthMs) - greatest(BeginMs, Bucket * WidthMs)
			AS CoveredMs,
		CoveredMs / (EndMs - BeginMs) AS Share
	FROM (
		SELECT
			SamplerAddress, AgentAddress, Interface, Bandwidth, IsUp,
			toUnixTimestamp64Milli(Before.1) AS BeginMs,
			toUnixTimestamp64Milli(TimeReceivedNs) AS EndMs,
			InOctets - Before.3 AS OctetsIn,
			OutOctets - Before.4 AS OctetsOut,
			grown(InPackets, Before.5, Wrap) AS PacketsIn,
			grown(OutPackets, Before.6, Wrap) AS PacketsOut,
			grown(InErrors, Before.7, Wrap) AS ErrorsIn,
			grown(OutErrors, Before.8, Wrap) AS ErrorsOut,
			grown(InDiscards, Before.9, Wrap) AS DiscardsIn,
			grown(OutDiscards, Before.10, Wrap) AS DiscardsOut
		FROM (
			SELECT *,
				lagInFrame((TimeReceivedNs, UptimeMs, InOctets, OutOctets,
					InPackets, OutPackets, InErrors, OutErrors,
					InDiscards, OutDiscards)) OVER (
					PARTITION BY SamplerAddress, AgentAddress, ObservationDomain,
						Interface, Agent, Life
					ORDER BY TimeReceivedNs
					ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS Before
			FROM (
				SELECT SamplerAddress, AgentAddress, ObservationDomain,
					SourceIndex AS Interface, Agent, 'exporter' AS Life,
					TimeReceivedNs, UptimeMs, InOctets, OutOctets, InPackets,
					OutPackets, InErrors, OutErrors, InDiscards, OutDiscards,
					Speed AS Bandwidth, OperUp AS IsUp, 4294967296 AS Wrap
				FROM netmeta.counters
				WHERE `Group` = 'generic' AND SourceClass = 0
					AND TimeReceivedNs >= {since:DateTime64(3)} - INTERVAL 15 MINUTE
					AND TimeReceivedNs <= {until:DateTime64(3)} + INTERVAL 15 MINUTE
				UNION ALL
				SELECT SamplerAddress, toIPv6('::'), 0, IfIndex, Agent, Incarnation,
					TimeReceivedNs, 0, InBytes, OutBytes, InPackets,
					OutPackets, InErrors, OutErrors, InDrops, OutDrops,
					Speed, OperState IN (0, 6), 0
				FROM netmeta.interfaces
				WHERE NOT Gone
					AND TimeReceivedNs >= {since:DateTime64(3)} - INTERVAL 15 MINUTE
					AND TimeReceivedNs <= {until:DateTime64(3)} + INTERVAL 15 MINUTE
			)
		)
		WHERE BeginMs > 0 AND EndMs > BeginMs AND EndMs - BeginMs <= 900000
			AND InOctets >= Before.3 AND OutOctets >= Before.4
			AND (Wrap > 0 OR (InPackets >= Before.5 AND OutPackets >= Before.6))
			AND (UptimeMs >= Before.2 OR toUInt32(UptimeMs - Before.2) <= 900000)
	)
) AS steps
LEFT ANY JOIN (
	SELECT SamplerAddress, AgentAddress, Interface, Name FROM netmeta.interface_names
) AS called USING (SamplerAddress, AgentAddress, Interface)
WHERE Time BETWEEN {since:DateTime64(3)} AND {until:DateTime64(3)}
GROUP BY SamplerAddress, AgentAddress, Interface, Time;
