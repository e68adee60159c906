// SPDX-License-Identifier: Apache-2.0
//
// Lines, bars and stacked areas over time, with their legend.

import { makeChart } from './chart.js';
import { makeLegend } from './chart-legend.js';
import { makeTooltip } from './chart-tooltip.js';
import { element } from './dom.js';
import { displayName, fieldConfig } from './fields.js';
import { namedColour } from './palette.js';
import { seriesName, toSeries } from './series.js';

/** @typedef {import('./chart.js').Line} Line */

/** A colour for a line: its own when configured, else by name, the same in all panels. */
function lineColour(config, name, { palette, theme }) {
  const fixed = config.color?.mode === 'fixed' ? namedColour(config.color.fixedColor, theme) : null;
  return fixed ?? palette.colour(name, theme);
}

/**
 * @param {import('./panels.js').Scene} scene
 * @returns {{times: number[], lines: Line[]}}
 */
export function toLines(scene) {
  const { times, series } = toSeries(scene.frames);
  const lines = series.map((one) => {
    const subject = {
      name: one.field, kind: /** @type {const} */ ('number'), refId: one.refId, labels: one.labels,
      shownName: seriesName(one, series),
    };
    const name = displayName(fieldConfig(scene.panel, subject), subject);
    // overrides match the name that is shown
    const config = fieldConfig(scene.panel, { ...subject, name });
    const isMirrored = config.custom.transform === 'negative-Y';
    const values = isMirrored
      ? one.values.map((value) => (value === null ? null : -value)) : one.values;
    return { name, config, values, colour: lineColour(config, name, scene) };
  });
  return { times, lines };
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
