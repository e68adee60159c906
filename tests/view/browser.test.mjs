// SPDX-License-Identifier: Apache-2.0
//
// The viewer in a real browser, served by the real stack. What is expected was
// added up by hand from rows.mjs.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startChromium, until } from './chromium.mjs';
import { BEGIN, HOSTILE, INSERTIONS, SPAN, oneMoreFlow } from './rows.mjs';
import { OWN_BEGIN, OWN_INSERTIONS } from './rows-interfaces.mjs';
import { startStack } from './stack.mjs';
import { logIn, openViewer, panelsOf, readPanels, settled } from './viewer.mjs';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const RANGE = `from=${BEGIN}000&to=${BEGIN + SPAN}000&refresh=&timezone=utc`;

const stack = await startStack();
after(stack.close);
for (const sql of [...INSERTIONS, ...OWN_INSERTIONS])
  await stack.admin(sql);
const { page, close } = await startChromium();
after(close);

const open = (search = RANGE, look = DESKTOP) =>
  page.look(look).then(() => openViewer(page, `${stack.page}?${search}`, stack.reader));

const { panelScript, cells, stat } = panelsOf(page);

const MINUTE = 'The last minute, by exporter';

test('a wrong password is refused in words, the right one opens the dashboard', async () => {
  await page.open(`${stack.page}?${RANGE}`);
  await until(() => page.evaluate("document.querySelector('.login') !== null"), 'the form');
  await logIn(page, { user: 'reader', password: 'wrong' });
  await until(async () => /refuses the user "reader"/.test(
    await page.evaluate("document.querySelector('.complaint').textContent")), 'a refusal');
  await logIn(page, stack.reader);
  await settled(page);
  assert.equal(await page.evaluate("document.querySelector('.top h1').textContent"), 'First light');
});

test('every panel is drawn, and the page has no complaint', async () => {
  page.complaints.length = 0;
  await open();
  assert.deepEqual((await readPanels(page)).filter(({ state }) => state !== 'drawn'), []);
  assert.equal((await readPanels(page)).length, 14);
  assert.deepEqual(page.complaints, []);
});

test('everything comes from the server itself and is less than 300 kB', async () => {
  const origin = new URL(stack.page).origin;
  const loaded = [...page.transfers].filter(([url]) => !url.startsWith('data:'));
  assert.deepEqual(loaded.filter(([url]) => !url.startsWith(origin)), []);
  const total = loaded.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(total > 50_000 && total < 300_000, `${total} bytes`);
});

test('single numbers are those of the rows', async () => {
  assert.equal(await stat('Throughput'), '16Mb/s');
  assert.equal(await stat('Packets'), '1.64kp/s');
  assert.equal(await stat('Flow records'), '4');
  assert.equal(await stat('Lag'), '4.67min');
  assert.equal(await stat('Losses'), '4 | 3 | 7');
});

test('a legend has mean, largest and last of every series, the largest mean first', async () => {
  assert.deepEqual(await cells('Throughput by protocol', '.legend tbody tr'),
    [['TCP', '14.4 Mb/s', '32 Mb/s', '16 Mb/s'], ['UDP', '1.60 Mb/s', '8 Mb/s', '0 b/s']]);
  assert.deepEqual(await cells('Flow records per exporter', '.legend tbody tr'),
    [['192.0.2.1 NETFLOW_V9', '0.12 rec/s', '0.40 rec/s', '0 rec/s'],
      ['192.0.2.2 IPFIX', '0.04 rec/s', '0.20 rec/s', '0.20 rec/s']]);
});

test('top tables have addresses, scaled bytes and packets, records and share', async () => {
  assert.deepEqual(await cells('Top sources'), [
    ['198.51.100.7', '20 MB', '14 K', '2', '40.0%'],
    ['198.51.100.8', '20 MB', '20 K', '1', '40.0%'],
    ['2001:db8::1', '10 MB', '7 K', '1', '20.0%'],
  ]);
  assert.deepEqual(await cells('Top destinations'), [
    ['203.0.113.9', '35 MB', '30 K', '2', '70.0%'],
    ['2001:db8::2', '10 MB', '7 K', '1', '20.0%'],
    ['203.0.113.10', '5 MB', '4 K', '1', '10.0%'],
  ]);
});

test('a share bar is as wide as the share', async () => {
  const widths = await panelScript('Top destinations', `[...panel.querySelectorAll('td .bar')]
    .map((bar) => Math.round(bar.offsetWidth / bar.parentElement.offsetWidth * 100))`);
  assert.deepEqual(widths.map((width) => Math.round(width / 5) * 5), [70, 20, 10]);
});

test('the ledger has the newest counters, and says where a sum stays open', async () => {
  assert.deepEqual(await cells('Agents: ledger and lag'), [
    ['branch', '2', '3', '3', '3', '0', '0', '0', '0', '0', '4.42 min', 'bytes open'],
    ['edge', '10', '20', '12', '14', '4', '3', '1', '3', '7', '4.67 min', 'both close'],
  ]);
  assert.deepEqual(await cells('Exporters: what became of their datagrams'), [
    ['192.0.2.1', 'NETFLOW9', '0', 'edge', '10', '1 kB', '20', '0 B', '0', '3', '0'],
    ['192.0.2.2', 'IPFIX', '9', 'branch', '2', '500 B', '3', '0 B', '0', '0', '0'],
  ]);
});

test('events are newest first; hostile text stays text, a large number exact', async () => {
  const clock = (/** @type {number} */ at) =>
    new Date((BEGIN + at) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  assert.deepEqual(await cells('Events'), [
    [clock(30), 'sequence gap', 'edge', '192.0.2.1', HOSTILE, '9007199254740993'],
    [clock(5), 'start', 'edge', '', 'netmeta started', '0'],
  ]);
  assert.equal(await page.evaluate("document.querySelectorAll('img').length"), 0);
});

test('a press on a heading sorts the table, and again the other way round', async () => {
  const sort = (/** @type {number} */ column) =>
    panelScript('Top destinations', `panel.querySelectorAll('th button')[${column}].click()`);
  const first = async () => (await cells('Top destinations'))[0][0];
  await sort(0);
  assert.equal(await first(), '203.0.113.9');
  await sort(0);
  assert.equal(await first(), '2001:db8::2');
  await sort(2);
  assert.equal(await first(), '203.0.113.9');
});

test('choosing an agent leaves the rows of that agent', async () => {
  await open(`${RANGE}&var-agent=branch`);
  assert.deepEqual(await cells('Top sources'), [['2001:db8::1', '10 MB', '7 K', '1', '100.0%']]);
  assert.equal((await cells('Agents: ledger and lag')).length, 1);
  assert.deepEqual(await page.evaluate(
    "[...document.querySelectorAll('.variable select')].map((select) => select.value)"),
  ['branch', '$__all']);
});

test('dragging in a chart makes its stretch of time the range of all panels', async () => {
  await open();
  const { x, y, width, height } = await page.box('.panel-timeseries .u-over');
  const at = (/** @type {number} */ share) => x + width * share;
  await page.mouse('mouseMoved', at(0.02), y + height / 2);
  await page.mouse('mousePressed', at(0.02), y + height / 2);
  await page.mouse('mouseMoved', at(0.06), y + height / 2);
  await page.mouse('mouseMoved', at(0.1), y + height / 2);
  await page.mouse('mouseReleased', at(0.1), y + height / 2);
  await until(() => page.evaluate(`!location.search.includes('from=${BEGIN}000')`), 'a range');
  await settled(page);
  const chosen = new URLSearchParams(await page.evaluate('location.search'));
  assert.ok(Math.abs(Number(chosen.get('from')) - (BEGIN + 6) * 1000) < 1000, `${chosen}`);
  assert.ok(Math.abs(Number(chosen.get('to')) - (BEGIN + 30) * 1000) < 1000, `${chosen}`);
  // the row at 34.999 s is outside now
  assert.deepEqual((await cells('Top sources')).map(([address]) => address),
    ['198.51.100.7', '198.51.100.8']);
});

test('where no rows are, a panel says which table has none', async () => {
  await open(`from=${BEGIN - 7200}000&to=${BEGIN - 3600}000&refresh=`);
  const panels = await readPanels(page);
  assert.deepEqual(panels.filter(({ state }) => state !== 'empty').map(({ title }) => title), []);
  assert.match(panels.find(({ title }) => title === 'Top sources')?.text ?? '',
    /No matching rows in netmeta\.flows/);
});

test('a link leads to the exporters, in the same range', async () => {
  await open();
  await page.evaluate("document.querySelector('.links a').click()");
  await until(() => page.evaluate("document.querySelector('.top h1')?.textContent === 'Exporters'"),
    'the other dashboard');
  await settled(page);
  assert.equal(new URLSearchParams(await page.evaluate('location.search')).get('from'),
    `${BEGIN}000`);
});

const EXPORTERS = `dashboard=exporters&${RANGE}&var-quiet=60`;

test('exporters: every panel is drawn; who is silent and who loses is told', async () => {
  page.complaints.length = 0;
  await open(EXPORTERS);
  assert.deepEqual((await readPanels(page)).filter(({ state }) => state !== 'drawn'), []);
  assert.deepEqual(page.complaints, []);
  assert.equal(await stat('Exporters'), '2 | 1 | 1');
  assert.equal(await stat('Lost before us'), '3 | 0 | 0');
  assert.deepEqual(await cells('Exporters: who is silent, who loses'), [
    ['silent', '192.0.2.2', '', 'IPFIX', '9', 'branch', '4 min', '0', '', '0.0 s', '0', '0', '0',
      '0 B'],
    ['loses', '192.0.2.1', 'core', 'NETFLOW9', '0', 'edge', '5 s', '6', '1 in 10, options',
      '-1.5 s', '3', '0', '0', '0 B'],
  ]);
});

test('exporters: interfaces by their counters, hosts, what is not known', async () => {
  assert.deepEqual(await cells('Interfaces: load, errors, discards'), [['192.0.2.1', 'uplink', 'up',
    '100 Mb/s', '10 Mb/s', '0 b/s', '0 p/s', '10.0%', '6', '0']]);
  assert.deepEqual(await cells('Interfaces: bits per second', '.legend tbody tr'), [
    ['192.0.2.1 uplink in', '10 Mb/s', '10 Mb/s', '10 Mb/s'],
    ['192.0.2.1 uplink out', '0 b/s', '0 b/s', '0 b/s']]);
  assert.deepEqual(await cells('Hosts: processor and memory', '.legend tbody tr'),
    [['core memory', '75%', '75%', '75%']]);
  assert.deepEqual(await cells('What we do not know'),
    [['field', 'standard', '45000', 'edge', '12']]);
});

test('exporters: drops by reason, told and only counted', async () => {
  assert.equal(await stat('Packets dropped by exporters'), '3 | 3 | 0');
  assert.deepEqual(await cells('Top drops'), [
    ['2', 'acl', '', '', '192.0.2.1', 'uplink', '198.51.100.7', '203.0.113.9'],
    ['1', 'no_socket', '', 'kfree_skb', '192.0.2.1', 'uplink', '198.51.100.7', '203.0.113.9'],
  ]);
  assert.deepEqual((await cells('Dropped packets by reason', '.legend tbody tr')).map(([name]) =>
    name), ['acl', 'no_socket']);
});

const OWN_RANGE = `from=${OWN_BEGIN}000&to=${OWN_BEGIN + SPAN}000&refresh=&timezone=utc`;

test('packets that were picked on two interfaces count once in totals', async () => {
  await open(OWN_RANGE);
  assert.equal(await stat('Throughput'), '2.13Mb/s');
  assert.equal(await stat('Packets'), '267p/s');
  assert.deepEqual(await cells('Top sources'), [
    ['198.51.100.7', '10 MB', '10 K', '1', '50.0%'],
    ['192.0.2.9', '5 MB', '5 K', '1', '25.0%'],
    ['198.51.100.8', '5 MB', '5 K', '1', '25.0%'],
  ]);
  assert.deepEqual(await cells('Throughput by protocol', '.legend tbody tr'),
    [['TCP', '2.13 Mb/s', '16 Mb/s', '8 Mb/s']]);
  assert.deepEqual((await cells('Flow records per exporter', '.legend tbody tr'))[0][0],
    '192.0.2.9 BPF');
});

test('exporters: an agent that samples its own machine is one', async () => {
  await open(`dashboard=exporters&${OWN_RANGE}`);
  assert.deepEqual(await cells('Exporters: who is silent, who loses'), [['drops', '192.0.2.9',
    'gate', 'BPF', '0', 'gate', '1 min', '5', '1 in 100, configured', '0.0 s', '0', '4', '6', '0 B']]);
  assert.deepEqual((await cells('Interfaces: load, errors, discards'))[0], ['192.0.2.9', 'wan', 'up',
    '1 Gb/s', '10 Mb/s', '1 Mb/s', '1.10 kp/s', '1.0%', '0', '24']);
});

const OWN = `dashboard=interfaces&${OWN_RANGE}`;

test('interfaces: a link with all agents leads to one of them; every panel is drawn', async () => {
  page.complaints.length = 0;
  await open(`${OWN}&var-agent=$__all&var-interface=wan`);
  assert.deepEqual(await page.evaluate(
    "[...document.querySelectorAll('.variable select')].map((select) => select.value)"),
  ['gate', 'wan']);
  assert.deepEqual((await readPanels(page)).filter(({ state }) => state !== 'drawn'), []);
  assert.deepEqual(page.complaints, []);
});

test('interfaces: error over the range, windows outside, samples lost, shares', async () => {
  assert.equal(await stat('Traffic'), '10Mb/s | 1Mb/s');
  assert.equal(await stat('Error of the samples'), '-2.25% | 4.00% | 12.5%');
  assert.equal(await stat('Samples lost'), '4 | 6');
  assert.equal(await stat('Approximate, own'), '25.0% | 25.0%');
});

test('interfaces: counters next to the scaled samples, in their band', async () => {
  assert.deepEqual(await cells('In: counters and samples', '.legend tbody tr'), [
    ['counters', '10 Mb/s', '10 Mb/s', '10 Mb/s'],
    ['samples', '9.78 Mb/s', '10.2 Mb/s', '10.1 Mb/s'],
    ['outside the band', '10 Mb/s', '10 Mb/s', '10 Mb/s']]);
  assert.deepEqual((await cells('Out: counters and samples', '.legend tbody tr')).slice(1), [
    ['samples', '1.04 Mb/s', '1.04 Mb/s', '1.04 Mb/s'], ['outside the band', '–', '–', '–']]);
  // the area has the samples' colour, a quarter of it
  const filled = await panelScript('In: counters and samples', `(({ width, height }, context) =>
    context.getImageData(0, 0, width, height).data.reduce((count, alpha, at, all) => count +
      Number(at % 4 === 3 && alpha > 55 && alpha < 70 && all[at - 1] > 160 && all[at - 3] < 20), 0)
    )(panel.querySelector('canvas'), panel.querySelector('canvas').getContext('2d'))`);
  assert.ok(filled > 1000, `${filled} pixels`);
});

test('interfaces: what each is, how it is sampled, and its last window', async () => {
  assert.deepEqual(await cells('Interfaces of this agent’s machine'), [
    ['up', 'lan', '', '', 'br-lan', '–', '–', 'nflog, 1 in 10', '–', '–', '–', '–', '–', '–',
      'no window', ''],
    ['up', 'wan', 'uplink', '', '', '–', '1 Gb/s', 'tcx, 1 in 100', '10 Mb/s', '1 Mb/s', '1.0%',
      '4.0%', '4.0%', '8.0%', 'inside', '1 of 8'],
    ['up', 'br-lan', '', 'bridge', '', '–', '–', '', '–', '–', '–', '–', '–', '–', '', ''],
    ['gone', 'tun0', '', 'tun', '', '–', '–', '', '–', '–', '–', '–', '–', '–', '', ''],
    ['down', 'wan.7', '', 'vlan', 'wan', '7', '–', '', '–', '–', '–', '–', '–', '–', '', ''],
  ]);
  assert.deepEqual(await cells('Packets, errors, drops', '.legend tbody tr'), [
    ['in', '1 kp/s', '1 kp/s', '1 kp/s'], ['out', '100 p/s', '100 p/s', '100 p/s'],
    ['errors', '0 p/s', '0 p/s', '0 p/s'], ['drops', '0.10 p/s', '0.10 p/s', '0.10 p/s']]);
});

test('interfaces: of one that is not sampled only its counters are shown', async () => {
  await open(`${OWN}&var-interface=wan.7`);
  assert.deepEqual((await readPanels(page)).filter(({ state }) => state === 'error'), []);
  assert.match((await readPanels(page)).find(({ title }) => title === 'In: counters and samples')
    ?.text ?? '', /this direction is not sampled/);
});

const target = (rawSql) => ({ refId: 'A', rawSql, format: 1 });
const FAULTY = {
  title: 'Faulty', panels: [
    { id: 1, type: 'table', title: 'Broken', gridPos: { x: 0, y: 0, w: 12, h: 8 },
      targets: [target('SELECT nothing_like_it FROM netmeta.flows ' +
        'WHERE $__timeFilter(TimeReceivedNs)')] },
    { id: 2, type: 'stat', title: 'Sound', gridPos: { x: 12, y: 0, w: 6, h: 8 },
      targets: [target("SELECT 42 AS answer, '<b>' AS text")] },
    { id: 3, type: 'sundial', title: 'Unknown', gridPos: { x: 18, y: 0, w: 6, h: 8 }, targets: [] },
    { id: 4, type: 'timeseries', title: 'Fine', interval: '100ms',
      gridPos: { x: 0, y: 8, w: 24, h: 8 },
      options: { legend: { displayMode: 'list', calcs: ['sum'] } },
      targets: [target('SELECT $__timeInterval_ms(TimeReceivedNs) AS time, count() AS rows ' +
        'FROM netmeta.flows WHERE $__timeFilter_ms(TimeReceivedNs) GROUP BY time ORDER BY time')] },
  ] };

test('a query that fails shows its error and its SQL on its own panel only', async () => {
  await page.answer('*/dashboards/faulty.json*', FAULTY);
  await open(`dashboard=faulty&${RANGE}`);
  const [broken, sound, unknown, fine] = await readPanels(page);
  assert.deepEqual([broken.state, sound.state, unknown.state, fine.state],
    ['error', 'drawn', 'error', 'drawn']);
  assert.match(broken.text, /nothing_like_it/);
  assert.match(broken.text, /UNKNOWN_IDENTIFIER/);
  assert.match(broken.text, new RegExp(`WHERE TimeReceivedNs >= toDateTime\\(${BEGIN}\\)`));
  assert.match(unknown.text, /draws no panels of type “sundial”/);
  assert.equal(await stat('Sound'), '42');
});

test('a panel may have buckets below a second', async () => {
  await open(`dashboard=faulty&from=${BEGIN + 34}500&to=${BEGIN + 35}500&refresh=`);
  assert.equal(await panelScript('Fine', "panel.querySelector('.legend b').textContent"), '1');
  assert.match(await panelScript('Fine', `(panel.querySelector('.about').click(),
    document.querySelector('dialog .sql').textContent)`), /INTERVAL 100 millisecond/);
});

// 15 MB in the bucket of 0.1 s from 10.2 s on, 5 MB in that from 12 s on, and 17 between them
test('throughput by exporter has buckets of 100 ms', async () => {
  await open(`from=${BEGIN + 9}500&to=${BEGIN + 12}500&refresh=`);
  assert.deepEqual(await cells(MINUTE, '.legend tbody tr'),
    [['192.0.2.1 NETFLOW_V9', '84.2 Mb/s', '1.20 Gb/s', '400 Mb/s']]);
});

test('whatever the range, as long as it moves: the last minute is the last minute', async () => {
  await stack.admin(oneMoreFlow(Date.now() / 1000 - BEGIN - 1));
  await open('from=now-6h&to=now-5h&refresh=');
  assert.deepEqual(await cells(MINUTE, '.legend tbody tr'),
    [['192.0.2.2 IPFIX', '80 kb/s', '80 kb/s', '80 kb/s']]);
  assert.match(await panelScript(MINUTE, "panel.querySelector('header').innerText"), /Last 1m/);
  assert.equal((await readPanels(page)).find(({ title }) => title === 'Top sources')?.state,
    'empty');
});

test('on a phone nothing is wider than the page', async () => {
  await open(RANGE, PHONE);
  const { wide, width } = await page.evaluate(
    '({ wide: document.documentElement.scrollWidth, width: innerWidth })');
  assert.equal(width, PHONE.width);
  assert.ok(wide <= width, `${wide} of ${width}`);
  assert.deepEqual((await readPanels(page)).filter(({ state }) => state !== 'drawn'), []);
});

test('dark follows the system, and the button turns it over', async () => {
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  await open();
  const light = await background();
  await page.look({ ...DESKTOP, theme: 'dark' });
  await until(async () => await background() !== light, 'the page is dark');
  await page.evaluate("document.querySelector('[aria-label=\"Light or dark\"]').click()");
  assert.equal(await background(), light);
  await page.evaluate("document.querySelector('[aria-label=\"Light or dark\"]').click()");
});

test('the keyboard reaches the time range, chooses one, and comes back to its button', async () => {
  await open();
  const focused = () => page.evaluate('document.activeElement.className');
  for (let steps = 0; steps < 20 && await focused() !== 'picker-button'; steps++)
    await page.key('Tab', 9);
  assert.equal(await focused(), 'picker-button');
  await page.key('Enter', 13, '\r');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Last 5 minutes');
  await page.key('Escape', 27);
  assert.equal(await focused(), 'picker-button');
  await page.key('Enter', 13, '\r');
  await page.key('Tab', 9);
  await page.key('Enter', 13, '\r');
  await until(() => page.evaluate("location.search.includes('from=now-15m&to=now')"), 'the range');
});

test('a page that refreshes shows rows that came later', async () => {
  await open(`from=${BEGIN}000&to=${BEGIN + SPAN}000&refresh=1s`);
  assert.equal((await cells('Top sources')).length, 3);
  await stack.admin(oneMoreFlow(36));
  await until(async () => (await cells('Throughput by protocol', '.legend tbody tr'))
    .some(([name]) => name === 'SCTP'), 'the new protocol');
});
