#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The spool overflows with the uplink down: what the ledger calls dropped is what is not stored

The smallest spool gets more than it holds while nobody listens; then it may deliver. The oldest
go first, so the last record of each exporter has to be there.
"""
import time

from chain import Chain, Suite, until
from proxy import Proxy

RATE = 150                  # datagrams a second from each of three exporters
DROPS = 20_000              # records to be dropped before the uplink comes back
SMALL = {("agent", "spool_size"): "1M", ("agent", "drain_time"): "10s"}

LEDGER = """
SELECT max(RecordsDropped) AS dropped, max(RecordsAcknowledged) AS acknowledged,
	argMax(RecordsHeld, TimeReceivedNs) AS held
FROM netmeta.ledger WHERE Kind = 'LEDGER_UPLINK' AND Stream = 'flows'"""


def run(suite, chain, proxy):
    """Fill it, let it deliver, compare."""
    proxy.close()
    chain.agent.start(url=f"https://127.0.0.1:{proxy.port}/")
    chain.send(RATE)
    until("the spool overflows", lambda: chain.agent.flows()["dropped"] > DROPS)
    state = chain.agent.uplink()
    suite.check("while it is down, status says why", "refused" in state["why"], state["why"])
    sent = chain.sent_all()
    proxy.open()
    until("everything that is left is delivered", lambda: chain.all_arrived(sent))
    found, lane = chain.survived(), chain.agent.flows()
    suite.equal("the agent ends in order", chain.agent.stop(), 0)
    stored = sum(row["rows"] for row in found.values())
    (ledger,) = chain.stack.plain().rows(LEDGER)
    print(f"     {sum(sent.values())} sent, {stored} stored, {ledger['dropped']} dropped")
    suite.check("some were dropped and some were kept", stored and ledger["dropped"] > DROPS)
    suite.equal("dropped in the ledger is sent minus stored", ledger["dropped"],
                sum(sent.values()) - stored)
    suite.equal("acknowledged in the ledger is stored", ledger["acknowledged"], stored)
    suite.equal("nothing is held at the end", ledger["held"], 0)
    suite.equal("status and ledger agree", (lane["dropped"], lane["acknowledged"]),
                (ledger["dropped"], ledger["acknowledged"]))
    suite.equal("nothing is stored twice",
                sum(row["different"] for row in found.values()), stored)
    suite.equal("the newest were kept",
                {name: row["last"] + 1 for name, row in found.items()}, sent)
    chain.closes(suite)


def main():
    """Run it."""
    suite = Suite()
    begun = time.monotonic()
    with Chain(SMALL) as chain, Proxy(chain.stack.https_port) as proxy:
        run(suite, chain, proxy)
    print(f"     {time.monotonic() - begun:.0f} s")
    suite.finish()


if __name__ == "__main__":
    main()
