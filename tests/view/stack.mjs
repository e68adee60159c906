// SPDX-License-Identifier: Apache-2.0
//
// The real stack for these tests, deployed by its own command into a temporary
// folder: ClickHouse with its tables and users, the viewer served by it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const command = fileURLToPath(new URL('../../stack/netmeta-stack', import.meta.url));

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * @typedef {object} Stack
 * @property {string} page address of the viewer
 * @property {{user: string, password: string}} reader
 * @property {(sql: string) => Promise<string>} admin asks as the admin
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Stack>} */
export async function startStack() {
  const folder = await mkdtemp(join(tmpdir(), 'netmeta-view-'));
  const [http, https] = [await freePort(), await freePort()];
  const close = async () => {
    await run(command, ['down', '--dir', folder, '--delete']).catch(() => null);
    await rm(folder, { recursive: true, force: true });
  };
  const password = async (/** @type {string} */ user) =>
    (await readFile(join(folder, 'secrets', `${user}.password`), 'utf8')).trim();
  try {
    await run(command, ['up', '--dir', folder, '--http-port', String(http),
      '--https-port', String(https)]);
    const url = `http://127.0.0.1:${http}/`;
    const key = await password('admin');
    const admin = async (/** @type {string} */ sql) => {
      const response = await fetch(url, { method: 'POST', body: sql,
        headers: { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': key } });
      const body = await response.text();
      if (!response.ok)
        throw new Error(`${body}\n${sql}`);
      return body;
    };
    const reader = { user: 'reader', password: await password('reader') };
    return { page: `${url}view/`, reader, admin, close };
  } catch (error) {
    await close();
    throw error;
  }
}
