#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sampling by packet sockets in namespaces: packet.py PROGRAM [part of a sentence]

Expected is what the sender sent: how many datagrams of which sizes, how many segments of TCP, and
the headers of each.
"""
import os
import platform
import re
import signal
import sys

from sampling import (LEFT4, RIGHT4, RIGHT6, Namespace, Router, Skip, Stage, Suite, mac,
                      run, same, say, send_udp, until)
from traffic import (ETHERNET, IP4, IP6, SIZES, SYN_MORE, TCP, UDP, datagram, near, offload,
                     send_frames, send_segments, send_tcp, through_vlan, tun_device)

TOOL = sys.argv[1]
MTU = 1500


def lengths(samples):
    """How long they were."""
    return [s.length for s in samples]


def packet(space, *words):
    """The source on a stage."""
    return Stage(space, TOOL, "packet", *words)


def nothing_lost(stage):
    """But what the machines said to each other in the moment when it ended."""
    same((stage.lost["missing"], stage.lost["bad"]), (0, 0))
    assert stage.lost["dropped"] < 5, stage.lost


def tells_sizes():
    """Kernels before that do not tell what they merged, so it is approximate."""
    return [int(n) for n in re.findall(r"\d+", platform.release())[:2]] >= [6, 2]


# --- what is seen ---------------------------------------------------------------------------

def both_ways():
    """Through a router, IPv4 and IPv6."""
    router = Router()
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with packet(router.middle, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.left, RIGHT6, 6000, SIZES)
    for port, headers in ((4000, ETHERNET + IP4 + UDP), (6000, ETHERNET + IP6 + UDP)):
        want = [headers + size for size in SIZES]
        same(len(stage.udp(port)), 2 * len(SIZES), "samples")
        same(lengths(stage.udp(port, at=lan, came=lan, out=0, way="in")), want)
        same(lengths(stage.udp(port, at=wan, came=0, out=wan, way="out")), want)
        same({s.wire for s in stage.udp(port)}, set(want))
        same({(s.captured, s.packets, s.approximate) for s in stage.udp(port)},
             {(min(length, 128), 1, 0) for length in want})
    same({s.src for s in stage.udp(4000)}, {LEFT4})
    nothing_lost(stage)
    assert all(0 <= s.age_ms < 5000 for s in stage.samples), "old samples"


def one_way():
    """Each direction alone, and bytes of each packet as wanted."""
    router = Router(ipv6=False)
    lan = router.middle.index("lan0")
    for way, rest in (("in", {"came": lan, "out": 0}), ("out", {"came": 0, "out": lan})):
        with packet(router.middle, "snap=64", f"lan0:{way}") as stage:
            send_udp(router.left, RIGHT4, 4000, SIZES)
            send_udp(router.right, LEFT4, 4000, SIZES)
        same(lengths(stage.udp(4000, way=way, at=lan, **rest)),
             [ETHERNET + IP4 + UDP + size for size in SIZES])
        same(len(stage.udp(4000)), len(SIZES))
        same({s.captured for s in stage.udp(4000)}, {52, 64})


def tagged():
    """A tag inside the frame, as a wire brings it."""
    router = Router(ipv6=False)
    lan = router.middle.index("lan0")
    with packet(router.middle, "lan0") as stage:
        send_frames(router.left, "s0", mac("lan0") + mac("s0") + "8100" + "6005" + "0800", 4000,
                    SIZES)
        send_frames(router.left, "s0", mac("lan0") + mac("s0") + "88a8" + "0007" + "8100" + "0005" +
                    "0800", 4001, SIZES)
    sizes = [ETHERNET + IP4 + UDP + size for size in SIZES]
    same([(s.at, s.length, s.tag, s.vlan, s.wire) for s in stage.udp(4000)],
         [(lan, length, 0x6005, 5, length + 4) for length in sizes])
    same([(s.length, s.tag, s.vlan, s.wire) for s in stage.udp(4001)],
         [(length + 4, 7, 7, length + 8) for length in sizes])


def vlan():
    """The device of a VLAN, and its parent."""
    router = Router(ipv6=False)
    left, middle = router.left, router.middle
    through_vlan(router)
    lan, device = middle.index("lan0"), middle.index("lan0.5")
    with packet(middle, "lan0", "lan0.5") as stage:
        send_udp(left, RIGHT4, 4000, SIZES)
        send_udp(router.right, "192.168.5.2", 4001, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    for port, at, way, tag in ((4000, lan, "in", 5), (4000, device, "in", None),
                               (4001, lan, "out", 5), (4001, device, "out", None)):
        got = stage.udp(port, at=at, way=way)
        same(lengths(got), want, f"port {port} at {at} {way}")
        same({(s.tag, s.vlan) for s in got}, {(tag, tag or 0)})
        same([s.wire for s in got], [length + (4 if tag else 0) for length in want])


def through_tun(kind, etype):
    """From a tun device and to it."""
    router = Router(ipv6=False)
    fd = tun_device(router.middle, "tun0", kind)
    router.middle.run("ip address add 10.9.0.1/24 dev tun0")
    tun0 = router.middle.index("tun0")
    with packet(router.middle, "tun0") as stage:
        for size in SIZES:
            os.write(fd, datagram("10.9.0.2", RIGHT4, 4000, size))
        send_udp(router.right, "10.9.0.2", 4001, SIZES)
    os.close(fd)
    for port, way in ((4000, "in"), (4001, "out")):
        got = stage.udp(port, at=tun0, way=way)
        same(lengths(got), [IP4 + UDP + size for size in SIZES])
        same({(s.etype, s.type, s.bytes[0], s.link_len) for s in got}, {(etype, "0800", 0x45, 0)})


def tun():
    """Bytes begin with IP, and the device's type says so."""
    through_tun(None, "0000")


def tunnels():
    """Devices of GRE, IPv4 and IPv6 in IPv4, in both directions."""
    router = Router()
    for kind, near, far in (("gre", "10.9.0.1", "10.9.0.2"), ("ipip", "10.9.1.1", "10.9.1.2"),
                            ("sit", "2001:db8:9::1", "2001:db8:9::2")):
        for space, here, there, address in ((router.middle, "198.51.100.1", RIGHT4, near),
                                            (router.right, RIGHT4, "198.51.100.1", far)):
            space.run(f"ip link add tunnel-{kind} type {kind} local {here} remote {there}",
                      check=False)
            if f" tunnel-{kind}@" not in space.run("ip -o link"):
                raise Skip(f"no tunnels of {kind} here")
            space.run(f"ip link set tunnel-{kind} up")
            space.run(f"ip address add {address}/{64 if ':' in address else 24} dev tunnel-{kind}")
        ip = IP6 if kind == "sit" else IP4
        with packet(router.middle, f"tunnel-{kind}") as stage:
            send_udp(router.middle, far, 4000, SIZES)
            send_udp(router.right, near, 4001, SIZES)
        for port, way in ((4000, "out"), (4001, "in")):
            got = stage.udp(port, way=way)
            same(lengths(got), [ip + UDP + size for size in SIZES], kind)
            same({s.bytes[0] >> 4 for s in got}, {6 if kind == "sit" else 4})


def cooked():
    """A type that nobody knows, of Econet: bytes begin with IP, and each packet says so."""
    through_tun(782, "0800")


# --- true sizes ---------------------------------------------------------------------------------

def tcp_sizes(router, to, ip):
    """Of a transfer: what the sender counted, with the headers of each segment."""
    with packet(router.middle, "buffer=4194304", "quiet=500", "lan0:in", "wan0:out") as stage:
        segments, payload = send_tcp(router.left, router.right, to, 5000, 3000000)
    want = (segments, payload + segments * (ETHERNET + ip + TCP) + SYN_MORE)
    nothing_lost(stage)
    for way in ("in", "out"):
        got = [s for s in stage.samples if s.proto == 6 and s.port == 5000 and s.way == way]
        assert len(got) < segments / 2, f"{len(got)} of {segments}: nothing was merged"
        if not tells_sizes():
            same({s.approximate for s in got if s.length > ETHERNET + MTU}, {1})
            same({s.approximate for s in got if s.length <= ETHERNET + MTU}, {0})
            continue
        same((sum(s.packets for s in got), sum(s.wire for s in got)), want, way)
        same({s.approximate for s in got}, {0})


def merged():
    """TCP that the sender left to the last to divide, IPv4 and IPv6."""
    router = Router()
    tcp_sizes(router, RIGHT4, IP4)
    tcp_sizes(router, RIGHT6, IP6)


def received():
    """TCP in segments, which the router merges when they come in."""
    router = Router(ipv6=False)
    offload(router.left, "s0", tso=0, gso=0)
    offload(router.middle, "lan0", gro=1)
    tcp_sizes(router, RIGHT4, IP4)


def datagrams():
    """UDP in one call."""
    router = Router()
    with packet(router.middle, "lan0:in") as stage:
        send_segments(router.left, RIGHT4, 4000, 1200, 10)
        send_segments(router.left, RIGHT6, 6000, 1000, 7)
    if not tells_sizes():
        same([(s.length, s.packets, s.approximate) for s in stage.udp(4000) + stage.udp(6000)],
             [(42 + 12000, 1, 1), (62 + 7000, 1, 1)])
        return
    same([(s.length, s.segment_size, s.packets, s.wire) for s in stage.udp(4000)],
         [(42 + 12000, 1200, 10, 10 * 1242)])
    same([(s.length, s.segment_size, s.packets, s.wire) for s in stage.udp(6000)],
         [(62 + 7000, 1000, 7, 7 * 1062)])
    nothing_lost(stage)


# --- how many are picked ----------------------------------------------------------------------

def chance():
    """One in 100, of two interfaces and two directions each."""
    router, sent = Router(ipv6=False), 10000
    with packet(router.middle, "rate=100", "buffer=1048576", "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, [10] * sent)
        send_udp(router.right, LEFT4, 4001, [10] * sent)
    for port in (4000, 4001):
        for way in ("in", "out"):
            near(len(stage.udp(port, way=way)), sent, 100)
    same({s.rate for s in stage.samples}, {100})
    nothing_lost(stage)


def losses():
    """Nobody reads for a while, and the ring is small."""
    router, sent = Router(ipv6=False), 3000
    with packet(router.middle, "buffer=65536", "lan0:in") as stage:
        stage.signal(signal.SIGSTOP)
        send_udp(router.left, RIGHT4, 4000, [10] * sent)
        stage.signal(signal.SIGCONT)
    got = len(stage.udp(4000))
    assert 0 < got < sent, f"{got} of {sent}, so nothing was lost"
    same(got + stage.lost["dropped"], sent)
    same((stage.lost["missing"], stage.lost["bad"]), (0, 0))


# --- interfaces that change ----------------------------------------------------------------------

def made_anew():
    """An interface goes away under load, and comes again with another number."""
    router = Router(ipv6=False)
    middle = router.middle
    old = middle.index("lan0")
    with packet(middle, "lan0:in", "wan0:out") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        middle.run("ip link del lan0")
        router.join(router.left, "s0", "lan0", "192.168.77", "")
        stage.signal(signal.SIGHUP)     # what was not yet read is counted
        stage.wait("ready")
        send_udp(router.left, RIGHT4, 4001, SIZES)
    new = middle.index("lan0")
    assert old != new, "the same number"
    same(len(stage.udp(4000)) + stage.lost["dropped"], 2 * len(SIZES))
    same({s.at for s in stage.udp(4000, way="in")} - {old}, set())
    same((len(stage.udp(4001, at=new)), len(stage.udp(4001))), (len(SIZES), 2 * len(SIZES)))


def down_and_up():
    """No samples while it is down, and none are missing when it is up again."""
    router = Router(ipv6=False)
    with packet(router.middle, "lan0:in") as stage:
        router.middle.run("ip link set lan0 down")
        router.middle.run("ip link set lan0 up")
        until("lan0 is up", lambda: "state UP" in router.middle.run("ip -o link show lan0"))
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same(len(stage.udp(4000)), len(SIZES))


def two_agents():
    """Everybody gets everything."""
    router = Router(ipv6=False)
    with packet(router.middle, "instance=1", "lan0:in") as first:
        with packet(router.middle, "instance=2", "lan0:in") as second:
            send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.left, RIGHT4, 4001, SIZES)
    for stage in (first, second):
        same(len(stage.udp(4000)), len(SIZES))
        nothing_lost(stage)
    same((len(first.udp(4001)), len(second.udp(4001))), (len(SIZES), 0))


# --- refusals ----------------------------------------------------------------------

def refused(space, *words, user=""):
    """What it says when it cannot."""
    answer = run(f"ip netns exec {space.name} {user} {TOOL} packet {' '.join(words)}", check=False)
    word, label, sentence = answer.strip().split(" ", 2)
    same(word, "error")
    return label, sentence


def wrong_name():
    """There is no such interface."""
    same(refused(Namespace("er"), "wan7"), ("gone", "there is no interface wan7"))


def no_rights():
    """As nobody."""
    label, sentence = refused(Namespace("er"), "probe", user="setpriv --reuid 65534 --clear-groups")
    same(label, "rights")
    assert "CAP_NET_RAW" in sentence, sentence


def probed():
    """On the loopback interface, which exists everywhere."""
    same(say(TOOL, Namespace("er"), "packet", "probe"), "ok")


def main():
    """All of it."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    suite.run("a router's packets come in once and go out once", both_ways)
    suite.run("one direction alone is seen alone", one_way)
    suite.run("a frame that comes with a tag has it beside itself", tagged)
    suite.run("a VLAN's packets have the tag on the parent and none on its device", vlan)
    suite.run("a device without link header begins with IP", tun)
    suite.run("a tunnel's device begins with the inner IP", tunnels)
    suite.run("of a device with an unknown link header each packet says what it is", cooked)
    suite.run("what TCP sent in one piece has the sender's segments and bytes", merged)
    suite.run("what the router merged has the sender's segments and bytes", received)
    suite.run("datagrams sent in one call are as many as were sent", datagrams)
    suite.run("one in 100 is picked, by chance", chance)
    suite.run("what finds no room is counted", losses)
    suite.run("an interface that was made anew is sampled again", made_anew)
    suite.run("an interface that was down is sampled again", down_and_up)
    suite.run("two agents get the same packets", two_agents)
    suite.run("an interface that is not there is named", wrong_name)
    suite.run("without the right it is said which one", no_rights)
    suite.run("a probe needs no interface", probed)
    suite.end()


main()
