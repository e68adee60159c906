#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares, for each exporter, the records that a witness counted with the rows that are stored.

    account.py STACK-FOLDER WITNESS-FOLDER      with a folder in it for each witness

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

# Exporter: protocol, and the program that counted beside the agent.
EXPORTERS = {
    "192.0.2.11": ("NETFLOW_V5", "nfcapd"),
    "192.0.2.12": ("NETFLOW_V9", "nfcapd"),
    "192.0.2.13": ("IPFIX", "nfcapd"),
    "192.0.2.14": ("SFLOW_5", "sfcapd"),
}

STORED = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter, toString(Type) AS protocol,
	count() AS records
FROM netmeta.flows WHERE Type != 'FLOWUNKNOWN' GROUP BY exporter, protocol"""

DECODED = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter,
	max(RecordsDecoded - RecordsMerged) AS records
FROM netmeta.ledger WHERE Kind = 'LEDGER_EXPORTER' GROUP BY exporter"""

# Records of other streams are decoded as well, but are no flows.
OTHERS = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter, count() AS records
FROM (SELECT SamplerAddress FROM netmeta.drops UNION ALL SELECT SamplerAddress FROM netmeta.counters
	UNION ALL SELECT SamplerAddress FROM netmeta.names) GROUP BY exporter"""

# What the router picked of its own packets: samples that it read, records that are stored.
SAMPLED = """
SELECT (SELECT max(RecordsDecoded) FROM netmeta.ledger WHERE Agent = 'router'
	AND Kind = 'LEDGER_EXPORTER') AS decoded,
	(SELECT count() FROM netmeta.flows WHERE Agent = 'router') AS stored,
	(SELECT max(SamplesMissing + SamplesDropped) FROM netmeta.ledger WHERE Agent = 'router'
	AND Kind = 'LEDGER_EXPORTER') AS lost"""

# Each interface's own counters, beside what the samples say of the same windows.
COUNTED = """
SELECT InterfaceName AS name, Direction AS direction, sum(Counted) AS counted,
	sum(Estimated) AS estimated, toUInt64(sqrt(sum(Band * Band))) AS band, count() AS windows,
	countIf(NOT Outside) AS inside
FROM netmeta.interface_truth WHERE Agent = 'router' GROUP BY name, direction HAVING counted > 0
ORDER BY name, direction"""


def witnessed(folder):
    """Records in the witnesses' files, by witness and exporter."""
    counts = collections.Counter()
    for program in {program for _, program in EXPORTERS.values()}:
        listed = subprocess.run(["nfdump", "-q", "-R", folder / program, "-o", "fmt:%ra"],
                                text=True, capture_output=True, check=True)
        counts.update((exporter, program) for exporter in listed.stdout.split())
    return counts


def sampled(client):
    """What the router says of itself; whether every sample is stored."""
    row = client.rows(SAMPLED)[0]
    same = row["decoded"] == row["stored"] > 0
    print(f"\n  the router's own samples: {row['decoded']:,} read, {row['stored']:,} stored, "
          f"{row['lost']:,} lost" + ("  ✓" if same else "  ✗"))
    print(f"  {'interface':<16}{'counted':>14}{'by samples':>14}{'error':>10}{'band':>10}"
          f"{'windows within':>18}")
    for one in client.rows(COUNTED):
        error = one["estimated"] / one["counted"] - 1
        print(f"  {one['name'] + ' ' + one['direction']:<16}{one['counted']:>14,}"
              f"{one['estimated']:>14,}{error:>+10.1%}{one['band'] / one['counted']:>10.1%}"
              f"{one['inside']:>12} of {one['windows']}")
    return same


def main():
    """Print the tables."""
    client = admin_client(Layout.existing(pathlib.Path(sys.argv[1])))
    seen = witnessed(pathlib.Path(sys.argv[2]))
    others = {row["exporter"]: row["records"] for row in client.rows(OTHERS)}
    decoded = {row["exporter"]: row["records"] - others.get(row["exporter"], 0)
               for row in client.rows(DECODED)}
    stored = {(row["exporter"], row["protocol"]): row["records"] for row in client.rows(STORED)}
    good = set(stored) == {(exporter, protocol) for exporter, (protocol, _) in EXPORTERS.items()} \
        and set(seen) == {(exporter, program) for exporter, (_, program) in EXPORTERS.items()}
    print(f"  {'exporter':<14}{'protocol':<12}{'witness':<8}{'counted':>10}{'decoded':>10}"
          f"{'stored':>10}")
    for exporter, (protocol, program) in EXPORTERS.items():
        counts = (seen[exporter, program], decoded.get(exporter, 0),
                  stored.get((exporter, protocol), 0))
        same = counts[0] > 0 and len(set(counts)) == 1
        good = good and same
        print(f"  {exporter:<14}{protocol:<12}{program:<8}" +
              "".join(f"{one:>10,}" for one in counts) + ("  ✓" if same else "  ✗"))
    good = sampled(client) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
