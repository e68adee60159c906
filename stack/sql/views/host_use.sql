-- SPDX-License-Identifier: Apache-2.0
-- What exporters say of themselves: processor and memory, a row for each time that they told.
-- Hosts count processor time, so a row needs the one before it; a step is left out when it is
-- longer than 15 minutes or when the time went back (a start, or 32 bits that wrapped). Routers
-- tell percents.
CREATE VIEW netmeta.host_use SQL SECURITY INVOKER AS
SELECT Time, SamplerAddress, AgentAddress,
	if(Name = '', replaceOne(toString(SamplerAddress), '::ffff:', ''), Name) AS Host,
	Busy AS CpuPercent, Load AS LoadAverage, Used AS MemoryPercent
FROM (
	SELECT TimeReceivedNs AS Time, SamplerAddress, AgentAddress,
		multiIf(`Group` = 'processor', CpuPercent,
			`Group` = 'host_cpu' AND Before.2 > 0 AND CpuTime > Before.2
				AND CpuIdle >= Before.3
				AND Time <= Before.1 + INTERVAL 15 MINUTE,
			100 - 100 * (CpuIdle - Before.3) / (CpuTime - Before.2), NULL) AS Busy,
		if(`Group` = 'host_cpu', LoadAverage, NULL) AS Load,
		if(MemoryTotal > 0, 100 - 100 * MemoryFree / MemoryTotal, NULL) AS Used
	FROM (
		SELECT TimeReceivedNs, SamplerAddress, AgentAddress, `Group`, LoadAverage,
			CpuPercent, CpuTime, CpuIdle, MemoryTotal, MemoryFree,
			lagInFrame((TimeReceivedNs, CpuTime, CpuIdle)) OVER (
				PARTITION BY SamplerAddress, AgentAddress, ObservationDomain,
					`Group`, SourceClass, SourceIndex, Agent
				ORDER BY TimeReceivedNs
				ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS Before
		FROM netmeta.counters
		WHERE `Group` IN ('host_cpu', 'host_mem', 'processor')
			AND TimeReceivedNs >= {since:DateTime64(3)} - INTERVAL 15 MINUTE
			AND TimeReceivedNs <= {until:DateTime64(3)}
	)
	WHERE Time >= {since:DateTime64(3)}
) AS told
LEFT ANY JOIN (
	SELECT SamplerAddress, AgentAddress, Name
	FROM netmeta.names_last
	WHERE Kind = 'NAME_EXPORTER'
	ORDER BY TimeReceivedNs DESC
) AS called USING (SamplerAddress, AgentAddress);
