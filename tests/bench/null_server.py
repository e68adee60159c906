#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A server that calls every batch stored and keeps nothing

    null_server.py CERTIFICATE KEY client|server

It speaks TLS on a free port of 127.0.0.1, which is the first line of its output. The cipher is
the first of the client's list, or the first of OpenSSL's own, which is AES-256-GCM. SIGTERM ends
it with a last line: the batches, the bytes of their bodies and the cipher, as JSON.
"""
import json
import signal
import socket
import ssl
import sys
import threading
import urllib.parse

ROOM = 1 << 18


class Connection:
    """One client, request after request."""

    def __init__(self, stream, counts):
        self.stream, self.counts = stream, counts
        self.room = memoryview(bytearray(ROOM))
        self.kept = b""

    def _more(self):
        size = self.stream.recv_into(self.room)
        if not size:
            raise EOFError
        return size

    def _until(self, mark):
        """What stands before the mark."""
        while mark not in self.kept:
            size = self._more()
            self.kept += self.room[:size].tobytes()
        found, _, self.kept = self.kept.partition(mark)
        return found

    def _skip(self, size):
        """So many bytes are the body's."""
        self.counts["bytes"] += size
        size -= (taken := min(size, len(self.kept)))
        self.kept = self.kept[taken:]
        while size > 0:
            got = self._more()
            if got > size:
                self.kept = self.room[size:got].tobytes()
            size -= got

    def _skip_chunks(self):
        while size := int(self._until(b"\r\n"), 16):
            self._skip(size)
            self._until(b"\r\n")
        self._until(b"\r\n")

    def request(self):
        """One request and its answer."""
        line, *headers = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        named = dict(one.lower().split(": ", 1) for one in headers)
        if named.get("transfer-encoding") == "chunked":
            self._skip_chunks()
        else:
            self._skip(int(named.get("content-length", 0)))
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(line.split()[1]).query)
        self.counts["batches"] += 1
        self.stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-ClickHouse-Query-Id: " +
                            query["query_id"][0].encode() + b"\r\n\r\n")


def serve(raw, made, counts):
    """All requests of a client."""
    try:
        with made.wrap_socket(raw, server_side=True) as stream:
            counts["cipher"] = stream.cipher()[0]
            connection = Connection(stream, counts)
            while True:
                connection.request()
    except (EOFError, OSError):
        pass


def main():
    """Run it."""
    certificate, key, order = sys.argv[1:]
    counts = {"batches": 0, "bytes": 0, "cipher": ""}
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    if order == "client":
        made.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    listener = socket.create_server(("127.0.0.1", 0))

    def end(*_):
        print(json.dumps(counts), flush=True)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, made, counts), daemon=True).start()


if __name__ == "__main__":
    main()
