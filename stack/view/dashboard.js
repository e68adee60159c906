// SPDX-License-Identifier: Apache-2.0
//
// A dashboard's JSON as a living page: panels in their places, the time range,
// the variables and the refresh that all panels follow, kept in the address.

import { element, iconButton } from './dom.js';
import { COLUMNS, arrange } from './layout.js';
import { LinkBar } from './link-bar.js';
import { NamedPalette } from './palette.js';
import { Panel } from './panel.js';
import { currentTheme } from './theme.js';
import { TimePicker } from './time-picker.js';
import { describeRange, parseDuration, resolveRange, widen } from './time.js';
import { VariableBar } from './variable-bar.js';

/** @typedef {import('./time.js').RawRange} RawRange */

export class Dashboard {
  /**
   * @param {HTMLElement} host
   * @param {any} model the dashboard's JSON
   * @param {import('./clickhouse.js').Connection} connection
   * @param {Node[]} tools more buttons for the bar
   */
  constructor(host, model, connection, tools) {
    this.model = model;
    this.connection = connection;
    this.palette = new NamedPalette();
    const address = new URLSearchParams(location.search);
    /** @type {RawRange} */
    this.raw = {
      from: address.get('from') ?? model.time?.from ?? 'now-1h',
      to: address.get('to') ?? model.time?.to ?? 'now',
    };
    this.refresh = address.get('refresh') ?? (model.refresh || '');
    /** @type {import('./time.js').Zone} */
    this.zone = (address.get('timezone') ?? model.timezone) === 'utc' ? 'utc' : 'browser';
    if (Number.isNaN(this.range.from) || Number.isNaN(this.range.to))
      this.raw = { from: 'now-1h', to: 'now' };
    /** @type {Map<any, Panel>} */
    this.panels = new Map();
    this.closedRows = new Set();
    this.openedRows = new Set();
    this.variables = new VariableBar(model.templating?.list ?? [], address, () => this.load());
    this.picker = new TimePicker(this.#listener(), this.refresh);
    this.links = new LinkBar(model.links ?? []);
    this.grid = element('main', { class: 'grid' });
    document.title = `${model.title} · NetMeta`;
    host.replaceChildren(element('header', { class: 'top' },
      element('h1', {}, model.title), this.links.element, this.variables.element,
      this.picker.element, ...tools),
    this.grid);
    this.#place();
    document.addEventListener('visibilitychange', () => this.#lookedAt());
  }

  /** @returns {import('./time.js').Range} */
  get range() {
    return this.#rangeAt(Date.now());
  }

  #rangeAt(/** @type {number} */ now) {
    return resolveRange(this.raw, now, this.zone);
  }

  /** @returns {import('./time-picker.js').Listener} */
  #listener() {
    return {
      range: (raw) => this.setRange(raw),
      zone: (zone) => this.#setZone(zone),
      refresh: (interval) => {
        this.refresh = interval;
        this.#remember();
        this.#schedule();
      },
      wider: () => this.#setAbsolute(widen(this.range, Date.now())),
      now: () => this.load(),
    };
  }

  /** @param {RawRange} raw */
  setRange(raw) {
    this.raw = raw;
    this.load();
  }

  #setAbsolute({ from, to }) {
    this.setRange({ from: String(from), to: String(to) });
  }

  #setZone(zone) {
    this.zone = zone;
    this.load();
  }

  #rowHeading(panel) {
    const isOpen = panel.collapsed ? this.openedRows.has(panel.id) : !this.closedRows.has(panel.id);
    const changing = panel.collapsed ? this.openedRows : this.closedRows;
    return element('button', { type: 'button', class: 'row', 'aria-expanded': String(isOpen),
      onclick: () => {
        if (!changing.delete(panel.id))
          changing.add(panel.id);
        this.#place();
        this.load();
      } }, panel.title);
  }

  /** Puts panels into the grid; those no longer shown go, new ones are made. */
  #place() {
    const places = arrange(this.model.panels ?? [], this.closedRows, this.openedRows);
    const shown = new Set(places.map(({ panel }) => panel));
    for (const [model, panel] of this.panels) {
      if (!shown.has(model)) {
        panel.remove();
        this.panels.delete(model);
      }
    }
    this.grid.replaceChildren(...places.map(({ panel, x, y, w, h }) => {
      const made = panel.type === 'row' ? this.#rowHeading(panel) : this.#panelOf(panel).element;
      made.style.setProperty('--column', `${x + 1} / span ${Math.min(w, COLUMNS)}`);
      made.style.setProperty('--row', `${y + 1} / span ${h}`);
      made.style.setProperty('--height', String(h));
      made.classList.toggle('narrow', w < COLUMNS / 4);
      return made;
    }));
  }

  #panelOf(model) {
    const known = this.panels.get(model);
    if (known)
      return known;
    const panel = new Panel(model, (range) => this.#setAbsolute(range));
    this.panels.set(model, panel);
    return panel;
  }

  /** The address of what is seen now. */
  #remember() {
    const address = new URLSearchParams(location.search);
    for (const name of [...address.keys()])
      if (name.startsWith('var-'))
        address.delete(name);
    address.set('from', this.raw.from);
    address.set('to', this.raw.to);
    address.set('timezone', this.zone);
    address.set('refresh', this.refresh);
    for (const [name, value] of this.variables.address)
      address.append(name, value);
    history.replaceState(null, '', `?${address}`);
    this.links.follow(address);
  }

  /** A page that was hidden is brought up to date as soon as somebody looks again. */
  #lookedAt() {
    if (parseDuration(this.refresh) && !document.hidden)
      this.load();
  }

  /** Asks again after the refresh interval, while somebody looks. */
  #schedule() {
    clearTimeout(this.timer);
    const interval = parseDuration(this.refresh);
    if (interval && !document.hidden)
      this.timer = setTimeout(() => this.load(), Math.max(interval, 1000));
  }

  /** Asks for everything and draws it. */
  async load() {
    clearTimeout(this.timer);
    const turn = this.turn = {};
    const { raw, zone } = this;
    const now = Date.now();
    const range = this.#rangeAt(now);
    document.documentElement.dataset.state = 'loading';
    this.picker.show(raw, range, zone);
    const setting = { connection: this.connection, range, raw, now, zone, theme: currentTheme(),
      palette: this.palette, rangeText: describeRange(raw, range, zone),
      variables: this.variables.values };
    await this.variables.load(setting);
    setting.variables = this.variables.values;
    if (turn !== this.turn)
      return;
    this.#remember();
    await Promise.all([...this.panels.values()].map((panel) => panel.load(setting)));
    if (turn !== this.turn)
      return;
    document.documentElement.dataset.state = 'ready';
    this.#schedule();
  }

  /** Everything again in the colours of now, without asking. */
  recolour() {
    for (const panel of this.panels.values()) {
      if (panel.setting)
        panel.setting = { ...panel.setting, theme: currentTheme() };
      panel.draw();
    }
  }
}

/**
 * The buttons that are not about time.
 * @param {() => void} toggleTheme
 * @param {(() => void) | null} logOut null where the deployment presets the login
 */
export const tools = (toggleTheme, logOut) => [
  iconButton('theme', 'Light or dark', toggleTheme),
  ...(logOut ? [iconButton('leave', 'Log out', logOut)] : []),
];
