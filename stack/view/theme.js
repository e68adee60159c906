// SPDX-License-Identifier: Apache-2.0
//
// Light or dark: as the system says, until the reader chooses.

/** @typedef {import('./palette.js').Theme} Theme */

const KEY = 'netmeta-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** @returns {Theme} */
export function currentTheme() {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark')
    return chosen;
  return system.matches ? 'dark' : 'light';
}

function show() {
  document.documentElement.dataset.theme = currentTheme();
}

/**
 * Shows the theme from now on, and calls back whenever it changes.
 * @param {() => void} changed
 */
export function watchTheme(changed) {
  show();
  system.addEventListener('change', () => {
    show();
    changed();
  });
}

/** The other one; the choice that the system would make itself is not kept. */
export function toggleTheme() {
  const wanted = currentTheme() === 'dark' ? 'light' : 'dark';
  if (wanted === (system.matches ? 'dark' : 'light'))
    localStorage.removeItem(KEY);
  else
    localStorage.setItem(KEY, wanted);
  show();
}
