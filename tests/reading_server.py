# SPDX-License-Identifier: Apache-2.0
"""A server that takes every batch as ClickHouse does, and reads the records itself.

Fields are known by their tags in proto/netmeta.proto; only numbers and bytes are read.
"""
import http.server
import re
import threading
import urllib.parse


def varint(data, at):
    """(value, behind it)"""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7f) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def fields(record):
    """Numbers and bytes of a message by their tags; of a list the last."""
    found, at = {}, 0
    while at < len(record):
        key, at = varint(record, at)
        if key & 7 == 0:
            found[key >> 3], at = varint(record, at)
        elif key & 7 == 2:
            length, at = varint(record, at)
            found[key >> 3] = record[at:at + length]
            at += length
        else:
            at += {1: 8, 5: 4}[key & 7]
    return found


class Server(http.server.ThreadingHTTPServer):
    """Takes everything; keeps the records of some streams."""
    daemon_threads = True

    def __init__(self, streams=("flows",)):
        super().__init__(("127.0.0.1", 0), Taker)
        self.kept, self.batches = {stream: [] for stream in streams}, set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """Who is killed does not wait for the answer."""

    def keep(self, batch, stream, body):
        """Records with their lengths before them."""
        self.batches.add(batch)
        at = 0
        while stream in self.kept and at < len(body):
            length, at = varint(body, at)
            self.kept[stream].append(fields(body[at:at + length]))
            at += length

    def take(self, stream="flows"):
        """What came since the last call."""
        taken, self.kept[stream] = self.kept[stream], []
        return taken


class Taker(http.server.BaseHTTPRequestHandler):
    """One request."""
    protocol_version = "HTTP/1.1"

    def asked(self, name):
        """A parameter of the request."""
        query = urllib.parse.urlsplit(self.path).query
        return urllib.parse.parse_qs(query).get(name, [""])[0]

    def answer(self, batch, body=b""):
        """As ClickHouse does."""
        self.send_response(200)
        self.send_header("X-ClickHouse-Query-Id", batch)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):      # pylint: disable=invalid-name
        """A batch."""
        batch, body = self.asked("query_id"), self.rfile.read(int(self.headers["Content-Length"]))
        stream = re.search(r"INSERT INTO (\w+)_in", self.asked("query"))
        self.server.keep(batch, stream.group(1) if stream else "", body)
        self.answer(batch)

    def do_GET(self):       # pylint: disable=invalid-name
        """A question: was this batch stored?"""
        batch = re.search("Batch = '([^']*)'", self.asked("query")).group(1)
        self.answer("question", b"1\t1\n" if batch in self.server.batches else b"0\t0\n")

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Says nothing."""
