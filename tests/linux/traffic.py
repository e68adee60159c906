# SPDX-License-Identifier: Apache-2.0
"""More traffic of which the sender knows everything: frames made by hand, devices without a link
header, TCP whose sender counted its segments. With namespaces as sampling.py has them."""
import ctypes
import fcntl
import math
import os
import socket
import stat
import struct
import tempfile
import threading

from sampling import DEADLINE, LEFT4, RIGHT4, Namespace, Skip, addresses, mac, pair

ETHERNET, IP4, IP6, UDP, TCP = 14, 20, 40, 8, 32    # TCP: with its timestamps
SIZES = [10, 100, 600, 1400] * 25                   # of what datagrams carry
SYN_MORE = 8                                        # bytes of options that a SYN has besides

TUNSETIFF, TUNSETLINK, SIOCETHTOOL = 0x400454ca, 0x400454cd, 0x8946
OFFLOADS = {"tso": 0x1f, "gso": 0x24, "gro": 0x2c}  # ETHTOOL_STSO, SGSO, SGRO
UDP_SEGMENT = 103


# --- by hand ----------------------------------------------------------------------------

def datagram(src, dst, port, size):
    """IPv4 and UDP without a checksum."""
    head = struct.pack("!BBHHHBBH4B4B", 0x45, 0, 28 + size, 1, 0, 64, 17, 0,
                       *(int(n) for n in f"{src}.{dst}".split(".")))
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xffff) + (total >> 16)
    return head[:10] + struct.pack("!H", ~total & 0xffff) + head[12:] + \
        struct.pack("!HHHH", 1234, port, 8 + size, 0) + bytes(size)


def send_frames(space, device, head, port, sizes):
    """Datagrams behind a header in hex, as they are."""
    with space.inside(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as s:
        s.bind((device, 0))
        for size in sizes:
            s.send(bytes.fromhex(head.replace(":", "")) + datagram(LEFT4, RIGHT4, port, size))


def tun_device(space, name, kind=None):
    """A device that has no link header, and its other end; kind is another number for its type."""
    with space.inside(), tempfile.TemporaryDirectory() as folder:
        path = "/dev/net/tun"
        if not os.path.exists(path):
            path = f"{folder}/tun"
            os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(10, 200))
        try:
            fd = os.open(path, os.O_RDWR)
        except OSError as error:
            raise Skip("no tun device here") from error
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), 0x1001))
    if kind:
        fcntl.ioctl(fd, TUNSETLINK, kind)
    space.run(f"ip link set {name} up")
    return fd


# --- other ways through a router ------------------------------------------------------------

def through_vlan(router):
    """From the left by VLAN 5: devices s0.5 192.168.5.2 and lan0.5."""
    for space, name in ((router.left, "s0"), (router.middle, "lan0")):
        space.run(f"ip link add link {name} name {name}.5 type vlan id 5", check=False)
        if f" {name}.5@" not in space.run("ip -o link"):
            raise Skip("no VLAN devices here")
        space.run(f"ip link set {name}.5 address {mac(name + '.5')} up")
    addresses(router.middle, "lan0.5", 1, router.left, "s0.5", "192.168.5")
    router.left.run("ip route replace default via 192.168.5.1")


def beside_a_bridge(router):
    """br0 with port0 to the left's b0 192.168.8.2, and port1 to 192.168.8.3 in another namespace."""
    middle, other = router.middle, Namespace("eb")
    middle.run("ip link add br0 type bridge")
    middle.run("ip link set br0 up")
    for port, space, name in (("port0", router.left, "b0"), ("port1", other, "b1")):
        pair(middle, port, space, name)
        middle.run(f"ip link set {port} master br0")
        middle.run(f"bridge fdb replace {mac(name)} dev {port} master static")
    addresses(other, "b1", 3, router.left, "b0", "192.168.8")


def offload(space, device, **wanted):
    """tso=0: the device does not divide what TCP sends, and so on."""
    for name, value in wanted.items():
        order = ctypes.create_string_buffer(struct.pack("II", OFFLOADS[name], value))
        with space.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, SIOCETHTOOL, struct.pack("16sP16x", device.encode(),
                                                    ctypes.addressof(order)))


# --- sockets ------------------------------------------------------------------------------

def _take_all(listener):
    with listener.accept()[0] as s:
        while s.recv(1 << 16):
            pass


def send_tcp(sender, receiver, to, port, size):
    """So many bytes of TCP; how many segments the sender sent, and the bytes of their payload."""
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    with receiver.inside():
        listener = socket.create_server((to, port), family=family)
    listener.settimeout(DEADLINE)
    taking = threading.Thread(target=_take_all, args=(listener,))
    taking.start()
    with listener, sender.inside(), socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(DEADLINE)
        s.connect((to, port))
        s.sendall(bytes(size))
        s.shutdown(socket.SHUT_WR)
        s.recv(1)                   # the other side's end, behind the acknowledgement of ours
        taking.join(DEADLINE)
        info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return struct.unpack_from("=I", info, 136)[0], struct.unpack_from("=Q", info, 200)[0]


def send_segments(sender, to, port, size, count):
    """Datagrams of `size`, so many with one call, which the kernel divides as late as it can."""
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    with sender.inside(), socket.socket(family, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, size)
        s.sendto(bytes(size * count), (to, port))


# --- figures --------------------------------------------------------------------------------

def near(count, sent, rate):
    """Within 4 standard deviations of the binomial distribution."""
    mean, deviation = sent / rate, math.sqrt(sent * (1 - 1 / rate) / rate)
    assert abs(count - mean) <= 4 * deviation, f"{count} of {sent} at 1/{rate}"
