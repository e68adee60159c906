# SPDX-License-Identifier: Apache-2.0
"""Compares what agents call acknowledged with batches and rows: stack/sql/check.sql."""
from .migration import SQL

COLUMNS = ("Agent", "Incarnation", "Worker", "Stream", "Uplink", "BatchesAcknowledged", "Batches",
           "RecordsAcknowledged", "BatchRows", "StoredRows", "Verdict")


def rows(client):
    """One row per agent, incarnation, worker, stream and uplink."""
    return client.rows((SQL / "check.sql").read_text(encoding="utf-8"))


def show(client):
    """Print every row; returns whether all are OK."""
    found = rows(client)
    table = [COLUMNS] + [tuple(str(row[name]) for name in COLUMNS) for row in found]
    widths = [max(len(row[i]) for row in table) for i in range(len(COLUMNS))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return all(row["Verdict"] == "OK" for row in found)
