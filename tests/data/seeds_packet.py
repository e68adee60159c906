# SPDX-License-Identifier: Apache-2.0
"""Samples for fuzz-packet to bend: of every kind of device, and all that a source may tell."""
import cases_headers_media
from headers import P4, P6, HeaderCase, eth, in4, inner_eth, ip4, ip6, label, tag, tcp, udp
from wire import u8, u16, u32

SAMPLE, TAGGED, TOLD_SEGMENTS, EGRESS, SIZED = 0x80, 1, 2, 4, 8
ETHERNET, IP_DEVICE = 1, 519
# ARPHRD numbers; the last two are nobody's that is read.
FRAMES, RAW, OTHERS = (1, 2, 772), (512, 518, 519, 768, 769, 776, 778, 779, 823, 0xfffe), (24, 280)
UNIT = 1448                     # bytes of payload in a full segment
FULL = eth(0x0800, ip4(6, tcp(), length=40 + 5 * UNIT))
VXLAN = u32(0x08000000) + u32(5001 << 8)


def sample(first, packet, device=ETHERNET, etype=0, vlan=0, segments=0, unit=0, more=0,
           link_len=0):
    """`more`: bytes that were not copied."""
    return (u8(SAMPLE | first) + u16(device) + u16(etype) + u16(vlan) + u16(segments) + u16(unit)
            + u16(more) + u8(link_len) + packet)


def of_media(function):
    """The first packet of a case of headers."""
    case = HeaderCase(function.__name__)
    function(case)
    return case.packets[0]


def of_devices():
    """A packet as each device has it."""
    begins = [(one, eth(0x0800, P4)) for one in FRAMES] + [(one, P4) for one in RAW]
    begins += [(513, of_media(cases_headers_media.hdlc)), (774, of_media(cases_headers_media.fddi)),
               (801, of_media(cases_headers_media.radio))]
    begins += [(one, P4) for one in OTHERS]
    return {f'sample-of-{device}': sample(SIZED, packet, device) for device, packet in begins}


SEEDS = of_devices() | {
    'sample-counted': sample(SIZED | TOLD_SEGMENTS, FULL, segments=5, unit=UNIT, more=5 * UNIT),
    'sample-jumbo': sample(SIZED | TOLD_SEGMENTS, FULL, more=5 * UNIT),
    'sample-reckoned': sample(SIZED, FULL, unit=UNIT, more=5 * UNIT),
    'sample-reckoned-alone': sample(SIZED, eth(0x0800, P4), unit=UNIT),     # no payload at all
    'sample-reckoned-unsized': sample(0, FULL, unit=UNIT),
    'sample-merged-perhaps': sample(SIZED, FULL, more=5 * UNIT),
    'sample-in-pieces': sample(SIZED, eth(0x0800, ip4(132, tcp(), length=4000)), unit=0xffff,
                               more=3960),
    'sample-cut-in-tcp': sample(SIZED, FULL[:46], segments=5, more=5 * UNIT),
    'sample-cut-in-ip': sample(SIZED | EGRESS, FULL[:30], segments=2, more=1000),
    'sample-empty': sample(SIZED, b'', more=60),
    'sample-nothing': sample(0, b''),
    'sample-tagged': sample(SIZED | TAGGED, FULL, vlan=0x6064, segments=5, more=5 * UNIT),
    'sample-tagged-twice': sample(TAGGED | EGRESS, eth(0x8100, tag(200, 0x0800, P4)), vlan=100),
    'sample-priority': sample(TAGGED, eth(0x8100, tag(200, 0x86dd, P6)), vlan=0x6000),
    'sample-padded': sample(0, eth(0x0800, P4) + bytes(6)),
    'sample-without-link': sample(SIZED | EGRESS, P6, IP_DEVICE, etype=0x86dd, link_len=14),
    'sample-without-link-unsized': sample(0, ip4(17, udp(53, b'', length=1480), length=1500),
                                          etype=0x0800, link_len=14),
    'sample-labels': sample(0, label(100, 0) + label(101, 1) + P4, etype=0x8847, link_len=14),
    'sample-session': sample(0, u16(0x1100) + u16(1) + u16(42) + u16(0x21) + P4, etype=0x8864,
                             link_len=14),
    'sample-no-ip': sample(0, bytes(28), etype=0x0806, link_len=14),
    'sample-ping': sample(SIZED, eth(0x0800, ip4(1, bytes(8), length=4000)), more=3972),
    'sample-fragment': sample(SIZED, eth(0x0800, ip4(17, udp(53, b''), length=4000,
                                                     fragment=0x2000)), more=3972),
    'sample-big': sample(SIZED, eth(0x86dd, ip6(6, tcp(), length=0)), segments=46, more=0xffff),
    'sample-big-unsized': sample(0, eth(0x86dd, ip6(6, tcp(), length=0))),
    'sample-tunnel': sample(SIZED, eth(0x0800, ip4(17, udp(4789, VXLAN + inner_eth(
        0x0800, in4(6, tcp()))))), segments=2, unit=1348, more=2 * 1348),
}
