// SPDX-License-Identifier: Apache-2.0
//
// Places of panels in Grafana's grid of 24 columns, and what a field's
// configuration makes of names, values and colours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayName, fieldConfig, showValue, valueColour } from '../../stack/view/fields.js';
import { arrange } from '../../stack/view/layout.js';

const at = (id, x, y, w, h, more = {}) => ({ id, gridPos: { x, y, w, h }, ...more });
const places = (...args) => arrange(...args).map(({ panel, x, y, w, h }) => [panel.id, x, y, w, h]);

test('panels come in reading order', () => {
  assert.deepEqual(places([at(1, 12, 0, 12, 8), at(2, 0, 8, 24, 4), at(3, 0, 0, 12, 8)]),
    [[3, 0, 0, 12, 8], [1, 12, 0, 12, 8], [2, 0, 8, 24, 4]]);
});

test('a panel never leaves the grid', () => {
  assert.deepEqual(places([at(1, 20, -1, 30, 0), { id: 2 }, at(3, 99, 2, 1, 1e9)]),
    [[2, 0, 0, 24, 8], [1, 20, 0, 4, 1], [3, 23, 2, 1, 200]]);
});

test('a row that is closed hides its panels, and what is below moves up', () => {
  const panels = [at(1, 0, 0, 24, 1, { type: 'row' }), at(2, 0, 1, 24, 8),
    at(3, 0, 9, 24, 1, { type: 'row' }), at(4, 0, 10, 24, 5)];
  assert.deepEqual(places(panels, new Set([1])),
    [[1, 0, 0, 24, 1], [3, 0, 1, 24, 1], [4, 0, 2, 24, 5]]);
});

test('a row saved as closed opens over what is below it', () => {
  const inside = [at(2, 0, 51, 24, 8)];
  const panels = [at(1, 0, 0, 24, 1, { type: 'row', collapsed: true, panels: inside }),
    at(3, 0, 1, 24, 4)];
  assert.deepEqual(places(panels), [[1, 0, 0, 24, 1], [3, 0, 1, 24, 4]]);
  assert.deepEqual(places(panels, new Set(), new Set([1])),
    [[1, 0, 0, 24, 1], [2, 0, 1, 24, 8], [3, 0, 9, 24, 4]]);
});

const panel = { fieldConfig: {
  defaults: { unit: 'bps', custom: { a: 1 },
    displayName: '${__field.labels.series} of ${__field.name}' },
  overrides: [
    { matcher: { id: 'byName', options: 'Share' }, properties: [{ id: 'unit', value: 'percent' },
      { id: 'custom.cellOptions', value: { type: 'gauge' } }] },
    { matcher: { id: 'byRegexp', options: '/^b/i' }, properties: [{ id: 'decimals', value: 0 }] },
    { matcher: { id: 'byType', options: 'string' }, properties: [{ id: 'custom.b.c', value: 2 }] },
    { matcher: { id: 'byName', options: 'x' }, properties: [{ id: '__proto__.bad', value: 1 }] },
  ] } };

test('overrides by name, pattern and type lie over the defaults', () => {
  assert.deepEqual(fieldConfig(panel, { name: 'Share', kind: 'number' }).custom,
    { a: 1, cellOptions: { type: 'gauge' } });
  assert.equal(fieldConfig(panel, { name: 'Share', kind: 'number' }).unit, 'percent');
  assert.equal(fieldConfig(panel, { name: 'Bytes', kind: 'number' }).decimals, 0);
  assert.deepEqual(fieldConfig(panel, { name: 's', kind: 'string' }).custom.b, { c: 2 });
  assert.deepEqual(panel.fieldConfig.defaults.custom, { a: 1 });
});

test('an override cannot reach a prototype', () => {
  fieldConfig(panel, { name: 'x', kind: 'number' });
  assert.equal(/** @type {any} */ ({}).bad, undefined);
});

test('a display name takes the field and its labels', () => {
  const kind = /** @type {const} */ ('number');
  const subject = { name: 'value', kind, labels: { series: 'TCP' } };
  assert.equal(displayName(fieldConfig(panel, subject), subject), 'TCP of value');
});

test('mappings give text and colour: a value, a range, a pattern, nothing', () => {
  const config = { custom: {}, mappings: [
    { type: 'value', options: { 1: { text: 'up', color: 'green' } } },
    { type: 'range', options: { from: 5, to: 9, result: { text: 'many' } } },
    { type: 'regex', options: { pattern: '^bad', result: { color: 'red' } } },
    { type: 'special', options: { match: 'null', result: { text: 'none' } } },
  ] };
  assert.equal(showValue(config, 1, 'utc'), 'up');
  assert.equal(showValue(config, 7, 'utc'), 'many');
  assert.equal(showValue(config, 'bad thing', 'utc'), 'bad thing');
  assert.equal(showValue(config, null, 'utc'), 'none');
  assert.equal(valueColour(config, 'bad thing', 'light'), '#c1272d');
  assert.equal(showValue({ custom: {}, noValue: 'no data' }, null, 'utc'), 'no data');
});

test('the highest threshold reached gives the colour', () => {
  const config = { custom: {}, thresholds: { steps: [{ value: null, color: 'green' },
    { value: 10, color: '#123456' }] } };
  assert.equal(valueColour(config, 9, 'light'), '#00835f');
  assert.equal(valueColour(config, 10, 'light'), '#123456');
  assert.equal(valueColour(config, 'word', 'light'), null);
});
