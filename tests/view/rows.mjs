// SPDX-License-Identifier: Apache-2.0
//
// The rows of the browser test, few enough to add up by hand. Times are seconds
// after the range's begin; the range is 300 s long and lies in the past.
//
// Traffic: 15 + 5 + 20 MB by 192.0.2.1 (one packet in 10 was looked at), 10 MB
// by 192.0.2.2: 50 MB = 400 Mbit, 10000 + 4000 + 20000 + 7000 = 41000 packets,
// in the 25 seconds from the bucket of 5 s at 10 to the one at 30.

export const SPAN = 300;
const now = Math.floor(Date.now() / 1000);
/** Begin of the range, on a whole minute. */
export const BEGIN = now - now % 60 - 2 * SPAN;

const nanoseconds = (/** @type {number} */ at) =>
  `${BEGIN + Math.floor(at)}.${String(Math.round((at - Math.floor(at)) * 1e9)).padStart(9, '0')}`;

const EDGE = { Agent: 'edge', Incarnation: 'e'.repeat(32), Worker: 0 };
const BRANCH = { Agent: 'branch', Incarnation: 'b'.repeat(32), Worker: 0 };
const V9 = { ...EDGE, Type: 'NETFLOW_V9', SamplerAddress: '::ffff:192.0.2.1', SamplingRate: 10 };
const IPFIX = { ...BRANCH, Type: 'IPFIX', SamplerAddress: '::ffff:192.0.2.2', SamplingRate: 1 };
const flow = (at, sender, SrcAddr, DstAddr, Proto, Bytes, Packets) =>
  ({ at, ...sender, SrcAddr, DstAddr, Proto, Bytes, Packets });

const [A7, A8, B9, B10] = ['198.51.100.7', '198.51.100.8', '203.0.113.9', '203.0.113.10']
  .map((address) => `::ffff:${address}`);

const FLOWS = [
  flow(-1, V9, A7, B9, 6, 77_000_000, 77_000),
  flow(10.25, V9, A7, B9, 6, 1_500_000, 1000),
  flow(12, V9, A7, B10, 17, 500_000, 400),
  flow(20, V9, A8, B9, 6, 2_000_000, 2000),
  flow(34.999, IPFIX, '2001:db8::1', '2001:db8::2', 6, 10_000_000, 7000),
  flow(SPAN + 1, V9, A7, B9, 6, 77_000_000, 77_000),
];

/** A payload byte of `branch` was lost in 100 places: its bytes do not add up. */
const LEDGER = [
  { at: 40, ...EDGE, Kind: 'LEDGER_EXPORTER', SamplerAddress: '::ffff:192.0.2.1',
    Source: 'SOURCE_NETFLOW9', Datagrams: 4, BytesReceived: 400, BytesHeaders: 400 },
  { at: 100, ...EDGE, Kind: 'LEDGER_EXPORTER', SamplerAddress: '::ffff:192.0.2.1',
    Source: 'SOURCE_NETFLOW9', Datagrams: 10, BytesReceived: 1000, BytesHeaders: 240,
    BytesDecoded: 760, RecordsDecoded: 20, RecordsEncoded: 20, SequenceMissing: 5,
    SequenceLate: 2, LastSeenNs: nanoseconds(SPAN - 5).replace('.', ''), SamplingRate: 10,
    RateSource: 'RATE_OPTIONS', ClockSkewNs: -1_500_000_000 },
  { at: 100, ...EDGE, Kind: 'LEDGER_LISTENER', Name: '*:2055', KernelDrops: 7 },
  { at: 100, ...EDGE, Kind: 'LEDGER_UPLINK', Name: 'central', Stream: 'flows', RecordsEncoded: 20,
    RecordsAcknowledged: 12, RecordsDropped: 3, RecordsQuarantined: 1, RecordsHeld: 4 },
  { at: 100, ...EDGE, Kind: 'LEDGER_UPLINK', Name: 'central', Stream: 'events', RecordsEncoded: 2,
    RecordsAcknowledged: 2 },
  { at: 100, ...BRANCH, Kind: 'LEDGER_EXPORTER', SamplerAddress: '::ffff:192.0.2.2',
    Source: 'SOURCE_IPFIX', ObservationDomain: 9, Datagrams: 2, BytesReceived: 500,
    BytesHeaders: 100, BytesDecoded: 300, RecordsDecoded: 3, RecordsEncoded: 3,
    LastSeenNs: nanoseconds(90).replace('.', '') },
  { at: 60, ...EDGE, Kind: 'LEDGER_ELEMENT', Element: 45000, ElementKind: 'ELEMENT_FIELD',
    Occurrences: 7 },
  { at: 100, ...EDGE, Kind: 'LEDGER_ELEMENT', Element: 45000, ElementKind: 'ELEMENT_FIELD',
    Occurrences: 12 },
  { at: 100, ...BRANCH, Kind: 'LEDGER_UPLINK', Name: 'central', Stream: 'flows', RecordsEncoded: 3,
    RecordsAcknowledged: 3 },
];

const BATCHES = [
  { ...EDGE, Batch: 'e1', Stream: 'flows', Number: 1, Rows: 12 },
  { ...EDGE, Batch: 'e2', Stream: 'flows', Number: 2, Rows: 2 },
  { ...EDGE, Batch: 'e3', Stream: 'events', Number: 1, Rows: 2 },
  { ...EDGE, Batch: 'e4', Stream: 'flows', Number: 1, Rows: 99, Incarnation: '0'.repeat(32) },
  { ...BRANCH, Batch: 'b1', Stream: 'flows', Number: 1, Rows: 3 },
];

export const HOSTILE = '<img src=x onerror="document.title=1">';

const EVENTS = [
  { at: 5, ...EDGE, Kind: 'EVENT_START', Text: 'netmeta started' },
  { at: 30, ...EDGE, Kind: 'EVENT_SEQUENCE_GAP', SamplerAddress: '::ffff:192.0.2.1', Text: HOSTILE,
    Value: '9007199254740993' },
];

/** An interface of 100 Mb/s with 10 Mb/s in and 6 errors, and a host that uses 75 % of its memory. */
const TELLING = { ...EDGE, SamplerAddress: '::ffff:192.0.2.1' };
const interface1 = (at, octets, errors) => ({ at, ...TELLING, Group: 'generic', SourceIndex: 1,
  UptimeMs: at * 1000, Counters: { ifInOctets: octets, ifInErrors: errors, ifSpeed: 100_000_000,
    ifStatus: 3 } });
const COUNTERS = [
  interface1(0, 1000, 1), interface1(60, 75_001_000, 7), interface1(120, 150_001_000, 7),
  { at: 60, ...TELLING, Group: 'host_mem', Counters: { mem_total: 1000, mem_free: 250 } },
];
const NAMES = [
  { at: 1, ...TELLING, Kind: 'NAME_INTERFACE', Id: 1, Name: 'uplink' },
  { at: 1, ...TELLING, Kind: 'NAME_EXPORTER', Name: 'core' },
];

/** Three packets that were dropped, and three more that were only counted. */
const dropped = (at, DropReason, DropCause, Drops) => ({ at, ...TELLING, InIf: 1, SrcAddr: A7,
  DstAddr: B9, DropReason, DropCause, Drops, Function: DropCause && 'kfree_skb' });
const DROPS = [
  dropped(50, 258, '', 1), dropped(51, 258, '', 1), dropped(52, 256, 'no_socket', 4),
];

/** An INSERT of rows as JSON; what a row does not name has its preset. */
export function insertion(table, rows) {
  const lines = rows.map(({ at, ...row }) => JSON.stringify(at === undefined ? row
    : { TimeReceivedNs: nanoseconds(at), ...row }));
  return `INSERT INTO netmeta.${table} FORMAT JSONEachRow\n${lines.join('\n')}`;
}

/** More rows for one second, to see a live page change. */
export const oneMoreFlow = (/** @type {number} */ at) =>
  insertion('flows', [flow(at, IPFIX, A8, B10, 132, 1000, 1)]);

export const INSERTIONS = [
  insertion('flows', FLOWS), insertion('ledger', LEDGER), insertion('batches', BATCHES),
  insertion('events', EVENTS), insertion('counters', COUNTERS), insertion('names', NAMES),
  insertion('drops', DROPS),
];
