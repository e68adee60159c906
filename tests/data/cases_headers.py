# SPDX-License-Identifier: Apache-2.0
"""Packets, and what their headers say by the RFCs and standards named in core/: from the link to
the transport."""
from headers import (PPP, RAW, MPLS, FRAME, V4, V6, TCP, P4, P6, SAYS4, SAYS6, OUT4, OUT6, eth,
                     inner_eth, tag, ip4, ip6, in4, in6, tcp, udp, extension, label)
from wire import ip, u8, u16, u32


def ethernet(case):
    """Frames with a type, and with a length: LLC and SNAP."""
    case.packet(eth(0x0800, P4), 'eth>ip4>tcp', SAYS4, etype=0x0800)
    case.packet(eth(0x86dd, P6), 'eth>ip6>tcp', SAYS6, etype=0x86dd)
    case.packet(eth(0x0806, bytes(28)), 'eth>other.0806', FRAME, etype=0x0806)
    snap = bytes.fromhex('aaaa03')
    case.packet(eth(48, snap + bytes(3) + u16(0x0800) + P4), 'eth>snap>ip4>tcp', SAYS4,
                etype=0x0800)
    case.packet(eth(48, snap + bytes.fromhex('0000f8') + u16(0x86dd) + P6), 'eth>snap>ip6>tcp',
                SAYS6, etype=0x86dd)
    for organisation in '080007', '00aa00':
        case.packet(eth(48, snap + bytes.fromhex(organisation) + u16(0x0800) + P4), 'eth>snap',
                    FRAME)
    case.packet(eth(48, bytes.fromhex('aaaaf3') + bytes(5) + P4), 'eth>llc', FRAME)
    case.packet(eth(48, bytes.fromhex('0606f3') + P4), 'eth>llc', FRAME)
    # Numbers of a vendor are no EtherTypes, and a spanning tree is no IP.
    case.packet(eth(48, snap + bytes.fromhex('00000c') + u16(0x0800) + P4), 'eth>snap', FRAME)
    case.packet(eth(38, bytes.fromhex('424203') + bytes(35)), 'eth>llc', FRAME)
    case.packet(eth(43, bytes.fromhex('060603') + P4), 'eth>llc>ip4>tcp', SAYS4, etype=0x0800)
    # 1501 to 1535 is neither.
    case.packet(eth(1501, P4), 'eth>other.05dd', FRAME, etype=1501)


def vlan(case):
    """Tags of all three kinds, one within the other; of more than four the first four."""
    case.packet(eth(0x8100, tag(100, 0x0800, P4, 5)), 'eth>vlan.100>ip4>tcp', SAYS4, vlans=100,
                vlan=100, etype=0x0800)
    case.packet(eth(0x88a8, tag(100, 0x8100, tag(200, 0x86dd, P6))),
                'eth>vlan.100>vlan.200>ip6>tcp', SAYS6, vlans='100,200', vlan=100, inner_vlan=200,
                etype=0x86dd)
    five = tag(1, 0x9100, tag(2, 0x8100, tag(3, 0x8100, tag(4, 0x8100, tag(4094, 0x0800, P4)))))
    case.packet(eth(0x9100, five), 'eth>vlan.1>vlan.2>vlan.3>vlan.4>vlan.4094>ip4>tcp', SAYS4,
                vlans='1,2,3,4', vlan=1, inner_vlan=2, etype=0x0800)
    # Priority alone; and a tag before a length.
    case.packet(eth(0x8100, tag(0, 0x0800, P4, 7)), 'eth>vlan.0>ip4>tcp', SAYS4, vlans=0,
                etype=0x0800)
    case.packet(eth(0x8100, tag(9, 38, bytes.fromhex('424203') + bytes(35))), 'eth>vlan.9>llc',
                FRAME, vlans=9, vlan=9)


def backbone(case):
    """802.1ah: the addresses are the backbone's, tags of both are the packet's. And 802.1AE."""
    inner = inner_eth(0x8100, tag(20, 0x0800, P4))
    case.packet(eth(0x88a8, tag(4051, 0x88e7, u32(0x00abcdef) + inner)),
                'eth>vlan.4051>pbb>eth>vlan.20>ip4>tcp', SAYS4, vlans='4051,20', vlan=4051,
                inner_vlan=20, etype=0x88e7)
    sci = bytes.fromhex('0200000000010001')
    plain = u16(0x0800) + P4 + bytes(16)
    case.packet(eth(0x88e5, u8(0x20) + u8(0) + u32(68) + sci + plain), 'eth>macsec>ip4>tcp', SAYS4,
                etype=0x88e5)
    case.packet(eth(0x88e5, u8(0x00) + u8(0) + u32(68) + plain), 'eth>macsec>ip4>tcp', SAYS4,
                etype=0x88e5)
    case.packet(eth(0x88e5, u8(0x2c) + u8(0) + u32(68) + sci + plain), 'eth>macsec', FRAME,
                etype=0x88e5)


def mpls(case):
    """Nothing says what is behind the last label: IP, a frame with or without control word, OAM."""
    two = label(1000, 0) + label(2000, 1)
    says = dict(mpls='1000,2000', etype=0x8847)
    stack = 'eth>mpls.1000>mpls.2000'
    case.packet(eth(0x8847, two + P4), stack + '>ip4>tcp', SAYS4, says)
    case.packet(eth(0x8848, two + P6), stack + '>ip6>tcp', SAYS6, says, etype=0x8848)
    frame = inner_eth(0x8100, tag(7, 0x0800, P4))
    inside = SAYS4 | says | dict(vlans=7, vlan=7)
    case.packet(eth(0x8847, two + u32(0) + frame), stack + '>eth>vlan.7>ip4>tcp', inside)
    case.packet(eth(0x8847, two + u32(0x00001234) + frame), stack + '>eth>vlan.7>ip4>tcp', inside)
    case.packet(eth(0x8847, two + frame), stack + '>eth>vlan.7>ip4>tcp', inside)
    case.packet(eth(0x8847, two + u32(0x10000021) + P4), stack, FRAME, says)
    case.packet(eth(0x8847, two + inner_eth(0x0800, P6)), stack, FRAME, says)
    case.packet(eth(0x8847, two), stack, FRAME, says)
    ten = b''.join(label(n, n == 25) for n in range(16, 26))
    case.packet(eth(0x8847, ten + P4),
                'eth>' + '>'.join(f'mpls.{n}' for n in range(16, 26)) + '>ip4>tcp', SAYS4,
                mpls='16,17,18,19,20,21,22,23', etype=0x8847)
    # A frame that ends with its EtherType; and an associated channel that only looks like one.
    case.packet(eth(0x8847, two + u32(0) + inner_eth(0x8100, b'')), stack + '>eth>trunc@vlan',
                FRAME, says)
    case.packet(eth(0x8847, two + u32(0x10000021) + frame), stack, FRAME, says)


def mpls_alone(case):
    """A header that begins with labels, as an exporter may send it."""
    case.link = MPLS
    case.packet(label(16, 0) + label(17, 1) + P6, 'mpls.16>mpls.17>ip6>tcp', V6, TCP, proto=6,
                ip_length=60, mpls='16,17', etype=0x8847)


def pppoe(code, payload, session=0x1234):
    return u8(0x11) + u8(code) + u16(session) + u16(len(payload)) + payload


def ppp_over_ethernet(case):
    """Discovery and sessions, of IP, control protocols and MPLS."""
    ids = dict(tunnel_ids='pppoe=4660')
    case.packet(eth(0x8863, pppoe(0x09, bytes.fromhex('01010000'), 0)), 'eth>pppoe', FRAME,
                tunnel_ids='pppoe=0', etype=0x8863)
    case.packet(eth(0x8864, pppoe(0, u16(0x0021) + P4)), 'eth>pppoe>ppp>ip4>tcp', SAYS4, ids,
                etype=0x8864)
    case.packet(eth(0x8100, tag(8, 0x8864, pppoe(0, u16(0x0057) + P6))),
                'eth>vlan.8>pppoe>ppp>ip6>tcp', SAYS6, ids, vlans=8, vlan=8, etype=0x8864)
    case.packet(eth(0x8864, pppoe(0, u16(0xc021) + bytes(8))), 'eth>pppoe>ppp', FRAME, ids,
                etype=0x8864)
    case.packet(eth(0x8864, pppoe(0, u16(0x0281) + label(30, 1) + P4)),
                'eth>pppoe>ppp>mpls.30>ip4>tcp', SAYS4, ids, mpls=30, etype=0x8864)


def ppp(case):
    """Address and control may be left out, and so may the protocol's first byte."""
    case.link = PPP
    says = V4 | TCP | dict(proto=6, ip_length=40, etype=0x0800)
    case.packet(bytes.fromhex('ff030021') + P4, 'ppp>ip4>tcp', says)
    case.packet(bytes.fromhex('0021') + P4, 'ppp>ip4>tcp', says)
    case.packet(bytes.fromhex('21') + P4, 'ppp>ip4>tcp', says)
    case.packet(bytes.fromhex('0283') + label(30, 1) + P4, 'ppp>mpls.30>ip4>tcp', says, mpls=30)
    case.packet(bytes.fromhex('ff0357') + P6, 'ppp>ip6>tcp', V6, TCP, proto=6, ip_length=60,
                etype=0x86dd)


def raw(case):
    """Without a link layer: the version tells the family, the family the EtherType."""
    case.link = RAW
    case.packet(P4, 'ip4>tcp', V4, TCP, proto=6, ip_length=40, etype=0x0800)
    case.packet(P6, 'ip6>tcp', V6, TCP, proto=6, ip_length=60, etype=0x86dd)
    case.packet(b'\x75' + P4[1:], 'bad@ip4')


def ipv4(case):
    """Options, fragments, and lengths that cannot be."""
    case.packet(eth(0x0800, ip4(6, tcp(), options=b'\1' * 40)), 'eth>ip4>tcp', OUT4, TCP, proto=6,
                ip_length=80)
    case.packet(eth(0x0800, ip4(6, tcp(), fragment=0x2000)), 'eth>ip4>tcp', OUT4, TCP, proto=6,
                ip_length=40, more_frags=1)
    case.packet(eth(0x0800, ip4(17, udp(53, b''), fragment=0x20b9)), 'eth>ip4>fragment', OUT4,
                proto=17, ip_length=28, more_frags=1, frag_off=1480)
    case.packet(eth(0x0800, ip4(17, udp(53, b''), fragment=0x1fff)), 'eth>ip4>fragment', OUT4,
                proto=17, ip_length=28, frag_off=65528)
    case.packet(eth(0x0800, b'\x44' + P4[1:]), 'eth>bad@ip4', FRAME, etype=0x0800)
    case.packet(eth(0x0800, b'\x55' + P4[1:]), 'eth>bad@ip4', FRAME, etype=0x0800)
    # 0 is a large segment's, 19 and 2000 cannot be.
    for length in 0, 19, 2000:
        case.packet(eth(0x0800, ip4(6, tcp(), length=length)), 'eth>ip4>tcp', OUT4, TCP, proto=6,
                    ip_length=length)
    # Padding is no header.
    case.packet(eth(0x0800, ip4(17, b'', length=20) + bytes(26)), 'eth>ip4>trunc@udp', OUT4,
                proto=17, ip_length=20)
    # The protocol is that of the header; behind authentication it goes on.
    ah = u8(6) + u8(4) + u16(0) + u32(256) + u32(1) + bytes(12)
    case.packet(eth(0x0800, ip4(51, ah + tcp())), 'eth>ip4>ah>tcp', OUT4, TCP, proto=51,
                ip_length=64)


def transports(case):
    """Ports, flags, types and codes of each."""
    ports = dict(sport=1234, dport=80)
    case.packet(eth(0x0800, ip4(6, tcp(0x1c2))), 'eth>ip4>tcp', OUT4, ports, tcp_flags=0xc2,
                proto=6, ip_length=40)
    case.packet(eth(0x0800, ip4(17, udp(53, b'hello'))), 'eth>ip4>udp', OUT4, sport=40000,
                dport=53, proto=17, ip_length=33)
    four = u16(1234) + u16(80) + bytes(8)
    for proto, name in (136, 'udplite'), (132, 'sctp'), (33, 'dccp'):
        case.packet(eth(0x0800, ip4(proto, four)), 'eth>ip4>' + name, OUT4, ports, proto=proto,
                    ip_length=32)
        case.packet(eth(0x86dd, ip6(proto, four)), 'eth>ip6>' + name, OUT6, ports, proto=proto,
                    ip_length=52)
    # An error's ICMP quotes a packet that is not in a tunnel.
    case.packet(eth(0x0800, ip4(1, u8(3) + u8(13) + bytes(6) + in4(6, tcp()))), 'eth>ip4>icmp',
                OUT4, icmp_type=3, icmp_code=13, proto=1, ip_length=68)
    case.packet(eth(0x86dd, ip6(58, u8(1) + u8(4) + bytes(6) + in6(6, tcp()))), 'eth>ip6>icmp6',
                OUT6, icmp_type=1, icmp_code=4, proto=58, ip_length=108)
    case.packet(eth(0x0800, ip4(2, u8(0x16) + bytes(7))), 'eth>ip4>igmp', OUT4, proto=2,
                ip_length=28)
    case.packet(eth(0x0800, ip4(89, bytes(24))), 'eth>ip4', OUT4, proto=89, ip_length=44)


def extensions(case):
    """Every extension header of IPv6; the protocol is what stands behind them."""
    ah = u8(60) + u8(4) + u16(0) + u32(256) + u32(1) + bytes(12)
    fragment = u8(51) + u8(0) + u16(1) + u32(0xabcdef01)
    chain = (extension(43) + extension(44, u8(0) + u8(0) + u32(0)) + fragment + ah
             + extension(6, bytes(14)) + tcp())
    case.packet(eth(0x86dd, ip6(0, chain)), 'eth>ip6>tcp', OUT6, TCP, proto=6, ip_length=124,
                ip_id=0xabcdef01, more_frags=1)
    later = u8(6) + u8(0) + u16(154 << 3) + u32(2748) + tcp()
    case.packet(eth(0x86dd, ip6(44, later)), 'eth>ip6>fragment', OUT6, proto=6, ip_length=68,
                ip_id=2748, frag_off=1232)
    srh = u8(4) + u8(0) + u8(0) + u8(0) + u16(0) + ip('2001:db8::2')
    case.packet(eth(0x86dd, ip6(43, extension(17, srh) + udp(53, b''))), 'eth>ip6>udp', OUT6,
                sport=40000, dport=53, proto=17, ip_length=72)
    # Mobility, HIP and shim6 carry themselves when nothing follows, else what follows.
    for kind in 135, 139, 140:
        case.packet(eth(0x86dd, ip6(kind, extension(59))), 'eth>ip6', OUT6, proto=kind,
                    ip_length=48)
        case.packet(eth(0x86dd, ip6(kind, extension(6) + tcp())), 'eth>ip6>tcp', OUT6, TCP,
                    proto=6, ip_length=68)
    case.packet(eth(0x86dd, ip6(59, bytes(8))), 'eth>ip6', OUT6, proto=59, ip_length=48)
    jumbo = extension(6, bytes.fromhex('c204') + u32(70000))
    case.packet(eth(0x86dd, ip6(0, jumbo + tcp(), length=0)), 'eth>ip6>tcp', OUT6, TCP, proto=6,
                ip_length=70040)
    padded = extension(6, bytes.fromhex('0001020000') + bytes.fromhex('00c204') + u32(70000)
                       + bytes.fromhex('0000'))
    case.packet(eth(0x86dd, ip6(0, padded + tcp(), length=0)), 'eth>ip6>tcp', OUT6, TCP, proto=6,
                ip_length=70040)
    # A large segment's length is not told, nor in an option.
    case.packet(eth(0x86dd, ip6(0, extension(6, bytes.fromhex('050200000100')) + tcp(), length=0)),
                'eth>ip6>tcp', OUT6, TCP, proto=6)
    case.packet(eth(0x86dd, ip6(60, extension(60) * 17 + tcp())), 'eth>ip6>deeper', OUT6, proto=60,
                ip_length=196)
    case.packet(eth(0x86dd, ip6(43, u8(6) + u8(9) + bytes(6))), 'eth>ip6>trunc@ext43', OUT6,
                proto=43, ip_length=48)
    case.packet(eth(0x86dd, b'\x40' + P6[1:]), 'eth>bad@ip6', FRAME, etype=0x86dd)


CASES = [ethernet, vlan, backbone, mpls, mpls_alone, ppp_over_ethernet, ppp, raw, ipv4, transports,
         extensions]
