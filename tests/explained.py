#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what decode --explain says against the bytes of the capture.

    explained.py CAPTURE.pcap < EXPLANATION

Every number that it prints as hexadecimal must stand at its offset in the datagram; sets, samples
and records must have the numbers and lengths that are there, fields of a record follow each other
with nothing but their lengths between them, and the bytes that are accounted for add up to the datagram. The capture is read here
with nothing but its formats: pcap, Ethernet, IP, UDP.
"""
import re
import struct
import sys

SHOWN = 32                  # bytes in hexadecimal
VALUE = re.compile(r"@(\d+) .*?(\d+) bytes: ([0-9a-f]*)(\.\.\.)?(?: |,|$)")
NUMBER = re.compile(r"@(\d+) ([0-9a-f]+) = ")       # of NetFlow v5
SET = re.compile(r"  @(\d+) set (\d+): (\d+) bytes")
FRAME = re.compile(r" +@(\d+) (?:sample|record) (\d+):(\d+) .*?, (\d+) bytes")
BYTES = re.compile(r"Bytes(\w+) (\d+)")


def datagrams(path):
    """UDP payloads of a capture."""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + size]
        yield frame[14 + 8 + (20 if frame[12:14] == b"\x08\x00" else 40):]
        at += 16 + size


class Explained:
    """The explanation of one datagram, checked line by line."""

    def __init__(self, payload):
        self.payload = payload
        self.end = None     # of the field before, in a record
        self.checked = 0

    def same(self, at, want, line):
        """These bytes are there."""
        have = self.payload[at:at + len(want)]
        assert have == want, f"{have.hex()} at {at}: {line}"
        self.checked += 1

    def value(self, match, line):
        """A field, or bytes that nobody reads."""
        at, length, digits = int(match[1]), int(match[2]), match[3]
        want = bytes.fromhex(digits)
        assert len(want) == min(length, SHOWN) and bool(match[4]) == (length > SHOWN), line
        if line.startswith("      @"):
            gap = self.payload[self.end or at:at].lstrip(b"\0")     # of empty fields
            assert len(gap) in (0, 1, 3) and (self.end or at) <= at, f"a gap before {at}: {line}"
            self.end = at + length
        self.same(at, want, line)

    def line(self, line):
        """Whatever the line is."""
        if not line.startswith("      @"):
            self.end = None
        if match := SET.match(line):
            at, number, length = map(int, match.groups())
            self.same(at, struct.pack(">HH", number, length), line)
        elif match := FRAME.match(line):
            at, enterprise, number, length = map(int, match.groups())
            self.same(at, struct.pack(">II", enterprise << 12 | number, length), line)
        elif match := NUMBER.search(line):
            self.same(int(match[1]), bytes.fromhex(match[2]), line)
        elif match := VALUE.search(line):
            self.value(match, line)
        elif line.startswith("  in all:"):
            counted = {name: int(n) for name, n in BYTES.findall(line)}
            assert counted.pop("Received", 0) == len(self.payload), line


def main():
    """Check all datagrams; says how many bytes' places were held against the capture."""
    payloads = list(datagrams(sys.argv[1]))
    explained = []
    for line in sys.stdin.read().splitlines():
        if line.startswith("datagram "):
            explained.append(Explained(payloads[len(explained)]))
            assert f" {len(explained[-1].payload)} bytes, " in line, line
        explained[-1].line(line)
    assert len(explained) == len(payloads), "not all datagrams are explained"
    print(sum(one.checked for one in explained))


if __name__ == "__main__":
    main()
