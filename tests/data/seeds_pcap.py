# SPDX-License-Identifier: Apache-2.0
"""Captures for the fuzzer to bend: every link layer, both byte orders, packets of all kinds."""
import struct

from wire import ip, mac, u8, u16, u32, udp_packet

MACS = mac('02:00:00:00:00:02') + mac('02:00:00:00:00:01')
V4 = udp_packet('192.0.2.1', '192.0.2.254', 50000, 2055, b'hello')
V6 = udp_packet('2001:db8::1', '2001:db8::fe', 50000, 4739, b'hello')
EXTENDED = (V6[:4] + u16(8 + 16 + 13) + u8(0) + V6[7:40] + u8(60) + u8(0) + u32(0x01040000) + u16(0)
            + u8(17) + u8(1) + bytes(14) + V6[40:])
FRAGMENT6 = V6[:4] + u16(8 + 13) + u8(44) + V6[7:40] + u8(17) + u8(0) + u16(1) + u32(1) + V6[40:]
FRAGMENT4 = V4[:6] + u16(0x2000) + V4[8:]
TCP = V4[:9] + u8(6) + V4[10:]


def capture(order, magic, link, packets):
    out = struct.pack(order + 'IHHiIII', magic, 2, 4, 0, 0, 65535, link)
    for packet in packets:
        out += struct.pack(order + 'IIII', 1700000000, 250000, len(packet), len(packet)) + packet
    return out


SEEDS = {
    'ethernet': capture('<', 0xa1b2c3d4, 1, [
        MACS + u16(0x0800) + V4 + bytes(13), MACS + u16(0x86dd) + EXTENDED,
        MACS + u16(0x88a8) + u16(100) + u16(0x8100) + u16(200) + u16(0x0800) + V4,
        MACS + u16(0x0800) + FRAGMENT4, MACS + u16(0x86dd) + FRAGMENT6, MACS + u16(0x0800) + TCP,
        MACS + u16(0x0806) + u16(1) + u16(0x0800) + ip('192.0.2.1')]),
    'raw': capture('>', 0xa1b23c4d, 101, [V4, V6, b'\0']),
    'cooked': capture('<', 0xa1b23c4d, 113, [bytes(14) + u16(0x0800) + V4]),
    'cooked2': capture('>', 0xa1b2c3d4, 276, [u16(0x86dd) + bytes(18) + V6]),
    'next-generation': bytes.fromhex('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000'),
}
