-- SPDX-License-Identifier: Apache-2.0
-- How near samples come to counters: a row for each window and direction of a sampled interface of
-- an agent's machine, told at the window's end. Nothing is told of a direction without a verdict,
-- nor of one that neither counted nor sampled anything: both look the same.
-- Errors of windows that stand together add up, their bands do as the roots of sums of squares.
CREATE VIEW netmeta.interface_truth SQL SECURITY INVOKER AS
SELECT
	TimeReceivedNs AS Time,
	Agent, CAST(SamplerAddress AS IPv6) AS SamplerAddress, IfIndex AS Interface,
	Name AS InterfaceName,
	Side.1 AS Direction,
	Sampling, SamplingRate,
	WindowNs / 1000000000 AS Seconds,
	Side.2 AS Samples,
	Side.3 AS Counted,
	Side.4 AS Estimated,
	Side.5 AS Band,
	toInt64(Estimated) - toInt64(Counted) AS Error,
	if(Counted = 0, NULL, 100 * Error / Counted) AS ErrorPercent,
	abs(Error) > Band AS Outside
FROM netmeta.interfaces
ARRAY JOIN [
	('in', InSamples, InCounted, InEstimated, InBand),
	('out', OutSamples, OutCounted, OutEstimated, OutBand)] AS Side
WHERE WindowNs > 0 AND (Samples > 0 OR Counted > 0 OR Estimated > 0);
