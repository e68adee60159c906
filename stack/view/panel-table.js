// SPDX-License-Identifier: Apache-2.0
//
// Rows as a table: a unit for each column, sorting by a press on a heading, and
// cells that are bars or coloured words where the configuration asks for them.

import { element } from './dom.js';
import { displayName, fieldConfig, showValue, valueColour } from './fields.js';

/** @typedef {import('./panels.js').Scene} Scene */
/** @typedef {import('./units.js').Value} Value */

/** Rows beyond are not put into the page; a note says so. */
const MOST_ROWS = 1000;

/**
 * A column ready to be drawn.
 * @typedef {object} Shown
 * @property {string} title
 * @property {import('./clickhouse.js').Column['kind']} kind
 * @property {Value[]} values
 * @property {import('./fields.js').FieldConfig} config
 * @property {number} low where a bar cell begins
 * @property {number} high where it ends
 */

/** @returns {number} */
const largest = (/** @type {Value[]} */ values) =>
  values.reduce((/** @type {number} */ most, value) => Math.max(most, Number(value)), 0);

/** @returns {Shown[]} */
function shownColumns(/** @type {Scene} */ { frames, panel }) {
  const columns = frames.find(({ columns: some }) => some.length)?.columns ?? [];
  return columns.flatMap(({ name, kind, values }) => {
    const config = fieldConfig(panel, { name, kind });
    if (config.custom.hidden || config.custom.hideFrom?.viz)
      return [];
    if (kind === 'time')
      config.unit ??= 'dateTimeAsIso';
    const isNumber = kind === 'number';
    const high = isNumber ? largest(values) : 0;
    return [{ title: displayName(config, { name, kind }), kind, values, config,
      low: config.min ?? 0, high: config.max ?? high }];
  });
}

/** @param {NonNullable<Value>} a @param {NonNullable<Value>} b */
function compare(a, b) {
  if (typeof a === 'string' && typeof b === 'string')
    return a.localeCompare(b, 'en', { numeric: true });
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Row numbers in the order to show them; what is missing comes last in either direction.
 * @param {Value[]} values of the column to sort by
 * @param {boolean} descending
 */
export function sortedRows(values, descending) {
  const rows = [...values.keys()];
  return rows.sort((a, b) => {
    const [first, second] = [values[a], values[b]];
    if (first === null || second === null)
      return Number(first === null) - Number(second === null);
    return (descending ? -1 : 1) * compare(first, second);
  });
}

/** A bar as wide as the value's share of the column's range. */
function gauge(/** @type {Shown} */ column, value, text, theme) {
  const bar = element('i', { class: 'bar' });
  const share = (Number(value) - column.low) / (column.high - column.low || 1);
  bar.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  const colour = valueColour(column.config, value, theme);
  if (colour)
    bar.style.background = colour;
  const isHidden = column.config.custom.cellOptions.valueDisplayMode === 'hidden';
  return element('div', { class: 'gauge' }, element('span', { class: 'bar-track' }, bar),
    element('span', { class: isHidden ? 'sr-only' : 'gauge-text' }, text));
}

/** @returns {HTMLElement} */
function cell(/** @type {Shown} */ column, row, /** @type {Scene} */ { zone, theme }) {
  const { config, kind } = column;
  const value = column.values[row];
  const text = showValue(config, value, zone);
  const type = config.custom.cellOptions?.type ?? 'auto';
  const made = element('td', { class: config.custom.align ?? (kind === 'number' ? 'right' : '') });
  made.classList.toggle('wrap', Boolean(config.custom.cellOptions?.wrapText));
  if (type === 'gauge' && kind === 'number' && value !== null) {
    made.append(gauge(column, value, text, theme));
    made.className = 'gauge-cell';
    return made;
  }
  const colour = type.startsWith('color-') ? valueColour(config, value, theme) : null;
  if (colour && type === 'color-background')
    made.append(element('span', { class: 'badge' }, text));
  else
    made.textContent = text;
  if (colour)
    made.style.setProperty(type === 'color-background' ? '--badge' : 'color', colour);
  made.title = text;
  return made;
}

/** What the reader chose to sort by, else what the dashboard says. */
function sortOrder({ panel, memory }, columns) {
  const [preset] = panel.options?.sortBy ?? [];
  const wanted = memory.sort ?? (preset && { title: preset.displayName, descending: preset.desc });
  const column = columns.find(({ title }) => title === wanted?.title);
  return column ? { column, descending: Boolean(wanted.descending) } : null;
}

function heading(/** @type {Shown} */ column, order, /** @type {Scene} */ scene) {
  const isSorted = order?.column === column;
  const sort = () => {
    // numbers first from the largest down, words from A up
    const descending = isSorted ? !order.descending : column.kind !== 'string';
    scene.memory.sort = { title: column.title, descending };
    scene.redraw();
  };
  const direction = isSorted ? (order.descending ? 'descending' : 'ascending') : 'none';
  const mark = element('span', { class: 'sort-mark', 'aria-hidden': 'true' },
    isSorted ? (order.descending ? '▼' : '▲') : '');
  const button = element('button', { type: 'button', onclick: sort }, column.title, mark);
  const align = column.config.custom.align ?? (column.kind === 'number' ? 'right' : '');
  const isGauge = column.config.custom.cellOptions?.type === 'gauge';
  const made = element('th', { scope: 'col', class: isGauge ? 'gauge-cell' : align,
    'aria-sort': direction }, button);
  if (column.config.custom.width)
    made.style.width = `${column.config.custom.width}px`;
  return made;
}

/** @type {import('./panels.js').Draw} */
export function drawTable(host, scene) {
  const columns = shownColumns(scene);
  const length = columns[0]?.values.length ?? 0;
  if (length === 0)
    return null;
  const order = sortOrder(scene, columns);
  const rows = order ? sortedRows(order.column.values, order.descending)
    : [...columns[0].values.keys()];
  const table = element('table', { class: 'rows' },
    element('thead', {}, element('tr', {},
      ...columns.map((column) => heading(column, order, scene)))),
    element('tbody', {}, ...rows.slice(0, MOST_ROWS).map((row) =>
      element('tr', {}, ...columns.map((column) => cell(column, row, scene))))));
  const note = length > MOST_ROWS &&
    element('p', { class: 'muted' }, `The first ${MOST_ROWS} of ${length} rows.`);
  host.append(element('div', { class: 'table', tabIndex: 0, role: 'region',
    'aria-label': scene.panel.title }, table, note));
  return {};
}
