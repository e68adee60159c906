// SPDX-License-Identifier: Apache-2.0
//
// The dashboard's variables as controls above the panels: lists to choose from
// (custom, query), text boxes; constants have a value and no control.

import { query } from './clickhouse.js';
import { element } from './dom.js';
import { expand } from './macros.js';
import { ALL, builtIn, customOptions, toVariable } from './variables.js';

/** @typedef {import('./panel.js').Setting} Setting */
/** @typedef {{text: string, value: string}} Option */

const asList = (value) => (value === undefined || value === null || value === '' ? []
  : [value].flat().map(String));

/** Kinds that the reader sets. */
const CONTROLS = ['custom', 'query', 'textbox'];

export class VariableBar {
  /**
   * @param {any[]} models templating.list
   * @param {URLSearchParams} address where ?var-NAME=… presets a value
   * @param {() => void} changed
   */
  constructor(models, address, changed) {
    this.models = models.filter(({ type }) =>
      [...CONTROLS, 'constant', 'datasource'].includes(type));
    this.changed = changed;
    this.element = element('div', { class: 'variables' });
    /** @type {Map<string, string[]>} */
    this.chosen = new Map();
    /** @type {Map<string, Option[]>} */
    this.options = new Map();
    for (const model of this.models) {
      const given = address.getAll(`var-${model.name}`);
      const preset = model.type === 'constant' || model.type === 'textbox'
        ? asList(model.current?.value ?? model.query) : asList(model.current?.value);
      this.chosen.set(model.name, given.length ? given : preset);
    }
  }

  /** @returns {import('./variables.js').Variables} */
  get values() {
    return new Map(this.models.map((model) => [model.name, toVariable(model,
      this.options.get(model.name) ?? [], this.chosen.get(model.name) ?? [])]));
  }

  /** What the address shall keep. @returns {[string, string][]} */
  get address() {
    return this.models.filter(({ type }) => CONTROLS.includes(type)).flatMap(({ name }) =>
      (this.chosen.get(name) ?? []).map((value) =>
        /** @type {[string, string]} */ ([`var-${name}`, value])));
  }

  /**
   * Options of one variable; a query may depend on the variables before it.
   * @returns {Promise<Option[]>}
   */
  async #optionsOf(model, setting) {
    if (model.type === 'custom')
      return customOptions(String(model.query ?? ''));
    const sql = typeof model.query === 'string' ? model.query : model.query?.rawSql ?? '';
    if (model.type !== 'query' || !sql)
      return [];
    const { range, connection } = setting;
    const frame = await query(connection, expand(sql, { range, interval: 1000,
      variables: new Map([...this.values, ...builtIn(range, 1000)]) }));
    const [values, texts] = frame.columns.map((column) => column.values.map(String));
    return (values ?? []).map((value, row) => ({ value, text: texts?.[row] ?? value }));
  }

  /**
   * Asks for the options again and shows the controls. A query that fails leaves
   * its variable without options and says so there.
   * @param {Setting} setting
   */
  async load(setting) {
    for (const model of this.models) {
      try {
        this.options.set(model.name, await this.#optionsOf(model, setting));
        model.failure = '';
      } catch (error) {
        model.failure = /** @type {Error} */ (error).message;
      }
      const [first] = this.options.get(model.name) ?? [];
      // another dashboard may have had All where this one wants one
      const chosen = (this.chosen.get(model.name) ?? []).filter((value) => value !== ALL);
      if (first && !model.includeAll && chosen.length === 0)
        this.chosen.set(model.name, [first.value]);
    }
    this.#show();
  }

  #show() {
    const focused = document.activeElement?.getAttribute('data-variable');
    const visible = this.models.filter(({ type, hide }) => CONTROLS.includes(type) && hide !== 2);
    this.element.replaceChildren(...visible.map((model) => element('label', { class: 'variable' },
      element('span', {}, model.label || model.name),
      model.type === 'textbox' ? this.#textBox(model) : this.#list(model))));
    if (focused)
      this.element.querySelector(`[data-variable="${CSS.escape(focused)}"]`)?.focus();
  }

  #choose(model, values) {
    this.chosen.set(model.name, values);
    this.changed();
  }

  #textBox(model) {
    return element('input', {
      'data-variable': model.name, value: (this.chosen.get(model.name) ?? []).join(','),
      onchange: (/** @type {any} */ event) =>
        this.#choose(model, asList(event.target.value.trim())),
    });
  }

  #list(model) {
    const chosen = this.chosen.get(model.name) ?? [];
    const options = [...(this.options.get(model.name) ?? [])];
    // what the address names stays choosable though no row has it now
    for (const value of chosen)
      if (value !== ALL && !options.some((option) => option.value === value))
        options.push({ value, text: value });
    if (model.includeAll)
      options.unshift({ value: ALL, text: 'All' });
    const isAll = model.includeAll && chosen.length === 0;
    return element('select', {
      'data-variable': model.name, title: model.failure ?? model.description ?? '',
      onchange: (/** @type {any} */ event) => this.#choose(model, [event.target.value]),
    }, ...options.map(({ value, text }) => element('option', { value,
      selected: chosen.includes(value) || (isAll && value === ALL) }, text)));
  }
}
