# SPDX-License-Identifier: Apache-2.0
"""Compares what agents call acknowledged with batches and rows: stack/sql/check.sql."""
import time

from .migration import SQL

COLUMNS = ("Agent", "Incarnation", "Worker", "Stream", "Uplink", "BatchesAcknowledged", "Batches",
           "RecordsAcknowledged", "BatchRows", "StoredRows", "Verdict")


def rows(client):
    """One row per agent, incarnation, worker, stream and uplink."""
    return client.rows((SQL / "check.sql").read_text(encoding="utf-8"))


def show(client):
    """Print every row; returns whether all are OK."""
    found = settled_rows(client)
    table = [COLUMNS] + [tuple(str(row[name]) for name in COLUMNS) for row in found]
    widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return all_ok(found)


def settled_rows(client):
    """Like rows(); a difference counts when it lasts.

    A batch reaches its own table and `batches` one after the other, and a look may fall between.
    """
    for _ in range(3):
        found = rows(client)
        if all_ok(found):
            break
        time.sleep(1)
    return found


def all_ok(found):
    """Whether nothing differs."""
    return all(row["Verdict"].startswith("OK") for row in found)
