# SPDX-License-Identifier: Apache-2.0
"""NetFlow v9 (RFC 3954). A header is 20 bytes, that of a set 4, of a template 4 + 4 a field."""
from wire import (EXPORTED, VARIABLE, a_set, ip, mac, template, u8, u16, u32, u64, uint, v9,
                  v9_options)

S = 1_000_000_000
MS = 1_000_000

# The template of most cases: 8 fields, 36 bytes; a record is 25 bytes.
FIELDS = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (1, 4), (2, 4), (22, 4))
TEMPLATE_SET = a_set(0, template(256, *FIELDS))


def record(src='10.1.0.1', dst='10.2.0.2', sport=1234, dport=80, proto=6, octets=1000, packets=10,
           first=90_000):
    return (ip(src) + ip(dst) + u16(sport) + u16(dport) + u8(proto) + u32(octets) + u32(packets)
            + u32(first))


RECORD = dict(ver=9, domain=7, src='10.1.0.1', dst='10.2.0.2', sport=1234, dport=80, proto=6,
              bytes=1000, packets=10, t_start_ns=(EXPORTED - 10) * S, etype=0x0800, rate_source=0)


def plain(case):
    """Every field that v9 has a standard element for, in IPv4 and in IPv6."""
    case.send(v9(1, 1, 7,               # the count is that of an old exporter: wrong
        a_set(0, template(260, (8, 4), (12, 4), (15, 4), (18, 4), (10, 2), (14, 4), (2, 4), (1, 8),
                          (22, 4), (21, 4), (7, 2), (11, 2), (4, 1), (5, 1), (6, 1), (9, 1),
                          (13, 1), (16, 2), (17, 4), (61, 1), (89, 1), (52, 1), (53, 1), (54, 4),
                          (88, 2), (234, 4), (235, 4), (48, 1), (95, 4), (136, 1), (128, 4))),
        a_set(260, ip('10.1.0.1'), ip('10.2.0.2'), ip('10.0.0.9'), ip('192.0.2.9'), u16(3),
              u32(4), u32(10), u64(1 << 40), u32(90_000), u32(99_000), u16(1234), u16(443), u8(6),
              u8(0xb8), u8(0x1b), u8(24), u8(16), u16(64500), u32(4200000000), u8(1), u8(0x40),
              u8(3), u8(64), u32(0xbeef), u16(185), u32(0x60000001), u32(0x60000002), u8(5),
              u32(0x0d00051e), u8(3), u32(64999)),
        a_set(0, template(261, (27, 16), (28, 16), (62, 16), (63, 16), (29, 1), (30, 1), (31, 3),
                          (4, 1), (7, 2), (11, 2), (1, 4), (2, 4), (61, 1), (139, 2))),
        a_set(261, ip('2001:db8::1'), ip('2001:db8:1::2'), ip('fe80::1'), ip('2001:db8::9'),
              u8(64), u8(48), uint(3, 0xabcde), u8(58), u16(0), u16(0x8001), u32(64), u32(1),
              u8(0), u16(0x8001))))
    case.flow(ver=9, domain=7, seq=1, src='10.1.0.1', dst='10.2.0.2', nexthop='10.0.0.9',
              bgp_nexthop='192.0.2.9', in_if=3, out_if=4, packets=10, bytes=1 << 40,
              t_start_ns=(EXPORTED - 10) * S, t_end_ns=(EXPORTED - 1) * S, sport=1234, dport=443,
              proto=6, tos=0xb8, tcp_flags=0x1b, src_mask=24, dst_mask=16, src_as=64500,
              dst_as=4200000000, direction=1, fwd_status=0x40, ttl_min=3, ttl_max=64,
              frag_id=0xbeef, frag_off=185, vrf_in=0x60000001, vrf_out=0x60000002, sampler_id=5,
              app_id='0d00051e', end_reason=3, next_hop_as=64999, etype=0x0800, rate_source=0)
    case.flow(ver=9, domain=7, seq=1, src='2001:db8::1', dst='2001:db8:1::2', nexthop='fe80::1',
              bgp_nexthop='2001:db8::9', src_mask=64, dst_mask=48, flow_label=0xabcde, proto=58,
              dport=0x8001, bytes=64, packets=1, direction=0, icmp_type=128, icmp_code=1,
              etype=0x86dd, rate_source=0)
    case.counts(Datagrams=1, BytesHeaders=20 + 4 * 4, BytesTemplates=4 + 31 * 4 + 4 + 14 * 4,
                BytesDecoded=85 + 85, RecordsDecoded=2, TemplatesLearned=2, DatagramsMalformed=0)


def zerotail(case):
    """The rest of the datagram is zeros, as if sets of no length followed."""
    case.send(v9(3, 1, 7, TEMPLATE_SET, a_set(256, record(), record(sport=2)), bytes(20)))
    case.flow(**RECORD | dict(seq=1))
    case.flow(**RECORD | dict(seq=1, sport=2))
    case.send(v9(1, 2, 7, a_set(256, record(), bytes(3)), bytes(3)))     # padding, in two places
    case.flow(**RECORD | dict(seq=2))
    case.counts(Datagrams=2, BytesHeaders=20 + 8 + 20 + 4, BytesTemplates=36, BytesDecoded=75,
                BytesPadding=20 + 3 + 3, DatagramsMalformed=0)


def varlen(case):
    """Length 65535 means variable length in v9 too, though no RFC says so."""
    case.send(v9(2, 1, 7, a_set(0, template(256, (8, 4), (236, VARIABLE), (7, 2))),
                 a_set(256, ip('10.1.0.1'), u8(3), b'red', u16(1),
                       ip('10.1.0.2'), u8(0), u16(2),
                       ip('10.1.0.3'), u8(255), u16(300), b'x' * 300, u16(3))))
    for n in (1, 2, 3):
        case.flow(ver=9, domain=7, seq=1, src=f'10.1.0.{n}', sport=n, etype=0x0800, rate_source=0)
    case.counts(BytesDecoded=10 + 7 + 309, BytesPadding=0, RecordsDecoded=3, DatagramsMalformed=0)


def clash(case):
    """One template id, of two exporters, of two domains, and defined anew."""
    swapped = a_set(0, template(256, (12, 4), (8, 4), (11, 2), (7, 2)))
    data = a_set(256, ip('10.1.0.1'), ip('10.2.0.2'), u16(1), u16(2))
    straight = a_set(0, template(256, (8, 4), (12, 4), (7, 2), (11, 2)))
    one = dict(ver=9, src='10.1.0.1', dst='10.2.0.2', sport=1, dport=2, etype=0x0800, rate_source=0)
    two = dict(ver=9, src='10.2.0.2', dst='10.1.0.1', sport=2, dport=1, etype=0x0800, rate_source=0)
    case.send(v9(1, 1, 7, straight))
    case.send(v9(1, 1, 8, swapped))
    case.send(v9(1, 1, 7, swapped), exporter='192.0.2.2')
    case.send(v9(1, 2, 7, data))
    case.flow(**one | dict(seq=2, domain=7))
    case.send(v9(1, 2, 8, data))
    case.flow(**two | dict(seq=2, domain=8))
    case.send(v9(1, 2, 7, data), exporter='192.0.2.2')
    case.flow(**two | dict(seq=2, domain=7))
    case.send(v9(2, 3, 7, swapped, data))
    case.flow(**two | dict(seq=3, domain=7))
    case.counts(Datagrams=7, TemplatesLearned=4, SetsNoTemplate=0, RecordsDecoded=4)


def broken(case):
    """Templates and sets that cannot be, between sets that can."""
    good = a_set(256, record())
    case.send(v9(9, 1, 7, TEMPLATE_SET,
        a_set(0, template(300, (8, 0), (12, 0))),               # a record of no bytes: 12 bad
        good,
        a_set(300, record()),                                   # so these are nobody's
        a_set(1, u16(301), u16(3), u16(8), u32(0x00010004), u32(0x00220004)),   # scope of 3: 14 bad
        a_set(0, template(255, (8, 4)), template(302, (8, 4))), # an id below 256: 16 bad
        a_set(0, u16(303), u16(0xffff), u32(0x00080004)),       # 65535 fields in 4 bytes: 8 bad
        a_set(77, b'who?'),                                     # a set of no meaning
        good))
    case.flow(**RECORD | dict(seq=1))
    case.flow(**RECORD | dict(seq=1))
    case.send(v9(1, 2, 7, good, a_set(256, record(), length=3), good))          # stops there
    case.flow(**RECORD | dict(seq=2))
    case.send(v9(1, 3, 7, good, a_set(256, record(), length=30)))               # one byte too long
    case.flow(**RECORD | dict(seq=3))
    case.counts(Datagrams=3, BytesHeaders=20 + 9 * 4 + 20 + 4 + 20 + 8, BytesTemplates=36,
                BytesDecoded=4 * 25, BytesNoTemplate=25, BytesBadTemplate=12 + 14 + 16 + 8,
                BytesUnknownSet=4, BytesBadLength=29 + 29, BytesTruncated=25, BytesPadding=0,
                SetsNoTemplate=1, TemplatesLearned=1, DatagramsMalformed=3)


def orphans(case):
    """Data before its template, and data whose template never comes, between sets that are known."""
    case.send(v9(1, 1, 7, a_set(256, record())))
    case.send(v9(1, 2, 7, TEMPLATE_SET))
    case.flow(**RECORD | dict(seq=1))
    case.send(v9(3, 3, 7, a_set(256, record()), a_set(999, record()), a_set(256, record(sport=2))))
    case.flow(**RECORD | dict(seq=3))
    case.flow(**RECORD | dict(seq=3, sport=2))
    case.counts(BytesNoTemplate=25, SetsNoTemplate=1, BytesDecoded=75, BytesParked=0,
                DatagramsMalformed=0)


def late(case):
    """Data wait for their template, and are read with the uptime of their own message."""
    case.send(v9(2, 1, 7, a_set(256, record(), record(sport=2)), uptime=95_000))
    case.send(v9(1, 1, 7, a_set(256, record(sport=3))), exporter='192.0.2.2')
    case.send(v9(1, 2, 7, a_set(256, record(sport=4), bytes(3)), uptime=97_000))
    case.send(v9(3, 3, 7, a_set(257, record(sport=5)), TEMPLATE_SET, a_set(256, record(sport=6))))
    five_s = dict(t_start_ns=(EXPORTED - 5) * S)        # it began at 90,000 ms
    case.flow(**RECORD | dict(seq=1) | five_s)
    case.flow(**RECORD | dict(seq=1, sport=2) | five_s)
    case.flow(**RECORD | dict(seq=2, sport=4, t_start_ns=(EXPORTED - 7) * S))
    case.flow(**RECORD | dict(seq=3, sport=6))
    case.send(v9(1, 4, 7, TEMPLATE_SET))                # nothing new
    case.send(v9(1, 2, 7, TEMPLATE_SET), exporter='192.0.2.2')
    case.flow(**RECORD | dict(seq=1, sport=3))
    case.counts(Datagrams=6, BytesHeaders=6 * 20 + 8 * 4, BytesTemplates=3 * 36,
                BytesDecoded=5 * 25, BytesPadding=3, BytesNoTemplate=25, BytesParked=0, SetsNoTemplate=1,
                TemplatesLearned=2, RecordsDecoded=5, DatagramsMalformed=0)


def late_options(case):
    """Options wait as well: what they say holds for what is read behind their template."""
    case.send(v9(3, 1, 7, TEMPLATE_SET, a_set(300, u32(0), u32(100)), a_set(256, record())))
    case.flow(**RECORD | dict(seq=1))
    case.send(v9(1, 2, 7, a_set(257, record(sport=2))))
    case.send(v9(3, 3, 7, a_set(1, v9_options(300, ((1, 4),), ((34, 4),))), a_set(256, record()),
                 a_set(0, template(257, *FIELDS))))
    rate = dict(sampling=100, rate_source='options')
    case.flow(**RECORD | dict(seq=3) | rate)
    case.flow(**RECORD | dict(seq=2, sport=2) | rate)
    case.counts(BytesOptions=8, BytesDecoded=75, BytesParked=0, BytesNoTemplate=0, SetsNoTemplate=0,
                TemplatesLearned=3, RecordsDecoded=3, DatagramsMalformed=0)


def reduced(case):
    """Integers of 3, 5, 6 and 7 bytes, and wider ones than the field."""
    case.send(v9(2, 1, 7, a_set(0, template(256, (1, 3), (2, 5), (232, 6), (299, 7), (10, 8),
                                            (7, 4), (4, 2), (16, 3))),
                 a_set(256, uint(3, 0xfffefd), uint(5, 1 << 33), uint(6, 1 << 41), uint(7, 1 << 49),
                       u64(5), u32(65535), u16(17), uint(3, 70000))))
    case.flow(ver=9, domain=7, seq=1, bytes=0xfffefd, packets=1 << 33, bytes_rev=1 << 41,
              packets_rev=1 << 49, in_if=5, sport=65535, proto=17, src_as=70000, rate_source=0)
    case.counts(BytesDecoded=38)


def wrap(case):
    """The uptime wraps, and a flow may end after its export; absolute times come first."""
    fields = ((22, 4), (21, 4))
    case.send(v9(2, 1, 7, a_set(0, template(256, *fields)),
                 a_set(256, u32(4294967295 - 8999), u32(999), u32(1000), u32(1500)), uptime=1000))
    case.flow(ver=9, domain=7, seq=1, t_start_ns=(EXPORTED - 10) * S,
              t_end_ns=EXPORTED * S - 1 * MS, rate_source=0)
    case.flow(ver=9, domain=7, seq=1, t_start_ns=EXPORTED * S, t_end_ns=EXPORTED * S + 500 * MS,
              rate_source=0)
    case.send(v9(2, 2, 7, a_set(0, template(257, *fields, (152, 8), (153, 8))),
                 a_set(257, u32(1), u32(2), u64(EXPORTED * 1000 - 5), u64(EXPORTED * 1000))))
    case.flow(ver=9, domain=7, seq=2, t_start_ns=EXPORTED * S - 5 * MS, t_end_ns=EXPORTED * S,
              rate_source=0)
    case.counts(BytesDecoded=16 + 24)


def mpls(case):
    """Label stacks, full and with room that was not used."""
    case.send(v9(2, 1, 7, a_set(0, template(256, (70, 3), (71, 3), (72, 3))),
                 a_set(256, uint(3, 24001 << 4), uint(3, 16 << 4), uint(3, 3 << 4 | 1),
                       uint(3, 24001 << 4 | 1), bytes(6), bytes(9))))
    for labels in ('24001,16,3', '24001', ''):
        case.flow(ver=9, domain=7, seq=1, mpls_labels=labels, rate_source=0)
    case.counts(BytesDecoded=27)


def layer2(case):
    """Frames without IP: MAC addresses, VLANs and the EtherType."""
    case.send(v9(2, 1, 7, a_set(0, template(256, (56, 6), (80, 6), (58, 2), (59, 2), (256, 2),
                                            (1, 4), (2, 4))),
                 a_set(256, mac('02:00:00:00:00:0a'), mac('ff:ff:ff:ff:ff:ff'), u16(100), u16(200),
                       u16(0x0806), u32(64), u32(1))))
    case.flow(ver=9, domain=7, seq=1, src_mac='02:00:00:00:00:0a', dst_mac='ff:ff:ff:ff:ff:ff',
              vlan=100, vlan_in=100, vlan_out=200, etype=0x0806, bytes=64, packets=1,
              rate_source=0)
    case.counts(BytesDecoded=26)


def options(case):
    """Options are not flows; the rate that they tell without an id is everybody's."""
    case.send(v9(3, 1, 7,
        a_set(1, u16(257), u16(4), u16(8), u32(0x00010004), u32(0x00220004), u32(0x00230004),
              bytes(2)),
        a_set(257, u32(0), u32(100), u32(2)),
        TEMPLATE_SET, a_set(256, record())))
    case.flow(**RECORD | dict(seq=1, sampling=100, rate_source='options'))
    case.counts(BytesTemplates=18 + 36, BytesOptions=12, BytesPadding=2, BytesDecoded=25,
                RecordsDecoded=1, TemplatesLearned=2)


def samplers(case):
    """Two samplers, told in other widths than records use, one nobody told of, and a change."""
    told = a_set(1, v9_options(257, ((1, 4),), ((48, 1), (49, 1), (50, 4))))
    wide = a_set(1, v9_options(258, ((1, 4),), ((302, 4), (34, 2))))
    flows = a_set(0, template(256, (8, 4), (48, 2)), template(259, (8, 4), (48, 1)))
    row = dict(ver=9, domain=7, src='10.1.0.1', etype=0x0800)
    by_id = row | dict(rate_source='options by id')
    case.send(v9(6, 1, 7, told, wide, flows,
                 a_set(257, u32(0), u8(1), u8(2), u32(100), u32(0), u8(2), u8(2), u32(1000)),
                 a_set(258, u32(0), u32(0x10005), u16(7)),
                 a_set(256, ip('10.1.0.1'), u16(1), ip('10.1.0.1'), u16(2), ip('10.1.0.1'), u16(3),
                       ip('10.1.0.1'), u16(5)),
                 a_set(259, ip('10.1.0.1'), u8(2), ip('10.1.0.1'), u8(0))))
    case.flow(**by_id | dict(seq=1, sampler_id=1, sampling=100))
    case.flow(**by_id | dict(seq=1, sampler_id=2, sampling=1000))
    case.flow(**row | dict(seq=1, sampler_id=3, rate_source=0))
    case.flow(**row | dict(seq=1, sampler_id=5, rate_source=0))        # not 0x10005
    case.flow(**by_id | dict(seq=1, sampler_id=2, sampling=1000))
    case.flow(**row | dict(seq=1, sampler_id=0, rate_source=0))
    case.send(v9(2, 1, 8, flows, a_set(259, ip('10.1.0.1'), u8(1))))    # another domain
    case.flow(**row | dict(seq=1, domain=8, sampler_id=1, rate_source=0))
    case.send(v9(4, 2, 7, a_set(257, u32(0), u8(1), u8(2), u32(200)),
                 a_set(259, ip('10.1.0.1'), u8(1)),
                 a_set(257, u32(0), u8(1), u8(2), u32(0)),              # not known any more
                 a_set(259, ip('10.1.0.1'), u8(1))))
    case.flow(**by_id | dict(seq=2, sampler_id=1, sampling=200))
    case.flow(**row | dict(seq=2, sampler_id=1, rate_source=0))
    case.counts(BytesTemplates=22 + 18 + 12 + 12 + 12 + 12, BytesOptions=20 + 10 + 10 + 10,
                BytesDecoded=24 + 10 + 5 + 5 + 5, RecordsDecoded=9, DatagramsMalformed=0)


def common_rate(case):
    """Records without a sampler: the rate that all options tell, and none when they differ."""
    told = a_set(1, v9_options(257, ((1, 4),), ((48, 1), (50, 4))))
    row = RECORD | dict(sampling=100, rate_source='options')
    case.send(v9(3, 1, 7, told, TEMPLATE_SET, a_set(256, record()),     # options after data
                 a_set(257, u32(0), u8(1), u32(100)), a_set(256, record())))
    case.flow(**RECORD | dict(seq=1))
    case.flow(**row | dict(seq=1))
    case.send(v9(2, 2, 7, a_set(257, u32(0), u8(2), u32(100)), a_set(256, record())))
    case.flow(**row | dict(seq=2))
    case.send(v9(2, 3, 7, a_set(257, u32(0), u8(2), u32(50)), a_set(256, record())))
    case.flow(**RECORD | dict(seq=3))
    case.send(v9(2, 4, 7, a_set(257, u32(0), u8(1), u32(50)), a_set(256, record())))
    case.flow(**row | dict(seq=4, sampling=50))
    case.counts(BytesOptions=4 * 9, BytesDecoded=5 * 25, RecordsDecoded=5)


def interface_rates(case):
    """Rates of interfaces: of the ingress one; interface 0 stands for all; an id comes first."""
    told = a_set(1, v9_options(257, ((2, 4),), ((34, 4), (35, 1))),
                 v9_options(258, ((1, 4),), ((48, 1), (34, 4))))
    flows = a_set(0, template(256, (8, 4), (10, 2), (14, 2)), template(259, (8, 4), (10, 4), (48, 1)))
    row = dict(ver=9, domain=7, src='10.1.0.1', out_if=4, etype=0x0800)
    data = a_set(256, ip('10.1.0.1'), u16(3), u16(4), ip('10.1.0.1'), u16(4), u16(4),
                 ip('10.1.0.1'), u16(5), u16(4))
    case.send(v9(4, 1, 7, told, flows, a_set(257, u32(3), u32(10), u8(1), u32(4), u32(20), u8(1)),
                 data))
    case.flow(**row | dict(seq=1, in_if=3, sampling=10, rate_source='options by id'))
    case.flow(**row | dict(seq=1, in_if=4, sampling=20, rate_source='options by id'))
    case.flow(**row | dict(seq=1, in_if=5, rate_source=0))
    case.send(v9(4, 2, 7, a_set(257, u32(0), u32(30), u8(1)), data))
    case.flow(**row | dict(seq=2, in_if=3, sampling=10, rate_source='options by id'))
    case.flow(**row | dict(seq=2, in_if=4, sampling=20, rate_source='options by id'))
    case.flow(**row | dict(seq=2, in_if=5, sampling=30, rate_source='options'))
    case.send(v9(3, 3, 7, a_set(258, u32(0), u8(1), u32(40)),
                 a_set(259, ip('10.1.0.1'), u32(3), u8(1), ip('10.1.0.1'), u32(3), u8(2))))
    row |= dict(seq=3, in_if=3, out_if='')
    case.flow(**row | dict(sampler_id=1, sampling=40, rate_source='options by id'))
    case.flow(**row | dict(sampler_id=2, sampling=30, rate_source='options'))
    case.counts(BytesOptions=18 + 9 + 9, BytesDecoded=24 + 24 + 18, RecordsDecoded=8)


def options_redefined(case):
    """Options are read as their template says now; one that cannot be leaves what was told."""
    row = RECORD | dict(rate_source='options')
    case.send(v9(3, 1, 7, TEMPLATE_SET, a_set(1, v9_options(257, ((1, 4),), ((34, 4),))),
                 a_set(257, u32(0), u32(100)), a_set(256, record())))
    case.flow(**row | dict(seq=1, sampling=100))
    case.send(v9(3, 2, 7, a_set(1, v9_options(257, ((1, 2),), ((35, 1), (34, 2)))),
                 a_set(257, u16(0), u8(2), u16(200)), a_set(256, record())))
    case.flow(**row | dict(seq=2, sampling=200))
    case.send(v9(3, 3, 7, a_set(1, u16(257), u16(3), u16(4), bytes(7)),     # a scope of 3 bytes
                 a_set(257, u16(0), u8(2), u16(300)), a_set(256, record())))
    case.flow(**row | dict(seq=3, sampling=200))
    case.send(v9(3, 4, 7, a_set(0, template(257, (8, 4))),      # no options template any more
                 a_set(257, ip('10.1.0.1')), a_set(256, record())))
    case.flow(ver=9, domain=7, seq=4, src='10.1.0.1', etype=0x0800, sampling=200,
              rate_source='options')
    case.flow(**row | dict(seq=4, sampling=200))
    case.counts(BytesTemplates=36 + 14 + 18 + 8, BytesBadTemplate=13, BytesNoTemplate=5,
                BytesOptions=8 + 5, BytesDecoded=4 * 25 + 4, DatagramsMalformed=1)


def rates(case):
    """The rate that a record brings with it."""
    case.send(v9(3, 1, 7, a_set(0, template(256, (34, 4), (48, 2)), template(257, (50, 2), (34, 1))),
                 a_set(256, u32(100), u16(9), u32(0), u16(9)),
                 a_set(257, u16(512), u8(0))))
    row = dict(ver=9, domain=7, seq=1)
    case.flow(**row | dict(sampling=100, rate_source='record', sampler_id=9))
    case.flow(**row | dict(sampler_id=9, rate_source=0))
    case.flow(**row | dict(sampling=512, rate_source='record'))
    case.counts(BytesDecoded=12 + 3)


def sequence(case):
    """The sequence counts datagrams, whatever is in them."""
    for number in (4294967294, 4294967295, 0, 3, 1, 4):
        case.send(v9(1, number, 7, a_set(999, record(), record())))
    case.counts(Datagrams=6, SequenceMissing=2, SequenceLate=1, SequenceResets=0)


CASES = [plain, zerotail, varlen, clash, broken, orphans, late, late_options, reduced, wrap, mpls,
         layer2, options,
         samplers, common_rate, interface_rates, options_redefined, rates, sequence]
