# SPDX-License-Identifier: Apache-2.0
"""An agent in a namespace, with a server there that takes its batches and reads the records.

The program is the first argument of the script that uses this.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from sampling import DEADLINE, run, same, until
from reading_server import Server

PROGRAM = sys.argv[1]

# Fields of FlowMessage and InterfaceMessage by their tags.
SAMPLING_RATE, BYTES, PACKETS, IN_IF, OUT_IF, PROTO, DST_PORT = 3, 9, 10, 18, 19, 20, 22
SRC_MAC, DST_MAC, VLAN = 27, 28, 29
FROM, DIRECTION, IN_KIND, OUT_KIND, APPROXIMATE, OWN, COVERAGE = \
    1100, 1104, 1119, 1120, 1130, 1131, 1132
INGRESS, EGRESS, INTERNAL, AGAIN = 1, 2, 3, 1
IF_INDEX, IF_NAME, IF_GONE, IF_SAMPLING, IN_COUNTED, IN_ESTIMATED = 1, 2, 14, 30, 34, 35
ETHERNET, IP4, UDP, TCP = 14, 20, 8, 32         # TCP with its timestamps


class Agent:
    """`netmeta run` inside a namespace, and the server there that it sends to."""

    def __init__(self, space, sections, name="agent"):
        self.space = space
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="netmeta-router-"))
        self.folder.chmod(0o711)
        self.config, self.log = self.folder / "conf", self.folder / "log"
        with space.inside():
            self.server = Server(("flows", "interfaces", "events"))
        self.config.write_text(f"""config agent
	option id '{name}'
	option spool '{self.folder}/run/spool'
	option control '{self.folder}/run/control'
	option spool_size '4M'
	option seal_time '100ms'
	option truth_window '5s'
	option sample_buffer '2M'
config uplink
	option url 'http://127.0.0.1:{self.server.server_address[1]}/'
	option insecure '1'
	option compression 'none'
	option retry_min '100ms'
{sections}""")
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *_):
        if kind:
            print(self.log.read_text())
        self.stop()
        self.server.shutdown()
        self.server.server_close()
        run("rm", "-r", str(self.folder))

    def start(self):
        """It answers when this returns."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", self.space.name, PROGRAM, "run", "-c", str(self.config)],
                stderr=log)
        until("the agent answers", self.status)

    def status(self):
        """What `netmeta status --json` says, or None."""
        asked = subprocess.run([PROGRAM, "status", "--json", "-c", str(self.config)],
                               capture_output=True, text=True, check=False)
        return json.loads(asked.stdout) if asked.returncode == 0 else None

    def interface(self, name):
        """What the status says of an interface, or {}."""
        state = self.status() or {"interfaces": []}
        return next((one for one in state["interfaces"] if one["name"] == name), {})

    def up(self, *names):
        """Until all of these are sampled."""
        until(f"{names} are sampled",
              lambda: all(self.interface(name).get("state") == "up" for name in names))

    def kill(self):
        """kill -9 of both processes at once."""
        pid = self.process.pid
        loop = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.process.kill()
        for child in loop:
            os.kill(int(child), signal.SIGKILL)
            until("the loop is gone", lambda: not os.path.exists(f"/proc/{child}/exe"))
        self.process.wait(DEADLINE)
        self.process = None

    def stop(self):
        """An orderly end: everything is delivered."""
        if self.process:
            self.process.terminate()
            same(self.process.wait(DEADLINE), 0, "it ended with")
        self.process = None

    def records(self):
        """End it; all flow records but those of the uplink itself."""
        self.stop()
        return [one for one in self.server.take() if not one.get(OWN)]


def sample(*interfaces, rate=1, source="auto", more=""):
    """A section of the configuration."""
    names = "".join(f"\tlist interface '{one}'\n" for one in interfaces)
    return f"config sample\n{names}\toption rate '{rate}'\n\toption source '{source}'\n{more}"


def udp(records, port, **wanted):
    """Records of datagrams to this port, of those for which all of it holds."""
    tags = {"at_in": IN_IF, "at_out": OUT_IF, "way": DIRECTION, "coverage": COVERAGE}
    return [one for one in records if one.get(PROTO) == 17 and one.get(DST_PORT) == port
            and all(one.get(tags[key], 0) == value for key, value in wanted.items())]
