-- SPDX-License-Identifier: Apache-2.0
-- What an exporter calls the things it numbers, as it said last: one row for each name.
CREATE VIEW netmeta.names_last SQL SECURITY INVOKER AS
SELECT SamplerAddress, AgentAddress, Source, ObservationDomain, Kind, Id, Name, Description,
	TimeReceivedNs
FROM netmeta.names_newest FINAL;
