// SPDX-License-Identifier: Apache-2.0
//
// One panel on the page: its frame, its queries, and what it shows while there
// is nothing to draw: still asking, no rows, or an error with the SQL that met it.

import { query } from './clickhouse.js';
import { element, icon } from './dom.js';
import { expand } from './macros.js';
import { PANELS } from './panels.js';
import { chooseInterval, ownRange, parseDuration } from './time.js';
import { builtIn, interpolate } from './variables.js';

/**
 * What all panels of a dashboard share at one moment.
 * @typedef {object} Setting
 * @property {import('./clickhouse.js').Connection} connection
 * @property {import('./time.js').Range} range
 * @property {import('./time.js').RawRange} raw the range as it was said
 * @property {number} now
 * @property {string} rangeText for people
 * @property {import('./time.js').Zone} zone
 * @property {import('./palette.js').Theme} theme
 * @property {import('./palette.js').NamedPalette} palette
 * @property {import('./variables.js').Variables} variables
 */

/** The tables a query reads, for an empty panel to name. */
const tablesOf = (/** @type {string[]} */ statements) => [...new Set(statements.flatMap((sql) =>
  [...sql.matchAll(/\bFROM\s+([a-z_]\w*\.\w+)/gi)].map(([, table]) => table)))].join(', ');

export class Panel {
  /**
   * @param {any} model the panel's JSON
   * @param {(range: import('./time.js').Range) => void} zoom
   */
  constructor(model, zoom) {
    this.model = model;
    this.zoom = zoom;
    /** @type {import('./clickhouse.js').Frame[]} */
    this.frames = [];
    /** @type {{refId: string, sql: string, milliseconds?: number, rows?: number}[]} */
    this.statements = [];
    this.memory = {};
    /** @type {Setting | undefined} */
    this.setting = undefined;
    /** @type {import('./panels.js').Drawing | null} */
    this.drawing = null;
    /** @type {unknown} */
    this.error = null;
    this.title = element('h2', { class: 'panel-title' }, model.title);
    this.rangeNote = element('span', { class: 'muted', hidden: true });
    this.body = element('div', { class: 'panel-body' });
    this.element = element('article', { class: `panel panel-${model.type}` },
      element('header', {}, this.title, this.rangeNote, this.#aboutButton()), this.body);
    this.state = 'loading';
    this.observer = new ResizeObserver(() => this.drawing?.resize?.());
    this.observer.observe(this.body);
    // a chart that is being dragged is not replaced under the finger
    this.isPressed = false;
    this.isWaiting = false;
    this.release = () => {
      this.isPressed = false;
      if (this.isWaiting)
        setTimeout(() => this.draw());
    };
    this.body.addEventListener('pointerdown', () => (this.isPressed = true));
    addEventListener('pointerup', this.release);
  }

  #aboutButton() {
    return element('button', {
      type: 'button', class: 'icon-button about', 'aria-label': `About “${this.model.title}”`,
      title: 'What this shows, and its SQL', onclick: () => this.#about(),
    }, icon('info'));
  }

  /** @param {'loading' | 'drawn' | 'empty' | 'error'} state */
  set state(state) {
    this.element.dataset.state = state;
  }

  get targets() {
    return (this.model.targets ?? []).filter(({ hide, rawSql }) => !hide && rawSql);
  }

  /** What all panels share, but for a range of its own, which the header tells. */
  #own(/** @type {Setting} */ setting) {
    const own = ownRange(this.model.timeFrom, setting.raw, setting.now);
    this.rangeNote.hidden = !own || Boolean(this.model.hideTimeOverride);
    this.rangeNote.textContent = own?.text ?? '';
    return own ? { ...setting, range: own, rangeText: own.text } : setting;
  }

  /** @returns {import('./macros.js').Context} */
  #context({ range, variables }) {
    const least = parseDuration(interpolate(this.model.interval ?? '', variables)) || 1;
    const points = this.model.maxDataPoints ?? Math.max(this.body.clientWidth, 100);
    const interval = chooseInterval(range, points, least);
    return { range, interval, variables: new Map([...variables, ...builtIn(range, interval)]) };
  }

  async #ask({ rawSql, refId }, setting, context, signal) {
    const statement = { refId, sql: rawSql };
    this.statements.push(statement);
    statement.sql = expand(rawSql, context);
    const begin = performance.now();
    const frame = await query(setting.connection, statement.sql, { refId, signal });
    statement.milliseconds = performance.now() - begin;
    statement.rows = frame.length;
    return frame;
  }

  /**
   * Asks the database and draws the answer.
   * @param {Setting} common
   */
  async load(common) {
    this.abort?.abort();
    const abort = this.abort = new AbortController();
    const setting = this.setting = this.#own(common);
    this.statements = [];
    this.title.textContent = interpolate(this.model.title ?? '', setting.variables);
    this.element.classList.add('asking');
    try {
      const context = this.#context(setting);
      this.frames = await Promise.all(this.targets.map((target) =>
        this.#ask(target, setting, context, abort.signal)));
      this.error = null;
    } catch (error) {
      if (abort.signal.aborted)
        return;
      abort.abort();
      this.error = error;
    }
    this.element.classList.remove('asking');
    this.draw();
  }

  /** Draws what the last answer brought, e.g. again in other colours. */
  draw() {
    if (!this.setting)
      return;
    this.isWaiting = this.isPressed;
    if (this.isPressed)
      return;
    const focus = this.#focused();
    this.drawing?.destroy?.();
    this.drawing = null;
    const scrolled = this.body.firstElementChild?.scrollTop ?? 0;
    this.body.replaceChildren();
    if (this.error)
      this.#showError(/** @type {Error} */ (this.error));
    else
      this.#drawFrames(this.setting);
    if (this.body.firstElementChild)
      this.body.firstElementChild.scrollTop = scrolled;
    focus?.();
  }

  /** Keeps the keyboard where it was over a drawing. */
  #focused() {
    const buttons = () => [...this.body.querySelectorAll('button')];
    const at = buttons().indexOf(/** @type {any} */ (document.activeElement));
    return at < 0 ? null : () => buttons()[at]?.focus();
  }

  #drawFrames(/** @type {Setting} */ setting) {
    const draw = Object.hasOwn(PANELS, this.model.type) ? PANELS[this.model.type] : null;
    if (!draw)
      return this.#showError(Error(`This viewer draws no panels of type “${this.model.type}”.`));
    const { range, zone, theme, palette } = setting;
    try {
      this.drawing = draw(this.body, {
        panel: this.model, frames: this.frames, range, zone, theme, palette, memory: this.memory,
        zoom: this.zoom, redraw: () => this.draw(),
      });
    } catch (error) {
      this.body.replaceChildren();
      return this.#showError(/** @type {Error} */ (error));
    }
    this.state = this.drawing ? 'drawn' : 'empty';
    if (!this.drawing)
      this.#showEmpty(setting);
    return undefined;
  }

  #showEmpty(/** @type {Setting} */ { rangeText }) {
    const tables = tablesOf(this.targets.map(({ rawSql }) => rawSql));
    this.body.append(element('div', { class: 'nothing' },
      element('p', {}, this.model.fieldConfig?.defaults?.noValue ?? 'Nothing to show.'),
      element('p', { class: 'muted' }, tables
        ? `No matching rows in ${tables} (${rangeText}).` : rangeText)));
  }

  #showError(/** @type {Error} */ error) {
    this.state = 'error';
    const sql = this.statements.map((statement) => statement.sql).join('\n\n');
    this.body.replaceChildren(element('div', { class: 'failure', role: 'alert' },
      element('p', { class: 'failure-message' }, error.message),
      sql && element('pre', { class: 'sql', tabIndex: 0 }, sql)));
  }

  /** A dialog with the description, the SQL as sent, and how long it took. */
  #about() {
    const close = element('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close',
      onclick: () => dialog.close() }, icon('close'));
    const parts = this.statements.flatMap(({ refId, sql, rows, milliseconds }) => [
      element('p', { class: 'muted' }, `Query ${refId}` + (rows === undefined ? ''
        : `: ${rows} row${rows === 1 ? '' : 's'} in ${Math.round(milliseconds ?? 0)} ms`)),
      element('pre', { class: 'sql', tabIndex: 0 }, sql),
    ]);
    const dialog = element('dialog', { class: 'about-panel', onclose: () => dialog.remove(),
      onclick: (/** @type {Event} */ event) => event.target === dialog && dialog.close() },
    element('header', {}, element('h2', {}, this.title.textContent), close),
    element('p', {}, this.model.description ?? ''), ...parts);
    document.body.append(dialog);
    dialog.showModal();
  }

  remove() {
    this.abort?.abort();
    this.observer.disconnect();
    removeEventListener('pointerup', this.release);
    this.drawing?.destroy?.();
    this.element.remove();
  }
}
