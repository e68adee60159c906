// SPDX-License-Identifier: Apache-2.0
//
// A headless Chromium driven over its debugging pipe (file descriptors 3 and 4,
// messages of JSON ended by a zero byte): no package, no port, Node 18 is enough.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage', '--hide-scrollbars', '--remote-debugging-pipe',
];

/** Where the browser is; null when there is none. */
export function findChromium() {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome'];
  return places.find((place) => place && existsSync(place)) ?? null;
}

/**
 * Polls until the answer is true.
 * @param {() => Promise<any>} condition
 * @param {string} what for the error
 * @param {number} [deadline] milliseconds
 */
export async function until(condition, what, deadline = 30_000) {
  const end = Date.now() + deadline;
  for (;;) {
    const answer = await condition();
    if (answer)
      return answer;
    if (Date.now() > end)
      throw new Error(`not within ${deadline / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The pipe: commands with answers, and events. */
class Pipe {
  constructor(child) {
    this.output = child.stdio[3];
    this.next = 1;
    this.pending = new Map();
    this.listeners = [];
    let rest = '';
    child.stdio[4].setEncoding('utf8').on('data', (chunk) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop();
      messages.forEach((message) => this.#receive(JSON.parse(message)));
    });
    child.on('exit', () => this.#fail(new Error('the browser is gone')));
    this.output.on('error', () => this.#fail(new Error('the browser is gone')));
  }

  #receive(message) {
    const waiting = this.pending.get(message.id);
    if (!waiting)
      return this.listeners.forEach((listener) => listener(message));
    this.pending.delete(message.id);
    if (message.error)
      return waiting.reject(new Error(message.error.message));
    return waiting.resolve(message.result);
  }

  #fail(error) {
    for (const { reject } of this.pending.values())
      reject(error);
    this.pending.clear();
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }
}

/** One tab. */
export class Page {
  constructor(pipe, sessionId) {
    this.pipe = pipe;
    this.sessionId = sessionId;
    /** What the page complained about: console errors, exceptions, failed loads. */
    this.complaints = [];
    /** Bytes received for each address. */
    this.transfers = new Map();
    this.requests = new Map();
    pipe.listeners.push((message) => message.sessionId === sessionId && this.#hear(message));
  }

  send(method, params) {
    return this.pipe.send(method, params, this.sessionId);
  }

  #hear({ method, params }) {
    if (method === 'Runtime.exceptionThrown')
      this.complaints.push(params.exceptionDetails.exception?.description ??
        params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning'].includes(params.type))
      this.complaints.push(params.args.map(({ value }) => value).join(' '));
    if (method === 'Log.entryAdded' && params.entry.level === 'error')
      this.complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    if (method === 'Network.requestWillBeSent')
      this.requests.set(params.requestId, params.request.url);
    if (method === 'Network.loadingFinished')
      this.transfers.set(this.requests.get(params.requestId), params.encodedDataLength);
  }

  async prepare() {
    for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
      await this.send(`${domain}.enable`);
  }

  /** Answers requests for an address (with * in it) with this JSON instead of the server. */
  async answer(urlPattern, json) {
    this.pipe.listeners.push(({ method, params, sessionId }) => {
      if (sessionId !== this.sessionId || method !== 'Fetch.requestPaused')
        return;
      this.send('Fetch.fulfillRequest', { requestId: params.requestId, responseCode: 200,
        responseHeaders: [{ name: 'Content-Type', value: 'application/json' }],
        body: Buffer.from(JSON.stringify(json)).toString('base64') }).catch(() => null);
    });
    await this.send('Fetch.enable', { patterns: [{ urlPattern }] });
  }

  /** @param {{width: number, height: number, scale?: number, theme?: 'light' | 'dark'}} look */
  async look({ width, height, scale = 1, theme = 'light' }) {
    await this.send('Emulation.setDeviceMetricsOverride',
      { width, height, deviceScaleFactor: scale, mobile: width < 760 });
    await this.send('Emulation.setEmulatedMedia',
      { features: [{ name: 'prefers-color-scheme', value: theme }] });
  }

  /** Goes to an address and waits for the new document. */
  async open(url) {
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText)
      throw new Error(`${url}: ${errorText}`);
  }

  /** The value of an expression, awaited. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Where an element is. */
  box(selector) {
    return this.evaluate(`(() => { const { x, y, width, height } =
      document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return { x, y, width, height }; })()`);
  }

  mouse(type, x, y) {
    return this.send('Input.dispatchMouseEvent', { type, x, y,
      button: type === 'mouseMoved' ? 'none' : 'left', buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1 });
  }

  /** Presses and releases a key by its name, e.g. "Tab". */
  async key(key, windowsVirtualKeyCode, text = undefined) {
    for (const type of ['keyDown', 'keyUp'])
      await this.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode,
        ...(type === 'keyDown' && text && { text }) });
  }

  /** The whole page as PNG. */
  async picture() {
    const { cssContentSize: { width, height } } = await this.send('Page.getLayoutMetrics');
    const { data } = await this.send('Page.captureScreenshot', { format: 'png',
      captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } });
    return Buffer.from(data, 'base64');
  }
}

/**
 * Starts a browser with one empty tab.
 * @returns {Promise<{page: Page, close: () => Promise<void>}>}
 */
export async function startChromium() {
  const program = findChromium();
  if (!program)
    throw new Error('no Chromium: install the package chromium, or set CHROMIUM');
  const profile = await mkdtemp(join(tmpdir(), 'netmeta-chromium-'));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const pipe = new Pipe(child);
  const close = async () => {
    await pipe.send('Browser.close').catch(() => child.kill());
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(pipe, sessionId);
    await page.prepare();
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
