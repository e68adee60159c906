# SPDX-License-Identifier: Apache-2.0
"""Fields that go nowhere, that are narrower or wider than usual, and that come twice."""
from wire import VARIABLE, a_set, ip, ipfix, sized, template, u8, u16, u32, u64, uint, v9

ROW = dict(ver=10, domain=7, seq=0, rate_source=0)
REVERSE = 29305         # RFC 5103: the elements of IANA, of the way back


def ipfix_lists(case):
    """Lists of RFC 6313 are passed by their length, of a fixed one too, one in another, and when
    what is in them does not fit it."""
    basic = u8(3) + u16(8) + u16(4) + ip('172.16.0.1') + ip('172.16.0.2')
    within = u8(3) + u16(291) + u16(VARIABLE) + sized(basic) + sized(b'\xff\xff')
    many = u8(4) + u16(256) + u16(9) + bytes(5)
    case.send(ipfix(0, 7, a_set(2, template(256, (7, 2), (291, VARIABLE), (11, 2), (292, VARIABLE),
                                            (4, 1), (293, VARIABLE)),
                                template(257, (291, len(basic)), (8, 4))),
                    a_set(256,
                          u16(1), sized(basic), u16(2), sized(b'\3\1\0' + bytes(7)), u8(6),
                          sized(many),
                          u16(3), u8(255) + u16(len(within)) + within, u16(4), sized(b''), u8(17),
                          sized(b'\0'),
                          u16(5), sized(b'\3\0\x08\xff'), u16(6), sized(b'\4'), u8(1), sized(many)),
                    a_set(257, basic, ip('10.1.0.1'), b'\xff' * len(basic), ip('10.1.0.2'))))
    for sport, dport, proto in (1, 2, 6), (3, 4, 17), (5, 6, 1):
        case.flow(**ROW | dict(sport=sport, dport=dport, proto=proto))
    for last in 1, 2:
        case.flow(**ROW | dict(src=f'10.1.0.{last}', etype=0x0800))
    case.counts(RecordsDecoded=5, DatagramsMalformed=0, BytesDecoded=41 + 35 + 21 + 2 * 17)


def ipfix_unknown(case):
    """Elements that nobody knows: of IANA, of enterprises, of the way back, of variable length;
    those of enterprises 0 and 9 with one number are two; what is empty is not there."""
    case.send(ipfix(0, 7, a_set(2, template(256, (999, 2), (999, 4, 9), (999, 1, 0xffffffff),
                                            (8, 4), (32767, VARIABLE, 9), (999, 2, REVERSE),
                                            (210, 3), (314, VARIABLE), (0, 2), (8, 4, 9))),
                    a_set(256,
                          u16(1), u32(2), u8(3), ip('10.1.0.1'), sized(b'one'), u16(4), bytes(3),
                          sized(b'payload'), u16(9), ip('9.9.9.9'),
                          u16(5), u32(6), u8(7), ip('10.1.0.2'), sized(b''), u16(8), bytes(3),
                          sized(b''), u16(9), ip('9.9.9.8'))))
    case.flow(**ROW | dict(src='10.1.0.1', etype=0x0800, unknown='0/999=0001,9/999=00000002,'
                           '4294967295/999=03,9/32767=6f6e65,29305/999=0004,9/8=09090909'))
    case.flow(**ROW | dict(src='10.1.0.2', etype=0x0800, unknown='0/999=0005,9/999=00000006,'
                           '4294967295/999=07,29305/999=0008,9/8=09090908'))
    case.counts(RecordsDecoded=2, DatagramsMalformed=0, BytesDecoded=34 + 24)


def nf9_unknown(case):
    """Elements of v9 that nobody knows, above 32767 too, where the bit above says nothing there;
    of more than 16 the first 16 are kept, and all are passed by."""
    many = [(33000 + n, 2) for n in range(20)]
    case.send(v9(2, 1, 7, a_set(0, template(256, *many, (8, 4)),
                                template(257, (0x8001, 4), (0x8008, 4), (4, 1))),
                 a_set(256, *(u16(n) for n in range(20)), ip('10.1.0.1')),
                 a_set(257, u32(555), ip('9.9.9.9'), u8(17))))
    row = ROW | dict(ver=9, seq=1)
    case.flow(**row | dict(src='10.1.0.1', etype=0x0800,
                           unknown=','.join(f'0/{33000 + n}={n:04x}' for n in range(16))))
    case.flow(**row | dict(proto=17, unknown='0/32769=0000022b,0/32776=09090909'))
    case.counts(RecordsDecoded=2, BytesDecoded=44 + 9)


def ipfix_widths(case):
    """Addresses of a length that no address has are passed by and say nothing; whatever stands
    behind them is where it should be."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 50), (12, 4), (27, 15), (7, 2)),
                                template(257, (15, 16), (8, 4), (61, 2), (70, 4), (4, 1)),
                                template(258, (154, 4), (8, 4), (351, 4), (11, 2))),
                    a_set(256, ip('9.9.9.9') + bytes(46), ip('10.2.0.2'), b'\1' * 15, u16(80)),
                    a_set(257, b'\3' * 16, ip('10.1.0.1'), u16(1), u32(77), u8(17)),
                    a_set(258, u32(5), ip('10.1.0.3'), u32(6), u16(53))))
    case.flow(**ROW | dict(dst='10.2.0.2', sport=80, etype=0x0800))
    case.flow(**ROW | dict(src='10.1.0.1', proto=17, etype=0x0800))
    case.flow(**ROW | dict(src='10.1.0.3', dport=53, etype=0x0800))
    case.counts(RecordsDecoded=3, BytesDecoded=71 + 27 + 14, DatagramsMalformed=0)


def ipfix_reduced(case):
    """Integers in fewer bytes than they have (RFC 7011 section 6.2), each width there is."""
    octets = (0xfe, 0xfedc, 0xfedcba, 0xfedcba98, 0xfedcba9876, 0xfedcba987654, 0xfedcba98765432)
    for width, value in enumerate(octets, 1):
        case.send(ipfix(width - 1, 7, a_set(2, template(256 + width, (1, width), (2, 8 - width))),
                        a_set(256 + width, uint(width, value), uint(8 - width, octets[7 - width]))))
        case.flow(**ROW | dict(seq=width - 1, bytes=value, packets=octets[7 - width]))
    case.send(ipfix(7, 7, a_set(2, template(300, (7, 1), (11, 1), (10, 1), (14, 3), (16, 2), (17, 3),
                                            (31, 2), (54, 1), (95, 3), (48, 1), (234, 2), (6, 1))),
                    a_set(300, u8(53), u8(123), u8(7), uint(3, 70_000), u16(64500), uint(3, 66_000),
                          u16(0xabcd), u8(9), uint(3, 0x030050), u8(4), u16(12), u8(0x1b))))
    case.flow(**ROW | dict(seq=7, sport=53, dport=123, in_if=7, out_if=70_000, src_as=64500,
                           dst_as=66_000, flow_label=0xabcd, frag_id=9, app_id='030050',
                           sampler_id=4, vrf_in=12, tcp_flags=0x1b))
    case.counts(RecordsDecoded=8, SequenceMissing=0)


def ipfix_inner(case):
    """Elements of the outer header, then of the inner: IPv6 in IPv6, one end only, three headers,
    and what has no place inside."""
    case.send(ipfix(0, 7, a_set(2,
        template(256, (27, 16), (28, 16), (4, 1), (27, 16), (28, 16), (7, 2), (11, 2), (4, 1)),
        template(257, (8, 4), (12, 4), (8, 4), (6, 1), (5, 1), (6, 1), (5, 1), (1, 4), (1, 4)),
        template(258, (8, 4), (8, 4), (8, 4), (11, 2), (11, 2), (11, 2))),
        a_set(256, ip('2001:db8::1'), ip('2001:db8::2'), u8(43), ip('2001:db8:1::1'),
              ip('2001:db8:1::2'), u16(1000), u16(2000), u8(17),
              ip('2001:db8::1'), ip('2001:db8::2'), u8(41), bytes(32), u16(0), u16(0), u8(0)),
        a_set(257, ip('10.1.0.1'), ip('10.2.0.2'), ip('172.16.0.1'), u8(2), u8(3), u8(4), u8(5),
              u32(60), u32(70),
              ip('10.1.0.1'), ip('10.2.0.2'), bytes(4), bytes(4), u32(60), u32(70)),
        a_set(258, ip('10.1.0.1'), ip('172.16.0.1'), ip('192.168.0.1'), u16(1), u16(2), u16(3))))
    six = ROW | dict(src='2001:db8::1', dst='2001:db8::2', etype=0x86dd)
    case.flow(**six | dict(proto=43, inner_src='2001:db8:1::1', inner_dst='2001:db8:1::2',
                           sport=1000, dport=2000, inner_proto=17))
    case.flow(**six | dict(proto=41))
    four = ROW | dict(src='10.1.0.1', etype=0x0800)
    case.flow(**four | dict(dst='10.2.0.2', inner_src='172.16.0.1', tcp_flags=2, tos=3, bytes=60))
    case.flow(**four | dict(dst='10.2.0.2', bytes=60))
    case.flow(**four | dict(inner_src='172.16.0.1', dport=1, inner_dst_port=2))
    case.counts(RecordsDecoded=5, DatagramsMalformed=0)


def ipfix_other_elements(case):
    """Elements that stand in for others: ports of UDP and TCP, physical interfaces, the customer's
    tag, totals of the way back, what HTTP asked for. Beside the usual one they say nothing."""
    case.send(ipfix(0, 7, a_set(2,
        template(256, (180, 2), (181, 2), (252, 4), (253, 4), (243, 2), (245, 2)),
        template(257, (182, 2), (183, 2), (7, 2), (11, 2), (252, 4), (10, 4), (253, 4), (14, 4)),
        template(258, (182, 2), (183, 2), (85, 8, REVERSE), (86, 8, REVERSE), (460, VARIABLE),
                 (461, VARIABLE)),
        template(259, (85, 4, REVERSE), (1, 4, REVERSE), (86, 4, REVERSE), (2, 4, REVERSE))),
        a_set(256, u16(5353), u16(53), u32(3), u32(4), u16(30), u16(40)),
        a_set(257, u16(1), u16(2), u16(5000), u16(443), u32(9), u32(3), u32(9), u32(4)),
        a_set(258, u16(5000), u16(80), u64(1 << 40), u64(1 << 33), sized(b'example.com'),
              sized(b'/index.html')),
        a_set(259, u32(1), u32(20), u32(2), u32(30))))
    case.flow(**ROW | dict(sport=5353, dport=53, in_if=3, out_if=4, vlan=30, vlan_in=30,
                           inner_vlan=40))
    case.flow(**ROW | dict(sport=5000, dport=443, in_if=3, out_if=4))
    case.flow(**ROW | dict(sport=5000, dport=80, bytes_rev=1 << 40, packets_rev=1 << 33,
                           url_host='example.com', url='/index.html'))
    case.flow(**ROW | dict(bytes_rev=20, packets_rev=30))
    case.counts(RecordsDecoded=4, DatagramsMalformed=0, BytesDecoded=16 + 24 + 44 + 16)


def ipfix_known(case):
    """Elements that say what is said elsewhere, or what is of no use: passed by, and not unknown."""
    fields = ((36, 2), (37, 2), (40, 8), (41, 8), (42, 8), (130, 4), (131, 16), (138, 8), (143, 4),
              (144, 4), (145, 2), (148, 8), (161, 4), (195, 1), (196, 1), (346, 4), (35, 1),
              (49, 1), (304, 2), (210, 5))
    size = sum(length for _, length in fields)
    case.send(ipfix(0, 7, a_set(2, template(256, (7, 2), *fields, (11, 2))),
                    a_set(256, u16(1), b'\x55' * size, u16(2))))
    case.flow(**ROW | dict(sport=1, dport=2))
    case.counts(RecordsDecoded=1, BytesDecoded=4 + size)


def nf9_eight_labels(case):
    """A stack of eight labels, the most there are elements for; a gap in it is a label of 0."""
    case.send(v9(2, 1, 7, a_set(0, template(256, *((70 + n, 3) for n in range(8)))),
                 a_set(256, *(uint(3, (100 + n) << 4 | (n == 7)) for n in range(8)),
                       uint(3, 100 << 4), bytes(3), uint(3, 102 << 4), bytes(15))))
    row = ROW | dict(ver=9, seq=1)
    case.flow(**row | dict(mpls_labels='100,101,102,103,104,105,106,107'))
    case.flow(**row | dict(mpls_labels='100,0,102'))
    case.counts(RecordsDecoded=2, BytesDecoded=48)


CASES = [ipfix_lists, ipfix_unknown, nf9_unknown, ipfix_widths, ipfix_reduced, ipfix_inner,
         ipfix_other_elements, ipfix_known, nf9_eight_labels]
