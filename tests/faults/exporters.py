#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Three exporters under load, which know exactly what they sent.

    exporters.py PORT        commands on standard input: `rate N` datagrams a second each (0:
                             silence), `end`; then one line of JSON, records sent by address

NetFlow v5, v9 and IPFIX, each from a loopback address of its own. Every record carries its number
as its packet count, from 0 on, so that none can be missed or stored twice unnoticed. Sequence
numbers are those of the standards: v5 counts records, v9 datagrams, IPFIX (RFC 7011) data records.
Templates are in every datagram: what follows a restart must not depend on older ones.
"""
import json
import select
import socket
import struct
import sys
import time

RECORDS = 20            # in a datagram
TICK = 0.01

# v9 and IPFIX: source and destination address and port, protocol, packets, bytes
FIELDS = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (2, 4), (1, 4))
RECORD = struct.Struct("!IIHHBII")
RECORD5 = struct.Struct("!IIIHHIIIIHHBBBBHHBBH")
TEMPLATE = 256
SOURCE, TARGET = 0xC6336407, 0xCB007109         # 198.51.100.7, 203.0.113.9


def record(number):
    """A record of v9 and IPFIX."""
    return RECORD.pack(SOURCE, TARGET, number & 0xffff, 443, 6, number, number * 100 % 65536 + 40)


def data_set():
    """The template's set, its id left out: 0 in v9, 2 in IPFIX."""
    fields = b"".join(struct.pack("!HH", *field) for field in FIELDS)
    return struct.pack("!HHH", 8 + len(fields), TEMPLATE, len(FIELDS)) + fields


TEMPLATE_BODY = data_set()


def records_set(first):
    """A data set with the records from `first` on, padded to 4 bytes."""
    body = b"".join(record(first + i) for i in range(RECORDS))
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", TEMPLATE, 4 + len(body)) + body


def netflow5(first, _datagrams):
    """A v5 datagram with the records from `first` on."""
    head = struct.pack("!HHIIIIBBH", 5, RECORDS, 100_000, int(time.time()), 0, first, 0, 0, 0)
    return head + b"".join(
        RECORD5.pack(SOURCE, TARGET, 0, 1, 2, first + i, (first + i) * 100 % 65536 + 40, 90_000,
                     95_000, (first + i) & 0xffff, 443, 0, 0, 6, 0, 0, 0, 0, 0, 0)
        for i in range(RECORDS))


def netflow9(first, datagrams):
    """A v9 datagram; its count is that of all records, the template's among them."""
    sets = struct.pack("!H", 0) + TEMPLATE_BODY + records_set(first)
    return struct.pack("!HHIIII", 9, RECORDS + 1, 100_000, int(time.time()), datagrams, 0) + sets


def ipfix(first, _datagrams):
    """An IPFIX message."""
    sets = struct.pack("!H", 2) + TEMPLATE_BODY + records_set(first)
    return struct.pack("!HHIII", 10, 16 + len(sets), int(time.time()), first, 0) + sets


EXPORTERS = {"127.0.0.5": netflow5, "127.0.0.9": netflow9, "127.0.0.10": ipfix}


class Exporter:
    """One address."""

    def __init__(self, address, make, port):
        self.make = make
        self.datagrams = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.target = ("127.0.0.1", port)

    def send(self):
        """One datagram; nobody may be there to take it."""
        self.socket.sendto(self.make(self.datagrams * RECORDS, self.datagrams), self.target)
        self.datagrams += 1


def command():
    """The next line of standard input if there is one, else None."""
    if not select.select([sys.stdin], [], [], 0)[0]:
        return None
    return sys.stdin.readline().split() or ["end"]


def run(exporters):
    """Until `end`. Datagrams of a tick go out together; one that is late is not made up for."""
    rate, due, next_tick = 0, 0.0, time.monotonic()
    while True:
        words = command()
        if words and words[0] == "end":
            return
        if words:
            rate = float(words[1])
        due = due % 1 + rate * TICK
        for _ in range(int(due)):
            for each in exporters:
                each.send()
        next_tick = max(next_tick + TICK, time.monotonic())
        time.sleep(max(0, next_tick - time.monotonic()))


def main():
    """Send, then tell what was sent."""
    exporters = {address: Exporter(address, make, int(sys.argv[1]))
                 for address, make in EXPORTERS.items()}
    run(list(exporters.values()))
    print(json.dumps({address: one.datagrams * RECORDS for address, one in exporters.items()}))


if __name__ == "__main__":
    main()
