// SPDX-License-Identifier: Apache-2.0
//
// Numbers with units: prefixes by the SI and by IEC 80000-13, three significant
// digits, and never a rounded 1000 of a prefix that has a larger one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTick, formatValue } from '../../stack/view/units.js';

/** value, unit, text; a space before a unit does not break a line */
const SHOWN = [
  [0, 'bps', '0 b/s'],
  [999, 'bps', '999 b/s'],
  [999.9, 'bps', '1.00 kb/s'],
  [1234, 'bps', '1.23 kb/s'],
  [45_600_000, 'bps', '45.6 Mb/s'],
  [1e9, 'bps', '1 Gb/s'],
  [999_999, 'bps', '1.00 Mb/s'],
  [-2500, 'bps', '-2.50 kb/s'],
  [0.5, 'bps', '0.50 b/s'],
  [1500, 'pps', '1.50 kp/s'],
  [1024, 'bytes', '1 KiB'],
  [1536, 'bytes', '1.50 KiB'],
  [1023, 'bytes', '1023 B'],
  [1_000_000, 'decbytes', '1 MB'],
  [2 ** 60, 'bytes', '1 EiB'],
  [2e21, 'bps', '2000 Eb/s'],
  [1234, 'short', '1.23 K'],
  [5_600_000, 'short', '5.60 Mil'],
  [12, 'short', '12'],
  [0, 's', '0 s'],
  [0.0025, 's', '2.50 ms'],
  [0.000_000_5, 's', '500 ns'],
  [59, 's', '59 s'],
  [90, 's', '1.50 min'],
  [7200, 's', '2 hour'],
  [86_400 * 3, 's', '3 day'],
  [1500, 'ms', '1.50 s'],
  [65, 'dtdurations', '1 minute 5 seconds'],
  [3600, 'dtdurations', '1 hour'],
  [90_061, 'dtdurations', '1 day 1 hour'],
  [90_061, 'dtdhms', '1d 01:01:01'],
  [42.5, 'percent', '42.5%'],
  [0.5, 'percentunit', '50%'],
  [0.1234, 'percentunit', '12.3%'],
  [1234567, 'locale', '1 234 567'],
  [3.14159, 'none', '3.14'],
  [7, 'suffix:rec/s', '7 rec/s'],
  [7, 'flows', '7 flows'],
  ['text', 'bps', 'text'],
  [null, 'bps', ''],
  [NaN, 'bps', 'not a number'],
  [Infinity, 'bps', '∞'],
  [18446744073709551615n, 'none', '18446744073709551615'],
  [18446744073709551615n, 'decbytes', '18.4 EB'],
];

for (const [value, unit, text] of SHOWN)
  test(`${String(value)} in ${unit} reads ${text}`, () =>
    assert.equal(formatValue(value, unit).replace(/[\u00a0\u202f]/g, ' '), text));

test('the field says how many decimals', () => {
  assert.equal(formatValue(1234, 'bps', { decimals: 0 }), '1\u00a0kb/s');
  assert.equal(formatValue(0.5, 'percentunit', { decimals: 2 }), '50.00%');
});

test('a mark of an axis has no zeros behind the point', () => {
  assert.equal(formatTick(2_500_000, 'bps'), '2.5\u00a0Mb/s');
  assert.equal(formatTick(2_000_000, 'bps'), '2\u00a0Mb/s');
});

test('a time reads as a date in the zone asked for', () => {
  assert.equal(formatValue(1792836000123, 'dateTimeAsIso', { zone: 'utc' }),
    '2026-10-24 10:00:00.123');
});
