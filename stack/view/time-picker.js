// SPDX-License-Identifier: Apache-2.0
//
// The time range and how often to ask again: a button that opens quick ranges
// and two fields for anything else, a wider view, and the refresh interval.

import { element, icon, iconButton } from './dom.js';
import {
  QUICK_RANGES, describeRange, formatDuration, formatTime, parseDuration, parseTime, resolveRange,
} from './time.js';

/** @typedef {import('./time.js').RawRange} RawRange */
/** @typedef {import('./time.js').Zone} Zone */

const REFRESH = ['', '1s', '5s', '10s', '30s', '1m', '5m', '15m', '1h'];

/**
 * What the picker tells.
 * @typedef {object} Listener
 * @property {(raw: RawRange) => void} range
 * @property {(zone: Zone) => void} zone
 * @property {(interval: string) => void} refresh "" for never
 * @property {() => void} wider
 * @property {() => void} now ask again at once
 */

export class TimePicker {
  /**
   * @param {Listener} listener
   * @param {string} refresh
   */
  constructor(listener, refresh) {
    this.listener = listener;
    /** @type {RawRange} */
    this.raw = { from: 'now-1h', to: 'now' };
    /** @type {import('./time.js').Range} */
    this.range = { from: 0, to: 0 };
    /** @type {Zone} */
    this.zone = 'browser';
    this.label = element('span', {});
    this.button = element('button', { type: 'button', class: 'picker-button',
      'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: () => this.#toggle() },
    icon('clock'), this.label);
    this.panel = element('div', { class: 'picker', role: 'dialog', 'aria-label': 'Time range',
      hidden: true });
    this.element = element('div', { class: 'times' },
      element('div', { class: 'picker-place' }, this.button, this.panel),
      iconButton('wider', 'Wider time range', listener.wider),
      iconButton('refresh', 'Refresh now', listener.now),
      this.#refreshList(refresh));
    this.#closeOnLeave();
  }

  #refreshList(refresh) {
    const known = REFRESH.includes(refresh) || !parseDuration(refresh) ? REFRESH
      : [...REFRESH, refresh].sort((a, b) => (parseDuration(a) || 0) - (parseDuration(b) || 0));
    return element('select', { 'aria-label': 'Refresh every', title: 'Refresh every',
      onchange: (/** @type {any} */ event) => this.listener.refresh(event.target.value),
    }, ...known.map((value) => element('option', { value, selected: value === refresh },
      value ? formatDuration(parseDuration(value)) : 'Off')));
  }

  #closeOnLeave() {
    document.addEventListener('pointerdown', (event) => {
      if (!this.panel.hidden && !this.panel.parentElement.contains(event.target))
        this.#open(false);
    });
    this.element.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || this.panel.hidden)
        return;
      this.#open(false);
      this.button.focus();
    });
  }

  /**
   * @param {RawRange} raw
   * @param {import('./time.js').Range} range
   * @param {Zone} zone
   */
  show(raw, range, zone) {
    this.raw = raw;
    this.range = range;
    this.zone = zone;
    this.label.textContent = describeRange(raw, range, zone) + (zone === 'utc' ? ' UTC' : '');
    this.button.title = `${formatTime(range.from, zone)} to ${formatTime(range.to, zone)}`;
  }

  #toggle() {
    this.#open(this.panel.hidden);
  }

  #open(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen)
      return;
    this.panel.replaceChildren(this.#quickList(), this.#form());
    (this.panel.querySelector('[aria-current]') ?? this.panel.querySelector('button')).focus();
  }

  #choose(raw) {
    this.#open(false);
    this.button.focus();
    this.listener.range(raw);
  }

  #quickList() {
    const items = QUICK_RANGES.map(([from, to, words]) => {
      const isCurrent = from === this.raw.from && to === this.raw.to;
      return element('button', { type: 'button', onclick: () => this.#choose({ from, to }),
        ...(isCurrent && { 'aria-current': 'true' }) }, words);
    });
    return element('div', { class: 'quick' }, ...items);
  }

  #form() {
    const field = (/** @type {string} */ label, /** @type {'from' | 'to'} */ end) => {
      const text = this.raw[end].startsWith('now') ? this.raw[end]
        : formatTime(this.range[end], this.zone);
      const input = element('input', { value: text, spellcheck: false, autocomplete: 'off' });
      return { input, row: element('label', { class: 'field' }, label, input) };
    };
    const [from, to] = [field('From', 'from'), field('To', 'to')];
    const complaint = element('p', { class: 'complaint', role: 'alert' });
    const apply = (/** @type {Event} */ event) => {
      event.preventDefault();
      const raw = { from: this.#exact(from.input.value), to: this.#exact(to.input.value) };
      const range = resolveRange(raw, Date.now(), this.zone);
      complaint.textContent = range.from < range.to ? ''
        : 'Write times such as 2026-11-25 10:00 or now-6h; from comes before to.';
      if (!complaint.textContent)
        this.#choose(raw);
    };
    return element('form', { class: 'absolute', onsubmit: apply }, from.row, to.row, complaint,
      element('button', { class: 'primary' }, 'Apply'),
      element('label', { class: 'zone' }, element('input', { type: 'checkbox',
        checked: this.zone === 'utc',
        onchange: (/** @type {any} */ event) => {
          this.listener.zone(event.target.checked ? 'utc' : 'browser');
          this.#open(true);
        } }), ' Times in UTC'));
  }

  /** An absolute time is kept as milliseconds, so that it means the same in every zone. */
  #exact(text) {
    const words = text.trim();
    const time = parseTime(words, Date.now(), { zone: this.zone });
    return words.startsWith('now') || Number.isNaN(time) ? words : String(time);
  }
}
