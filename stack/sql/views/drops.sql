-- SPDX-License-Identifier: Apache-2.0
-- The way of a row from drops_in to drops: that of a flow (flows.sql).
CREATE MATERIALIZED VIEW netmeta.drops_view TO netmeta.drops
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	fromUnixTimestamp64Nano(toInt64(BelievedNs), 'UTC') AS TimeReceivedNs,
	BelievedNs != MeantNs AS TimeClamped,
	fromUnixTimestamp64Nano(toInt64(least(StartNs, 9223372036854775807)), 'UTC')
		AS TimeFlowStartNs,
	fromUnixTimestamp64Nano(toInt64(least(EndNs, 9223372036854775807)), 'UTC')
		AS TimeFlowEndNs,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	Rate AS SamplingRate,
	KnownType AS Type,
	KnownSource AS Source,
	KnownRateSource AS RateSource,
	KnownDirection AS Direction,
	KnownInIfKind AS InIfKind,
	KnownOutIfKind AS OutIfKind,
	KnownTunnel AS Tunnel,
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
	TcpWindow, PathMtu, DropReason, DropCause, Drops, Unknown
FROM (
	SELECT *, IngestUser,
		if(TimeReceivedNs != 0, TimeReceivedNs,
			least(TimeReceived, 18446744073) * 1000000000) AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs,
		if(TimeFlowStartNs != 0, TimeFlowStartNs,
			least(TimeFlowStart, 18446744073) * 1000000000) AS StartNs,
		if(TimeFlowEndNs != 0, TimeFlowEndNs,
			least(TimeFlowEnd, 18446744073) * 1000000000) AS EndNs,
		greatest(SamplingRate, 1) AS Rate,
		if(Type BETWEEN 0 AND 4, Type, 0) AS KnownType,
		if(Source BETWEEN 0 AND 9, Source, 0) AS KnownSource,
		if(RateSource BETWEEN 0 AND 6, RateSource, 0) AS KnownRateSource,
		if(Direction BETWEEN 0 AND 2, Direction, 0) AS KnownDirection,
		if(InIfKind BETWEEN 0 AND 3, InIfKind, 0) AS KnownInIfKind,
		if(OutIfKind BETWEEN 0 AND 3, OutIfKind, 0) AS KnownOutIfKind,
		if(Tunnel BETWEEN 0 AND 11, Tunnel, 0) AS KnownTunnel
	FROM netmeta.drops_in
);

CREATE MATERIALIZED VIEW netmeta.drops_batches_view TO netmeta.batches
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH '^(.+)-([0-9a-f]{32})-([0-9]+)-([a-z]+)-([0-9]+)(?:\\.[12]+)?$' AS Identity
SELECT
	Batch,
	regexpExtract(Batch, Identity, 1) AS Agent,
	regexpExtract(Batch, Identity, 2) AS Incarnation,
	toUInt16OrZero(regexpExtract(Batch, Identity, 3)) AS Worker,
	'drops' AS Stream,
	toUInt64OrZero(regexpExtract(Batch, Identity, 5)) AS Number,
	count() AS Rows,
	fromUnixTimestamp64Nano(toInt64(min(BelievedNs)), 'UTC') AS Oldest,
	fromUnixTimestamp64Nano(toInt64(max(BelievedNs)), 'UTC') AS Newest,
	IngestUser
FROM (
	SELECT Batch, IngestUser,
		if(TimeReceivedNs != 0, TimeReceivedNs,
			least(TimeReceived, 18446744073) * 1000000000) AS MeantNs,
		toUInt64(toUnixTimestamp64Nano(now64(9))) AS NowNs,
		toUInt64(NowNs - 30 * 86400 * 1000000000) AS EarliestNs,
		toUInt64(NowNs + 3600 * 1000000000) AS LatestNs,
		if(MeantNs = 0, NowNs, least(greatest(MeantNs, EarliestNs), LatestNs))
			AS BelievedNs
	FROM netmeta.drops_in
)
GROUP BY Batch, IngestUser;
