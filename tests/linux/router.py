#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An agent that samples a router in namespaces: router.py PROGRAM [part of a sentence]

Everything is real but the server, which takes batches and reads the records (reading_server.py).
Expected is what the sender sent, and the interfaces that it went through.
"""
import os
import socket
import struct
import sys
import threading

from running import (AGAIN, APPROXIMATE, BYTES, DST_PORT, EGRESS, ETHERNET, FROM, IF_GONE, IF_INDEX,
                     IF_NAME, IF_SAMPLING, INGRESS, INTERNAL, IN_COUNTED, IN_ESTIMATED, IN_IF,
                     IN_KIND, IP4, OUT_KIND, OWN, PACKETS, PROGRAM, SAMPLING_RATE, TCP, UDP, VLAN,
                     Agent, sample, udp)
from sampling import (DEADLINE, RIGHT4, Namespace, Router, Skip, Suite, addresses, run, same,
                      send_udp, until)

SOURCES = ("tcx", "cls-bpf", "psample", "nflog", "packet")
TELLS_BOTH = ("tcx", "cls-bpf", "psample")      # where what goes out came in
TRUE_SIZES = ("tcx", "cls-bpf", "packet")       # of what the kernel merged
if tuple(int(n) for n in os.uname().release.split(".")[:2]) < (6, 2):
    TRUE_SIZES = ("tcx", "cls-bpf")             # packet sockets tell them from 6.2 on
SOURCE = {"tcx": 6, "cls-bpf": 6, "psample": 5, "nflog": 7, "packet": 10}


def possible(source):
    """Skip when this machine has no such source."""
    space = Namespace("probe")
    said = space.run(f"{PROGRAM} sources", check=False)
    line = next(one for one in said.splitlines() if one.startswith(source + " "))
    if "works" not in line:
        raise Skip(f"no {source} here: {line.split(None, 1)[1]}")


# --- what each source tells -----------------------------------------------------------------

def forwarded(source):
    """A datagram is there where it comes in and where it goes out, and counts once."""
    router, sizes = Router(ipv6=False), [10, 100, 1400] * 30
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with Agent(router.middle, sample("lan0", "wan0", source=source)) as agent:
        agent.up("lan0", "wan0")
        send_udp(router.left, RIGHT4, 4000, sizes)
        send_udp(router.middle, RIGHT4, 4001, sizes)
        send_udp(router.left, "192.168.77.1", 4002, sizes)
        records = agent.records()
    want = sorted(ETHERNET + IP4 + UDP + size for size in sizes)
    came = udp(records, 4000, way=INGRESS, at_in=lan, at_out=wan, coverage=0)
    left = udp(records, 4000, way=EGRESS, at_in=lan if source in TELLS_BOTH else 0, at_out=wan,
               coverage=AGAIN)
    same(sorted(one[BYTES] for one in came), want, "came in")
    same(sorted(one[BYTES] for one in left), want, "went out")
    same(len(udp(records, 4000)), 2 * len(sizes), "all of them")
    same({(one[FROM], one[PACKETS], one[SAMPLING_RATE]) for one in came + left},
         {(SOURCE[source], 1, 1)})
    own = udp(records, 4001, way=EGRESS, at_in=0, at_out=wan, coverage=0)
    same([one.get(IN_KIND) for one in own], [INTERNAL] * len(sizes), "sent by the router")
    here = udp(records, 4002, way=INGRESS, at_in=lan, at_out=0, coverage=0)
    same([one.get(OUT_KIND) for one in here], [INTERNAL] * len(sizes), "for the router")


def vlan(source):
    """A tagged frame on its device, and on the one below, where it counts."""
    router = Router(ipv6=False)
    run(f"ip -n {router.left.name} link add link s0 name s0.7 type vlan id 7", check=False)
    if "s0.7" not in router.left.run("ip link"):
        raise Skip("no VLAN devices here")
    run(f"ip -n {router.middle.name} link add link lan0 name lan0.7 type vlan id 7")
    for space, name in ((router.left, "s0.7"), (router.middle, "lan0.7")):
        space.run(f"ip link set {name} up")
    addresses(router.middle, "lan0.7", 1, router.left, "s0.7", "192.168.7")
    below, above = router.middle.index("lan0"), router.middle.index("lan0.7")
    with Agent(router.middle, sample("lan0*", source=source)) as agent:
        agent.up("lan0", "lan0.7")
        send_udp(router.left, "192.168.7.1", 4000, [100] * 50)
        records = agent.records()
    on_device = udp(records, 4000, at_in=above, coverage=AGAIN)
    on_wire = udp(records, 4000, at_in=below, coverage=0)
    same((len(on_device), len(on_wire)), (50, 50), "on the VLAN's device and below")
    want = {7} if source != "psample" else {None}       # which loses the tag
    same({one.get(VLAN) for one in on_wire}, want, "VLAN below")
    if source != "psample":
        same({one[BYTES] for one in on_wire}, {ETHERNET + 4 + IP4 + UDP + 100})
    same({one[BYTES] for one in on_device}, {ETHERNET + IP4 + UDP + 100})


def segments_sent(connection):
    """Segments with data that a connection has sent, those sent again included."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 232)
    return struct.unpack_from("I", info, 156)[0]        # tcpi_data_segs_out


def bulk(router, port, total):
    """Send so many bytes by TCP from left to right; segments that the sender counted."""
    with router.right.inside(), socket.create_server((RIGHT4, port)) as listener:
        def receive():
            connection, _ = listener.accept()
            with connection:
                while connection.recv(1 << 16):
                    pass
        receiver = threading.Thread(target=receive)
        receiver.start()
        with router.left.inside():
            sender = socket.create_connection((RIGHT4, port), DEADLINE)
        with sender:
            for _ in range(total // 65536):
                sender.sendall(bytes(65536))
            sender.shutdown(socket.SHUT_WR)
            receiver.join(DEADLINE)
            return segments_sent(sender)


def merged(source):
    """What the kernel hands on as one packet was many on the wire."""
    router, total = Router(ipv6=False), 100 * 65536
    lan = router.middle.index("lan0")
    with Agent(router.middle, sample("lan0", source=source,
                                     more="\toption direction ingress\n")) as agent:
        agent.up("lan0")
        sent = bulk(router, 5001, total)
        records = [one for one in agent.records()
                   if one.get(DST_PORT) == 5001 and one[BYTES] > ETHERNET + IP4 + TCP + 8]
    same({one[IN_IF] for one in records}, {lan})
    if source not in TRUE_SIZES:
        assert any(one.get(APPROXIMATE) for one in records), "nothing is approximate"
        return
    same(sum(one[PACKETS] for one in records), sent, "segments")
    same(sum(one[BYTES] for one in records), total + sent * (ETHERNET + IP4 + TCP), "bytes")
    assert len(records) < sent, "the kernel merged nothing"


def scaled(source):
    """One in ten: what the samples stand for is near what was sent, and the band says how near."""
    router, count, size = Router(ipv6=False), 20000, 500
    with Agent(router.middle, sample("lan0", rate=10, source=source)) as agent:
        agent.up("lan0")
        send_udp(router.left, RIGHT4, 4000, [size] * count)
        def window():
            told = [one for one in agent.server.kept["interfaces"] if one.get(IN_COUNTED, 0) > 0]
            return sum(one[IN_COUNTED] for one in told) >= count * size and told
        told = until("a window has all of it", window)
        records = udp(agent.records(), 4000, way=INGRESS)
    share = len(records) * 10 / count
    assert abs(share - 1) < 4 * (9 / count) ** 0.5, f"{len(records)} samples"
    same({one[SAMPLING_RATE] for one in records}, {10})
    same(sum(one.get(IN_ESTIMATED, 0) for one in told) // 10 // (ETHERNET + IP4 + UDP + size),
         len(records), "the estimate is of the samples")
    same({one[IF_SAMPLING] for one in told}, {source.encode()})


def leftovers(source):
    """What is there after kill -9, and after the next start and its end."""
    router = Router(ipv6=False)
    def there():
        with router.middle.inside():
            words = router.middle.run("tc filter show dev lan0 ingress", check=False)
            words += router.middle.run("tc qdisc show dev lan0 clsact", check=False)
        return words
    before = there()
    with Agent(router.middle, sample("lan0", source=source)) as agent:
        agent.up("lan0")
        agent.kill()
        send_udp(router.left, RIGHT4, 4000, [10] * 20)
        if source not in ("cls-bpf", "psample"):
            same(there(), before, "after kill -9")
        agent.start()
        agent.up("lan0")
        send_udp(router.left, RIGHT4, 4001, [10] * 20)
        records = agent.records()
        same((len(udp(records, 4000)), len(udp(records, 4001))), (0, 20), "records")
        same(there(), before, "after an orderly end")


def comes_and_goes(source):
    """An interface that goes and comes under traffic is sampled at once."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lan0", "later", source=source)) as agent:
        agent.up("lan0")
        first = router.middle.index("lan0")
        router.left.run("ip link del s0")
        until("it is gone", lambda: not agent.interface("lan0"))
        router.join(router.left, "s0", "lan0", "192.168.77", "")
        agent.up("lan0")
        again = router.middle.index("lan0")
        assert again != first, "it has the same number"
        send_udp(router.left, RIGHT4, 4000, [10] * 20)
        until("they are read", lambda: len(udp(agent.server.kept["flows"], 4000)) == 20)
        router.middle.run("ip link set lan0 down")
        router.middle.run("ip link set lan0 name other")
        until("its name means nothing", lambda: not agent.interface("lan0"))
        router.middle.run("ip link set other name later")
        router.middle.run("ip link set later up")
        agent.up("later")
        same([one["subject"] for one in agent.status()["alarms"]], ["interface lan0"], "alarms")
        records = agent.records()
        told = agent.server.take("interfaces")
    same(len(udp(records, 4000, at_in=again)), 20, "records")
    assert any(one.get(IF_GONE) and one[IF_INDEX] == first for one in told), "its end was not told"
    assert any(one[IF_NAME] == b"later" for one in told), "nobody told of its name"


def another_name(source):
    """A new name that the configuration means as well."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lan*", source=source)) as agent:
        agent.up("lan0")
        lan = router.middle.index("lan0")
        router.middle.run("ip link set lan0 down")
        router.middle.run("ip link set lan0 name lan9")
        router.middle.run("ip link set lan9 up")
        agent.up("lan9")
        send_udp(router.left, RIGHT4, 4000, [10] * 20)
        same(len(udp(agent.records(), 4000, way=INGRESS, at_in=lan)), 20, "records")


def two_agents(source):
    """They do not see each other's samples, and the end of one is not the other's."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lan0", source=source), "one") as one, \
            Agent(router.middle, sample("lan0", source=source), "two") as two:
        one.up("lan0")
        two.up("lan0")
        send_udp(router.left, RIGHT4, 4000, [10] * 50)
        same(len(udp(one.records(), 4000)), 50, "of the first")
        send_udp(router.left, RIGHT4, 4001, [10] * 50)
        records = two.records()
        same((len(udp(records, 4000)), len(udp(records, 4001))), (50, 50), "of the second")


FLOWTABLE = """table inet fast {
	flowtable ft { hook ingress priority 0; devices = { "lan0", "wan0" }; counter; }
	chain c { type filter hook forward priority 0; udp dport 4700 counter flow add @ft; }
}
"""


def talk(router, count):
    """So many datagrams from left to right, the first one answered: then it is a connection."""
    with router.right.inside():
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with router.left.inside():
        near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with far, near:
        far.bind((RIGHT4, 4700))
        far.settimeout(DEADLINE)
        near.settimeout(DEADLINE)
        near.sendto(bytes(100), (RIGHT4, 4700))
        far.sendto(bytes(10), far.recvfrom(100)[1])
        near.recv(100)
        for _ in range(count - 1):
            near.sendto(bytes(100), (RIGHT4, 4700))
            far.recv(100)


def offloaded(source):
    """A flowtable takes packets past the firewall; totals are the same with and without."""
    router, count = Router(ipv6=False), 200
    lan, wan = router.middle.index("lan0"), router.middle.index("wan0")
    with Agent(router.middle, sample("lan0", "wan0", source=source)) as agent:
        agent.up("lan0", "wan0")
        talk(router, count)
        until("they are read", lambda: len(udp(agent.server.kept["flows"], 4700)) >= 2 * count)
        plain = udp(agent.server.take(), 4700)
        rules = agent.folder / "fast"
        rules.write_text(FLOWTABLE)
        router.middle.run(f"nft -f {rules}", check=False)
        if "flowtable" not in router.middle.run("nft list ruleset", check=False):
            raise Skip("no flowtables here")
        talk(router, count)
        past = int(router.middle.run("nft list chain inet fast c").split("packets ")[1].split()[0])
        fast = udp(agent.records(), 4700)
    assert past < count // 2, f"the firewall saw {past} of {count}"
    for name, records in (("without", plain), ("with", fast)):
        same((len(udp(records, 4700, way=INGRESS, at_in=lan)),
              len(udp(records, 4700, way=EGRESS, at_out=wan))), (count, count), f"{name} a flowtable")


# --- whatever the source ----------------------------------------------------------------------

def first_that_works():
    """auto, and what it says."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lan0", "nowhere")) as agent:
        agent.up("lan0")
        works = [line.split()[0] for line in router.middle.run(f"{PROGRAM} sources").splitlines()
                 if " works" in line]
        same(agent.interface("lan0")["source"], works[0], "auto took")
        text = run(PROGRAM, "status", "-c", str(agent.config))
        assert "ALARM interface nowhere: is not there" in text, text


def own_uplink():
    """The agent's own traffic is there, and marked."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lo")) as agent:
        agent.up("lo")
        port = agent.server.server_address[1]
        send_udp(router.middle, "127.0.0.1", 4000, [10] * 5)
        until("a batch came", lambda: any(one.get(OWN) for one in agent.server.kept["flows"]))
        agent.stop()
        records = agent.server.take()
    same({one.get(DST_PORT) for one in records if one.get(OWN)} & {port}, {port})
    same({one.get(OWN) for one in udp(records, 4000)}, {None})


TESTS = (
    (forwarded, "a packet has both interfaces, and counts once"),
    (vlan, "a VLAN's packets count on the device below, with their tag"),
    (merged, "merged packets are segments again, or said to be approximate"),
    (scaled, "samples stand for what was sent"),
    (leftovers, "nothing is left behind"),
    (comes_and_goes, "interfaces come, go and are renamed"),
    (another_name, "an interface that is renamed is sampled further"),
    (two_agents, "two agents on one machine"),
    (offloaded, "software flow offload hides nothing"),
)


def main():
    """All tests."""
    suite = Suite(sys.argv[2] if len(sys.argv) > 2 else "")
    for source in SOURCES:
        for test, sentence in TESTS:
            def one(test=test, source=source):
                possible(source)
                test(source)
            suite.run(f"{source}: {sentence}", one)
    suite.run("auto takes the first that works, and says what is missing", first_that_works)
    suite.run("the uplink's own traffic is marked", own_uplink)
    suite.end()


main()
