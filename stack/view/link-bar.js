// SPDX-License-Identifier: Apache-2.0
//
// A dashboard's links to other dashboards of ours. In Grafana they lead to
// /d/netmeta-NAME, here to the same page with ?dashboard=NAME; the time range and
// the variables go along where the link says so.

import { element } from './dom.js';

const OURS = /^\/d\/netmeta-([\w-]+)$/;
const TIME = ['from', 'to', 'timezone', 'refresh'];

/**
 * Where a link leads from a page with this address.
 * @param {any} link an entry of the dashboard's links
 * @param {URLSearchParams} address of the page that has the link
 * @returns {string | null} null when it does not lead to a dashboard of ours
 */
export function linkTarget(link, address) {
  const [, name] = OURS.exec(link.url ?? '') ?? [];
  if (!name)
    return null;
  const target = new URLSearchParams({ dashboard: name });
  for (const [key, value] of address)
    if ((link.keepTime && TIME.includes(key)) || (link.includeVars && key.startsWith('var-')))
      target.append(key, value);
  return `?${target}`;
}

export class LinkBar {
  /** @param {any[]} links the dashboard's links */
  constructor(links) {
    this.links = links.filter((link) => linkTarget(link, new URLSearchParams()))
      .map((link) => ({ link, anchor: element('a', {}, link.title) }));
    this.element = element('nav', { class: 'links', 'aria-label': 'Dashboards' },
      ...this.links.map(({ anchor }) => anchor));
  }

  /** @param {URLSearchParams} address of what is seen now */
  follow(address) {
    for (const { link, anchor } of this.links)
      anchor.href = linkTarget(link, address);
  }
}
