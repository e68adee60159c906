// SPDX-License-Identifier: Apache-2.0
//
// The page's start: settings, login, the dashboard named in the address.

import { Dashboard, tools } from './dashboard.js';
import { element } from './dom.js';
import { forgetLogin, loadConfig, logIn } from './login.js';
import { toggleTheme, watchTheme } from './theme.js';

const FIRST_DASHBOARD = 'first-light';

/** @type {Dashboard | undefined} */
let dashboard;

/** @param {string} name */
async function loadDashboard(name) {
  if (!/^[\w-]+$/.test(name))
    throw new Error(`“${name}” is no name of a dashboard.`);
  const response = await fetch(`./dashboards/${name}.json`, { cache: 'no-cache' });
  if (!response.ok)
    throw new Error(`There is no dashboard “${name}” here (HTTP ${response.status}).`);
  return response.json();
}

async function start(/** @type {HTMLElement} */ host) {
  const config = await loadConfig();
  const connection = await logIn(host, config);
  const name = new URLSearchParams(location.search).get('dashboard') ?? config.dashboard ??
    FIRST_DASHBOARD;
  const model = await loadDashboard(name);
  const logOut = config.password === undefined ? () => {
    forgetLogin();
    location.reload();
  } : null;
  const change = () => {
    toggleTheme();
    dashboard?.recolour();
  };
  dashboard = new Dashboard(host, model, connection, tools(change, logOut));
  await dashboard.load();
}

watchTheme(() => dashboard?.recolour());
const host = /** @type {HTMLElement} */ (document.getElementById('page'));
start(host).catch((error) => {
  document.documentElement.dataset.state = 'failed';
  host.replaceChildren(element('p', { class: 'nothing', role: 'alert' }, error.message));
});
