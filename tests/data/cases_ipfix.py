# SPDX-License-Identifier: Apache-2.0
"""IPFIX (RFC 7011). A header is 16 bytes, that of a set 4, of a template 4 + 4 a field."""
from wire import (EXPORTED, VARIABLE, a_set, ip, ipfix, ipfix_options, mac, template, u8, u16, u32,
                  u64, uint)

S = 1_000_000_000
MS = 1_000_000
NTP = EXPORTED + 2_208_988_800          # seconds since 1900

# The template of most cases: 4 fields, 20 bytes; a record is 13 bytes.
TEMPLATE_SET = a_set(2, template(256, (8, 4), (12, 4), (4, 1), (1, 4)))


def record(last=1, octets=1000):
    return ip(f'10.1.0.{last}') + ip('10.2.0.2') + u8(6) + u32(octets)


ROW = dict(ver=10, domain=7, rate_source=0)
RECORD = ROW | dict(src='10.1.0.1', dst='10.2.0.2', proto=6, bytes=1000, etype=0x0800)


def plain(case):
    """Template and data in one message, then data alone, from an exporter with IPv6."""
    case.send(ipfix(41, 7, TEMPLATE_SET, a_set(256, record(), record(octets=1))),
              exporter='2001:db8::1')
    case.flow(**RECORD | dict(seq=41))
    case.flow(**RECORD | dict(seq=41, bytes=1))
    case.send(ipfix(43, 7, a_set(256, record())), exporter='2001:db8::1')
    case.flow(**RECORD | dict(seq=43))
    case.counts(Datagrams=2, BytesReceived=16 + 24 + 4 + 26 + 16 + 4 + 13, BytesHeaders=44,
                BytesTemplates=20, BytesDecoded=39, RecordsDecoded=3, TemplatesLearned=1,
                SequenceMissing=0)


def lengths(case):
    """The length in the header is not that of the datagram."""
    data = a_set(256, record())
    case.send(ipfix(0, 7, TEMPLATE_SET))
    case.send(ipfix(0, 7, data, length=33) + b'junk')               # junk behind
    case.flow(**RECORD | dict(seq=0))
    case.send(ipfix(1, 7, data, length=33) + bytes(6))              # zeros behind
    case.flow(**RECORD | dict(seq=1))
    case.send(ipfix(2, 7, data, length=34))                         # one byte too long
    case.send(ipfix(2, 7, data, length=15))                         # shorter than the header
    case.send(ipfix(2, 7, data, data, length=48))                   # the last set is cut by 2
    case.flow(**RECORD | dict(seq=2))
    case.send(ipfix(3, 7, data) + ipfix(4, 7, data))                # a second message
    case.flow(**RECORD | dict(seq=3))
    case.counts(Datagrams=7, BytesReceived=40 + 37 + 39 + 33 + 33 + 50 + 66, BytesTemplates=20,
                BytesHeaders=7 * 16 + 6 * 4, BytesDecoded=4 * 13, BytesBadLength=4 + 17 + 2 + 33,
                BytesPadding=6, BytesTruncated=17 + 11, DatagramsMalformed=5)


def ports(case):
    """An exporter changes its port between template and data, as some routers do."""
    case.send(ipfix(0, 7, TEMPLATE_SET), sport=50001)
    case.send(ipfix(0, 7, a_set(256, record())), sport=50002)
    case.flow(**RECORD | dict(seq=0))
    case.counts(SetsNoTemplate=0, RecordsDecoded=1)


def domains(case):
    """One template id in two domains, and nobody's in a third."""
    case.send(ipfix(0, 7, TEMPLATE_SET))
    case.send(ipfix(0, 8, a_set(2, template(256, (12, 4), (8, 4), (4, 1), (1, 4)))))
    case.send(ipfix(0, 8, a_set(256, record())))
    case.flow(**RECORD | dict(seq=0, domain=8, src='10.2.0.2', dst='10.1.0.1'))
    case.send(ipfix(0, 7, a_set(256, record())))
    case.flow(**RECORD | dict(seq=0))
    case.send(ipfix(0, 9, a_set(256, record())))
    case.counts(SetsNoTemplate=1, RecordsDecoded=2)


def times(case):
    """Seconds, milliseconds, NTP's fractions and distances from the export, with none lost."""
    pairs = (
        ((150, 151), 4, u32(EXPORTED - 10), u32(EXPORTED), -10 * S, 0),
        ((152, 153), 8, u64(EXPORTED * 1000 - 1), u64(EXPORTED * 1000 + 1), -1 * MS, 1 * MS),
        ((154, 155), 8, u32(NTP - 1) + u32(1 << 31), u32(NTP) + u32(1 << 30), -S // 2, S // 4),
        ((156, 157), 8, u32(NTP - 1) + u32(1 << 31), u32(NTP) + u32(0xffffffff), -S // 2, S - 1),
        ((158, 159), 4, u32(748_688), u32(1), -748_688_000, -1000),
    )
    sequence = 0
    for i, ((first, last), size, start, end, start_ns, end_ns) in enumerate(pairs):
        case.send(ipfix(sequence, 7, a_set(2, template(256 + i, (first, size), (last, size))),
                        a_set(256 + i, start, end)))
        case.flow(**ROW | dict(seq=sequence, t_start_ns=EXPORTED * S + start_ns,
                               t_end_ns=EXPORTED * S + end_ns))
        sequence += 1
    case.send(ipfix(5, 7, a_set(2, template(270, (323, 8), (230, 1))),
                    a_set(270, u64(EXPORTED * 1000), u8(4))))
    case.flow(**ROW | dict(seq=5, t_start_ns=EXPORTED * S, t_end_ns=EXPORTED * S, nat_event=4))
    case.counts(RecordsDecoded=6, SequenceMissing=0)


def uptimes(case):
    """Times on the uptime are known when the record says when it began, and unknown else."""
    case.send(ipfix(0, 7, a_set(2, template(256, (22, 4), (21, 4), (160, 8)),
                                template(257, (22, 4), (21, 4), (4, 1))),
                    a_set(256, u32(50_000), u32(59_000), u64(EXPORTED * 1000 - 60_000)),
                    a_set(257, u32(50_000), u32(59_000), u8(6))))
    case.flow(**ROW | dict(seq=0, t_start_ns=(EXPORTED - 10) * S, t_end_ns=(EXPORTED - 1) * S))
    case.flow(**ROW | dict(seq=0, proto=6))
    case.counts(RecordsDecoded=2)


def long_uptimes(case):
    """The uptime has run over since the beginning that is told, once and twice; a flow may end after
    the export. Where the beginning cannot be right it is believed all the same."""
    day, over = 86_400_000, 1 << 32                             # ms
    now = EXPORTED * 1000
    fields = a_set(2, template(256, (22, 4), (21, 4), (160, 8)))
    rows = (
        (60 * day, -10_000, 1500),                              # once
        (100 * day, -3_600_000, -1),                            # twice
        (over + 5000, -10_000, 0),                              # between start and end
        (over - 1000, 500, 1500),                               # after the export, not yet
        (60 * day, 61_000 - day, 62_000 - day),
    )
    for sequence, (uptime, start, end) in enumerate(rows):
        boot = now - uptime
        case.send(ipfix(sequence, 7, fields, a_set(256, u32((uptime + start) % over),
                                                   u32((uptime + end) % over), u64(boot))))
        case.flow(**ROW | dict(seq=sequence, t_start_ns=(now + start) * MS,
                               t_end_ns=(now + end) * MS))
    # 60 days ago and an hour up: neither an hour before the export, nor a round later.
    boot = now - 60 * day
    case.send(ipfix(5, 7, fields, a_set(256, u32(3_600_000), u32(3_700_000), u64(boot))))
    case.flow(**ROW | dict(seq=5, t_start_ns=(boot + 3_600_000) * MS,
                           t_end_ns=(boot + 3_700_000) * MS))
    case.counts(RecordsDecoded=6, SequenceMissing=0)


def twice(case):
    """An element twice is the outer header, then the inner: the first counts."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 4), (12, 4), (7, 2), (4, 1), (8, 4), (12, 4),
                                            (7, 2), (4, 1))),
                    a_set(256, ip('10.1.0.1'), ip('10.2.0.2'), u16(1), u8(47), ip('172.16.0.1'),
                          ip('172.16.0.2'), u16(2), u8(6))))
    case.flow(**ROW | dict(seq=0, src='10.1.0.1', dst='10.2.0.2', sport=1, proto=47, etype=0x0800,
                           inner_src='172.16.0.1', inner_dst='172.16.0.2', inner_src_port=2,
                           inner_proto=6))
    case.counts(BytesDecoded=22)


def families(case):
    """Both families in one template, one of them zero; and both, and none."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 4), (12, 4), (27, 16), (28, 16), (9, 1),
                                            (29, 1), (15, 4), (62, 16))),
                    a_set(256,
                          bytes(8), ip('2001:db8::1'), ip('2001:db8::2'), u8(0), u8(64), bytes(4),
                          ip('fe80::1'),
                          ip('10.1.0.1'), ip('10.2.0.2'), bytes(32), u8(24), u8(0), ip('10.0.0.9'),
                          bytes(16),
                          ip('10.1.0.1'), ip('10.2.0.2'), ip('2001:db8::1'), ip('2001:db8::2'),
                          u8(0), u8(64), bytes(20),
                          bytes(8), bytes(32), bytes(2), bytes(20))))
    case.flow(**ROW | dict(seq=0, src='2001:db8::1', dst='2001:db8::2', src_mask=64, etype=0x86dd,
                           nexthop='fe80::1'))
    case.flow(**ROW | dict(seq=0, src='10.1.0.1', dst='10.2.0.2', src_mask=24, etype=0x0800,
                           nexthop='10.0.0.9'))
    case.flow(**ROW | dict(seq=0, src='10.1.0.1', dst='10.2.0.2', src_mask=0, etype=0x0800))
    case.flow(**ROW | dict(seq=0, src='0.0.0.0', dst='0.0.0.0', etype=0x0800))
    case.counts(BytesDecoded=4 * 62)


def enterprise(case):
    """Elements of an enterprise with the numbers of standard ones are not those."""
    case.send(ipfix(0, 7, a_set(2, template(256, (1, 8, 9), (8, 4, 9), (8, 4), (1, 4),
                                            (4, 1, 29305))),
                    a_set(256, u64(9), ip('9.9.9.9'), ip('10.1.0.1'), u32(555), u8(17))))
    case.flow(**ROW | dict(seq=0, src='10.1.0.1', bytes=555, etype=0x0800,
                           unknown='9/1=0000000000000009,9/8=09090909'))
    case.counts(BytesTemplates=4 + 8 + 8 + 4 + 4 + 8, BytesDecoded=21)


def biflow(case):
    """The reverse direction (RFC 5103) has its own counters and overwrites nothing."""
    case.send(ipfix(0, 7, a_set(2, template(256, (1, 4), (2, 4), (6, 1), (5, 1), (1, 4, 29305),
                                            (2, 4, 29305), (6, 1, 29305), (5, 1, 29305), (239, 1)),
                                template(257, (231, 4), (232, 4), (298, 4), (299, 4))),
                    a_set(256, u32(1000), u32(10), u8(0x1b), u8(0xb8), u32(55555), u32(44),
                          u8(0x13), u8(0), u8(1)),
                    a_set(257, u32(1), u32(2), u32(3), u32(4))))
    case.flow(**ROW | dict(seq=0, bytes=1000, packets=10, tcp_flags=0x1b, tos=0xb8, biflow=1,
                           bytes_rev=55555, packets_rev=44))
    case.flow(**ROW | dict(seq=0, bytes=1, bytes_rev=2, packets=3, packets_rev=4))
    case.counts(BytesDecoded=21 + 16)


def totals(case):
    """Of delta and total the delta counts, wherever it stands; of the others what there is."""
    rows = (((85, 1), 85, 1), ((86, 2), 0, 86), ((23, 352), 23, 0), ((352, 24), 352, 24))
    sequence = 0
    for i, (elements, octets, packets) in enumerate(rows):
        fields = [(e, 4) for e in elements]
        want = {'bytes': octets, 'packets': packets}
        if elements == (85, 1):
            want = {'bytes': 1}
        if elements == (86, 2):
            want = {'packets': 2}
        case.send(ipfix(sequence, 7, a_set(2, template(256 + i, *fields)),
                        a_set(256 + i, *(u32(e) for e in elements))))
        case.flow(**ROW | dict(seq=sequence) | want)
        sequence += 1
    case.counts(BytesDecoded=4 * 8)


def boot_by_options(case):
    """The beginning of the uptime is told by options, for this domain, and told anew."""
    told = a_set(3, ipfix_options(300, ((149, 4),), ((160, 8),)))
    flows = a_set(2, template(256, (22, 4), (21, 4), (4, 1)), template(257, (22, 4), (160, 8)))
    data = a_set(256, u32(50_000), u32(59_000), u8(6))
    known = ROW | dict(proto=6, t_start_ns=(EXPORTED - 10) * S, t_end_ns=(EXPORTED - 1) * S)
    case.send(ipfix(0, 7, told, flows, data))
    case.flow(**ROW | dict(seq=0, proto=6))
    case.send(ipfix(1, 7, a_set(300, u32(7), u64(EXPORTED * 1000 - 60_000)), data,
                    a_set(257, u32(1000), u64(EXPORTED * 1000 - 1000))))    # its own comes first
    case.flow(**known | dict(seq=1))
    case.flow(**ROW | dict(seq=1, t_start_ns=EXPORTED * S))
    case.send(ipfix(0, 8, flows, data))                     # another domain
    case.flow(**ROW | dict(seq=0, domain=8, proto=6))
    case.send(ipfix(4, 7, a_set(300, u32(7), u64(EXPORTED * 1000 - 59_000)), data))
    case.flow(**known | dict(seq=4, t_start_ns=(EXPORTED - 9) * S, t_end_ns=EXPORTED * S))
    case.counts(RecordsDecoded=5, BytesOptions=24, SequenceMissing=0)


def icmp(case):
    """ICMP's type and code have elements of their own; IE 6 may have 16 bits, IE 4 too."""
    case.send(ipfix(0, 7, a_set(2, template(256, (4, 1), (32, 2)), template(257, (4, 2), (176, 1),
                                                                            (177, 1)),
                                template(258, (4, 1), (178, 1), (179, 1), (27, 16)),
                                template(259, (4, 1), (6, 2), (11, 2))),
                    a_set(256, u8(1), u16(0x0803)),
                    a_set(257, u16(1), u8(11), u8(1)),
                    a_set(258, u8(58), u8(1), u8(4), ip('2001:db8::1')),
                    a_set(259, u8(1), u16(0x0112), u16(0x0800))))
    case.flow(**ROW | dict(seq=0, proto=1, icmp_type=8, icmp_code=3))
    case.flow(**ROW | dict(seq=0, proto=1, icmp_type=11, icmp_code=1))
    case.flow(**ROW | dict(seq=0, proto=58, icmp_type=1, icmp_code=4, src='2001:db8::1',
                           etype=0x86dd))
    case.flow(**ROW | dict(seq=0, proto=1, tcp_flags=0x112, dport=0x0800))
    case.counts(BytesDecoded=3 + 4 + 19 + 5)


def varlen(case):
    """Fields of variable length, lists among them, and one that reaches beyond its set."""
    case.send(ipfix(0, 7, a_set(2, template(256, (7, 2), (82, VARIABLE), (291, VARIABLE), (10, 2))),
                    a_set(256, u16(1), u8(3), b'eth', u8(9), u8(3), u16(10), u16(4), u32(77),
                          u16(5),
                          u16(2), u8(0), u8(255), u16(256), bytes(256), u16(6)),
                    a_set(256, u16(3), u8(1), b'a', u8(0), u16(7), u16(4), u8(200), b'cut off'),
                    a_set(256, u16(8), u8(0), u8(0), u16(9), bytes(3))))
    case.flow(**ROW | dict(seq=0, sport=1, in_if=5))
    case.flow(**ROW | dict(seq=0, sport=2, in_if=6))
    case.flow(**ROW | dict(seq=0, sport=3, in_if=7))
    case.flow(**ROW | dict(seq=0, sport=8, in_if=9))
    case.counts(BytesDecoded=18 + 264 + 7 + 6, BytesTruncated=10, BytesPadding=3,
                DatagramsMalformed=1, RecordsDecoded=4)


def withdraw(case):
    """A template is withdrawn, alone and with all others; its data are nobody's then."""
    data = a_set(256, record())
    case.send(ipfix(0, 7, TEMPLATE_SET, data))
    case.flow(**RECORD | dict(seq=0))
    case.send(ipfix(1, 7, a_set(2, u16(256), u16(0)), data))
    case.send(ipfix(2, 7, TEMPLATE_SET, data))
    case.flow(**RECORD | dict(seq=2))
    case.send(ipfix(3, 7, a_set(3, u16(3), u16(0)), data))          # of options: not concerned
    case.flow(**RECORD | dict(seq=3))
    case.send(ipfix(4, 7, a_set(2, u16(2), u16(0)), data))
    case.counts(BytesTemplates=2 * 20 + 3 * 4, BytesNoTemplate=26, BytesDecoded=39,
                SetsNoTemplate=2, TemplatesLearned=2, DatagramsMalformed=0)


def late(case):
    """Data wait for their template; a withdrawal, or one that cannot be, ends that in vain."""
    case.send(ipfix(0, 7, a_set(256, record(1), record(2)), a_set(257, record(3))))
    case.send(ipfix(3, 8, a_set(256, record(4))))                   # another domain
    case.send(ipfix(3, 7, a_set(2, u16(257), u16(0)), a_set(257, record(5))))       # withdrawn
    case.send(ipfix(4, 7, TEMPLATE_SET, a_set(256, record(6))))
    for seq, last in ((0, 1), (0, 2), (4, 6)):
        case.flow(**RECORD | dict(seq=seq, src=f'10.1.0.{last}'))
    case.send(ipfix(5, 7, a_set(258, record(7)), a_set(2, template(258, (8, 0))),   # no bytes
                    a_set(258, record(8))))
    case.send(ipfix(9, 7, a_set(2, template(257, (8, 4), (12, 4), (4, 1), (1, 4)),
                                template(258, (8, 4), (12, 4), (4, 1), (1, 4))),
                    a_set(258, record(9))))
    case.flow(**RECORD | dict(seq=9, src='10.1.0.9'))
    case.counts(BytesDecoded=4 * 13, BytesTemplates=4 + 3 * 20, BytesBadTemplate=8, BytesParked=0,
                BytesNoTemplate=5 * 13, SetsNoTemplate=5, TemplatesLearned=3, RecordsDecoded=4,
                SequenceMissing=0, DatagramsMalformed=1)


def late_cut(case):
    """Records of variable length before their template; the last is cut off, as it then shows."""
    fields = ((8, 4), (82, VARIABLE), (1, 4))
    case.send(ipfix(0, 7, a_set(256, ip('10.1.0.1'), u8(3), b'et0', u32(1000),
                                ip('10.1.0.2'), u8(0), u32(2000),
                                ip('10.1.0.3'), u8(9), b'et0', u32(3000))))
    case.send(ipfix(3, 7, a_set(2, template(256, *fields))))
    for last, octets in ((1, 1000), (2, 2000)):
        case.flow(**ROW | dict(seq=0, src=f'10.1.0.{last}', bytes=octets, etype=0x0800))
    case.counts(BytesDecoded=12 + 9, BytesTruncated=12, BytesParked=0, BytesNoTemplate=0,
                RecordsDecoded=2, DatagramsMalformed=1)


def odd_sets(case):
    """Set ids of v9, reserved ones, an empty set, options without scope, padding."""
    case.send(ipfix(0, 7, a_set(0, template(256, (8, 4))), a_set(1, b'odd'), a_set(255, b'odd'),
                    TEMPLATE_SET, a_set(256), a_set(256, record(), bytes(3)),
                    a_set(3, u16(300), u16(1), u16(0), u32(0x00220004), bytes(2)),
                    a_set(300, u32(100), u32(100))))
    case.flow(**RECORD | dict(seq=0))
    case.counts(BytesUnknownSet=8 + 3 + 3, BytesDecoded=13, BytesPadding=3 + 2, BytesOptions=8,
                BytesTemplates=20 + 10, DatagramsMalformed=0)


def nothing(case):
    """Records of no bytes: an endless loop for whoever divides by their length."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 0), (12, 0))), a_set(256, bytes(8)),
                    a_set(256),                             # an empty one loses nothing
                    a_set(3, u16(257), u16(0)), a_set(257, bytes(4)),
                    a_set(3, u16(258), u16(1), u16(1), u32(0x00950000)), a_set(258, bytes(4))))
    case.counts(BytesBadTemplate=12 + 10, BytesTemplates=4, BytesNoTemplate=16,
                SetsNoTemplate=3, BytesDecoded=0, RecordsDecoded=0, DatagramsMalformed=1)


def nat(case):
    """Translated addresses and ports, of both families, and events without counters."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 4), (225, 4), (226, 4), (227, 2), (228, 2),
                                            (230, 1), (233, 1)),
                                template(257, (27, 16), (281, 16), (282, 16))),
                    a_set(256, ip('10.1.0.1'), ip('198.51.100.1'), ip('0.0.0.0'), u16(1024),
                          u16(53), u8(1), u8(5)),
                    a_set(257, ip('2001:db8::1'), ip('2001:db8:f::1'), ip('::'))))
    case.flow(**ROW | dict(seq=0, src='10.1.0.1', nat_src='198.51.100.1', nat_sport=1024,
                           nat_dport=53, nat_event=1, fw_event=5, etype=0x0800))
    case.flow(**ROW | dict(seq=0, src='2001:db8::1', nat_src='2001:db8:f::1', etype=0x86dd))
    case.counts(BytesDecoded=18 + 48)


def layer2(case):
    """MAC addresses and VLANs in their several elements."""
    case.send(ipfix(0, 7, a_set(2, template(256, (56, 6), (57, 6), (243, 2), (254, 2), (60, 1),
                                            (192, 1), (210, 3)),
                                template(257, (81, 6), (80, 6), (58, 2), (243, 2), (256, 2))),
                    a_set(256, mac('02:00:00:00:00:0a'), mac('02:00:00:00:00:0b'), u16(101),
                          u16(201), u8(6), u8(64), uint(3, 0)),
                    a_set(257, mac('02:00:00:00:00:0c'), mac('02:00:00:00:00:0d'), u16(100),
                          u16(101), u16(0x88f7))))
    case.flow(**ROW | dict(seq=0, src_mac='02:00:00:00:00:0a', dst_mac='02:00:00:00:00:0b',
                           vlan=101, vlan_in=101, vlan_out=201, etype=0x86dd, ttl_min=64,
                           ttl_max=64))
    case.flow(**ROW | dict(seq=0, src_mac='02:00:00:00:00:0c', dst_mac='02:00:00:00:00:0d',
                           vlan=100, vlan_in=100, etype=0x88f7))
    case.counts(BytesDecoded=21 + 18)


def sequence(case):
    """The sequence counts records, options too; after an unknown set nobody knows where it is."""
    data = a_set(256, record())
    options = a_set(3, u16(300), u16(1), u16(1), u32(0x00950004))
    for number, sets in ((10, (TEMPLATE_SET, options)), (10, (data, data, a_set(300, u32(1)))),
                         (13, (data,)), (20, (data,)), (14, (data,)), (21, (a_set(999, u32(1)),)),
                         (50, (data,)), (52, (data,))):
        case.send(ipfix(number, 7, *sets))
        for _ in range(sets.count(data)):
            case.flow(**RECORD | dict(seq=number))
    case.counts(Datagrams=8, SequenceMissing=6 + 1, SequenceLate=1, SequenceResets=0,
                BytesOptions=4)


CASES = [plain, lengths, ports, domains, times, uptimes, long_uptimes, twice, families, enterprise, biflow,
         totals, boot_by_options, icmp, varlen, withdraw, late, late_cut,
         odd_sets, nothing, nat, layer2, sequence]
