#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sources beside others, and what is left of them: life.py PROGRAM SOURCE[,SOURCE] [part of a
sentence]

Others are qdiscs and filters that were there before, another instance, and an interface that
comes and goes. What is left is read from the kernel by tc and by bpf(2).
"""
import ctypes
import signal
import struct
import sys

from sampling import (LIBC, LEFT4, RIGHT4, Namespace, Router, Stage, Suite, addresses, pair, possible,
                      run, same, say, send_udp, until)

TOOL, SOURCES = sys.argv[1], sys.argv[2].split(",")
SIZES = [100] * 50


# --- what there is ------------------------------------------------------------------------

def linked(space, name):
    """Programs that are linked to an interface by tcx, in both directions."""
    count = 0
    for kind in (46, 47):
        attr = ctypes.create_string_buffer(
            struct.pack("IIIIQII32x", space.index(name), kind, 0, 0, 0, 0, 0))
        with space.inside():
            if LIBC.syscall(321, 16, attr, len(attr) - 1) < 0:     # BPF_PROG_QUERY
                raise OSError(ctypes.get_errno(), "BPF_PROG_QUERY")
        count += struct.unpack_from("I", attr, 24)[0]
    return count


def hook(space, name):
    """clsact, ingress or nothing."""
    for line in space.run(f"tc qdisc show dev {name}").splitlines():
        if "parent ffff:fff1" in line:
            return line.split()[1]
    return ""


def filters(space, name):
    """Labels of an interface's filters, in both directions: names of programs, or cookies."""
    words = " ".join(space.run(f"tc filter show dev {name} {way}")
                     for way in ("ingress", "egress")).split()
    words += [bytes.fromhex(word).decode() for before, word in zip(words, words[1:])
              if before == "cookie" and len(word) == 32]
    return sorted(word for word in words if word.startswith("netmeta") and len(word) == 16)


def nothing_left(space, name):
    """Neither linked nor in filters; and no hook."""
    try:
        same(linked(space, name), 0, "links")
    except OSError:
        pass                            # a kernel without tcx has none
    same((hook(space, name), filters(space, name)), ("", []))


def passes(router, stage, port, at="lan0", came=None):
    """Datagrams go through, and all of them are picked at this interface, once."""
    send_udp(router.left, RIGHT4, port, SIZES)
    index = router.middle.index(at)
    stage.read_until(lambda: len(stage.udp(port, at=index)) >= len(SIZES))
    same(len(stage.udp(port, at=index, came=came or index)), len(SIZES))


# --- cases ----------------------------------------------------------------------------------

def ends(source):
    """In order."""
    router = Router(ipv6=False)
    with Stage(router.middle, TOOL, source, "lan0", "wan0") as stage:
        passes(router, stage, 4000)
        same(linked(router.middle, "lan0") if source == "tcx" else
             len(filters(router.middle, "lan0")), 2)
    for name in ("lan0", "wan0"):
        nothing_left(router.middle, name)


def killed(source):
    """What the kernel does not take away, the next one does, but only its own."""
    router = Router(ipv6=False)
    middle = router.middle
    with Stage(middle, TOOL, source, "instance=7", "lan0", "wan0") as stage:
        passes(router, stage, 4000)
        stage.kill()
    if source != "tcx":
        same(filters(middle, "lan0"), ["netmeta+00000007"] * 2)
        same(say(TOOL, middle, source, "instance=8", "reconcile"), "ok")
        same(filters(middle, "wan0"), ["netmeta+00000007"] * 2)
        same(say(TOOL, middle, source, "instance=7", "reconcile"), "ok")
    for name in ("lan0", "wan0"):
        until("the links go", lambda name=name: source != "tcx" or not linked(middle, name))
        nothing_left(middle, name)


def again(source):
    """A process of the same instance that attaches without having cleaned up."""
    router = Router(ipv6=False)
    with Stage(router.middle, TOOL, source, "lan0") as stage:
        stage.kill()
    with Stage(router.middle, TOOL, source, "lan0") as stage:
        passes(router, stage, 4000)
        same(len(filters(router.middle, "lan0")), 0 if source == "tcx" else 2)
    nothing_left(router.middle, "lan0")


def two_instances(source):
    """Both see everything; the hook goes with the last."""
    router = Router(ipv6=False)
    middle = router.middle
    with Stage(middle, TOOL, source, "instance=1", "lan0") as first:
        with Stage(middle, TOOL, source, "instance=2", "lan0") as second:
            passes(router, first, 4000)
            second.read_until(lambda: len(second.udp(4000)) == len(SIZES))
            first.end()
            passes(router, second, 4001)
            if source != "tcx":
                same((hook(middle, "lan0"), filters(middle, "lan0")),
                     ("clsact", ["netmeta+00000002"] * 2))
    nothing_left(middle, "lan0")


def foreign_clsact(source):
    """Somebody's filters of both directions go on counting, and stay."""
    router = Router(ipv6=False)
    middle = router.middle
    middle.run("ip link add ifb0 type ifb")
    middle.run("ip link set ifb0 up")
    middle.run("tc qdisc add dev lan0 clsact")
    for way in ("ingress", "egress"):
        middle.run(f"tc filter add dev lan0 {way} pref 10 protocol ip u32 match u32 0 0 "
                   "action mirred egress mirror dev ifb0")

    def counted(way):
        words = middle.run(f"tc -s filter show dev lan0 {way}").split()
        return int(words[words.index("pkt") - 1])
    before = counted("ingress"), counted("egress")
    with Stage(middle, TOOL, source, "lan0") as stage:
        passes(router, stage, 4000)
        send_udp(middle, LEFT4, 4001, SIZES)
        stage.read_until(lambda: len(stage.udp(4001)) >= len(SIZES))
        same((counted("ingress") - before[0], counted("egress") - before[1]),
             (len(SIZES), len(SIZES)))
    same((hook(middle, "lan0"), filters(middle, "lan0")), ("clsact", []))
    for way in ("ingress", "egress"):
        assert "Mirror to device ifb0" in middle.run(f"tc filter show dev lan0 {way}"), way


def foreign_ingress(source):
    """A shaper's redirection works on; beside its qdisc there is no egress for filters."""
    router = Router(ipv6=False)
    middle = router.middle
    middle.run("ip link add ifb0 type ifb")
    middle.run("ip link set ifb0 up")
    middle.run("tc qdisc add dev lan0 handle ffff: ingress")
    middle.run("tc filter add dev lan0 parent ffff: pref 10 protocol ip u32 match u32 0 0 "
               "action mirred egress redirect dev ifb0")
    lan, before = middle.index("lan0"), sent(middle, "ifb0")
    with Stage(middle, TOOL, source, "lan0", "wan0:out") as stage:
        passes(router, stage, 4000)
        passes(router, stage, 4001, "wan0", lan)
        send_udp(middle, LEFT4, 4002, SIZES)
        if source == "tcx":
            stage.read_until(lambda: len(stage.udp(4002)) >= len(SIZES))
        same(sent(middle, "ifb0") - before, 2 * len(SIZES))
    same(len(stage.udp(4000, at=lan)), len(SIZES))
    same(len(stage.udp(4002)), len(SIZES) if source == "tcx" else 0)
    same((hook(middle, "lan0"), filters(middle, "lan0")), ("ingress", []))
    if source != "tcx":
        assert any("only that direction" in line for line in stage.lines), stage.lines
        assert say(TOOL, middle, source, "lan0:out").startswith("error locked lan0 has an ingress")


def behind_others(source):
    """Where there is no place in front of a filter, that is said."""
    router = Router(ipv6=False)
    middle = router.middle
    middle.run("ip link add ifb0 type ifb")
    middle.run("ip link set ifb0 up")
    middle.run("tc qdisc add dev lan0 clsact")
    middle.run("tc filter add dev lan0 ingress pref 1 protocol ip u32 match u32 0 0 "
               "action mirred egress mirror dev ifb0")
    with Stage(middle, TOOL, source, "lan0") as stage:
        send_udp(router.left, RIGHT4, 4000, SIZES)
        if source == "tcx":
            stage.read_until(lambda: len(stage.udp(4000)) >= len(SIZES))
    warned = sum("filters of others in front of ours" in line for line in stage.lines)
    same((len(stage.udp(4000)), warned), (len(SIZES), 0) if source == "tcx" else (0, 1))


def sent(space, name):
    """Packets that an interface has sent."""
    with space.inside():
        return int(run("ip", "netns", "exec", space.name, "cat",
                       f"/sys/class/net/{name}/statistics/tx_packets"))


def comes_and_goes(source):
    """Deleted while it is sampled, made again with another number, then renamed."""
    router = Router(ipv6=False)
    middle = router.middle
    with Stage(middle, TOOL, source, "lan0") as stage:
        passes(router, stage, 4000)
        old = middle.index("lan0")
        middle.run("ip link del lan0")
        pair(middle, "lan0", router.left, "s0")
        addresses(middle, "lan0", 1, router.left, "s0", "192.168.77")
        router.left.run("ip route add default via 192.168.77.1")
        stage.signal(signal.SIGHUP)
        stage.wait("ready")
        passes(router, stage, 4001)
        assert middle.index("lan0") != old, "it has the same number"
        middle.run("ip link set lan0 down")
        middle.run("ip link set lan0 name lan7")
        middle.run("ip link set lan7 up")
        router.left.run("ip route replace default via 192.168.77.1")
        passes(router, stage, 4002, "lan7")
    nothing_left(middle, "lan7")


def refused(source):
    """What is wrong is said in words, and nothing is left."""
    space = Namespace("bad")
    answer = say(TOOL, space, source, "nosuch0")
    assert answer.startswith("error gone ") and "no such" in answer.lower(), answer
    needs = [("all", "CAP_"), ("net_admin", "CAP_NET_ADMIN"), ("bpf", "CAP_BPF")]
    for left_out, word in needs[:2 if source == "psample" else 3]:
        bounds = "-all" if left_out == "all" else f"-{left_out},-sys_admin"
        answer = run("ip", "netns", "exec", space.name, "setpriv", f"--bounding-set={bounds}",
                     "--inh-caps=-all", TOOL, source, "lo", check=False).strip()
        assert answer.startswith("error rights ") and word in answer, answer
    nothing_left(space, "lo")


def main():
    """Every case with every source."""
    suite = Suite(sys.argv[3] if len(sys.argv) > 3 else "")
    for source in SOURCES:
        if not possible(suite, TOOL, source):
            continue

        def case(sentence, test, source=source):
            suite.run(f"{source}: {sentence}", lambda: test(source))
        case("nothing is left of who ends in order", ends)
        case("what is left of who was killed goes, and nothing else", killed)
        case("an instance that comes again replaces what it had", again)
        case("two instances see everything, and the last one cleans up", two_instances)
        case("another's clsact and filters work on, and stay", foreign_clsact)
        case("an ingress qdisc and its redirection work on", foreign_ingress)
        case("who comes behind another's filter says so", behind_others)
        case("an interface may go and come again", comes_and_goes)
        case("refusals say why", refused)
    suite.end()


main()
