# SPDX-License-Identifier: Apache-2.0
"""Packets of links that only sFlow samples show."""
from headers import (AAL5, AMPDU, AMSDU, FDDI, FRAME, FRAME_RELAY, HDLC, SAYS4, SAYS6, SMDS, TCP,
                     TOKEN_BUS, TOKEN_RING, V4, V6, WLAN, P4, P6, eth)
from wire import mac, u8, u16, u32

DST, SRC = mac(FRAME['dst_mac']), mac(FRAME['src_mac'])
BSS = mac('02:00:00:00:0e:ee')
SNAP = bytes.fromhex('aaaa03000000') + u16(0x0800)
BRIDGED = bytes.fromhex('0080c20007')
BARE4 = V4 | TCP | dict(proto=6, ip_length=40, etype=0x0800)
BARE6 = V6 | TCP | dict(proto=6, ip_length=60, etype=0x86dd)
ETYPE = dict(etype=0x0800)


def token_bus(case):
    """IEEE 802.4: data, and control of the medium."""
    case.link = TOKEN_BUS
    case.packet(u8(0x40) + DST + SRC + SNAP + P4, 'tokenbus>snap>ip4>tcp', SAYS4, ETYPE)
    case.packet(u8(0x08) + DST + SRC + bytes(8), 'tokenbus', FRAME)


def token_ring(case):
    """IEEE 802.5: with and without a source route, whose mark is no part of the address."""
    case.link = TOKEN_RING
    head = u8(0x10) + u8(0x40) + DST
    case.packet(head + SRC + SNAP + P4, 'tokenring>snap>ip4>tcp', SAYS4, ETYPE)
    case.packet(head + u8(0x82) + SRC[1:] + bytes.fromhex('063000110020') + SNAP + P4,
                'tokenring>snap>ip4>tcp', SAYS4, ETYPE)
    case.packet(u8(0x10) + u8(0x00) + DST + SRC + bytes(8), 'tokenring', FRAME)


def fddi(case):
    """FDDI: data, asynchronous and synchronous, and a token."""
    case.link = FDDI
    for control in 0x50, 0x57, 0xd0:
        case.packet(u8(control) + DST + SRC + SNAP + P4, 'fddi>snap>ip4>tcp', SAYS4, ETYPE)
    case.packet(u8(0x80) + DST + SRC + bytes(8), 'fddi', FRAME)


def frame_relay(case):
    """Addresses of two to four bytes; ISO's numbers, SNAP, bridged frames, and Cisco's EtherType."""
    case.link = FRAME_RELAY
    for dlci in '1841', '184041', '18404041':
        case.packet(bytes.fromhex(dlci + '03cc') + P4, 'fr>ip4>tcp', BARE4)
    dlci = bytes.fromhex('1841')
    case.packet(dlci + bytes.fromhex('03008e') + P6, 'fr>ip6>tcp', BARE6)
    case.packet(dlci + bytes.fromhex('0300800000000800') + P4, 'fr>snap>ip4>tcp', BARE4)
    case.packet(dlci + bytes.fromhex('030080') + BRIDGED + eth(0x0800, P4), 'fr>snap>eth>ip4>tcp',
                BARE4)
    case.packet(dlci + bytes.fromhex('03cf0021') + P4, 'fr>ppp>ip4>tcp', BARE4)
    case.packet(dlci + u16(0x86dd) + P6, 'fr>ip6>tcp', BARE6)
    case.packet(dlci + bytes.fromhex('03008000000c2000'), 'fr>snap')
    case.packet(dlci + bytes.fromhex('0308') + bytes(8), 'fr')


def hdlc(case):
    """Cisco's, to one and to all; and PPP."""
    case.link = HDLC
    case.packet(bytes.fromhex('0f000800') + P4, 'hdlc>ip4>tcp', BARE4)
    case.packet(bytes.fromhex('8f0086dd') + P6, 'hdlc>ip6>tcp', BARE6)
    case.packet(bytes.fromhex('8f008035') + bytes(8), 'hdlc>other.8035', dict(etype=0x8035))
    case.packet(bytes.fromhex('ff030021') + P4, 'ppp>ip4>tcp', BARE4)


def smds(case):
    """SMDS: a header of 36 bytes before LLC."""
    case.link = SMDS
    case.packet(bytes(36) + SNAP + P4, 'smds>snap>ip4>tcp', BARE4)


def aal5(case):
    """AAL5: LLC with SNAP or ISO's numbers, frames of bridges, or IP at once."""
    case.link = AAL5
    case.packet(SNAP + P4, 'aal5>snap>ip4>tcp', BARE4)
    case.packet(bytes.fromhex('fefe038e') + P6, 'aal5>llc>ip6>tcp', BARE6)
    case.packet(bytes.fromhex('aaaa03') + BRIDGED + bytes(2) + eth(0x0800, P4),
                'aal5>snap>eth>ip4>tcp', BARE4)
    case.packet(P4, 'aal5>ip4>tcp', BARE4)
    case.packet(P6, 'aal5>ip6>tcp', BARE6)
    case.packet(bytes.fromhex('fefe0383') + bytes(8), 'aal5>llc')


def wlan(kind, flags, one, two, three, behind=b'', sequence=b'\0\0'):
    return u8(kind) + u8(flags) + u16(0) + one + two + three + sequence + behind


def radio(case):
    """802.11: all four ways, priorities, aggregates; and what has nothing to read behind it."""
    case.link = WLAN
    packet, says = SNAP + P4, SAYS4 | ETYPE
    subframe = DST + SRC + u16(len(packet)) + packet
    case.packet(wlan(0x08, 1, BSS, SRC, DST, packet), 'wlan>snap>ip4>tcp', says)
    case.packet(wlan(0x08, 2, DST, BSS, SRC, packet), 'wlan>snap>ip4>tcp', says)
    case.packet(wlan(0x08, 0, DST, SRC, BSS, packet), 'wlan>snap>ip4>tcp', says)
    case.packet(wlan(0x08, 3, BSS, BSS, DST, SRC + packet), 'wlan>snap>ip4>tcp', says)
    case.packet(wlan(0x88, 1, BSS, SRC, DST, u16(0) + packet), 'wlan>snap>ip4>tcp', says)
    case.packet(wlan(0x88, 0x83, BSS, BSS, DST, SRC + u16(0) + u32(0) + packet),
                'wlan>snap>ip4>tcp', says)
    for flags, control in ((1, b''), (0x81, u32(0))):
        case.packet(wlan(0x88, flags, BSS, SRC, DST, u16(0x8000) + control + subframe),
                    'wlan>amsdu>snap>ip4>tcp', says)
    case.packet(wlan(0x08, 1, BSS, SRC, DST, packet, b'\x02\x10'), 'wlan>fragment', FRAME)
    case.packet(wlan(0x08, 0x41, BSS, SRC, DST, packet), 'wlan', FRAME)
    case.packet(wlan(0x48, 1, BSS, SRC, DST), 'wlan', FRAME)
    case.packet(wlan(0x80, 0, DST, SRC, BSS, packet), 'wlan', FRAME)
    case.packet(bytes.fromhex('d4000000') + DST, 'wlan')


def radio_frames(case):
    """Frames of 802.11 sent together, each behind a delimiter."""
    case.link = AMPDU
    frame = wlan(0x08, 1, BSS, SRC, DST, SNAP + P4)
    case.packet(bytes.fromhex('4005004e') + frame, 'wlan>snap>ip4>tcp', SAYS4, ETYPE)
    case.packet(bytes.fromhex('40050000') + frame, 'bad@ampdu')


def radio_packets(case):
    """Packets of one frame of 802.11, each behind addresses and a length."""
    case.link = AMSDU
    case.packet(DST + SRC + u16(2000) + SNAP + P4, 'amsdu>snap>ip4>tcp', SAYS4, ETYPE)


CASES = [token_bus, token_ring, fddi, frame_relay, hdlc, smds, aal5, radio, radio_frames,
         radio_packets]
