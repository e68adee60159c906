# SPDX-License-Identifier: Apache-2.0
"""Firewalls and translators: records that are events of a connection, with translated addresses."""
from wire import EXPORTED, VARIABLE, a_set, ip, ipfix, sized, template, u8, u16, u32, u64, v9

S = 1_000_000_000
MS = 1_000_000
NOW = EXPORTED * 1000


def nf9_firewall(case):
    """A firewall's records: created, torn down with both directions' counters, denied, updated; IDs
    of access lists and extended events are the vendor's, above 32767."""
    tuple4 = ((8, 4), (7, 2), (10, 2), (12, 4), (11, 2), (14, 2), (4, 1), (176, 1), (177, 1))
    nat = ((225, 4), (226, 4), (227, 2), (228, 2))
    event = ((233, 1), (33002, 2), (323, 8))
    where = (ip('10.1.0.1') + u16(1234) + u16(3) + ip('198.51.100.2') + u16(443) + u16(4) + u8(6)
             + u8(0) + u8(0))
    translated = ip('192.0.2.9') + ip('198.51.100.2') + u16(61234) + u16(443)
    case.send(v9(4, 1, 7, a_set(0,
        template(256, (148, 4), *tuple4, *nat, *event, (152, 8), (33000, 12), (40000, 20)),
        template(257, (148, 4), *tuple4, *nat, *event, (152, 8), (231, 4), (232, 4), (298, 4),
                 (299, 4), (40000, 20)),
        template(258, *tuple4, *event, (33000, 12), (33001, 12)))))
    case.send(v9(4, 2, 7,
        a_set(256, u32(77), where, translated, u8(1), u16(0), u64(NOW - 1), u64(NOW - 1), b'ACL1' * 3,
              b'alice'.ljust(20, b'\0')),
        a_set(257, u32(77), where, translated, u8(5), u16(0), u64(NOW), u64(NOW - 1), u32(5000),
              u32(70000), u32(12), u32(60), bytes(20),
              u32(77), where, translated, u8(2), u16(2030), u64(NOW + 1), u64(NOW - 1), u32(0),
              u32(0), u32(0), u32(0), b'alice'.ljust(20, b'\0')),
        a_set(258, ip('10.1.0.1') + u16(0) + u16(3) + ip('198.51.100.2') + u16(0) + u16(4) + u8(1)
              + u8(8) + u8(0), u8(3), u16(1001), u64(NOW), b'ACL2' * 3, bytes(12))))
    row = dict(ver=9, domain=7, seq=2, src='10.1.0.1', dst='198.51.100.2', in_if=3, out_if=4,
               etype=0x0800, rate_source=0)
    connection = row | dict(sport=1234, dport=443, proto=6, nat_src='192.0.2.9',
                            nat_dst='198.51.100.2', nat_sport=61234, nat_dport=443,
                            t_start_ns=(NOW - 1) * MS)
    acl = '0/33000=' + (b'ACL1' * 3).hex()
    case.flow(**connection | dict(fw_event=1, src_user='alice', unknown='0/33002=0000,' + acl))
    case.flow(**connection | dict(fw_event=5, bytes=5000, bytes_rev=70000, packets=12,
                                  packets_rev=60, unknown='0/33002=0000'))
    case.flow(**connection | dict(fw_event=2, src_user='alice', unknown='0/33002=07ee'))
    case.flow(**row | dict(proto=1, icmp_type=8, fw_event=3, t_start_ns=NOW * MS,
                           t_end_ns=NOW * MS, unknown='0/33002=03e9,0/33000='
                           + (b'ACL2' * 3).hex() + ',0/33001=' + '00' * 12))
    case.counts(RecordsDecoded=4, DatagramsMalformed=0)


def nf9_translations(case):
    """A translator's log of v9: sessions made and taken down, blocks of ports, and 6 to 4."""
    case.send(v9(3, 1, 7, a_set(0,
        template(256, (323, 8), (234, 4), (230, 1), (4, 1), (8, 4), (225, 4), (7, 2), (227, 2),
                 (12, 4), (226, 4), (11, 2), (228, 2)),
        template(257, (323, 8), (230, 1), (8, 4), (225, 4), (361, 2), (362, 2)),
        template(258, (230, 1), (27, 16), (225, 4), (28, 16), (226, 4), (227, 2), (228, 2))),
        a_set(256, *(u64(NOW + i) + u32(9) + u8(event) + u8(17) + ip('100.64.0.1')
                     + ip('203.0.113.5') + u16(5353) + u16(1025) + ip('198.51.100.2')
                     + ip('198.51.100.2') + u16(53) + u16(53) for i, event in enumerate((4, 5)))),
        a_set(257, u64(NOW), u8(16), ip('100.64.0.1'), ip('203.0.113.5'), u16(1024), u16(2047)),
        a_set(258, u8(6), ip('64:ff9b::1'), ip('203.0.113.6'), ip('64:ff9b::c633:6402'),
              ip('198.51.100.2'), u16(4000), u16(80))))
    row = dict(ver=9, domain=7, seq=1, src='100.64.0.1', nat_src='203.0.113.5', etype=0x0800,
               rate_source=0)
    session = row | dict(dst='198.51.100.2', nat_dst='198.51.100.2', proto=17, sport=5353,
                         nat_sport=1025, dport=53, nat_dport=53, vrf_in=9)
    case.flow(**session | dict(nat_event=4, t_start_ns=NOW * MS, t_end_ns=NOW * MS))
    case.flow(**session | dict(nat_event=5, t_start_ns=(NOW + 1) * MS, t_end_ns=(NOW + 1) * MS))
    case.flow(**row | dict(nat_event=16, t_start_ns=NOW * MS, t_end_ns=NOW * MS,
                           unknown='0/361=0400,0/362=07ff'))
    case.flow(ver=9, domain=7, seq=1, src='64:ff9b::1', nat_src='203.0.113.6',
              dst='64:ff9b::c633:6402', nat_dst='198.51.100.2', nat_sport=4000, nat_dport=80,
              nat_event=6, etype=0x86dd, rate_source=0)
    case.counts(RecordsDecoded=4, DatagramsMalformed=0)


def ipfix_translations(case):
    """The same of IPFIX: translated addresses of IPv6 (281, 282), of both families in one template,
    and a user in a field of variable length."""
    case.send(ipfix(0, 7, a_set(2,
        template(256, (27, 16), (28, 16), (281, 16), (282, 16), (227, 2), (228, 2), (230, 1)),
        template(257, (8, 4), (225, 4), (281, 16), (226, 4), (282, 16)),
        template(258, (8, 4), (233, 1), (371, VARIABLE), (231, 8), (232, 8))),
        a_set(256, ip('fd00::1'), ip('2001:db8::2'), ip('2001:db8:f::1'), ip('2001:db8::2'),
              u16(40000), u16(443), u8(1)),
        a_set(257, ip('10.1.0.1'), ip('203.0.113.5'), bytes(16), bytes(4), ip('2001:db8::9'),
              ip('10.1.0.1'), bytes(4), ip('2001:db8:f::2'), ip('198.51.100.2'), bytes(16),
              ip('10.1.0.1'), bytes(4), bytes(16), bytes(4), bytes(16)),
        a_set(258, ip('10.1.0.1'), u8(2), sized(b'bob'), u64(1), u64(2))))
    row = dict(ver=10, domain=7, seq=0, rate_source=0)
    case.flow(**row | dict(src='fd00::1', dst='2001:db8::2', nat_src='2001:db8:f::1',
                           nat_dst='2001:db8::2', nat_sport=40000, nat_dport=443, nat_event=1,
                           etype=0x86dd))
    row |= dict(src='10.1.0.1', etype=0x0800)
    case.flow(**row | dict(nat_src='203.0.113.5', nat_dst='2001:db8::9'))
    case.flow(**row | dict(nat_src='2001:db8:f::2', nat_dst='198.51.100.2'))
    case.flow(**row)
    case.flow(**row | dict(fw_event=2, src_user='bob', bytes=1, bytes_rev=2))
    case.counts(RecordsDecoded=5, DatagramsMalformed=0)


CASES = [nf9_firewall, nf9_translations, ipfix_translations]
