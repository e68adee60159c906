# SPDX-License-Identifier: Apache-2.0
"""What the captures leave out: names in COVERS that are nobody's, and elements in no template."""
import os
import re

import wire

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, '..', '..')


def text(*path):
    with open(os.path.join(TOP, *path), encoding='utf-8') as f:
        return f.read()


def strangers(cases):
    """Names in COVERS that are neither cases nor tests."""
    tests = {name.removesuffix('.c') for name in os.listdir(os.path.join(TOP, 'tests'))
             if name.endswith('.c')}
    for line in text('tests', 'data', 'COVERS').splitlines():
        _what, tab, names = line.partition('\t')
        for name in names.split() if tab else ():
            if name not in tests and name not in cases:
                yield f'tests/data/COVERS: there is no {name}'


def untried():
    """Elements of the decoder's tables that no template of the captures has. Says nothing of what
    becomes of them: the tables of the captures do."""
    rows = re.findall(r'^IE6?\((\d+), +(\d+),', text('core', 'ie.def'), re.M)
    known = re.findall(r'^KNOWN\((\d+),', text('core', 'ie_known.def'), re.M)
    for enterprise, element in rows + [('0', element) for element in known]:
        if (int(enterprise), int(element)) not in wire.ELEMENTS:
            yield f'tests/data: element {enterprise}/{element} is in no template'
