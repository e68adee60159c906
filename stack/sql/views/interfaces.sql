-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from interfaces_in to interfaces; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.interfaces_view TO netmeta.interfaces
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	{{parts}},
	IngestUser, SamplerAddress, IfIndex, Name, Alias, Kind, LinkType, Mac, Mtu, Speed, Master,
	Parent, VlanId, OperState, Gone, InBytes, InPackets, InErrors, InDrops, OutBytes,
	OutPackets, OutErrors, OutDrops, Sampling, SamplingRate, WindowNs, InSamples, InCounted,
	InEstimated, InBand, OutSamples, OutCounted, OutEstimated, OutBand
FROM (
	SELECT *, IngestUser,
		{{moments}}
	FROM netmeta.interfaces_in
);
