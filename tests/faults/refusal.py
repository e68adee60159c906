#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input from end to end: certificates, passwords, datagrams, files, and no server at all

What is wrong is told where people look, nothing leaves in clear, what was heard is held and is
delivered once the fault is gone, and a file of somebody else's is left alone.
"""
import re
import socket
import struct
import subprocess
import time

from chain import Chain, Suite, until
from proxy import Proxy

RATE = 50                       # datagrams a second from each of three exporters
STRANGER = "127.0.0.66"         # who sends what cannot be read
RECORDS_OF_TLS = {20, 21, 22}   # change cipher spec, alert, handshake: no application data


class Refusals:
    """The tests, on one stack and one spool."""

    def __init__(self, suite, chain):
        self.suite, self.chain = suite, chain
        self.agent, self.stack = chain.agent, chain.stack
        self.heard = 0
        self.good = {"url": f"https://127.0.0.1:{self.stack.https_port}/",
                     "ca_file": self.stack.authority,
                     "password_file": self.stack.home / "secrets" / "agent.password"}

    def feed(self):
        """Some records, all of them heard by the agent."""
        self.chain.send(RATE)
        time.sleep(0.3)
        self.heard += sum(self.chain.sent_all().values())
        until("the agent has heard all", lambda: self.agent.flows()["encoded"] == self.heard)

    def held(self, name, words, url=None, alarm=True, **uplink):
        """With this uplink everything is held, and status says why."""
        before = sum(row["rows"] for row in self.chain.survived().values())
        self.agent.start(**{**self.good, **uplink, **({"url": url} if url else {})})
        self.feed()
        state = until(f"{name} is told",
                      lambda: (now := self.agent.uplink()) and now["why"] and now)
        self.suite.check(f"{name} is told in status", re.search(words, state["why"]), state["why"])
        if alarm:
            self.suite.check(f"{name} is an alarm", state["alarm"], state)
        after = sum(row["rows"] for row in self.chain.survived().values())
        self.suite.equal(f"{name}: nothing is stored meanwhile", after, before)
        self.suite.equal(f"{name}: nothing is dropped", self.agent.flows()["dropped"], 0)

    def delivered(self, name):
        """All that was heard until now arrives."""
        until(f"{name} is over", self.chain.delivered)
        stored = sum(row["rows"] for row in self.chain.survived().values())
        self.suite.equal(f"{name}: all of it is delivered afterwards", stored, self.heard)
        self.suite.equal(f"{name}: the agent ends in order", self.agent.stop(), 0)

    def cured(self, name):
        """A restart with the right configuration delivers what was held."""
        self.agent.stop()
        self.agent.start(**self.good)
        self.delivered(name)

    # --- the tests -----------------------------------------------------------------------
    def test_certificates(self):
        """Nobody vouches for the server, or it is another one."""
        stranger = self.stack.folder / "stranger.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj",
                        "/CN=Somebody else", "-keyout", self.stack.folder / "stranger.key", "-out",
                        stranger], check=True, capture_output=True)
        for name, address, ca_file, words in (
                ("an unknown authority", "127.0.0.1", stranger, "no authority in .*stranger.pem"),
                ("another name", "127.0.0.2", self.stack.authority, "another name")):
            with Proxy(self.stack.https_port, address) as proxy:
                self.held(name, words, f"https://{address}:{proxy.port}/", ca_file=ca_file)
                until("it was tried twice", lambda: proxy.connections > 1)  # pylint: disable=W0640
                self.cured(name)
                kinds = set().union(*map(kinds_of_records, proxy.heard))
                self.suite.check(f"{name}: nothing but a handshake left the agent",
                                 kinds and kinds <= RECORDS_OF_TLS, f"{kinds} {proxy.heard}")

    def test_password(self):
        """A wrong one, mended by changing the file and starting anew."""
        file = self.stack.folder / "password"
        file.write_text("wrong\n")
        file.chmod(0o644)
        self.held("a wrong password", "516|AUTHENTICATION|password", password_file=file)
        self.agent.stop()
        file.write_text(self.stack.password("agent"))
        self.agent.start(**{**self.good, "password_file": file})
        self.delivered("a wrong password")

    def test_server_down(self):
        """It starts without a server and delivers when there is one."""
        with Proxy(self.stack.https_port) as proxy:
            proxy.close()
            self.held("a server that is down", "refused", f"https://127.0.0.1:{proxy.port}/",
                      alarm=False)
            proxy.open()
            self.delivered("a server that is down")

    def test_datagrams(self):
        """What cannot be read is counted by reason and exporter; unknown is not malformed."""
        record = bytes(48)
        bad = (struct.pack("!H", 99) + bytes(30),               # no version that we know: 32 bytes
               v5_header(2) + record + record[:10],             # the second record is cut: 10 bytes
               struct.pack("!HHIII", 10, 20, 0, 0, 0) + struct.pack("!HH", 256, 3))
        self.agent.start(**self.good)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((STRANGER, 0))
            for datagram in bad:
                stranger.sendto(datagram, ("127.0.0.1", self.agent.udp_port))
        self.heard += 1
        until("the agent has read them", lambda: self.agent.flows()["encoded"] == self.heard and
              sum(one["Datagrams"] for one in self.of_stranger()) == len(bad))
        for count, wanted in (("BytesUnknownVersion", 32), ("BytesTruncated", 10),
                              ("BytesBadLength", 4), ("DatagramsMalformed", 2),
                              ("RecordsDecoded", 1)):
            self.suite.equal(f"bad datagrams: {count} of their exporter",
                             sum(one[count] for one in self.of_stranger()), wanted)
        self.suite.check("bad datagrams: the sum of the bytes closes",
                         all(one["bytes_close"] for one in self.of_stranger()))
        self.delivered("bad datagrams")

    def of_stranger(self):
        """The counters of who sends them, for each protocol."""
        return [one for one in self.agent.status()["exporters"]
                if one["address"].endswith(STRANGER)]

    def test_foreign_file(self):
        """Something else at the spool's path."""
        file = self.stack.folder / "letters"
        file.write_text("Dear Sir or Madam\n" * 1000)
        before = file.read_bytes()
        self.agent.options["agent", "spool"] = file
        status, said = self.ends_at_start()
        self.suite.equal("a foreign file at the spool's path: exit status 2", status, 2)
        self.suite.check("a foreign file at the spool's path is named", str(file) in said, said)
        self.suite.equal("a foreign file at the spool's path is not touched",
                         file.read_bytes(), before)

    def test_configuration(self):
        """A word that means nothing."""
        self.agent.options["agent", "spool"] = self.stack.folder / "spool"
        self.agent.options["agent", "seal_time"] = "soon"
        status, said = self.ends_at_start()
        line = 1 + self.agent.config.read_text().split("\n").index("\toption seal_time 'soon'")
        self.suite.equal("a bad configuration: exit status 2", status, 2)
        self.suite.check("a bad configuration: file, line and word are named",
                         f"{self.agent.config}:{line}: seal_time: " in said, said)

    def ends_at_start(self):
        """Exit status and words of an agent that cannot start."""
        self.agent.configure(**self.good)
        ended = subprocess.run([self.agent.program, "run", "-c", self.agent.config], timeout=30,
                               capture_output=True, text=True, check=False)
        return ended.returncode, ended.stderr


def v5_header(count):
    """Of a NetFlow v5 datagram."""
    return struct.pack("!HHIIIIBBH", 5, count, 100_000, int(time.time()), 0, 0, 0, 0, 0)


def kinds_of_records(heard):
    """The kinds of the TLS records in a stream; what is no TLS has other kinds (RFC 8446, 5.1)."""
    kinds = set()
    while len(heard) >= 5:
        kinds.add(heard[0])
        heard = heard[5 + int.from_bytes(heard[3:5], "big"):]
    return kinds


def main():
    """Run them all."""
    suite = Suite()
    begun = time.monotonic()
    with Chain() as chain:
        tests = Refusals(suite, chain)
        for test in (tests.test_certificates, tests.test_password, tests.test_server_down,
                     tests.test_datagrams, tests.test_foreign_file, tests.test_configuration):
            test()
    print(f"     {time.monotonic() - begun:.0f} s")
    suite.finish()


if __name__ == "__main__":
    main()
