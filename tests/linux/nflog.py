#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sampling by NFLOG in namespaces: nflog.py PROGRAM [part of a sentence]

Expected is what the sender sent; what nftables has is told by nft.
"""
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys

from sampling import (LEFT4, RIGHT4, RIGHT6, Namespace, Router, Skip, Stage, Suite, mac, run,
                      same, say, send_udp, until)
from traffic import (ETHERNET, IP4, IP6, SIZES, UDP, beside_a_bridge, datagram, near, send_frames,
                     through_vlan, tun_device)

TOOL = sys.argv[1]
NOTHING_LOST = {"missing": 0, "dropped": 0, "bad": 0}
GROUP, GROUPS = 20001, 8                # of instance 1, and how many are tried
ROOM = "buffer=8388608"                 # for readers that are slower than the sender


def wire(samples):
    """How long they were on the wire."""
    return [s.wire for s in samples]


def nflog(space, *words):
    """The stage."""
    return Stage(space, TOOL, "nflog", *words)


def refusal(space, *words):
    """(label, sentence) of what goes wrong at once."""
    lines = say(TOOL, space, "nflog", "seconds=1", *words).splitlines()
    word, label, sentence = lines[-1].split(" ", 2)
    same(word, "error", "it said")
    return label, sentence


def ruleset(space):
    """What nftables has there."""
    return space.run("nft list ruleset")


def tables(space):
    """Names of the tables there."""
    return space.run("nft list tables").split("\n")[:-1]


# --- what a packet is -------------------------------------------------------------------

def both_ways():
    """Through a router, IPv4 and IPv6."""
    router = Router()
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with nflog(router.middle, "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.left, RIGHT6, 6000, SIZES)
    for port, headers in ((4000, ETHERNET + IP4 + UDP), (6000, ETHERNET + IP6 + UDP)):
        want = [headers + size for size in SIZES]
        same(len(stage.udp(port)), 2 * len(SIZES), "samples")
        same(wire(stage.udp(port, at=lan, came=lan, out=0, way="in")), want)
        same(wire(stage.udp(port, at=wan, came=0, out=wan, way="out")), want)
        same({(s.packets, s.length) for s in stage.udp(port)}, {(1, 0)})
    same({s.src for s in stage.udp(4000)}, {LEFT4})
    same({s.bytes[:12].hex(":") for s in stage.udp(4000, at=lan)},
         {f"{mac('lan0')}:{mac('s0')}"})
    same({s.bytes[:12].hex(":") for s in stage.udp(4000, at=wan)},
         {f"{mac('d0')}:{mac('wan0')}"})
    same(stage.lost, NOTHING_LOST)
    assert all(s.age_ms is None or 0 <= s.age_ms < 5000 for s in stage.samples), "old samples"


def one_way():
    """Each direction alone; a mark is told."""
    router = Router(ipv6=False)
    with nflog(router.middle, "snap=60", "lan0:in", "wan0:out") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        send_udp(router.right, LEFT4, 4001, SIZES)
        send_udp(router.middle, RIGHT4, 4002, SIZES, mark=77)
    same({s.way for s in stage.udp(4000, at=router.middle.index("lan0"))}, {"in"})
    same({s.way for s in stage.udp(4000, at=router.middle.index("wan0"))}, {"out"})
    same((len(stage.udp(4000)), len(stage.udp(4001))), (2 * len(SIZES), 0))
    same({(s.mark, s.captured) for s in stage.udp(4002)}, {(77, 52), (77, 60)})
    same({s.captured for s in stage.udp(4000, way="in")}, {52, 60 + ETHERNET})


def tagged():
    """One tag and two, inside the frame as a wire brings them, in both directions."""
    router = Router(ipv6=False)
    lan = router.middle.index("lan0")
    macs = (mac("lan0") + mac("s0")).replace(":", "")
    with nflog(router.middle, "lan0") as stage:
        send_frames(router.left, "s0", macs + "8100" "6005" "0800", 4000, SIZES)
        send_frames(router.left, "s0", macs + "88a8" "0007" "8100" "2005" "0800", 4001, SIZES)
        send_frames(router.middle, "lan0", macs + "8100" "6005" "0800", 4002, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    same(wire(stage.udp(4000, at=lan, way="in", tag=0x6005, vlan=5)), [n + 4 for n in want])
    same(wire(stage.udp(4001, at=lan, way="in", tag=7, vlan=7)), [n + 8 for n in want])
    same(wire(stage.udp(4002, at=lan, way="out", tag=None, vlan=5)), [n + 4 for n in want])


def vlan():
    """The device of a VLAN, and its parent."""
    router = Router(ipv6=False)
    left, middle = router.left, router.middle
    through_vlan(router)
    lan, device = middle.index("lan0"), middle.index("lan0.5")
    with nflog(middle, "lan0", "lan0.5") as stage:
        send_udp(left, RIGHT4, 4000, SIZES)
        send_udp(router.right, "192.168.5.2", 4001, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    for port, way in ((4000, "in"), (4001, "out")):
        same(wire(stage.udp(port, at=device, way=way, tag=None, vlan=0)), want)
        same(wire(stage.udp(port, at=lan, way=way, vlan=5)), [n + 4 for n in want])


def tun():
    """No MAC header, in both directions."""
    router = Router(ipv6=False)
    middle = router.middle
    fd = tun_device(middle, "tun0")
    middle.run("ip address add 10.9.0.1/24 dev tun0")
    tun0, wan = middle.index("tun0"), middle.index("wan0")
    with nflog(middle, "tun0", "wan0") as stage:
        for size in SIZES:
            os.write(fd, datagram("10.9.0.2", RIGHT4, 4000, size))
        send_udp(router.right, "10.9.0.2", 4001, SIZES)
    want = [IP4 + UDP + size for size in SIZES]
    same(wire(stage.udp(4000, at=tun0, came=tun0, way="in", etype="0800")), want)
    same(wire(stage.udp(4001, at=tun0, out=tun0, way="out", etype="0800")), want)
    same({s.bytes[0] for s in stage.udp(4000, at=tun0)}, {0x45})
    same(wire(stage.udp(4000, at=wan, way="out")), [ETHERNET + length for length in want])
    os.close(fd)


def bridge():
    """Packets from port to port, at both ports."""
    router = Router(ipv6=False)
    middle = router.middle
    beside_a_bridge(router)
    port0, port1 = middle.index("port0"), middle.index("port1")
    with nflog(middle, "port0", "port1", "br0") as stage:
        send_udp(router.left, "192.168.8.3", 4000, SIZES)
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    same(wire(stage.udp(4000, at=port0, came=port0, way="in")), want)
    same(wire(stage.udp(4000, at=port1, out=port1, way="out")), want)
    same(len(stage.udp(4000)), 2 * len(SIZES), "samples")


# --- how many are picked ----------------------------------------------------------------

def chance():
    """One in 100, of two interfaces and two directions each."""
    router, sent = Router(ipv6=False), 20000
    with nflog(router.middle, ROOM, "rate=100", "lan0", "wan0") as stage:
        send_udp(router.left, RIGHT4, 4000, [10] * sent)
        send_udp(router.right, LEFT4, 4001, [10] * sent)
    for port in (4000, 4001):
        for way in ("in", "out"):
            near(len(stage.udp(port, way=way)), sent, 100)
    same({s.rate for s in stage.samples}, {100})
    same(stage.lost, NOTHING_LOST)


def rates_of_taps():
    """Each sample has the rate of its own tap."""
    router, sent = Router(ipv6=False), 20000
    with nflog(router.middle, ROOM, "rate=10", "lan0:in", "rate=50",
               "wan0:out") as stage:
        send_udp(router.left, RIGHT4, 4000, [10] * sent)
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    same(stage.lost, NOTHING_LOST)
    near(len(stage.udp(4000, at=lan, rate=10)), sent, 10)
    near(len(stage.udp(4000, at=wan, rate=50)), sent, 50)
    same({(s.at, s.rate) for s in stage.udp(4000)}, {(lan, 10), (wan, 50)})


def read_once(stage):
    """Wait for something that it says, and take it."""
    stage.read_until(iter((False, True)).__next__)


def losses():
    """Nobody reads for a while, and the room is small; numbers tell later what was lost."""
    router, sent = Router(ipv6=False), 30000
    with nflog(router.middle, "buffer=65536", "quiet=500", "lan0:in") as stage:
        stage.signal(signal.SIGSTOP)
        send_udp(router.left, RIGHT4, 4000, [10] * sent)
        stage.signal(signal.SIGCONT)
        for port in (4001, 4002):       # the second one finds room
            while not stage.udp(port):
                send_udp(router.left, RIGHT4, port, [10])
                sent += 1
                read_once(stage)
    got = sum(len(stage.udp(port)) for port in (4000, 4001, 4002))
    assert 0 < got < sent, f"{got} of {sent}, so nothing was lost"
    same(got + stage.lost["missing"] + stage.lost["dropped"], sent)
    assert stage.lost["dropped"] > 0, stage.lost
    same(stage.lost["bad"], 0)


# --- several of us, and others ----------------------------------------------------------

def bind_group(space, group):
    """A socket that has the group."""
    with space.inside():
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
    s.bind((0, 0))
    s.send(struct.pack("=IHHIIBBHHHI", 28, 0x401, 5, 1, 0, 0, 0, socket.htons(group), 5, 1, 1))
    same(struct.unpack_from("=i", s.recv(4096), 16)[0], 0, "binding answered")
    return s


def taken_groups():
    """The next one is taken; when there is none it is said."""
    router = Router(ipv6=False)
    middle = router.middle
    with contextlib.ExitStack() as others:
        for group in (GROUP, GROUP + 1):
            others.enter_context(bind_group(middle, group))
        with nflog(middle, "lan0:in") as stage:
            assert f"group {GROUP + 2} " in ruleset(middle), ruleset(middle)
            send_udp(router.left, RIGHT4, 4000, SIZES)
        same(len(stage.udp(4000)), len(SIZES))
        for group in range(GROUP + 2, GROUP + GROUPS):
            others.enter_context(bind_group(middle, group))
        label, sentence = refusal(middle, "lan0:in")
        same(label, "locked")
        assert f"{GROUP} to {GROUP + GROUPS - 1}" in sentence, sentence
        assert "/proc/net/netfilter/nfnetlink_log" in sentence, sentence
    with nflog(middle, "lan0:in"):
        assert f"group {GROUP} " in ruleset(middle), ruleset(middle)


def two_agents():
    """Everybody gets everything; the same agent twice is refused."""
    router = Router(ipv6=False)
    middle = router.middle
    with nflog(middle, "instance=1", "lan0:in") as first:
        with nflog(middle, "instance=2", "lan0:in") as second:
            send_udp(router.left, RIGHT4, 4000, SIZES)
            same(len(tables(middle)), 2)
            label, sentence = refusal(middle, "instance=1", "lan0:in")
            same(label, "locked")
            assert "belongs to another process" in sentence, sentence
        same(len(tables(middle)), 1)
        send_udp(router.left, RIGHT4, 4001, SIZES)
    for stage in (first, second):
        same(len(stage.udp(4000)), len(SIZES))
        same(stage.lost, NOTHING_LOST)
    same((len(first.udp(4001)), len(second.udp(4001))), (len(SIZES), 0))


OTHERS = """
table inet filter {
	chain forward {
		type filter hook forward priority 0; policy accept;
		counter
	}
}
table netdev mine {
	chain ingress {
		type filter hook ingress device "lan0" priority 0; policy accept;
		log prefix "mine: " group 20001
		log prefix "netmeta" group 20001
	}
}
"""


def load(space, rules):
    """Rules of an administrator."""
    with space.inside():
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def foreign_rules():
    """They stay as they are; what they log to our group is no sample."""
    router = Router(ipv6=False)
    middle = router.middle
    load(middle, OTHERS)
    before = middle.run("nft --stateless list ruleset")
    with nflog(middle, "lan0:in") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        same(len(tables(middle)), 3)
    same(len(stage.udp(4000)), len(SIZES))
    same(stage.lost, {"missing": 0, "dropped": 0, "bad": 2 * len(SIZES)})
    same(middle.run("nft --stateless list ruleset"), before)


def flushed():
    """An administrator's flush does not reach a table that has an owner."""
    router = Router(ipv6=False)
    middle = router.middle
    load(middle, OTHERS)
    with nflog(middle, "lan0:in") as stage:
        middle.run("nft flush ruleset")
        same(len(tables(middle)), 1)
        name = tables(middle)[0].split()[-1]
        middle.run(f"nft delete table netdev {name}", check=False)
        middle.run(f"nft flush table netdev {name}", check=False)
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same(len(stage.udp(4000)), len(SIZES))
    same(tables(middle), [])


# --- ends -------------------------------------------------------------------------------

def nothing_left():
    """Neither after an orderly end nor after a crash."""
    router = Router(ipv6=False)
    middle = router.middle
    with nflog(middle, "lan0", "wan0"):
        same(len(tables(middle)), 2)
    same(tables(middle), [])
    for _ in range(2):                  # a crash frees the group and the names, too
        stage = nflog(middle, "lan0", "wan0")
        stage.__enter__()               # pylint: disable=unnecessary-dunder-call
        same(len(tables(middle)), 2)
        stage.signal(signal.SIGKILL)
        stage.process.wait()
        stage.process.stdout.close()
        same(tables(middle), [])
        with open(f"/proc/{os.getpid()}/net/netfilter/nfnetlink_log", encoding="ascii") as file:
            assert f" {GROUP} " not in file.read()


def made_anew():
    """An interface goes, one of its name comes."""
    router = Router(ipv6=False)
    middle = router.middle
    with nflog(middle, "lan0") as stage:
        old = middle.index("lan0")
        send_udp(router.left, RIGHT4, 4000, SIZES)
        stage.read_until(lambda: len(stage.udp(4000)) == len(SIZES))
        middle.run("ip link del lan0")
        router.join(router.left, "s0", "lan0", "192.168.77", "")
        stage.signal(signal.SIGHUP)
        stage.wait("ready")
        new = middle.index("lan0")
        send_udp(router.left, RIGHT4, 4001, SIZES)
        same(len(tables(middle)), 1)
    assert new != old
    same({s.at for s in stage.udp(4000)}, {old})
    same((len(stage.udp(4001)), {s.at for s in stage.udp(4001)}), (len(SIZES), {new}))
    same(tables(middle), [])


def redirected():
    """What a filter of tc takes away would not be seen, so that is said; it goes its way."""
    router = Router(ipv6=False)
    middle = router.middle
    try:
        middle.run("ip link add ifb0 type ifb")
        middle.run("ip link set ifb0 up")
        middle.run("tc qdisc add dev wan0 handle ffff: ingress")
        middle.run("tc filter add dev wan0 parent ffff: protocol all u32 match u32 0 0 "
                   "action mirred egress mirror dev ifb0")
    except subprocess.CalledProcessError as wrong:
        raise Skip("no ifb or filters of tc here") from wrong
    with nflog(middle, "lan0"):         # a copy takes nothing away
        pass
    middle.run("tc filter replace dev wan0 parent ffff: protocol all pref 1 u32 match u32 0 0 "
               "action mirred egress redirect dev ifb0")
    label, sentence = refusal(middle, "lan0")
    same(label, "locked")
    assert "SQM" in sentence, sentence
    same(tables(middle), [])
    middle.run("tc qdisc del dev wan0 ingress")
    until("tc's action is gone",
          lambda: "mirred" not in middle.run("tc actions list action mirred"))
    with nflog(middle, "lan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
    same(len(stage.udp(4000)), len(SIZES))


# --- what goes wrong --------------------------------------------------------------------

def wrong_name():
    """No such interface."""
    space = Namespace("alone")
    label, sentence = refusal(space, "nowhere0")
    same(label, "gone")
    assert "nowhere0" in sentence, sentence
    same(tables(space), [])


def no_rights():
    """Without CAP_NET_ADMIN, and when the group is taken besides."""
    router = Router(ipv6=False)
    without = ["ip", "netns", "exec", router.middle.name, "setpriv", "--bounding-set",
               "-net_admin", TOOL, "nflog"]
    with nflog(router.middle, "lan0"):
        for words in (["lan0"], ["probe"]):
            said = run(*without, *words, check=False)
            assert said.startswith("error rights ") and "CAP_NET_ADMIN" in said, said


def probed():
    """Whether it works here."""
    space = Namespace("probe")
    same(say(TOOL, space, "nflog", "probe"), "ok")
    same(tables(space), [])
    space.run("ip link set lo down")
    same(say(TOOL, space, "nflog", "probe"), "ok")


def main():
    """Every case."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    if say(TOOL, Namespace("first"), "nflog", "probe") != "ok":
        print(f"     {say(TOOL, Namespace('again'), 'nflog', 'probe')}")

        def absent():
            raise Skip("no nftables for interfaces here")
        suite.run("nflog", absent)
        suite.end()
    case = suite.run
    case("a router's packets, once in and once out, with addresses and sizes", both_ways)
    case("each direction alone, marks, and as many bytes as wanted", one_way)
    case("tags of frames are kept, one and two", tagged)
    case("a VLAN's packets have the tag on the parent and none on its device", vlan)
    case("a device without link header begins with IP", tun)
    case("a bridge's packets are seen at its ports", bridge)
    case("one packet in 100 is picked, by chance", chance)
    case("samples have the rate of their own tap", rates_of_taps)
    case("got and lost are what was sent", losses)
    case("of groups that are taken the next one serves, or a sentence", taken_groups)
    case("two agents get everything, one agent twice is refused", two_agents)
    case("rules of others stay, and what they log is no sample", foreign_rules)
    case("an administrator's flush takes nothing from us", flushed)
    case("nothing is left after an end or a crash", nothing_left)
    case("an interface that is made anew is sampled again", made_anew)
    case("where tc redirects packets it is refused", redirected)
    case("an interface that is not there is said to be gone", wrong_name)
    case("a missing right is told from a taken group", no_rights)
    case("the probe leaves nothing", probed)
    suite.end()


main()
