// SPDX-License-Identifier: Apache-2.0
//
// What a script does with the viewer's page: open it, log in, wait, read panels.

import { until } from './chromium.mjs';

const state = (page) => page.evaluate(
  "document.readyState === 'complete' ? document.documentElement.dataset.state : 'loading'");

/** What the form says of the last attempt, if it is there and says something. */
const complaint = (page) => page.evaluate(
  "document.querySelector('.login .complaint')?.textContent ?? ''");

/** Types name and password into the form and sends it. */
export const logIn = (page, { user, password }) => page.evaluate(`(() => {
  const [name, secret] = document.querySelectorAll('.login input');
  name.value = ${JSON.stringify(user)};
  secret.value = ${JSON.stringify(password)};
  document.querySelector('.login button').click();
})()`);

/** Waits until every panel has an answer, drawn or not, and is painted. */
export async function settled(page) {
  await until(async () => !['loading', 'login'].includes(await state(page)),
    'every panel has its answer');
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => ' +
    'requestAnimationFrame(done)))');
}

/**
 * Opens the viewer and waits until it is drawn.
 * @param {import('./chromium.mjs').Page} page
 * @param {string} url
 * @param {{user: string, password: string} | null} login for the form, where the page shows one
 */
export async function openViewer(page, url, login = null) {
  await page.open(url);
  const first = await until(async () => (await state(page)).replace('loading', ''), 'an answer');
  if (first === 'login') {
    if (!login)
      throw new Error('the page asks for a login: set NETMETA_VIEW_LOGIN=user:password');
    await logIn(page, login);
    await until(async () => await state(page) !== 'login' || await complaint(page), 'the login');
    if (await complaint(page))
      throw new Error(await complaint(page));
  }
  await settled(page);
}

/** Title, state and words of each panel. */
export const readPanels = (page) => page.evaluate(
  `[...document.querySelectorAll('.panel')].map((panel) => ({
    title: panel.querySelector('h2').textContent, state: panel.dataset.state,
    text: panel.querySelector('.panel-body').innerText }))`);

/** Text with plain blanks. */
const plain = (/** @type {string} */ text) => text.replace(/[\u00a0\u202f]/g, ' ');

/** What reads a panel of this page by its title. */
export function panelsOf(page) {
  const panelScript = (title, script) => page.evaluate(`(() => {
    const panel = [...document.querySelectorAll('.panel')].find((one) =>
      one.querySelector('h2').textContent === ${JSON.stringify(title)});
    return ${script};
  })()`);
  /** The cells of its rows. */
  const cells = async (title, rows = '.rows tbody tr') => (await panelScript(title,
    `[...panel.querySelectorAll(${JSON.stringify(rows)})].map((row) =>
      [...row.children].map((cell) => cell.textContent))`)).map((row) => row.map(plain));
  const stat = async (title) => plain(await panelScript(title,
    "[...panel.querySelectorAll('.stat-value')].map((value) => value.textContent).join(' | ')"));
  return { panelScript, cells, stat };
}
