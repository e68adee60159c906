#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How fast is it? Tables, from programs that are built here.

    bench.py [--out FOLDER]... [--smoke | --deep] [--part record|agent|loss]...

FOLDER is an output of make: build/native and build/x86_64-linux-musl unless said otherwise; the
last one's program is compared with others. Each figure is the best of several runs, taken in
turns, because other programs only ever take time away. --smoke runs everything with small counts
and judges counts alone, never a time. --deep compares with goflow2, which it builds.
docs/PERFORMANCE.md explains the figures.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# pylint: disable=wrong-import-position
from collectors import Goflow2, Netmeta, Nfcapd, until

SOURCE = HERE.parent.parent
KINDS = ("v5", "v9", "ipfix", "dual", "names", "sflow", "vxlan")
STAGES = ("decode", "encode", "store")
PACKETS = ("tcp4", "tcp6", "qinq", "udp4", "vxlan")
WORDS = ("none", "lz4", "gzip")
OUTS = ("native", "x86_64-linux-musl")
BUFFER = 2 << 20            # netmeta's preset of receive_buffer


class Suite:
    """Counts tests; every name is a sentence."""

    def __init__(self):
        self.passed = self.failed = 0

    def equal(self, name, found, wanted):
        """One test that compares."""
        good = found == wanted
        self.passed += good
        self.failed += not good
        print(f"ok   {name}" if good else f"FAIL {name}: found {found!r}, wanted {wanted!r}",
              flush=True)

    def finish(self):
        """Print the last line and leave."""
        print(f"{self.passed} passed, {self.failed} failed, 0 skipped")
        sys.exit(bool(self.failed))


class Bench:
    """What all parts share: the outputs, the cores, a folder, how often."""

    def __init__(self, outs, smoke, deep):
        self.outs = [pathlib.Path(out).resolve() for out in outs]
        self.smoke, self.deep = smoke, deep
        self.times = 1 if smoke else 5
        cores = sorted(os.sched_getaffinity(0))
        self.core, self.other = (cores[-1], cores[0]) if len(cores) > 1 else (None, None)
        self.suite = Suite()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench", dir=roomy()))
        self.folder.chmod(0o711)    # the agent's loop runs as nobody
        for out in self.outs:
            self._build(out)

    @staticmethod
    def _build(out):
        programs = [out / "tests" / "bench" / one for one in ("record", "dissect", "generate")]
        static = ["STATIC=1"] if "musl" in out.name else []
        subprocess.run(["make", "-s", "-C", SOURCE, f"O={out}", *static, out / "netmeta",
                        *programs], check=True, stdout=subprocess.DEVNULL,
                       env={"MAKEFLAGS": f"-j{os.cpu_count()}", **os.environ})

    def pinned(self, command, core):
        """The command, on that core."""
        return [*(["taskset", "-c", str(core)] if core is not None else []), *map(str, command)]

    def tool(self, out, *words):
        """The words that a measuring program prints."""
        command = [out / "tests" / "bench" / words[0], *words[1:]]
        ran = subprocess.run(self.pinned(command, self.core), capture_output=True, text=True,
                             check=True)
        return ran.stdout.split()

    def generate(self, kind, port, rate, records):
        """What the generator says it sent."""
        command = [self.outs[-1] / "tests" / "bench" / "generate", kind, port, rate, records]
        ran = subprocess.run(self.pinned(command, self.other), capture_output=True, text=True,
                             check=True)
        return json.loads(ran.stdout)


def provide(smoke):
    """The packages of what measures and of what is compared."""
    if not all(map(shutil.which, ("gcc", "openssl"))):
        subprocess.run([SOURCE / "scripts" / "apt.sh", "build", "openssl"], check=True)
    if not smoke and not all(map(shutil.which, ("nfcapd", "sfcapd", "valgrind"))):
        subprocess.run([SOURCE / "scripts" / "apt.sh", "bench"], check=True)


def roomy():
    """A folder in memory when it has room for what nfcapd writes; None: the usual one."""
    try:
        room = os.statvfs("/dev/shm")
        return "/dev/shm" if room.f_bavail * room.f_frsize > 4 << 30 else None
    except OSError:
        return None


def row(*cells, width=12):
    """A line of the table."""
    first, *others = map(str, cells)
    print(f"{first:<34}" + "".join(f"{cell:>{width}}" for cell in others), flush=True)


# --- a record, in one process ------------------------------------------------------------------

def instructions(bench, out, *words):
    """Of a unit, by valgrind: the difference of two lengths leaves out what is done once."""
    def whole(rounds):
        ran = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                              out / "tests" / "bench" / words[0], *words[1:], str(rounds)],
                             capture_output=True, text=True, check=True)
        return int(ran.stderr.split("Collected : ")[1].split()[0])
    units = int(bench.tool(out, *words, "3")[0]) - int(bench.tool(out, *words, "1")[0])
    return round((whole(3) - whole(1)) / units)


def measure_records(bench):
    """Time and instructions of each kind and stage."""
    units = [("record", stage, kind) for kind in KINDS for stage in STAGES]
    units += [("dissect", packet) for packet in PACKETS]
    for out in bench.outs:
        best = {}
        for _ in range(bench.times):
            for unit in units:
                rounds = 3 if bench.smoke else 150 if unit[0] == "record" else 200000
                said = bench.tool(out, *unit, str(rounds))
                best[unit] = min(best.get(unit, 1 << 62), int(said[4]))
        if bench.smoke:
            bench.suite.equal(f"every kind of record passes every stage ({out.name})",
                              len(best), len(units))
            continue
        counted = shutil.which("valgrind") and out == bench.outs[0]
        print(f"\nfrom memory, {out.name}: ns{' and instructions' if counted else ''} a record")
        row("", "decode", "+ encode", "+ store")
        for kind in KINDS:
            steps = [("record", stage, kind) for stage in STAGES]
            row(kind, *(f"{best[step] / 1000:.0f}" +
                        (f" {instructions(bench, out, *step)}" if counted else "")
                        for step in steps))
        for packet in PACKETS:
            unit = ("dissect", packet)
            row(f"headers of {packet}", f"{best[unit] / 1000:.0f}" +
                (f" {instructions(bench, out, *unit)}" if counted else ""))


# --- the whole agent -----------------------------------------------------------------------------

class NullServer:
    """null_server.py with certificates made for it."""

    def __init__(self, bench, order="client"):
        self.folder = bench.folder / "tls"
        if not self.folder.exists():
            self.folder.mkdir(mode=0o755)
            subprocess.run(["sh", SOURCE / "tests" / "linux" / "certificates.sh", self.folder],
                           check=True)
        command = ["/usr/bin/python3", HERE / "null_server.py", self.folder / "ecdsa.pem",
                   self.folder / "ecdsa.key", order]
        self.process = subprocess.Popen(bench.pinned(command, bench.other), text=True,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def uplink(self, word):
        """Options of an uplink to it."""
        return {"url": f"https://127.0.0.1:{self.port}/", "ca_file": self.folder / "ca.pem",
                "compression": word}

    def end(self):
        """What it received."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=20)
        return json.loads(said)


def acknowledged(agent, sent):
    """Whether the server has all of it; raises when that cannot be any more."""
    if agent.kernel_drops():
        raise TimeoutError(f"{agent.kernel_drops()} datagrams dropped: the machine is too busy")
    lane = agent.lane()
    return lane if lane["acknowledged"] >= sent and not lane["held"] else None


def run_agent(bench, out, kind, word, order="client"):
    """One run, UDP to acknowledged: figures. The connection is there before the clock starts."""
    server = NullServer(bench, order)
    rate, records, seal = (20000, 10000, "100ms") if bench.smoke else (50000, 250000, "2s")
    agent = Netmeta(bench.folder, out / "netmeta", bench.core, server.uplink(word), seal)
    try:
        agent.start()
        first = bench.generate(kind, agent.port, rate, 1000)["records"]
        until("the first records are acknowledged", lambda: acknowledged(agent, first))
        before = agent.cpu_ns()
        sent = bench.generate(kind, agent.port, rate, records)["records"]
        lane = until("all is acknowledged", lambda: acknowledged(agent, first + sent))
        cost, resident = agent.cpu_ns() - before, agent.resident()
    finally:
        agent.stop()
        got = server.end()
    return {"lost": first + sent - lane["acknowledged"], "closes": lane["closes"],
            "ns": cost / sent, "bytes": got["bytes"] / (first + sent), "rss": resident,
            "cipher": got["cipher"]}


def packings(out):
    """How this program can pack a batch; static ones may go without gzip."""
    said = subprocess.run([out / "netmeta", "--version"], capture_output=True, text=True,
                          check=True).stdout.split()
    return [word for word in WORDS if word == "none" or word in said]


def measure_agent(bench):
    """All kinds of compression, best of several runs in turns."""
    kinds = ("ipfix", "sflow") if bench.smoke else ("v5", "v9", "ipfix", "sflow")
    for out in bench.outs:
        words, runs = packings(out), {}
        turns = [(kind, word, "client") for kind in kinds for word in words]
        turns += [] if bench.smoke else [("ipfix", word, "server") for word in words]
        for _ in range(1 if bench.smoke else 3):
            for turn in turns:
                try:
                    runs.setdefault(turn, []).append(run_agent(bench, out, *turn))
                except TimeoutError as error:
                    print(f"left out: {turn}: {error}", file=sys.stderr)
        for turn in turns:
            bench.suite.equal(f"{out.name}: {', '.join(turn[:2])}: all of it is acknowledged",
                              {(run["lost"], run["closes"]) for run in runs.get(turn, [])},
                              {(0, True)})
        if not bench.smoke and not bench.suite.failed:
            print_agent(out, {turn: min(of, key=lambda run: run["ns"])
                              for turn, of in runs.items()})


def print_agent(out, best):
    """The table of one program."""
    print(f"\n{out.name}, whole agent, UDP to acknowledged over TLS:")
    print("ns of CPU a record (bytes a record on the wire)")
    words = list(dict.fromkeys(word for _, word, _ in best))
    row("", *words, "RSS kB", width=16)
    for kind, order in dict.fromkeys((kind, order) for kind, _, order in best):
        runs = [best[kind, word, order] for word in words]
        row(f"{kind}, {runs[0]['cipher']}",
            *(f"{run['ns']:.0f} ({run['bytes']:.1f})" for run in runs),
            max(run["rss"] for run in runs), width=16)


# --- loss ---------------------------------------------------------------------------------------

def collectors(bench, kind):
    """What is compared, by name: a function that makes it."""
    sflow = kind in ("sflow", "vxlan")
    program = "sfcapd" if sflow else "nfcapd"
    made = {"netmeta": lambda: Netmeta(bench.folder, bench.outs[-1] / "netmeta", bench.core)}
    if shutil.which(program):
        made[program] = lambda: Nfcapd(bench.folder, bench.core, program)
        made[f"{program} -B {BUFFER}"] = lambda: Nfcapd(bench.folder, bench.core, program,
                                                        ("-B", BUFFER))
    if bench.deep:
        goflow2 = subprocess.run([HERE / "goflow2.sh"], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout.strip()
        made["goflow2"] = lambda: Goflow2(bench.folder, goflow2, bench.core,
                                          "sflow" if sflow else "netflow")
    return made


def probe(bench, make, kind, rate, seconds):
    """One run of a fresh collector at a rate: (lost, real rate, ns of CPU a record)."""
    one = make()
    try:
        one.start()
        before = one.cpu_ns()
        sent = bench.generate(kind, one.port, rate, int(rate * seconds))
        time.sleep(0.2)
        cost = (one.cpu_ns() - before) / sent["records"]
        received = one.received(sent["records"])
    finally:
        one.stop()
    return sent["records"] - received, sent["records"] * 1e9 / sent["ns"], cost


def ceiling(bench, make, kind, ladder):
    """The highest rate without loss, by bisection; a rate has two chances."""
    low, high, best = 0, len(ladder), 0.0
    while low < high:
        middle = (low + high) // 2
        for _ in range(2):
            lost, rate, _ = probe(bench, make, kind, ladder[middle], 1.5)
            if not lost:
                break
        if lost:
            high = middle
        else:
            best, low = max(best, rate), middle + 1
    return best


def measure_loss(bench):
    """The rate before loss, and what a record costs at a rate that all of them can bear."""
    if bench.smoke:
        lost, _, _ = probe(bench, collectors(bench, "ipfix")["netmeta"], "ipfix", 20000, 0.5)
        bench.suite.equal("without an uplink nothing is lost either", lost, 0)
        return
    for kind in ("v5", "ipfix", "sflow"):
        made = collectors(bench, kind)
        ladder = [int(100000 * 1.2 ** step) for step in range(25)]
        tops, costs = {name: [] for name in made}, {name: [] for name in made}
        for _ in range(3):
            for name, make in made.items():
                tops[name].append(ceiling(bench, make, kind, ladder))
                costs[name].append(probe(bench, make, kind, 100000, 3)[2])
        print(f"\n{kind}: records/s before loss (best, median), ns of CPU a record at 100,000/s")
        row("", "best", "median", "ratio", "ns", "ratio")
        for name in made:
            row(name, f"{max(tops[name]):.0f}", f"{statistics.median(tops[name]):.0f}",
                f"{max(tops[name]) / max(tops['netmeta']):.2f}", f"{min(costs[name]):.0f}",
                f"{min(costs[name]) / min(costs['netmeta']):.2f}")


PARTS = {"record": measure_records, "agent": measure_agent, "loss": measure_loss}


def main():
    """Run the parts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", action="append")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--part", action="append", choices=PARTS)
    words = parser.parse_args()
    provide(words.smoke)
    bench = Bench(words.out or [SOURCE / "build" / one for one in OUTS[:1 + (not words.smoke)]],
                  words.smoke, words.deep)
    try:
        for name in words.part or PARTS:
            PARTS[name](bench)
    finally:
        shutil.rmtree(bench.folder)
    bench.suite.finish()


if __name__ == "__main__":
    main()
