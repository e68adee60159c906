-- SPDX-License-Identifier: Apache-2.0
-- The latest of every name: what names_last reads.
CREATE MATERIALIZED VIEW netmeta.names_newest_view TO netmeta.names_newest
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT SamplerAddress, AgentAddress, Source, ObservationDomain, Kind, Id, Name, Description,
	TimeReceivedNs
FROM netmeta.names;
