# SPDX-License-Identifier: Apache-2.0
"""What the tests of the central stack share: a stack of their own, messages, and the last line.

Messages are encoded by Google's Python library from the .proto itself, so that neither nanopb nor
our own generator can hide an error of theirs.
"""
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(SOURCE / "stack"))
# pylint: disable=wrong-import-position
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal.encoder import _VarintBytes

from manage.client import Client, ClickHouseError

STILL_RUNNING = 216     # a query's id is free a moment after its answer
MESSAGES = {"flows": "FlowMessage", "drops": "FlowMessage", "counters": "CounterMessage",
            "names": "NameMessage", "interfaces": "InterfaceMessage",
            "ledger": "LedgerMessage", "events": "EventMessage"}


class Suite:
    """Counts tests; every name is a sentence."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, holds, detail=""):
        """One test."""
        if holds:
            self.passed += 1
            print(f"ok   {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}: {detail}", flush=True)

    def equal(self, name, found, wanted):
        """One test that compares."""
        self.check(name, found == wanted, f"found {found!r}, wanted {wanted!r}")

    def refused(self, name, codes, action):
        """One test that expects a ClickHouse error of this code, or of one of these."""
        codes = codes if isinstance(codes, tuple) else (codes,)
        try:
            action()
            self.check(name, False, "it was allowed")
        except ClickHouseError as error:
            self.check(name, error.code in codes, f"code {error.code}: {error}")

    def finish(self):
        """Print the last line and leave."""
        print(f"{self.passed} passed, {self.failed} failed, 0 skipped")
        sys.exit(1 if self.failed else 0)


class Stack:
    """A stack in a folder of its own, gone without a trace at the end."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="netmeta-test-"))
        self.home = self.folder / "stack"
        self.authority = self.home / "tls" / "ca.pem"
        self.https_port, self.http_port = free_ports(2)

    def __enter__(self):
        try:
            self.command("up", "--https-port", str(self.https_port),
                         "--http-port", str(self.http_port))
        except RuntimeError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if (self.home / "settings.json").exists():
            self.command("down", "--delete")
        shutil.rmtree(self.folder)

    def command(self, verb, *words, tree=SOURCE):
        """Run netmeta-stack on this stack; returns what it printed."""
        program = tree / "stack" / "netmeta-stack"
        result = subprocess.run([program, verb, "--dir", self.home, *words],
                                capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(f"netmeta-stack {verb}: {result.stdout}{result.stderr}")
        return result.stdout

    def password(self, user):
        """A user's password, from its file."""
        return (self.home / "secrets" / f"{user}.password").read_text()

    def plain(self, user="admin"):
        """A client on this machine's own port."""
        return Client(f"http://127.0.0.1:{self.http_port}/", user, self.password(user))

    def tls(self, user, password=None):
        """A client through TLS."""
        return Client(f"https://localhost:{self.https_port}/", user,
                      self.password(user) if password is None else password,
                      self.authority)

    def post(self, batch, messages, client=None, **settings):
        """Insert a batch of messages as an agent does it."""
        self.post_body(batch, delimited(messages), client, **settings)

    def post_body(self, batch, body, client=None, **settings):
        """Insert a batch whose body is known."""
        stream = batch.split("-")[-2]
        settings = {"format_schema": f"netmeta:{MESSAGES[stream]}", "query_id": batch,
                    "insert_deduplication_token": batch, "async_insert": 0,
                    "deduplicate_blocks_in_dependent_materialized_views": 1, **settings}
        settings = {name: value for name, value in settings.items() if value is not None}
        client, deadline = client or self.tls("agent"), time.monotonic() + 10
        while True:
            try:
                client.execute(f"INSERT INTO netmeta.{stream}_in FORMAT Protobuf", body, **settings)
                return
            except ClickHouseError as error:
                if error.code != STILL_RUNNING or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def delimited(messages):
    """Messages as they stand in a body: each behind its length."""
    encoded = [message.SerializeToString() for message in messages]
    return b"".join(_VarintBytes(len(message)) + message for message in encoded)


def message_classes(tree=SOURCE):
    """The messages of a tree's netmeta.proto as Python classes, by name."""
    with tempfile.NamedTemporaryFile() as described:
        subprocess.run(["protoc", "-I", tree / "proto", f"--descriptor_set_out={described.name}",
                        "netmeta.proto"], check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(described.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(f"netmeta.{name}"))
            for name in MESSAGES.values()}


def netmeta():
    """The program under test; made when nobody named one."""
    named = os.environ.get("NETMETA")
    if not named:
        subprocess.run(["make", "-s", "-C", SOURCE], check=True, stdout=subprocess.DEVNULL)
    return pathlib.Path(named or SOURCE / "build" / "native" / "netmeta").resolve()


def new_incarnation():
    """32 hexadecimal digits that no other test uses."""
    return secrets.token_hex(16)


def free_ports(count):
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
