// SPDX-License-Identifier: Apache-2.0
//
// What an agent tells of its own machine, few enough rows to add up by hand: an hour before the
// range of rows.mjs, so that neither meets the other. Times are seconds after the begin of this one.
//
// Traffic: 10 MB from wan to lan, picked on both; 5 MB from lan to wan, picked on both; 5 MB of
// the agent itself out of wan. That is 20 MB in the 75 seconds from 30 to the bucket of 5 s at 100,
// and 35 MB for who counts twice. On wan alone 10 + 5 + 5 MB were picked.

import { BEGIN, insertion } from './rows.mjs';

const BEFORE = 3600;
export const OWN_BEGIN = BEGIN - BEFORE;

const MILLION = 1_000_000;
const GATE = { Agent: 'gate', Incarnation: '9'.repeat(32), Worker: 0,
  SamplerAddress: '::ffff:192.0.2.9' };
const of = (at, row) => ({ at: at - BEFORE, ...GATE, ...row });
const [WAN, LAN] = [2, 3];

const flow = (at, SrcAddr, Bytes, row) => of(at, { Source: 'SOURCE_BPF', SamplingRate: 100, Proto: 6,
  SrcAddr: `::ffff:${SrcAddr}`, DstAddr: '::ffff:203.0.113.9', Bytes, Packets: Bytes / 1000, ...row });
const INGRESS = { Direction: 'OBSERVATION_INGRESS' };
const EGRESS = { Direction: 'OBSERVATION_EGRESS' };
const AGAIN = { ...EGRESS, Coverage: 'COVERAGE_AGAIN' };
const FLOWS = [
  flow(30, '198.51.100.7', 100_000, { ...INGRESS, InIf: WAN, OutIf: LAN }),
  flow(30, '198.51.100.7', 100_000, { ...AGAIN, InIf: WAN, OutIf: LAN }),
  flow(90, '198.51.100.8', 50_000, { ...INGRESS, InIf: LAN, OutIf: WAN, Approximate: 1 }),
  flow(90, '198.51.100.8', 50_000, { ...AGAIN, InIf: LAN, OutIf: WAN, Approximate: 1 }),
  flow(100, '192.0.2.9', 50_000, { ...EGRESS, OutIf: WAN, OwnTraffic: 1 }),
];

/** Wan carries 75 MB a minute in, 7.5 MB out; what came in by the samples is told in millions. */
const wan = (minute, sampled) => of(60 * minute, { IfIndex: WAN, Name: 'wan', Alias: 'uplink',
  Speed: 1000 * MILLION, OperState: 6, Sampling: 'tcx', SamplingRate: 100,
  InBytes: 75 * MILLION * minute, InPackets: 60_000 * minute,
  OutBytes: 7.5 * MILLION * minute, OutPackets: 6000 * minute, OutDrops: 6 * minute,
  ...(sampled && { WindowNs: '60000000000', InSamples: 600, InCounted: 75 * MILLION,
    InEstimated: sampled * MILLION, InBand: 3 * MILLION, OutSamples: 60,
    OutCounted: 7.5 * MILLION, OutEstimated: 7.8 * MILLION, OutBand: 0.6 * MILLION }) });
const INTERFACES = [
  wan(0), wan(1, 76.5), wan(2, 73.5), wan(3, 67.5), wan(4, 75.75),
  of(0, { IfIndex: LAN, Name: 'lan', OperState: 6, Master: 9, Sampling: 'nflog', SamplingRate: 10 }),
  of(0, { IfIndex: 9, Name: 'br-lan', Kind: 'bridge', OperState: 6 }),
  of(0, { IfIndex: 5, Name: 'wan.7', Kind: 'vlan', VlanId: 7, Parent: WAN, OperState: 2 }),
  of(60, { IfIndex: 6, Name: 'tun0', Kind: 'tun', Gone: 1 }),
];

const counted = (at, records, missing, dropped) => of(at, { Kind: 'LEDGER_EXPORTER',
  Source: 'SOURCE_BPF', Datagrams: records, RecordsDecoded: records, RecordsEncoded: records,
  BytesReceived: 128 * records, BytesDecoded: 128 * records, SamplesMissing: missing,
  SamplesDropped: dropped, LastSeenNs: `${OWN_BEGIN + at}000000000`, SamplingRate: 100,
  RateSource: 'RATE_CONFIGURED' });
const uplink = (at) => of(at, { Kind: 'LEDGER_UPLINK', Name: 'central', Stream: 'flows' });
const LEDGER = [counted(10, 5, 3, 0), uplink(10), counted(240, 10, 7, 6), uplink(240)];

export const OWN_INSERTIONS = [
  insertion('flows', FLOWS), insertion('interfaces', INTERFACES), insertion('ledger', LEDGER),
];
