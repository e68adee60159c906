-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from events_in to events; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.events_view TO netmeta.events
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	{{parts}},
	KnownKind AS Kind,
	IngestUser, SamplerAddress, Name, Text, Value
FROM (
	SELECT *, IngestUser,
		{{moments}},
		if(Kind BETWEEN 0 AND 22, Kind, 0) AS KnownKind
	FROM netmeta.events_in
);
