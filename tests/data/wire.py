# SPDX-License-Identifier: Apache-2.0
"""Bytes of export datagrams, and captures to carry them.

Numbers are big-endian, as on the wire. What a header says of itself (length, count) is filled in
unless the case says otherwise, because that is what the case is about.
"""
import ipaddress
import struct

EXPORTED = 1_700_000_000        # 2023-11-14T22:13:20Z, in every header
UPTIME = 100_000                # ms, in the headers of v5 and v9
RECEIVED = EXPORTED + 1         # when the capture saw it


def uint(size, value):
    return value.to_bytes(size, 'big')


def u8(value):
    return uint(1, value)


def u16(value):
    return uint(2, value)


def u32(value):
    return uint(4, value)


def u64(value):
    return uint(8, value)


def ip(text):
    return ipaddress.ip_address(text).packed


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


# --- NetFlow v5 ---

def v5_header(count, sequence, nanoseconds=0, uptime=UPTIME, engine=0, sampling=0):
    return (u16(5) + u16(count) + u32(uptime) + u32(EXPORTED) + u32(nanoseconds) + u32(sequence)
            + u16(engine) + u16(sampling))


def v5_record(src='10.1.0.1', dst='10.2.0.2', next_hop='10.0.0.9', in_if=1, out_if=2, packets=10,
              octets=1000, first=90_000, last=99_000, sport=1234, dport=80, flags=0x1b, proto=6,
              tos=0, src_as=64500, dst_as=64501, masks=(24, 16)):
    return (ip(src) + ip(dst) + ip(next_hop) + u16(in_if) + u16(out_if) + u32(packets)
            + u32(octets) + u32(first) + u32(last) + u16(sport) + u16(dport) + u8(0) + u8(flags)
            + u8(proto) + u8(tos) + u16(src_as) + u16(dst_as) + u8(masks[0]) + u8(masks[1])
            + u16(0))


# --- NetFlow v9 and IPFIX ---

def v9(count, sequence, domain, *sets, uptime=UPTIME):
    return (u16(9) + u16(count) + u32(uptime) + u32(EXPORTED) + u32(sequence) + u32(domain)
            + b''.join(sets))


def ipfix(sequence, domain, *sets, length=None, exported=EXPORTED):
    body = b''.join(sets)
    return (u16(10) + u16(16 + len(body) if length is None else length) + u32(exported)
            + u32(sequence) + u32(domain) + body)


def a_set(set_id, *parts, length=None):
    body = b''.join(parts)
    return u16(set_id) + u16(4 + len(body) if length is None else length) + body


VARIABLE = 65535


def sized(data):
    """A value of variable length, its length before it."""
    return u8(len(data)) + data


ELEMENTS = set()        # (enterprise, element) of all templates so far


def specifiers(fields):
    """Each field is (element, length) or (element, length, enterprise)."""
    out = b''
    for element, length, *enterprise in fields:
        ELEMENTS.add((enterprise[0] if enterprise else 0, element))
        out += u16(element | (0x8000 if enterprise else 0)) + u16(length)
        out += u32(enterprise[0]) if enterprise else b''
    return out


def template(template_id, *fields):
    return u16(template_id) + u16(len(fields)) + specifiers(fields)


def v9_options(template_id, scopes, fields):
    return (u16(template_id) + u16(4 * len(scopes)) + u16(4 * len(fields))
            + specifiers((*scopes, *fields)))


def ipfix_options(template_id, scopes, fields):
    return (u16(template_id) + u16(len(scopes) + len(fields)) + u16(len(scopes))
            + specifiers((*scopes, *fields)))


# --- captures ---

def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp_packet(src, dst, sport, dport, payload):
    a, b = ip(src), ip(dst)
    length = 8 + len(payload)
    head = u16(sport) + u16(dport) + u16(length)
    pseudo = a + b + (u16(0) + u16(17) + u16(length) if len(a) == 4 else
                      u32(length) + u32(17))
    udp = head + u16(checksum(pseudo + head + u16(0) + payload) or 0xffff) + payload
    if len(a) == 16:
        return u32(0x60000000) + u16(length) + u8(17) + u8(64) + a + b + udp
    head = u16(0x4500) + u16(20 + length) + u32(0) + u8(64) + u8(17)
    return head + u16(checksum(head + u16(0) + a + b)) + a + b + udp


def pcap(packets):
    """Little endian, microseconds, Ethernet."""
    out = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for packet in packets:
        etype = 0x0800 if packet[0] >> 4 == 4 else 0x86dd
        frame = mac('02:00:00:00:00:02') + mac('02:00:00:00:00:01') + u16(etype) + packet
        out += struct.pack('<IIII', RECEIVED, 0, len(frame), len(frame)) + frame
    return out
