// SPDX-License-Identifier: Apache-2.0
//
// Rows become lines. A frame with a time column is turned into one series per
// combination of its text columns (the labels) and per number column, all on
// one common time axis; where a series has no row, its value is null.

/** @typedef {import('./clickhouse.js').Frame} Frame */
/** @typedef {import('./clickhouse.js').Column} Column */

/**
 * @typedef {object} Series
 * @property {string} refId
 * @property {string} field name of the number column
 * @property {Record<string, string>} labels
 * @property {(number | null)[]} values one per time
 */

/** @typedef {{times: number[], series: Series[]}} SeriesSet times ascending, in milliseconds */

/**
 * @param {Frame} frame
 * @returns {{time: Column, labels: Column[], metrics: Column[]} | null} null without a time
 */
function partsOf(frame) {
  const time = frame.columns.find(({ kind }) => kind === 'time');
  if (!time)
    return null;
  return {
    time,
    labels: frame.columns.filter(({ kind }) => kind === 'string'),
    metrics: frame.columns.filter(({ kind }) => kind === 'number'),
  };
}

/** One point after the other into the series it belongs to. */
function collect(frame, into) {
  const parts = partsOf(frame);
  if (!parts)
    return;
  for (let row = 0; row < frame.length; row++) {
    const time = Number(parts.time.values[row]);
    const labels = parts.labels.map(({ values }) => String(values[row] ?? ''));
    for (const metric of parts.metrics) {
      const key = JSON.stringify([frame.refId, metric.name, ...labels]);
      if (!into.has(key)) {
        const named = Object.fromEntries(parts.labels.map(({ name }, index) =>
          [name, labels[index]]));
        into.set(key, { refId: frame.refId, field: metric.name, labels: named, points: new Map() });
      }
      const value = metric.values[row];
      into.get(key).points.set(time, value === null ? null : Number(value));
    }
  }
}

/**
 * @param {Frame[]} frames
 * @returns {SeriesSet}
 */
export function toSeries(frames) {
  const collected = new Map();
  for (const frame of frames)
    collect(frame, collected);
  const moments = new Set();
  for (const { points } of collected.values())
    for (const time of points.keys())
      moments.add(time);
  const times = [...moments].sort((a, b) => a - b);
  const series = [...collected.values()].map(({ points, ...rest }) =>
    ({ ...rest, values: times.map((time) => points.get(time) ?? null) }));
  return { times, series };
}

/**
 * A series' name when the field's configuration gives none: the labels; the
 * number column's name where there are no labels or several number columns.
 * @param {Series} series
 * @param {Series[]} all
 */
export function seriesName(series, all) {
  const labels = Object.values(series.labels).join(' ');
  const severalFields = new Set(all.map(({ field }) => field)).size > 1;
  return labels === '' || severalFields ? `${series.field} ${labels}`.trim() : labels;
}

/**
 * Running sums from the first series up, for a stacked picture. A missing value
 * adds nothing and leaves a gap only where every series misses it.
 * @param {(number | null)[][]} values
 * @returns {(number | null)[][]}
 */
export function stack(values) {
  const sums = (values[0] ?? []).map(() => 0);
  const anything = sums.map((_sum, at) => values.some((line) => line[at] !== null));
  return values.map((line) => line.map((value, at) => {
    sums[at] += value ?? 0;
    return anything[at] ? sums[at] : null;
  }));
}

/** Whether the configuration asks for values on top of each other. */
export const isStacked = (/** @type {import('./chart.js').Line} */ { config }) =>
  config.custom.stacking?.mode === 'normal';

/**
 * Where an area ends at another line instead of at zero: between two stacked lines, so that only
 * the upper one's colour shows, and from a line down to the one that its fillBelowTo names.
 * @param {import('./chart.js').Line[]} lines
 * @returns {{series: [number, number]}[]} places of the upper and the lower line, from 1
 */
export function bands(lines) {
  const places = lines.flatMap((line, index) => (isStacked(line) ? [index + 1] : []));
  const down = lines.map(({ config }) =>
    lines.findIndex(({ name }) => name === config.custom.fillBelowTo) + 1);
  return [
    ...places.slice(1).map((place, index) =>
      /** @type {{series: [number, number]}} */ ({ series: [place, places[index]] })),
    ...down.flatMap((lower, index) => (lower
      ? [/** @type {{series: [number, number]}} */ ({ series: [index + 1, lower] })] : [])),
  ];
}
