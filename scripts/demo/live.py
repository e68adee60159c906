#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo's live line: live.py NETMETA CONFIGURATION SECONDS (0: until Ctrl-C)

Once a second it asks the agent how it is. On a terminal the line is written over; elsewhere there
is one in five seconds. Exit status 1 when the agent does not answer.
"""
import json
import signal
import subprocess
import sys
import time


def status(netmeta, configuration):
    """The agent's own figures, or None."""
    asked = subprocess.run([netmeta, "status", "--json", "-c", configuration], text=True,
                           capture_output=True, check=False)
    return json.loads(asked.stdout) if asked.returncode == 0 else None


def losses(state, lane):
    """Everything that was lost somewhere between an exporter and ClickHouse."""
    never_came = sum(one["SequenceMissing"] - one["SequenceLate"] for one in state["exporters"])
    kernel = sum(one["kernel_drops"] for one in state["listeners"])
    return never_came + kernel + lane["dropped"] + lane["quarantined"]


def flows(state):
    """What became of the flow records on their way to the one uplink."""
    return next(one for one in state["uplinks"][0]["streams"] if one["stream"] == "flows")


def line(state, seconds, rate):
    """The figures as text."""
    uplink, lane = state["uplinks"][0], flows(state)
    text = (f"  {seconds:5.0f} s   rows {lane['acknowledged']:>9,}   {rate:5,.0f}/s   "
            f"lag {uplink['lag_ms'] / 1000:4.1f} s   losses {losses(state, lane):,}")
    return text + ("   ALARM: " + uplink["why"] if uplink["alarm"] else "")


def watch(netmeta, configuration, seconds):
    """Until it is over; returns the exit status."""
    terminal = sys.stdout.isatty()
    pause = 1 if terminal else 5
    begun = now = time.monotonic()
    rows = None
    while not seconds or now - begun < seconds:
        state = status(netmeta, configuration)
        if not state:
            return 1
        before, rows = rows, flows(state)["acknowledged"]
        if before is not None:
            text = line(state, now - begun, (rows - before) / pause)
            print(f"\r{text}\033[K" if terminal else text, end="" if terminal else "\n", flush=True)
        time.sleep(pause)
        now = time.monotonic()
    return 0


def main():
    """Ctrl-C is the usual end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    result = 0
    try:
        result = watch(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    except KeyboardInterrupt:
        pass
    print()
    return result


if __name__ == "__main__":
    sys.exit(main())
