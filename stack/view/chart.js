// SPDX-License-Identifier: Apache-2.0
//
// Lines on a canvas by uPlot: what is drawn and how it looks. The series come
// ready with colour and text (panel-timeseries.js); here they become options,
// axes, stacking, the drag that zooms, and the cursor shared by all charts.

import uPlot from './vendor/uPlot.esm.js';
import { pageColour } from './dom.js';
import { withOpacity } from './palette.js';
import { bands, isStacked, stack } from './series.js';
import { formatTime } from './time.js';
import { formatTick, isBinary } from './units.js';

/**
 * A series ready to be drawn.
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour
 * @property {(number | null)[]} values
 * @property {import('./fields.js').FieldConfig} config
 */

/** @typedef {import('./panels.js').Scene} Scene */

const FONT = `11.5px ${getComputedStyle(document.documentElement).fontFamily}`;
const CURSOR_GROUP = 'netmeta';

/** @type {Required<typeof uPlot.paths>} */
const { linear, spline, stepped, bars } = /** @type {any} */ (uPlot.paths);

/** How a line gets from point to point. */
const PATHS = {
  linear: linear(),
  smooth: spline(),
  stepAfter: stepped({ align: 1 }),
  stepBefore: stepped({ align: -1 }),
  bars: bars({ size: [0.8, 64] }),
  points: () => null,
};

/** Places of values that no line reaches: without a point they would not be seen. */
function lonelyPoints(chart, index, shown) {
  if (shown)
    return null;
  const values = chart.data[index];
  const lonely = [];
  for (let at = 0; at < values.length; at++)
    if (values[at] !== null && [values[at - 1], values[at + 1]].every((next) => next == null))
      lonely.push(at);
  return lonely;
}

/** @returns {uPlot.Series} */
function seriesOptions(/** @type {Line} */ line) {
  const { custom, unit } = line.config;
  // a band that says nothing of its opacity has Grafana's
  const opacity = (custom.fillOpacity || (custom.fillBelowTo ? 35 : 0)) / 100;
  const path = custom.drawStyle === 'line' || !custom.drawStyle
    ? custom.lineInterpolation ?? 'linear' : custom.drawStyle;
  const points = { always: true, never: false }[custom.showPoints] ?? custom.drawStyle === 'points';
  return {
    label: line.name,
    scale: unit ?? '',
    stroke: line.colour,
    width: custom.lineWidth ?? 1.5,
    fill: opacity ? withOpacity(line.colour, opacity) : undefined,
    spanGaps: Boolean(custom.spanNulls),
    paths: PATHS[path] ?? PATHS.linear,
    points: { show: points, size: custom.pointSize ?? 5, fill: line.colour, filter: lonelyPoints },
  };
}

/** Words under the time axis: as fine as the distance between them. */
function timeTicks(zone) {
  return (_chart, splits, _axis, _space, step) => splits.map((split, index) => {
    const [day, clock] = formatTime(split, zone).split(' ');
    if (step >= 86_400_000)
      return day.slice(5);
    const time = step >= 60_000 ? clock.slice(0, 5) : step >= 1000 ? clock.slice(0, 8) : clock;
    const isMidnight = clock === '00:00:00' && index > 0;
    return isMidnight ? day.slice(5) : time;
  });
}

/** Room for the longest word beside a value axis. */
function axisWidth(chart, words, index) {
  if (!words)
    return 0;
  chart.ctx.save();
  chart.ctx.font = chart.axes[index].font[0];
  const widths = words.map((word) => chart.ctx.measureText(word ?? '').width);
  chart.ctx.restore();
  return Math.ceil(Math.max(...widths) / devicePixelRatio) + 14;
}

const powersOfTwo = Array.from({ length: 63 }, (_unused, power) => 2 ** power);

/** @returns {uPlot.Axis[]} the time, then one axis for each unit */
function axes(/** @type {Line[]} */ lines, /** @type {Scene} */ { zone }) {
  const common = {
    font: FONT,
    stroke: pageColour('--muted'),
    grid: { stroke: pageColour('--grid'), width: 1 },
    ticks: { show: false },
  };
  const units = new Map(lines.map(({ config }) => [config.unit ?? '', config]));
  const values = [...units].map(([unit, config], index) => ({
    ...common,
    scale: unit,
    side: index % 2 ? 1 : 3,
    show: config.custom.axisPlacement !== 'hidden',
    grid: { ...common.grid, show: index === 0 },
    label: config.custom.axisLabel || undefined,
    labelFont: FONT,
    labelSize: 18,
    gap: 6,
    space: 34,
    size: axisWidth,
    incrs: isBinary(unit) ? powersOfTwo : undefined,
    values: (_chart, splits) => splits.map((split) => formatTick(split, unit)),
  }));
  return [{ ...common, space: 76, size: 26, gap: 6, values: timeTicks(zone) }, ...values];
}

/**
 * Values start at zero unless the configuration or negative values say otherwise.
 * @returns {uPlot.Range.Function}
 */
function valueRange(config) {
  return (_chart, low, high) => {
    const bottom = config.min ?? Math.min(low ?? 0, config.custom.axisSoftMin ?? 0, 0) *
      (low < 0 ? 1.05 : 1);
    const top = config.max ?? Math.max((high ?? 1) * 1.06, config.custom.axisSoftMax ?? -Infinity);
    return top > bottom ? [bottom, top] : [bottom, bottom + 1];
  };
}

/** @returns {uPlot.Scales} */
function scales(/** @type {Line[]} */ lines, /** @type {Scene} */ { range }) {
  /** @type {uPlot.Scales} */
  const all = { x: { time: true, range: () => [range.from, range.to] } };
  for (const { config } of lines)
    all[config.unit ?? ''] ??= { range: valueRange(config) };
  return all;
}

/**
 * Dragging chooses a time range; the shared cursor tells the others where the mouse is.
 * @returns {uPlot.Cursor}
 */
function cursor() {
  const onlyMoves = (/** @type {string} */ type) => ['mousemove', 'mouseleave'].includes(type);
  return {
    drag: { x: true, y: false, setScale: false },
    focus: { prox: 24 },
    points: { size: 7, width: 2 },
    sync: { key: CURSOR_GROUP, scales: ['x', null], filters: { pub: onlyMoves, sub: onlyMoves } },
  };
}

/** Hands the chosen range on and takes the marking away. */
function zoomTo(/** @type {Scene} */ scene) {
  return (chart) => {
    const { left, width } = chart.select;
    if (width < 4)
      return;
    const [from, to] = [left, left + width].map((at) => Math.round(chart.posToVal(at, 'x')));
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    scene.zoom({ from, to: Math.max(to, from + 10) });
  };
}

/** Values as drawn: stacked ones as running sums, in the stack's own order. */
function drawnValues(/** @type {Line[]} */ lines) {
  const stacked = lines.filter(isStacked);
  const sums = stack(stacked.map(({ values }) => values));
  return lines.map((line) => (isStacked(line) ? sums[stacked.indexOf(line)] : line.values));
}

/**
 * @param {HTMLElement} host with the size it shall have
 * @param {number[]} times
 * @param {Line[]} lines
 * @param {Scene} scene
 * @param {(chart: uPlot) => void} moved when the cursor moved
 * @returns {uPlot}
 */
export function makeChart(host, times, lines, scene, moved) {
  return new uPlot({
    width: host.clientWidth,
    height: host.clientHeight,
    ms: 1,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: cursor(),
    series: [{}, ...lines.map(seriesOptions)],
    bands: bands(lines),
    axes: axes(lines, scene),
    scales: scales(lines, scene),
    hooks: { setSelect: [zoomTo(scene)], setCursor: [moved] },
    ...(scene.zone === 'utc' && { tzDate: (time) => uPlot.tzDate(new Date(time), 'Etc/UTC') }),
  }, [times, ...drawnValues(lines)], host);
}
