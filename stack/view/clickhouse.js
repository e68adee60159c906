// SPDX-License-Identifier: Apache-2.0
//
// Questions to ClickHouse over its HTTP interface, and the answer as columns.
// Login goes in headers, never in the address. The reader may change settings
// (readonly = 2), as Grafana's datasource wants it too.

/**
 * @typedef {object} Connection
 * @property {string} url where ClickHouse answers, e.g. "https://host:8443/"
 * @property {string} user
 * @property {string} password
 */

/** What a cell can be. @typedef {import('./units.js').Value} Value */

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} type as ClickHouse says it, e.g. "DateTime64(9, 'UTC')"
 * @property {'time' | 'number' | 'string'} kind what it is good for in a picture
 * @property {Value[]} values times in milliseconds since 1970
 */

/**
 * The answer to one query.
 * @typedef {object} Frame
 * @property {string} refId the query's letter
 * @property {Column[]} columns
 * @property {number} length rows
 */

/** More rows than a page can show: better an error than a frozen browser. */
const MAX_ROWS = 50_000;

const SETTINGS = {
  output_format_json_quote_64bit_integers: '1',
  output_format_json_quote_denormals: '1',
  date_time_output_format: 'iso',
  cancel_http_readonly_queries_on_client_close: '1',
  max_result_rows: String(MAX_ROWS),
};

/** ClickHouse refused, or nobody answered. */
export class QueryError extends Error {
  /**
   * @param {string} message
   * @param {number} code ClickHouse's exception code, 0 when it did not come from there
   */
  constructor(message, code = 0) {
    super(message);
    this.name = 'QueryError';
    this.code = code;
  }
}

/** Wrong name or password (also: no such user, or not from this address). */
export const AUTHENTICATION_FAILED = 516;

/** @param {string} type a column's type without what does not change its meaning */
function bareType(type) {
  let bare = type;
  for (let match; (match = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(bare));)
    bare = match[1];
  return bare;
}

/**
 * @param {string} type
 * @returns {Column['kind']}
 */
export function kindOf(type) {
  const bare = bareType(type);
  if (/^Date/.test(bare))
    return 'time';
  return /^(U?Int\d+|Float\d+|BFloat16|Decimal)/.test(bare) ? 'number' : 'string';
}

/** A number, or a bigint where a number would not be exact. */
function toNumber(cell) {
  const number = Number(cell);
  if (Number.isSafeInteger(number) || !/^-?\d+$/.test(String(cell)))
    return number;
  return BigInt(cell);
}

function toTime(cell) {
  if (typeof cell === 'number')
    return cell * 1000;
  const text = /\d\d:\d\d/.test(cell) ? cell.replace(' ', 'T') : `${cell}T00:00:00`;
  return Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
}

function toText(cell) {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

const READ = { time: toTime, number: toNumber, string: toText };

/**
 * @param {{meta: {name: string, type: string}[], data: any[][]}} answer JSONCompact
 * @param {string} refId
 * @returns {Frame}
 */
export function toFrame(answer, refId) {
  const columns = answer.meta.map(({ name, type }, index) => {
    const kind = kindOf(type);
    const read = READ[kind];
    const values = answer.data.map((row) => (row[index] === null ? null : read(row[index])));
    return { name, type, kind, values };
  });
  return { refId, columns, length: answer.data.length };
}

/** The sentence in an error's body, without the version behind it. */
function errorOf(body, response) {
  const code = Number(response.headers.get('X-ClickHouse-Exception-Code') ??
    /^Code: (\d+)/.exec(body)?.[1] ?? 0);
  const words = body.trim().replace(/\s*\(version [^()]*(\([^()]*\))?\)\s*$/, '');
  return new QueryError(words || `HTTP ${response.status} ${response.statusText}`, code);
}

/**
 * @param {Connection} connection
 * @param {string} sql
 * @param {{refId?: string, signal?: AbortSignal}} [options]
 * @returns {Promise<Frame>}
 */
export async function query(connection, sql, { refId = 'A', signal } = {}) {
  const url = new URL(connection.url);
  url.search = new URLSearchParams({
    default_format: 'JSONCompact', wait_end_of_query: '1', ...SETTINGS,
  }).toString();
  let response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: sql,
      signal,
      credentials: 'omit',
      cache: 'no-store',
      headers: {
        'Content-Type': 'text/plain; charset=utf-8',
        'X-ClickHouse-User': connection.user,
        'X-ClickHouse-Key': connection.password,
      },
    });
  } catch (error) {
    if (signal?.aborted)
      throw error;
    throw new QueryError(`No answer from ${url.origin}: ${/** @type {Error} */ (error).message}`);
  }
  const body = await response.text();
  if (!response.ok)
    throw errorOf(body, response);
  try {
    return toFrame(JSON.parse(body), refId);
  } catch {
    throw new QueryError(`Not the expected JSON: ${body.slice(0, 500) || 'an empty answer'}`);
  }
}
