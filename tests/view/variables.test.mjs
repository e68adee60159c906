// SPDX-License-Identifier: Apache-2.0
//
// Variables in text, by the formats that Grafana's manual lists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customOptions, interpolate, toVariable } from '../../stack/view/variables.js';

const one = new Map([['v', { values: ["it's"] }]]);
const two = new Map([['v', { values: ['test.1', "test'2"], multi: true, text: 'Both' }]]);

const OF_TWO = {
  '${v:csv}': "test.1,test'2",
  '${v:raw}': "test.1,test'2",
  '${v:singlequote}': "'test.1','test\\'2'",
  '${v:doublequote}': "\"test.1\",\"test'2\"",
  '${v:sqlstring}': "'test.1','test''2'",
  '${v:pipe}': "test.1|test'2",
  '${v:regex}': "(test\\.1|test'2)",
  '${v:glob}': "{test.1,test'2}",
  '${v:json}': "[\"test.1\",\"test'2\"]",
  '${v:percentencode}': "test.1,test'2",
  '${v:queryparam}': "var-v=test.1&var-v=test'2",
  '${v:text}': 'Both',
  '$v': "'test.1','test\\'2'",
  '[[v:pipe]]': "test.1|test'2",
};

for (const [text, becomes] of Object.entries(OF_TWO))
  test(`${text} of two values becomes ${becomes}`, () =>
    assert.equal(interpolate(text, two), becomes));

test('one value of a simple variable comes as it is', () => {
  assert.equal(interpolate('$v ${v} [[v]]', one), "it's it's it's");
});

test('a name ends where its letters end', () => {
  assert.equal(interpolate('$v.x $vv ${v}x', one), "it's.x $vv it'sx");
});

test('a dollar without a name stays', () => {
  assert.equal(interpolate("'^[0-9.]+$', '$1'", one), "'^[0-9.]+$', '$1'");
});

test('a value is not read as a pattern of replacement', () => {
  assert.equal(interpolate('a $v b', new Map([['v', { values: ['$& $1'] }]])), 'a $& $1 b');
});

test('All means every option, or what the dashboard says', () => {
  const options = [{ text: 'A', value: 'a' }, { text: 'B', value: 'b' }];
  assert.deepEqual(toVariable({ includeAll: true }, options, ['$__all']).values, ['a', 'b']);
  assert.deepEqual(toVariable({ includeAll: true }, options, []).values, ['a', 'b']);
  assert.deepEqual(toVariable({ includeAll: true, allValue: '.*' }, options, []).values, ['.*']);
  assert.equal(toVariable({}, options, ['b']).text, 'B');
});

test('options of a custom variable have a text and a value', () => {
  assert.deepEqual(customOptions('in : 0, out : 1, a\\,b'), [
    { text: 'in', value: '0' }, { text: 'out', value: '1' }, { text: 'a,b', value: 'a,b' },
  ]);
});
