# SPDX-License-Identifier: Apache-2.0
"""sFlow v5: sampled headers of every protocol of its registry."""
from cases_sflow_records import SEEN, UNSEEN, send
from sflow import frame, framed, header, ipv4, xdr
from wire import ip, mac, u16, u32, u8

DST, SRC, BSS = (mac(f'02:00:00:00:0{last}') for last in ('a:aa', 'b:bb', 'e:ee'))
SNAP = bytes.fromhex('aaaa03000000') + u16(0x0800)
BARE = SEEN | dict(src_mac='', dst_mac='')
SIX = (u32(0x62812345) + u16(8) + u8(17) + u8(63) + ip('2001:db8::1') + ip('2001:db8::2')
       + u16(53) + u16(54) + u32(0))
SEEN6 = UNSEEN | dict(src='2001:db8::1', dst='2001:db8::2', proto=17, sport=53, dport=54, tos=40,
                      ttl_min=63, ttl_max=63, flow_label=0x12345, etype=0x86dd, bytes=58,
                      ip_len=48)

SEEN_ETHERNET = UNSEEN | dict(bytes=58, etype=0x0800, src_mac='02:00:00:00:0b:bb',
                              dst_mac='02:00:00:00:0a:aa')


def of(protocol, data, row):
    return header(data, protocol), row


def rings(case):
    """Token bus, token ring with and without a route, FDDI: LLC behind addresses, or control."""
    routed = u8(0x10) + u8(0x40) + DST + u8(SRC[0] | 0x80) + SRC[1:]
    send(case,
         of(2, u8(0x40) + DST + SRC + SNAP + ipv4(), SEEN),
         of(2, u8(0x08) + DST + SRC + bytes(40), UNSEEN | dict(
             bytes=58, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa')),
         of(3, u8(0x10) + u8(0x40) + DST + SRC + SNAP + ipv4(), SEEN),
         of(3, routed + bytes.fromhex('063000110020') + SNAP + ipv4(), SEEN),
         of(3, routed + bytes.fromhex('1e30'), UNSEEN | dict(
             bytes=58, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa')),
         of(4, u8(0x50) + DST + SRC + SNAP + ipv4(), SEEN),
         of(4, u8(0xd3) + DST + SRC + bytes.fromhex('060603') + ipv4(), SEEN),
         of(4, u8(0x80) + DST + SRC + bytes(40), UNSEEN | dict(
             bytes=58, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa')))


def lines(case):
    """Frame relay, PPP, HDLC, SMDS and AAL5: by ISO's number, SNAP, an EtherType, or at once."""
    dlci = bytes.fromhex('1841')
    bridged = bytes.fromhex('0080c20001')
    send(case,
         of(5, dlci + bytes.fromhex('03cc') + ipv4(), BARE),
         of(5, dlci + bytes.fromhex('038e') + SIX, SEEN6),
         of(5, dlci + bytes.fromhex('0300800000000800') + ipv4(), BARE),
         of(5, dlci + bytes.fromhex('030080') + bridged + frame(), BARE),
         of(5, dlci + u16(0x0800) + ipv4(), BARE),
         of(5, bytes.fromhex('18404041') + bytes.fromhex('03cc') + ipv4(), BARE),
         of(5, dlci + bytes.fromhex('0308') + bytes(20), UNSEEN | dict(bytes=58)),
         of(7, bytes.fromhex('0021') + ipv4(), BARE),
         of(14, bytes.fromhex('ff030057') + SIX, SEEN6),
         of(14, bytes.fromhex('0f000800') + ipv4(), BARE),
         of(14, bytes.fromhex('8f0086dd') + SIX, SEEN6),
         of(8, bytes(36) + SNAP + ipv4(), BARE),
         of(9, SNAP + ipv4(), BARE),
         of(9, bytes.fromhex('fefe03cc') + ipv4(), BARE),
         of(9, ipv4(), BARE),
         of(9, bytes.fromhex('aaaa03') + bridged + bytes(2) + frame(), BARE),
         of(9, bytes.fromhex('aaaa0300900000000800') + ipv4(), UNSEEN | dict(bytes=58)),
         of(10, ipv4(), BARE),
         of(12, SIX, SEEN6))


def wlan(kind, flags, one, two, three, behind=b'', sequence=0):
    return u8(kind) + u8(flags) + u16(0) + one + two + three + u16(sequence) + behind


def radio(case):
    """802.11: to and from an access point, between two, aggregated; what carries nothing."""
    empty = UNSEEN | dict(bytes=58, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa')
    packet = SNAP + ipv4()
    to = wlan(0x08, 1, BSS, SRC, DST, packet)
    subframe = DST + SRC + u16(len(packet)) + packet
    send(case,
         of(15, to, SEEN),
         of(15, wlan(0x08, 2, DST, BSS, SRC, packet), SEEN),
         of(15, wlan(0x08, 0, DST, SRC, BSS, packet), SEEN),
         of(15, wlan(0x08, 3, BSS, BSS, DST, SRC + packet), SEEN),
         of(15, wlan(0x88, 1, BSS, SRC, DST, u16(0) + packet), SEEN),
         of(15, wlan(0x88, 0x83, BSS, BSS, DST, SRC + u16(0) + u32(0) + packet), SEEN),
         of(15, wlan(0x88, 1, BSS, SRC, DST, u16(0x8000) + subframe), SEEN),
         of(15, wlan(0x88, 0x81, BSS, SRC, DST, u16(0x8000) + u32(0) + subframe), SEEN),
         of(15, wlan(0x08, 1, BSS, SRC, DST, packet, sequence=0x0100), empty),   # second part
         of(15, wlan(0x48, 1, BSS, SRC, DST), empty),                            # no data
         of(15, wlan(0x80, 0, DST, SRC, BSS, bytes(20)), empty),                 # a beacon
         of(15, bytes.fromhex('d4000000') + DST, UNSEEN | dict(bytes=58)),       # acknowledged
         of(16, bytes.fromhex('4005004e') + to, SEEN),
         of(16, bytes.fromhex('40050000') + to, UNSEEN | dict(bytes=58)),
         of(17, subframe, SEEN))


def encrypted(case):
    """The payload of an encrypted frame of 802.11 comes in a record of its own, or not at all."""
    secret = header(wlan(0x08, 0x41, BSS, SRC, DST), 15)
    empty = UNSEEN | dict(bytes=58, src_mac='02:00:00:00:0b:bb', dst_mac='02:00:00:00:0a:aa')
    suite = u32(0x000fac04)
    send(case,
         (secret, empty),
         (framed(1013, suite + xdr(SNAP + ipv4())), secret, SEEN),
         (secret, framed(1013, suite + xdr(bytes.fromhex('4242030000'))), empty),
         (secret, framed(1013, suite + xdr(b'')), empty),
         (header(), framed(1013, suite + xdr(bytes.fromhex('4242030000'))), SEEN),
         (framed(1013, suite + xdr(SNAP + ipv4())), BARE | dict(bytes=40)))


def unreadable(case):
    """Of X.25, InfiniBand and what nobody knows only the length is told, before a summary's."""
    ethernet = framed(2, u32(1390) + SRC + bytes(2) + DST + bytes(2) + u32(0x0800))
    send(case, *(of(protocol, ipv4(), UNSEEN | dict(bytes=58)) for protocol in (0, 6, 18, 2**31)),
         (header(ipv4(), 99), ethernet, SEEN_ETHERNET))


CASES = [rings, lines, radio, encrypted, unreadable]
