// SPDX-License-Identifier: Apache-2.0
//
// A dashboard's variables and Grafana's own ($__interval, $__from …) put into
// text: $name, ${name}, ${name:format}, [[name:format]]. What is not known stays
// as it is, for the datasource's macros come later.

import { formatDuration } from './time.js';

/** The value that stands for every option. */
export const ALL = '$__all';

/**
 * @typedef {object} Variable
 * @property {string[]} values chosen values; for "All" every option, or the dashboard's allValue
 * @property {boolean} [isAll]
 * @property {boolean} [multi] several may be chosen
 * @property {string} [text] for people
 */

/** @typedef {Map<string, Variable>} Variables */

const quote = (mark, escaped) => (values) =>
  values.map((value) => mark + value.replaceAll(mark, escaped) + mark).join(',');
const escapeRegex = (value) => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** @type {Record<string, (values: string[], variable: Variable, name: string) => string>} */
const FORMATS = {
  raw: (values) => values.join(','),
  csv: (values) => values.join(','),
  singlequote: quote("'", "\\'"),
  doublequote: quote('"', '\\"'),
  sqlstring: quote("'", "''"),
  regex: (values) => (values.length === 1 ? escapeRegex(values[0])
    : `(${values.map(escapeRegex).join('|')})`),
  pipe: (values) => values.join('|'),
  json: (values) => JSON.stringify(values.length === 1 ? values[0] : values),
  glob: (values) => (values.length === 1 ? values[0] : `{${values.join(',')}}`),
  percentencode: (values) => values.map(encodeURIComponent).join(','),
  queryparam: (values, _variable, name) =>
    values.map((value) => `var-${name}=${encodeURIComponent(value)}`).join('&'),
  text: (values, variable) => variable.text ?? values.join(' + '),
  // a time: ${__from:date}, ${__from:date:seconds}
  date: (values) => new Date(Number(values[0])).toISOString(),
  'date:iso': (values) => new Date(Number(values[0])).toISOString(),
  'date:seconds': (values) => String(Math.floor(Number(values[0]) / 1000)),
};

/** Without a format: one value as it is, several as a quoted list (the datasource's rule). */
const plain = (values, variable) =>
  (variable.multi || values.length > 1 ? FORMATS.singlequote(values, variable, '')
    : values[0] ?? '');

/**
 * Grafana's own variables for a range and a bucket width.
 * @param {import('./time.js').Range} range
 * @param {number} interval milliseconds
 * @returns {Variables}
 */
export function builtIn(range, interval) {
  const span = range.to - range.from;
  const all = {
    __interval: formatDuration(interval),
    __interval_ms: interval,
    __from: range.from,
    __to: range.to,
    __range: `${Math.round(span / 1000)}s`,
    __range_s: Math.round(span / 1000),
    __range_ms: span,
  };
  return new Map(Object.entries(all).map(([name, value]) => [name, { values: [String(value)] }]));
}

/**
 * @param {string} text
 * @param {Variables} variables
 */
export function interpolate(text, variables) {
  return text.replace(/\$(\w+)|\$\{(\w+)(?::([\w:]+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g,
    (whole, bare, braced, format, boxed, boxedFormat) => {
      const name = bare ?? braced ?? boxed;
      const variable = variables.get(name);
      if (!variable)
        return whole;
      const convert = FORMATS[format ?? boxedFormat] ?? plain;
      return convert(variable.values, variable, name);
    });
}

/**
 * Whether a variable leaves everything in: "All", or nothing entered.
 * @param {Variable | undefined} variable
 */
export function leavesAll(variable) {
  if (!variable)
    return true;
  return Boolean(variable.isAll) || variable.values.join('') === '' ||
    variable.values.includes(ALL);
}

/**
 * What a dashboard's JSON says about one variable, and what was chosen, as a Variable.
 * @param {any} model an entry of templating.list
 * @param {{text: string, value: string}[]} options
 * @param {string[]} chosen
 * @returns {Variable}
 */
export function toVariable(model, options, chosen) {
  const isAll = Boolean(model.includeAll) && (chosen.includes(ALL) || chosen.length === 0);
  if (isAll) {
    const values = model.allValue ? [model.allValue] : options.map(({ value }) => value);
    return { values, isAll, multi: Boolean(model.multi) && !model.allValue, text: 'All' };
  }
  const text = chosen.map((value) =>
    options.find((option) => option.value === value)?.text ?? value).join(' + ');
  return { values: chosen, multi: Boolean(model.multi), text };
}

/**
 * The options of a "custom" variable: "all : 0, in : 1" or "a, b"; a comma may be escaped.
 * @param {string} query
 */
export function customOptions(query) {
  return (query.match(/(?:\\,|[^,])+/g) ?? []).map((part) => {
    const [text, value] = part.replaceAll('\\,', ',').split(/ : (.*)/s).map((word) => word.trim());
    return { text, value: value ?? text };
  });
}
