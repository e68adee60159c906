// SPDX-License-Identifier: Apache-2.0
//
// Where panels stand: Grafana's 24 columns, rows of 30 px with 8 px between.
// Collapsed rows hide their panels and what is below moves up.

export const COLUMNS = 24;

/**
 * @typedef {object} Place
 * @property {any} panel the panel's JSON
 * @property {number} x column, from 0
 * @property {number} y row, from 0
 * @property {number} w columns
 * @property {number} h rows
 */

const clamp = (value, low, high) => Math.min(Math.max(Math.floor(Number(value) || 0), low), high);

/** @returns {Place} */
function placeOf(panel) {
  const { x = 0, y = 0, w = COLUMNS, h = 8 } = panel.gridPos ?? {};
  const left = clamp(x, 0, COLUMNS - 1);
  return {
    panel, x: left, y: clamp(y, 0, 10_000), w: clamp(w, 1, COLUMNS - left), h: clamp(h, 1, 200),
  };
}

const readingOrder = (a, b) => a.y - b.y || a.x - b.x;

/**
 * Rows that stand open own the panels after them up to the next row; a row
 * saved as collapsed carries its panels inside.
 * @param {any[]} panels a dashboard's panels
 * @param {Set<number>} closed ids of rows that the reader closed
 * @param {Set<number>} opened ids of rows, saved as collapsed, that the reader opened
 * @returns {Place[]} in reading order
 */
export function arrange(panels, closed = new Set(), opened = new Set()) {
  const places = [];
  let moved = 0;
  let closedAt = null;
  for (const place of panels.map(placeOf).sort(readingOrder)) {
    const isRow = place.panel.type === 'row';
    if (isRow && closedAt !== null) {
      moved += closedAt - (place.y + moved);
      closedAt = null;
    }
    if (closedAt !== null)
      continue;
    place.y += moved;
    places.push(place);
    if (isRow && closed.has(place.panel.id))
      closedAt = place.y + place.h;
    if (isRow && place.panel.collapsed && opened.has(place.panel.id))
      moved += addInside(place, places);
  }
  return places;
}

/** Places the panels that a collapsed row carries; answers how many rows they need. */
function addInside(row, places) {
  const inside = (row.panel.panels ?? []).map(placeOf).sort(readingOrder);
  if (inside.length === 0)
    return 0;
  const top = inside[0].y;
  let bottom = 0;
  for (const place of inside) {
    place.y += row.y + row.h - top;
    bottom = Math.max(bottom, place.y + place.h);
    places.push(place);
  }
  return bottom - row.y - row.h;
}
