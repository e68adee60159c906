#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
//
// A dashboard's picture: opens the viewer, waits until every panel is drawn,
// writes the whole page as PNG. Prints each panel's state; exits 1 when one
// shows an error or the page complained, 2 when it was called wrongly.

import { writeFile } from 'node:fs/promises';
import { startChromium } from './chromium.mjs';
import { openViewer, readPanels } from './viewer.mjs';

const USAGE = `usage: shot.mjs URL FILE.png [--width N] [--height N] [--scale N] [--dark]
  URL may say ?from=now-5m&to=now
  NETMETA_VIEW_LOGIN=user:password in the environment, where the page asks for a login`;

function login() {
  const [, user, password] = /^([^:]*):(.*)$/s.exec(process.env.NETMETA_VIEW_LOGIN ?? '') ?? [];
  return user === undefined ? null : { user, password };
}

/** @returns {{url: string, file: string, look: any} | null} */
function readArguments(words) {
  const look = { width: 1440, height: 900, scale: 1, theme: 'light' };
  const plain = [];
  for (let at = 0; at < words.length; at++) {
    const name = /^--(width|height|scale)$/.exec(words[at])?.[1];
    if (name)
      look[name] = Number(words[++at]);
    else if (words[at] === '--dark')
      look.theme = 'dark';
    else
      plain.push(words[at]);
  }
  const isGood = plain.length === 2 && [look.width, look.height, look.scale].every((n) => n > 0);
  return isGood ? { url: plain[0], file: plain[1], look } : null;
}

async function shoot({ url, file, look }) {
  const { page, close } = await startChromium();
  try {
    await page.look(look);
    await openViewer(page, url, login());
    const panels = await readPanels(page);
    await writeFile(file, await page.picture());
    panels.forEach(({ title, state }) => console.log(`${state.padEnd(8)}${title}`));
    page.complaints.forEach((complaint) => console.error(complaint));
    const isGood = panels.length > 0 && panels.every(({ state }) => state !== 'error') &&
      page.complaints.length === 0;
    return isGood ? 0 : 1;
  } finally {
    await close();
  }
}

const wanted = readArguments(process.argv.slice(2));
if (!wanted)
  console.error(USAGE);
process.exitCode = wanted ? await shoot(wanted) : 2;
