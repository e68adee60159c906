#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Traffic for the demo: real connections of a few services, at bounded rates.

    traffic.py serve ADDRESS...
    traffic.py use SEED ADDRESS... to ADDRESS...

Every session has a source of ours and a target of theirs of the same family, a service and a size,
drawn at random with a fixed seed. How many begin rises and falls slowly, so that a chart of it has
a shape. A session that fails is left: the network may be going down.
"""
import asyncio
import contextlib
import math
import random
import socket
import struct
import sys
import time

TCP_PORTS = (22, 25, 80, 443, 8080)
UDP_PORTS = (53, 123, 443)
CHUNK = 16384
MOST_SESSIONS = 60
SESSION_SECONDS = 20
SESSIONS_PER_SECOND = 14
WAVE_SECONDS = 25

# Service: weight, transport, port, bytes up, bytes down, bytes per second. Of the bytes, a session
# takes a part that is mostly small.
SERVICES = (
    (30, "udp", 53, 60, 180, 1e6),
    (4, "udp", 123, 48, 48, 1e6),
    (6, "udp", 443, 2_000, 400_000, 3e5),
    (10, "tcp", 80, 400, 300_000, 5e5),
    (30, "tcp", 443, 1_500, 900_000, 5e5),
    (4, "tcp", 8080, 600, 3_000_000, 9e5),
    (4, "tcp", 25, 200_000, 500, 3e5),
    (2, "tcp", 22, 4_000, 9_000, 3e3),
    (6, "icmp", 0, 56, 56, 1e6),
)


# --- servers -----------------------------------------------------------------------------------
async def answer(reader, writer):
    """A line `UP DOWN RATE`, then UP bytes in; DOWN bytes go out."""
    with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
        up, down, rate = map(int, (await reader.readline()).split())
        while up > 0:
            up -= len(await reader.readexactly(min(up, CHUNK)))
        await send(writer, down, rate)
    await close(writer)


async def send(writer, size, rate):
    """So many bytes, at most at that rate per second."""
    while size > 0:
        part = min(size, CHUNK)
        writer.write(bytes(part))
        await writer.drain()
        await asyncio.sleep(part / rate)
        size -= part


async def close(writer):
    """Close, whatever the other side did."""
    with contextlib.suppress(OSError):
        writer.close()
        await writer.wait_closed()


class Datagrams(asyncio.DatagramProtocol):
    """A datagram says how many bytes of answer it wants."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        (size,) = struct.unpack_from("!H", data)
        self.transport.sendto(bytes(size), addr)


async def serve(addresses):
    """All services on all addresses, for ever."""
    loop = asyncio.get_running_loop()
    for address in addresses:
        for port in TCP_PORTS:
            await asyncio.start_server(answer, address, port)
        for port in UDP_PORTS:
            await loop.create_datagram_endpoint(Datagrams, local_addr=(address, port))
    print("serving", flush=True)
    await asyncio.Event().wait()


# --- clients -----------------------------------------------------------------------------------
async def tcp(source, target, port, up, down, rate):
    """One connection."""
    reader, writer = await asyncio.open_connection(target, port, local_addr=(source, 0))
    writer.write(f"{up} {down} {rate}\n".encode())
    await send(writer, up, rate)
    while await reader.read(CHUNK):
        pass
    await close(writer)


async def udp(source, target, port, up, down, rate):
    """Questions, each with one answer of at most 1,200 bytes."""
    loop = asyncio.get_running_loop()
    with udp_socket(source, target, port) as connection:
        while down > 0:
            part = min(down, 1200)
            await loop.sock_sendall(connection, struct.pack("!H", part).ljust(min(up, 1200), b"\0"))
            await loop.sock_recv(connection, 2048)
            await asyncio.sleep(part / rate)
            down -= part


def udp_socket(source, target, port):
    """A socket between two addresses that does not block."""
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_DGRAM)
    connection.setblocking(False)
    connection.bind((source, 0))
    connection.connect((target, port))
    return connection


async def icmp(source, target, _port, up, _down, _rate):
    """Three echo requests; their answers are the kernel's."""
    six = ":" in source
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    family = socket.AF_INET6 if six else socket.AF_INET
    with socket.socket(family, socket.SOCK_RAW, protocol) as connection:
        connection.bind((source, 0))
        for sequence in range(3):
            head = struct.pack("!BBHHH", 128 if six else 8, 0, 0, 1, sequence)
            message = head + bytes(up)
            checksum = 0 if six else internet_checksum(message)     # ICMPv6: the kernel's work
            message = message[:2] + struct.pack("!H", checksum) + message[4:]
            connection.sendto(message, (target, 0))
            await asyncio.sleep(0.3)


def internet_checksum(data):
    """RFC 1071."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


TRANSPORTS = {"tcp": tcp, "udp": udp, "icmp": icmp}


def draw(chance, sources, targets):
    """A session: whose, with whom, what, how much. Those in front are drawn more often."""
    source = favourite(chance, sources)
    target = favourite(chance, [one for one in targets if (":" in one) == (":" in source)])
    service = chance.choices(SERVICES, [one[0] for one in SERVICES])[0]
    _weight, transport, port, up, down, rate = service
    part = chance.random() ** 2 if down > 1000 or up > 10_000 else 1
    return TRANSPORTS[transport], (source, target, port, max(int(up * part), 48),
                                   max(int(down * part), 48), int(rate))


def favourite(chance, addresses):
    """One of them."""
    return chance.choices(addresses, [1 / (rank + 1) for rank in range(len(addresses))])[0]


async def session(transport, words):
    """Until it is done, or has taken too long, or fails."""
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(transport(*words), SESSION_SECONDS)


async def use(seed, sources, targets):
    """Sessions, for ever."""
    chance = random.Random(seed)
    running = set()
    while True:
        height = 1 + 0.7 * math.sin(2 * math.pi * (time.monotonic() / WAVE_SECONDS + seed / 12))
        await asyncio.sleep(chance.expovariate(SESSIONS_PER_SECOND * height))
        if len(running) < MOST_SESSIONS:
            task = asyncio.create_task(session(*draw(chance, sources, targets)))
            running.add(task)
            task.add_done_callback(running.discard)


def main():
    """By the first word."""
    verb, *words = sys.argv[1:]
    if verb == "serve":
        asyncio.run(serve(words))
    else:
        middle = words.index("to")
        asyncio.run(use(int(words[0]), words[1:middle], words[middle + 1:]))


if __name__ == "__main__":
    main()
