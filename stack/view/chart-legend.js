// SPDX-License-Identifier: Apache-2.0
//
// Names, colours and calculated values under or beside a chart. A press shows
// one series alone, and again all of them; with Ctrl, Shift or Cmd it takes one out or in.

import { CALC_NAMES, reduce } from './calcs.js';
import { element } from './dom.js';
import { showValue } from './fields.js';

/** @typedef {import('./chart.js').Line} Line */

/** Grafana's headings of the columns one can sort by. */
const SORTS = { Mean: 'mean', Max: 'max', Min: 'min', Total: 'sum', Last: 'lastNotNull',
  'Last *': 'lastNotNull' };

/**
 * The set of hidden names after a press.
 * @param {Set<string>} hidden
 * @param {string} name
 * @param {string[]} all
 * @param {boolean} one only this one changes
 */
export function pressed(hidden, name, all, one) {
  const next = new Set(hidden);
  if (one && next.delete(name))
    return next;
  if (one)
    return next.add(name);
  const isAlone = all.every((other) => (other === name) !== hidden.has(other));
  return new Set(isAlone ? [] : all.filter((other) => other !== name));
}

function nameButton(line, lines, hidden, change) {
  const swatch = element('i', { class: 'swatch' });
  swatch.style.background = line.colour;
  return element('button', {
    type: 'button',
    class: 'legend-name',
    title: `${line.name}: press to show it alone, with Ctrl to hide it`,
    'aria-pressed': String(!hidden.has(line.name)),
    onclick: (/** @type {MouseEvent} */ event) => change(pressed(hidden, line.name,
      lines.map(({ name }) => name), event.ctrlKey || event.metaKey || event.shiftKey)),
  }, swatch, element('span', {}, line.name));
}

/** The lines in the order the legend asks for: by a calculation's name, as Grafana heads it. */
function inOrder(lines, { sortBy, sortDesc }) {
  const calc = SORTS[sortBy];
  const worth = (line) => Number(reduce(line.values, calc) ?? 0);
  return calc ? [...lines].sort((a, b) => (sortDesc ? -1 : 1) * (worth(a) - worth(b))) : lines;
}

/**
 * @param {any} options the panel's options.legend
 * @param {Line[]} unordered
 * @param {Set<string>} hidden names
 * @param {(hidden: Set<string>) => void} change
 * @param {import('./time.js').Zone} zone
 * @returns {HTMLElement | null} null when no legend is wanted
 */
export function makeLegend(options, unordered, hidden, change, zone) {
  const { displayMode = 'list', showLegend = true, calcs = [] } = options ?? {};
  if (!showLegend || displayMode === 'hidden')
    return null;
  const lines = inOrder(unordered, options ?? {})
    .filter(({ config }) => !config.custom.hideFrom?.legend);
  const values = (/** @type {Line} */ { config, values: all }) =>
    calcs.map((/** @type {string} */ calc) => showValue(config, reduce(all, calc), zone));
  if (displayMode === 'list')
    return element('div', { class: 'legend list' }, ...lines.map((line) => element('span', {},
      nameButton(line, unordered, hidden, change), ...values(line).map((value, index) =>
        element('span', { class: 'legend-calc' }, ` ${CALC_NAMES[calcs[index]] ?? calcs[index]} `,
          element('b', {}, value))))));
  const head = element('tr', {}, element('th', { scope: 'col' }, element('span',
    { class: 'sr-only' }, 'series')), ...calcs.map((/** @type {string} */ calc) =>
    element('th', { scope: 'col' }, CALC_NAMES[calc] ?? calc)));
  const rows = lines.map((line) => element('tr', { class: hidden.has(line.name) ? 'off' : '' },
    element('th', { scope: 'row' }, nameButton(line, unordered, hidden, change)),
    ...values(line).map((value) => element('td', {}, value))));
  return element('div', { class: 'legend' }, element('table', {},
    element('thead', {}, head), element('tbody', {}, ...rows)));
}
