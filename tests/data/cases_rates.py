# SPDX-License-Identifier: Apache-2.0
"""Sampling rates of IPFIX: in the record, and told by options of selectors, interfaces and all."""
from cases_ipfix import RECORD, ROW, TEMPLATE_SET, record
from wire import VARIABLE, a_set, ipfix, ipfix_options, template, u8, u16, u32, u64


def ipfix_rates(case):
    """All the ways in which a record tells its sampling rate."""
    rows = (
        (((34, 4),), (u32(100),), 100),
        (((50, 4),), (u32(512),), 512),
        (((305, 4), (306, 4)), (u32(10), u32(9990)), 1000),
        (((309, 4), (310, 4)), (u32(2), u32(200)), 100),
        (((305, 4), (306, 4), (34, 4)), (u32(10), u32(9990), u32(7)), 7),
        (((34, 4), (302, 8)), (u32(0), u64(3)), 0),
    )
    for i, (fields, values, rate) in enumerate(rows):
        case.send(ipfix(i, 7, a_set(2, template(256 + i, *fields)), a_set(256 + i, *values)))
        rated = dict(sampling=rate, rate_source='record') if rate else dict(sampler_id=3)
        case.flow(**ROW | dict(seq=i) | rated)
    case.counts(RecordsDecoded=6)


def ipfix_selectors(case):
    """All the ways in which options tell the rate of a selector, the record's own before them."""
    ways = (
        (((34, 4),), (u32(100),), 100),
        (((35, 1), (50, 4)), (u8(2), u32(512)), 512),
        (((305, 4), (306, 4), (304, 2)), (u32(10), u32(9990), u16(1)), 1000),
        (((304, 2), (309, 4), (310, 4)), (u16(3), u32(2), u32(200)), 100),
        (((305, 4), (304, 2), (309, 4), (310, 4)), (u32(1), u16(3), u32(1), u32(64)), 64),
        (((305, 4), (304, 2), (84, VARIABLE)), (u32(1), u16(3), u8(3), b'all'), 1),
        (((305, 4),), (u32(100),), 0),      # so many, and who knows how many not
    )
    case.send(ipfix(0, 7, a_set(2, template(256, (302, 4), (4, 1)),
                                template(257, (302, 8), (34, 4)))))
    for i, (fields, values, rate) in enumerate(ways):
        case.send(ipfix(2 * i, 7, a_set(3, ipfix_options(300 + i, ((302, 8),), fields)),
                        a_set(300 + i, u64(i + 1), *values), a_set(256, u32(i + 1), u8(6))))
        if (84, VARIABLE) in fields:
            case.name_told('sampler', i + 1, 'all')
        rated = dict(sampling=rate, rate_source='options by id') if rate else {}
        case.flow(**ROW | dict(seq=2 * i, proto=6, sampler_id=i + 1) | rated)
    case.send(ipfix(14, 7, a_set(257, u64(1), u32(5), u64(1), u32(0), u64(9), u32(0))))
    row = ROW | dict(seq=14)
    case.flow(**row | dict(sampler_id=1, sampling=5, rate_source='record'))
    case.flow(**row | dict(sampler_id=1, sampling=100, rate_source='options by id'))
    case.flow(**row | dict(sampler_id=9))
    case.counts(RecordsDecoded=10 + 1, SequenceMissing=0, BytesDecoded=7 * 5 + 36,
                BytesOptions=12 + 13 + 18 + 18 + 22 + 18 + 12)


def ipfix_scopes(case):
    """Scopes that name no selector tell the rate of all; an interface is one only as a scope."""
    row = RECORD | dict(rate_source='options')
    data = a_set(256, record())
    case.send(ipfix(0, 7, TEMPLATE_SET, a_set(3, ipfix_options(300, (), ((34, 4),))),
                    a_set(300, u32(10)), data))             # no scope at all: RFC 7011 forbids it
    case.flow(**row | dict(seq=0, sampling=10))
    case.send(ipfix(2, 7, a_set(3, ipfix_options(301, ((149, 4),), ((10, 4), (34, 4)))),
                    a_set(301, u32(7), u32(3), u32(20)), data))
    case.flow(**row | dict(seq=2, sampling=20))
    case.send(ipfix(4, 7, a_set(2, template(257, (10, 4))),
                    a_set(3, ipfix_options(302, ((149, 4), (10, 4)), ((34, 4),))),
                    a_set(302, u32(7), u32(3), u32(30)), data, a_set(257, u32(3))))
    case.flow(**row | dict(seq=4, sampling=20))
    case.flow(**ROW | dict(seq=4, in_if=3, sampling=30, rate_source='options by id'))
    case.counts(BytesOptions=4 + 12 + 12, BytesDecoded=3 * 13 + 4, DatagramsMalformed=0,
                SequenceMissing=0)


CASES = [ipfix_rates, ipfix_selectors, ipfix_scopes]
