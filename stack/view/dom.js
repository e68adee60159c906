// SPDX-License-Identifier: Apache-2.0
//
// Elements of the page. Text goes in as text nodes only: what comes out of the
// database can never become markup.

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] on… is a listener; class, role, for, aria-… and data-…
 *   are attributes; everything else is a property of the element
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on'))
      made.addEventListener(name.slice(2), value);
    else if (name === 'class' || name === 'role' || name === 'for' || /^(aria|data)-/.test(name))
      made.setAttribute(name, value);
    else
      made[name] = value;
  }
  for (const child of children)
    if (child)
      made.append(child);
  return made;
}

/**
 * @param {string} tag an element of SVG
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes))
    made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Shapes of the icons, on a field of 16 by 16. */
const ICONS = {
  info: 'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5M8 7.2v4M8 4.7v.4',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.7 1.6v3h-3',
  clock: 'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5M8 4.5V8l2.4 1.6',
  wider: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.3 10.3l3.5 3.5M5 7h4',
  theme: 'M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z',
  leave: 'M6 2.5H3v11h3M10 5l3 3l-3 3M13 8H6',
  close: 'M4 4l8 8M12 4l-8 8',
};

/** @param {keyof typeof ICONS} name */
export const icon = (name) => svg('svg',
  { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' }, svg('path', { d: ICONS[name] }));

/**
 * A button that shows an icon and says a word.
 * @param {keyof typeof ICONS} name
 * @param {string} label
 * @param {(event: Event) => void} press
 */
export const iconButton = (name, label, press) => element('button',
  { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: press },
  icon(name));

/**
 * The page's own colour of that name, for canvas.
 * @param {string} name a custom property, "--text"
 */
export const pageColour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
