# SPDX-License-Identifier: Apache-2.0
"""The life of templates: those that cannot be, that come anew or too late, and that are taken
back. A template costs 4 bytes and 4 a field, 8 with an enterprise, and 2 more for options."""
from wire import (EXPORTED, VARIABLE, a_set, ip, ipfix, ipfix_options, sized, template, u8, u16,
                  u32, v9, v9_options)

S = 1_000_000_000

# A record of most cases has 9 bytes.
FIELDS = ((8, 4), (4, 1), (1, 4))


def record(last=1, proto=6, octets=1000):
    return ip(f'10.1.0.{last}') + u8(proto) + u32(octets)


RECORD = dict(domain=7, src='10.1.0.1', proto=6, bytes=1000, etype=0x0800, rate_source=0)
NINE = RECORD | dict(ver=9)
TEN = RECORD | dict(ver=10)


def nf9_nothing(case):
    """Templates whose records have no bytes, in v9: an endless loop, or memory without end, for
    whoever goes on until the set is used up. Data of them, even none, are nobody's."""
    known = a_set(0, template(256, *FIELDS))
    case.send(v9(9, 1, 7, known,
                 a_set(0, template(300)), a_set(300, bytes(8)), a_set(300),     # no fields at all
                 a_set(0, template(301, (8, 0), (1, 0))), a_set(301, bytes(8)), a_set(301),
                 a_set(1, v9_options(302, (), ())), a_set(302, bytes(8)),
                 a_set(1, v9_options(303, ((1, 0),), ((34, 0),))), a_set(303, bytes(8)),
                 a_set(0, template(304, (8, 0), (4, 1), (12, 0))), a_set(304, u8(6), u8(17)),
                 a_set(256, record())))
    row = NINE | dict(seq=1)
    # One field of some bytes makes a record, whatever the others are.
    for proto in 6, 17:
        case.flow(**row | dict(src='', etype='', bytes='', proto=proto))
    case.flow(**row)
    case.counts(RecordsDecoded=3, BytesDecoded=2 + 9, BytesNoTemplate=4 * 8, SetsNoTemplate=4,
                BytesTemplates=16 + 16, BytesBadTemplate=4 + 12 + 6 + 14, TemplatesLearned=2,
                DatagramsMalformed=1)


def nf9_too_long(case):
    """Records longer than a datagram, and lengths whose sum begins at 0 again in 16 bits."""
    case.send(v9(5, 1, 7, a_set(0, template(256, *FIELDS)),
                 a_set(0, template(300, (8, 4), (1, 65000))),           # may be, but never comes
                 a_set(0, template(301, (8, 32768), (12, 32768))),      # 65536 is 0
                 a_set(0, template(302, (8, 32768), (12, 32768), (4, 1))),
                 a_set(300, bytes(100)), a_set(301, bytes(8)), a_set(302, u8(6), u8(17)),
                 a_set(256, record())))
    case.flow(**NINE | dict(seq=1))
    case.counts(RecordsDecoded=1, BytesDecoded=9, BytesTemplates=16 + 12, BytesBadTemplate=12 + 16,
                BytesNoTemplate=8 + 2, BytesPadding=100, TemplatesLearned=2)


def nf9_header_counts(case):
    """The count in the header says nothing: neither 0, nor 65535, nor that of records is right."""
    known = a_set(0, template(256, *FIELDS))
    for sequence, count in enumerate((0, 65535, 1), 1):
        case.send(v9(count, sequence, 7, known, a_set(256, record(), record(last=2))))
        case.flow(**NINE | dict(seq=sequence))
        case.flow(**NINE | dict(seq=sequence, src='10.1.0.2'))
    case.counts(RecordsDecoded=6, TemplatesLearned=1, SequenceMissing=0, DatagramsMalformed=0)


def nf9_ports(case):
    """An exporter of v9 changes its port between template, options and data; and has two at once."""
    case.send(v9(1, 1, 7, a_set(0, template(256, *FIELDS))), sport=50001)
    case.send(v9(2, 2, 7, a_set(1, v9_options(257, ((1, 4),), ((34, 4),))),
                 a_set(257, u32(0), u32(100))), sport=50002)
    for sequence, port in enumerate((50003, 50001), 3):
        case.send(v9(1, sequence, 7, a_set(256, record())), sport=port)
        case.flow(**NINE | dict(seq=sequence, sampling=100, rate_source='options'))
    case.counts(RecordsDecoded=2, SetsNoTemplate=0, SequenceMissing=0)


def ipfix_unknown_between_known(case):
    """One unknown set between two known ones costs its own bytes; so does a broken one."""
    case.send(ipfix(0, 7, a_set(2, template(256, *FIELDS)), a_set(256, record()),
                    a_set(999, record()), a_set(256, record(last=2)), a_set(2, template(20, (8, 4))),
                    a_set(256, record(last=3)), a_set(998), a_set(256, record(last=4))))
    for last in 1, 2, 3, 4:
        case.flow(**TEN | dict(seq=0, src=f'10.1.0.{last}'))
    case.counts(RecordsDecoded=4, BytesNoTemplate=9, SetsNoTemplate=1, BytesBadTemplate=8,
                DatagramsMalformed=1)


def ipfix_redefined(case):
    """A template comes anew: the same, another layout, as options, and one that cannot be."""
    case.send(ipfix(0, 7, a_set(2, template(256, *FIELDS)), a_set(256, record())))
    case.flow(**TEN | dict(seq=0))
    case.send(ipfix(1, 7, a_set(2, template(256, *FIELDS)), a_set(256, record())))
    case.flow(**TEN | dict(seq=1))
    case.send(ipfix(2, 7, a_set(2, template(256, (1, 4), (12, 4), (4, 1))),
                    a_set(256, u32(5), ip('10.9.0.9'), u8(17))))
    case.flow(**TEN | dict(seq=2, src='', dst='10.9.0.9', proto=17, bytes=5))
    case.send(ipfix(3, 7, a_set(3, ipfix_options(256, ((149, 4),), ((34, 4),))),
                    a_set(256, u32(7), u32(10))))
    case.send(ipfix(4, 7, a_set(2, template(256, *FIELDS)), a_set(256, record())))
    case.flow(**TEN | dict(seq=4, sampling=10, rate_source='options'))
    case.send(ipfix(5, 7, a_set(2, template(256, (8, 0))), a_set(256, record())))
    case.counts(RecordsDecoded=4, TemplatesLearned=4, BytesOptions=8, BytesBadTemplate=8,
                BytesNoTemplate=9, SetsNoTemplate=1)


def ipfix_withdraw_options(case):
    """Options templates are withdrawn: one, and all of them; those of data are not concerned."""
    options = a_set(3, ipfix_options(300, ((149, 4),), ((34, 4),)),
                    ipfix_options(301, ((149, 4),), ((34, 4),)))
    data = a_set(256, record())
    case.send(ipfix(0, 7, a_set(2, template(256, *FIELDS)), options, a_set(300, u32(7), u32(10)),
                    data))
    case.flow(**TEN | dict(seq=0, sampling=10, rate_source='options'))
    case.send(ipfix(2, 7, a_set(3, u16(300), u16(0)), a_set(300, u32(7), u32(20)), data))
    case.flow(**TEN | dict(seq=2, sampling=10, rate_source='options'))
    case.send(ipfix(3, 7, a_set(3, u16(3), u16(0)), a_set(301, u32(7), u32(30)), data))
    case.flow(**TEN | dict(seq=3, sampling=10, rate_source='options'))
    case.counts(RecordsDecoded=3, BytesOptions=8, BytesNoTemplate=16, SetsNoTemplate=2,
                BytesTemplates=16 + 2 * 14 + 4 + 4, BytesBadTemplate=0, DatagramsMalformed=0)


def ipfix_low_ids(case):
    """Ids below 256 are of sets and name no template, nor one that is withdrawn."""
    case.send(ipfix(0, 7, a_set(2, template(256, *FIELDS)),
                    a_set(2, template(255, *FIELDS)), a_set(255, record()),
                    a_set(3, ipfix_options(4, ((149, 4),), ((34, 4),))),
                    a_set(2, u16(3), u16(0)), a_set(3, u16(2), u16(0)), a_set(2, u16(100), u16(0)),
                    a_set(256, record())))
    case.flow(**TEN | dict(seq=0))
    case.counts(RecordsDecoded=1, BytesUnknownSet=9, BytesTemplates=16,
                BytesBadTemplate=16 + 14 + 3 * 4, DatagramsMalformed=1)


def ipfix_variable_only(case):
    """A template of variable-length fields only: each takes one byte at least, so there is an end."""
    case.send(ipfix(0, 7, a_set(2, template(256, (82, VARIABLE), (371, VARIABLE)),
                                template(257, (371, VARIABLE)), template(258, *FIELDS)),
                    a_set(256, sized(b'eth0'), sized(b'alice'), bytes(2), sized(b''), sized(b'bob')),
                    a_set(257, bytes(3)), a_set(258, record())))
    for user in 'alice', '', 'bob':
        case.flow(ver=10, domain=7, seq=0, rate_source=0, src_user=user)
    for _ in range(3):
        case.flow(ver=10, domain=7, seq=0, rate_source=0)
    case.flow(**TEN | dict(seq=0))
    case.counts(RecordsDecoded=7, BytesDecoded=11 + 2 + 5 + 3 + 9, DatagramsMalformed=0)


def ipfix_enterprise_options(case):
    """Options with an element of an enterprise before and behind the rate, and one as the scope."""
    row = TEN | dict(rate_source='options')
    flows = a_set(2, template(256, *FIELDS))
    case.send(ipfix(0, 7, flows, a_set(3, ipfix_options(300, ((149, 4),), ((34, 4, 9), (34, 4),
                                                                           (50, 4, 9)))),
                    a_set(300, u32(7), u32(1), u32(256), u32(2)), a_set(256, record())))
    case.flow(**row | dict(seq=0, sampling=256))
    case.send(ipfix(2, 7, a_set(3, ipfix_options(301, ((302, 4, 9),), ((34, VARIABLE, 9), (34, 4)))),
                    a_set(301, u32(1), sized(bytes(9)), u32(512)), a_set(256, record())))
    case.flow(**row | dict(seq=2, sampling=512))
    case.counts(RecordsDecoded=2, BytesOptions=16 + 18, DatagramsMalformed=0)


def ipfix_older_data(case):
    """Data that were exported before their template was, by the time in the header, are data."""
    case.send(ipfix(0, 7, a_set(2, template(256, *FIELDS, (159, 4)))))
    case.send(ipfix(0, 7, a_set(256, record(), u32(0)), exported=EXPORTED - 3600))
    case.flow(**TEN | dict(seq=0, t_end_ns=(EXPORTED - 3600) * S))
    case.counts(RecordsDecoded=1, SetsNoTemplate=0)


CASES = [nf9_nothing, nf9_too_long, nf9_header_counts, nf9_ports, ipfix_unknown_between_known,
         ipfix_redefined, ipfix_withdraw_options, ipfix_low_ids, ipfix_variable_only,
         ipfix_enterprise_options, ipfix_older_data]
