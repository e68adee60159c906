#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From the first version, with rows in it, to the newest: nothing is lost, what its agents send
still arrives, and the tables become those of a new installation. past/ is the first version.
"""
import hashlib
import re
import sys

from schema import RoundTrip, value_from_tag
from stack import MESSAGES, SOURCE, Stack, Suite, new_incarnation
from manage.migration import version_of

PAST = SOURCE / "tests" / "stack" / "past"
FIRST = SOURCE / "stack" / "sql" / "migrations" / "001_tables.sql"
STREAMS = ("flows", "ledger", "events")         # of the first version
# What differs when the same body comes in again.
COMING = {"TimeReceivedNs", "TimeClamped", "Agent", "Incarnation", "Worker", "IngestUser"}


class Migration:
    """The tests, in the order in which they stand: each goes on where the last one ended."""

    def __init__(self, suite, stack):
        self.suite, self.stack, self.admin = suite, stack, stack.plain()
        self.new = self.shape()
        self.first_batches = {}
        self.columns = {}
        self.before = {}
        self.printed = []

    def run(self):
        """All of them."""
        self.go_back()
        self.test_dry_run()
        self.test_migrate()
        self.test_bodies()
        self.test_again()

    def shape(self):
        """Everything there is, as the server would create it."""
        rows = self.admin.rows("SELECT name, create_table_query FROM system.tables "
                               "WHERE database = 'netmeta' ORDER BY name")
        return {row["name"]: row["create_table_query"] for row in rows}

    def go_back(self):
        """To the first version, with rows."""
        self.admin.execute("DROP DATABASE netmeta SYNC")
        for statement in ("CREATE DATABASE netmeta ENGINE = Atomic",
                          "CREATE TABLE netmeta.migrations (Version UInt32, Name String, "
                          "Hash String, Applied DateTime('UTC') DEFAULT now('UTC')) "
                          "ENGINE = MergeTree ORDER BY Version",
                          "CREATE TABLE netmeta.view_versions (Name String, Hash String, "
                          "Applied DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) "
                          "ENGINE = MergeTree ORDER BY (Name, Applied)",
                          *parts(FIRST.read_text()), *parts((PAST / "001.sql").read_text())):
            self.admin.execute(statement)
        self.admin.execute(
            "INSERT INTO netmeta.migrations (Version, Name, Hash) SELECT 1, '001_tables', "
            "'89ef092fa61020a2fa9b9fdec63af6996e624496e158c99fb712ef973bfbfa0a'")
        for stream in STREAMS:
            self.first_batches[stream] = self.post(stream)
            self.columns[stream] = [row["name"] for row in self.admin.rows(
                "SELECT name FROM system.columns WHERE database = 'netmeta' "
                f"AND table = '{stream}' AND default_kind = ''")]
            self.before[stream] = self.rows(stream, self.first_batches[stream])

    def post(self, stream):
        """The recorded body, as a batch of its own; returns the batch's incarnation."""
        incarnation = new_incarnation()
        self.stack.post_body(f"past-{incarnation}-0-{stream}-1",
                             (PAST / f"001-{stream}.bin").read_bytes(), self.admin)
        return incarnation

    def rows(self, stream, incarnation, leave_out=frozenset()):
        """A batch's rows, in the columns of the first version."""
        names = [name for name in self.columns[stream] if name not in leave_out]
        found = self.admin.rows(f"SELECT {', '.join(names)} FROM netmeta.{stream} "
                                f"WHERE Incarnation = '{incarnation}'")
        return sorted(map(str, found))

    def test_dry_run(self):
        """It says what it would do, and does none of it."""
        past = self.shape()
        self.printed = parts(self.stack.command("migrate", "--dry-run"))
        self.suite.check("migrate --dry-run prints statements for each later migration", all(
            any(f"VALUES ({number}, " in statement for statement in self.printed)
            for number in range(2, 1 + len(list(FIRST.parent.glob("*.sql"))))), self.printed)
        self.suite.equal("migrate --dry-run changes nothing", self.shape(), past)

    def test_migrate(self):
        """From the first version to the newest at once."""
        said = self.stack.command("migrate")
        self.suite.check("migrate does as much as it printed",
                         f"TABLES  {len(self.printed)} changes" in said, said)
        self.suite.equal("tables and views are those of a new installation", self.shape(), self.new)
        for stream in STREAMS:
            self.suite.equal(f"no row of {stream} is lost or changed",
                             self.rows(stream, self.first_batches[stream]), self.before[stream])
        self.suite.check("there were rows", all(self.before.values()), self.before)
        self.suite.equal("what is known of the batches is kept", self.admin.rows(
            "SELECT Stream, Rows FROM netmeta.batches ORDER BY Stream"),
            [{"Stream": stream, "Rows": len(self.before[stream])} for stream in sorted(STREAMS)])

    def test_bodies(self):
        """Agents of then and of now."""
        for stream in STREAMS:
            self.suite.equal(
                f"what an agent of the first version sends to {stream} arrives as it did then",
                self.rows(stream, self.post(stream), COMING),
                self.rows(stream, self.first_batches[stream], COMING))
        trip = RoundTrip(self.stack)
        for stream in MESSAGES:
            self.suite.equal(f"every field of today reaches its column of {stream}",
                             trip.differences(stream, value_from_tag), {})

    def test_again(self):
        """A migration may be broken off anywhere, and begun anew."""
        self.suite.check("migrate a second time changes nothing",
                         "TABLES  no changes" in self.stack.command("migrate"))
        self.go_back()
        for path in sorted(FIRST.parent.glob("*.sql"))[1:]:
            self.apply_twice(path)
            if path.stem == "002_streams":
                self.admin.execute("INSERT INTO netmeta.names (TimeReceivedNs, Kind, Id, Name) "
                                   "VALUES (now64(9), 'NAME_INTERFACE', 7, 'eth7')")
        self.stack.command("migrate")
        self.suite.equal("every migration may be applied twice", self.shape(), self.new)
        for stream in STREAMS:
            self.suite.equal(f"and {stream} has its rows",
                             self.rows(stream, self.first_batches[stream]), self.before[stream])
        self.suite.equal("names that came before names_last are in it", self.admin.rows(
            "SELECT Name FROM netmeta.names_last WHERE Id = 7"), [{"Name": "eth7"}])

    def apply_twice(self, path):
        """One migration, and remember it."""
        text = path.read_text(encoding="utf-8")
        for statement in parts(text) * 2:
            self.admin.execute(statement)
        self.admin.execute(
            f"INSERT INTO netmeta.migrations (Version, Name, Hash) VALUES ({version_of(path)}, "
            f"'{path.stem}', '{hashlib.sha256(text.encode()).hexdigest()}')")


def parts(text):
    """The statements of a text."""
    bare = re.sub(r"^--.*\n", "", text, flags=re.M)
    return [part.strip().rstrip(";") for part in bare.split(";\n") if part.strip()]


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        Migration(suite, stack).run()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
