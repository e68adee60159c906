// SPDX-License-Identifier: Apache-2.0
//
// Lines, bars and stacked areas over time, with their legend.

import { reduce } from './calcs.js';
import { makeChart } from './chart.js';
import { makeLegend } from './chart-legend.js';
import { makeTooltip } from './chart-tooltip.js';
import { element } from './dom.js';
import { displayName, fieldConfig } from './fields.js';
import { NamedPalette, chosenColour } from './palette.js';
import { seriesName, toSeries } from './series.js';

/** @typedef {import('./chart.js').Line} Line */

const size = ({ values }) => Math.abs(Number(reduce(values, 'sum')));

/**
 * A colour for each line: its own when configured; by name, the same in all panels that ask for
 * that (palette-classic-by-name), else the same in this panel from one answer to the next. Given
 * out from the largest line down.
 * @returns {Map<string, string>}
 */
function lineColours(lines, { palette, memory, theme }) {
  memory.palette ??= new NamedPalette();
  const colours = new Map();
  for (const { name, config } of lines) {
    const { mode, fixedColor } = config.color ?? {};
    const chosen = mode === 'fixed' ? chosenColour(fixedColor, theme) : null;
    if (chosen)
      colours.set(name, chosen);
  }
  const taken = new Set(colours.values());
  for (const { name, config } of [...lines].sort((a, b) => size(b) - size(a))) {
    const from = config.color?.mode === 'palette-classic-by-name' ? palette : memory.palette;
    if (!colours.has(name))
      colours.set(name, from.colour(name, theme, taken));
  }
  return colours;
}

/** @returns {Omit<Line, 'colour'>} */
function toLine(one, all, panel) {
  const subject = {
    name: one.field, kind: /** @type {const} */ ('number'), refId: one.refId, labels: one.labels,
    shownName: seriesName(one, all),
  };
  const name = displayName(fieldConfig(panel, subject), subject);
  // overrides match the name that is shown
  const config = fieldConfig(panel, { ...subject, name });
  const values = config.custom.transform === 'negative-Y'
    ? one.values.map((value) => (value === null ? null : -value)) : one.values;
  return { name, config, values };
}

/**
 * Lines in the order of their names, so that a stack does not change its order from one answer to
 * the next.
 * @param {import('./panels.js').Scene} scene
 * @returns {{times: number[], lines: Line[]}}
 */
export function toLines(scene) {
  const { times, series } = toSeries(scene.frames);
  const lines = series.map((one) => toLine(one, series, scene.panel));
  const colours = lineColours(lines, scene);
  if (series.some(({ labels }) => Object.keys(labels).length))
    lines.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return { times, lines: lines.map((line) => ({ ...line, colour: colours.get(line.name) ?? '' })) };
}

/** @type {import('./panels.js').Draw} */
export function drawTimeseries(host, scene) {
  const { times, lines } = toLines(scene);
  if (times.length === 0)
    return null;
  const hidden = scene.memory.hidden ?? new Set();
  const shown = lines.filter(({ name }) => !hidden.has(name));
  const options = scene.panel.options?.legend;
  const legend = makeLegend(options, lines, hidden, (next) => {
    scene.memory.hidden = next;
    scene.redraw();
  }, scene.zone);
  const field = element('div', {
    class: 'chart', role: 'img',
    'aria-label': `${scene.panel.title}: ${shown.map(({ name }) => name).join(', ')}`,
  });
  const side = options?.placement === 'right' ? 'legend-right' : 'legend-below';
  const frame = element('div', { class: `timeseries ${side}` }, field, legend);
  host.append(frame);
  const chart = makeChart(field, times, shown, scene, makeTooltip(field, times, shown, scene.zone));
  return {
    resize: () => chart.setSize({ width: field.clientWidth, height: field.clientHeight }),
    destroy: () => chart.destroy(),
  };
}
