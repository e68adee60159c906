# SPDX-License-Identifier: Apache-2.0
"""Bytes of sFlow v5. A datagram has 28 bytes before its samples (agent of IPv4), a sample and a
record 8 before their own, a flow sample 32 before its records, an expanded one 44, a drop sample
32, a counter sample 12."""
import json

from wire import ip, mac, u8, u16, u32, u64

ETHERNET, PPP, IPV4, IPV6, MPLS = 1, 7, 11, 12, 13


def xdr(data):
    return u32(len(data)) + data + bytes(-len(data) % 4)


def address(text):
    if not text:
        return u32(0)
    packed = ip(text)
    return u32(1 if len(packed) == 4 else 2) + packed


def datagram(sequence, *samples, agent='192.0.2.77', count=None):
    return (u32(5) + address(agent) + u32(3) + u32(sequence) + u32(5000)
            + u32(len(samples) if count is None else count) + b''.join(samples))


def framed(fmt, body, enterprise=0, length=None):
    return u32(enterprise << 12 | fmt) + u32(len(body) if length is None else length) + body


def flow_sample(*records, sequence=1, source=5, rate=1000, drops=0, in_if=5, out_if=6, count=None,
                behind=b''):
    return framed(1, u32(sequence) + u32(source) + u32(rate) + u32(5000) + u32(drops) + u32(in_if)
                  + u32(out_if) + u32(len(records) if count is None else count)
                  + b''.join(records) + behind)


def expanded_sample(*records, in_if=(0, 5), out_if=(0, 6)):
    return framed(3, u32(1) + u32(0) + u32(5) + u32(1000) + u32(5000) + u32(0) + u32(in_if[0])
                  + u32(in_if[1]) + u32(out_if[0]) + u32(out_if[1]) + u32(len(records))
                  + b''.join(records))


def drop_sample(*records, reason=258, drops=7):
    return framed(5, u32(1) + u32(0) + u32(5) + u32(drops) + u32(5) + u32(0) + u32(reason)
                  + u32(len(records)) + b''.join(records))


def counter_sample(*records, sequence=1, source=5):
    return framed(2, u32(sequence) + u32(source) + u32(len(records)) + b''.join(records))


def ipv4(proto=6, payload=u16(40000) + u16(443) + u32(1) + u32(2) + u16(0x5012) + u16(1024)
        + u32(0),
         fragment=0, length=40):
    return (u16(0x4528) + u16(length) + u16(1) + u16(fragment) + u8(61) + u8(proto) + u16(0)
            + ip('10.5.0.1') + ip('10.6.0.2') + payload)


def frame(packet=ipv4(), etype=0x0800, tags=b''):
    return mac('02:00:00:00:0a:aa') + mac('02:00:00:00:0b:bb') + tags + u16(etype) + packet


def header(data=frame(), protocol=ETHERNET, frame_length=58, length=None):
    body = u32(protocol) + u32(frame_length) + u32(4)
    body += xdr(data) if length is None else u32(length) + data
    return framed(1, body)


RECORD = dict(ver='sflow5', domain=3, src='10.5.0.1', dst='10.6.0.2', sport=40000, dport=443,
        proto=6,
              bytes=58, packets=1, sampling=1000, rate_source='record', in_if=5, out_if=6,
              src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa', tcp_flags=18, tos=40,
              ttl_min=61, ttl_max=61, frag_id=1, etype=0x0800, kind='flow_sample', ip_len=40)
# A flow of which nothing is known but its interfaces and rate.
BARE = dict(ver='sflow5', domain=3, packets=1, sampling=1000, rate_source='record', in_if=5,
        out_if=6,
            kind='flow_sample')


def extra(**values):
    return json.dumps(dict(agent='192.0.2.77') | values)


AGENT = dict(extra=extra())
