// SPDX-License-Identifier: Apache-2.0
//
// The panel types this viewer draws. A new one is a file and a line here.

import { drawBarGauge } from './panel-bargauge.js';
import { drawStat } from './panel-stat.js';
import { drawTable } from './panel-table.js';
import { drawText } from './panel-text.js';
import { drawTimeseries } from './panel-timeseries.js';

/**
 * What a panel gets to draw with.
 * @typedef {object} Scene
 * @property {any} panel the panel's JSON
 * @property {import('./clickhouse.js').Frame[]} frames the answers, one per query
 * @property {import('./time.js').Range} range
 * @property {import('./time.js').Zone} zone
 * @property {import('./palette.js').Theme} theme
 * @property {import('./palette.js').NamedPalette} palette shared by all panels
 * @property {Record<string, any>} memory what a panel keeps from one drawing to the next
 * @property {(range: import('./time.js').Range) => void} zoom asks for another time range
 * @property {() => void} redraw draws this panel again with what it has
 */

/**
 * What a panel leaves behind: `resize` when its space changed, `destroy` before it is drawn anew.
 * @typedef {{resize?: () => void, destroy?: () => void}} Drawing
 */

/**
 * Answers null when the frames hold nothing to draw.
 * @typedef {(host: HTMLElement, scene: Scene) => Drawing | null} Draw
 */

/** @type {Record<string, Draw>} */
export const PANELS = {
  timeseries: drawTimeseries,
  stat: drawStat,
  table: drawTable,
  bargauge: drawBarGauge,
  text: drawText,
};
