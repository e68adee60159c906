#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an agent may rely on when it posts a batch, and what nobody may do."""
import pathlib
import sys
import time

from stack import MESSAGES, Stack, Suite, delimited, message_classes, new_incarnation
from manage.client import Client

# ClickHouse's exception codes
BAD_LOGIN, NO_RIGHT, NO_SCHEMA, CUT_OFF = 516, 497, 36, 32
ILLEGAL_COLUMN, BEYOND_LIMIT, QUOTA_SPENT = 44, 452, 201


def batch_name(stream, agent="contract-test", worker=0, number=1, incarnation=None):
    """The identity of a batch."""
    return f"{agent}-{incarnation or new_incarnation()}-{worker}-{stream}-{number}"


class Contract:
    """The tests, on one stack."""

    def __init__(self, suite, stack):
        self.suite, self.stack = suite, stack
        self.admin = stack.plain()
        self.classes = message_classes()
        self.flow = self.classes["FlowMessage"]

    def one(self, query):
        """The only value that a query finds."""
        (row,) = self.admin.rows(query)
        (value,) = row.values()
        return value

    def stored(self, stream, batch):
        """How many rows the stored table has of a batch; incarnations are not used twice here."""
        incarnation = batch.split("-")[-4]
        return self.one(f"SELECT count() AS n FROM netmeta.{stream} "
                        f"WHERE Incarnation = '{incarnation}'")

    def test_repeated(self):
        """The same POST again and again."""
        now = time.time_ns()
        classes = self.classes
        bodies = {"flows": [self.flow(TimeReceivedNs=now + i, Bytes=i) for i in range(500)],
                  "drops": [self.flow(TimeReceivedNs=now + i, DropReason=258) for i in range(5)],
                  "counters": [classes["CounterMessage"](TimeReceivedNs=now, Group="generic",
                                                         Counters={"ifInOctets": 7})] * 4,
                  "names": [classes["NameMessage"](TimeReceivedNs=now, Kind=2, Id=i, Name="eth")
                            for i in range(6)],
                  "interfaces": [classes["InterfaceMessage"](TimeReceivedNs=now, IfIndex=i)
                                 for i in range(4)],
                  "ledger": [classes["LedgerMessage"](TimeReceivedNs=now, Kind=1)] * 3,
                  "events": [classes["EventMessage"](Kind=1)] * 2}
        self.suite.equal("every stream is tried", set(bodies), set(MESSAGES))
        for stream, messages in bodies.items():
            batch = batch_name(stream)
            for _ in range(3):
                self.stack.post(batch, messages)
            self.suite.equal(f"three equal POSTs leave one copy in {stream}",
                             self.stored(stream, batch), len(messages))
            found = self.admin.rows("SELECT Rows, Stream, Number, IngestUser FROM netmeta.batches "
                                    f"WHERE Batch = '{batch}'")
            self.suite.equal(f"three equal POSTs to {stream} leave one row in batches", found, [
                {"Rows": len(messages), "Stream": stream, "Number": 1, "IngestUser": "agent"}])
        batch = batch_name("flows")
        self.stack.post(batch, bodies["flows"])
        self.suite.equal("equal rows in a batch of another name are other rows",
                         self.stored("flows", batch), 500)

    def test_identity(self):
        """The parts of a batch's name."""
        incarnation = new_incarnation()
        self.stack.post(batch_name("flows", "a-1-router-0", 3, 77, incarnation), [self.flow()])
        self.suite.equal("an agent's name may hold dashes and digits", self.admin.rows(
            "SELECT Agent, Worker, Stream, Number FROM netmeta.batches "
            f"WHERE Incarnation = '{incarnation}'"),
            [{"Agent": "a-1-router-0", "Worker": 3, "Stream": "flows", "Number": 77}])
        self.stack.post(batch_name("flows"), [self.flow(SequenceNum=4711)],
                        query_id="by-hand-flows-1", insert_deduplication_token=None)
        self.suite.equal(
            "rows of a batch without an agent's name belong to nobody", self.admin.rows(
                "SELECT Agent, Incarnation, Worker, IngestUser FROM netmeta.flows "
                "WHERE SequenceNum = 4711"),
            [{"Agent": "", "Incarnation": "", "Worker": 0, "IngestUser": "agent"}])

    def test_times(self):
        """Which receive time is believed."""
        second = 10**9
        now = time.time_ns()
        cases = {
            "a time within bounds stays": ({"TimeReceivedNs": now}, now, False),
            "whole seconds serve where there are no nanoseconds":
                ({"TimeReceived": now // second}, now // second * second, False),
            "nanoseconds come before seconds":
                ({"TimeReceivedNs": now, "TimeReceived": 1}, now, False),
            "a time long ago becomes 30 days ago, flagged":
                ({"TimeReceivedNs": 1}, now - 30 * 86400 * second, True),
            "a time far ahead becomes an hour ahead, flagged":
                ({"TimeReceivedNs": 2**64 - 1}, now + 3600 * second, True),
            "no time becomes now, flagged": ({}, now, True),
        }
        for name, (fields, wanted, clamped) in cases.items():
            incarnation = new_incarnation()
            self.stack.post(batch_name("flows", incarnation=incarnation), [self.flow(**fields)])
            (row,) = self.admin.rows(
                "SELECT toUnixTimestamp64Nano(TimeReceivedNs) AS ns, TimeClamped AS clamped "
                f"FROM netmeta.flows WHERE Incarnation = '{incarnation}'")
            near = abs(row["ns"] - wanted) <= (120 * second if clamped else 0)
            self.suite.check(name, near and row["clamped"] == clamped, row)

    def test_values(self):
        """Values with a rule of their own."""
        batch = batch_name("flows")
        self.stack.post(batch, [self.flow(Source=200, Type=-1, Proto=17)])
        self.suite.equal(
            "a number without a word becomes UNKNOWN and does not cost the batch",
            self.admin.rows("SELECT toString(Source) AS s, toString(Type) AS t FROM netmeta.flows "
                            f"WHERE Incarnation = '{batch.split('-')[-4]}'"),
            [{"s": "SOURCE_UNKNOWN", "t": "FLOWUNKNOWN"}])
        self.suite.equal("a sampling rate of 0 is stored as 1", self.one(
            f"SELECT SamplingRate FROM netmeta.flows WHERE Incarnation = '{batch.split('-')[-4]}'"),
            1)
        batch = batch_name("flows")
        body = delimited([self.flow(Bytes=1)] * 10)
        self.suite.refused(
            "half a message at the end is refused", CUT_OFF,
            lambda: self.stack.tls("agent").execute(
                "INSERT INTO netmeta.flows_in FORMAT Protobuf", body + b"\x7f\x08",
                format_schema="netmeta:FlowMessage", query_id=batch))
        self.suite.equal("of a refused batch nothing is stored", self.stored("flows", batch), 0)

    def test_agent(self):
        """The rights of an agent."""
        agent, suite = self.stack.tls("agent"), self.suite
        batch = batch_name("events")
        self.stack.post(batch, [self.classes["EventMessage"](Kind=2)])
        suite.equal("an agent can ask what became of a batch", agent.rows(
            f"SELECT Rows FROM batches WHERE Batch = '{batch}'"), [{"Rows": 1}])
        for stream in MESSAGES:
            suite.refused(f"an agent cannot read {stream}", NO_RIGHT,
                          lambda s=stream: agent.execute(f"SELECT count() FROM netmeta.{s}"))
            suite.refused(f"an agent cannot write to {stream} itself", NO_RIGHT,
                          lambda s=stream: agent.execute(
                              f"INSERT INTO netmeta.{s} (TimeReceivedNs) VALUES (1)"))
        suite.refused("an agent cannot say who it is", ILLEGAL_COLUMN, lambda: agent.execute(
            "INSERT INTO netmeta.flows_in (Bytes, IngestUser) VALUES (1, 'somebody')"))
        suite.refused("an agent cannot write to batches", NO_RIGHT, lambda: agent.execute(
            "INSERT INTO netmeta.batches (Batch) VALUES ('x')"))
        suite.refused("an agent cannot drop a table", NO_RIGHT,
                      lambda: agent.execute("DROP TABLE netmeta.flows_in"))
        suite.refused("an insert that names no schema is refused", NO_SCHEMA,
                      lambda: self.stack.post(batch_name("flows"), [self.flow()],
                                              format_schema=None))

    def test_reader(self):
        """The rights of the reader."""
        reader, suite = self.stack.tls("reader"), self.suite
        suite.check("the reader can read flows",
                    reader.rows("SELECT count() AS n FROM flows")[0]["n"] > 0)
        for name, statement in {
                "insert": "INSERT INTO netmeta.flows_in (Bytes) VALUES (1)",
                "delete": "ALTER TABLE netmeta.flows DELETE WHERE 1",
                "create": "CREATE TABLE netmeta.mine (x UInt8) ENGINE = Memory"}.items():
            suite.refused(f"the reader cannot {name}", NO_RIGHT,
                          lambda s=statement: reader.execute(s))
        suite.refused("the reader cannot read the server's files", NO_RIGHT, lambda: reader.execute(
            "SELECT * FROM file('/etc/passwd', 'LineAsString', 'line String')"))
        suite.refused("the reader cannot ask for more time than it may", BEYOND_LIMIT,
                      lambda: reader.execute("SELECT 1", max_execution_time=3600))

    def test_logins(self):
        """Who gets in, and where."""
        suite, stack = self.suite, self.stack
        suite.refused("a wrong password is refused", BAD_LOGIN,
                      lambda: stack.tls("agent", "wrong").execute("SELECT 1"))
        for way, url, ca_file in (
                ("through TLS", f"https://localhost:{stack.https_port}/", stack.authority),
                ("on this machine", f"http://127.0.0.1:{stack.http_port}/", None)):
            nobody = Client(url, "default", "", ca_file)
            for what, statement in {
                    "read a table": "SELECT count() FROM netmeta.flows",
                    "read a file": "SELECT * FROM file('/etc/passwd', 'LineAsString', 'l String')",
                    "stop the server": "SYSTEM STOP LISTEN HTTP"}.items():
                suite.refused(f"the user without a password cannot {what} {way}",
                              (NO_RIGHT, QUOTA_SPENT), lambda c=nobody, s=statement: c.execute(s))

    def test_secrets(self):
        """Where passwords can be seen."""
        secrets = [self.stack.password(user).encode() for user in ("admin", "agent", "reader")]
        command_lines = b"".join(map(_content, pathlib.Path("/proc").glob("[0-9]*/cmdline")))
        logs = b"".join(_content(path) for path in (self.stack.home / "log").iterdir())
        config = b"".join(_content(path) for path in (self.stack.home / "config").iterdir())
        for place, content in (("command line", command_lines), ("log", logs),
                               ("configuration", config)):
            self.suite.check(f"no password stands in a {place}",
                             not any(secret in content for secret in secrets))
        loose = [str(path) for path in (self.stack.home / "secrets").iterdir()
                 if path.stat().st_mode & 0o077]
        self.suite.equal("secrets can be read by their owner only", loose, [])


def _content(path):
    try:
        return path.read_bytes()
    except OSError:             # a process that ended meanwhile
        return b""


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        contract = Contract(suite, stack)
        for name in [name for name in dir(contract) if name.startswith("test_")]:
            getattr(contract, name)()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
