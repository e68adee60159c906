-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from names_in to names; the stages are those of flows.sql.
CREATE MATERIALIZED VIEW netmeta.names_view TO netmeta.names
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	{{parts}},
	KnownSource AS Source,
	KnownKind AS Kind,
	IngestUser, SamplerAddress, AgentAddress, ObservationDomain, Id, Name, Description
FROM (
	SELECT *, IngestUser,
		{{moments}},
		{{source}},
		if(Kind BETWEEN 0 AND 5, Kind, 0) AS KnownKind
	FROM netmeta.names_in
);
