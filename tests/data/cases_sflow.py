# SPDX-License-Identifier: Apache-2.0
"""sFlow v5: datagrams, samples, and what is wrong with them."""
import json

from sflow import (AGENT, BARE, IPV4, MPLS, PPP, RECORD, address, counter_sample, datagram,
                   drop_sample, expanded_sample, extra, flow_sample, frame, framed, header, ipv4,
                   xdr)
from wire import ip, mac, u16, u32, u64


def plain(case):
    """Flow samples, compact and expanded, one with a rate of 0."""
    case.send(datagram(9, flow_sample(header()), expanded_sample(header())))
    case.flow(**RECORD | AGENT | dict(seq=9))
    case.flow(**RECORD | AGENT | dict(seq=9))
    case.send(datagram(10, flow_sample(header(), rate=0, sequence=2)))
    case.flow(**{k: v for k, v in (RECORD | AGENT | dict(seq=10)).items()
                 if k not in ('sampling', 'rate_source')})
    case.counts(Datagrams=2, RecordsDecoded=3, DatagramsMalformed=0, SequenceMissing=0,
                BytesReceived=28 + 120 + 132 + 28 + 120, BytesHeaders=28 * 2 + 16 * 3,
                BytesDecoded=32 + 44 + 32 + 72 * 3, BytesPadding=0)


def agents(case):
    """The agent's address is of IPv4, of IPv6, not known, or of a kind that does not exist."""
    for agent in ('192.0.2.77', '2001:db8::77', ''):
        case.send(datagram(1, flow_sample(header()), agent=agent))
        case.flow(**RECORD | dict(seq=1, extra=json.dumps(dict(agent=agent)) if agent else '{}'))
    case.send(u32(5) + u32(3) + bytes(40))
    case.counts(Datagrams=4, BytesBadLength=48, RecordsDecoded=3, SequenceMissing=0)


def padding(case):
    """Padding behind the last record, and a sample and a record of odd length without any."""
    odd = framed(1038, xdr(b'kfree')[:9])
    case.send(datagram(1, flow_sample(header(), behind=bytes(4)), flow_sample(header(),
            sequence=2)))
    case.flow(**RECORD | AGENT | dict(seq=1))
    case.flow(**RECORD | AGENT | dict(seq=1))
    case.send(datagram(2, drop_sample(odd)))
    case.flow(pkt=2, ver='sflow5', domain=3, packets=1, in_if=5, kind='discard', seq=2,
              function='kfree', extra=extra(reason=258, drops=7))
    case.counts(Datagrams=2, BytesPadding=4, RecordsDecoded=3, DatagramsMalformed=0,
                SamplesMissing=0)


def gateway(case):
    """AS path with a sequence and a set, communities, and a next hop of type 0."""
    path = (u32(2) + u32(2) + u32(3) + u32(64513) + u32(3356) + u32(15169)
            + u32(1) + u32(2) + u32(100) + u32(200))
    full = framed(1003, address('10.9.9.9') + u32(65000) + u32(64512) + u32(64513) + path + u32(2)
                  + u32(0xfde80001) + u32(0xfde80002) + u32(150))
    router = framed(1002, address('10.7.7.7') + u32(24) + u32(16))
    none = framed(1003, address('') + u32(65000) + u32(0) + u32(0) + u32(0) + u32(0) + u32(0))
    huge = framed(1003, address('') + u32(65000) + u32(1) + u32(2) + u32(0xffffffff) + u32(2)
            + u32(0xffffffff) + u32(7))
    case.send(datagram(1, flow_sample(header(), router, full)))
    case.flow(**RECORD | dict(
        seq=1, src_as=64512, dst_as=200, next_hop_as=64513, src_mask=24, dst_mask=16,
        nexthop='10.7.7.7', bgp_nexthop='10.9.9.9',
        extra=extra(router_as=65000, src_peer_as=64513, localpref=150, communities=[0xfde80001,
                0xfde80002],
                    as_path=[[2, [64513, 3356, 15169]], [1, [100, 200]]])))
    case.send(datagram(2, flow_sample(none, header(), sequence=2), flow_sample(huge, header(),
            sequence=3)))
    case.flow(**RECORD | dict(seq=2, extra=extra(router_as=65000, as_path=[], communities=[])))
    case.flow(**RECORD | dict(seq=2, src_as=1, dst_as=7, next_hop_as=7,
                              extra=extra(router_as=65000, src_peer_as=2, as_path=[[2, [7]]])))
    case.counts(Datagrams=2, RecordsDecoded=3, DatagramsMalformed=1)


def fragments(case):
    """Ports are in the first fragment only."""
    first = frame(ipv4(17, u16(53) + u16(54) + u32(0), fragment=0x2000, length=1500))
    later = frame(ipv4(17, bytes.fromhex('deaddead') * 2, fragment=185, length=1500))
    udp = dict(proto=17, tcp_flags=0, ip_len=1500, bytes=1518)
    case.send(datagram(1, flow_sample(header(first, frame_length=1518)),
                       flow_sample(header(later, frame_length=1518), sequence=2)))
    case.flow(**RECORD | AGENT | udp | dict(seq=1, sport=53, dport=54))
    case.flow(**RECORD | AGENT | udp | dict(seq=1, sport='', dport='', frag_off=1480))
    case.counts(Datagrams=1, DatagramsMalformed=0, RecordsDecoded=2)


def lengths(case):
    """Counts and lengths that cannot be cost their own sample, and no other."""
    good = flow_sample(header(), sequence=9)
    row = RECORD | AGENT
    bad = (framed(1, u32(1) * 7 + u32(1) + u32(1) + u32(0xfffffff0) + bytes(16)),
           flow_sample(header(), count=0xffffffff), framed(1, bytes(28)), framed(2, bytes(8)))
    for i, sample in enumerate(bad):
        case.send(datagram(i, sample, good))
        case.flow(**row | dict(seq=i))
    case.send(datagram(4, good, count=0xffffffff))              # more samples than there are
    case.flow(**row | dict(seq=4))
    case.send(datagram(5, good, framed(1, bytes(8), length=0x7fffffff)))
    case.flow(**row | dict(seq=5))
    case.send(datagram(6, good, b'behind', count=1))            # fewer
    case.flow(**row | dict(seq=6))
    case.send(datagram(7, flow_sample(header(length=0xffffff00))))
    case.flow(**row | dict(seq=7))
    case.send(datagram(8)[:27])
    case.counts(Datagrams=9, DatagramsMalformed=8, RecordsDecoded=8, BytesTruncated=16 + 27,
                BytesBadLength=56 + 112 + 28 + 8 + 6)


def sizes(case):
    """Bytes are the frame's; the IP length has its own field; a summary gives way to the header."""
    summary = framed(3, u32(1344) + u32(17) + ip('10.0.0.1') + ip('10.0.0.2') + u32(1) + u32(2)
            + u32(0) + u32(8))
    six = framed(4, u32(1280) + u32(6) + ip('2001:db8::1') + ip('2001:db8::2') + u32(3)
            + u32(4) + u32(2) + u32(16))
    ethernet = framed(2, u32(1390) + mac('02:00:00:00:0b:bb') + bytes(2)
            + mac('02:00:00:00:0a:aa') + bytes(2) + u32(0x0800))
    four = BARE | dict(src='10.0.0.1', dst='10.0.0.2', proto=17, sport=1, dport=2, tos=8,
            ip_len=1344, seq=1) | AGENT
    case.send(datagram(1, flow_sample(summary, header(frame_length=1390)),
                       flow_sample(summary, sequence=2), flow_sample(ethernet, summary, sequence=3),
                       flow_sample(six, sequence=4)))
    case.flow(**RECORD | AGENT | dict(bytes=1390, seq=1))
    case.flow(**four | dict(bytes=1344))
    case.flow(**four | dict(bytes=1390, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa',
            etype=0x0800))
    case.flow(**BARE | AGENT | dict(src='2001:db8::1', dst='2001:db8::2', proto=6, sport=3,
            dport=4, tcp_flags=2,
                                    tos=16, ip_len=1280, bytes=1280, seq=1))
    case.counts(Datagrams=1, RecordsDecoded=4, DatagramsMalformed=0)


def interfaces(case):
    """Discarded, several, the exporter itself, and a format that nobody defined."""
    words = ((0x40000102, 0x80000007), (0x3fffffff, 0x80000000))
    pairs = (((1, 258), (2, 7)), ((0, 0x3fffffff), (2, 0)), ((0, 0xfffffff0), (3, 9)))
    case.send(datagram(1, *(flow_sample(header(), in_if=a, out_if=b, sequence=i) for i, (a,
            b) in enumerate(words)),
                       *(expanded_sample(header(), in_if=a, out_if=b) for a, b in pairs)))
    one = RECORD | dict(seq=1, in_if=258, out_if=7, extra=extra(in_format=1, out_format=2))
    two = RECORD | dict(seq=1, in_if=0x3fffffff, out_if=0, extra=extra(out_format=2))
    for row in (one, two, one, two):
        case.flow(**row)
    case.flow(**RECORD | AGENT | dict(seq=1, in_if=0xfffffff0, out_if=0))
    case.counts(Datagrams=1, RecordsDecoded=5)


def vlans(case):
    """The switch's word counts before the outer tag, also when it is that nobody knows."""
    tagged = header(frame(tags=u16(0x8100) + u16(77) + u16(0x8100) + u16(78)))
    switch = framed(1001, u32(500) + u32(1) + u32(0xffffffff) + u32(0))
    unknown = framed(1001, u32(0xffffffff) + u32(0) + u32(9) + u32(0))
    case.send(datagram(1, flow_sample(tagged), flow_sample(tagged, switch, sequence=2),
                       flow_sample(unknown, tagged, sequence=3)))
    row = RECORD | AGENT | dict(seq=1, vlan=77, inner_vlan=78)
    case.flow(**row | dict(vlan_in=77))
    case.flow(**row | dict(vlan_in=500, vlan_out=0xffffffff))
    case.flow(**row | dict(vlan_in=0xffffffff, vlan_out=9))
    case.counts(Datagrams=1, RecordsDecoded=3)


def headers(case):
    """Header protocols: packets without a frame, and one nobody reads."""
    case.send(datagram(1, flow_sample(header(ipv4(), IPV4)),
                       flow_sample(header(u32(1000 << 12 | 0x1ff) + ipv4(), MPLS), sequence=2),
                       flow_sample(header(b'\xff\3\0\x21' + ipv4(), PPP), sequence=3),
                       flow_sample(header(ipv4(), 99), sequence=4)))
    row = RECORD | AGENT | dict(seq=1, src_mac='', dst_mac='')
    case.flow(**row)
    case.flow(**row | dict(mpls_labels=1000, etype=0x8847))
    case.flow(**row)
    case.flow(**BARE | AGENT | dict(seq=1, bytes=58))
    case.counts(Datagrams=1, RecordsDecoded=4, DatagramsMalformed=0)


def drops(case):
    """Dropped packets are no traffic."""
    trap = framed(1041, xdr(b'l2_drops') + xdr(b'ingress_vlan_filter'))
    case.send(datagram(1, drop_sample(header(), trap), flow_sample(header())))
    case.flow(**{k: v for k, v in (RECORD | dict(seq=1, kind='discard', out_if=0,
            drop_cause='ingress_vlan_filter', extra=extra(reason=258, drops=7))).items()
                 if k not in ('sampling', 'rate_source')})
    case.flow(**RECORD | AGENT | dict(seq=1))
    case.counts(Datagrams=1, RecordsDecoded=2)


def unknown(case):
    """Samples and records of others are passed by their length, one by one."""
    other = framed(7, b'\1' * 12, enterprise=9)
    case.send(datagram(1, framed(1, b'\1' * 20, enterprise=8800), flow_sample(other, header(),
            other)))
    case.flow(**RECORD | AGENT | dict(seq=1))
    case.counts(Datagrams=1, BytesUnknownSet=20 + 12 + 12, RecordsDecoded=1, DatagramsMalformed=0)


def counters(case):
    """Counter samples give no flows; a structure may end early, where an older one ended."""
    generic = framed(1, u32(5) + u32(6) + u64(10**9) + bytes(72))
    case.send(datagram(1, counter_sample(generic, framed(1005, xdr(b'eth0'))),
                       counter_sample(framed(2003, bytes(68)), framed(99, bytes(4)), sequence=2)))
    zeros = """ifDirection ifStatus ifInOctets ifInUcastPkts ifInMulticastPkts ifInBroadcastPkts
        ifInDiscards ifInErrors ifInUnknownProtos ifOutOctets ifOutUcastPkts ifOutMulticastPkts
        ifOutBroadcastPkts ifOutDiscards ifOutErrors ifPromiscuousMode"""
    whose = dict(domain=3, uptime_ms=5000, agent='192.0.2.77', source=(0, 5))
    case.counters_told('generic', 'ifIndex=5,ifType=6,ifSpeed=1000000000'
                       + ''.join(f',{name}=0' for name in zeros.split()), sequence=1, **whose)
    case.name_told('interface', 5, 'eth0', domain=3, agent='192.0.2.77')
    case.counters_told('portname', '', 'name=eth0', sequence=1, **whose)
    case.counters_told('host_cpu', ','.join(f'{name}=0' for name in """load_one_milli
        load_five_milli load_fifteen_milli proc_run proc_total cpu_num cpu_speed uptime cpu_user
        cpu_nice cpu_system cpu_idle cpu_wio cpu_intr cpu_sintr interrupts contexts""".split()),
                       sequence=2, **whose)
    case.counts(Datagrams=1, BytesUnknownSet=4, BytesDecoded=12 + 88 + 8 + 12 + 68,
                BytesHeaders=28 + 16 + 32, DatagramsMalformed=0, SamplesMissing=0,
                RecordsDecoded=3 + 1)


def sequences(case):
    """Datagrams have numbers, the samples of each source too, and it says what it dropped."""
    for number, first, dropped in ((1, 1, 0), (2, 2, 0), (5, 6, 3), (6, 5, 3), (7, 7, 4)):
        case.send(datagram(number, flow_sample(header(), sequence=first, drops=dropped),
                           flow_sample(header(), sequence=100 + number, source=6)))
        case.flow(**RECORD | AGENT | dict(seq=number))
        case.flow(**RECORD | AGENT | dict(seq=number))
    case.counts(Datagrams=5, SequenceMissing=2, SequenceLate=0, SamplesMissing=3 + 2,
                SamplesLate=1, SamplesDropped=4, SamplesUnfollowed=0)


CASES = [plain, agents, padding, gateway, fragments, lengths, sizes, interfaces, vlans, headers,
        drops,
         unknown, counters, sequences]
