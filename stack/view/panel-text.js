// SPDX-License-Identifier: Apache-2.0
//
// A panel of words. Only paragraphs and headings of Markdown are understood;
// markup is shown as the text it is.

import { element } from './dom.js';

/** @type {import('./panels.js').Draw} */
export function drawText(host, { panel }) {
  const paragraphs = String(panel.options?.content ?? '').split(/\n\s*\n/);
  host.append(element('div', { class: 'words' }, ...paragraphs.map((paragraph) => {
    const [, marks, words] = /^(#*)\s*(.*)$/s.exec(paragraph.trim()) ?? [];
    return element(marks ? 'h3' : 'p', {}, words);
  })));
  return {};
}
