#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What exporters taught the agent is known after its end, whatever the end was

Exporters send templates, options and data once. Then the agent ends: killed with both its
processes, the loop killed alone, or in order. From then on only data is sent, and each record has
the same rates and times as before. A file that is damaged or of another size is no reason not to
start. The server is a few lines of Python, which takes every batch and reads the records itself.
"""
import pathlib
import socket
import sys
import tempfile

from chain import Agent, HERE, Suite, until

sys.path.insert(0, str(HERE.parent / "data"))
# pylint: disable=wrong-import-position
from reading_server import Server
from wire import EXPORTED, a_set, ip, ipfix, ipfix_options, template, u32, u64, v9, v9_options

# Fields of FlowMessage, by their tags in proto/netmeta.proto.
RATE, RATE_SOURCE, BYTES, START = 3, 1103, 9, 111
BY_ID, BY_ALL = 3, 4                    # RATE_OPTIONS_ID, RATE_OPTIONS
NS = 1_000_000_000

IPFIX = "127.0.0.21"                    # options for each selector, and when the uptime began
V9 = "127.0.0.22"                       # one rate for all; the uptime is in each header


def teach_ipfix():
    """Selector 1 takes one in 100, selector 2 one in 200; up for 60 s."""
    return [ipfix(0, 7, a_set(2, template(256, (8, 4), (12, 4), (1, 4), (302, 8), (22, 4)))),
            ipfix(0, 7, a_set(3, ipfix_options(300, ((302, 8),), ((34, 4),))),
                  a_set(300, u64(1), u32(100), u64(2), u32(200))),
            ipfix(2, 7, a_set(3, ipfix_options(301, ((149, 4),), ((160, 8),))),
                  a_set(301, u32(7), u64((EXPORTED - 60) * 1000)))]


def data_ipfix(sequence):
    """One record of each selector, and one of a selector that nobody told of."""
    return ipfix(sequence, 7, a_set(256, *(ip("10.0.0.1") + ip("10.0.0.2") + u32(1000 + selector)
                                           + u64(selector) + u32(50_000)
                                           for selector in (1, 2, 9))))


def teach_v9():
    """All of it is sampled one in 50."""
    return [v9(1, 0, 7, a_set(0, template(260, (8, 4), (1, 4), (22, 4)))),
            v9(2, 1, 7, a_set(1, v9_options(262, ((1, 4),), ((34, 4),))),
               a_set(262, u32(0), u32(50)))]


def data_v9(sequence):
    """One record, begun 40 s before the export."""
    return v9(1, sequence, 7, a_set(260, ip("10.0.0.3"), u32(2000), u32(60_000)), uptime=100_000)


# Bytes of a record, and what else is to be known of it.
WANTED = {1001: (100, BY_ID, (EXPORTED - 10) * NS), 1002: (200, BY_ID, (EXPORTED - 10) * NS),
          1009: (1, 0, (EXPORTED - 10) * NS), 2000: (50, BY_ALL, (EXPORTED - 40) * NS)}


class Exporters:
    """Two of them; the number of the next datagram of each."""

    def __init__(self, port):
        self.port, self.sequence = port, {IPFIX: 3, V9: 2}

    def send(self, address, datagrams):
        """From a port that is another one each time."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind((address, 0))
            for datagram in datagrams:
                one.sendto(datagram, ("127.0.0.1", self.port))

    def teach(self):
        """Everything but data, once."""
        self.send(IPFIX, teach_ipfix())
        self.send(V9, teach_v9())

    def data(self):
        """Nothing but data."""
        self.send(IPFIX, [data_ipfix(self.sequence[IPFIX])])
        self.send(V9, [data_v9(self.sequence[V9])])
        self.sequence[IPFIX] += 3
        self.sequence[V9] += 1


def known(records):
    """By bytes, what else is known of a record."""
    return {one[BYTES]: (one.get(RATE), one.get(RATE_SOURCE, 0), one.get(START))
            for one in records}


class Restarts:
    """The tests, on one agent."""

    def __init__(self, suite, agent, server):
        self.suite, self.agent, self.server = suite, agent, server
        self.exporters = Exporters(agent.udp_port)
        self.file = pathlib.Path(f"{agent.folder / 'spool'}.templates")

    def records(self):
        """Send data; returns what became of it."""
        self.exporters.data()
        found = {}
        try:
            until("four records arrive",
                  lambda: found.update(known(self.server.take())) or len(found) == len(WANTED), 8)
        except TimeoutError:
            pass
        return found

    def counters(self):
        """Of each exporter, what data alone must not change."""
        return {address: {name: one[name] for name in
                          ("templates", "TemplatesLearned", "BytesTemplates", "BytesOptions",
                           "SetsNoTemplate", "SequenceMissing")}
                for address, one in self.agent.exporters().items()}

    def goes_on(self, name, end):
        """The agent ends in some way and starts again; data is enough."""
        before = self.counters()
        end()
        until("the loop answers", self.agent.status)
        self.suite.equal(f"{name}: the status is as it was", self.counters(), before)
        self.suite.equal(f"{name}: data alone has rates and times as before", self.records(),
                         WANTED)
        self.suite.equal(f"{name}: nothing is missing or learned anew", self.counters(), before)

    def test_ends(self):
        """Every way to end, one after the other."""
        self.exporters.teach()
        self.suite.equal("templates, options, data: all is known", self.records(), WANTED)
        self.suite.equal("four templates are counted", sorted(
            one["templates"] for one in self.counters().values()), [2, 3])
        self.goes_on("both processes killed", lambda: (self.agent.kill_all(), self.agent.start()))
        self.goes_on("the loop killed alone", self.agent.kill_loop)
        self.goes_on("killed again", lambda: (self.agent.kill_all(), self.agent.start()))
        self.goes_on("ended in order", lambda: (self.agent.stop(), self.agent.start()))
        self.suite.check("the log says what is known", "5 templates and 3 sampling rates are known"
                         in self.agent.log.read_text(), self.agent.log.read_text())

    def test_damage(self):
        """The file is bent: it is put aside, and told."""
        self.agent.stop()
        data = bytearray(self.file.read_bytes())
        data[64 + 40] ^= 1              # in the first note
        self.file.write_bytes(data)
        self.agent.start()
        aside = pathlib.Path(f"{self.file}.damaged")
        self.suite.check("a damaged file is renamed", aside.exists() and
                         aside.read_bytes() == data)
        self.suite.check("the log says so", "was damaged; renamed to" in self.agent.log.read_text())
        self.begins_anew("damaged")

    def test_other_files(self):
        """Not ours, or of another size."""
        self.agent.stop()
        self.file.write_text("somebody else's\n")
        self.agent.start()
        self.begins_anew("somebody else's")
        self.agent.stop()
        self.agent.options[("agent", "templates")] = "600"
        self.agent.start()
        self.suite.check("another size begins anew and is told",
                         "of another size or version; begun anew" in self.agent.log.read_text())
        self.begins_anew("of another size")
        self.agent.stop()
        self.file.unlink()
        self.file.mkdir()
        self.agent.start()
        self.suite.check("without a file it runs and says what that means",
                         "have to tell theirs again" in self.agent.log.read_text())
        self.exporters.teach()
        self.suite.equal("without a file templates are known until the end", self.records(), WANTED)

    def begins_anew(self, name):
        """Nothing is known; once told it is, and lasts."""
        self.suite.equal(f"{name}: no template is known",
                         {one["templates"] for one in self.counters().values()}, {0})
        self.exporters.teach()
        self.suite.equal(f"{name}: told again it is known", self.records(), WANTED)
        self.goes_on(name, lambda: (self.agent.kill_all(), self.agent.start()))


def main():
    """Run it."""
    suite, server = Suite(), Server()
    with tempfile.TemporaryDirectory(prefix="netmeta-test-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)             # the loop runs as nobody
        agent = Agent(folder, {
            ("uplink", "url"): f"http://127.0.0.1:{server.server_port}/",
            ("uplink", "insecure"): "1", ("uplink", "compression"): "none"})
        tests = Restarts(suite, agent, server)
        try:
            agent.start()
            tests.test_ends()
            tests.test_damage()
            tests.test_other_files()
            suite.equal("the agent ends in order", agent.stop(), 0)
        finally:
            if suite.failed:
                print(agent.log.read_text())
            agent.close()
            server.shutdown()
    suite.finish()


if __name__ == "__main__":
    main()
