// SPDX-License-Identifier: Apache-2.0
//
// A real ClickHouse for these tests: libchdb with its HTTP interface open, the
// viewer served by ClickHouse itself as in a deployment, a reader who may only
// SELECT. Everything lives in one temporary folder and ends with `close`.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './chromium.mjs';

const run = promisify(execFile);
const stack = fileURLToPath(new URL('../../stack/', import.meta.url));

export const READER = { user: 'reader', password: 'reads-only' };

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json',
};

/** A file of a package that stack/package.json names, or where the environment says. */
function findInstalled(variable, path) {
  const places = [process.env[variable], join(stack, 'node_modules', path),
    ...(process.env.NODE_PATH ?? '').split(':').filter(Boolean).map((place) => join(place, path))];
  return places.find((place) => place && existsSync(place)) ?? null;
}

export const findLibrary = () =>
  findInstalled('NETMETA_LIBCHDB', '@chdb/lib-linux-x64-gnu/libchdb.so');
export const findUplot = () => findInstalled('NETMETA_UPLOT', 'uplot/dist');

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The viewer as it is deployed: with uPlot and the dashboards beside it. */
async function deployView(folder, dashboards) {
  const view = join(folder, 'view');
  await cp(join(stack, 'view'), view, { recursive: true });
  await cp(join(stack, 'dashboards'), join(view, 'dashboards'), { recursive: true });
  await mkdir(join(view, 'vendor'), { recursive: true });
  for (const file of ['uPlot.esm.js', 'uPlot.min.css'])
    await cp(join(findUplot(), file), join(view, 'vendor', file));
  await writeFile(join(view, 'config.json'), JSON.stringify({ user: READER.user }));
  for (const [name, model] of Object.entries(dashboards))
    await writeFile(join(view, 'dashboards', `${name}.json`), JSON.stringify(model));
  return view;
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(entries.map((entry) => (entry.isDirectory()
    ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)])));
  return nested.flat();
}

/** One rule a file; the page itself also answers to its folder's name. */
async function handlers(folder, view) {
  const rules = (await filesUnder(view)).map((file) => {
    const path = relative(folder, file);
    const url = path === 'view/index.html' ? 'view/' : path;
    return `<rule><url>/${url}</url><methods>GET</methods><handler><type>static</type>` +
      `<status>200</status><content_type>${TYPES[extname(file)]}</content_type>` +
      `<response_content>file://${path}</response_content></handler></rule>`;
  });
  return `<http_handlers>${rules.join('\n')}<defaults/></http_handlers>`;
}

async function writeConfiguration(folder, view, port) {
  const config = join(folder, 'config.xml');
  await writeFile(config, `<clickhouse>
<logger><level>information</level><log>${folder}/log</log><console>0</console></logger>
<listen_host>127.0.0.1</listen_host><http_port>${port}</http_port>
<user_files_path>${folder}/</user_files_path>
<user_directories><users_xml><path>${folder}/users.xml</path></users_xml></user_directories>
${await handlers(folder, view)}
</clickhouse>`);
  await writeFile(join(folder, 'users.xml'), `<clickhouse><users>
<default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
<quota>default</quota><access_management>1</access_management></default>
<${READER.user}><password>${READER.password}</password><networks><ip>127.0.0.1</ip></networks>
<profile>reader</profile><quota>default</quota>
<grants><query>GRANT SELECT ON netmeta.*</query></grants></${READER.user}>
</users>
<profiles><default><max_threads>2</max_threads></default>
<reader><readonly>2</readonly><max_threads>2</max_threads></reader></profiles>
<quotas><default/></quotas></clickhouse>`);
  return config;
}

/** The statements of a file, cut at semicolons that end a line. */
export const statements = (text) => text.split(/;\s*$/m).map((statement) => statement.trim())
  .filter((statement) => statement.replace(/^--.*$/gm, '').trim());

/**
 * @param {Record<string, any>} [dashboards] more dashboards to serve, by name
 * @returns {Promise<{url: string, page: string, run: (sql: string) => Promise<string>,
 *   runFile: (path: string) => Promise<void>, close: () => Promise<void>}>}
 */
export async function startClickHouse(dashboards = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'netmeta-view-'));
  const port = process.env.NETMETA_VIEW_PORT ?? await freePort();
  const view = await deployView(folder, dashboards);
  const config = await writeConfiguration(folder, view, port);
  const launcher = join(folder, 'launcher');
  await run('cc', ['-o', launcher, join(stack, 'launcher/launcher.c'), '-ldl']);
  // The last statement reads standard input, so the server lives until that is closed. It opens
  // it anew by name, which needs a pipe; Node gives a socket, so cat stands between.
  const child = spawn('/bin/sh', ['-c', 'cat | "$0" "$@"', launcher, '--config-file', config,
    '--path', join(folder, 'data'), '--listen_host=127.0.0.1', `--http_port=${port}`,
    '--query', 'SYSTEM START LISTEN HTTP; ' +
    "SELECT count() FROM file('/dev/stdin', 'LineAsString', 'line String') FORMAT Null"],
  { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'], detached: true,
    env: { ...process.env, NETMETA_LIBCHDB: findLibrary() } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const url = `http://127.0.0.1:${port}/`;
  const close = async () => {
    child.stdin.end();
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  const query = async (sql) => {
    const response = await fetch(url, { method: 'POST', body: sql });
    const body = await response.text();
    if (!response.ok)
      throw new Error(`${body}\n${sql}`);
    return body;
  };
  try {
    await until(async () => child.exitCode !== null ||
      (await fetch(`${url}ping`).catch(() => null))?.ok, 'ClickHouse answers');
    if (child.exitCode !== null)
      throw new Error(`ClickHouse did not start: ${said}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, page: `${url}view/`, run: query, close, runFile: async (path) => {
    for (const statement of statements(await readFile(path, 'utf8')))
      await query(statement);
  } };
}
