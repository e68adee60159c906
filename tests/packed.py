#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compressed bodies, read by programs that are not ours: lz4, and Python's gzip

Every size at a boundary of pieces and blocks, bytes that shrink and bytes that do not; each body
comes out the same twice, in chunks of which only the last is empty.
"""
import gzip
import os
import pathlib
import random
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
CHUNK = 32768
TOOL = pathlib.Path(os.environ.get("O", SOURCE / "build" / "native")) / "tests" / "packed"
CASES = {
    "one byte": [1], "two bytes": [2], "twelve bytes, the least that LZ4 packs": [12, 13, 14],
    "one piece": [500], "a full chunk": [CHUNK], "a chunk but a byte": [CHUNK - 1],
    "many full chunks": [CHUNK] * 16, "chunks and a byte": [CHUNK, CHUNK, 1],
    "a byte, then chunks": [1, CHUNK, CHUNK], "pieces of every size": list(range(1, 60)),
    "as many pieces as a segment has": [CHUNK] * 72,
    "a piece longer than a chunk": [CHUNK * 2 + 1, 7],
}


def dechunked(data):
    """The body behind HTTP's chunks (RFC 9112, 7.1); raises unless it ends where they end."""
    body, at = b"", 0
    while True:
        line = data.index(b"\r\n", at)
        size = int(data[at:line], 16)
        at = line + 2 + size
        body += data[line + 2:at]
        if data[at:at + 2] != b"\r\n":
            raise ValueError("no line's end behind a chunk")
        at += 2
        if not size:
            if at != len(data):
                raise ValueError("something behind the last chunk")
            return body


def packed(word, sizes, data):
    """What goes over the wire."""
    return subprocess.run([TOOL, word, *map(str, sizes)], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def unpacked(word, body):
    """By somebody else's program."""
    if word == "gzip":
        return gzip.decompress(body)
    return subprocess.run(["lz4", "-dc"], input=body, check=True, stdout=subprocess.PIPE).stdout


def main():
    """Run them all."""
    subprocess.run([SOURCE / "scripts" / "apt.sh", "build", "lz4"], check=True)
    subprocess.run(["make", "-s", "-C", SOURCE, f"O={TOOL.parent.parent}", TOOL], check=True,
                   stdout=subprocess.DEVNULL)
    chance = random.Random(4)
    passed = failed = 0
    for word in ("lz4", "gzip"):
        for name, sizes in CASES.items():
            length = sum(sizes)
            record = chance.randbytes(90)
            kinds = {"equal bytes": b"x" * length, "random bytes": chance.randbytes(length),
                     "records": b"".join(record + chance.randbytes(9) for _ in
                                         range(length // 99 + 1))[:length]}
            for kind, data in kinds.items():
                wire = packed(word, sizes, data)
                good = unpacked(word, dechunked(wire)) == data
                good = good and packed(word, sizes, data) == wire
                good = good and len(wire) < length + 30 * (len(sizes) + length // CHUNK + 2)
                passed, failed = passed + good, failed + (not good)
                print("ok  " if good else "FAIL", f"{word}: {kind}, {name}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
