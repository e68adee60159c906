// SPDX-License-Identifier: Apache-2.0
//
// Points in time and spans of it, as Grafana writes them: "now-6h", "now/d", an
// absolute date, a duration such as "5m", and the width of a time bucket that
// suits a range. Pure functions: the clock is always an argument.

/**
 * A range as a person or a URL says it.
 * @typedef {{from: string, to: string}} RawRange
 */

/**
 * A range in milliseconds since 1970.
 * @typedef {{from: number, to: number}} Range
 */

/** "browser" reads and shows local time, "utc" universal time. @typedef {'browser'|'utc'} Zone */

const MILLISECONDS = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
  M: 2_592_000_000, y: 31_536_000_000,
};

/** The ranges one click away, shortest first. */
export const QUICK_RANGES = [
  ['now-5m', 'now', 'Last 5 minutes'],
  ['now-15m', 'now', 'Last 15 minutes'],
  ['now-30m', 'now', 'Last 30 minutes'],
  ['now-1h', 'now', 'Last hour'],
  ['now-3h', 'now', 'Last 3 hours'],
  ['now-6h', 'now', 'Last 6 hours'],
  ['now-12h', 'now', 'Last 12 hours'],
  ['now-24h', 'now', 'Last 24 hours'],
  ['now-2d', 'now', 'Last 2 days'],
  ['now-7d', 'now', 'Last 7 days'],
  ['now-30d', 'now', 'Last 30 days'],
  ['now-90d', 'now', 'Last 90 days'],
  ['now/d', 'now/d', 'Today'],
  ['now-1d/d', 'now-1d/d', 'Yesterday'],
  ['now/w', 'now/w', 'This week'],
];

/**
 * Milliseconds of a duration such as "100ms", "10s", "1h".
 * @param {string} text
 * @returns {number} NaN when it is none
 */
export function parseDuration(text) {
  const match = /^>?\s*(\d+(?:\.\d+)?)(ms|[smhdwMy])$/.exec(text.trim());
  return match ? Number(match[1]) * MILLISECONDS[match[2]] : NaN;
}

/**
 * The shortest exact way to write a duration: 90000 is "90s", 3600000 is "1h".
 * @param {number} milliseconds
 */
export function formatDuration(milliseconds) {
  for (const unit of ['d', 'h', 'm', 's'])
    if (milliseconds >= MILLISECONDS[unit] && milliseconds % MILLISECONDS[unit] === 0)
      return milliseconds / MILLISECONDS[unit] + unit;
  return `${milliseconds}ms`;
}

/** Getters and setters of a date's parts, local or universal. */
function calendar(/** @type {Zone} */ zone) {
  const prefix = zone === 'utc' ? 'UTC' : '';
  return {
    get: (/** @type {Date} */ date, /** @type {string} */ part) => date[`get${prefix}${part}`](),
    set: (/** @type {Date} */ date, /** @type {string} */ part, /** @type {number[]} */ ...to) =>
      date[`set${prefix}${part}`](...to),
  };
}

/** How each unit is added; a calendar day is not always 24 hours. */
const PART = {
  s: 'Seconds', m: 'Minutes', h: 'Hours', d: 'Date', w: 'Date', M: 'Month', y: 'FullYear',
};

/** Adds whole units to a date, in place. */
function shift(date, amount, unit, zone) {
  const { get, set } = calendar(zone);
  const times = unit === 'w' ? 7 : 1;
  if ('smh'.includes(unit))
    date.setTime(date.getTime() + amount * MILLISECONDS[unit]);
  else
    set(date, PART[unit], get(date, PART[unit]) + amount * times);
}

/** Moves a date to the start of its unit, in place; weeks start on Monday. */
function toStart(date, unit, zone) {
  const { get, set } = calendar(zone);
  if (unit === 'y')
    set(date, 'Month', 0, 1);
  if (unit === 'M')
    set(date, 'Date', 1);
  if (unit === 'w')
    set(date, 'Date', get(date, 'Date') - (get(date, 'Day') + 6) % 7);
  if ('dwMy'.includes(unit))
    set(date, 'Hours', 0, 0, 0, 0);
  if (unit === 'h')
    set(date, 'Minutes', 0, 0, 0);
  if (unit === 'm')
    set(date, 'Seconds', 0, 0);
  if (unit === 's')
    set(date, 'Milliseconds', 0);
}

/** @param {string} steps what follows "now": "-1d/d" */
function relative(steps, now, roundUp, zone) {
  const date = new Date(now);
  for (const [, sign, amount, unit, start] of
    steps.matchAll(/(?:([+-])(\d+)([smhdwMy]))|\/([smhdwMy])/g)) {
    if (!start) {
      shift(date, Number(sign + amount), unit, zone);
      continue;
    }
    toStart(date, start, zone);
    if (roundUp) {
      shift(date, 1, start, zone);
      date.setTime(date.getTime() - 1);
    }
  }
  return date.getTime();
}

/**
 * Milliseconds since 1970 of "now-6h", "now/d", a number of milliseconds, or a
 * date such as "2026-11-25 10:00" (in the zone) or "2026-11-25T10:00:00Z".
 * @param {string} text
 * @param {number} now
 * @param {{roundUp?: boolean, zone?: Zone}} [how] roundUp: "now/d" is the day's end
 * @returns {number} NaN when it is no time
 */
export function parseTime(text, now, { roundUp = false, zone = 'browser' } = {}) {
  const words = text.trim();
  const match = /^now((?:[+-]\d+[smhdwMy]|\/[smhdwMy])*)$/.exec(words);
  if (match)
    return relative(match[1], now, roundUp, zone);
  if (/^\d{5,}$/.test(words))
    return Number(words);
  const date = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/
    .exec(words);
  if (!date)
    return NaN;
  return Date.parse(`${date[1]}T${date[2] ?? '00:00'}${date[3] ?? (zone === 'utc' ? 'Z' : '')}`);
}

/**
 * @param {RawRange} raw
 * @param {number} now
 * @param {Zone} zone
 * @returns {Range} with NaN for what cannot be read
 */
export function resolveRange(raw, now, zone) {
  return {
    from: parseTime(raw.from, now, { zone }),
    to: parseTime(raw.to, now, { zone, roundUp: true }),
  };
}

/**
 * The range of a panel that has its own, "1m" say: the last minute until now, wherever the
 * dashboard's range begins. Where that begins at a fixed time, it is the panel's too (Grafana's
 * rule), so that one can look back.
 * @param {string | undefined} timeFrom
 * @param {RawRange} raw the dashboard's
 * @param {number} now
 * @returns {(Range & {text: string}) | null} null when the panel follows the dashboard
 */
export function ownRange(timeFrom, raw, now) {
  const width = parseDuration(timeFrom ?? '');
  if (Number.isNaN(width) || !raw.from.trim().startsWith('now'))
    return null;
  return { from: now - width, to: now, text: `Last ${timeFrom}` };
}

const two = (/** @type {number} */ number) => String(number).padStart(2, '0');

/**
 * "2026-11-25 10:00:00", with ".250" behind it when the milliseconds are not zero.
 * @param {number} time milliseconds since 1970
 * @param {Zone} zone
 */
export function formatTime(time, zone) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()))
    return '';
  const { get } = calendar(zone);
  const day = `${get(date, 'FullYear')}-${two(get(date, 'Month') + 1)}-${two(get(date, 'Date'))}`;
  const clock = ['Hours', 'Minutes', 'Seconds'].map((part) => two(get(date, part))).join(':');
  const rest = get(date, 'Milliseconds');
  return `${day} ${clock}${rest ? `.${String(rest).padStart(3, '0')}` : ''}`;
}

/**
 * A range for people: "Last hour", or its two ends.
 * @param {RawRange} raw
 * @param {Range} range
 * @param {Zone} zone
 */
export function describeRange(raw, range, zone) {
  const quick = QUICK_RANGES.find(([from, to]) => from === raw.from && to === raw.to);
  if (quick)
    return quick[2];
  if (raw.from.startsWith('now') || raw.to.startsWith('now'))
    return `${raw.from} to ${raw.to}`;
  const [from, to] = [formatTime(range.from, zone), formatTime(range.to, zone)];
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} to ${to.slice(11)}` : `${from} to ${to}`;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** Bucket widths a person reads at a glance. */
const STEPS = [
  1, 10, 20, 50, 100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND,
  20 * SECOND, 30 * SECOND, 60 * SECOND, 120 * SECOND, 300 * SECOND, 600 * SECOND, 900 * SECOND,
  1200 * SECOND, 1800 * SECOND, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR,
  7 * 24 * HOUR, 30 * 24 * HOUR, 365 * 24 * HOUR,
];

/**
 * Width of a time bucket in milliseconds: the step nearest to one bucket per
 * point, not below the panel's own minimum.
 * @param {Range} range
 * @param {number} points how many buckets the picture has room for
 * @param {number} [minimum] milliseconds
 */
export function chooseInterval(range, points, minimum = 1) {
  const wanted = (range.to - range.from) / Math.max(points, 1);
  const nearest = STEPS.find((step, index) =>
    index + 1 === STEPS.length || wanted < (step + STEPS[index + 1]) / 2);
  return Math.max(nearest ?? 1, minimum);
}

/**
 * The range twice as wide around the same middle, not reaching beyond now.
 * @param {Range} range
 * @param {number} now
 * @returns {Range}
 */
export function widen(range, now) {
  const width = Math.max(range.to - range.from, 1);
  const to = Math.min(range.to + width / 2, Math.max(now, range.to));
  return { from: Math.round(to - 2 * width), to: Math.round(to) };
}
