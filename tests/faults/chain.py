# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: the agent as a process, its exporters, and what became of records.

Everything is real: `netmeta run`, datagrams over loopback, TLS, ClickHouse.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "stack"), str(HERE.parent)]
# pylint: disable=wrong-import-position,unused-import
from stack import Stack, Suite, netmeta
from exporters import RECORDS
from polling import DEADLINE, until

V9 = "127.0.0.9"

SURVIVED = """
SELECT replaceOne(toString(SamplerAddress), '::ffff:', '') AS exporter, count() AS rows,
	uniqExact(Packets) AS different, max(Packets) AS last
FROM netmeta.flows GROUP BY exporter"""


class Agent:
    """`netmeta run` with a configuration in a folder."""

    def __init__(self, folder, options):
        self.folder, self.program = folder, netmeta()
        self.config = folder / "netmeta.conf"
        self.log = folder / "netmeta.log"
        self.udp_port = free_udp_port()
        self.options = {
            ("agent", "id"): "faults", ("agent", "spool"): folder / "spool",
            ("agent", "control"): folder / "control", ("agent", "seal_time"): "200ms",
            ("agent", "ledger_interval"): "1s", ("listen", "address"): "127.0.0.1",
            ("listen", "port"): self.udp_port, ("uplink", "user"): "agent",
            ("uplink", "retry_min"): "100ms", ("uplink", "retry_max"): "1s", **options}
        self.process = None

    def configure(self, **uplink):
        """Write the file; words given here replace those of the uplink."""
        self.options.update({("uplink", name): value for name, value in uplink.items()})
        lines = []
        for section in ("agent", "listen", "uplink"):
            lines.append(f"config {section}" + (" 'centre'" if section == "uplink" else ""))
            lines += [f"\toption {name} '{value}'"
                      for (where, name), value in self.options.items() if where == section]
        self.config.write_text("\n".join(lines) + "\n")

    def start(self, **uplink):
        """Start it; it answers when this returns."""
        self.configure(**uplink)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, "run", "-c", self.config], stderr=log)
        until("the agent answers", self.status)

    def status(self):
        """What `netmeta status --json` says, or None."""
        asked = subprocess.run([self.program, "status", "--json", "-c", self.config],
                               capture_output=True, text=True, check=False)
        return json.loads(asked.stdout) if asked.returncode == 0 else None

    def loop(self):
        """The process of the loop: the oldest child of the first one; None while there is none."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0]) if children else None

    def kill_loop(self):
        """kill -9 the loop; its parent starts it again."""
        os.kill(until("the loop runs", self.loop), signal.SIGKILL)

    def kill_all(self):
        """kill -9 both processes at once."""
        until("the loop runs", self.loop)
        self.close()

    def close(self):
        """The same, whatever state it is in; both are gone when this returns."""
        if not self.process:
            return
        loop = self.loop() if self.process.poll() is None else None
        self.process.kill()
        if loop:
            os.kill(loop, signal.SIGKILL)
            until("the loop is gone", lambda: not pathlib.Path(f"/proc/{loop}/exe").exists())
        self.process.wait()
        self.process = None

    def stop(self):
        """An orderly end; returns the exit status."""
        self.process.terminate()
        status = self.process.wait(DEADLINE)
        self.process = None
        return status

    def uplink(self):
        """The state of the uplink."""
        state = self.status()
        return state["uplinks"][0] if state else None

    def flows(self):
        """What became of the flow records."""
        state = self.uplink()
        return next(one for one in state["streams"] if one["stream"] == "flows") if state else None

    def exporters(self):
        """The counters of each exporter by address."""
        state = self.status()
        return {one["address"].replace("::ffff:", ""): one
                for one in state["exporters"]} if state else {}


class Exporters:
    """The sending process."""

    def __init__(self, port):
        self.process = subprocess.Popen([sys.executable, HERE / "exporters.py", str(port)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def rate(self, datagrams):
        """So many datagrams a second from each from now on."""
        self.process.stdin.write(f"rate {datagrams}\n")
        self.process.stdin.flush()

    def end(self):
        """Records that each has sent in all."""
        said, _ = self.process.communicate("end\n", DEADLINE)
        return json.loads(said)

    def close(self):
        """For good, whatever it does."""
        self.process.kill()
        self.process.wait()


class Chain:
    """A stack, an agent and exporters, gone without a trace at the end."""

    def __init__(self, options=None):
        self.stack = Stack()
        self.stack.folder.chmod(0o711)      # the loop runs as nobody
        self.agent = Agent(self.stack.folder, options or {})
        self.sender = None

    def __enter__(self):
        self.stack.__enter__()
        self.agent.configure(url=f"https://127.0.0.1:{self.stack.https_port}/",
                             ca_file=self.stack.authority,
                             password_file=self.stack.home / "secrets" / "agent.password")
        return self

    def __exit__(self, kind, *_):
        if kind:
            print(self.agent.log.read_text() if self.agent.log.exists() else "no log")
        if self.sender:
            self.sender.close()
        self.agent.close()
        self.stack.__exit__()

    def send(self, datagrams):
        """Start sending."""
        self.sender = Exporters(self.agent.udp_port)
        self.sender.rate(datagrams)

    def sent_all(self):
        """Stop sending; returns what was sent."""
        sent = self.sender.end()
        self.sender = None
        return sent

    def lost_by_sequence(self):
        """Records that the exporters' sequences say never arrived, by exporter."""
        return {address: (one["SequenceMissing"] - one["SequenceLate"]) *
                (RECORDS if address == V9 else 1)
                for address, one in self.agent.exporters().items()}

    def delivered(self):
        """Whether the agent holds no flow record any more."""
        lane = self.agent.flows()
        return lane and not lane["held"]

    def all_arrived(self, sent):
        """Whether the agent has decoded all that was sent, and holds nothing of it any more."""
        decoded = {address: one["RecordsDecoded"]
                   for address, one in self.agent.exporters().items()}
        return decoded == sent and self.delivered()

    def closes(self, suite):
        """A test: all that the agent calls acknowledged is there, in batches and in rows."""
        try:
            said = self.stack.command("check")
        except RuntimeError as error:
            said = str(error)
        suite.check("the ledger closes on the server", "OK" in said and "netmeta-stack" not in said,
                    said)

    def survived(self):
        """What ClickHouse has, by exporter: rows, different ones, and the last one's number."""
        return {row["exporter"]: row for row in self.stack.plain().rows(SURVIVED)}


def free_udp_port():
    """A UDP port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
