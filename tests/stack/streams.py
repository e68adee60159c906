#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every stream, in every packing, by the real agent: sent = acknowledged = batches = rows.

Own captures are replayed, each many times over, so that batches are worth packing. What is in them
says the Python that made them (tests/data). No capture has interfaces of this machine.
"""
import csv
import subprocess
import sys

from stack import SOURCE, Stack, Suite, netmeta

DATA = SOURCE / "tests" / "data"
TIMES = 100                             # every capture's datagrams
CASES = ("sflow-plain", "sflow-drops", "sflow-counters", "nf9-names", "ipfix-names",
         "ipfix-unknown")
ELEMENTS = {"0/999", "9/999", "4294967295/999", "9/32767", "29305/999", "9/8"}  # of ipfix-unknown
PCAP_HEADER = 24

CONFIGURATION = """
config agent
	option id 'streams-{packing}'
	option spool '{folder}/spool-{packing}'
	option control ''
	option keep_unknown '1'
	option drain_time '20s'
config uplink 'centre'
	option url 'https://127.0.0.1:{port}/'
	option user 'agent'
	option password_file '{password}'
	option ca_file '{authority}'
	option compression '{packing}'
"""

SUMS = """
SELECT Stream, argMax((RecordsEncoded, RecordsAcknowledged), TimeReceivedNs) AS said
FROM netmeta.ledger
WHERE Agent = '{agent}' AND Kind = 'LEDGER_UPLINK' AND Stream NOT IN ('ledger', 'events')
GROUP BY Stream"""


def told(case, kind):
    """The rows that a case's file of this kind lists."""
    path = DATA / f"{case}.{kind}.tsv"
    if not path.exists():
        return []
    with open(path, encoding="latin-1", newline="") as file:         # names may be anything
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def expected():
    """Records of each stream. A name that was told before and has not changed is not sent again."""
    records = [row for case in CASES for row in told(case, "flows")]
    drops = sum(row.get("kind") == "discard" for row in records)
    names = [{tuple(row.items()) for row in told(case, "names")} for case in CASES]
    return {"flows": TIMES * (len(records) - drops), "drops": TIMES * drops,
            "counters": TIMES * sum(len(told(case, "counters")) for case in CASES),
            "names": sum(map(len, names))}


class Streams:
    """The tests, on one stack; every packing is an agent of its own."""

    def __init__(self, suite, stack):
        self.suite, self.stack, self.admin = suite, stack, stack.plain()
        self.program, self.expected = netmeta(), expected()
        stack.folder.chmod(0o711)               # the loop runs as nobody
        for case in CASES:
            capture = (DATA / f"{case}.pcap").read_bytes()
            (stack.folder / f"{case}.pcap").write_bytes(
                capture[:PCAP_HEADER] + capture[PCAP_HEADER:] * TIMES)

    def received(self):
        """Bytes that the server's sockets took so far."""
        (row,) = self.admin.rows("SELECT sum(value) AS n FROM system.events "
                                 "WHERE event = 'NetworkReceiveBytes'")
        return row["n"]

    def replay(self, packing):
        """Send all captures; returns the bytes that the server took."""
        config = self.stack.folder / f"{packing}.conf"
        config.write_text(CONFIGURATION.format(
            packing=packing, folder=self.stack.folder, port=self.stack.https_port,
            password=self.stack.home / "secrets" / "agent.password",
            authority=self.stack.authority))
        before = self.received()
        for case in CASES:
            subprocess.run([self.program, "replay", "-c", config,
                            self.stack.folder / f"{case}.pcap"], check=True, timeout=60,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return self.received() - before

    def counts(self, query):
        """Stream -> number, without streams that have none."""
        return {row["Stream"]: row["n"] for row in self.admin.rows(query) if row["n"]}

    def test_packing(self, packing):
        """One packing; returns the bytes that the server took."""
        size, agent = self.replay(packing), f"streams-{packing}"
        said = {row["Stream"]: row["said"] for row in self.admin.rows(SUMS.format(agent=agent))
                if any(row["said"])}
        stored = " UNION ALL ".join(f"SELECT '{stream}' AS Stream, count() AS n "
                                    f"FROM netmeta.{stream} WHERE Agent = '{agent}'"
                                    for stream in self.expected)
        sides = {
            "is what the agent says it encoded": {name: one[0] for name, one in said.items()},
            "is what the server acknowledged": {name: one[1] for name, one in said.items()},
            "stands in batches": self.counts(
                "SELECT Stream, sum(Rows) AS n FROM netmeta.batches "
                f"WHERE Agent = '{agent}' AND Stream NOT IN ('ledger', 'events') GROUP BY Stream"),
            "is in the tables": self.counts(stored)}
        for words, found in sides.items():
            self.suite.equal(f"{packing}: all that was sent {words}", found, self.expected)
        return size

    def test_unknown(self):
        """Elements without a field, in their map and in the ledger."""
        (row,) = self.admin.rows(
            "SELECT arraySort(groupUniqArrayArray(mapKeys(Unknown))) AS elements "
            "FROM netmeta.flows WHERE notEmpty(Unknown)")
        wanted = sorted(int(enterprise) << 16 | int(number) for enterprise, _, number in
                        (element.partition("/") for element in ELEMENTS))
        self.suite.equal("elements without a field are in the map of their flow",
                         row["elements"], wanted)
        found = self.admin.rows(
            "SELECT DISTINCT Enterprise AS e, Element AS n FROM netmeta.ledger "
            "WHERE Kind = 'LEDGER_ELEMENT' AND ElementKind = 'ELEMENT_FIELD'")
        self.suite.check("and counted in the ledger",
                         set(wanted) <= {row["e"] << 16 | row["n"] for row in found}, found)

    def run(self):
        """All of them."""
        sizes = {packing: self.test_packing(packing) for packing in ("none", "lz4", "gzip")}
        self.suite.check("packed batches are less to receive",
                         2 * sizes["lz4"] < sizes["none"] and sizes["gzip"] < sizes["lz4"], sizes)
        self.test_unknown()
        said = self.stack.command("check")
        self.suite.check("the check finds every stream, and nothing wrong", all(
            f" {stream} " in said for stream in (*self.expected, "events", "ledger")), said)


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        Streams(suite, stack).run()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
