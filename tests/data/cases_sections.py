# SPDX-License-Identifier: Apache-2.0
"""Sections of packets in records (RFC 7133, RFC 5477, and the elements 102 to 104 of v9): what
their headers say, by headers.py, becomes what the record does not say itself."""
from headers import (FRAME, eth, extension, in4, in6, inner_eth, ip4, ip6, tag, tcp, udp)
from wire import VARIABLE, a_set, ip, ipfix, sized, template, u8, u16, u32, v9

ROW = dict(ver=10, domain=7, rate_source=0, packets=1)
PORTS = dict(proto=6, sport=1234, dport=80, tcp_flags=0x18)
ADDRESSES4 = dict(src='10.1.0.1', dst='10.2.0.2', tos=40, ttl_min=64, ttl_max=64, frag_id=7)
ADDRESSES6 = dict(src='2001:db8::1', dst='2001:db8::2', tos=184, ttl_min=63, ttl_max=63,
                  flow_label=0x12345)
# An IPv4 packet of 40 bytes and one of IPv6 of 60, both of TCP: 20 bytes.
P4, P6 = ip4(6, tcp()), ip6(6, tcp())
SAYS4 = ADDRESSES4 | PORTS | dict(bytes=40, ip_length=40, etype=0x0800)
SAYS6 = ADDRESSES6 | PORTS | dict(bytes=60, ip_length=60, etype=0x86dd)
INSIDE4 = dict(inner_src='192.0.2.1', inner_dst='198.51.100.2', inner_proto=6,
               inner_src_port=1234, inner_dst_port=80)
INSIDE6 = dict(inner_src='2001:db8:1::1', inner_dst='2001:db8:2::2', inner_proto=6,
               inner_src_port=1234, inner_dst_port=80)


def ipfix_frame_section(case):
    """dataLinkFrameSection alone in a record: frames of both families, tags, no IP, and cut ones."""
    arp = eth(0x0806, bytes(28))
    tagged = eth(0x88a8, tag(30, 0x8100, tag(40, 0x0800, P4)))
    case.send(ipfix(0, 7, a_set(2, template(256, (315, VARIABLE))),
                    a_set(256, sized(eth(0x0800, P4)), sized(eth(0x86dd, P6)), sized(tagged),
                          sized(arp), sized(eth(0x0800, P4)[:14 + 20]),
                          sized(eth(0x0800, P4)[:13]), sized(b''),
                          u8(255) + u16(54) + eth(0x0800, P4))))
    case.flow(**ROW | FRAME | SAYS4 | dict(seq=0))
    case.flow(**ROW | FRAME | SAYS6 | dict(seq=0))
    case.flow(**ROW | FRAME | SAYS4 | dict(seq=0, vlan=30, vlan_in=30, inner_vlan=40))
    case.flow(**ROW | FRAME | dict(seq=0, etype=0x0806))
    # Cut behind the IP header: its length still says how many bytes the packet had.
    case.flow(**ROW | FRAME | ADDRESSES4 | dict(seq=0, proto=6, bytes=40, ip_length=40,
                                               etype=0x0800))
    case.flow(**ROW | dict(seq=0))              # a header that is not whole says nothing
    case.flow(**ROW | dict(seq=0))
    case.flow(**ROW | FRAME | SAYS4 | dict(seq=0))
    case.counts(RecordsDecoded=8, DatagramsMalformed=0, BytesDecoded=55 + 75 + 63 + 43 + 35 + 14
                + 1 + 57)


def ipfix_frame_section_fixed(case):
    """A frame's section of a fixed length beside other elements, which come before what it says."""
    frame = eth(0x0800, P4)
    case.send(ipfix(0, 7, a_set(2, template(256, (10, 4), (315, 60), (312, 2), (34, 4)),
                                template(257, (1, 4), (2, 4), (315, VARIABLE)),
                                template(258, (7, 2), (8, 4), (58, 2), (315, VARIABLE), (5, 1)),
                                template(259, (408, 2), (409, 2), (410, 2), (312, 2), (315, 60))),
                    a_set(256, u32(3), frame, bytes(6), u16(1514), u32(1000),
                          u32(4), eth(0x0806, bytes(46)), u16(64), u32(1000)),
                    a_set(257, u32(123_456), u32(99), sized(frame)),
                    a_set(258, u16(9), ip('172.16.0.1'), u16(5), sized(eth(0x8100, tag(
                        6, 0x0800, P4))), u8(0x10)),
                    a_set(259,
                          u16(1), u16(0), u16(34), u16(1514), frame, bytes(6),   # 34 bytes count
                          u16(2), u16(0), u16(54), u16(1514), frame, bytes(6),   # a frame of 802.11
                          u16(1), u16(14), u16(40), u16(1514), P4, bytes(20))))  # not its beginning
    rated = dict(seq=0, sampling=1000, rate_source='record')
    case.flow(**ROW | FRAME | SAYS4 | rated | dict(in_if=3))
    case.flow(**ROW | FRAME | rated | dict(in_if=4, etype=0x0806, bytes=64))
    case.flow(**ROW | FRAME | SAYS4 | dict(seq=0, bytes=123_456, packets=99))
    case.flow(**ROW | FRAME | SAYS4 | dict(seq=0, sport=9, src='172.16.0.1', vlan=5, vlan_in=5,
                                           tos=0x10))
    case.flow(**ROW | FRAME | ADDRESSES4 | dict(seq=0, proto=6, bytes=40, ip_length=40,
                                               etype=0x0800))
    case.flow(**ROW | dict(seq=0, bytes=1514))
    case.flow(**ROW | dict(seq=0, bytes=1514))
    case.counts(RecordsDecoded=7, DatagramsMalformed=0, BytesDecoded=2 * 70 + 63 + 68 + 3 * 68)


def ipfix_packet_section(case):
    """ipHeaderPacketSection: both families, alone and not, with tunnels, fragments and nonsense."""
    later = ip4(6, tcp(), fragment=185)
    first = ip4(6, tcp(), fragment=0x2000)
    hops = ip6(0, extension(44) + u8(6) + u8(0) + u16(8 << 3) + u32(77) + tcp())
    vxlan = udp(4789, u32(0x08000000) + u32(5001 << 8) + inner_eth(0x86dd, in6(6, tcp())))
    case.send(ipfix(0, 7, a_set(2, template(256, (313, VARIABLE)), template(257, (313, 20), (10, 2))),
                    a_set(256, sized(P4), sized(P6), sized(first), sized(later), sized(hops),
                          sized(ip4(4, in4(6, tcp()))), sized(ip4(17, vxlan)), sized(b'\x77odd')),
                    a_set(257, P4[:20], u16(5))))
    case.flow(**ROW | SAYS4 | dict(seq=0))
    case.flow(**ROW | SAYS6 | dict(seq=0))
    case.flow(**ROW | SAYS4 | dict(seq=0))
    case.flow(**ROW | ADDRESSES4 | dict(seq=0, proto=6, frag_off=185, bytes=40, ip_length=40,
                                        etype=0x0800))
    case.flow(**ROW | ADDRESSES6 | dict(seq=0, proto=6, frag_id=77, frag_off=8, bytes=76,
                                        ip_length=76, etype=0x86dd))
    case.flow(**ROW | ADDRESSES4 | INSIDE4 | dict(seq=0, proto=4, bytes=60, ip_length=60, tunnel=1,
                                                  etype=0x0800))
    case.flow(**ROW | ADDRESSES4 | INSIDE6 | dict(seq=0, proto=17, sport=40000, dport=4789,
                                                  bytes=110, ip_length=110, tunnel=5,
                                                  tunnel_id=5001, etype=0x0800))
    case.flow(**ROW | dict(seq=0))
    case.flow(**ROW | ADDRESSES4 | dict(seq=0, proto=6, bytes=40, ip_length=40, in_if=5,
                                        etype=0x0800))
    case.counts(RecordsDecoded=9, DatagramsMalformed=0)


def ipfix_sections_and_families(case):
    """Elements of both families beside a section: those that are zero give way to it; an EtherType
    and a count of bytes that the record tells do not."""
    case.send(ipfix(0, 7, a_set(2, template(256, (8, 4), (27, 16), (313, VARIABLE)),
                                template(257, (8, 4), (12, 4), (313, VARIABLE)),
                                template(258, (256, 2), (1, 4), (313, VARIABLE))),
                    a_set(256,
                          ip('172.16.0.1'), bytes(16), sized(P4),
                          bytes(4), ip('2001:db8:9::1'), sized(P6),
                          bytes(4), bytes(16), sized(P6),
                          bytes(4), bytes(16), sized(P4)),
                    a_set(257,
                          bytes(8), sized(P6),
                          ip('9.0.0.0'), bytes(4), sized(P4)),      # a network is no zero
                    a_set(258, u16(0x8847), u32(77), sized(P4))))
    case.flow(**ROW | SAYS4 | dict(seq=0, src='172.16.0.1'))
    case.flow(**ROW | SAYS6 | dict(seq=0, src='2001:db8:9::1'))
    case.flow(**ROW | SAYS6 | dict(seq=0))
    case.flow(**ROW | SAYS4 | dict(seq=0))
    case.flow(**ROW | SAYS6 | dict(seq=0))
    case.flow(**ROW | SAYS4 | dict(seq=0, src='9.0.0.0', dst='0.0.0.0'))
    case.flow(**ROW | SAYS4 | dict(seq=0, etype=0x8847, bytes=77, packets=''))
    case.counts(RecordsDecoded=7, BytesDecoded=2 * 61 + 2 * 81 + 69 + 49 + 47)


def ipfix_label_section(case):
    """mplsLabelStackSection and mplsPayloadPacketSection, each alone and together; the payload of
    an IP packet is passed by."""
    stack = u32(24001 << 12 | 64) + u32(16 << 12 | 0x100 | 64)
    case.send(ipfix(0, 7, a_set(2, template(256, (316, VARIABLE), (317, VARIABLE)),
                                template(257, (316, 8)), template(258, (317, VARIABLE)),
                                template(259, (4, 1), (314, VARIABLE))),
                    a_set(256, sized(stack), sized(P4), sized(stack + P6), sized(b'')),
                    a_set(257, stack),
                    a_set(258, sized(P6)),
                    a_set(259, u8(17), sized(tcp()))))
    labels = dict(seq=0, mpls_labels='24001,16', etype=0x8847)
    case.flow(**ROW | SAYS4 | labels)
    case.flow(**ROW | SAYS6 | labels)
    case.flow(**ROW | labels)
    case.flow(**ROW | SAYS6 | dict(seq=0))
    case.flow(**ROW | dict(seq=0, proto=17, packets=''))
    case.counts(RecordsDecoded=5, DatagramsMalformed=0)


def nf9_frame_section(case):
    """Layer 2 sections of v9: offset, size and data, of a fixed and of a variable length."""
    frame = eth(0x8100, tag(77, 0x86dd, P6))
    case.send(v9(2, 1, 7, a_set(0, template(256, (102, 2), (103, 2), (104, 80)),
                                template(257, (10, 4), (14, 4), (104, VARIABLE), (103, 2))),
                 a_set(256, u16(0), u16(1500), frame, bytes(2),
                       u16(18), u16(1500), P6, bytes(20)),
                 a_set(257, u32(1), u32(2), sized(eth(0x0800, P4)), u16(60))))
    row = ROW | dict(ver=9, seq=1)
    case.flow(**row | FRAME | SAYS6 | dict(vlan=77, vlan_in=77))
    case.flow(**row | dict(bytes=1500))
    case.flow(**row | FRAME | SAYS4 | dict(in_if=1, out_if=2))
    case.counts(RecordsDecoded=3, DatagramsMalformed=0, BytesDecoded=2 * 84 + 65)


CASES = [ipfix_frame_section, ipfix_frame_section_fixed, ipfix_packet_section,
         ipfix_sections_and_families, ipfix_label_section, nf9_frame_section]
