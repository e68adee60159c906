#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sampling by tc's action sample in namespaces: psample.py PROGRAM [part of a sentence]

Expected is what the sender sent. Samples are all packets (rate 1), so their numbers are exact.
"""
import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys

from sampling import (LEFT4, LIBC, RIGHT4, RIGHT6, Namespace, Router, Skip, Stage, Suite, addresses,
                      mac, run, same, say, send_udp)
from traffic import (ETHERNET, IP4, IP6, SIZES, UDP, datagram, through_vlan, tun_device)

TOOL = sys.argv[1]
PPPOE = 8
NOTHING_LOST = {"missing": 0, "dropped": 0, "bad": 0}


def on(space, *words):
    """The source, at work in a namespace."""
    return Stage(space, TOOL, "psample", "buffer=2097152", *words)


def frames(headers):
    """How long they are."""
    return [headers + size for size in SIZES]


def told(samples):
    """What is told of each of them: the interfaces, and how."""
    return {(s.at, s.came, s.out, s.way) for s in samples}


def lengths(samples):
    """How long they were."""
    return [s.length for s in samples]


def hooks(space, *names):
    """What tc has at these interfaces, without what it counts."""
    return [json.loads(space.run(f"tc -j {what} show dev {name} {where}"))
            for name in names
            for what, where in (("qdisc", ""), ("filter", "ingress"), ("filter", "egress"))]


def counted(space, name, where, pref):
    """Packets that the action of a filter has seen."""
    for row in json.loads(space.run(f"tc -s -j filter show dev {name} {where}")):
        for action in row.get("options", {}).get("actions", []):
            if row["pref"] == pref:
                return action["stats"]["packets"]
    raise AssertionError(f"no filter with preference {pref}")


def add_or_skip(space, command, what):
    """A device or a rule of which the kernel may know nothing."""
    try:
        space.run(command)
    except subprocess.CalledProcessError as error:
        raise Skip(f"no {what} here") from error


# --- what is told ------------------------------------------------------------------------

def both_ways():
    """Through a router, IPv4 and IPv6."""
    router = Router()
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with on(router.middle, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.left, RIGHT6, 6000, SIZES)
        send_udp(router.right, LEFT4, 4001, SIZES)
    for port, headers, near, far in ((4000, ETHERNET + IP4 + UDP, lan, wan),
                                     (6000, ETHERNET + IP6 + UDP, lan, wan),
                                     (4001, ETHERNET + IP4 + UDP, wan, lan)):
        same(lengths(stage.udp(port, at=near, came=near, out=0, way="in")), frames(headers))
        same(lengths(stage.udp(port, at=far, came=near, out=far, way="out")), frames(headers))
        same(len(stage.udp(port)), 2 * len(SIZES), "samples")
        same({s.captured for s in stage.udp(port)}, {min(n, 128) for n in frames(headers)})
    same({(s.src, s.rate) for s in stage.udp(4000)}, {(LEFT4, 1)})
    same(stage.lost, NOTHING_LOST)
    assert all(-5000 < s.age_ms < 5000 for s in stage.samples), "old samples"
    same(hooks(router.middle, "lan0", "wan0")[1::3], [[], []], "left over:")


def one_way():
    """Only what was asked for."""
    router = Router(ipv6=False)
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with on(router.middle, "snap=60", "lan0:out", "wan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.right, LEFT4, 4001, SIZES)
    same(told(stage.udp(4000)), set())
    same(told(stage.udp(4001)), {(wan, wan, 0, "in"), (lan, wan, lan, "out")})
    same(len(stage.udp(4001)), 2 * len(SIZES), "samples")
    same({s.captured for s in stage.udp(4001)}, {52, 60})


def one_in_four():
    """The standard deviation is 19; seven of them are too many in 390 billion runs."""
    router = Router(ipv6=False)
    with on(router.middle, "rate=4", "lan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, [10] * 2000)
    assert 365 <= len(stage.udp(4000)) <= 635, f"{len(stage.udp(4000))} samples"
    same({s.rate for s in stage.udp(4000)}, {4})
    same(stage.lost, NOTHING_LOST)


def large_numbers():
    """Kernels tell the lower half of 70001."""
    router = Router(ipv6=False)
    router.middle.run("ip link del lan0")
    router.middle.run(f"ip link add lan0 index 70001 address {mac('lan0')} type veth "
                      f"peer name s0 address {mac('s0')} netns {router.left.name}")
    router.middle.run("ip link set lan0 up")
    router.left.run("ip link set s0 up")
    addresses(router.middle, "lan0", 1, router.left, "s0", "192.168.77")
    router.left.run("ip route add default via 192.168.77.1")
    wan = router.middle.index("wan0")
    with on(router.middle, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same(told(stage.udp(4000)), {(70001, 70001, 0, "in"), (wan, 70001, wan, "out")})
    same(len(stage.udp(4000)), 2 * len(SIZES), "samples")


# --- kinds of devices ----------------------------------------------------------------------

def vlan():
    """On the parent tags are lost, and nothing tells that there were any: the device of the VLAN
    is the one to sample."""
    router = Router(ipv6=False)
    left, middle = router.left, router.middle
    through_vlan(router)
    lan, device, wan = (middle.index(name) for name in ("lan0", "lan0.5", "wan0"))
    with on(middle, "lan0", "lan0.5", "wan0") as stage:
        send_udp(left, RIGHT4, 4000, SIZES)
        send_udp(router.right, "192.168.5.2", 4001, SIZES)
    same(told(stage.udp(4000)), {(lan, lan, 0, "in"), (device, device, 0, "in"),
                                 (wan, device, wan, "out")})
    same(told(stage.udp(4001)), {(wan, wan, 0, "in"), (device, wan, device, "out"),
                                 (lan, wan, lan, "out")})
    for port in (4000, 4001):
        for at in (lan, device, wan):
            same(lengths(stage.udp(port, at=at)), frames(ETHERNET + IP4 + UDP), f"{port} at {at}")
        same({(s.tag, s.vlan, s.etype) for s in stage.udp(port)}, {(None, 0, "0000")})


def tun():
    """Packets begin with IP in both directions."""
    router = Router(ipv6=False)
    middle = router.middle
    fd = tun_device(middle, "tun0")
    middle.run("ip address add 10.9.0.1/24 dev tun0")
    device, wan = middle.index("tun0"), middle.index("wan0")
    with on(middle, "tun0", "wan0") as stage:
        for size in SIZES:
            os.write(fd, datagram("10.9.0.2", RIGHT4, 4000, size))
        send_udp(router.right, "10.9.0.2", 4001, SIZES)
    os.close(fd)
    same(told(stage.udp(4000)), {(device, device, 0, "in"), (wan, device, wan, "out")})
    same(told(stage.udp(4001)), {(wan, wan, 0, "in"), (device, wan, device, "out")})
    for port in (4000, 4001):
        same(lengths(stage.udp(port, at=device)), frames(IP4 + UDP))
        same({(s.etype, s.bytes[0]) for s in stage.udp(port, at=device)}, {("0800", 0x45)})
        same(lengths(stage.udp(port, at=wan)), frames(ETHERNET + IP4 + UDP))


def pppoe_device(space, below, far_mac):
    """ppp0 of a PPPoE session with the number 7, of which both sides know; what keeps it alive."""
    with space.inside():
        try:
            session = socket.socket(24, socket.SOCK_STREAM, 0)
            ppp = os.open("/dev/ppp", os.O_RDWR)
            unit = os.open("/dev/ppp", os.O_RDWR)
        except OSError as error:
            raise Skip("no PPPoE here") from error
        name = struct.pack("=HIH6s16s", 24, 0, socket.htons(7),
                           bytes.fromhex(far_mac.replace(":", "")), below.encode())
        if LIBC.connect(session.fileno(), name, len(name)):
            raise OSError(ctypes.get_errno(), "connect to the other side of PPPoE")
        channel = fcntl.ioctl(session, 0x80047437, bytes(4))        # PPPIOCGCHAN
        fcntl.ioctl(ppp, 0x40047438, channel)                       # PPPIOCATTCHAN
        number = fcntl.ioctl(unit, 0xc004743e, struct.pack("i", 0))     # PPPIOCNEWUNIT
        fcntl.ioctl(ppp, 0x4004743a, number)                        # PPPIOCCONNECT
    return session, ppp, unit


def pppoe():
    """A line to a provider: ppp0 begins with IP, the port below with Ethernet and PPPoE. On the
    way from one to the other the kernel forgets where a packet came from."""
    router = Router(ipv6=False)
    middle, right = router.middle, router.right
    held = [pppoe_device(middle, "wan0", mac("d0")), pppoe_device(right, "d0", mac("wan0"))]
    for space, own, far in ((middle, "10.8.0.1", "10.8.0.2"), (right, "10.8.0.2", "10.8.0.1")):
        space.run(f"ip address add {own} peer {far} dev ppp0")
        space.run("ip link set ppp0 up mtu 1492")
    right.run("ip route add 192.168.77.0/24 dev ppp0")
    lan, wan, device = (middle.index(name) for name in ("lan0", "wan0", "ppp0"))
    with on(middle, "lan0", "ppp0", "wan0") as stage:
        send_udp(router.left, "10.8.0.2", 4000, SIZES)
        send_udp(right, LEFT4, 4001, SIZES)
    for session, ppp, unit in held:
        session.close()
        os.close(ppp)
        os.close(unit)
    same(told(stage.udp(4000)), {(lan, lan, 0, "in"), (device, lan, device, "out"),
                                 (wan, 0, wan, "out")})
    same(told(stage.udp(4001)), {(wan, wan, 0, "in"), (device, device, 0, "in"),
                                 (lan, device, lan, "out")})
    for port in (4000, 4001):
        same(lengths(stage.udp(port, at=device)), frames(IP4 + UDP))
        same({(s.etype, s.bytes[0]) for s in stage.udp(port, at=device)}, {("0800", 0x45)})
        same(lengths(stage.udp(port, at=wan)), frames(ETHERNET + PPPOE + IP4 + UDP))
        same(lengths(stage.udp(port, at=lan)), frames(ETHERNET + IP4 + UDP))


def vrf():
    """What goes on to another port of the VRF came, for the kernel, by the VRF."""
    router = Router(ipv6=False)
    middle = router.middle
    add_or_skip(middle, "ip link add red type vrf table 10", "VRF")
    middle.run("ip link set red up")
    for name, far, far_name, space, net in (("lan0", 2, "s0", router.left, "192.168.77"),
                                            ("wan0", 2, "d0", router.right, "198.51.100")):
        middle.run(f"ip link set {name} master red")
        middle.run(f"ip neighbour replace {net}.{far} lladdr {mac(far_name)} dev {name} "
                   "nud permanent")
    lan, wan, red = (middle.index(name) for name in ("lan0", "wan0", "red"))
    with on(middle, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same(told(stage.udp(4000)), {(lan, lan, 0, "in"), (wan, red, wan, "out")})
    same(len(stage.udp(4000)), 2 * len(SIZES), "samples")


# --- beside others, and losses ---------------------------------------------------------------

def two_agents():
    """Each has its own samples, and no others."""
    router = Router(ipv6=False)
    with on(router.middle, "instance=1", "lan0:in") as first, \
            on(router.middle, "instance=2", "snap=64", "lan0:in") as second:
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same([s.captured for s in first.udp(4000)], [min(n, 128) for n in frames(ETHERNET + IP4 + UDP)])
    same([s.captured for s in second.udp(4000)], [min(n, 64) for n in frames(ETHERNET + IP4 + UDP)])
    same((first.lost, second.lost), (NOTHING_LOST, NOTHING_LOST))


def others_untouched():
    """Qdiscs, filters and samples of others are what they were: beside us, and after a crash."""
    router = Router(ipv6=False)
    middle = router.middle
    for words in ("qdisc add dev lan0 clsact", "qdisc replace dev lan0 root pfifo limit 77",
                  "filter add dev lan0 ingress pref 5 matchall action sample rate 1 group 9",
                  "filter add dev lan0 egress pref 7 protocol ip u32 match u32 0 0 action pass",
                  "qdisc add dev wan0 ingress",
                  "filter add dev wan0 ingress pref 9 matchall action pass"):
        middle.run(f"tc {words}")
    before = hooks(middle, "lan0", "wan0")
    with on(middle, "lan0", "wan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        stage.read_until(lambda: len(stage.udp(4000)) >= len(SIZES))
        assert hooks(middle, "lan0", "wan0") != before, "nothing was there"
        stage.kill()
    same(len(stage.udp(4000)), len(SIZES), "samples")
    same(say(TOOL, middle, "psample", "reconcile"), "ok")
    same(hooks(middle, "lan0", "wan0"), before)


def shaper():
    """The filters behind ours see every packet."""
    router = Router(ipv6=False)
    middle = router.middle
    middle.run("tc qdisc add dev lan0 clsact")
    middle.run("tc filter add dev lan0 ingress pref 2 matchall action continue")
    with on(middle, "lan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        stage.read_until(lambda: len(stage.udp(4000)) >= len(SIZES))
        same(counted(middle, "lan0", "ingress", 2), len(SIZES))


def losses():
    """A reader that sleeps: what the kernel has no room for is counted, to the last one."""
    router = Router(ipv6=False)
    with on(router.middle, "buffer=65536", "lan0:in") as stage:
        stage.signal(signal.SIGSTOP)
        send_udp(router.left, RIGHT4, 4000, [10] * 1000)
        stage.signal(signal.SIGCONT)
    dropped = stage.lost["dropped"]
    assert 0 < dropped < 1000, f"{dropped} dropped"
    same(stage.lost, {"missing": 0, "dropped": 1000 - len(stage.udp(4000)), "bad": 0})


FLOWTABLE = """table inet t {
    flowtable f { hook ingress priority 0; devices = { lan0, wan0 }; }
    chain c { type filter hook forward priority 0; OFFLOAD counter; }
}"""


def offload():
    """The same samples with and without software flow offload, which the forward hook shows."""
    for rule, least, most in (("", len(SIZES), len(SIZES)),
                              ("meta l4proto udp flow add @f;", 1, 5)):
        router = Router(ipv6=False)
        middle = router.middle
        lan, wan = middle.index("lan0"), middle.index("wan0")
        try:
            run("ip", "netns", "exec", middle.name, "nft", FLOWTABLE.replace("OFFLOAD", rule))
        except subprocess.CalledProcessError as error:
            raise Skip("no flowtables here") from error
        with on(middle, "lan0", "wan0") as stage:
            send_udp(router.left, RIGHT4, 4000, SIZES)
        for at, out, way in ((lan, 0, "in"), (wan, wan, "out")):
            same(lengths(stage.udp(4000, at=at, came=lan, out=out, way=way)),
                 frames(ETHERNET + IP4 + UDP))
        same(len(stage.udp(4000)), 2 * len(SIZES), "samples")
        words = middle.run("nft list table inet t").split()
        forwarded = int(words[words.index("packets") + 1])
        assert least <= forwarded <= most, f"{forwarded} packets in the forward hook"
        for space in list(Namespace.there):
            space.end()


def main():
    """All of it, if this machine has psample."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    suite.run("a probe says that it would work, and leaves nothing", probe)
    if not suite.count["skipped"]:
        for sentence, test in TESTS:
            suite.run(sentence, test)
    suite.end()


def probe():
    """On this machine, in a namespace."""
    space = Namespace("probe")
    answer = say(TOOL, space, "psample", "probe")
    if answer.startswith("error absent"):
        raise Skip("no psample here")
    same(answer, "ok")
    same(hooks(space, "lo")[1], [])


TESTS = (
    ("a router's packets, once in and once out, with both interfaces", both_ways),
    ("only directions that were asked for, and so many bytes", one_way),
    ("one in four is about one in four", one_in_four),
    ("interfaces with numbers above 65535", large_numbers),
    ("a VLAN's packets are right on its device, and untagged on the parent", vlan),
    ("a tun device's packets begin with IP", tun),
    ("a PPPoE device's packets begin with IP", pppoe),
    ("a VRF's packets", vrf),
    ("two agents do not see each other's samples", two_agents),
    ("what others have in tc stays as it is, even after a crash", others_untouched),
    ("filters behind ours see every packet", shaper),
    ("what a reader is too slow for is counted", losses),
    ("with and without software flow offload there are the same samples", offload),
)

main()
