#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the seeds of fuzz-netlink from what this machine's kernel says of a namespace:

    unshare -n tests/fuzz/record-netlink.py tests/fuzz/seeds/netlink

As root, on a little-endian machine. A seed is a list of steps (fuzz-netlink.c), so that it means
the same on machines of the other byte order. Which attributes hold texts, addresses or other
attributes stands in the tables; the others are numbers when they are as long as numbers are.
"""
import pathlib
import socket
import struct
import subprocess
import sys

MESSAGE, BYTES, NUMBER, NEST, END, RAW, DATAGRAM = range(7)
LINKS, ROUTE, HOOKS, FILTERS = (2 * question + 1 for question in range(4))
DUMP, ACK, REQUEST = 0x300, 4, 1
GETLINK, GETROUTE, GETQDISC, GETTFILTER = 18, 26, 38, 46
OURS = 0x12345678

# Of each family of messages: its header as numbers, and its attributes: a table is a nest.
KIND = {1: bytes, 2: {1: int, 2: bytes}, 4: bytes, 5: bytes}
LINK = ("<BBHiII", {1: bytes, 2: bytes, 3: bytes, 6: bytes, 7: bytes, 18: KIND, 20: bytes,
                    23: list, 26: bytes, 43: bytes, 52: bytes})
WAYS = ("<BBBBBBBBI", {1: bytes, 5: bytes, 7: bytes, 8: bytes, 9: bytes, 18: bytes})
TC = ("<BBHiIII", {1: bytes, 2: {7: bytes, 2: {1: {1: bytes, 6: bytes}}}, 3: bytes, 7: bytes})
FAMILIES = {16: LINK, 17: LINK, 24: WAYS, 25: WAYS, 36: TC, 37: TC, 44: TC, 45: TC}


def raw(size, values):
    """Numbers without a head."""
    return struct.pack(">BBB", RAW, size, len(values)) + b"".join(
        value.to_bytes(size, "big") for value in values)


def header(form, data):
    """A family's header, number by number."""
    steps, at = b"", 0
    for letter in form[1:]:
        size = struct.calcsize("<" + letter)
        steps += raw(size, [int.from_bytes(data[at:at + size], "little")])
        at += size
    return steps, data[at:]


def is_list(data):
    """Could these be attributes? One number means another thing in another kind of filter."""
    while len(data) >= 4:
        length = struct.unpack_from("<H", data)[0]
        if not 4 <= length <= len(data):
            return False
        data = data[(length + 3) & ~3:]
    return not data


def attributes(data, table):
    """Steps for a list of attributes."""
    steps = b""
    while len(data) >= 4:
        length, kind = struct.unpack_from("<HH", data)
        value, how = data[4:length], table.get(kind & 0x3fff, int)
        if isinstance(how, dict) and not is_list(value):
            how = int
        if isinstance(how, dict):
            steps += struct.pack(">BH", NEST, kind) + attributes(value, how) + bytes([END])
        elif how is list:
            numbers = struct.unpack(f"<{len(value) // 8}Q", value)
            steps += struct.pack(">BH", NEST, kind) + raw(8, numbers) + bytes([END])
        elif how is int and len(value) in (1, 2, 4, 8):
            steps += struct.pack(">BHB", NUMBER, kind, len(value)) + value[::-1]
        else:
            steps += struct.pack(">BHB", BYTES, kind, min(len(value), 255)) + value[:255]
        data = data[(length + 3) & ~3:]
    return steps


def error(data):
    """An error or an end: a number, and for an error the request and what is said of it."""
    steps, data = raw(4, [int.from_bytes(data[:4], "little")]), data[4:]
    if len(data) < 16:
        return steps
    length, kind, flags, number, port = struct.unpack_from("<IHHII", data)
    steps += raw(4, [length]) + raw(2, [kind, flags]) + raw(4, [number, port])
    return steps + attributes(data[16:], {1: bytes})


def message(data):
    """Steps for one message; its number and port are the question's."""
    _, kind, flags = struct.unpack_from("<IHH", data)
    steps = struct.pack(">BHHB", MESSAGE, kind, flags, 0)
    if kind in FAMILIES:
        form, table = FAMILIES[kind]
        own, rest = header(form, data[16:])
        return steps + own + attributes(rest, table)
    return steps + error(data[16:])


def messages(datagram):
    """One after the other."""
    while datagram:
        length = struct.unpack_from("<I", datagram)[0]
        yield datagram[:length]
        datagram = datagram[(length + 3) & ~3:]


def ask(kind, flags, own, *attrs):
    """The kernel's answer: datagrams."""
    body = own + b"".join(struct.pack("<HH", 4 + len(value), number) + value
                          + bytes(-len(value) % 4) for number, value in attrs)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as s:
        s.setsockopt(270, 11, 1)                    # NETLINK_EXT_ACK
        s.setsockopt(270, 10, 1)                    # NETLINK_CAP_ACK
        s.bind((0, 0))
        s.send(struct.pack("<IHHII", 16 + len(body), kind, flags | REQUEST, 1, 0) + body)
        answer, last = [], -1
        while last not in (2, 3) and (flags or not answer):
            answer.append(s.recv(1 << 16))
            last = list(messages(answer[-1]))[-1][4]
    return answer


def answer_of(question, *datagrams):
    """A seed."""
    return bytes([question]) + bytes([DATAGRAM]).join(
        b"".join(message(m) for m in messages(datagram)) for datagram in datagrams)


def commands(text):
    """In this namespace."""
    for line in text.strip().splitlines():
        subprocess.run(line.split(), check=False, stderr=subprocess.DEVNULL)


DEVICES = """
    ip link set lo up
    ip link add x0 mtu 1400 type veth peer name x1
    ip link add br0 type bridge
    ip link set x0 master br0 alias the_office
    ip link add link x0 name x0.7 type vlan id 7
    ip link add bond0 type bond
    ip link add v0 type veth peer name v1
    ip link set v0 up
    ip link set v1 up
    ip address add 10.1.0.1/24 dev v0
    ip -6 address add 2001:db8::1/64 dev v0 nodad
    ip route add 10.8.0.0/16 via 10.1.0.2
    ip route add 10.9.0.0/16 nexthop via 10.1.0.2 nexthop via 10.1.0.3
    ip route add 10.3.0.0/16 via inet6 2001:db8::3 dev v0
    ip route add unreachable 10.7.0.0/16
    ip -6 route add 2001:db8:8::/48 via 2001:db8::2
    tc qdisc add dev v0 clsact
    tc qdisc add dev v1 ingress
    tc filter add dev v0 ingress pref 1 u32 match u32 0 0 flowid 1:1
    tc filter add dev v0 ingress pref 2 bytecode 1,6_0_0_0
"""


def route(dst, flags=0):
    """The answer for one address."""
    family = socket.AF_INET6 if ":" in dst else socket.AF_INET
    address = socket.inet_pton(family, dst)
    own = struct.pack("<BBBBBBBBI", family, 8 * len(address), 0, 0, 0, 0, 0, 0, 0x1000 | flags)
    return answer_of(ROUTE, *ask(GETROUTE, 0, own, (1, address)))


def attr(kind, *parts):
    """An attribute of what stands in it."""
    value = b"".join(parts)
    return struct.pack("<HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def whole(kind, flags, own, *attrs):
    """A message as a kernel would send it."""
    body = own + b"".join(attrs)
    return struct.pack("<IHHII", 16 + len(body), kind, flags, 1, 0) + body


END_OF_DUMP = whole(3, 2, struct.pack("<I", 0))


def filters_labelled(label):
    """Filters of kinds that need modules, or a program, which need not be here."""
    own = struct.pack("<BBHiIII", 0, 0, 0, 2, 1, 0xfffffff2, 0x00010300)
    bpf = attr(1, b"bpf\0") + attr(0x8002, attr(7, label + b"\0"), attr(8, b"\1\0\0\0"))
    matchall = attr(1, b"matchall\0") + attr(0x8002, attr(0x8002, attr(
        0x8001, attr(1, b"sample\0"), attr(6, label))))
    return whole(44, 2, own, bpf), whole(44, 2, own, matchall), END_OF_DUMP


def vlan():
    """A device that needs a module, below which there is one of another namespace."""
    own = struct.pack("<BBHiII", 0, 0, 1, 9, 0x11043, 0)
    kind = attr(0x8012, attr(1, b"vlan\0"), attr(0x8002, attr(5, b"\x81\0"), attr(1, b"\7\0")))
    return whole(16, 2, own, attr(3, b"x0.7\0"), attr(4, struct.pack("<I", 1500)), kind,
                 attr(5, struct.pack("<I", 4)), attr(37, bytes(4))), END_OF_DUMP


def seeds():
    """Names and contents."""
    links = ask(GETLINK, DUMP, struct.pack("<BBHiII", 0, 0, 0, 0, 0, 0))
    every = [m for datagram in links for m in messages(datagram)]
    for number, link in enumerate(every[:-1]):
        yield f"link-{number}", answer_of(LINKS, link, every[-1])
    missing = ask(GETLINK, ACK, struct.pack("<BBHiII", 0, 0, 0, 0x7ffffff0, 0, 0))
    yield "link-missing", answer_of(LINKS, *missing)
    wrong = ask(GETLINK, ACK, struct.pack("<BBHiII", 0, 0, 0, 1, 0, 0), (3, b"a" * 40))
    yield "said-why", answer_of(LINKS, *wrong)
    yield "interrupted", answer_of(
        LINKS, *(link[:6] + b"\x12\0" + link[8:] for link in (every[0], every[-1])))
    for name, dst, flags in (("way", "10.8.0.1", 0), ("match", "10.8.0.1", 0x2000),
                             ("several", "10.9.0.1", 0x2000), ("via", "10.3.0.1", 0),
                             ("none", "10.7.0.1", 0), ("local", "10.1.0.1", 0x2000),
                             ("six", "2001:db8:8::1", 0x2000)):
        yield f"route-{name}", route(dst, flags)
    hooks = ask(GETQDISC, DUMP, struct.pack("<BBHiIII", 0, 0, 0, 0, 0, 0, 0))
    yield "hooks", answer_of(HOOKS, *hooks)
    index = socket.if_nametoindex("v0")
    filters = ask(GETTFILTER, DUMP, struct.pack("<BBHiIII", 0, 0, 0, index, 0, 0xfffffff2, 0))
    yield "filters", answer_of(FILTERS, *filters)
    for name, label in (("ours", f"netmeta+{OURS:08x}"), ("theirs", f"netmeta-{OURS + 1:08x}")):
        yield f"filters-{name}", answer_of(FILTERS, *filters_labelled(label.encode()))
    yield "link-vlan", answer_of(LINKS, *vlan())
    yield "as-it-is", bytes([LINKS - 1]) + every[0] + every[-1]


def main():
    """Write them."""
    folder = pathlib.Path(sys.argv[1])
    commands(DEVICES)
    folder.mkdir(exist_ok=True)
    for name, content in seeds():
        (folder / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
