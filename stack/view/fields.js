// SPDX-License-Identifier: Apache-2.0
//
// How one column or series is shown: a panel's fieldConfig defaults with its
// overrides on top, then value mappings and thresholds applied to a value.

import { formatParts, formatValue } from './units.js';
import { namedColour } from './palette.js';

/** @typedef {import('./palette.js').Theme} Theme */
/** @typedef {import('./units.js').Value} Value */

/**
 * @typedef {object} Subject what an override can match
 * @property {string} name
 * @property {'time' | 'number' | 'string'} kind
 * @property {string} [refId]
 * @property {Record<string, string>} [labels]
 */

/**
 * @typedef {object} FieldConfig
 * @property {string} [unit]
 * @property {number} [decimals]
 * @property {string} [displayName]
 * @property {string} [noValue]
 * @property {number} [min]
 * @property {number} [max]
 * @property {{mode?: string, fixedColor?: string}} [color]
 * @property {{mode?: string, steps: {value: number | null, color: string}[]}} [thresholds]
 * @property {any[]} [mappings]
 * @property {Record<string, any>} custom
 */

/** @type {Record<string, (subject: Subject, options: any) => boolean>} */
const MATCHERS = {
  byName: ({ name }, options) => name === options,
  byType: ({ kind }, options) => kind === options,
  byFrameRefID: ({ refId }, options) => refId === options,
  byRegexp: ({ name }, options) => toPattern(options).test(name),
};

/** Grafana writes a pattern as "/text/flags" or bare. */
function toPattern(text) {
  const match = /^\/(.*)\/([a-z]*)$/s.exec(text);
  return match ? new RegExp(match[1], match[2].replace('g', '')) : new RegExp(text);
}

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

/** Sets "custom.cellOptions" and the like, never a prototype. */
function setPath(target, path, value) {
  const steps = path.split('.');
  if (steps.some((step) => FORBIDDEN.includes(step)))
    return;
  const last = steps.pop();
  let at = target;
  for (const step of steps)
    at = at[step] = { ...at[step] };
  at[last] = value;
}

/**
 * @param {any} panel the panel's JSON
 * @param {Subject} subject
 * @returns {FieldConfig}
 */
export function fieldConfig(panel, subject) {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const config = { ...defaults, custom: { ...defaults.custom } };
  for (const { matcher, properties } of overrides) {
    if (!Object.hasOwn(MATCHERS, matcher?.id) || !MATCHERS[matcher.id](subject, matcher.options))
      continue;
    for (const { id, value } of properties ?? [])
      setPath(config, id, value);
  }
  return config;
}

/**
 * The name to show: ${__field.name} and ${__field.labels.x} in a display name are filled in.
 * @param {FieldConfig} config
 * @param {Subject & {shownName?: string}} subject shownName: when the configuration gives none
 */
export function displayName(config, subject) {
  if (!config.displayName)
    return subject.shownName ?? subject.name;
  return config.displayName.replace(/\$\{__field\.(?:name|labels\.(\w+))\}/g, (_whole, label) =>
    (label ? subject.labels?.[label] ?? '' : subject.name));
}

/** Whether a mapping of each type takes a value, and with which result. */
const MAPPINGS = {
  value: (options, value) =>
    (Object.hasOwn(options, String(value)) ? options[String(value)] : null),
  range: ({ from, to, result }, value) =>
    (value !== null && value !== '' && Number(value) >= (from ?? -Infinity) &&
      Number(value) <= (to ?? Infinity) ? result : null),
  regex: ({ pattern, result }, value) => (toPattern(pattern).test(String(value)) ? result : null),
  special: ({ match, result }, value) => {
    const is = {
      null: value === null, nan: Number.isNaN(value), empty: value === '',
      'null+nan': value === null || Number.isNaN(value), true: value === true,
      false: value === false,
    };
    return is[match] ? result : null;
  },
};

/**
 * @param {FieldConfig} config
 * @param {Value} value
 * @returns {{text?: string, color?: string} | null}
 */
function mapped(config, value) {
  for (const { type, options } of config.mappings ?? []) {
    const result = Object.hasOwn(MAPPINGS, type) ? MAPPINGS[type](options, value) : null;
    if (result)
      return result;
  }
  return null;
}

/**
 * Colour of the highest threshold that the value reaches.
 * @param {FieldConfig} config
 * @param {Value} value
 * @param {Theme} theme
 */
function thresholdColour({ thresholds }, value, theme) {
  if (!thresholds || value === null || typeof value === 'string')
    return null;
  const reached = thresholds.steps.filter((step) => Number(value) >= (step.value ?? -Infinity));
  return namedColour(reached.at(-1)?.color, theme);
}

/**
 * Colour that the configuration gives a value: mapping, fixed colour, threshold.
 * @param {FieldConfig} config
 * @param {Value} value
 * @param {Theme} theme
 * @returns {string | null} null when it gives none
 */
export function valueColour(config, value, theme) {
  const result = mapped(config, value);
  if (result?.color)
    return namedColour(result.color, theme);
  if (config.color?.mode === 'fixed')
    return namedColour(config.color.fixedColor, theme);
  if (!config.color?.mode || config.color.mode === 'thresholds')
    return thresholdColour(config, value, theme);
  return null;
}

/**
 * A value as text and unit, value mappings and "no value" included.
 * @param {FieldConfig} config
 * @param {Value} value
 * @param {import('./time.js').Zone} zone
 * @returns {import('./units.js').Formatted}
 */
export function showParts(config, value, zone) {
  const result = mapped(config, value);
  if (result?.text !== undefined)
    return { text: result.text, unit: '' };
  if (value === null)
    return { text: config.noValue ?? '–', unit: '' };
  return formatParts(value, config.unit, { decimals: config.decimals, zone });
}

/**
 * @param {FieldConfig} config
 * @param {Value} value
 * @param {import('./time.js').Zone} zone
 */
export function showValue(config, value, zone) {
  const { text, unit } = showParts(config, value, zone);
  return value !== null && !mapped(config, value)
    ? formatValue(value, config.unit, { decimals: config.decimals, zone })
    : text + unit;
}
