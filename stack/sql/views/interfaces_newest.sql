-- SPDX-License-Identifier: Apache-2.0
-- The latest of every interface: what interfaces_last reads.
CREATE MATERIALIZED VIEW netmeta.interfaces_newest_view TO netmeta.interfaces_newest
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT Agent, SamplerAddress, IfIndex, Name, Alias, Kind, LinkType, Mac, Mtu, Speed, Master, Parent,
	VlanId, OperState, Gone, Sampling, SamplingRate, TimeReceivedNs
FROM netmeta.interfaces;
