#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Interfaces and routes of namespaces, as `links` says them and as ip does: netdevs.py PROGRAM
[part of a sentence]

    interfaces   every member against `ip -j -d -s link`, for all kinds of devices there are here
    news         what changes, what is gone, what only looks like it, what the kernel dropped
    routes       against `ip -j route get` and `ip -j route get fibmatch`
"""
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import time

from sampling import DEADLINE, Namespace, Skip, Suite, pair, run, same

TOOL = sys.argv[1]
TYPES = {"ether": 1, "loopback": 772, "none": 65534, "ipip": 768, "sit": 776, "gre": 778,
         "tunnel6": 769, "gre6": 823, "ppp": 512}
STATES = {"UNKNOWN": 0, "NOTPRESENT": 1, "DOWN": 2, "LOWERLAYERDOWN": 3, "TESTING": 4,
          "DORMANT": 5, "UP": 6}
FLAGS = {"UP": 1, "BROADCAST": 2, "LOOPBACK": 8, "POINTOPOINT": 0x10, "NOARP": 0x80,
         "PROMISC": 0x100, "ALLMULTI": 0x200, "MASTER": 0x400, "SLAVE": 0x800,
         "MULTICAST": 0x1000, "LOWER_UP": 0x10000}
PAIRS = ("veth", "netkit")
FORWARD, LOCAL, MULTICAST, NONE = 1, 2, 3, 4
ALIAS = "to the office, 2nd floor: \u00e9"


def ask(space, *words):
    """What the program says."""
    lines = run("ip", "netns", "exec", space.name, TOOL, *words).splitlines()
    return [json.loads(line) for line in lines]


def interfaces(space):
    """By number, as the program reads them."""
    *all_of_them, end = ask(space, "all")
    same(end, {"all": 0})
    return {i["index"]: i for i in all_of_them}


# --- what ip says ---------------------------------------------------------------------------

def counters(side, missed):
    """Of ip's one direction."""
    return {"bytes": side["bytes"], "packets": side["packets"], "errors": side["errors"],
            "drops": side["dropped"] + (side["missed_errors"] if missed else 0)}


def parent(link, numbers):
    """The device below, when it is one and is here."""
    kind = link.get("linkinfo", {}).get("info_kind")
    if kind in PAIRS or "link_netnsid" in link or not link.get("link"):
        return 0
    return numbers[link["link"]]


def speed(space, name):
    """As the kernel's file says it."""
    said = space.run(f"cat /sys/class/net/{name}/speed", check=False).strip()
    return int(said) * 1000000 if said.isdigit() else 0


def wanted(space):
    """By number, as ip reads them."""
    links = json.loads(space.run("ip -j -d -s -s link"))
    numbers = {link["ifname"]: link["ifindex"] for link in links}
    result = {}
    for link in links:
        info, stats = link.get("linkinfo", {}), link["stats64"]
        mac = link.get("address", "")
        vlan = info.get("info_data", {}).get("id", 0) if info.get("info_kind") == "vlan" else 0
        result[link["ifindex"]] = {
            "index": link["ifindex"], "name": link["ifname"], "alias": link.get("ifalias", ""),
            "master": numbers.get(link.get("master"), 0), "parent": parent(link, numbers),
            "flags": sum(FLAGS.get(word, 0) for word in link["flags"]),
            "mtu": link["mtu"], "type": TYPES[link["link_type"]], "vlan": vlan,
            "oper": STATES[link["operstate"]], "kind": info.get("info_kind", ""),
            "master_kind": info.get("info_slave_kind", ""),
            "mac": mac if len(mac) == 17 else "00:00:00:00:00:00", "counted": True,
            "in": counters(stats["rx"], True), "out": counters(stats["tx"], False)}
    return result


def same_as_ip(space):
    """All of them; counters may run between two looks, so they are looked at until they stand."""
    for _ in range(50):
        before, have, after = wanted(space), interfaces(space), wanted(space)
        if before == after:
            break
    same(set(have), set(before), "interfaces")
    for index, want in before.items():
        got = dict(have[index])
        is_up = want["flags"] & 0x10000 and want["oper"] in (0, 6)
        same(got.pop("speed"), speed(space, want["name"]) if is_up else 0,
             f"speed of {want['name']}:")
        got["flags"] &= sum(FLAGS.values())
        same(got, want)
    return {i["name"]: i for i in have.values()}


# --- interfaces -------------------------------------------------------------------------------

def quiet(name):
    """A namespace in which nobody speaks by himself."""
    space = Namespace(name)
    space.write("ipv6/conf/all/disable_ipv6", 1)
    space.write("ipv6/conf/default/disable_ipv6", 1)
    return space


KINDS = ("p0 type veth peer name p1", "p0.7 link p0 type vlan id 7",
         "q0 link p1 type macvlan mode bridge", "br0 type bridge", "br0.9 link br0 type vlan id 9",
         "bond0 type bond mode active-backup", "vx0 type vxlan id 77 dstport 4789",
         "t0 type gretap local 192.0.2.1 remote 192.0.2.2", "t1 type ipip local 192.0.2.1",
         "t2 type gre local 192.0.2.1 remote 192.0.2.3", "ifb7 type ifb", "d0 type dummy",
         "red type vrf table 10")


def every_kind():
    """All the devices that this kernel can make."""
    space = quiet("a")
    for words in KINDS:
        space.run(f"ip link add {words}", check=False)
    space.run("ip tuntap add dev tun0 mode tun", check=False)
    for command in ("p0 mtu 1400", "p0 master br0", "p0 up", "p1 up", "br0 up", "p0.7 up",
                    "ifb7 master bond0", "bond0 up", "d0 master red", "red up"):
        space.run(f"ip link set {command}", check=False)
    with space.inside():
        subprocess.run(["ip", "link", "set", "p0", "alias", ALIAS], check=True)
    found = same_as_ip(space)
    assert len(found) >= 8, f"only {list(found)}"
    same(found["p0"]["alias"], ALIAS)
    same(found["p0"]["master"], found["br0"]["index"])
    same((found["p0"]["parent"], found["p1"]["parent"]), (0, 0), "ends of a pair are")
    if "br0.9" in found:
        same((found["br0.9"]["parent"], found["br0.9"]["vlan"]), (found["br0"]["index"], 9))


def other_namespace():
    """Its number of the other end's is the number of somebody else here."""
    near, far = quiet("a"), quiet("b")
    near.run("ip link add x type veth peer name y")
    far.run("ip link add v type veth peer name w")
    near.run(f"ip link set y netns {far.name}")
    near.run("ip link add link x name x.5 type vlan id 5", check=False)
    near.run(f"ip link set x.5 netns {far.name}", check=False)
    same_as_ip(near)
    found = same_as_ip(far)
    if "x.5" not in found:
        raise Skip("no VLAN devices here")
    same((found["x.5"]["parent"], found["x.5"]["vlan"]), (0, 5))


def traffic():
    """Bytes and packets in both directions; the sender knows how many."""
    near, far = quiet("a"), quiet("b")
    pair(near, "x", far, "y")
    sizes = (60, 100, 1514)
    for space, name, count in ((near, "x", 5), (far, "y", 3)):
        with space.inside(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
            s.bind((name, 0))
            for size in sizes * count:
                s.send(bytes(12) + b"\x88\xb5" + bytes(size - 14))
    found = same_as_ip(near)["x"]
    same((found["out"]["packets"], found["out"]["bytes"]), (15, 5 * sum(sizes)))
    same((found["in"]["packets"], found["in"]["bytes"]), (9, 3 * sum(sizes)))


def speeds():
    """A pair says 10 Gbit/s while both ends are up."""
    near, far = quiet("a"), quiet("b")
    pair(near, "x", far, "y")
    same(same_as_ip(near)["x"]["speed"], 10 * 1000 ** 3)
    with Watch(near) as watch:
        same(watch.all["x"]["speed"], 10 * 1000 ** 3)
        far.run("ip link set y down")
        watch.until(lambda i: i.get("name") == "x" and i["speed"] == 0)
        far.run("ip link set y up")
        watch.until(lambda i: i.get("name") == "x" and i["speed"] == 10 * 1000 ** 3)


def unprivileged():
    """None of it needs a right."""
    space = quiet("a")
    space.run("ip link add x type veth peer name y")
    command = f"setpriv --reuid 65534 --regid 65534 --clear-groups {TOOL} all"
    told = {json.loads(line).get("name") for line in space.run(command).splitlines()}
    assert {"lo", "x", "y", None} <= told, f"told {told}"


# --- news ----------------------------------------------------------------------------------------

class Watch:
    """`links watch` in a namespace, for as long as the block."""

    def __init__(self, space):
        self.lines, self.rest = [], b""
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", space.name, TOOL, "watch"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.until(lambda line: "all" in line)
        self.all = {i["name"]: i for i in self.lines if "name" in i}
        self.mark = len(self.lines)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait(DEADLINE)

    def read(self, seconds):
        """Lines that are there within this time."""
        if select.select([self.process.stdout], [], [], max(seconds, 0))[0]:
            got = os.read(self.process.stdout.fileno(), 1 << 20)
            *whole, self.rest = (self.rest + got).split(b"\n")
            self.lines += [json.loads(line) for line in whole]

    def until(self, fits):
        """The first new line for which that holds; the next search begins behind it."""
        deadline, at = time.monotonic() + DEADLINE, getattr(self, "mark", 0)
        while True:
            for number in range(at, len(self.lines)):
                if fits(self.lines[number]):
                    self.mark = number + 1
                    return self.lines[number]
            at = len(self.lines)
            if time.monotonic() > deadline:
                raise TimeoutError(f"not told within {DEADLINE} s")
            self.read(deadline - time.monotonic())


def named(name):
    """News of that interface."""
    return lambda line: line.get("name") == name


def comes_and_goes():
    """A new one, what changes, its end, and a new one of the same name."""
    space = quiet("a")
    with Watch(space) as watch:
        space.run("ip link add x type veth peer name y")
        first = watch.until(named("x"))
        same((first["kind"], first["flags"] & 1), ("veth", 0))
        space.run("ip link set x up")
        watch.until(lambda i: i.get("name") == "x" and i["flags"] & 1)
        space.run("ip link set x alias uplink")
        same(watch.until(lambda i: i.get("name") == "x" and i["alias"])["alias"], "uplink")
        space.run("ip link set x mtu 1280")
        watch.until(lambda i: i.get("name") == "x" and i["mtu"] == 1280)
        space.run("ip link set x down")
        space.run("ip link set x name z")
        same(watch.until(named("z"))["index"], first["index"])
        space.run("ip link del z")
        same(watch.until(lambda i: i.get("gone") == first["index"]), {"gone": first["index"]})
        space.run("ip link add x type veth peer name y")
        assert watch.until(named("x"))["index"] > first["index"], "its number is used again"


def ports_of_a_bridge():
    """A port that joins and leaves is there all the time."""
    space = quiet("a")
    space.run("ip link add x up type veth peer name y")
    space.run("ip link add br0 type bridge")
    with Watch(space) as watch:
        bridge = watch.all["br0"]["index"]
        space.run("ip link set x master br0")
        same(watch.until(lambda i: i.get("master") == bridge)["master_kind"], "bridge")
        space.run("ip link set x nomaster")
        watch.until(lambda i: i.get("name") == "x" and not i["master"])
        space.run("ip link set x alias still-here")
        watch.until(lambda i: i.get("alias") == "still-here")
        assert not [line for line in watch.lines if "gone" in line], "told to be gone"


def moves_away():
    """To another namespace it is gone."""
    near, far = quiet("a"), quiet("b")
    near.run("ip link add x type veth peer name y")
    with Watch(near) as watch:
        near.run(f"ip link set x netns {far.name}")
        watch.until(lambda i: i.get("gone") == watch.all["x"]["index"])


def overrun():
    """While the program sleeps there is more news than room; afterwards it asks for all. (Of a
    new alias the kernel tells only when the interface is up.)"""
    space = quiet("a")
    space.run("ip link add x up type veth peer name y")
    with Watch(space) as watch:
        watch.process.send_signal(signal.SIGSTOP)
        batch = "".join(f"link set x alias number{n}\n" for n in range(5000))
        with space.inside():
            subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
        space.run("ip link del x")
        space.run("ip link add last up type veth peer name one")
        watch.process.send_signal(signal.SIGCONT)
        watch.until(lambda line: line.get("lost"))
        watch.until(lambda line: "all" in line)
        lost = watch.lines.index({"lost": True})
        told = {i.get("name") for i in watch.lines[lost + 1:watch.mark - 1]}
        assert {"lo", "last", "one"} <= told and "x" not in told, f"all is {told}"
        space.run("ip link set last alias heard")
        watch.until(lambda i: i.get("alias") == "heard")


def news_of_routing():
    """Each of what decides where packets go."""
    near, far = Namespace("a"), quiet("b")
    pair(near, "x", far, "y")
    near.run("ip address add 10.1.0.1/24 dev x")
    near.run("ip -6 address add 2001:db8::1/64 dev x nodad")
    with Watch(near) as watch:
        for change in ("route add 10.8.0.0/16 via 10.1.0.2", "route del 10.8.0.0/16",
                       "-6 route add 2001:db8:8::/48 via 2001:db8::2",
                       "-6 route del 2001:db8:8::/48", "rule add from 10.3.0.0/16 table 9",
                       "rule del from 10.3.0.0/16 table 9", "-6 rule add from 2001:db8:3::/48 table 9",
                       "address add 10.2.0.1/24 dev x", "address del 10.2.0.1/24 dev x",
                       "link set x down"):
            watch.read(0)
            watch.mark = len(watch.lines)
            near.run(f"ip {change}")
            watch.until(lambda line: line.get("routes"))


def many_routes():
    """Thousands of them: the program hears that, wakes for none of it, and has not lost anything."""
    near, far = quiet("a"), quiet("b")
    pair(near, "x", far, "y")
    near.run("ip address add 10.1.0.1/24 dev x")
    batch = "".join(f"route add 10.{n // 250}.{n % 250}.0/24 via 10.1.0.2\n"
                    for n in range(500, 5500))
    with Watch(near) as watch:
        with near.inside():
            subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
        watch.until(lambda line: line.get("routes"))
        near.run("ip link set x alias after")
        watch.until(lambda i: i.get("alias") == "after")
        assert not [line for line in watch.lines if line.get("lost")], "lost"
        assert not [line for line in watch.lines[:watch.mark] if line.get("woken")], "woken"
        told = [line for line in watch.lines if line.get("routes")]
        assert len(told) < 1000, f"{len(told)} times"


# --- routes -----------------------------------------------------------------------------------

def routing(space, far):
    """A pair, and routes of every type over it."""
    pair(space, "x", far, "y")
    for words in ("-4 address add 10.1.0.1/24 dev x", "-6 address add 2001:db8::1/64 dev x nodad",
                  "-4 route add default via 10.1.0.9", "-4 route add 10.8.0.0/16 via 10.1.0.2",
                  "-4 route add 10.8.7.0/24 dev x",
                  "-4 route add 10.9.0.0/16 nexthop via 10.1.0.2 nexthop via 10.1.0.3",
                  "-4 route add unreachable 10.7.0.0/16", "-4 route add blackhole 10.6.0.0/16",
                  "-4 route add prohibit 10.5.0.0/16", "-4 route add local 10.4.0.0/16 dev lo",
                  "-4 route add 10.3.0.0/16 via inet6 2001:db8::3 dev x",
                  "-6 route add 2001:db8:8::/48 via 2001:db8::2",
                  "-6 route add 2001:db8:9::/48 nexthop via 2001:db8::2 nexthop via 2001:db8::3",
                  "-6 route add unreachable 2001:db8:7::/48",
                  "-6 route add blackhole 2001:db8:6::/48",
                  "-6 route add prohibit 2001:db8:5::/48"):
        space.run(f"ip {words}")


ADDRESSES = ("10.1.0.1", "10.1.0.7", "10.1.0.255", "10.8.1.1", "10.8.7.1", "10.9.1.1", "10.7.1.1",
             "10.6.1.1", "10.5.1.1", "10.4.1.1", "10.3.1.1", "8.8.8.8", "127.0.0.1",
             "2001:db8::1", "2001:db8::7", "2001:db8:8::1", "2001:db8:9::1", "2001:db8:7::1",
             "2001:db8:6::1", "2001:db8:5::1", "2001:db8:4::1", "::1")


def get(space, words):
    """ip's answer, None when there is no way."""
    said = space.run(f"ip -j -d route get {words}", check=False)
    answer = json.loads(said) if said.strip() else []
    return answer[0] if answer and answer[0].get("type", "unicast") not in (
        "unreachable", "blackhole", "prohibit") else None


def wanted_route(space, dst, numbers, vrf=""):
    """As ip answers; the prefix is the matching route's, the way that of a packet."""
    way, match = get(space, f"{dst}{vrf}"), get(space, f"fibmatch {dst}{vrf}")
    want = {"dst": dst, "kind": NONE, "out_if": 0, "prefix": 0, "next_hop": ""}
    if not way or not match:
        return want
    net = match["dst"]
    bits = 0 if net == "default" else int(net.split("/")[1]) if "/" in net else \
        128 if ":" in dst else 32
    want["prefix"] = bits
    if way.get("type", "unicast") in ("local", "broadcast", "anycast"):
        return {**want, "kind": LOCAL}
    hop = way.get("gateway") or way.get("via", {}).get("host", "")
    return {**want, "kind": FORWARD, "out_if": numbers[way["dev"]], "next_hop": hop}


def same_routes(space, dsts, vrf=""):
    """All of them at once."""
    numbers = {link["ifname"]: link["ifindex"] for link in json.loads(space.run("ip -j link"))}
    have = ask(space, "route", str(numbers[vrf] if vrf else 0), *dsts)
    words = f" oif {vrf}" if vrf else ""
    same(len(have), len(dsts))
    for got in have:
        same(got, wanted_route(space, got["dst"], numbers, words))
    return {got["dst"]: got for got in have}


def every_type():
    """Types, gateways, prefixes, IPv4 and IPv6."""
    near, far = Namespace("a"), Namespace("b")
    routing(near, far)
    found = same_routes(near, ADDRESSES)
    kinds = [found[dst]["kind"] for dst in ("10.8.1.1", "10.7.1.1", "10.6.1.1", "10.5.1.1",
                                            "10.4.1.1", "10.1.0.255", "2001:db8:4::1")]
    same(kinds, [FORWARD, NONE, NONE, NONE, LOCAL, LOCAL, NONE])
    same((found["10.8.1.1"]["prefix"], found["10.8.1.1"]["next_hop"]), (16, "10.1.0.2"))
    same((found["10.8.7.1"]["prefix"], found["10.8.7.1"]["next_hop"]), (24, ""))
    same(found["10.9.1.1"]["prefix"], 16)
    assert found["10.9.1.1"]["next_hop"] in ("10.1.0.2", "10.1.0.3")
    same(found["10.3.1.1"]["next_hop"], "2001:db8::3")
    same((found["8.8.8.8"]["prefix"], found["8.8.8.8"]["next_hop"]), (0, "10.1.0.9"))


def groups_and_links():
    """What an address says by itself is not asked for; IPv6 may be absent."""
    space = quiet("a")
    have = ask(space, "route", "0", "224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1",
               "fe80::1", "192.0.2.1", "2001:db8::1")
    same([r["kind"] for r in have], [MULTICAST, MULTICAST, LOCAL, MULTICAST, LOCAL, NONE, NONE])


def two_tables():
    """A VRF has routes of its own for the same addresses."""
    near, far = Namespace("a"), Namespace("b")
    near.run("ip link add red type vrf table 10", check=False)
    if " red:" not in near.run("ip -o link"):
        raise Skip("no VRF devices here")
    near.run("ip link set red up")
    routing(near, far)
    pair(near, "v", far, "w")
    near.run("ip link set v master red")
    near.run("ip address add 10.2.0.1/24 dev v")
    near.run("ip -6 address add 2001:db8:2::1/64 dev v nodad")
    near.run("ip route add 10.8.0.0/17 via 10.2.0.2 table 10")
    near.run("ip -6 route add 2001:db8:8::/47 via 2001:db8:2::2 table 10")
    found = same_routes(near, ("10.8.1.1", "10.2.0.7", "10.2.0.1", "2001:db8:8::1"), "red")
    same((found["10.8.1.1"]["prefix"], found["10.8.1.1"]["next_hop"]), (17, "10.2.0.2"))
    same(found["2001:db8:8::1"]["prefix"], 47)
    same(same_routes(near, ("10.8.1.1",))["10.8.1.1"]["next_hop"], "10.1.0.2")


def main():
    """All of it."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    for sentence, test in (
            ("interfaces of every kind are as ip says them", every_kind),
            ("a number of another namespace is no parent", other_namespace),
            ("counters count what was sent and received", traffic),
            ("a speed is known while the link is up", speeds),
            ("interfaces can be read without any right", unprivileged),
            ("an interface comes, changes, goes and comes again", comes_and_goes),
            ("a port that leaves its bridge is not gone", ports_of_a_bridge),
            ("an interface that moves to another namespace is gone", moves_away),
            ("news that were lost are seen, and all is told again", overrun),
            ("routes, rules, addresses and links change the routing", news_of_routing),
            ("thousands of new routes are one piece of news", many_routes),
            ("routes of every type are as ip says them", every_type),
            ("groups and links need no route", groups_and_links),
            ("a VRF has its own routes", two_tables)):
        suite.run(sentence, test)
    suite.end()


if __name__ == "__main__":
    main()
