-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from counters_in to counters; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.counters_view TO netmeta.counters
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	{{parts}},
	KnownSource AS Source,
	IngestUser, SamplerAddress, AgentAddress, ObservationDomain, SequenceNum, UptimeMs,
	SourceClass, SourceIndex, `Group`, Counters, Texts
FROM (
	SELECT *, IngestUser,
		{{moments}},
		{{source}}
	FROM netmeta.counters_in
);
