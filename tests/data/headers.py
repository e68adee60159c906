# SPDX-License-Identifier: Apache-2.0
"""Bytes of packet headers, the columns of what they say, and captures of any link."""
import struct

from wire import RECEIVED, checksum, ip, mac, u8, u16, u32

COLUMNS = '''pkt layers src_mac dst_mac vlans mpls src dst proto tos ttl flow_label ip_id frag_off
more_frags sport dport tcp_flags icmp_type icmp_code inner_src inner_dst inner_proto inner_sport
inner_dport tunnel_ids etype ip_length vlan inner_vlan tunnel tunnel_id'''.split()

# The numbers of the field Tunnel.
TUNNELS = dict(ipip=1, gre=2, nvgre=3, erspan=4, vxlan=5, geneve=6, gtpu=7, l2tp=8, teredo=9,
               mpls_udp=10, other=11)

ETHERNET, PPP, RAW, MPLS = 1, 9, 101, 219       # LINKTYPE_
TOKEN_RING, FDDI, AAL5, HDLC, WLAN, FRAME_RELAY = 6, 10, 100, 104, 105, 107
TOKEN_BUS, SMDS, AMPDU, AMSDU = range(147, 151)  # ours: LINKTYPE_USER0 to 3
# enum packet_link, for the seeds.
LINKS = (ETHERNET, RAW, MPLS, PPP, None, TOKEN_BUS, TOKEN_RING, FDDI, FRAME_RELAY, HDLC, SMDS,
         AAL5, WLAN, AMPDU, AMSDU)


class HeaderCase:
    def __init__(self, name):
        self.name, self.link, self.packets, self.rows = name, ETHERNET, [], []

    def packet(self, data, layers, *parts, **values):
        """A packet and what it says; what is not named is absent. `parts` are more of values."""
        row = {'pkt': len(self.packets) + 1, 'layers': layers}
        for part in (*parts, values):
            row |= part
        row['tunnel'] = TUNNELS.get(row.get('tunnel'), '')
        assert set(row) <= set(COLUMNS), set(row) - set(COLUMNS)
        self.packets.append(data)
        self.rows.append(row)

    def files(self, seeds):
        lines = [COLUMNS] + [[row.get(c, '') for c in COLUMNS] for row in self.rows]
        out = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, self.link)
        for data in self.packets:
            out += struct.pack('<IIII', RECEIVED, 0, len(data), len(data)) + data
        number = LINKS.index(self.link)
        return {
            self.name + '.pcap': out,
            self.name + '.headers.tsv': ''.join('\t'.join(map(str, line)) + '\n'
                                                for line in lines).encode(),
        } | {f'{seeds}packet/{self.name}-{i + 1}': u8(number) + data
             for i, data in enumerate(self.packets)}


# --- headers; the rows beside them say the same ---

FRAME = dict(src_mac='02:00:00:00:00:01', dst_mac='02:00:00:00:00:02')
V4 = dict(src='10.1.0.1', dst='10.2.0.2', tos=40, ttl=64, ip_id=7)
V6 = dict(src='2001:db8::1', dst='2001:db8::2', tos=184, ttl=63, flow_label=0x12345)
IN4 = dict(inner_src='192.0.2.1', inner_dst='198.51.100.2')
IN6 = dict(inner_src='2001:db8:1::1', inner_dst='2001:db8:2::2')
TCP = dict(sport=1234, dport=80, tcp_flags=0x18)
INNER = dict(inner_sport=1234, inner_dport=80)


def eth(etype, payload):
    return mac(FRAME['dst_mac']) + mac(FRAME['src_mac']) + u16(etype) + payload


def inner_eth(etype, payload):
    return mac('02:00:00:00:01:02') + mac('02:00:00:00:01:01') + u16(etype) + payload


def tag(vlan, etype, payload, priority=0):
    return u16(priority << 13 | vlan) + u16(etype) + payload


def ip4(proto, payload, src='10.1.0.1', dst='10.2.0.2', options=b'', fragment=0, length=None,
        ident=7):
    size = 20 + len(options)
    head = (u8(0x40 | size // 4) + u8(40) + u16(size + len(payload) if length is None else length)
            + u16(ident) + u16(fragment) + u8(64) + u8(proto))
    sums = checksum(head + u16(0) + ip(src) + ip(dst) + options)
    return head + u16(sums) + ip(src) + ip(dst) + options + payload


def ip6(proto, payload, src='2001:db8::1', dst='2001:db8::2', length=None):
    return (u32(0x6b812345) + u16(len(payload) if length is None else length) + u8(proto) + u8(63)
            + ip(src) + ip(dst) + payload)


def in4(proto, payload):
    return ip4(proto, payload, '192.0.2.1', '198.51.100.2', ident=9)


def in6(proto, payload):
    return ip6(proto, payload, '2001:db8:1::1', '2001:db8:2::2')


def tcp(flags=0x18):
    return u16(1234) + u16(80) + u32(1) + u32(2) + u16(0x5000 | flags) + u16(512) + u32(0)


def udp(to, payload, sport=40000, length=None):
    size = 8 + len(payload) if length is None else length
    return u16(sport) + u16(to) + u16(size) + u16(0) + payload


def extension(kind_of_next, body=b'\1\4\0\0\0\0'):
    """An IPv6 extension header; its body fills whole units of 8 bytes with the two before it."""
    return u8(kind_of_next) + u8((len(body) + 2) // 8 - 1) + body


def label(number, bottom):
    return u32(number << 12 | bottom << 8 | 63)


# --- packets of TCP, and the rows of what is in and outside ---

P4 = ip4(6, tcp())
P6 = ip6(6, tcp())
SAYS4 = FRAME | V4 | TCP | dict(proto=6, ip_length=40)
SAYS6 = FRAME | V6 | TCP | dict(proto=6, ip_length=60)
OUT4 = FRAME | V4 | dict(etype=0x0800)
OUT6 = FRAME | V6 | dict(etype=0x86dd)
INSIDE4 = IN4 | INNER | dict(inner_proto=6)
INSIDE6 = IN6 | INNER | dict(inner_proto=6)
