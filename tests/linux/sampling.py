# SPDX-License-Identifier: Apache-2.0
"""A router in network namespaces, traffic of which the sender knows everything, and a source of
packets on a stage (source_stage.h), for the tests of sources.

    es: s0 192.168.77.2 2001:db8:1::2 -- lan0 er wan0 -- ed: d0 198.51.100.2 2001:db8:2::2

er has .1 and ::1 on both sides and forwards. All names are this process's own.
"""
import collections
import contextlib
import ctypes
import os
import pathlib
import select
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from polling import DEADLINE, until  # pylint: disable=wrong-import-position

LIBC = ctypes.CDLL(None, use_errno=True)
LEFT4, RIGHT4 = "192.168.77.2", "198.51.100.2"
UNANSWERED = range(4000, 4010)  # ports from which nothing comes back
LEFT6, RIGHT6 = "2001:db8:1::2", "2001:db8:2::2"


class Suite:
    """Verdicts, in the words that check.sh counts; of tests whose sentence has one of the parts."""

    def __init__(self, parts=""):
        self.parts, self.count = parts.split("|"), collections.Counter()

    def run(self, sentence, test):
        """A test passes when it raises nothing; Skip says why it cannot be run here."""
        if not any(part in sentence for part in self.parts):
            return
        try:
            test()
        except Skip as reason:
            self.skip(reason)
        except (AssertionError, OSError, TimeoutError, subprocess.CalledProcessError) as wrong:
            self.count["failed"] += 1
            print(f"FAIL {sentence}: {type(wrong).__name__} {wrong}")
        else:
            self.count["passed"] += 1
            print(f"ok   {sentence}")
        finally:
            for space in list(Namespace.there):
                space.end()
        sys.stdout.flush()

    def skip(self, reason):
        """One test that cannot be run here."""
        self.count["skipped"] += 1
        print(f"SKIP {reason}")

    def end(self):
        """The last line, and the exit status."""
        print(", ".join(f"{self.count[word]} {word}" for word in ("passed", "failed", "skipped")))
        sys.exit(self.count["failed"] != 0)


class Skip(Exception):
    """This machine cannot run the test."""


def same(have, want, what=""):
    """As assert, and says both."""
    assert have == want, f"{what} {have}, not {want}"


# --- namespaces -------------------------------------------------------------------------

def run(*command, check=True, lines=None):
    """What it said; as a string of words or as many. It may read lines."""
    words = command[0].split() if len(command) == 1 else command
    done = subprocess.run(words, check=check, text=True, input=lines, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE if not check else None, timeout=DEADLINE)
    return done.stdout


class Namespace:
    """It ends with the test, or earlier."""
    there = []

    def __init__(self, name):
        self.name = f"nm-{os.getpid()}-{name}"
        run(f"ip netns add {self.name}")
        self.there.append(self)
        self.sockets = []
        self.run("ip link set lo up")

    def end(self):
        """Delete it."""
        for s in self.sockets:
            s.close()                   # they would keep it
        self.there.remove(self)
        run(f"ip netns del {self.name}", check=False)

    def run(self, command, check=True):
        """A command inside; those of iproute2 go there by themselves."""
        program, rest = command.split(" ", 1)
        if program in ("ip", "tc", "bridge"):
            return run(f"{program} -n {self.name} {rest}", check=check)
        return run(f"ip netns exec {self.name} {command}", check=check)

    def ip(self, *commands):
        """Many commands of ip at once: in a virtual machine a program takes long to start."""
        run("ip", "-n", self.name, "-batch", "-", lines="\n".join(commands))

    def write(self, key, value):
        """A setting of the network below /proc/sys/net."""
        with self.inside(), open(f"/proc/sys/net/{key}", "w", encoding="ascii") as file:
            file.write(str(value))

    def use_ipv6(self, on):
        """Without it interfaces say nothing by themselves."""
        if has_ipv6():
            self.write("ipv6/conf/all/disable_ipv6", 0 if on else 1)
            self.write("ipv6/conf/default/disable_ipv6", 0 if on else 1)
            self.write("ipv6/conf/default/router_solicitations", 0)

    def index(self, interface):
        """The number of an interface."""
        with self.inside():
            return socket.if_nametoindex(interface)

    def listen(self, ports):
        """Datagrams to these are taken, so that nobody says that nobody does."""
        for port in ports:
            with self.inside():
                self.sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                self.sockets[-1].bind(("", port))

    @contextlib.contextmanager
    def inside(self):
        """Sockets made here are the namespace's."""
        with open("/proc/self/ns/net", "rb") as back, \
                open(f"/run/netns/{self.name}", "rb") as there:
            _setns(there)
            try:
                yield self
            finally:
                _setns(back)


def _setns(file):
    if LIBC.setns(file.fileno(), 0x40000000):
        raise OSError(ctypes.get_errno(), "setns")


class Router:
    """The three of them."""

    def __init__(self, ipv6=True):
        self.left, self.middle, self.right = (Namespace(name) for name in ("es", "er", "ed"))
        self.ipv6 = ipv6 = ipv6 and has_ipv6()
        for space in (self.left, self.middle, self.right):
            space.use_ipv6(ipv6)
        self.join(self.left, "s0", "lan0", "192.168.77", "2001:db8:1" if ipv6 else "")
        self.join(self.right, "d0", "wan0", "198.51.100", "2001:db8:2" if ipv6 else "")
        for space in (self.left, self.right):
            space.listen(UNANSWERED)
        self.middle.write("ipv4/ip_forward", 1)
        if ipv6:
            self.middle.write("ipv6/conf/all/forwarding", 1)

    def join(self, far, far_name, near_name, net4, net6):
        """A pair of interfaces; .2 is far, .1 here, and the far side's way to everywhere."""
        pair(self.middle, near_name, far, far_name)
        addresses(self.middle, near_name, 1, far, far_name, net4, net6)
        far.run(f"ip route add default via {net4}.1")
        if net6:
            far.run(f"ip -6 route add default via {net6}::1")


def has_ipv6():
    """Has this kernel IPv6? Asking may load its module."""
    try:
        socket.socket(socket.AF_INET6).close()
    except OSError:
        return False
    return True


def mac(name):
    """The address that an interface of this name is given."""
    return "02:" + ":".join(f"{n:02x}" for n in name.encode().ljust(5, b"-")[:5])


def pair(space, name, far, far_name):
    """Two interfaces that are one cable."""
    space.ip(f"link add {name} address {mac(name)} type veth "
             f"peer name {far_name} address {mac(far_name)} netns {far.name}",
             f"link set {name} up")
    far.run(f"ip link set {far_name} up")


def addresses(space, name, host, far, far_name, net4, net6=""):
    """Of both ends, the far one's being .2, and each known to the other: nobody has to ask."""
    for here, own, other, there, at in ((space, name, far_name, host, 2),
                                        (far, far_name, name, 2, host)):
        nets = [(net4 + ".", "/24")] + [(net6 + "::", "/64 nodad")] * bool(net6)
        here.ip(*(line for net, rest in nets for line in (
            f"address add {net}{there}{rest} dev {own}",
            f"neighbour replace {net}{at} lladdr {mac(other)} dev {own} nud permanent")))


# --- traffic ----------------------------------------------------------------------------

def send_udp(space, to, port, sizes, mark=0):
    """A datagram of each size to (address, port)."""
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    with space.inside(), socket.socket(family, socket.SOCK_DGRAM) as s:
        if mark:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
        for size in sizes:
            s.sendto(bytes(size), (to, port))


class Stream:
    """Bytes by TCP, and what the sender counted of it."""

    def __init__(self, client, server, to, size):
        with server.inside():
            listener = socket.create_server((to, 0), family=socket.AF_INET6 if ":" in to
                                            else socket.AF_INET)
        with client.inside():
            sender = socket.socket(listener.family)
        for s in (listener, sender):
            s.settimeout(DEADLINE)
        sender.connect(listener.getsockname()[:2])
        self.port = listener.getsockname()[1]
        receiver, _ = listener.accept()
        receiver.settimeout(DEADLINE)
        reading = threading.Thread(target=self.read, args=(receiver,))
        reading.start()
        sender.sendall(bytes(size))
        sender.shutdown(socket.SHUT_WR)
        same(sender.recv(1), b"", "the far side said")
        reading.join()
        info = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        self.segments, = struct.unpack_from("I", info, 136)     # tcpi_segs_out
        self.bytes, = struct.unpack_from("Q", info, 200)        # tcpi_bytes_sent
        for s in (listener, sender):
            s.close()

    @staticmethod
    def read(receiver):
        """All of it, until the other side ends."""
        with receiver:
            while receiver.recv(1 << 16):
                pass


# --- a source on a stage ------------------------------------------------------------------

class Stage:
    """The program inside a namespace, for as long as the block. `samples` are there afterwards,
    `lines` are what else it said."""

    def __init__(self, space, tool, source, *words):
        self.space, self.command = space, [tool, source, *words]
        self.lines, self.samples, self.rest = [], [], b""
        self.lost, self.process = {}, None

    def __enter__(self):
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.space.name, *self.command],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        self.wait("ready")
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.kill() if kind else self.end()
        self.process.stdout.close()

    def end(self):
        """In order; all that was picked has been told then."""
        self.process.terminate()
        self.read_until(lambda: False)
        self.process.wait(DEADLINE)
        same((self.lines or [""])[-1], "gone", "it ended with")

    def kill(self):
        """As a crash does."""
        self.process.kill()
        self.process.wait(DEADLINE)

    def wait(self, word):
        """Until it says so, once more."""
        count = self.lines.count(word)
        self.read_until(lambda: self.lines.count(word) > count)
        assert self.lines.count(word) > count, f"no {word}, but {self.lines[-1:]}"

    def signal(self, number):
        """To the program itself."""
        self.process.send_signal(number)

    def read_until(self, done):
        """Take lines until it is done or they end."""
        deadline = time.monotonic() + DEADLINE
        while not done():
            ready = select.select([self.process.stdout], [], [], deadline - time.monotonic())[0]
            if not ready:
                raise TimeoutError(f"{self.command}: not in {DEADLINE} s")
            got = os.read(self.process.stdout.fileno(), 1 << 16)
            if not got:
                return
            *whole, self.rest = (self.rest + got).split(b"\n")
            for line in whole:
                self.take(line.decode())

    def take(self, line):
        """One line."""
        word, _, rest = line.partition(" ")
        if word == "sample":
            self.samples.append(Sample(rest))
        elif word == "lost":
            self.lost = {key: int(value) for key, value in (
                pair.split("=") for pair in rest.split())}
        else:
            self.lines.append(line)

    def udp(self, port, **wanted):
        """Samples of datagrams to the port, of those for which all of it holds."""
        return [s for s in self.samples if s.proto == 17 and s.port == port
                and all(getattr(s, key) == value for key, value in wanted.items())]


class Sample:
    """A sample's words as members; numbers are numbers."""

    def __init__(self, line):
        self.tag = self.age_ms = None
        for word in line.split():
            key, _, value = word.partition("=")
            if key not in ("etype", "type", "bytes") and value.lstrip("-").isdigit():
                value = int(value)
            setattr(self, "came" if key == "in" else key, value)
        self.bytes = bytes.fromhex(self.bytes)
        self.port = int(self.ports.split(",")[1])
        self.segments, self.segment_size = (int(n) for n in self.segments.split("/"))

    def __repr__(self):
        return f"<{' '.join(f'{k}={v}' for k, v in vars(self).items() if k != 'bytes')}>"


def possible(suite, tool, source):
    """Has this machine the source? Says once that it has not."""
    space = Namespace("probe")
    answer = say(tool, space, source, "probe")
    space.end()
    if answer != "ok":
        suite.skip(f"no {source} here")
    return answer == "ok"


def say(tool, space, *words):
    """What the program says that ends by itself."""
    return run("ip", "netns", "exec", space.name, tool, *words, check=False).strip()


__all__ = ["DEADLINE", "until"]
