#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load: what was sent is stored or reported as a gap, and nothing is stored twice

    kill.py [--deep]     4 times the loop and twice both processes; deep: 20 and 5 times
"""
import random
import sys
import time

from chain import Chain, Suite, until

RATE = 250              # datagrams a second from each of three exporters


def kill_often(chain, loops, both):
    """Kill, at moments drawn at random but the same in every run, while records come and go."""
    chance = random.Random(9)
    # a loop that dies again and again is started later each time; a new parent starts at once
    kills = [chain.agent.kill_loop] * loops
    for i in range(both):
        kills.insert((i + 1) * len(kills) // both, chain.agent.kill_all)
    for kill in kills:
        time.sleep(chance.uniform(0.1, 0.9))
        kill()
        if kill == chain.agent.kill_all:
            chain.agent.start()
        until("the loop answers again", chain.agent.status)


def tell(suite, sent, lost, found):
    """The tests."""
    suite.check("all three exporters were heard and reach the server",
                set(found) == set(sent) == set(lost), f"{found} {sent} {lost}")
    for exporter, records in sent.items():
        row = found.get(exporter, {"rows": 0, "different": 0})
        print(f"     {exporter}: {records} sent, {row['rows']} stored, "
              f"{lost.get(exporter)} missing")
        suite.equal(f"{exporter}: what was sent is stored or missing by its sequence",
                    row["rows"] + lost.get(exporter, 0), records)
        suite.equal(f"{exporter}: no record is stored twice", row["rows"], row["different"])


def main():
    """Run it."""
    deep = "--deep" in sys.argv
    loops, both = (20, 5) if deep else (4, 2)
    suite = Suite()
    begun = time.monotonic()
    with Chain() as chain:
        chain.agent.start()
        chain.send(RATE)
        until("the first rows are there", chain.survived)
        kill_often(chain, loops, both)
        time.sleep(0.5)
        sent = chain.sent_all()
        until("everything is delivered", chain.delivered)
        found = chain.survived()
        tell(suite, sent, chain.lost_by_sequence(), found)
        suite.equal("the agent ends in order", chain.agent.stop(), 0)
        chain.closes(suite)
    print(f"     {loops} times the loop, {both} times both: {time.monotonic() - begun:.0f} s")
    suite.finish()


if __name__ == "__main__":
    main()
