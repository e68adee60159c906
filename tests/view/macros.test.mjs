// SPDX-License-Identifier: Apache-2.0
//
// The datasource's macros, one test a row of what its documentation and source
// say they become. 1792836000 is 2026-10-24 10:00:00 UTC.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expand, stripComments } from '../../stack/view/macros.js';
import { builtIn } from '../../stack/view/variables.js';

const FROM = 1792836000123;
const TO = 1792839600456;

/** @param {number} interval @param {[string, any][]} variables */
function context(interval = 30_000, variables = []) {
  const range = { from: FROM, to: TO };
  return { range, interval, variables: new Map([...builtIn(range, interval), ...variables]) };
}

/** What each call becomes, at an interval of 30 s. */
const BECOMES = {
  '$__timeFilter(c)': 'c >= toDateTime(1792836000) AND c <= toDateTime(1792839600)',
  '$__timeFilter_ms(c)': 'c >= fromUnixTimestamp64Milli(1792836000123) AND ' +
    'c <= fromUnixTimestamp64Milli(1792839600456)',
  '$__dateFilter(d)': "d >= toDate('2026-10-24') AND d <= toDate('2026-10-24')",
  '$__dateTimeFilter(d, t)': "(d >= toDate('2026-10-24') AND d <= toDate('2026-10-24')) AND " +
    '(t >= toDateTime(1792836000) AND t <= toDateTime(1792839600))',
  '$__dt(d, t)': "(d >= toDate('2026-10-24') AND d <= toDate('2026-10-24')) AND " +
    '(t >= toDateTime(1792836000) AND t <= toDateTime(1792839600))',
  '$__timeInterval(c)': 'toStartOfInterval(toDateTime(c), INTERVAL 30 second)',
  '$__timeInterval_ms(c)': 'toStartOfInterval(toDateTime64(c, 3), INTERVAL 30000 millisecond)',
  '$__timeGroup(c, 5m)': 'toStartOfInterval(toDateTime(c), INTERVAL 300 second)',
  "$__timeGroup(c, '1h')": 'toStartOfInterval(toDateTime(c), INTERVAL 3600 second)',
  '$__interval_s': '30',
  '$__fromTime': 'toDateTime(1792836000)',
  '$__toTime': 'toDateTime(1792839600)',
  '$__fromTime_ms': 'fromUnixTimestamp64Milli(1792836000123)',
  '$__toTime_ms': 'fromUnixTimestamp64Milli(1792839600456)',
  '$__timeFrom(c)': 'c >= toDateTime(1792836000)',
  '$__timeTo(c)': 'c <= toDateTime(1792839600)',
  '$__interval': '30s',
  '$__interval_ms': '30000',
  '$__from': '1792836000123',
  '$__to': '1792839600456',
  '${__from}': '1792836000123',
  '${__from:date}': '2026-10-24T10:00:00.123Z',
  '${__from:date:seconds}': '1792836000',
  '$__range_s': '3600',
  '$__range_ms': '3600333',
};

for (const [macro, sql] of Object.entries(BECOMES))
  test(`${macro} becomes ${sql}`, () => assert.equal(expand(macro, context()), sql));

test('a bucket of $__interval_s and $__timeInterval has at least a second', () => {
  assert.equal(expand('$__interval_s', context(100)), '1');
  assert.equal(expand('$__timeInterval(t)', context(100)),
    'toStartOfInterval(toDateTime(t), INTERVAL 1 second)');
});

test('a bucket of $__timeInterval_ms may be shorter than a second', () => {
  assert.equal(expand('$__timeInterval_ms(t)', context(100)),
    'toStartOfInterval(toDateTime64(t, 3), INTERVAL 100 millisecond)');
});

test('$__conditionalAll leaves the predicate out while all is chosen', () => {
  const all = { values: ['a', 'b'], isAll: true };
  assert.equal(expand('$__conditionalAll(Agent IN (${agent:singlequote}), $agent)',
    context(1000, [['agent', all]])), '1=1');
  assert.equal(expand('$__conditionalAll(Agent = 1, $agent)',
    context(1000, [['agent', { values: ['$__all'] }]])), '1=1');
  assert.equal(expand('$__conditionalAll(Agent = 1, $agent)',
    context(1000, [['agent', { values: [''] }]])), '1=1');
});

test('$__conditionalAll keeps the predicate, commas and all, when something is chosen', () => {
  assert.equal(expand('$__conditionalAll(x IN (1, 2) AND f(a, b) = ${v:singlequote}, $v)',
    context(1000, [['v', { values: ["it's"] }]])), "x IN (1, 2) AND f(a, b) = 'it\\'s'");
});

test('$__conditionalAll may hold other macros', () => {
  assert.equal(expand('$__conditionalAll($__timeFrom(t), $v)',
    context(1000, [['v', { values: ['x'] }]])), 't >= toDateTime(1792836000)');
});

test('macros inside the arguments of macros expand', () => {
  assert.equal(expand('$__timeInterval(greatest(t, $__fromTime))', context()),
    'toStartOfInterval(toDateTime(greatest(t, toDateTime(1792836000))), INTERVAL 30 second)');
});

test('an argument may hold parentheses and quoted brackets', () => {
  assert.equal(expand("$__timeFrom(parse(')', \"(\", t))", context()),
    "parse(')', \"(\", t) >= toDateTime(1792836000)");
});

test('several macros in one statement all expand', () => {
  assert.equal(expand('SELECT $__timeInterval(t) AS time, sum(b) / $__interval_s FROM f ' +
    'WHERE $__timeFilter(t)', context()),
  'SELECT toStartOfInterval(toDateTime(t), INTERVAL 30 second) AS time, sum(b) / 30 FROM f ' +
    'WHERE t >= toDateTime(1792836000) AND t <= toDateTime(1792839600)');
});

test('unknown macros and variables stay', () => {
  assert.equal(expand('$__columns(a, b) $nobody ${nobody:csv}', context()),
    '$__columns(a, b) $nobody ${nobody:csv}');
});

test('a macro with the wrong number of arguments is an error that names it', () => {
  assert.throws(() => expand('$__timeFilter(a, b)', context()), /\$__timeFilter takes 1/);
  assert.throws(() => expand('$__timeFilter', context()), /\$__timeFilter takes 1/);
  assert.throws(() => expand('$__timeGroup(t, soon)', context()), /\$__timeGroup needs a duration/);
});

test('comments go, what only looks like one stays', () => {
  assert.equal(stripComments("SELECT '-- kept', \"/* kept */\" /* gone */ -- gone\nFROM t"),
    "SELECT '-- kept', \"/* kept */\"    \nFROM t");
  assert.equal(stripComments("SELECT 'it\\'s -- kept', 'a''-- kept'"),
    "SELECT 'it\\'s -- kept', 'a''-- kept'");
});

test('a macro inside a comment does no harm', () => {
  assert.equal(expand('SELECT 1 -- $__timeFilter(\nFROM t', context()), 'SELECT 1  \nFROM t');
});

test('the semicolon at the end goes, for a setting may have to follow', () => {
  assert.equal(expand("SELECT ';' ;\n", context()), "SELECT ';'");
});
