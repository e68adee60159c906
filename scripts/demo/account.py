#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares, for each exporter, the records that nfcapd counted with the rows that are stored.

    account.py STACK-FOLDER NFCAPD-FOLDER

What the agent says it decoded stands between them, from the ledger. Exit status 1 when they differ.
"""
import collections
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "stack"))
# pylint: disable=wrong-import-position,import-error
from manage.layout import Layout
from manage.lifecycle import admin_client

PROTOCOLS = {"192.0.2.11": "NETFLOW_V5", "192.0.2.12": "NETFLOW_V9", "192.0.2.13": "IPFIX"}

STORED = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter, toString(Type) AS protocol,
	count() AS records
FROM netmeta.flows GROUP BY exporter, protocol"""

DECODED = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter,
	max(RecordsDecoded) AS records
FROM netmeta.ledger WHERE Kind = 'LEDGER_EXPORTER' GROUP BY exporter"""


def witnessed(folder):
    """Records in nfcapd's files, by exporter."""
    listed = subprocess.run(["nfdump", "-q", "-R", folder, "-o", "fmt:%ra"], text=True,
                            capture_output=True, check=True)
    return collections.Counter(listed.stdout.split())


def main():
    """Print the table."""
    client = admin_client(Layout.existing(pathlib.Path(sys.argv[1])))
    seen = witnessed(sys.argv[2])
    decoded = {row["exporter"]: row["records"] for row in client.rows(DECODED)}
    stored = {(row["exporter"], row["protocol"]): row["records"] for row in client.rows(STORED)}
    good = set(stored) == set(PROTOCOLS.items()) and set(seen) == set(PROTOCOLS)
    print(f"  {'exporter':<14}{'protocol':<12}{'nfcapd':>10}{'decoded':>10}{'stored':>10}")
    for exporter, protocol in PROTOCOLS.items():
        counts = (seen[exporter], decoded.get(exporter, 0), stored.get((exporter, protocol), 0))
        same = counts[0] > 0 and len(set(counts)) == 1
        good = good and same
        print(f"  {exporter:<14}{protocol:<12}" + "".join(f"{one:>10,}" for one in counts) +
              ("  ✓" if same else "  ✗"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
