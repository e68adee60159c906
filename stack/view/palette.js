// SPDX-License-Identifier: Apache-2.0
//
// Colours that stay apart for colour-blind eyes (after Okabe and Ito), one
// shade for a light and one for a dark page, and Grafana's colour names.

/** Series in order of appearance; after the last the first comes again. */
const SERIES = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b0578f', '#c78500', '#3d9fd6', '#7a5cc0', '#6b7280',
    '#8a3b12', '#00695c'],
  dark: ['#4aa3df', '#f0813a', '#2fbf91', '#d98bb9', '#e9b949', '#8fd0f5', '#a78bfa', '#9aa3b2',
    '#d9956f', '#7fd1c7'],
};

const NAMED = {
  light: {
    green: '#00835f', yellow: '#b07a00', orange: '#c2570c', red: '#c1272d', blue: '#0072b2',
    purple: '#7a5cc0', text: '#1c2430',
  },
  dark: {
    green: '#34c796', yellow: '#e9b949', orange: '#f0813a', red: '#ff6b6b', blue: '#4aa3df',
    purple: '#a78bfa', text: '#e7ebf2',
  },
};

/** @typedef {'light' | 'dark'} Theme */

/**
 * A colour as a dashboard names it ("green", "semi-dark-red", "#ff8800") for CSS and canvas.
 * @param {string | undefined} name
 * @param {Theme} theme
 * @returns {string | null} null for what is no colour
 */
export function namedColour(name, theme) {
  const bare = (name ?? '').replace(/^(super-light|light|semi-dark|dark)-/, '');
  if (/^#[0-9a-f]{3,8}$/i.test(bare))
    return bare;
  return NAMED[theme][bare] ?? null;
}

/**
 * @param {number} index
 * @param {Theme} theme
 */
export const seriesColour = (index, theme) => SERIES[theme][index % SERIES[theme].length];

/** Grafana's names of the first colours of the palette. */
const PLACES = ['blue', 'orange', 'green', 'purple', 'yellow'];

/**
 * A colour that the dashboard chose for a series; a name means the palette's own shade.
 * @param {string | undefined} name
 * @param {Theme} theme
 */
export function chosenColour(name, theme) {
  const place = PLACES.indexOf(name ?? '');
  return place >= 0 ? seriesColour(place, theme) : namedColour(name, theme);
}

/** Gives each name one place in the palette, for as long as the page is open. */
export class NamedPalette {
  constructor() {
    /** @type {Map<string, number>} */
    this.places = new Map();
    this.next = 0;
  }

  /**
   * @param {string} name
   * @param {Theme} theme
   * @param {Set<string>} taken colours that others of the same picture have by choice
   */
  colour(name, theme, taken) {
    const known = this.places.get(name);
    if (known !== undefined)
      return seriesColour(known, theme);
    const free = SERIES[theme].findIndex((_colour, step) =>
      !taken.has(seriesColour(this.next + step, theme)));
    this.next += Math.max(free, 0);
    this.places.set(name, this.next);
    return seriesColour(this.next++, theme);
  }
}

/**
 * @param {string} colour "#rrggbb" or "#rgb"
 * @param {number} opacity 0 to 1
 */
export function withOpacity(colour, opacity) {
  const long = colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour.slice(0, 7);
  return long + Math.round(Math.min(Math.max(opacity, 0), 1) * 255).toString(16).padStart(2, '0');
}
