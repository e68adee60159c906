# SPDX-License-Identifier: Apache-2.0
"""sFlow v5: what flow records say, each structure of the registry at least once. The structures
are written out as their documents list them; behind # stand names where they are not obvious."""
from sflow import (AGENT, BARE, RECORD, address, datagram, drop_sample, extra, flow_sample, frame,
                   framed, header, ipv4, xdr)
from wire import ip, mac, u16, u32, u64, u8

SEEN = RECORD | AGENT | dict(seq=1)             # of a sample with header()
UNSEEN = BARE | AGENT | dict(seq=1)             # of a sample without
OPERATION = {k: v for k, v in UNSEEN.items() if k != 'packets'}


def send(case, *samples, malformed=0, **counts):
    """One datagram of samples, each a tuple of records and what they say together."""
    case.send(datagram(1, *(flow_sample(*records, sequence=i)
                            for i, (*records, _) in enumerate(samples))))
    for *_, row in samples:
        case.flow(**row)
    case.counts(Datagrams=1, RecordsDecoded=len(samples), DatagramsMalformed=malformed,
                BytesUnknownSet=0, **counts)


def users_and_urls(case):
    """Users and URLs, in any character set, and empty."""
    send(case,
         (header(), framed(1004, u32(106) + xdr(b'ann') + u32(106) + xdr('bøb'.encode())),
          SEEN | dict(src_user='ann', dst_user='bøb')),
         (header(), framed(1004, u32(0) + xdr(b'') + u32(0) + xdr(b'')), SEEN),
         (header(), framed(1005, u32(2) + xdr(b'/index?a=1') + xdr(b'www.example.net')),
          SEEN | dict(url='/index?a=1', url_host='www.example.net')))


def labels(case):
    """MPLS: stacks in and out, next hop, and the names of tunnel, circuit and class."""
    stacks = framed(1006, address('10.7.7.7')
                    + u32(2) + u32(1000 << 12 | 64) + u32(2000 << 12 | 0x140)
                    + u32(1) + u32(3000 << 12 | 0x13f))
    tagged = header(frame(u32(77 << 12 | 0x13f) + ipv4(), etype=0x8847))
    router = framed(1002, address('10.8.8.8') + u32(24) + u32(16))
    fec = framed(1011, u32(19))
    send(case,
         (header(), stacks, SEEN | dict(nexthop='10.7.7.7', mpls_labels='1000,2000',
                                        out_labels='3000')),
         (tagged, stacks, SEEN | dict(nexthop='10.7.7.7', mpls_labels='77', out_labels='3000',
                                      etype=0x8847)),
         (header(), framed(1008, xdr(b'lsp-1') + u32(17) + u32(5)),
          SEEN | dict(mpls_name='lsp-1', mpls_id=17)),
         (header(), framed(1009, xdr(b'circuit') + u32(18) + u32(5)),
          SEEN | dict(mpls_name='circuit', mpls_id=18)),
         (header(), framed(1010, xdr(b'class') + u32(3)), SEEN | dict(mpls_name='class')),
         (header(), fec, SEEN | dict(dst_mask=19)),
         (header(), fec, router, SEEN | dict(nexthop='10.8.8.8', src_mask=24, dst_mask=16)),
         (header(), router, fec, SEEN | dict(nexthop='10.8.8.8', src_mask=24, dst_mask=16)))


def long_lists(case):
    """Of lists that are too long the first are kept; the path ends where it ends."""
    stack = b''.join(u32(i << 12) for i in range(1, 11))
    path = [u32(kind) + u32(20) + b''.join(u32(i) for i in range(first, first + 20))
            for kind, first in ((2, 100), (1, 200))]
    communities = b''.join(u32(i) for i in range(40))
    gateway = framed(1003, address('2001:db8::9') + u32(65000) + u32(64512) + u32(64513) + u32(2)
                     + b''.join(path) + u32(40) + communities + u32(150))
    send(case,
         (header(), framed(1006, address('') + u32(10) + stack + u32(10) + stack),
          SEEN | dict(mpls_labels='1,2,3,4,5,6,7,8', out_labels='1,2,3,4,5,6,7,8,9,10')),
         (header(), gateway,
          SEEN | dict(bgp_nexthop='2001:db8::9', router_as=65000, src_as=64512, peer_as=64513,
                      dst_as=219, next_hop_as=100, local_pref=150,
                      as_path=','.join(map(str, [*range(100, 120), *range(200, 212)])),
                      communities=','.join(map(str, range(32))))))


def translations(case):
    """Addresses and ports behind a translation, and a proxy's own connection."""
    ports = framed(1020, u32(40001) + u32(8443))
    send(case,
         (header(), framed(1007, address('203.0.113.1') + address('198.51.100.2')), ports,
          SEEN | dict(nat_src='203.0.113.1', nat_dst='198.51.100.2', nat_sport=40001,
                      nat_dport=8443)),
         (header(), framed(1007, address('2001:db8::1') + address('')),
          SEEN | dict(nat_src='2001:db8::1')),
         (header(), framed(2102, u32(6) + ip('192.0.2.3') + ip('192.0.2.4') + u32(50001)
                           + u32(80)),
          SEEN | dict(nat_src='192.0.2.3', nat_dst='192.0.2.4', nat_sport=50001, nat_dport=80)),
         (header(), framed(2103, u32(6) + ip('2001:db8::3') + ip('2001:db8::4') + u32(50001)
                           + u32(80)),
          SEEN | dict(nat_src='2001:db8::3', nat_dst='2001:db8::4', nat_sport=50001,
                      nat_dport=80)))


def tunnel4(dport):
    return (u32(1400) + u32(17) + ip('172.16.0.1') + ip('172.16.0.2') + u32(5000) + u32(dport)
            + u32(0) + u32(0))


def tunnels(case):
    """The tunnel a packet came or goes by, and its network."""
    six = (u32(1400) + u32(47) + ip('2001:db8:1::1') + ip('2001:db8:1::2') + u32(0) + u32(0)
           + u32(0) + u32(0))
    l2 = u32(1400) + mac('02:00:00:00:0c:cc') + bytes(2) + mac('02:00:00:00:0d:dd') + bytes(2) \
        + u32(0x0800)
    four = dict(tunnel_proto=17, tunnel_src='172.16.0.1', tunnel_dst='172.16.0.2',
                tunnel_dst_port=4789)
    gre = dict(tunnel_proto=47, tunnel_src='2001:db8:1::1', tunnel_dst='2001:db8:1::2')
    send(case,
         (header(), framed(1021, l2), framed(1023, tunnel4(4789)), framed(1029, u32(5000)),
          SEEN | four | dict(tunnel_direction=2, out_vni=5000)),
         (header(), framed(1022, l2), framed(1024, tunnel4(4789)), framed(1030, u32(5001)),
          SEEN | four | dict(tunnel_direction=1, in_vni=5001)),
         (header(), framed(1025, six), SEEN | gre | dict(tunnel_direction=2)),
         (header(), framed(1026, six), SEEN | gre | dict(tunnel_direction=1)))


def decapsulated(case):
    """Only the exporter knows where a tunnel's load begins: a frame, a packet, or nothing."""
    def outer(load, dport=9999):
        udp = u16(5000) + u16(dport) + u16(8 + len(load)) + u16(0) + load
        return header(frame(ipv4(17, udp, length=20 + len(udp))), frame_length=200)

    def load(src='10.15.0.1'):
        tcp = u16(1) + u16(2) + u32(0) + u32(0) + u16(0x5002) + u16(0) + u32(0)
        return (u16(0x4500) + u16(40) + u16(9) + u16(0) + u8(60) + u8(6) + u16(0) + ip(src)
                + ip('10.16.0.2') + tcp)

    def row(size):
        return SEEN | dict(proto=17, sport=5000, dport=9999, tcp_flags='', bytes=200,
                           ip_len=28 + size)

    inner = dict(inner_src='10.15.0.1', inner_dst='10.16.0.2', inner_proto=6, inner_src_port=1,
                 inner_dst_port=2, tunnel=11)
    vxlan = u32(0x08000000) + u32(7 << 8) + frame(load('10.17.0.1'))
    carried = bytes(8) + frame(load())
    send(case,
         (outer(carried), framed(1027, u32(14 + 20 + 8 + 8)), row(62) | inner),
         (outer(load()), framed(1028, u32(14 + 20 + 8)), row(40) | inner),
         (outer(load()), framed(1028, u32(14 + 20 + 8 + 1)), row(40)),
         (outer(load()), framed(1028, u32(0xffffffff)), row(40)),
         (framed(1028, u32(0)), UNSEEN),
         (outer(vxlan, 4789), framed(1027, u32(14 + 20 + 8 + 8)),
          row(62) | inner | dict(dport=4789, tunnel=5, tunnel_id=7, inner_src='10.17.0.1')))


def switches(case):
    """Queues, delay and time in the switch, access lists and tags."""
    send(case,
         (header(), framed(1019, u32(3) + u32(12)), SEEN | dict(queue=3, queue_depth=12)),
         (header(), framed(1036, u32(4)), framed(1040, u32(65536)), framed(1039, u32(1500)),
          SEEN | dict(queue=4, queue_depth=65536, transit_delay=1500)),
         (header(), framed(1, u32(5), enterprise=4413), SEEN | dict(queue=5)),
         (header(), framed(1043, u64(1_700_000_000_000_000_001)),
          SEEN | dict(t_start_ns=1_700_000_000_000_000_001, t_end_ns=1_700_000_000_000_000_001)),
         (header(), framed(1037, u32(12) + xdr(b'deny-all') + u32(2)),
          SEEN | dict(acl=12, acl_name='deny-all', acl_direction=2)),
         (header(), framed(1012, u32(2) + u32(0x8100a064) + u32(0x88a80065)),
          SEEN | dict(vlan_stack='100,101')),
         (header(), framed(1034, u32(2) + u32(0x88a80066) + u32(0x81000067)),
          framed(1035, u32(1) + u32(0x8100e068)), SEEN | dict(vlan_in=102, vlan_out=104)),
         (header(), framed(1034, u32(0)), SEEN))


def radios(case):
    """A wireless network as its access point sends and receives."""
    name = xdr(b'guests') + mac('02:00:00:00:0e:ee') + bytes(2) + u32(4)    # 802.11n
    net = dict(ssid='guests', bssid=0x020000000eee, channel=36, speed=6_000_000_000)
    send(case,
         (header(), framed(1014, name + u32(36) + u64(6_000_000_000) + u32(40) + u32(150)
                           + u32(90)),
          SEEN | net | dict(rsni=40, rcpi=150)),
         (header(), framed(1015, name + u32(3) + u32(90) + u32(200) + u32(36)
                           + u64(6_000_000_000) + u32(20)),
          SEEN | net | dict(transmissions=3)))


SOCKET4 = framed(2100, u32(6) + ip('10.5.0.9') + ip('10.6.0.9') + u32(80) + u32(40001))
SOCKET6 = framed(2101, u32(6) + ip('2001:db8::1') + ip('2001:db8::2') + u32(80) + u32(40001))


def tcp_info(direction):
    return framed(2209, u32(direction) + u32(1460) + u32(1448) + u32(4) + u32(5) + u32(6)
                  + u32(1500) + u32(100) + u32(10) + u32(11) + u32(3) + u32(80))


def sockets(case):
    """Connections of a host: who asked is the source, who sent too, and a header knows better."""
    told = dict(tcp_lost=5, tcp_retransmits=6, path_mtu=1500, tcp_rtt=100, tcp_rtt_var=10,
                tcp_window=11, tcp_min_rtt=80)
    far = dict(proto=6, src='10.6.0.9', dst='10.5.0.9', sport=40001, dport=80)
    near = dict(proto=6, dst='10.6.0.9', src='10.5.0.9', dport=40001, sport=80)
    send(case,
         (SOCKET4, UNSEEN | far),
         (SOCKET6, UNSEEN | far | dict(src='2001:db8::2', dst='2001:db8::1')),
         (SOCKET4, tcp_info(1), UNSEEN | far | told | dict(direction=0)),
         (tcp_info(2), SOCKET4, UNSEEN | near | told | dict(direction=1)),
         (tcp_info(0), SOCKET4, UNSEEN | far | told),
         (tcp_info(3), SOCKET4, UNSEEN | far | told),
         (header(), tcp_info(2), SOCKET4, SEEN | told | dict(direction=1)))


def operations(case):
    """What programs were asked for is no packet and has no bytes."""
    far = dict(proto=6, src='10.6.0.9', dst='10.5.0.9', sport=40001, dport=80)
    browser = xdr(b'http://other') + xdr(b'browser/1') + xdr(b'10.0.0.1') + xdr(b'ann') \
        + xdr(b'text/html')
    web = dict(url='/a', url_host='h', src_user='ann', app_status=404, app_duration=2500)
    context = xdr(b'shop') + xdr(b'pay.card') + xdr(b'currency=eur')
    send(case,
         (framed(2206, u32(2) + u32(1001) + xdr(b'/a') + xdr(b'h') + browser + u64(10) + u64(999)
                 + u32(2500) + u32(404)), SOCKET4, OPERATION | far | web),
         (framed(2201, u32(2) + u32(1001) + xdr(b'/a') + xdr(b'h') + xdr(b'http://other')
                 + xdr(b'browser/1') + xdr(b'ann') + xdr(b'text/html') + u64(999) + u32(2500)
                 + u32(404)), OPERATION | web),
         (framed(2202, context + xdr(b'no funds') + u64(10) + u64(20) + u32(7000) + u32(10)),
          framed(2203, xdr(b'front') + xdr(b'basket') + xdr(b'')), framed(2204, xdr(b'customer')),
          framed(2205, xdr(b'merchant')),
          OPERATION | dict(app_name='shop', app_operation='pay.card', app_duration=7000,
                           app_status=10, src_user='customer', dst_user='merchant')),
         (framed(2200, u32(1) + u32(2) + xdr(b'key') + u32(1) + u32(512) + u32(150) + u32(8)),
          OPERATION | dict(app_duration=150, app_status=8)),
         (framed(2000, u32(1) + u32(30) + u32(40) + u32(3) + u64(1) + u64(2)),
          framed(2003, xdr(b'GET /') + xdr(b'h') + xdr(b'') + xdr(b'b') + xdr(b'bob') + u32(503)),
          OPERATION | dict(app_duration=40, app_status=503, url='GET /', url_host='h',
                           src_user='bob')))


def entities(case):
    """Machines and guests at both ends."""
    send(case, (header(), framed(2210, u32(3) + u32(100001) + u32(2) + u32(1)),
                SEEN | dict(src_entity=100001, dst_entity=1)))


def named_only(case):
    """Structures that say nothing a flow has are known, and skipped by their length."""
    sizes = {1016: 4, 1017: 16, 1018: 16, 1021: 24, 1022: 24, 1031: 40, 1032: 48, 1033: 12,
             2001: 12, 2002: 12, 2203: 12, 2207: 8, 2208: 92}
    send(case, (*(framed(number, b'\1' * size) for number, size in sizes.items()), header(), SEEN),
         BytesDecoded=32 + sum(sizes.values()) + 72)


def reasons(case):
    """Why packets were dropped: a function, a trap, a reason of Linux, an access list."""
    trap = framed(1041, xdr(b'l2_drops') + xdr(b'ingress_vlan_filter'))
    samples = ((framed(1038, xdr(b'icmp_rcv')), framed(1042, xdr(b'no_socket')), 256),
               (trap, framed(1036, u32(6)), 289), (framed(1037, u32(5) + xdr(b'') + u32(1)), 258))
    says = (dict(function='icmp_rcv', drop_cause='no_socket'),
            dict(drop_cause='ingress_vlan_filter', queue=6), dict(acl=5, acl_direction=1))
    case.send(datagram(1, *(drop_sample(header(), *records, reason=reason, drops=i)
                            for i, (*records, reason) in enumerate(samples))))
    for i, row in enumerate(says):
        case.flow(**{k: v for k, v in SEEN.items() if k not in ('sampling', 'rate_source')}
                  | row | dict(kind='discard', out_if=0,
                               extra=extra(reason=samples[i][-1], drops=i)))
    case.counts(Datagrams=1, RecordsDecoded=3, DatagramsMalformed=0, BytesUnknownSet=0)


def short_records(case):
    """A record that ends early has said what it could; the others and their samples lose nothing."""
    acl = framed(1037, u32(12) + u32(9) + b'acl1')
    path = framed(1003, address('10.9.9.9') + u32(65000) + u32(1) + u32(2) + u32(1) + u32(2)
                  + u32(0xffffffff) + u32(7) + u32(8))
    send(case,
         (header(), acl, framed(1036, u32(4)), SEEN | dict(acl=12, acl_name='acl1', queue=4)),
         (header(), path, SEEN | dict(bgp_nexthop='10.9.9.9', router_as=65000, src_as=1, peer_as=2,
                                      as_path='7,8', dst_as=8, next_hop_as=7)),
         (header(), framed(1002, u32(9) + bytes(12)), SEEN),
         (header(), framed(1001, b''), framed(1006, address('') + u32(0xffffffff)), SEEN),
         (header(), framed(1036, u32(5)), SEEN | dict(queue=5)), malformed=1)


def lost_ends(case):
    """Who knows where records really began, when one was short and something is behind the last?"""
    short = framed(1037, u32(12) + u32(9) + b'acl1')
    case.send(datagram(1, flow_sample(header(), short, behind=b'\1\2\3\4'),
                       flow_sample(header(), short, sequence=2),
                       flow_sample(header(), behind=b'\1\2\3\4', sequence=3)))
    case.flow(**SEEN | dict(acl=12, acl_name='acl1'))
    case.flow(**SEEN)
    case.counts(Datagrams=1, RecordsDecoded=2, DatagramsMalformed=1, BytesBadLength=8)


CASES = [users_and_urls, labels, long_lists, translations, tunnels, decapsulated, switches, radios,
         sockets, operations, entities, named_only, reasons, short_records,
         lost_ends]
