// SPDX-License-Identifier: Apache-2.0
//
// What Grafana and the viewer need of every dashboard that we ship.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { linkTarget } from '../../stack/view/link-bar.js';
import { expand } from '../../stack/view/macros.js';
import { builtIn } from '../../stack/view/variables.js';

const folder = new URL('../../stack/dashboards/', import.meta.url);
const TYPE = 'grafana-clickhouse-datasource';

for (const file of readdirSync(folder)) {
  const dashboard = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const panels = dashboard.panels.filter(({ type }) => type !== 'row' && type !== 'text');
  const variables = dashboard.templating.list;

  test(`${file} has the schema's version, a name, and no number of an installation`, () => {
    assert.equal(dashboard.schemaVersion, 42);
    assert.match(dashboard.uid, /^netmeta-[a-z-]{1,32}$/);
    assert.equal(dashboard.id, null);
    assert.ok(dashboard.title);
  });

  test(`${file}: panels have numbers of their own and lie side by side inside 24 columns`, () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const taken = new Map();
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      assert.ok(x >= 0 && x + w <= 24, title);
      for (let at = 0; at < w * h; at++) {
        const cell = `${x + at % w},${y + Math.floor(at / w)}`;
        assert.ok(!taken.has(cell), `${title} lies over ${taken.get(cell)}`);
        taken.set(cell, title);
      }
    }
  });

  test(`${file}: every panel says what it counts, and from which table`, () => {
    for (const { title, description } of panels)
      assert.match(description ?? '', /netmeta\.\w+/, title);
  });

  test(`${file}: links lead to dashboards that are there`, () => {
    for (const link of dashboard.links) {
      const name = new URLSearchParams(linkTarget(link, new URLSearchParams()) ?? '')
        .get('dashboard');
      assert.ok(readdirSync(folder).includes(`${name}.json`), link.title);
    }
  });

  test(`${file}: every query names the datasource by its variable`, () => {
    const targets = [...panels.flatMap((panel) => panel.targets), ...variables.filter(({ type }) =>
      type === 'query').map(({ query }) => query)];
    for (const target of targets) {
      assert.deepEqual(target.datasource, { type: TYPE, uid: '${ds}' });
      assert.equal(target.editorType, 'sql');
      assert.ok([0, 1].includes(target.format));
      assert.equal(target.queryType, target.format === 0 ? 'timeseries' : 'table');
      assert.match(target.pluginVersion, /^4\./);
      assert.ok(target.refId && target.rawSql);
    }
    assert.ok(variables.some(({ type, name, query }) =>
      type === 'datasource' && name === 'ds' && query === TYPE));
  });

  test(`${file}: no macro and no variable is left over in any SQL`, () => {
    const range = { from: 1792836000000, to: 1792839600000 };
    const values = new Map([...builtIn(range, 5000),
      ...variables.map(({ name }) => [name, { values: ['x'] }])]);
    for (const { title, targets } of panels)
      for (const { rawSql } of targets)
        assert.doesNotMatch(expand(rawSql, { range, interval: 5000, variables: values }),
          /\$\{?[a-z_]/i, title);
  });

  test(`${file}: sums of traffic leave out packets that were picked again elsewhere`, () => {
    for (const { title, targets } of panels)
      for (const { rawSql } of targets)
        if (/sum\w*\((Bytes|Packets) \*/.test(rawSql) && !/\bInIf IN\b.*\bOutIf IN\b/s.test(rawSql))
          assert.match(rawSql, /Coverage = 'COVERAGE_COUNTS'/, title);
  });

  test(`${file}: no SQL ends in a setting or semicolon, for Grafana may append to it`, () => {
    for (const { title, targets } of panels)
      for (const { rawSql } of targets)
        assert.doesNotMatch(rawSql, /;\s*$|\bSETTINGS\b|\bFORMAT\b/, title);
  });
}
