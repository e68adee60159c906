// SPDX-License-Identifier: Apache-2.0
//
// Answers of ClickHouse become columns, columns become series.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduce } from '../../stack/view/calcs.js';
import { pressed } from '../../stack/view/chart-legend.js';
import { kindOf, toFrame } from '../../stack/view/clickhouse.js';
import { sortedRows } from '../../stack/view/panel-table.js';
import { bands, seriesName, stack, toSeries } from '../../stack/view/series.js';

const frame = (columns, data, refId = 'A') => toFrame({
  meta: columns.map(([name, type]) => ({ name, type })), data }, refId);

const TIME = ['time', "DateTime('UTC')"];

const KINDS = {
  UInt8: 'number', Int64: 'number', 'Nullable(Float64)': 'number', 'Decimal(18, 4)': 'number',
  UInt256: 'number', DateTime: 'time', "DateTime64(9, 'UTC')": 'time', Date: 'time',
  String: 'string', 'LowCardinality(Nullable(String))': 'string', IPv6: 'string', Bool: 'string',
  "Enum8('a' = 1)": 'string', 'Array(UInt8)': 'string', 'LowCardinality(UInt32)': 'number',
};

for (const [type, kind] of Object.entries(KINDS))
  test(`a column of ${type} is a ${kind}`, () => assert.equal(kindOf(type), kind));

test('64-bit integers keep every digit, whether quoted or not', () => {
  const { columns: [column] } = frame([['n', 'UInt64']], [['18446744073709551615'], ['7'], [8]]);
  assert.deepEqual(column.values, [18446744073709551615n, 7, 8]);
});

test('times are read as UTC, in ISO and in plain form', () => {
  const { columns: [column] } = frame([TIME],
    [['2026-11-25T10:00:00Z'], ['2026-11-25 10:00:00.500'], ['2026-11-25'], [null]]);
  const ten = Date.UTC(2026, 10, 25, 10);
  assert.deepEqual(column.values, [ten, ten + 500, Date.UTC(2026, 10, 25), null]);
});

test('arrays and truth values are shown as text', () => {
  const { columns } = frame([['a', 'Array(UInt8)'], ['b', 'Bool']], [[[1, 2], true]]);
  assert.deepEqual(columns.map(({ values }) => values[0]), ['[1,2]', 'true']);
});

test('rows with a label become one series a label on a common time axis', () => {
  const { times, series } = toSeries([frame([TIME, ['proto', 'String'], ['bps', 'Float64']], [
    ['2026-11-25T10:00:10Z', 'TCP', 3],
    ['2026-11-25T10:00:00Z', 'TCP', 1],
    ['2026-11-25T10:00:10Z', 'UDP', 4],
  ])]);
  assert.deepEqual(times, [Date.UTC(2026, 10, 25, 10), Date.UTC(2026, 10, 25, 10, 0, 10)]);
  assert.deepEqual(series.map(({ labels, values }) => [labels.proto, values]),
    [['TCP', [1, 3]], ['UDP', [null, 4]]]);
  assert.deepEqual(series.map((one) => seriesName(one, series)), ['TCP', 'UDP']);
});

test('several number columns become several series, named by column and label', () => {
  const { series } = toSeries([frame([TIME, ['host', 'String'], ['in', 'Int64'], ['out', 'Int64']],
    [['2026-11-25T10:00:00Z', 'a', '1', '2']])]);
  assert.deepEqual(series.map((one) => seriesName(one, series)), ['in a', 'out a']);
});

test('series of two queries do not mix', () => {
  const columns = [TIME, ['v', 'UInt8']];
  const { series } = toSeries([frame(columns, [['2026-11-25T10:00:00Z', 1]], 'A'),
    frame(columns, [['2026-11-25T10:00:05Z', 2]], 'B')]);
  assert.deepEqual(series.map(({ refId, values }) => [refId, values]),
    [['A', [1, null]], ['B', [null, 2]]]);
});

test('labels with unusual text stay apart', () => {
  const { series } = toSeries([frame([TIME, ['a', 'String'], ['b', 'String'], ['v', 'UInt8']], [
    ['2026-11-25T10:00:00Z', 'x","y', '', 1], ['2026-11-25T10:00:00Z', 'x', 'y', 2],
    ['2026-11-25T10:00:00Z', '__proto__', '', 3],
  ])]);
  assert.equal(series.length, 3);
});

test('an empty answer has no series', () => {
  assert.deepEqual(toSeries([frame([TIME, ['v', 'UInt8']], [])]), { times: [], series: [] });
});

test('a stack adds up, and a missing value adds nothing', () => {
  assert.deepEqual(stack([[1, null, null], [2, 5, null]]), [[1, 0, null], [3, 5, null]]);
});

test('calculations leave out missing values', () => {
  const values = [null, 4, 1, null, 7, null];
  const expected = { lastNotNull: 7, firstNotNull: 4, last: null, first: null, min: 1, max: 7,
    mean: 4, sum: 12, count: 3, range: 6, diff: 3 };
  for (const [calc, value] of Object.entries(expected))
    assert.equal(reduce(values, calc), value, calc);
  assert.equal(reduce([null], 'mean'), null);
  assert.equal(reduce([], 'count'), 0);
  assert.equal(reduce([18446744073709551615n], 'lastNotNull'), 18446744073709551615n);
});

test('a table sorts numbers by size, words by letters and numbers in them, missing last', () => {
  assert.deepEqual(sortedRows([10, null, 9n, 100], true), [3, 0, 2, 1]);
  assert.deepEqual(sortedRows([10, null, 9n, 100], false), [2, 0, 3, 1]);
  assert.deepEqual(sortedRows(['10.0.0.10', '10.0.0.9', null], false), [1, 0, 2]);
});

test('a press on the legend shows one series alone, and again all', () => {
  const all = ['a', 'b', 'c'];
  const alone = pressed(new Set(), 'b', all, false);
  assert.deepEqual([...alone], ['a', 'c']);
  assert.deepEqual([...pressed(alone, 'b', all, false)], []);
});

test('a press with Ctrl takes one series out and in again', () => {
  const without = pressed(new Set(), 'b', ['a', 'b'], true);
  assert.deepEqual([...without], ['b']);
  assert.deepEqual([...pressed(without, 'b', ['a', 'b'], true)], []);
});

const line = (name, custom) => ({ name, colour: '', values: [], config: { custom } });

test('an area ends at the line below in the stack, or at the one that fillBelowTo names', () => {
  const stacked = { stacking: { mode: 'normal' } };
  assert.deepEqual(bands([line('a', stacked), line('b', {}), line('c', stacked)]),
    [{ series: [3, 1] }]);
  assert.deepEqual(bands([line('at most', { fillBelowTo: 'at least' }), line('x', {}),
    line('at least', {})]), [{ series: [1, 3] }]);
  assert.deepEqual(bands([line('at most', { fillBelowTo: 'hidden' })]), []);
});
