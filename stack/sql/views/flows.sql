-- SPDX-License-Identifier: Apache-2.0
-- Streams: flows drops
-- The way of a row from flows_in to flows, in two stages, so that no name means two things in one
-- SELECT; a dropped packet goes the same way. Words in {{}} stand in phrases.txt. Views read as the user who made them: an agent needs no right but to insert.
--   1 the times the agent means (seconds where there are no nanoseconds); a receive time that we
--     believe: from 30 days ago to an hour ahead, and now for none; enumerations with 0 for numbers
--     that have no word here
--   2 the columns of the stored table; the parts of the batch's identity (a LowCardinality, so
--     that the expression is matched once a block, not once a row)
CREATE MATERIALIZED VIEW netmeta.{{stream}}_view TO netmeta.{{stream}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
{{identity}}
SELECT
	{{received}},
	fromUnixTimestamp64Nano(toInt64(least(StartNs, 9223372036854775807)), 'UTC')
		AS TimeFlowStartNs,
	fromUnixTimestamp64Nano(toInt64(least(EndNs, 9223372036854775807)), 'UTC')
		AS TimeFlowEndNs,
	{{parts}},
	Rate AS SamplingRate,
	KnownType AS Type,
	KnownSource AS Source,
	KnownRateSource AS RateSource,
	KnownDirection AS Direction,
	KnownInIfKind AS InIfKind,
	KnownOutIfKind AS OutIfKind,
	KnownTunnel AS Tunnel,
	KnownCoverage AS Coverage,
	IngestUser, SamplerAddress, ObservationDomain, SamplerId, SequenceNum, FlowDirection,
	BiFlowDirection, InIf, OutIf, SrcAddr, DstAddr, SrcAS, DstAS, SrcNet, DstNet, NextHop,
	NextHopAS, BgpNextHop, Etype, Proto, SrcPort, DstPort, TCPFlags, IcmpType, IcmpCode, IPTos,
	IPTTL, IPTTLMax, IPv6FlowLabel, FragmentId, FragmentOffset, ForwardingStatus, FlowEndReason,
	Bytes, Packets, ReverseBytes, ReversePackets, SrcMac, DstMac, VlanId, SrcVlan, DstVlan,
	IngressVrfID, EgressVrfID, NatSrcAddr, NatDstAddr, NatSrcPort, NatDstPort, NatEvent,
	FirewallEvent, ApplicationId, MplsLabels,
	IpLength, InnerSrcAddr, InnerDstAddr, InnerProto, InnerSrcPort, InnerDstPort, TunnelId,
	InnerVlanId, AgentAddress, AsPath, Communities, LocalPref, SrcPeerAS, RouterAS, SrcUser,
	DstUser, Url, UrlHost, EgressQueue, QueueDepth, AclNumber, AclName, AclDirection,
	Function, OutMplsLabels, MplsName, MplsId, VlanStack, TunnelSrcAddr, TunnelDstAddr,
	TunnelProto, InVni, OutVni, TcpRtt, TcpRttVar, TcpMinRtt, TcpRetransmits, TcpLost,
	TcpWindow, PathMtu, DropReason, DropCause, Drops, TransitDelay, TunnelDirection,
	TunnelDstPort, Ssid, Bssid, RadioChannel, RadioSpeed, RadioRsni, RadioRcpi, Transmissions,
	AppName, AppOperation, AppStatus, AppDuration, SrcEntity, DstEntity, Unknown,
	Approximate, OwnTraffic, Mark
FROM (
	SELECT *, IngestUser,
		{{moments}},
		if(TimeFlowStartNs != 0, TimeFlowStartNs,
			least(TimeFlowStart, 18446744073) * 1000000000) AS StartNs,
		if(TimeFlowEndNs != 0, TimeFlowEndNs,
			least(TimeFlowEnd, 18446744073) * 1000000000) AS EndNs,
		greatest(SamplingRate, 1) AS Rate,
		if(Type BETWEEN 0 AND 4, Type, 0) AS KnownType,
		{{source}},
		if(RateSource BETWEEN 0 AND 6, RateSource, 0) AS KnownRateSource,
		if(Direction BETWEEN 0 AND 2, Direction, 0) AS KnownDirection,
		if(InIfKind BETWEEN 0 AND 3, InIfKind, 0) AS KnownInIfKind,
		if(OutIfKind BETWEEN 0 AND 3, OutIfKind, 0) AS KnownOutIfKind,
		if(Tunnel BETWEEN 0 AND 11, Tunnel, 0) AS KnownTunnel,
		if(Coverage BETWEEN 0 AND 1, Coverage, 0) AS KnownCoverage
	FROM netmeta.{{stream}}_in
);
