// SPDX-License-Identifier: Apache-2.0
//
// Many values become one: the calculations that Grafana's legends and stat
// panels name. Missing values count for nothing, except where the name says so.

/** @typedef {import('./units.js').Value} Value */

const total = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0);
const largest = (/** @type {number[]} */ values) => values.reduce((a, b) => Math.max(a, b));
const smallest = (/** @type {number[]} */ values) => values.reduce((a, b) => Math.min(a, b));

/** Over the values that are there. @type {Record<string, (values: number[]) => number>} */
const CALCS = {
  lastNotNull: (values) => values[values.length - 1],
  firstNotNull: (values) => values[0],
  min: smallest,
  max: largest,
  mean: (values) => total(values) / values.length,
  sum: total,
  range: (values) => largest(values) - smallest(values),
  diff: (values) => values[values.length - 1] - values[0],
};

/** How a legend heads the column. @type {Record<string, string>} */
export const CALC_NAMES = {
  lastNotNull: 'last', last: 'last', firstNotNull: 'first', first: 'first', min: 'min', max: 'max',
  mean: 'mean', sum: 'total', count: 'count', range: 'range', diff: 'difference',
};

/**
 * @param {Value[]} values
 * @param {string} calc a name of Grafana's; an unknown one means lastNotNull
 * @returns {Value} null when there is nothing to calculate from
 */
export function reduce(values, calc) {
  if (calc === 'first' || calc === 'last')
    return values.at(calc === 'first' ? 0 : -1) ?? null;
  const present = values.filter((value) => value !== null && value !== undefined);
  if (calc === 'count')
    return present.length;
  if (present.length === 0)
    return null;
  // exact text or integer as it came, where nothing is calculated
  if (['lastNotNull', 'firstNotNull'].includes(calc) || !Object.hasOwn(CALCS, calc))
    return present.at(calc === 'firstNotNull' ? 0 : -1) ?? null;
  return CALCS[calc](present.map(Number));
}
