-- SPDX-License-Identifier: Apache-2.0
-- What interfaces are called: as the exporter says, or else as the agent on that machine says, whose
-- interfaces have the same numbers. The latest name of each.
CREATE VIEW netmeta.interface_names SQL SECURITY INVOKER AS
SELECT SamplerAddress, AgentAddress, Interface, Name, Description, TimeReceivedNs
FROM (
	SELECT SamplerAddress, AgentAddress, Id AS Interface, Name, Description, TimeReceivedNs,
		1 AS ByExporter
	FROM netmeta.names_newest FINAL
	WHERE Kind = 'NAME_INTERFACE' AND Name != ''
	UNION ALL
	SELECT SamplerAddress, toIPv6('::') AS AgentAddress, IfIndex AS Interface, Name,
		Alias AS Description, TimeReceivedNs, 0 AS ByExporter
	FROM netmeta.interfaces_newest FINAL
)
ORDER BY ByExporter DESC, TimeReceivedNs DESC
LIMIT 1 BY SamplerAddress, AgentAddress, Interface;
