# SPDX-License-Identifier: Apache-2.0
"""Packets in packets, and what the headers of both say by the RFCs and standards named in core/."""
from headers import (FRAME, IN4, IN6, P4, SAYS4, OUT4, OUT6, INSIDE4, INSIDE6, eth,
                     inner_eth, tag, ip4, ip6, in4, in6, tcp, udp, extension, label)
from wire import ip, u8, u16, u32


def ip_in_ip(case):
    """IP in IP of both families, frames and labels in IP, and a nest that is too deep."""
    ipip = dict(tunnel='ipip')
    case.packet(eth(0x0800, ip4(4, in4(6, tcp()))), 'eth>ip4>ipip>ip4>tcp', OUT4, INSIDE4, ipip,
                proto=4, ip_length=60)
    case.packet(eth(0x0800, ip4(41, in6(6, tcp()))), 'eth>ip4>ipip>ip6>tcp', OUT4, INSIDE6, ipip,
                proto=41, ip_length=80)
    case.packet(eth(0x86dd, ip6(4, in4(6, tcp()))), 'eth>ip6>ipip>ip4>tcp', OUT6, INSIDE4, ipip,
                proto=4, ip_length=80)
    case.packet(eth(0x86dd, ip6(60, extension(41) + in6(6, tcp()))), 'eth>ip6>ipip>ip6>tcp', OUT6,
                INSIDE6, ipip, proto=41, ip_length=108)
    other = dict(tunnel='other')
    # A tag in a tunnel is not the packet's.
    frame = inner_eth(0x8100, tag(5, 0x0800, in4(6, tcp())))
    case.packet(eth(0x0800, ip4(97, u16(0x3000) + frame)), 'eth>ip4>etherip>eth>vlan.5>ip4>tcp',
                OUT4, INSIDE4, other, proto=97, ip_length=80)
    case.packet(eth(0x0800, ip4(97, u16(0x4000) + frame)), 'eth>ip4>bad@etherip', OUT4, proto=97,
                ip_length=80)
    case.packet(eth(0x86dd, ip6(143, frame)), 'eth>ip6>eth>vlan.5>ip4>tcp', OUT6, INSIDE4, other,
                proto=143, ip_length=98)
    case.packet(eth(0x0800, ip4(137, label(30, 1) + in4(6, tcp()))), 'eth>ip4>mpls.30>ip4>tcp',
                OUT4, INSIDE4, other, proto=137, ip_length=64)
    nest = in6(6, tcp())
    for _ in range(8):
        nest = in6(41, nest)
    case.packet(eth(0x86dd, nest), 'eth>' + 'ip6>ipip>' * 8 + 'deeper', FRAME, IN6, ipip,
                src='2001:db8:1::1', dst='2001:db8:2::2', tos=184, ttl=63, flow_label=0x12345,
                etype=0x86dd, proto=41, ip_length=380, inner_proto=41)
    nest = in4(6, tcp())
    for _ in range(8):
        nest = in4(4, nest)
    case.packet(eth(0x0800, nest), 'eth>' + 'ip4>ipip>' * 8 + 'deeper', FRAME, IN4, ipip,
                src='192.0.2.1', dst='198.51.100.2', tos=40, ttl=64, ip_id=9, etype=0x0800,
                proto=4, ip_length=200, inner_proto=4)


def gre(case):
    """All optional fields, and what its key means in NVGRE and ERSPAN."""
    inner, frame = in4(6, tcp()), inner_eth(0x8100, tag(5, 0x0800, in4(6, tcp())))
    says = OUT4 | INSIDE4 | dict(proto=47, tunnel='gre')
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x0800) + inner)), 'eth>ip4>gre>ip4>tcp', says,
                ip_length=64)
    case.packet(eth(0x0800, ip4(47, u16(0xb000) + u16(0x0800) + u32(0) + u32(77) + u32(1) + inner)),
                'eth>ip4>gre>ip4>tcp', says, ip_length=76, tunnel_id=77, tunnel_ids='gre=77')
    route = u16(0x0800) + u8(0) + u8(4) + ip('10.9.9.9') + u32(0)
    case.packet(eth(0x0800, ip4(47, u16(0x4000) + u16(0x0800) + u32(0) + route + inner)),
                'eth>ip4>gre>ip4>tcp', says, ip_length=80)
    # PPTP: version 1, length and call in the place of the key, then sequence and acknowledgement.
    call = u16(0x3081) + u16(0x880b) + u16(42) + u16(7) + u32(1) + u32(2)
    case.packet(eth(0x0800, ip4(47, call + bytes.fromhex('21') + inner)),
                'eth>ip4>gre>ppp>ip4>tcp', says, ip_length=77, tunnel_id=42 << 16 | 7,
                tunnel_ids='gre=2752519')
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x8847) + label(30, 1) + inner)),
                'eth>ip4>gre>mpls.30>ip4>tcp', says, ip_length=68)
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x883e) + u32(0) + inner)),
                'eth>ip4>gre>other.883e', OUT4, proto=47, ip_length=68, tunnel='gre')
    case.packet(eth(0x0800, ip4(47, u16(0x2000) + u16(0x6558) + u32(5001 << 8 | 3) + frame)),
                'eth>ip4>gre>eth>vlan.5>ip4>tcp', says, ip_length=86, tunnel='nvgre',
                tunnel_id=5001, tunnel_ids='gre=1280259')
    erspan = says | dict(tunnel='erspan')
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x88be) + frame)),
                'eth>ip4>gre>eth>vlan.5>ip4>tcp', erspan, ip_length=82)
    second = u32(0x100a0000 | 99) + u32(0)
    case.packet(eth(0x0800, ip4(47, u16(0x1000) + u16(0x88be) + u32(1) + second + frame)),
                'eth>ip4>gre>eth>vlan.5>ip4>tcp', erspan, ip_length=94, tunnel_id=99)
    third = u32(0x200a0000 | 100) + u32(0)
    case.packet(eth(0x0800, ip4(47, u16(0x1000) + u16(0x22eb) + u32(1) + third + u32(0) + frame)),
                'eth>ip4>gre>eth>vlan.5>ip4>tcp', erspan, ip_length=98, tunnel_id=100)
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x22eb) + third + u32(1) + bytes(8) + frame)),
                'eth>ip4>gre>eth>vlan.5>ip4>tcp', erspan, ip_length=102, tunnel_id=100)
    case.packet(eth(0x0800, ip4(47, u16(0) + u16(0x22eb) + third + u32(2 << 10) + inner)),
                'eth>ip4>gre>ip4>tcp', erspan, ip_length=76, tunnel_id=100)


def over_udp(case, to, payload, layers, *parts, sport=40000, **values):
    data = ip4(17, udp(to, payload, sport))
    case.packet(eth(0x0800, data), 'eth>ip4>udp' + layers, OUT4, *parts,
                dict(proto=17, sport=sport, dport=to, ip_length=len(data)), values)


def virtual_networks(case):
    """VXLAN with its extension, NSH, Geneve; with other flags or versions they are none."""
    inner, frame = in4(6, tcp()), inner_eth(0x0800, in4(6, tcp()))
    head = u8(8) + bytes(3) + u32(5001 << 8)
    says = INSIDE4 | dict(tunnel='vxlan', tunnel_id=5001, tunnel_ids='vxlan=5001')
    over_udp(case, 4789, head + frame, '>vxlan.5001>eth>ip4>tcp', says)
    over_udp(case, 8472, head + frame, '>vxlan.5001>eth>ip4>tcp', says)
    over_udp(case, 4789, u8(0) + head[1:] + frame, '')
    over_udp(case, 4790, u8(12) + u16(0) + u8(1) + head[4:] + inner, '>vxlan.5001>ip4>tcp', says)
    over_udp(case, 4790, u8(12) + u16(0) + u8(3) + head[4:] + frame, '>vxlan.5001>eth>ip4>tcp',
             says)
    nsh = u16(0x0fc2) + u8(2) + u8(1) + u32(0x00000aff)
    over_udp(case, 4790, u8(12) + u16(0) + u8(4) + head[4:] + nsh + inner,
             '>vxlan.5001>nsh>ip4>tcp', says)
    over_udp(case, 4790, u8(12) + u16(0) + u8(4) + head[4:] + u16(0x0fc1) + nsh[2:] + inner,
             '>vxlan.5001>bad@nsh', tunnel='vxlan', tunnel_id=5001, tunnel_ids='vxlan=5001')
    case.packet(eth(0x894f, nsh + P4), 'eth>nsh>ip4>tcp', SAYS4, etype=0x894f)
    options = bytes.fromhex('0102000101020304')
    says = INSIDE4 | dict(tunnel='geneve', tunnel_id=10, tunnel_ids='geneve=10')
    over_udp(case, 6081, u8(2) + u8(0) + u16(0x6558) + u32(10 << 8) + options + frame,
             '>geneve.10>eth>ip4>tcp', says)
    over_udp(case, 6081, u8(0) + u8(0) + u16(0x0800) + u32(10 << 8) + inner, '>geneve.10>ip4>tcp',
             says)
    over_udp(case, 6081, u8(0x40) + u8(0) + u16(0x0800) + u32(10 << 8) + inner, '')
    # Three nests: the first's number, the last's addresses.
    nest = inner_eth(0x0800, ip4(17, udp(4789, u8(8) + bytes(3) + u32(2 << 8) + frame)))
    over_udp(case, 4789, u8(8) + bytes(3) + u32(1 << 8) + nest,
             '>vxlan.1>eth>ip4>udp>vxlan.2>eth>ip4>tcp', INSIDE4, tunnel='vxlan', tunnel_id=1,
             tunnel_ids='vxlan=1,vxlan=2')
    # One byte is enough to see that it is none.
    over_udp(case, 4789, u8(0), '')


def mobile_networks(case):
    """GTP-U: with and without what is optional, extension headers, and messages without a packet."""
    inner = in4(6, tcp())
    says = dict(tunnel='gtpu', tunnel_id=0x91234567, tunnel_ids=f'gtpu={0x91234567}')

    def gtpu(flags, kind, body):
        return u8(flags) + u8(kind) + u16(len(body)) + u32(0x91234567) + body

    over_udp(case, 2152, gtpu(0x30, 255, inner), '>gtpu>ip4>tcp', INSIDE4, says)
    over_udp(case, 2152, gtpu(0x30, 255, in6(6, tcp())), '>gtpu>ip6>tcp', INSIDE6, says)
    over_udp(case, 2152, gtpu(0x32, 255, u32(0x00010000) + inner), '>gtpu>ip4>tcp', INSIDE4, says)
    # The next extension's type counts only when the flag says that there is one.
    over_udp(case, 2152, gtpu(0x32, 255, u32(0x00010085) + inner), '>gtpu>ip4>tcp', INSIDE4, says)
    two = u32(0x00000085) + bytes.fromhex('01000940') + u8(2) + bytes(6) + u8(0)
    over_udp(case, 2152, gtpu(0x34, 255, two + inner), '>gtpu>ip4>tcp', INSIDE4, says)
    over_udp(case, 40000, gtpu(0x32, 2, bytes(6)), '>gtpu', says, sport=2152)
    # Charging's protocol, and an extension header of no length.
    over_udp(case, 2152, gtpu(0x20, 255, inner), '')
    over_udp(case, 2152, gtpu(0x34, 255, u32(0x00000085) + u32(0) + inner), '>trunc@gtpu')


def l2tp(case):
    """Version 2 with all that is optional, version 3 with cookies and sublayers, control."""
    inner = in4(6, tcp())
    says = INSIDE4 | dict(tunnel='l2tp', tunnel_id=5 << 16 | 6, tunnel_ids='l2tp=327686')
    data = bytes.fromhex('ff030021') + inner
    over_udp(case, 1701, u16(0x0002) + u16(5) + u16(6) + data, '>l2tp>ppp>ip4>tcp', says)
    full = u16(0x4a02) + u16(58) + u16(5) + u16(6) + u16(1) + u16(2) + u16(2) + u16(0)
    over_udp(case, 40000, full + data, '>l2tp>ppp>ip4>tcp', says, sport=1701)
    over_udp(case, 1701, u16(0xc802) + u16(12) + u16(5) + u16(6) + u32(0), '>l2tp', tunnel='l2tp',
             tunnel_id=5 << 16 | 6, tunnel_ids='l2tp=327686')
    over_udp(case, 1701, u16(0x0005) + u16(5) + u16(6) + data, '')
    frame = inner_eth(0x0800, inner)
    says = INSIDE4 | dict(tunnel='l2tp', tunnel_id=99, tunnel_ids='l2tp=99')
    for skip in 0, 4, 8, 12:
        over_udp(case, 1701, u16(0x0003) + u16(0) + u32(99) + bytes(skip) + frame,
                 '>l2tp>eth>ip4>tcp', says)
    over_udp(case, 1701, u16(0xc803) + u16(12) + u32(99) + u32(0), '>l2tp', tunnel='l2tp',
             tunnel_id=99, tunnel_ids='l2tp=99')
    case.packet(eth(0x0800, ip4(115, u32(99) + bytes(4) + frame)), 'eth>ip4>l2tp>eth>ip4>tcp',
                OUT4, says, proto=115, ip_length=82)
    case.packet(eth(0x0800, ip4(115, u32(0) + frame)), 'eth>ip4>l2tp', OUT4, proto=115,
                ip_length=78, tunnel='l2tp', tunnel_ids='l2tp=0')


def others_over_udp(case):
    """Teredo with what may stand before IPv6, MPLS and GRE."""
    inner = in6(6, tcp())
    says = INSIDE6 | dict(tunnel='teredo')
    origin = u16(0) + u16(0x1234) + u32(0xf5fefdfe)
    authentication = u16(1) + u8(0) + u8(0) + bytes(9)
    over_udp(case, 3544, inner, '>teredo>ip6>tcp', says)
    over_udp(case, 40000, origin + inner, '>teredo>ip6>tcp', says, sport=3544)
    over_udp(case, 3544, authentication + origin + inner, '>teredo>ip6>tcp', says)
    over_udp(case, 3544, b'hello', '')
    over_udp(case, 6635, label(21, 1) + in4(6, tcp()), '>mpls.21>ip4>tcp', INSIDE4,
             tunnel='mpls_udp')
    over_udp(case, 4754, u16(0x2000) + u16(0x0800) + u32(3) + in4(6, tcp()), '>gre>ip4>tcp',
             INSIDE4, tunnel='gre', tunnel_id=3, tunnel_ids='gre=3')
    # Teredo's bubbles (RFC 4380 2.8) are a header and nothing else.
    over_udp(case, 3544, in6(59, b''), '>teredo>ip6', IN6, inner_proto=59, tunnel='teredo')


CASES = [ip_in_ip, gre, virtual_networks, mobile_networks, l2tp, others_over_udp]
