#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What sampling of a router's packets costs: kernel.py PROGRAM LOAD [SECONDS]

A router of namespaces forwards 100,000 packets a second of 300 bytes in 10,000 flows. For each
source that this kernel has, and for softflowd beside them: CPU time of all processes of the agent,
in user mode and in the kernel, from schedstat, for a packet on the wire; the same without what
the agent takes when nothing happens; and for a sample. What the kernel does in softirq for a
packet is not in it. Run it as root on a quiet machine; `make bench-kernel` does.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "linux"), str(HERE.parent)]
# pylint: disable=wrong-import-position
from running import PROGRAM, Agent, sample
from sampling import Namespace, Router, mac, run, until

LOAD = sys.argv[2]
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
PACKETS = 100_000
RATES = (1000, 100, 10)


def pids(parent):
    """It and its children."""
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


def cpu_ns(parent):
    """So far."""
    return sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
               for pid in pids(parent))


def wait(seconds):
    """That is what is measured."""
    subprocess.run(["sleep", str(seconds)], check=True)


def load(router, packets=PACKETS):
    """Packets sent."""
    return int(run("ip", "netns", "exec", router.left.name, LOAD, "s0", mac("lan0"), str(packets),
                   str(SECONDS)))


def measured(router, pid):
    """Nanoseconds of an idle second, packets, nanoseconds in all of the load."""
    begun = cpu_ns(pid)
    wait(SECONDS)
    idle = (cpu_ns(pid) - begun) / SECONDS
    begun = cpu_ns(pid)
    packets = load(router)
    wait(0.5)
    return idle, packets, cpu_ns(pid) - begun


def show(name, rate, idle, packets, spent):
    """A row."""
    busy = max(0, spent - idle * (SECONDS + 0.5))
    print(f"{name:<10}{rate:>8}{idle / 1e7:>9.3f} %{spent / packets:>10.1f}{busy / packets:>10.1f}"
          f"{busy * rate / packets / 1000:>10.2f}", flush=True)


def of_agent(source, rate):
    """netmeta with one source."""
    router = Router(ipv6=False)
    with Agent(router.middle, sample("lan0", rate=rate, source=source,
                                     more="\toption direction ingress\n")) as agent:
        agent.up("lan0")
        wait(1)
        show(source, rate, *measured(router, agent.process.pid))


def of_softflowd(rate):
    """softflowd looks at every packet, or takes every rate-th of them in user space."""
    router = Router(ipv6=False)
    with tempfile.TemporaryDirectory() as folder:
        control = pathlib.Path(folder, "control")
        words = ["softflowd", "-d", "-i", "lan0", "-v", "9", "-n", "127.0.0.1:9", "-c", control,
                 "-p", pathlib.Path(folder, "pid"), *(["-s", str(rate)] if rate > 1 else [])]
        with subprocess.Popen(["ip", "netns", "exec", router.middle.name, *words],
                              stderr=subprocess.DEVNULL) as process:
            try:
                until("softflowd is there", control.exists)
                show("softflowd", rate, *measured(router, process.pid))
            finally:
                process.terminate()


def sources():
    """Those that work here."""
    space = Namespace("probe")
    lines = space.run(f"{PROGRAM} sources", check=False).splitlines()
    return [line.split()[0] for line in lines if " works" in line]


def main():
    """The table."""
    jobs = [(of_agent, (source, rate)) for source in sources() for rate in RATES]
    if shutil.which("softflowd"):
        jobs += [(of_softflowd, (rate,)) for rate in (1, 100)]
    print(f"{'source':<10}{'1 in':>8}{'idle':>11}{'ns/packet':>10}{'no idle':>10}{'us/sample':>10}")
    for job, words in jobs:
        job(*words)
        for space in list(Namespace.there):
            space.end()


main()
