#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sampling by BPF in namespaces: bpf.py PROGRAM [part of a sentence]

Expected is what the sender sent: how many datagrams of which sizes, how many segments of TCP, and
the headers of each.
"""
import os
import signal
import socket
import sys
import time

from sampling import (LEFT4, RIGHT4, RIGHT6, Namespace, Router, Stage, Stream, Suite, mac,
                      possible, same, send_udp)
from traffic import (ETHERNET, IP4, IP6, SIZES, UDP, beside_a_bridge, datagram, send_frames,
                     through_vlan, tun_device)

TOOL = sys.argv[1]
SOURCES = ("tcx", "cls-bpf")


def lengths(samples):
    """How long they were."""
    return [s.length for s in samples]


def both_ways(source):
    """Through a router, IPv4 and IPv6."""
    router = Router()
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    begun = time.monotonic()
    with Stage(router.middle, TOOL, source, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        if router.ipv6:
            send_udp(router.left, RIGHT6, 6000, SIZES)
    for port, headers in ((4000, ETHERNET + IP4 + UDP),
                          (6000, ETHERNET + IP6 + UDP))[:1 + router.ipv6]:
        want = [headers + size for size in SIZES]
        same(len(stage.udp(port)), 2 * len(SIZES), "samples")
        same(lengths(stage.udp(port, at=lan, came=lan, out=0, way="in")), want)
        same(lengths(stage.udp(port, at=wan, came=lan, out=wan, way="out")), want)
        same({s.wire for s in stage.udp(port)}, set(want))
        same({(s.captured, s.packets) for s in stage.udp(port)},
             {(min(length, 128), 1) for length in want})
    same({s.src for s in stage.udp(4000)}, {LEFT4})
    same(stage.lost, {"missing": 0, "dropped": 0, "bad": 0})
    ages, most = [s.age_ms for s in stage.samples], 1000 * (time.monotonic() - begun)
    assert 0 <= min(ages) and max(ages) <= most, f"{min(ages)} to {max(ages)} of {most} ms"


def own_packets(source):
    """What the router itself sends came from nowhere; a mark is told."""
    router = Router()
    wan = router.middle.index("wan0")
    with Stage(router.middle, TOOL, source, "snap=60", "wan0:out") as stage:
        send_udp(router.middle, RIGHT4, 4000, SIZES, mark=77)
    same({(s.came, s.out, s.mark, s.captured) for s in stage.udp(4000)},
         {(0, wan, 77, 52), (0, wan, 77, 60)})
    same(len(stage.udp(4000)), len(SIZES))


def tagged(source):
    """A tag inside the frame, as a wire brings it."""
    router = Router(ipv6=False)
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with Stage(router.middle, TOOL, source, "lan0", "wan0") as stage:
        send_frames(router.left, "s0", mac("lan0") + mac("s0") + "8100" + "6005" + "0800", 4000,
                    SIZES)
    same([(s.at, s.came, s.length, s.tag, s.vlan, s.wire) for s in stage.udp(4000)],
         [(lan, lan, length, 0x6005, 5, length + 4) for length in
          (ETHERNET + IP4 + UDP + size for size in SIZES)])
    same(stage.udp(4000, at=wan), [], "somebody else's VLAN went on:")


def vlan(source):
    """The device of a VLAN, and its parent."""
    router = Router(ipv6=False)
    left, middle = router.left, router.middle
    through_vlan(router)
    lan, device, wan = (middle.index(name) for name in ("lan0", "lan0.5", "wan0"))
    with Stage(middle, TOOL, source, "lan0", "lan0.5", "wan0") as stage:
        send_udp(left, RIGHT4, 4000, SIZES)
        send_udp(router.right, "192.168.5.2", 4001, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    for port, at, came, out, way, tag in (
            (4000, lan, lan, 0, "in", 5), (4000, device, device, 0, "in", None),
            (4000, wan, device, wan, "out", None), (4001, wan, wan, 0, "in", None),
            (4001, device, wan, device, "out", None), (4001, lan, wan, lan, "out", 5)):
        got = stage.udp(port, at=at, way=way)
        same(lengths(got), want, f"port {port} at {at} {way}")
        same({(s.came, s.out, s.tag, s.vlan) for s in got}, {(came, out, tag, tag or 0)})
        same([s.wire for s in got], [length + (4 if tag else 0) for length in want])


def tun(source):
    """No MAC header, in both directions."""
    router = Router(ipv6=False)
    fd = tun_device(router.middle, "tun0")
    router.middle.run("ip address add 10.9.0.1/24 dev tun0")
    tun0, wan = (router.middle.index(name) for name in ("tun0", "wan0"))
    with Stage(router.middle, TOOL, source, "tun0", "wan0") as stage:
        for size in SIZES:
            os.write(fd, datagram("10.9.0.2", RIGHT4, 4000, size))
        send_udp(router.right, "10.9.0.2", 4001, SIZES)
    want = [IP4 + UDP + size for size in SIZES]
    same(lengths(stage.udp(4000, at=tun0, came=tun0, way="in", etype="0800")), want)
    same(lengths(stage.udp(4001, at=tun0, came=wan, out=tun0, way="out", etype="0800")), want)
    same({s.bytes[0] for s in stage.udp(4000, at=tun0)}, {0x45})
    same(lengths(stage.udp(4000, at=wan, came=tun0, out=wan, etype="0000")),
         [ETHERNET + length for length in want])
    os.close(fd)


def bridge(source):
    """From port to port both ports are told; what the bridge takes up, came by the bridge."""
    router = Router(ipv6=False)
    middle = router.middle
    beside_a_bridge(router)
    port0, port1 = middle.index("port0"), middle.index("port1")
    with Stage(middle, TOOL, source, "port0", "port1", "br0") as stage:
        send_udp(router.left, "192.168.8.3", 4000, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    same(lengths(stage.udp(4000, at=port0, came=port0, out=0, way="in")), want)
    same(lengths(stage.udp(4000, at=port1, came=port0, out=port1, way="out")), want)
    same(len(stage.udp(4000)), 2 * len(SIZES), "samples")


def tcp(source):
    """What the kernel merged counts as it was sent: payload, and headers of each segment."""
    for to, headers, limit in ((RIGHT4, IP4, ""), (RIGHT4, IP4, "gso_max_segs 1"), (RIGHT6, IP6, "")):
        router = Router()
        if to == RIGHT6 and not router.ipv6:
            break
        lan, wan = (router.middle.index(name) for name in ("lan0", "wan0"))
        if limit:
            router.left.run(f"ip link set s0 {limit}")
        with Stage(router.middle, TOOL, source, "buffer=4194304", "lan0:in", "wan0:out") as stage:
            sent = Stream(router.left, router.right, to, 10_000_000)
        same(stage.lost["dropped"], 0)
        merged = 0
        for at in (lan, wan):
            got = [s for s in stage.samples if s.proto == 6 and s.port == sent.port and s.at == at]
            same(sum(s.packets for s in got), sent.segments, "segments")
            # Timestamps make 12 bytes of options, those of the first segment are 20.
            same(sum(s.wire for s in got),
                 sent.bytes + sent.segments * (ETHERNET + headers + 32) + 8, "bytes")
            merged += sent.segments - len(got)
        assert limit or merged > sent.segments, "nothing was merged"
        for space in (router.left, router.middle, router.right):
            space.end()


def udp_segments(source):
    """Datagrams that the sender's kernel is to cut, the last one being shorter."""
    router = Router(ipv6=False)
    with Stage(router.middle, TOOL, source, "lan0:in") as stage:
        with router.left.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.setsockopt(socket.IPPROTO_UDP, 103, 1000)     # UDP_SEGMENT
            s.sendto(bytes(9500), (RIGHT4, 4000))
    got = stage.udp(4000)
    same(sum(s.packets for s in got), 10)
    same(sum(s.wire for s in got), 9500 + 10 * (ETHERNET + IP4 + UDP))


def rate(source):
    """20,000 trials of 1 in 100: the mean is 200, the standard deviation 14.1."""
    router = Router(ipv6=False)
    with Stage(router.middle, TOOL, source, "rate=100", "lan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, [100] * 20_000)
    got = stage.udp(4000)
    assert abs(len(got) - 200) < 4 * 14.1, f"{len(got)} samples"
    same({s.rate for s in got}, {100})


def small_ring(source):
    """A reader that sleeps, on a ring of a page: read and dropped are what was sent."""
    space = Namespace("lo")
    space.use_ipv6(False)
    space.listen([4000])
    with Stage(space, TOOL, source, "buffer=4096", "lo:out") as stage:
        stage.signal(signal.SIGSTOP)
        send_udp(space, "127.0.0.1", 4000, [100] * 1000)
        stage.signal(signal.SIGCONT)
    assert 0 < len(stage.samples) < 1000, f"{len(stage.samples)} samples"
    same(stage.lost, {"missing": 0, "dropped": 1000 - len(stage.samples), "bad": 0})


def main():
    """Every case with every source."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    for source in SOURCES:
        if not possible(suite, TOOL, source):
            continue

        def case(sentence, test, source=source):
            suite.run(f"{source}: {sentence}", lambda: test(source))
        case("a router's packets, once in and once out, with both interfaces", both_ways)
        case("its own packets came from nowhere, and have their mark", own_packets)
        case("a frame that comes with a tag has it beside itself", tagged)
        case("a VLAN's packets have the tag on the parent and none on its device", vlan)
        case("a device without link header begins with IP", tun)
        case("a bridge's packets have both ports", bridge)
        case("segments of TCP and their headers are those that were sent", tcp)
        case("datagrams to be cut are as many as they will be", udp_segments)
        case("one in a hundred is picked by chance", rate)
        case("what finds no room is counted", small_ring)
    suite.end()


main()
