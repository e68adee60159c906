// SPDX-License-Identifier: Apache-2.0
//
// A number becomes text with a unit. Unit ids are Grafana's, so that a
// dashboard reads the same in both. Three significant digits, unless the field
// says how many decimals; exact integers where there is no prefix to scale by.

import { formatTime } from './time.js';

/** @typedef {number | bigint | string | null} Value */
/** The number's text and its unit's. @typedef {{text: string, unit: string}} Formatted */
/** @typedef {{decimals?: number, zone?: import('./time.js').Zone, now?: number}} FormatOptions */
/** @typedef {(number: number, options: FormatOptions) => Formatted} Format */

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const IEC = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const SHORT = ['', ' K', ' Mil', ' Bil', ' Tri', ' Quadr', ' Quint'];
/** @type {[number, string][]} */
const BELOW_SECOND = [[1e-9, 'ns'], [1e-6, 'µs'], [1e-3, 'ms']];
/** @type {[number, string][]} */
const FROM_SECOND = [[1, 's'], [60, 'min'], [3600, 'hour'], [86400, 'day']];
/** @type {[number, string][]} */
const SPANS = [
  [31536000, 'year'], [2592000, 'month'], [604800, 'week'], [86400, 'day'], [3600, 'hour'],
  [60, 'minute'], [1, 'second'],
];

/**
 * Digits for a magnitude: 1.23, 45.6, 789. An integer below a thousand is exact.
 * @param {number} number
 * @param {number} [decimals]
 */
function digits(number, decimals) {
  if (decimals !== undefined)
    return number.toFixed(Math.min(Math.max(decimals, 0), 20));
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1000)
    return String(number);
  if (size !== 0 && size < 0.01)
    return number.toPrecision(2);
  return number.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/**
 * Scaling by powers of a base, with a prefix for each.
 * @returns {Format}
 */
function prefixed(base, prefixes, unit) {
  return (number, { decimals }) => {
    let scaled = number;
    let power = 0;
    // 999.5 would be rounded to 1000 of the smaller prefix
    while (Math.abs(scaled) >= base * 0.9995 && power < prefixes.length - 1) {
      scaled /= base;
      power++;
    }
    return { text: digits(scaled, decimals), unit: (prefixes[power] + unit).trim() };
  };
}

/**
 * A duration counted in `each` seconds, shown in the one unit that suits it.
 * @returns {Format}
 */
function duration(each) {
  return (number, { decimals }) => {
    const seconds = number * each;
    const size = Math.abs(seconds);
    if (size === 0)
      return { text: digits(0, decimals), unit: 's' };
    const table = size < 0.9995 ? BELOW_SECOND : FROM_SECOND;
    const [scale, name] = table.findLast(([least]) => size >= least * 0.9995) ?? table[0];
    return { text: digits(seconds / scale, decimals), unit: name };
  };
}

const plural = (count, name) => `${count} ${name}${count === 1 ? '' : 's'}`;

/**
 * A duration in words, its two largest parts: "2 days 3 hours".
 * @returns {Format}
 */
function spelled(each) {
  return (number) => {
    const seconds = Math.abs(number * each);
    if (seconds < 1)
      return duration(each)(number, {});
    const sign = number < 0 ? '-' : '';
    const first = SPANS.findIndex(([span]) => seconds >= span);
    const [span, name] = SPANS[first];
    const parts = [plural(Math.floor(seconds / span), name)];
    const next = SPANS[first + 1];
    const rest = next ? Math.floor(seconds % span / next[0]) : 0;
    if (rest)
      parts.push(plural(rest, next[1]));
    return { text: sign + parts.join(' '), unit: '' };
  };
}

/**
 * A duration as a clock shows it: 1d 02:03:04.
 * @type {Format}
 */
function clock(number) {
  const seconds = Math.floor(Math.abs(number));
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  const days = Math.floor(seconds / 86400);
  const rest = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map((part) =>
    two(Math.floor(part)));
  return { text: `${number < 0 ? '-' : ''}${days ? `${days}d ` : ''}${rest.join(':')}`, unit: '' };
}

/** @type {(factor: number) => Format} */
const percent = (factor) => (number, { decimals }) =>
  ({ text: digits(number * factor, decimals ?? (Number.isInteger(number * factor) ? 0 : 1)),
    unit: '%' });

/** @type {(unit: string) => Format} */
const suffixed = (unit) => (number, { decimals }) => ({ text: digits(number, decimals), unit });

/** @type {Format} */
const exact = (number, { decimals }) => ({
  text: decimals === undefined && Number.isInteger(number)
    ? number.toLocaleString('en-US').replaceAll(',', '\u202f') : digits(number, decimals),
  unit: '',
});

/** @type {Record<string, Format>} */
const UNITS = {
  none: suffixed(''),
  locale: exact,
  short: prefixed(1000, SHORT, ''),
  sishort: prefixed(1000, SI, ''),
  bps: prefixed(1000, SI, 'b/s'),
  binbps: prefixed(1024, IEC, 'b/s'),
  Bps: prefixed(1000, SI, 'B/s'),
  binBps: prefixed(1024, IEC, 'B/s'),
  bits: prefixed(1024, IEC, 'b'),
  decbits: prefixed(1000, SI, 'b'),
  bytes: prefixed(1024, IEC, 'B'),
  decbytes: prefixed(1000, SI, 'B'),
  pps: prefixed(1000, SI, 'p/s'),
  reqps: prefixed(1000, SHORT, ' req/s'),
  cps: prefixed(1000, SHORT, ' c/s'),
  hertz: prefixed(1000, SI, 'Hz'),
  percent: percent(1),
  percentunit: percent(100),
  ns: duration(1e-9),
  'µs': duration(1e-6),
  ms: duration(1e-3),
  s: duration(1),
  m: duration(60),
  h: duration(3600),
  d: duration(86400),
  dtdurationms: spelled(1e-3),
  dtdurations: spelled(1),
  dthms: clock,
  dtdhms: clock,
  dateTimeAsIso: (number, { zone }) => ({ text: formatTime(number, zone ?? 'browser'), unit: '' }),
  dateTimeFromNow: (number, { now }) => {
    const away = number - (now ?? Date.now());
    const { text, unit } = spelled(1e-3)(Math.abs(away), {});
    return { text: `${text}${unit && ` ${unit}`} ${away > 0 ? 'ahead' : 'ago'}`, unit: '' };
  },
};

/** Names of Grafana's that mean a unit already in the table. */
const ALIASES = {
  iops: 'cps', wps: 'cps', ops: 'cps', dateTimeAsSystem: 'dateTimeAsIso', string: '',
};

/**
 * @param {Value} value
 * @param {string} [unit] a unit id of Grafana, or any text ("suffix:flows/s" too) to put behind
 * @param {FormatOptions} [options]
 * @returns {Formatted}
 */
export function formatParts(value, unit = '', options = {}) {
  if (value === null || value === undefined)
    return { text: '', unit: '' };
  if (typeof value === 'string')
    return { text: value, unit: '' };
  const name = ALIASES[unit] ?? unit;
  if (typeof value === 'bigint' && ['', 'none', 'locale'].includes(name))
    return { text: String(value), unit: '' };
  const number = Number(value);
  if (!Number.isFinite(number))
    return { text: Number.isNaN(number) ? 'not a number' : number > 0 ? '∞' : '-∞', unit: '' };
  if (Object.hasOwn(UNITS, name))
    return UNITS[name](number, options);
  if (name.startsWith('prefix:'))
    return { text: name.slice(7) + digits(number, options.decimals), unit: '' };
  return suffixed(name.replace(/^suffix:/, ''))(number, options);
}

/**
 * @param {Value} value
 * @param {string} [unit]
 * @param {FormatOptions} [options]
 */
export function formatValue(value, unit, options) {
  const parts = formatParts(value, unit, options);
  const space = parts.unit && parts.unit !== '%' ? '\u00a0' : '';
  return `${parts.text}${space}${parts.unit}`;
}

/**
 * For the marks of an axis: no zeros behind the point ("2 Mb/s", not "2.00 Mb/s").
 * @param {number} value
 * @param {string} [unit]
 * @param {FormatOptions} [options]
 */
export function formatTick(value, unit, options) {
  const parts = formatParts(value, unit, options);
  const text = /^-?\d+\.\d+$/.test(parts.text) ? String(Number(parts.text)) : parts.text;
  return `${text}${parts.unit && parts.unit !== '%' ? '\u00a0' : ''}${parts.unit}`;
}

/**
 * Whether ticks of this unit fall on powers of two.
 * @param {string} unit
 */
export const isBinary = (unit) => ['bytes', 'bits', 'binBps', 'binbps'].includes(unit);
