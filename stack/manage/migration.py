# SPDX-License-Identifier: Apache-2.0
"""Creating and changing the tables.

Stored tables change only by numbered migrations, each applied once and remembered in
netmeta.migrations; one that was changed afterwards is an error. What keeps no data follows its
file: the *_in tables get the columns they lack, views are given their new query. In this order
nothing that arrives meanwhile is lost: stored columns first, then those of *_in, then views.
"""
import hashlib
import re

from .layout import StackError
from .views import SQL, STREAMS, statements, view_statements

PREPARE = [
    "CREATE DATABASE IF NOT EXISTS netmeta ENGINE = Atomic",
    """CREATE TABLE IF NOT EXISTS netmeta.migrations (
	Version UInt32, Name String, Hash String, Applied DateTime('UTC') DEFAULT now('UTC')
) ENGINE = MergeTree ORDER BY Version""",
    """CREATE TABLE IF NOT EXISTS netmeta.view_versions (
	Name String, Hash String, Applied DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (Name, Applied)""",
]

VIEW = re.compile(r"CREATE (MATERIALIZED )?VIEW netmeta\.(\w+).*?\bAS\n((?:WITH|SELECT)\b.*)", re.S)


class Migrator:
    """Applies statements to one server, or only prints them."""

    def __init__(self, client, dry_run):
        self.client = client
        self.dry_run = dry_run
        self.changes = 0

    def apply(self, statement):
        """Run one statement."""
        self.changes += 1
        if self.dry_run:
            print(statement.strip() + ";")
        else:
            self.client.execute(statement)

    def known(self, query):
        """Rows of our own tables; none as long as a dry run has not made them."""
        tables = self.client.rows("SELECT name FROM system.tables WHERE database = 'netmeta'")
        return self.client.rows(query) if {"name": "view_versions"} in tables else []


def migrate(client, dry_run=False):
    """Bring a server's tables up to date and say what was done."""
    migrator = Migrator(client, dry_run)
    if not migrator.known("SELECT 1"):
        for statement in PREPARE:
            migrator.apply(statement)
    _run_migrations(migrator)
    for stream in STREAMS:
        _provide_in_table(migrator, stream)
    for statement in view_statements():
        _provide_view(migrator, statement)
    if not dry_run:
        client.execute("SYSTEM DROP FORMAT SCHEMA CACHE FOR Protobuf")
        print(f"  TABLES  {migrator.changes or 'no'} changes")


def version_of(path):
    """The number at the start of a migration's name."""
    return int(path.name.partition("_")[0])


def _run_migrations(migrator):
    applied = {row["Version"]: row["Hash"]
               for row in migrator.known("SELECT Version, Hash FROM netmeta.migrations")}
    paths = sorted((SQL / "migrations").glob("*.sql"))
    if len({version_of(path) for path in paths}) < len(paths):
        raise StackError("two migrations have the same number")
    for path in paths:
        digest, version = _hash(path.read_text(encoding="utf-8")), version_of(path)
        if version in applied:
            if applied[version] != digest:
                raise StackError(f"{path.name} was changed after it was applied: "
                                 "undo that, and put the change into a new migration")
            continue
        for statement in statements(path):
            migrator.apply(statement)
        migrator.apply("INSERT INTO netmeta.migrations (Version, Name, Hash) "
                       f"VALUES ({version}, '{path.stem}', '{digest}')")


def _provide_in_table(migrator, stream):
    (statement,) = statements(SQL / f"{stream}_in.sql")
    wanted = _columns(statement)
    existing = {row["name"]: row["type"] for row in migrator.client.rows(
        "SELECT name, type FROM system.columns "
        f"WHERE database = 'netmeta' AND table = '{stream}_in'")}
    if not existing:
        migrator.apply(statement)
        return
    alter, place = f"ALTER TABLE netmeta.{stream}_in", "FIRST"
    for name, definition in wanted.items():
        if name not in existing:
            migrator.apply(f"{alter} ADD COLUMN {name} {definition} {place}")
        elif existing[name] != _type(definition):
            migrator.apply(f"{alter} MODIFY COLUMN {name} {definition}")
        place = f"AFTER {name}"


def _columns(statement):
    """Column -> definition, of a CREATE TABLE statement with one column a line."""
    return dict(re.findall(r"^\t(\w+) (.*?),?$", statement, re.M))


def _type(definition):
    return re.split(r" (?:DEFAULT|MATERIALIZED) ", definition)[0]


def _provide_view(migrator, statement):
    keeps, name, query = VIEW.match(statement).groups()
    digest = _hash(statement)
    versions = migrator.known("SELECT Hash FROM netmeta.view_versions "
                              f"WHERE Name = '{name}' ORDER BY Applied DESC LIMIT 1")
    if versions and versions[0]["Hash"] == digest:
        return
    if not keeps:
        migrator.apply(statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
    elif versions:
        migrator.apply(f"ALTER TABLE netmeta.{name} MODIFY QUERY\n{query}")
    else:
        migrator.apply(statement.replace("VIEW netmeta", "VIEW IF NOT EXISTS netmeta", 1))
    migrator.apply("INSERT INTO netmeta.view_versions (Name, Hash) "
                   f"VALUES ('{name}', '{digest}')")


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()
