// SPDX-License-Identifier: Apache-2.0
//
// Times as people and Grafana write them. Now is Wednesday 2026-11-25 10:20:30.400 UTC.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chooseInterval, describeRange, formatDuration, formatTime, ownRange, parseDuration, parseTime,
  resolveRange, widen,
} from '../../stack/view/time.js';

const NOW = Date.UTC(2026, 10, 25, 10, 20, 30, 400);
const parse = (text, roundUp = false) => {
  const time = parseTime(text, NOW, { roundUp, zone: 'utc' });
  return Number.isNaN(time) ? null : new Date(time).toISOString();
};

const TIMES = {
  now: '2026-11-25T10:20:30.400Z',
  'now-90s': '2026-11-25T10:19:00.400Z',
  'now-6h': '2026-11-25T04:20:30.400Z',
  'now-2d': '2026-11-23T10:20:30.400Z',
  'now-1w': '2026-11-18T10:20:30.400Z',
  'now-1M': '2026-10-25T10:20:30.400Z',
  'now+1y': '2027-11-25T10:20:30.400Z',
  'now/s': '2026-11-25T10:20:30.000Z',
  'now/m': '2026-11-25T10:20:00.000Z',
  'now/h': '2026-11-25T10:00:00.000Z',
  'now/d': '2026-11-25T00:00:00.000Z',
  'now/w': '2026-11-23T00:00:00.000Z',
  'now/M': '2026-11-01T00:00:00.000Z',
  'now/y': '2026-01-01T00:00:00.000Z',
  'now-1d/d': '2026-11-24T00:00:00.000Z',
  'now/d+6h': '2026-11-25T06:00:00.000Z',
  1792836000123: '2026-10-24T10:00:00.123Z',
  '2026-11-25': '2026-11-25T00:00:00.000Z',
  '2026-11-25 10:00': '2026-11-25T10:00:00.000Z',
  '2026-11-25 10:00:01.250': '2026-11-25T10:00:01.250Z',
  '2026-11-25T10:00:00Z': '2026-11-25T10:00:00.000Z',
  '2026-11-25T10:00:00+02:00': '2026-11-25T08:00:00.000Z',
};

for (const [text, time] of Object.entries(TIMES))
  test(`${text} is ${time}`, () => assert.equal(parse(text), time));

test('as the end of a range, a rounded time is the last moment of its unit', () => {
  assert.equal(parse('now/d', true), '2026-11-25T23:59:59.999Z');
  assert.equal(parse('now/M', true), '2026-11-30T23:59:59.999Z');
});

for (const text of ['', 'yesterday', 'now-', 'now-6', 'now-6x', '2026-13-01', '12:00', '1234'])
  test(`“${text}” is no time`, () => assert.equal(parse(text), null));

test('a range has NaN where it cannot be read', () => {
  assert.deepEqual(resolveRange({ from: 'now-1s', to: 'soon' }, 5000, 'utc'),
    { from: 4000, to: NaN });
});

test('a panel with a range of its own ends now, whatever the dashboard shows', () => {
  assert.deepEqual(ownRange('1m', { from: 'now-6h', to: 'now-5h' }, NOW),
    { from: NOW - 60_000, to: NOW, text: 'Last 1m' });
});

test('a fixed time range holds for a panel with a range of its own too', () => {
  assert.equal(ownRange('1m', { from: String(NOW - 1000), to: String(NOW) }, NOW), null);
  assert.equal(ownRange('1m', { from: '2026-11-25 10:00', to: 'now' }, NOW), null);
});

test('a panel without a range of its own, or with none that can be read, has the dashboard\'s', () => {
  for (const timeFrom of [undefined, '', 'soon'])
    assert.equal(ownRange(timeFrom, { from: 'now-1h', to: 'now' }, NOW), null);
});

test('durations are read and written', () => {
  assert.equal(parseDuration('100ms'), 100);
  assert.equal(parseDuration('5m'), 300_000);
  assert.equal(parseDuration('>10s'), 10_000);
  assert.ok(Number.isNaN(parseDuration('5')));
  assert.ok(Number.isNaN(parseDuration('')));
  assert.equal(formatDuration(100), '100ms');
  assert.equal(formatDuration(90_000), '90s');
  assert.equal(formatDuration(3_600_000), '1h');
  assert.equal(formatDuration(86_400_000), '1d');
});

test('a time is shown in its zone, with milliseconds when there are some', () => {
  assert.equal(formatTime(NOW, 'utc'), '2026-11-25 10:20:30.400');
  assert.equal(formatTime(NOW - 400, 'utc'), '2026-11-25 10:20:30');
  assert.equal(formatTime(NaN, 'utc'), '');
});

test('a range is described in words, or by its ends', () => {
  const range = { from: NOW - 3_600_000, to: NOW };
  assert.equal(describeRange({ from: 'now-1h', to: 'now' }, range, 'utc'), 'Last hour');
  assert.equal(describeRange({ from: 'now-7m', to: 'now' }, range, 'utc'), 'now-7m to now');
  assert.equal(describeRange({ from: '1', to: '2' }, range, 'utc'),
    '2026-11-25 09:20:30.400 to 10:20:30.400');
});

/** range, points, minimum, the bucket as Grafana's rule of nearest steps has it */
const BUCKETS = [
  [3_600_000, 600, 1, 5000],
  [3_600_000, 1000, 1, 5000],
  [900_000, 900, 1, 1000],
  [900_000, 900, 5000, 5000],
  [60_000, 600, 1, 100],
  [86_400_000, 1000, 1, 60_000],
  [30 * 86_400_000, 700, 1, 3_600_000],
  [10, 1000, 1, 1],
];

for (const [span, points, minimum, bucket] of BUCKETS)
  test(`${span} ms on ${points} points, at least ${minimum} ms, make buckets of ${bucket} ms`, () =>
    assert.equal(chooseInterval({ from: 0, to: span }, points, minimum), bucket));

test('a wider range has the same middle, and does not end beyond now', () => {
  assert.deepEqual(widen({ from: 100, to: 200 }, 1000), { from: 50, to: 250 });
  assert.deepEqual(widen({ from: 100, to: 200 }, 210), { from: 10, to: 210 });
});
