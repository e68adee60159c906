// SPDX-License-Identifier: Apache-2.0
//
// The box beside the cursor that says what every series is worth there.

import { element } from './dom.js';
import { showValue } from './fields.js';
import { formatTime } from './time.js';

const MOST_ROWS = 14;
const DISTANCE = 14;

/**
 * @param {import('./chart.js').Line} line
 * @param {number} index
 * @param {import('./time.js').Zone} zone
 */
const row = (line, index, zone) => {
  const swatch = element('i', { class: 'swatch' });
  swatch.style.background = line.colour;
  return element('div', { class: 'tooltip-row' }, swatch, element('span', {}, line.name),
    element('b', {}, showValue(line.config, line.values[index], zone)));
};

/** Puts the box beside the cursor, on the side where there is room. */
function place(box, chart) {
  const { left = 0, top = 0 } = chart.cursor;
  const over = chart.over;
  const isRight = left + DISTANCE + box.offsetWidth > over.clientWidth;
  const x = isRight ? left - DISTANCE - box.offsetWidth : left + DISTANCE;
  const low = over.clientHeight - box.offsetHeight;
  box.style.left = `${over.offsetLeft + Math.max(x, -over.offsetLeft)}px`;
  box.style.top = `${over.offsetTop + Math.min(Math.max(top - 20, 0), Math.max(low, 0))}px`;
}

/**
 * @param {HTMLElement} host the chart's element
 * @param {number[]} times
 * @param {import('./chart.js').Line[]} lines
 * @param {import('./time.js').Zone} zone
 * @returns {(chart: any) => void} to be called whenever the cursor moved
 */
export function makeTooltip(host, times, lines, zone) {
  const box = element('div', { class: 'tooltip', hidden: true });
  host.append(box);
  return (chart) => {
    const index = chart.cursor.idx;
    // the cursor of another chart moves here too, without a box
    box.hidden = index === null || index === undefined || !host.matches(':hover');
    if (box.hidden)
      return;
    const present = lines.filter(({ values, config }) =>
      values[index] !== null && !config.custom.hideFrom?.tooltip)
      .sort((a, b) => Number(b.values[index]) - Number(a.values[index]));
    const more = present.length - MOST_ROWS;
    box.replaceChildren(
      element('div', { class: 'tooltip-time' }, formatTime(times[index], zone)),
      ...present.slice(0, MOST_ROWS).map((line) => row(line, index, zone)),
      ...(more > 0 ? [element('div', { class: 'muted' }, `and ${more} more`)] : []));
    place(box, chart);
  };
}
