#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The check of stack/sql/check.sql: acknowledged = batches = rows. Whole chains are OK, newer
batches are no difference, and what is lost or forged is seen, also behind newer batches.
"""
import sys
import time

from stack import MESSAGES, Stack, Suite, message_classes, new_incarnation
from manage import check

SECOND = 10**9
PACKET = 10                     # FlowSource
OF_EXPORTERS = ("flows", "drops", "counters", "names")
BYTES = range(22, 36)           # tags: every byte received is in one of these
WHOLE = {stream: "OK" for stream in MESSAGES}


class Chain:
    """What one agent sends, and what its ledger says of it."""

    def __init__(self, stack, agent):
        self.stack, self.agent, self.incarnation = stack, agent, new_incarnation()
        self.classes = message_classes()
        self.number = {stream: 0 for stream in MESSAGES}
        self.acknowledged = {stream: [0, 0] for stream in self.number}     # batches, records
        self.dropped = 0
        self.uplinks = ["central"]

    def post(self, stream, messages):
        """One batch, acknowledged."""
        self.number[stream] += 1
        batch = f"{self.agent}-{self.incarnation}-0-{stream}-{self.number[stream]}"
        self.stack.post(batch, messages)
        self.acknowledged[stream][0] += 1
        self.acknowledged[stream][1] += len(messages)
        return batch

    def flows(self, rows):
        """A batch of flows; SequenceNum tells the batch, for those who delete it."""
        flow = self.classes["FlowMessage"]
        return self.post("flows", [flow(TimeReceivedNs=time.time_ns(), Bytes=i,
                                        SequenceNum=self.number["flows"] + 1) for i in range(rows)])

    def parts(self, *rows):
        """A batch of flows that was too large for the server: it came in parts."""
        flow = self.classes["FlowMessage"]
        self.number["flows"] += 1
        batch = f"{self.agent}-{self.incarnation}-0-flows-{self.number['flows']}"
        for part, count in enumerate(rows, 1):
            self.stack.post(f"{batch}.{part}", [flow(TimeReceivedNs=time.time_ns(), Bytes=i,
                                                     SequenceNum=self.number["flows"])
                                                for i in range(count)])
        self.acknowledged["flows"][0] += 1
        self.acknowledged["flows"][1] += sum(rows)

    def ledger(self, more_batches=0, more_records=0, age=0, exporter=None):
        """A batch of ledger rows, true unless told otherwise; `exporter` changes the first's."""
        now = time.time_ns() - age * SECOND
        rows = []
        for uplink in self.uplinks:
            for stream, (batches, records) in self.acknowledged.items():
                forged = stream == "flows"
                rows.append(self.classes["LedgerMessage"](
                    TimeReceivedNs=now, Kind=3, Name=uplink, Stream=stream,
                    BatchesAcknowledged=batches + more_batches * forged,
                    RecordsAcknowledged=records + more_records * forged,
                    BatchesDropped=self.dropped * forged, RecordsDropped=5, RecordsQuarantined=6,
                    RecordsHeld=7, RecordsEncoded=records + 5 + 6 + 7))
        given = sum(records + 5 + 6 + 7 for stream, (_, records) in self.acknowledged.items()
                    if stream in OF_EXPORTERS)
        rows += [self.exporter(now, 1, given - 10, exporter or {}), self.exporter(now, 2, 10, {})]
        self.post("ledger", rows)

    def exporter(self, now, number, encoded, changes):
        """A row of an exporter, with something in every counter of bytes."""
        message = self.classes["LedgerMessage"]
        parts = {field.name: field.number for field in message.DESCRIPTOR.fields
                 if field.number in BYTES}
        counters = {"BytesReceived": sum(parts.values()), **parts, "RecordsEncoded": encoded,
                    "RecordsDecoded": encoded + 2 + 3, "RecordsFiltered": 2, "RecordsMerged": 3,
                    "Source": 1}
        return message(TimeReceivedNs=now, Kind=1, SamplerAddress=bytes(10) + b"\xff\xff" +
                       bytes((192, 0, 2, number)), **(counters | changes))

    def whole(self):
        """An ordinary life: every stream, ledger rows, and flows newer than the last of those."""
        for rows in (10, 20, 30, 20):
            self.flows(rows)
        for stream in ("drops", "counters", "names", "interfaces", "events"):
            self.post(stream, [self.classes[MESSAGES[stream]](TimeReceivedNs=time.time_ns())] * 2)
        self.ledger()
        self.flows(20)
        self.ledger()
        self.flows(20)
        return self


class Closure:
    """The tests, on one stack; every chain is an agent of its own."""

    def __init__(self, suite, stack):
        self.suite, self.stack, self.admin = suite, stack, stack.plain()

    def chain(self, agent):
        """A whole chain of a new agent."""
        return Chain(self.stack, agent).whole()

    def verdicts(self, agent):
        """Stream -> verdict of one agent."""
        return {row["Stream"]: row["Verdict"] for row in check.rows(self.admin)
                if row["Agent"] == agent}

    def sees(self, name, chain, words):
        """Flows of this chain differ by these words, its other streams do not."""
        verdicts = self.verdicts(chain.agent)
        others = [verdict for stream, verdict in verdicts.items() if stream != "flows"]
        self.suite.check(name, words in verdicts.get("flows", "") and set(others) <= {"OK"},
                         verdicts)

    def delete(self, chain, number, tables=("flows", "batches")):
        """Take a batch of flows out of the tables."""
        where = {"flows": f"Incarnation = '{chain.incarnation}' AND SequenceNum = {number}",
                 "batches": f"Incarnation = '{chain.incarnation}' AND Stream = 'flows' "
                            f"AND Number = {number}"}
        for table in tables:
            self.admin.execute(f"DELETE FROM netmeta.{table} WHERE {where[table]}")

    def test_whole(self):
        """Nothing to find."""
        chain = self.chain("whole")
        self.suite.equal("a whole chain is OK, with batches newer than its last ledger row",
                         self.verdicts("whole"), WHOLE)
        chain.ledger()
        self.suite.equal("a whole chain is OK when its ledger knows everything",
                         self.verdicts("whole"), WHOLE)

    def test_parts(self):
        """Batches that were divided."""
        chain = self.chain("parts")
        chain.parts(7, 8)
        chain.flows(5)
        chain.ledger()
        self.suite.equal("a batch in parts is one batch", self.verdicts("parts"),
                         WHOLE)
        self.admin.execute("DELETE FROM netmeta.batches WHERE endsWith(Batch, '.2') AND "
                           f"Incarnation = '{chain.incarnation}'")
        self.sees("a part that is gone is seen", chain, "records acknowledged: 140, in those")

    def test_deleted(self):
        """A batch that is gone."""
        chain = self.chain("deleted")
        self.delete(chain, 2)
        self.sees("a deleted batch is seen, though a newer one has as many rows", chain,
                  "batches missing: 1 from number 2 on, given up: 0")
        chain = self.chain("deleted-first")
        self.delete(chain, 1)
        self.sees("the first batch deleted is seen", chain, "batches missing: 1 from number 1 on")
        chain = self.chain("deleted-last")
        chain.ledger()
        self.delete(chain, 6)
        self.sees("the last batch deleted is seen", chain, "batches acknowledged but not here: 1")
        chain = self.chain("deleted-rows")
        self.delete(chain, 3, ["flows"])
        self.sees("rows that are gone are seen", chain, "rows in batches: 120, stored: 90")
        chain = self.chain("deleted-name")
        self.delete(chain, 3, ["batches"])
        self.sees("a batch that only its rows remember is seen", chain,
                  "rows in batches: 90, stored: 120")
        chain = self.chain("deleted-all")
        self.admin.execute(f"DELETE FROM netmeta.flows WHERE Incarnation = '{chain.incarnation}'")
        self.admin.execute(f"DELETE FROM netmeta.batches WHERE Incarnation = '{chain.incarnation}' "
                           "AND Stream = 'flows'")
        self.sees("a stream without any row is seen", chain, "batches acknowledged but not here: 5")

    def test_forged(self):
        """Acknowledgements that are not true."""
        chain = self.chain("forged")
        chain.ledger(more_batches=1, more_records=20)
        self.sees("a forged acknowledgement is seen", chain, "batches acknowledged but not here: 1")
        chain = self.chain("forged-records")
        chain.ledger(more_records=7)
        self.sees("forged records are seen", chain,
                  "records acknowledged: 127, in those batches: 120")
        chain = self.chain("forged-behind")
        chain.acknowledged["flows"][0] += 1
        chain.acknowledged["flows"][1] += 1
        chain.ledger()
        chain.flows(20)
        self.sees("a forged acknowledgement is seen behind a newer batch", chain,
                  "records acknowledged: 121, in those batches: 140")

    def test_dropped(self):
        """Batches that the agent dropped and said so."""
        chain = self.chain("dropped")
        chain.number["flows"] += 2
        chain.flows(10)
        chain.dropped = 2
        chain.ledger()
        self.suite.equal("dropped batches are no difference",
                         self.verdicts("dropped")["flows"], "OK")
        self.delete(chain, 4)
        self.sees("a deleted batch is seen beside dropped ones", chain,
                  "batches acknowledged but not here: 1")

    def test_silent(self):
        """Batches that no ledger row speaks of."""
        chain = Chain(self.stack, "no-ledger")
        chain.flows(5)
        self.suite.equal("a first batch waits for its ledger row", self.verdicts("no-ledger"),
                         {"flows": "OK"})
        self.age_batches(chain, 600)
        self.sees("batches of an agent without a ledger are seen", chain,
                  "batches here that no ledger row knows: 1")
        chain = Chain(self.stack, "ledger-stops")
        chain.flows(5)
        chain.ledger(age=1200)
        chain.flows(5)
        self.age_batches(chain, 600)
        verdict = self.verdicts("ledger-stops")["flows"]
        self.suite.check("a ledger that stopped is seen",
                         verdict.startswith("latest ledger row older than latest batch"), verdict)

    def age_batches(self, chain, seconds):
        """As if batches of flows had come long ago."""
        self.admin.execute(
            "INSERT INTO netmeta.batches SELECT * REPLACE (Time - "
            f"INTERVAL {seconds} SECOND AS Time) FROM netmeta.batches "
            f"WHERE Incarnation = '{chain.incarnation}' AND Stream = 'flows'")
        self.admin.execute(
            f"DELETE FROM netmeta.batches WHERE Incarnation = '{chain.incarnation}' "
            f"AND Stream = 'flows' AND Time > now() - INTERVAL {seconds // 2} SECOND")

    def test_doubled(self):
        """A batch that was stored again, behind the deduplication window."""
        chain = self.chain("doubled")
        for table, where in (("flows", "SequenceNum = 1"),
                             ("batches", "Stream = 'flows' AND Number = 1")):
            self.admin.execute(f"INSERT INTO netmeta.{table} SELECT * FROM netmeta.{table} "
                               f"WHERE Incarnation = '{chain.incarnation}' AND {where}")
        self.sees("a batch stored again is seen", chain, "batches stored again: 1")

    def test_uplinks(self):
        """Two uplinks of one agent to the same server."""
        def found(agent):
            return [row["Verdict"] for row in check.rows(self.admin) if row["Agent"] == agent]

        chain = Chain(self.stack, "two-uplinks")
        chain.uplinks = ["central", "spare"]
        chain.whole()
        self.suite.equal("two uplinks to one server are OK", found("two-uplinks"), ["OK"] * 14)
        self.delete(chain, 2)
        self.suite.equal("a deleted batch is seen by both, though newer ones have as many rows",
                         [text for text in found("two-uplinks") if text != "OK"],
                         ["batches missing: 1 from number 2 on, given up: 0"] * 2)
        chain = Chain(self.stack, "two-forged")
        chain.uplinks = ["central", "spare"]
        chain.whole()
        chain.ledger(more_records=7)
        self.suite.check("forged records are seen by both", all(
            "records acknowledged: 127, in those batches: 120" in text
            for text in found("two-forged")[6:8]), found("two-forged"))

    def sums(self, agent):
        """The verdict on an agent's ledger itself."""
        (row,) = [row for row in check.rows(self.admin, "check_sums") if row["Agent"] == agent]
        return row["Verdict"]

    def forget(self, chain, where):
        """Take rows of the latest ledger."""
        self.admin.execute(
            f"DELETE FROM netmeta.ledger WHERE Incarnation = '{chain.incarnation}' AND {where} "
            "AND TimeReceivedNs = (SELECT max(TimeReceivedNs) FROM netmeta.ledger "
            f"WHERE Incarnation = '{chain.incarnation}')")

    def test_sums(self):
        """The ledger's own sums, with something in each of their counters."""
        chain = self.chain("sums")
        self.suite.equal("a whole ledger closes, with bytes in every counter", self.sums("sums"),
                         "OK")
        for changes, words in (
                ({"BytesReceived": 999}, "192.0.2.1 SFLOW 0: bytes received 999, accounted for 399"),
                ({"BytesParked": 0}, "192.0.2.1 SFLOW 0: bytes received 399, accounted for 371"),
                ({"RecordsMerged": 4}, "192.0.2.1 SFLOW 0: records decoded ")):
            chain.ledger(exporter=changes)
            found = self.sums("sums")
            self.suite.check(f"a ledger that is open is seen: {list(changes)[0]}",
                             found.startswith(words) and ";" not in found, found)
        chain.ledger(more_records=7)
        self.suite.equal("an uplink's sum that is open is seen", self.sums("sums"),
                         "central, flows: records encoded 138, accounted for 145")

    def test_sums_own(self):
        """An agent that samples its own machine is an exporter of its own."""
        chain, own = Chain(self.stack, "sums-own"), {"Source": PACKET, "SamplesMissing": 5,
                                                     "SamplesDropped": 6}
        chain.flows(5)
        chain.post("interfaces", [chain.classes["InterfaceMessage"](IfIndex=2)] * 3)
        chain.ledger(exporter=own)
        self.suite.equal("own samples close, whatever was lost before, and interfaces are nobody's "
                         "records", self.sums("sums-own"), "OK")
        chain.ledger(exporter=own | {"RecordsMerged": 4})
        found = self.sums("sums-own")
        self.suite.check("own samples that are open are seen",
                         found.startswith("192.0.2.1 PACKET 0: records decoded "), found)

    def test_sums_missing(self):
        """Rows that are gone from the ledger."""
        chain = self.chain("sums-exporter")
        self.forget(chain, "Kind = 'LEDGER_EXPORTER' AND RecordsEncoded = 10")
        self.suite.check("a row of an exporter that is missing is seen",
                         self.sums("sums-exporter").startswith("192.0.2.2 SFLOW 0: no row since"),
                         self.sums("sums-exporter"))
        self.admin.execute("DELETE FROM netmeta.ledger WHERE RecordsEncoded = 10 AND "
                           f"Incarnation = '{chain.incarnation}' AND Kind = 'LEDGER_EXPORTER'")
        self.suite.equal("an exporter without any row is seen", self.sums("sums-exporter"),
                         "records that exporters encoded: 168, given to an uplink: 178")
        chain = self.chain("sums-uplink")
        self.forget(chain, "Kind = 'LEDGER_UPLINK' AND Stream = 'drops'")
        self.suite.check("a row of an uplink that is missing is seen",
                         self.sums("sums-uplink").startswith("central, drops: no row since"),
                         self.sums("sums-uplink"))

    def test_command(self):
        """The verb around it; everything that differs is in the table by now."""
        try:
            self.stack.command("check")
            self.suite.check("netmeta-stack check fails when something differs", False)
        except RuntimeError as error:
            self.suite.check("netmeta-stack check fails when something differs",
                             "batches missing" in str(error), error)


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        closure = Closure(suite, stack)
        for name in ("whole", "parts", "deleted", "forged", "dropped", "silent", "doubled",
                     "uplinks", "sums", "sums_own", "sums_missing", "command"):
            getattr(closure, f"test_{name}")()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
