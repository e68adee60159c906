# SPDX-License-Identifier: Apache-2.0
"""Datagrams for the fuzzer to bend that fill the small tables of fuzz-decode, wait until these
forget, and go on in another process. The captures do not, for their tables are large."""
from wire import VARIABLE, a_set, ip, ipfix, u8, u16, u32, u64

RESTART = u16(0xffff) + u8(0)
HALF_AN_HOUR = 41               # and a little more, of exporter 1
TEN_HOURS, DAY = 0xca, 0xd1     # of exporter 2; of exporter 1, with the first
ID, RATE, BOOT, INTERFACE, PADDING = (302, 8), (34, 4), (160, 8), (10, 4), (210, 1)
PLAIN = (8, 4), (4, 1)


def datagram(number, *sets):
    payload = ipfix(0, 7, *sets)
    return u16(len(payload)) + u8(number) + payload


def specifiers(fields):
    return b''.join(u16(element) + u16(length) for element, length in fields)


def template(number, *fields):
    return u16(number) + u16(len(fields)) + specifiers(fields)


def templates(*parts):
    return a_set(2, *parts)


def options(number, *fields, scopes=1):
    return a_set(3, u16(number) + u16(len(fields)) + u16(scopes) + specifiers(fields))


def rates(*selectors):
    """Rates of selectors, each its number times 100."""
    return a_set(300, *(u64(one) + u32(one * 100) for one in selectors))


def unknown(count):
    """Fields that no table knows: as many steps of a layout."""
    return [(20000 + i, 1) for i in range(count)]


def all_told(rate):
    return a_set(301, u32(7), u32(rate), u64(1))


def port_told(rate):
    return a_set(302, u32(3), u32(rate))


SELECTORS = options(300, ID, RATE)
ALL_TOLD, PORTS_TOLD = options(301, (149, 4), RATE, BOOT), options(302, INTERFACE, RATE)
WITHDRAWN = a_set(2, u16(256) + u16(0)) + a_set(3, u16(3) + u16(0))
SAMPLED = templates(template(256, *PLAIN, ID))
RECORD = a_set(256, ip('10.1.0.1') + u8(6) + u64(7))
BROAD = [template(256 + i, *unknown(60)) for i in range(3)]
LONG = [template(256 + i, *[PADDING] * 27, *PLAIN) for i in range(6)]
BOTH = (8, 4), (12, 4), (27, 16), (28, 16), (9, 1), (13, 1), (29, 1), (30, 1), (32, 2), (139, 2)

SEEDS = {
    # Six rates are room for one exporter; the seventh and eighth come again when it is there. Of
    # the other exporter one rate is old by then, and the rest of them agree.
    'full-of-rates': datagram(2, SELECTORS, rates(1))
                     + datagram(1, SELECTORS, SAMPLED, rates(*range(1, 9)), RECORD)
                     + datagram(TEN_HOURS, SELECTORS, SAMPLED, rates(2), RECORD)
                     + datagram(DAY, rates(7), RECORD) + datagram(1, rates(8, 7), RECORD)
                     + datagram(2, RECORD),
    'full-of-templates': datagram(1, templates(*(template(256 + i, *PLAIN) for i in range(11))))
                         + datagram(HALF_AN_HOUR, templates(template(266, *PLAIN))),
    # Two of them are room; one that is refused is gone, and there is room when the two are old.
    'full-of-steps': datagram(1, templates(*BROAD[:2], template(258, *PLAIN), BROAD[2]))
                     + RESTART + datagram(HALF_AN_HOUR, templates(BROAD[2])),
    'full-of-notes': datagram(1, templates(*LONG), SELECTORS, rates(1)) + RESTART
                     + datagram(1, templates(template(256, *PLAIN), LONG[5]), rates(2)) + RESTART,
    'many-unknown': datagram(1, templates(template(256, *unknown(70))), a_set(256, bytes(70))),
    'many-steps': datagram(1, templates(template(256, *[(82, VARIABLE)] * 130)),
                           a_set(256, bytes(130))),
    'restart': datagram(1, SELECTORS, SAMPLED, rates(1, 7), RECORD)
               + datagram(2, ALL_TOLD, all_told(10), PORTS_TOLD, port_told(0))
               + RESTART + datagram(1, RECORD, rates(2), templates(template(256, *PLAIN)))
               + datagram(2, all_told(20), port_told(5))
               + RESTART + datagram(1, a_set(256, ip('10.1.0.1') + u8(6)), WITHDRAWN)
               + datagram(2, port_told(0)),
    'segment': datagram(1, templates(template(256, (351, 8), *PLAIN)),
                        *(a_set(256, u8(kind) + bytes(6) + u8(9) + ip('10.1.0.1') + u8(6))
                          for kind in (0, 1, 2, 3))),
    'only-six-of-both': datagram(1, templates(template(256, *BOTH)),
                                 a_set(256, bytes(8) + ip('2001:db8::1') + ip('2001:db8::2')
                                       + bytes(2) + u8(64) + u8(48) + u16(0) + u16(0x8700))),
}
