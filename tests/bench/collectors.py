# SPDX-License-Identifier: Apache-2.0
"""The collectors that are measured, all in one manner: start, what it received, what it cost, stop.

netmeta is measured as it is delivered. Foreign programs run under limits of memory, file size and
CPU time, and write into a folder that is gone afterwards.
"""
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
# pylint: disable=wrong-import-position
from polling import DEADLINE, until

SPOOL = "16M"
LIMITS = ["prlimit", f"--fsize={2 << 30}", "--as=unlimited", "--cpu=120", "--core=0"]


def free_port(kind=socket.SOCK_DGRAM):
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def sockets(port):
    """The kernel's lines on UDP sockets that listen on that port."""
    lines = [line.split() for name in ("udp", "udp6")
             for line in pathlib.Path("/proc/net", name).read_text().splitlines()[1:]]
    return [line for line in lines if line[1].endswith(f":{port:04X}")]


class Collector:
    """A program that listens on a UDP port."""

    name = ""

    def __init__(self, folder, core=None):
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.pin = ["taskset", "-c", str(core)] if core is not None else []
        self.log = self.folder / f"{self.name.split()[0]}.log"
        self.process = None

    def _run(self, *command):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*self.pin, *map(str, command)], stdout=log,
                                            stderr=log, cwd=self.folder)
        until(f"{self.name} listens", lambda: sockets(self.port) and self.ready())

    def start(self):
        """It listens when this returns."""
        raise NotImplementedError

    def ready(self):
        """Whether it also does what it is for."""
        return True

    def processes(self):
        """Its process and the children of that."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def cpu_ns(self):
        """Time that all its threads were on a processor, in user mode and in the kernel."""
        return sum(int(path.read_text().split()[0]) for pid in self.processes()
                   for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"))

    def resident(self):
        """kB of memory of its last process, where the work is done, without a spool."""
        total, counts = 0, False
        for line in pathlib.Path(f"/proc/{self.processes()[-1]}/smaps").read_text().splitlines():
            words = line.split()
            if not words[0].endswith(":"):
                counts = not words[-1].endswith("/spool")
            elif words[0] == "Rss:" and counts:
                total += int(words[1])
        return total

    def kernel_drops(self):
        """Datagrams that found no room in the socket."""
        return sum(int(line[12]) for line in sockets(self.port))

    def stop(self):
        """End it in order."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def received(self, wanted):
        """Records it knows of, a second after the last one at the latest. May stop it."""
        raise NotImplementedError


class Netmeta(Collector):
    """`netmeta run`; the uplink is a dictionary of options, or there is none."""

    name = "netmeta"

    def __init__(self, folder, program, core=None, uplink=None, seal="2s"):
        super().__init__(folder, core)
        self.program, self.uplink, self.seal = program, uplink, seal
        self.config = self.folder / "netmeta.conf"

    def start(self):
        agent = {"id": "bench", "spool": self.folder / "spool", "spool_size": SPOOL,
                 "control": self.folder / "control", "seal_time": self.seal, "log": "warn"}
        lines = ["config agent", *(f"\toption {key} '{value}'" for key, value in agent.items()),
                 "config listen", "\toption address '127.0.0.1'", f"\tlist port '{self.port}'"]
        if self.uplink:
            lines += ["config uplink 'centre'",
                      *(f"\toption {key} '{value}'" for key, value in self.uplink.items())]
        self.config.write_text("\n".join(lines) + "\n")
        (self.folder / "spool").unlink(missing_ok=True)
        self._run(self.program, "run", "-c", self.config)

    def ready(self):
        return self.status()

    def status(self):
        """What `netmeta status --json` says, or None."""
        asked = subprocess.run([self.program, "status", "--json", "-c", self.config],
                               capture_output=True, text=True, check=False)
        return json.loads(asked.stdout) if asked.returncode == 0 else None

    def lane(self):
        """What became of the flow records at the uplink."""
        return next(one for one in self.status()["uplinks"][0]["streams"]
                    if one["stream"] == "flows")

    def decoded(self):
        """Records decoded so far, of all exporters."""
        return sum(one["RecordsDecoded"] for one in self.status()["exporters"])

    def received(self, wanted):
        return _settled(self.decoded, wanted)


class Nfcapd(Collector):
    """nfcapd, or sfcapd for sFlow, from Debian; it says what it received when it ends."""

    name = "nfcapd"

    def __init__(self, folder, core=None, program="nfcapd", options=()):
        super().__init__(folder, core)
        self.program, self.options = program, options
        self.flows = self.folder / "nfcapd"

    def start(self):
        self.flows.mkdir(exist_ok=True)
        for old in self.flows.iterdir():
            old.unlink()
        self._run(*LIMITS, self.program, "-b", "127.0.0.1", "-p", self.port, "-w", self.flows,
                  "-t", "3600", *self.options)

    def received(self, wanted):
        until(f"{self.program} has read all",
              lambda: all(line[4].endswith(":00000000") for line in sockets(self.port)))
        self.stop()
        return sum(map(int, re.findall(r"Flows: (\d+)", self.log.read_text())))


class Goflow2(Collector):
    """goflow2, to Protobuf as netmeta does, and into /dev/null."""

    name = "goflow2"
    counted = re.compile(r'^goflow2_flow_process_(?:nf_flowset_records_total\{.*"DataFlowSet"|'
                         r'sf_samples_records_total).* (\S+)$', re.MULTILINE)

    def __init__(self, folder, program, core=None, scheme="netflow"):
        super().__init__(folder, core)
        self.program, self.scheme = program, scheme
        self.http = free_port(socket.SOCK_STREAM)

    def start(self):
        self._run(*LIMITS, "env", "GOMEMLIMIT=1GiB", self.program,
                  "-listen", f"{self.scheme}://127.0.0.1:{self.port}",
                  "-addr", f"127.0.0.1:{self.http}", "-format", "bin", "-transport", "file",
                  "-transport.file", "/dev/null")

    def decoded(self):
        """Records decoded so far, by its metrics."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/metrics", timeout=5) as page:
            return int(sum(map(float, self.counted.findall(page.read().decode()))))

    def received(self, wanted):
        return _settled(self.decoded, wanted)


def _settled(count, wanted, patience=1.0):
    """The count when it is what is wanted, or after a second."""
    deadline = time.monotonic() + patience
    while (found := count()) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found
