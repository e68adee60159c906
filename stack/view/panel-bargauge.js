// SPDX-License-Identifier: Apache-2.0
//
// One bar for each value, longest possible at the largest value or the configured maximum.

import { element } from './dom.js';
import { showValue, valueColour } from './fields.js';
import { toReadings } from './panel-stat.js';

/** @type {import('./panels.js').Draw} */
export function drawBarGauge(host, scene) {
  const readings = toReadings(scene);
  if (readings.length === 0)
    return null;
  const largest = readings.reduce((most, { value }) => Math.max(most, Number(value) || 0), 0);
  host.append(element('div', { class: 'bars' }, ...readings.map(({ name, value, config }) => {
    const bar = element('i', { class: 'bar' });
    const low = config.min ?? 0;
    const share = (Number(value) - low) / ((config.max ?? largest) - low || 1);
    bar.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
    const colour = valueColour(config, value, scene.theme);
    if (colour)
      bar.style.background = colour;
    return element('div', { class: 'bar-row' }, element('span', { class: 'bar-name' }, name),
      element('span', { class: 'bar-track' }, bar),
      element('b', {}, showValue(config, value, scene.zone)));
  })));
  return {};
}
