// SPDX-License-Identifier: Apache-2.0
//
// The macros of Grafana's ClickHouse datasource, so that the SQL of a dashboard
// runs here as it runs there. Order as there: variables and $__conditionalAll
// first (Grafana's front end), then comments go, then the macros (its back end),
// from the inside out. Unknown macros stay, for ClickHouse to complain about.
// In $__timeInterval and $__interval_s a bucket has at least one second; panels
// below a second use the forms that end in _ms.

import { parseDuration } from './time.js';
import { interpolate, leavesAll } from './variables.js';

/**
 * @typedef {object} Context
 * @property {import('./time.js').Range} range milliseconds
 * @property {number} interval width of a time bucket in milliseconds
 * @property {import('./variables.js').Variables} variables
 */

const seconds = (/** @type {number} */ time) => Math.floor(time / 1000);
const moment = (/** @type {number} */ time) => `toDateTime(${seconds(time)})`;
const fineMoment = (/** @type {number} */ time) =>
  `fromUnixTimestamp64Milli(${Math.floor(time)})`;
const day = (/** @type {number} */ time) =>
  `toDate('${new Date(time).toISOString().slice(0, 10)}')`;
const bucketSeconds = (/** @type {Context} */ { interval }) =>
  Math.max(Math.floor(interval / 1000), 1);

const between = (column, point, { range }) =>
  `${column} >= ${point(range.from)} AND ${column} <= ${point(range.to)}`;

/** "5m" in seconds; the plugin takes quotes around it too. */
function groupSeconds(text) {
  const milliseconds = parseDuration(text.replace(/^['"]|['"]$/g, ''));
  if (!(milliseconds >= 1000))
    throw new Error(`$__timeGroup needs a duration such as 5m, not "${text}"`);
  return seconds(milliseconds);
}

const dateTimeFilter = (/** @type {string[]} */ [date, time], context) =>
  `(${between(date, day, context)}) AND (${between(time, moment, context)})`;

/**
 * Name, number of arguments, and what it becomes.
 * @type {Record<string, [number, (args: string[], context: Context) => string]>}
 */
const MACROS = {
  timeFilter: [1, ([column], context) => between(column, moment, context)],
  timeFilter_ms: [1, ([column], context) => between(column, fineMoment, context)],
  dateFilter: [1, ([column], context) => between(column, day, context)],
  dateTimeFilter: [2, dateTimeFilter],
  dt: [2, dateTimeFilter],
  timeInterval: [1, ([column], context) =>
    `toStartOfInterval(toDateTime(${column}), INTERVAL ${bucketSeconds(context)} second)`],
  timeInterval_ms: [1, ([column], { interval }) =>
    `toStartOfInterval(toDateTime64(${column}, 3), INTERVAL ${Math.max(interval, 1)} millisecond)`],
  timeGroup: [2, ([column, width]) =>
    `toStartOfInterval(toDateTime(${column}), INTERVAL ${groupSeconds(width)} second)`],
  interval_s: [0, (_args, context) => String(bucketSeconds(context))],
  fromTime: [0, (_args, { range }) => moment(range.from)],
  toTime: [0, (_args, { range }) => moment(range.to)],
  fromTime_ms: [0, (_args, { range }) => fineMoment(range.from)],
  toTime_ms: [0, (_args, { range }) => fineMoment(range.to)],
  timeFrom: [1, ([column], { range }) => `${column} >= ${moment(range.from)}`],
  timeTo: [1, ([column], { range }) => `${column} <= ${moment(range.to)}`],
};

/** A piece of SQL that is not code: a quoted string, an identifier in quotes. */
const QUOTED = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/y;
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//y;

/** Length of what `pattern` (sticky) finds at `at`; 0 when it is not there. */
function lengthAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/**
 * SQL without its comments; what looks like one inside a string stays.
 * @param {string} sql
 */
export function stripComments(sql) {
  let kept = '';
  for (let at = 0; at < sql.length;) {
    const comment = lengthAt(COMMENT, sql, at);
    const quoted = lengthAt(QUOTED, sql, at);
    if (comment)
      kept += ' ';
    else
      kept += sql.slice(at, at + (quoted || 1));
    at += comment || quoted || 1;
  }
  return kept;
}

/**
 * The arguments of a call, cut at its outermost commas.
 * @param {string} sql
 * @param {number} open where its opening parenthesis is
 * @returns {{args: string[], end: number} | null} end: behind the closing one; null without one
 */
function readCall(sql, open) {
  const args = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < sql.length;) {
    const letter = sql[at];
    const quoted = lengthAt(QUOTED, sql, at);
    depth += Number('([{'.includes(letter)) - Number(')]}'.includes(letter));
    if (depth === 0 || (depth === 1 && letter === ',')) {
      args.push(sql.slice(start, at).trim());
      start = at + 1;
    }
    if (depth === 0)
      return { args: args.length === 1 && args[0] === '' ? [] : args, end: at + 1 };
    at += quoted || 1;
  }
  return null;
}

/**
 * Replaces calls of the named macros; `become` answers null for what it does not know.
 * @param {string} sql
 * @param {(name: string, args: string[]) => string | null} become
 * @param {(name: string) => boolean} takesArguments
 */
function replaceCalls(sql, become, takesArguments) {
  let out = '';
  let from = 0;
  for (const match of sql.matchAll(/\$__(\w+)/g)) {
    const end = match.index + match[0].length;
    if (match.index < from)
      continue;
    const call = takesArguments(match[1]) && sql[end] === '(' ? readCall(sql, end) : null;
    const text = become(match[1], call?.args ?? []);
    if (text === null)
      continue;
    out += sql.slice(from, match.index) + text;
    // "$__interval_s()" is taken too
    from = call?.end ?? (sql.startsWith('()', end) ? end + 2 : end);
  }
  return out + sql.slice(from);
}

/** `$__conditionalAll(predicate, $variable)`: the predicate only when something was chosen. */
function conditionalAll(sql, variables) {
  return replaceCalls(sql, (name, args) => {
    if (name !== 'conditionalAll')
      return null;
    if (args.length < 2)
      throw new Error('$__conditionalAll needs a predicate and a $variable');
    const variable = args[args.length - 1].replace(/^\$\{?(\w+).*$/s, '$1');
    const predicate = conditionalAll(args.slice(0, -1).join(', '), variables);
    return leavesAll(variables.get(variable)) ? '1=1' : predicate;
  }, (name) => name === 'conditionalAll');
}

/** The back end's macros; those inside a macro's arguments too. */
function expandMacros(sql, context) {
  return replaceCalls(sql, (name, args) => {
    if (!Object.hasOwn(MACROS, name))
      return null;
    const [count, become] = MACROS[name];
    if (args.length !== count)
      throw new Error(`$__${name} takes ${count} argument(s), ${args.length} given`);
    return become(args.map((arg) => expandMacros(arg, context)), context);
  }, (name) => Object.hasOwn(MACROS, name) && MACROS[name][0] > 0);
}

/**
 * The SQL that ClickHouse gets for the SQL of a dashboard.
 * @param {string} sql
 * @param {Context} context
 */
export function expand(sql, context) {
  const asked = interpolate(conditionalAll(sql, context.variables), context.variables);
  return expandMacros(stripComments(asked), context).replace(/[\s;]+$/, '').trimStart();
}
