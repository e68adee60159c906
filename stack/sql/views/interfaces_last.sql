-- SPDX-License-Identifier: Apache-2.0
-- What the interfaces of agents' machines are, as was told last: one row for each.
CREATE VIEW netmeta.interfaces_last SQL SECURITY INVOKER AS
SELECT Agent, SamplerAddress, IfIndex, Name, Alias, Kind, LinkType, Mac, Mtu, Speed, Master, Parent,
	VlanId, OperState, Gone, Sampling, SamplingRate, TimeReceivedNs
FROM netmeta.interfaces_newest FINAL;
