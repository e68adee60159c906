#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The server stops in the middle of a POST: nothing is lost, nothing is stored twice

    server.py [--deep]      2 times with lz4, once with gzip and with none; deep: 5 times each

Each time three faults, one after the other: the connection is cut in the middle of a body; it is
cut after the body and before the answer, so that the agent cannot know the outcome; ClickHouse is
killed in the middle of a body, and started again.
"""
import os
import signal
import sys
import time

from chain import Chain, Suite, until
from proxy import Proxy

RATE = 100                  # datagrams a second from each of three exporters: 700 kB of rows
MIDDLE = 20_000             # bytes of a body that is longer, compressed too
BODIES = {("agent", "seal_bytes"): "512K", ("agent", "seal_time"): "1s",
          ("agent", "spool_size"): "64M", ("uplink", "timeout"): "5s"}


class Faults:
    """What happens to the server."""

    def __init__(self, chain, proxy):
        self.chain, self.proxy = chain, proxy
        self.engine = chain.stack.home / "run" / "clickhouse.pid"

    def cut_in_mid_body(self):
        """The connection ends after so many bytes."""
        self.proxy.cut_next(MIDDLE)
        until("a body was cut", self.proxy.has_cut)

    def cut_before_the_answer(self):
        """The server has it all; the agent does not hear of it."""
        self.proxy.cut_next_answer(MIDDLE)
        until("an answer was cut", self.proxy.has_cut)

    def kill_in_mid_body(self):
        """The engine itself is gone, for a while."""
        self.proxy.cut_next(MIDDLE, self._kill_engine)
        until("the engine was killed", self.proxy.has_cut)
        until("the agent is refused", lambda: self.chain.agent.uplink()["why"])
        self.chain.stack.command("up")

    def _kill_engine(self):
        os.kill(int(self.engine.read_text().split()[0]), signal.SIGKILL)


def run(suite, chain, proxy, word, times):
    """Faults under load, then the account."""
    faults = Faults(chain, proxy)
    chain.agent.start(url=f"https://127.0.0.1:{proxy.port}/", compression=word)
    chain.send(RATE)
    until("the first rows are there", chain.survived)
    for _ in range(times):
        for fault in (faults.cut_in_mid_body, faults.cut_before_the_answer,
                      faults.kill_in_mid_body):
            fault()
            before = chain.agent.flows()["acknowledged"]
            until("it is delivered again",
                  lambda: chain.agent.flows()["acknowledged"] > before)   # pylint: disable=W0640
    sent = chain.sent_all()
    until("everything is delivered", lambda: chain.all_arrived(sent))
    found = chain.survived()
    suite.equal(f"{word}: what was sent is stored, every record",
                {exporter: row["rows"] for exporter, row in found.items()}, sent)
    suite.equal(f"{word}: no record is stored twice",
                {exporter: row["different"] for exporter, row in found.items()}, sent)
    lane = chain.agent.flows()
    suite.equal(f"{word}: no record was sent without knowing whether it had arrived",
                lane["maybe_doubled"], 0)
    suite.equal(f"{word}: the agent ends in order", chain.agent.stop(), 0)
    chain.closes(suite)


def main():
    """Run it."""
    deep = "--deep" in sys.argv
    suite = Suite()
    for word, times in (("lz4", 2), ("gzip", 1), ("none", 1)):
        begun = time.monotonic()
        with Chain(BODIES) as chain, Proxy(chain.stack.https_port) as proxy:
            run(suite, chain, proxy, word, 5 if deep else times)
        print(f"     {word}: {5 if deep else times} times each of three faults: "
              f"{time.monotonic() - begun:.0f} s")
    suite.finish()


if __name__ == "__main__":
    main()
