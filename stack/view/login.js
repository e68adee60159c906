// SPDX-License-Identifier: Apache-2.0
//
// Who asks, and where: from config.json beside the page, else from a form. What
// was typed is kept for this browser tab only.

import { AUTHENTICATION_FAILED, QueryError, query } from './clickhouse.js';
import { element } from './dom.js';

/** @typedef {import('./clickhouse.js').Connection} Connection */

const KEY = 'netmeta-login';

/**
 * What the deployment presets.
 * @typedef {object} Config
 * @property {string} [url]
 * @property {string} [user]
 * @property {string} [password]
 * @property {string} [dashboard] name of the first dashboard, without .json
 */

/** @returns {Promise<Config>} empty when there is no file */
export async function loadConfig() {
  try {
    const response = await fetch('./config.json', { cache: 'no-cache' });
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}

/** @returns {Partial<Connection>} */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}

export const forgetLogin = () => sessionStorage.removeItem(KEY);

/** @returns {Promise<string>} empty when the server lets this login in, else why not */
async function refusal(connection) {
  try {
    await query(connection, 'SELECT 1');
    return '';
  } catch (error) {
    if (error instanceof QueryError && error.code === AUTHENTICATION_FAILED)
      return `ClickHouse refuses the user "${connection.user}" with this password.`;
    return /** @type {Error} */ (error).message;
  }
}

function field(label, properties) {
  const input = element('input', { required: true, spellcheck: false, ...properties });
  return { input, row: element('label', { class: 'field' }, label, input) };
}

/**
 * Shows the form until the server accepts what is typed.
 * @param {HTMLElement} host
 * @param {Partial<Connection>} preset
 * @param {string} complaint
 * @returns {Promise<Connection>}
 */
function ask(host, preset, complaint) {
  const user = field('User', { value: preset.user ?? '', autocomplete: 'username' });
  const password = field('Password',
    { type: 'password', required: false, autocomplete: 'current-password' });
  const url = field('ClickHouse', { type: 'url', value: preset.url });
  const message = element('p', { class: 'complaint', role: 'alert' }, complaint);
  const button = element('button', { class: 'primary' }, 'Log in');
  return new Promise((resolve) => {
    const send = async (/** @type {Event} */ event) => {
      event.preventDefault();
      button.disabled = true;
      const connection =
        { url: url.input.value, user: user.input.value, password: password.input.value };
      message.textContent = await refusal(connection);
      button.disabled = false;
      if (message.textContent)
        return;
      sessionStorage.setItem(KEY, JSON.stringify(connection));
      form.remove();
      document.documentElement.dataset.state = 'loading';
      resolve(connection);
    };
    const form = element('form', { class: 'login', onsubmit: send },
      element('h1', {}, 'NetMeta'),
      element('p', { class: 'muted' }, 'Log in as a user who may read the database.'),
      user.row, password.row, url.row, message, button);
    host.append(form);
    document.documentElement.dataset.state = 'login';
    (preset.user ? password : user).input.focus();
  });
}

/**
 * @param {HTMLElement} host where the form goes, if one is needed
 * @param {Config} config
 * @returns {Promise<Connection>} one that the server has accepted
 */
export async function logIn(host, config) {
  const preset = {
    url: new URL(config.url ?? '/', location.href).href, user: config.user,
    password: config.password, ...remembered(),
  };
  let complaint = '';
  const { url, user, password } = preset;
  if (user !== undefined && password !== undefined) {
    complaint = await refusal({ url, user, password });
    if (!complaint)
      return { url, user, password };
  }
  return ask(host, preset, complaint);
}
