#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What is read from stored rows: latest names, rates of interfaces, use of hosts, words of reasons.

Rows come as agents send them and are read by the reader. What is expected was worked out by hand.
"""
import sys
import time

from stack import Stack, Suite, message_classes, new_incarnation

SECOND = 10**9
MINUTE = 60
EXPORTER = bytes.fromhex("00000000000000000000ffffc0000201")     # 192.0.2.1
SHOWN = "::ffff:192.0.2.1"
OWN, OWN_SHOWN = EXPORTER[:-1] + b"\7", "::ffff:192.0.2.7"        # the agent's own machine
GENERIC, SFLOW = "generic", 1
INTERFACE, EXPORTER_ITSELF = 2, 1                               # of what a name is


class Reading:
    """The tests, on one stack. Times are seconds after a minute that lies half an hour back."""

    def __init__(self, suite, stack):
        self.suite, self.stack, self.reader = suite, stack, stack.tls("reader")
        self.classes = message_classes()
        self.begin = int(time.time()) // MINUTE * MINUTE - 30 * MINUTE

    def send(self, stream, messages):
        """One batch."""
        self.stack.post(f"reading-{new_incarnation()}-0-{stream}-1", messages)

    def count(self, at, counters, index=1, group=GENERIC, uptime=None, exporter=EXPORTER):
        """One structure of counters."""
        return self.classes["CounterMessage"](
            TimeReceivedNs=(self.begin + at) * SECOND, SamplerAddress=exporter, Source=SFLOW,
            UptimeMs=(5000 + at) * 1000 if uptime is None else uptime, SourceIndex=index,
            Group=group, Counters=counters)

    def octets(self, at, octets, index, **more):
        """Only octets that came in."""
        return self.count(at, {"ifInOctets": octets, "ifOutOctets": 0}, index, **more)

    def rates(self, index, columns, width=10, exporter=SHOWN):
        """Time and columns of an interface."""
        return [tuple(row.values()) for row in self.reader.rows(
            f"SELECT toUnixTimestamp(Time) - {self.begin} AS at, {columns} "
            f"FROM netmeta.interface_rates(since = toDateTime({self.begin}), "
            f"until = toDateTime({self.begin + 29 * MINUTE}), width = {width}) "
            f"WHERE SamplerAddress = '{exporter}' AND Interface = {index} ORDER BY at")]

    def test_columns(self):
        """Counters that have a column."""
        self.send("counters", [self.count(0, {
            "ifInOctets": 2**40, "ifOutOctets": 7, "ifInUcastPkts": 100, "ifInMulticastPkts": 10,
            "ifInBroadcastPkts": 1, "ifOutUcastPkts": 200, "ifOutMulticastPkts": 20,
            "ifOutBroadcastPkts": 2, "ifInErrors": 3, "ifOutErrors": 4, "ifInDiscards": 5,
            "ifOutDiscards": 6, "ifSpeed": 10**10, "ifStatus": 1}, index=77)])
        self.suite.equal("the most used counters are columns, as the exporter told them",
                         self.reader.rows(
                             "SELECT InOctets, OutOctets, InPackets, OutPackets, InErrors, "
                             "OutErrors, InDiscards, OutDiscards, Speed, AdminUp, OperUp "
                             "FROM counters WHERE SourceIndex = 77"),
                         [{"InOctets": 2**40, "OutOctets": 7, "InPackets": 111,
                           "OutPackets": 222, "InErrors": 3, "OutErrors": 4, "InDiscards": 5,
                           "OutDiscards": 6, "Speed": 10**10, "AdminUp": True, "OperUp": False}])

    def test_names(self):
        """The latest of all that was told, however late it comes."""
        name = self.classes["NameMessage"]
        told = [(10, INTERFACE, 9, "ge-0/0/9"), (30, INTERFACE, 9, "uplink"),
                (20, INTERFACE, 9, "not any more"), (10, EXPORTER_ITSELF, 0, "router")]
        for at, kind, number, text in told:
            self.send("names", [name(TimeReceivedNs=(self.begin + at) * SECOND, Kind=kind,
                                     SamplerAddress=EXPORTER, Id=number, Name=text)])
        self.suite.equal("of each name the latest is shown, once", self.reader.rows(
            "SELECT toString(Kind) AS kind, Id, Name FROM names_last ORDER BY Kind"),
            [{"kind": "NAME_EXPORTER", "Id": 0, "Name": "router"},
             {"kind": "NAME_INTERFACE", "Id": 9, "Name": "uplink"}])

    def test_rates(self):
        """Differences over time."""
        self.send("counters", [self.octets(at, octets, 9) for at, octets in
                               ((0, 1000), (20, 26_000), (40, 76_000))])
        self.suite.equal("octets between two samples are a rate over the time between them",
                         self.rates(9, "InBits"),
                         [(0, 10_000), (10, 10_000), (20, 20_000), (30, 20_000)])
        self.suite.equal("a wider bucket has the mean of the time that was counted, and the name",
                         self.rates(9, "InBits, InterfaceName", MINUTE), [(0, 15_000, "uplink")])
        self.send("counters", [self.count(at, {
            "ifInUcastPkts": packets, "ifOutDiscards": discards, "ifSpeed": 10**9}, 10)
            for at, packets, discards in ((0, 2**32 - 6, 2**32 - 1), (20, 10, 1))])
        self.suite.equal("counters of 32 bits may wrap, and a number serves without a name",
                         self.rates(10, "InPackets, OutDiscards, Speed, InterfaceName", 20),
                         [(0, 0.8, 0.1, 10**9, "10")])

    def test_gaps(self):
        """Where nothing can be known, nothing is told."""
        before_wrap = 2**32 - 7000
        self.send("counters", [
            self.octets(0, 1000, 11), self.octets(20, 500, 11), self.octets(40, 1000, 11),
            self.octets(0, 1000, 12), self.octets(20, 9000, 12, uptime=3000),
            self.octets(40, 9500, 12, uptime=23_000),
            self.octets(0, 1000, 13, uptime=before_wrap), self.octets(20, 1500, 13, uptime=13_000),
            self.octets(0, 1000, 14), self.octets(15 * MINUTE + 1, 2000, 14),
            self.octets(15 * MINUTE + 21, 2500, 14)])
        self.suite.equal("across counters that were cleared there is no rate",
                         self.rates(11, "InBits", 20), [(20, 200)])
        self.suite.equal("across a restart of the exporter there is no rate",
                         self.rates(12, "InBits", 20), [(20, 200)])
        self.suite.equal("an uptime that wraps is no restart",
                         self.rates(13, "InBits", 20), [(0, 200)])
        self.suite.equal("across more than 15 minutes there is no rate",
                         self.rates(14, "InBits", MINUTE), [(15 * MINUTE, 200)])

    def interface(self, at, index=2, **fields):
        """One interface of the agent's own machine."""
        return self.classes["InterfaceMessage"](**{
            "TimeReceivedNs": (self.begin + at) * SECOND, "SamplerAddress": OWN, "IfIndex": index,
            "Name": f"eth{index}", "Speed": 10**9, "OperState": 6, **fields})

    def test_interfaces(self):
        """The latest of each, what it is called, and what it carried."""
        self.send("interfaces", [self.interface(20, Name="wan", Alias="uplink", VlanId=7),
                                 self.interface(0), self.interface(0, 3, Gone=1)])
        self.send("interfaces", [self.interface(10, Name="not any more")])
        self.suite.equal("of each interface the latest row is shown, once", self.reader.rows(
            "SELECT Agent, IfIndex, Name, Alias, VlanId, Gone FROM interfaces_last "
            "ORDER BY IfIndex"),
            [{"Agent": "reading", "IfIndex": 2, "Name": "wan", "Alias": "uplink", "VlanId": 7,
              "Gone": 0},
             {"Agent": "reading", "IfIndex": 3, "Name": "eth3", "Alias": "", "VlanId": 0,
              "Gone": 1}])
        self.send("names", [self.classes["NameMessage"](
            TimeReceivedNs=(self.begin - 99) * SECOND, Kind=INTERFACE, SamplerAddress=OWN, Id=3,
            Name="told by the exporter")])
        self.suite.equal("an exporter's name for an interface comes before the agent's",
                         {row["Interface"]: row["Name"] for row in self.reader.rows(
                             "SELECT Interface, Name FROM interface_names "
                             f"WHERE SamplerAddress = '{OWN_SHOWN}'")},
                         {2: "wan", 3: "told by the exporter"})

    def test_own_rates(self):
        """Differences of the counters of the agent's own machine."""
        self.send("interfaces", [
            self.interface(at, 4, InBytes=octets, InPackets=packets, OutDrops=drops, Gone=gone)
            for at, octets, packets, drops, gone in (
                (0, 2**40, 2**33, 7, 0), (20, 2**40 + 25_000, 2**33 + 40, 9, 0),
                (40, 900, 3, 0, 0), (60, 1900, 5, 0, 0), (80, 2900, 4, 0, 0),
                (90, 5000, 9, 0, 1), (100, 3900, 14, 0, 0))])
        self.suite.equal("counters of our own interfaces are rates too; where one went back, or "
                         "the interface is gone, there is none",
                         self.rates(4, "InBits, InPackets, OutDiscards", 20, OWN_SHOWN),
                         [(0, 10_000, 2, 0.1), (40, 400, 0.1, 0), (80, 400, 0.5, 0)])
        self.suite.equal("an own interface is known by its name", self.rates(
            4, "InterfaceName, Speed, OperUp", MINUTE, OWN_SHOWN)[0], (0, "eth4", 10**9, 1))

    def test_truth(self):
        """Samples beside counters, with a band."""
        self.send("interfaces", [
            self.interface(60, 5, Sampling="tcx", SamplingRate=100, WindowNs=60 * SECOND,
                           InSamples=90, InCounted=10_000, InEstimated=9_000, InBand=1_000,
                           OutSamples=3, OutCounted=2_000, OutEstimated=3_001, OutBand=1_000),
            self.interface(90, 5, Sampling="tcx", SamplingRate=100),
            self.interface(120, 5, Sampling="tcx", SamplingRate=100, WindowNs=30 * SECOND,
                           InSamples=1, InEstimated=2**63 - 1, InBand=2**62)])
        self.suite.equal(
            "each window has a row a direction: counted, estimated, error, band, inside or not",
            [tuple(row.values()) for row in self.reader.rows(
                f"SELECT toUnixTimestamp(Time) - {self.begin} AS at, Agent, InterfaceName, "
                "Direction, Sampling, SamplingRate, Seconds, Samples, Counted, Estimated, Error, "
                "Band, ErrorPercent, Outside FROM netmeta.interface_truth "
                "WHERE Interface = 5 ORDER BY at, Direction")],
            [(60, "reading", "eth5", *rest) for rest in (
                ("in", "tcx", 100, 60, 90, 10_000, 9_000, -1_000, 1_000, -10, 0),
                ("out", "tcx", 100, 60, 3, 2_000, 3_001, 1_001, 1_000, 50.05, 1))] +
            [(120, "reading", "eth5", "in", "tcx", 100, 30, 1, 0, 2**63 - 1, 2**63 - 1, 2**62, None,
              1)])

    def test_hosts(self):
        """Processor and memory."""
        times = {"cpu_user": 1000, "cpu_system": 500, "cpu_idle": 8000, "load_one_milli": 1250}
        later = {"cpu_user": 3000, "cpu_system": 1500, "cpu_idle": 15_000, "load_one_milli": 1500}
        self.send("counters", [
            self.count(0, times, group="host_cpu"), self.count(20, later, group="host_cpu"),
            self.count(20, {"mem_total": 1000, "mem_free": 100, "mem_cached": 250,
                            "mem_buffers": 50}, group="host_mem"),
            self.count(40, {"1m_cpu": 1250, "total_memory": 800, "free_memory": 200},
                       group="processor")])
        self.suite.equal(
            "hosts tell processor time, load and memory, routers percents", self.reader.rows(
                f"SELECT toUnixTimestamp(Time) - {self.begin} AS at, Host, CpuPercent AS cpu, "
                "LoadAverage AS load, MemoryPercent AS memory FROM netmeta.host_use("
                f"since = toDateTime({self.begin}), until = toDateTime({self.begin + MINUTE})) "
                "ORDER BY at, load NULLS LAST"),
            [{"at": 0, "Host": "router", "cpu": None, "load": 1.25, "memory": None},
             {"at": 20, "Host": "router", "cpu": 30, "load": 1.5, "memory": None},
             {"at": 20, "Host": "router", "cpu": None, "load": None, "memory": 60},
             {"at": 40, "Host": "router", "cpu": 12.5, "load": None, "memory": 75}])

    def test_reasons(self):
        """Numbers and words of sFlow's registry."""
        flow = self.classes["FlowMessage"]
        cases = {0: "net_unreachable", 3: "port_unreachable", 15: "precedence_cutoff", 16: "16",
                 256: "unknown", 257: "ttl_exceeded", 258: "acl", 265: "ingress_vlan_filter",
                 269: "blackhole_route", 289: "unknown_l4", 303: "split_horizon", 9999: "9999"}
        self.send("drops", [flow(DropReason=number, SequenceNum=1) for number in cases])
        self.send("drops", [flow(DropReason=256, DropCause="tcp_v4_rcv"),
                            flow(DropReason=258, DropCause="ingress_flow_action_drop")])
        self.suite.equal("a reason has the word of the registry, or its number", {
            row["DropReason"]: row["Reason"] for row in self.reader.rows(
                "SELECT DropReason, Reason FROM drops WHERE SequenceNum = 1")}, cases)
        self.suite.equal("where the registry knows no reason, the exporter's own word stands",
                         self.reader.rows("SELECT Reason FROM drops WHERE DropCause != '' "
                                          "ORDER BY DropReason"),
                         [{"Reason": "tcp_v4_rcv"}, {"Reason": "acl"}])


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        reading = Reading(suite, stack)
        for name in ("columns", "names", "rates", "gaps", "interfaces", "own_rates",
                     "truth", "hosts", "reasons"):
            getattr(reading, f"test_{name}")()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
