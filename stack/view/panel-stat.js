// SPDX-License-Identifier: Apache-2.0
//
// One large number, or a few, each with the line of how it came to be.

import { reduce } from './calcs.js';
import { element, svg } from './dom.js';
import { displayName, fieldConfig, showParts, valueColour } from './fields.js';
import { toSeries, seriesName } from './series.js';

/** @typedef {import('./panels.js').Scene} Scene */
/** @typedef {import('./units.js').Value} Value */

/**
 * @typedef {object} Reading
 * @property {string} name
 * @property {Value} value
 * @property {Value[]} history values over time, empty without a time column
 * @property {import('./fields.js').FieldConfig} config
 */

/** @returns {Reading} */
function reading(scene, subject, values, history) {
  const base = fieldConfig(scene.panel, subject);
  const name = displayName(base, subject);
  const config = fieldConfig(scene.panel, { ...subject, name });
  const calc = scene.panel.options?.reduceOptions?.calcs?.[0] ?? 'lastNotNull';
  return { name, config, value: reduce(values, calc), history };
}

/**
 * What a stat or bar gauge shows: one value for each series; without a time
 * column one for each number column, or, with reduceOptions.values, one for each row.
 * @param {Scene} scene
 * @returns {Reading[]}
 */
export function toReadings(scene) {
  const { series } = toSeries(scene.frames);
  if (series.length)
    return series.map((one) => reading(scene, {
      name: one.field, kind: 'number', refId: one.refId, labels: one.labels,
      shownName: seriesName(one, series),
    }, one.values, one.values));
  return scene.frames.filter(({ length }) => length).flatMap((frame) => {
    const labels = frame.columns.filter(({ kind }) => kind === 'string');
    const metrics = frame.columns.filter(({ kind }) => kind === 'number');
    if (labels.length && metrics.length && scene.panel.options?.reduceOptions?.values)
      return metrics.flatMap(({ name, values }) => values.map((value, row) => {
        const shownName = labels.map((label) => label.values[row]).join(' ');
        return reading(scene, { name, kind: 'number', refId: frame.refId, shownName }, [value], []);
      }));
    return (metrics.length ? metrics : labels).map(({ name, kind, values }) =>
      reading(scene, { name, kind, refId: frame.refId }, values, []));
  });
}

/** The line behind the number: an area from its lowest to its highest value. */
function sparkline(/** @type {Value[]} */ history) {
  const values = history.map((value) => (value === null ? null : Number(value)));
  const present = values.filter((value) => value !== null);
  if (present.length < 2)
    return null;
  const top = present.reduce((a, b) => Math.max(a, b), 0) || 1;
  const bottom = present.reduce((a, b) => Math.min(a, b), 0);
  const points = values.flatMap((value, index) => (value === null ? []
    : [`${index / (values.length - 1) * 100} ${38 - (value - bottom) / (top - bottom) * 36}`]));
  const line = `M${points.join('L')}`;
  const [first, last] = [points[0], points[points.length - 1]].map((point) => point.split(' ')[0]);
  return svg('svg', { class: 'spark', viewBox: '0 0 100 40', preserveAspectRatio: 'none',
    'aria-hidden': 'true' },
  svg('path', { class: 'spark-area', d: `${line}L${last} 40L${first} 40Z` }),
  svg('path', { class: 'spark-line', d: line }));
}

/** @returns {HTMLElement} */
function card(/** @type {Reading} */ { name, value, history, config }, scene, isNamed) {
  const { options = {} } = scene.panel;
  const { text, unit } = showParts(config, value, scene.zone);
  const made = element('div', { class: 'stat' },
    isNamed && element('div', { class: 'stat-name' }, name),
    element('div', { class: 'stat-value' }, text,
      unit && element('span', { class: 'stat-unit' }, unit)),
    options.graphMode === 'none' ? null : sparkline(history));
  const colour = valueColour(config, value, scene.theme);
  if (colour && options.colorMode !== 'none')
    made.style.setProperty('--stat', colour);
  if (options.colorMode === 'background')
    made.classList.add('filled');
  return made;
}

/** @type {import('./panels.js').Draw} */
export function drawStat(host, scene) {
  const readings = toReadings(scene);
  if (readings.length === 0)
    return null;
  const isNamed = readings.length > 1 || scene.panel.options?.textMode === 'value_and_name';
  host.append(element('div', { class: 'stats' },
    ...readings.map((one) => card(one, scene, isNamed))));
  return {};
}
