#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A switch that mirrors a port, and an agent that it is mirrored to: mirror.py PROGRAM [part]

    es: s0 -- port0 sw port1 -- d0 :ed
                     m0, m1 -- mrx, mtx :box

What port0 receives goes to mrx, what it sends to mtx. The box has no address; nothing that it sees
is for it. Expected is what es and ed sent.
"""
import json
import signal
import sys

from running import (APPROXIMATE, BYTES, DIRECTION, DST_MAC, DST_PORT, EGRESS, ETHERNET, FROM,
                     INGRESS, IN_IF, IP4, OUT_IF, PACKETS, PROTO, SAMPLING_RATE, SRC_MAC, TCP, UDP,
                     VLAN, Agent, sample, udp)
from sampling import Namespace, Skip, Suite, addresses, mac, pair, same, send_udp, until
from traffic import near, send_frames, send_tcp

ES, ED = "192.168.77.2", "192.168.77.3"
SIZES = [10, 100, 600, 1400] * 10
MIRROR, PROMISCUOUS = 9, 0x100                  # FLOW_MIRROR; IFF_PROMISC


class Switch:
    """Four machines, of which sw bridges."""

    def __init__(self, rx="m0", tx="m1"):
        self.left, self.switch, self.right, self.box = (
            Namespace(name) for name in ("es", "sw", "ed", "box"))
        for space in (self.left, self.switch, self.right, self.box):
            space.write("ipv6/conf/all/disable_ipv6", 1)
            space.write("ipv6/conf/default/disable_ipv6", 1)
        self.switch.run("ip link add br0 type bridge")
        self.switch.run("ip link set br0 up")
        for near_name, far, name in (("port0", self.left, "s0"), ("port1", self.right, "d0")):
            pair(self.switch, near_name, far, name)
            self.switch.run(f"ip link set {near_name} master br0")
            self.switch.run(f"bridge fdb replace {mac(name)} dev {near_name} master static")
        addresses(self.right, "d0", 3, self.left, "s0", "192.168.77")
        for near_name, name in (("m0", "mrx"), ("m1", "mtx")):
            pair(self.switch, near_name, self.box, name)
        self.switch.run("tc qdisc add dev port0 clsact")
        for way, to in (("ingress", rx), ("egress", tx)):
            self.switch.run(f"tc filter add dev port0 {way} protocol all u32 match u32 0 0 "
                            f"action mirred egress mirror dev {to}", check=False)
            if "mirred" not in self.switch.run(f"tc filter show dev port0 {way}"):
                raise Skip("no act_mirred here")

    def talk(self, sizes):
        """Datagrams both ways: port0 receives those to 4000 and sends those to 4001."""
        send_udp(self.left, ED, 4000, sizes)
        send_udp(self.right, ES, 4001, sizes)


def section(rx="mrx", tx="mtx", rate=1, **more):
    """Of the configuration."""
    options = {"rx": rx, **({"tx": tx} if tx else {}), "rate": rate, **more}
    return "config mirror\n" + "".join(f"\toption {key} '{value}'\n"
                                       for key, value in options.items())


def sizes_of(records):
    """In the order in which they came."""
    return [one[BYTES] for one in records]


def number(name):
    """The address of an interface of this name, as records have it."""
    return int(mac(name).replace(":", ""), 16)


# --- both directions ------------------------------------------------------------------------

def both():
    """Two interfaces bring what a port receives and sends."""
    switch = Switch()
    rx, tx = switch.box.index("mrx"), switch.box.index("mtx")
    with Agent(switch.box, section()) as agent:
        agent.up("mrx", "mtx")
        switch.talk(SIZES)
        records = agent.records()
    want = [ETHERNET + IP4 + UDP + size for size in SIZES]
    came = udp(records, 4000, way=INGRESS, at_in=rx, at_out=0)
    left = udp(records, 4001, way=EGRESS, at_in=0, at_out=tx)
    same((sizes_of(came), sizes_of(left)), (want, want))
    same(len(udp(records, 4000) + udp(records, 4001)), 2 * len(want))
    same({(one[SRC_MAC], one[DST_MAC]) for one in came}, {(number("s0"), number("d0"))})
    same({(one[SRC_MAC], one[DST_MAC]) for one in left}, {(number("d0"), number("s0"))})
    same({(one[FROM], one[PACKETS], one[SAMPLING_RATE]) for one in records}, {(MIRROR, 1, 1)})


def numbered():
    """The port has a number of its own."""
    switch = Switch()
    with Agent(switch.box, section(index=70)) as agent:
        agent.up("mrx", "mtx")
        switch.talk(SIZES)
        records = agent.records()
    same(len(udp(records, 4000, way=INGRESS, at_in=70, at_out=0)), len(SIZES), "received")
    same(len(udp(records, 4001, way=EGRESS, at_in=0, at_out=70)), len(SIZES), "sent")


def single():
    """One interface brings both, and nobody knows which is which."""
    switch = Switch(tx="m0")
    with Agent(switch.box, section(tx="", index=70)) as agent:
        agent.up("mrx")
        switch.talk(SIZES)
        records = agent.records()
    for port in (4000, 4001):
        same(len(udp(records, port, way=0, at_in=70, at_out=0)), len(SIZES))
    same({one.get(DIRECTION) for one in records}, {None})


def tags():
    """What is mirrored keeps its tag."""
    switch = Switch()
    with Agent(switch.box, section()) as agent:
        agent.up("mrx", "mtx")
        send_frames(switch.left, "s0", mac("d0") + mac("s0") + "8100" + "6005" + "0800", 4000,
                    SIZES)
        records = agent.records()
    same([(one[VLAN], one[BYTES]) for one in udp(records, 4000, way=INGRESS)],
         [(5, ETHERNET + 4 + IP4 + UDP + size) for size in SIZES])


def merged():
    """TCP that passes in large pieces has the segments that its sender counted."""
    switch = Switch()
    with Agent(switch.box, section()) as agent:
        agent.up("mrx", "mtx")
        segments, payload = send_tcp(switch.left, switch.right, ED, 5000, 3000000)
        records = [one for one in agent.records()
                   if one.get(PROTO) == 6 and one.get(DST_PORT) == 5000]
    same({(one[DIRECTION], one.get(OUT_IF)) for one in records}, {(INGRESS, None)})
    assert len(records) < segments / 2, f"{len(records)} of {segments}: nothing was merged"
    if any(one.get(APPROXIMATE) for one in records):    # before Linux 6.2
        same({one.get(APPROXIMATE) for one in records if one[BYTES] > ETHERNET + 1500}, {1})
        return
    same((sum(one[PACKETS] for one in records), sum(one[BYTES] for one in records)),
         (segments, payload + segments * (ETHERNET + IP4 + TCP) + 8))    # 8: more of the SYN


def beside():
    """A mirrored port and an interface of the machine itself, at rates of their own."""
    switch, sent = Switch(), 5000
    pair(switch.box, "own", switch.right, "e0")
    addresses(switch.box, "own", 1, switch.right, "e0", "192.168.78")
    own = switch.box.index("own")
    with Agent(switch.box, section(rate=10, snap=64, index=70) +
               sample("own", rate=50, source="packet")) as agent:
        agent.up("mrx", "mtx", "own")
        send_udp(switch.left, ED, 4000, [10] * sent)
        send_udp(switch.right, "192.168.78.1", 4002, [10] * sent)
        records = agent.records()
    near(len(udp(records, 4000, at_in=70)), sent, 10)
    near(len(udp(records, 4002, at_in=own)), sent, 50)
    same({(one[FROM], one[IN_IF], one[SAMPLING_RATE]) for one in udp(records, 4000)},
         {(MIRROR, 70, 10)})
    same({(one[IN_IF], one[SAMPLING_RATE]) for one in udp(records, 4002)}, {(own, 50)})


# --- packets for others ----------------------------------------------------------------------

def is_promiscuous(space, name):
    """By the kernel's count."""
    return json.loads(space.run(f"ip -details -json link show {name}"))[0]["promiscuity"] > 0


def bridged(promiscuous):
    """Records when the mirror leads to a bridge, which keeps what is not for it to itself."""
    switch = Switch()
    switch.box.run("ip link add brm type bridge")
    switch.box.run("ip link set brm up")
    switch.box.run("ip link set mrx master brm")
    with Agent(switch.box, section(rx="brm", promiscuous=promiscuous)) as agent:
        agent.up("brm", "mtx")
        same(is_promiscuous(switch.box, "brm"), bool(promiscuous))
        switch.talk(SIZES)
        return len(udp(agent.records(), 4000, way=INGRESS))


def for_others():
    """They are asked for."""
    same(bridged(1), len(SIZES))


def not_for_others():
    """They are not, when that is not wanted."""
    same(bridged(0), 0)


def given_back():
    """An interface is as it was, even after kill -9."""
    switch = Switch()
    same(is_promiscuous(switch.box, "mrx"), False)
    with Agent(switch.box, section()) as agent:
        agent.up("mrx", "mtx")
        same(is_promiscuous(switch.box, "mrx"), True)
        agent.kill()
        until("nobody listens any more", lambda: not is_promiscuous(switch.box, "mrx"))


# --- interfaces that change -----------------------------------------------------------------

def comes_again():
    """An interface that goes and comes again brings the port again, and the other all the time."""
    switch = Switch()
    with Agent(switch.box, section(index=70)) as agent:
        agent.up("mrx", "mtx")
        switch.box.run("ip link set mrx down")
        until("it is said", lambda: "packet: mrx is down" in agent.log.read_text())
        switch.box.run("ip link set mrx name unplugged")
        until("it is not there", lambda: not agent.interface("mrx"))
        switch.talk(SIZES)
        until("the other brings its own", lambda: len(udp(agent.server.kept["flows"], 4001)) ==
              len(SIZES))
        switch.box.run("ip link set unplugged name mrx")
        switch.box.run("ip link set mrx up")
        agent.up("mrx", "mtx")
        switch.talk(SIZES)
        records = agent.records()
    same(len(udp(records, 4000, way=INGRESS, at_in=70)), len(SIZES), "received")
    same(len(udp(records, 4001, way=EGRESS, at_out=70)), 2 * len(SIZES), "sent")


def renewed():
    """A new start of the agent under traffic is a new start of both."""
    switch = Switch()
    with Agent(switch.box, section(index=70)) as agent:
        agent.up("mrx", "mtx")
        agent.process.send_signal(signal.SIGTERM)
        agent.process.wait()
        agent.start()
        agent.up("mrx", "mtx")
        switch.talk(SIZES)
        records = agent.records()
    same((len(udp(records, 4000)), len(udp(records, 4001))), (len(SIZES), len(SIZES)))


def main():
    """All tests."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    suite.run("two interfaces bring a port's two directions", both)
    suite.run("a port may have a number of its own", numbered)
    suite.run("of a single interface the direction is not known", single)
    suite.run("what is mirrored keeps its VLAN", tags)
    suite.run("what is mirrored in large pieces has its true segments", merged)
    suite.run("a mirrored port and an own interface have rates of their own", beside)
    suite.run("packets for others are asked for", for_others)
    suite.run("packets for others are not there when nobody asks", not_for_others)
    suite.run("an interface is not promiscuous after kill -9", given_back)
    suite.run("an interface that is unplugged brings the port again later", comes_again)
    suite.run("a new start begins both directions again", renewed)
    suite.end()


main()
