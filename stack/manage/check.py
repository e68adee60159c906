# SPDX-License-Identifier: Apache-2.0
"""Compares what agents call acknowledged with batches and rows (stack/sql/check.sql), and looks
whether the sums of their ledgers close (check_sums.sql).
"""
import time

from .migration import SQL

TABLES = {
    "check": ("Agent", "Incarnation", "Worker", "Stream", "Uplink", "BatchesAcknowledged",
              "Batches", "RecordsAcknowledged", "BatchRows", "StoredRows", "Verdict"),
    "check_sums": ("Agent", "Incarnation", "Worker", "Exporters", "Uplinks", "BytesReceived",
                   "RecordsDecoded", "Verdict"),
}


def rows(client, name="check"):
    """What one of the checks finds."""
    return client.rows((SQL / f"{name}.sql").read_text(encoding="utf-8"))


def show(client):
    """Print every row of both; returns whether all are OK."""
    found = settled_rows(client)
    for name, columns in TABLES.items():
        _print(columns, found[name])
    return all_ok(found)


def _print(columns, found):
    table = [columns] + [tuple(str(row[name]) for name in columns) for row in found]
    widths = [max(len(row[i]) for row in table) for i in range(len(columns))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def settled_rows(client):
    """Rows of both checks by name; a difference counts when it lasts.

    A batch reaches its own table and `batches` one after the other, and a look may fall between.
    """
    for _ in range(3):
        found = {name: rows(client, name) for name in TABLES}
        if all_ok(found):
            break
        time.sleep(1)
    return found


def all_ok(found):
    """Whether nothing differs."""
    return all(row["Verdict"].startswith("OK") for some in found.values() for row in some)
