# SPDX-License-Identifier: Apache-2.0
"""A background process that outlives the command which started it.

Its pid is kept in a file with the time the kernel says it started, so that a number that was given
to somebody else since is never signalled.
"""
import os
import pathlib
import signal
import subprocess
import time


class Process:
    """One process, known by its file in the stack's run folder."""

    def __init__(self, layout, name):
        self.pid_file = layout.run / f"{name}.pid"
        self.output = layout.logs / f"{name}.out"

    def start(self, command, folder=None, environment=None):
        """Start it in a session of its own."""
        with open(self.output, "wb") as output:
            # pylint: disable=consider-using-with
            child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=subprocess.STDOUT, start_new_session=True,
                                     env={**os.environ, **(environment or {})})
        self.pid_file.write_text(f"{child.pid} {_started(child.pid)}\n")

    def pid(self):
        """Its pid while it runs, otherwise None."""
        try:
            pid, started = map(int, self.pid_file.read_text().split())
        except (FileNotFoundError, ValueError):
            return None
        return pid if _started(pid) == started else None

    def wait(self, seconds):
        """Whether it has ended, waiting at most so long."""
        return wait_until(lambda: self.pid() is None, seconds)

    def stop(self, seconds):
        """Ask it to end, and end it if it does not; forget it."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            pid = self.pid()
            if pid:
                os.kill(pid, number)
                self.wait(seconds)
        self.pid_file.unlink(missing_ok=True)

    def last_words(self):
        """What it printed."""
        return self.output.read_text(errors="replace").strip() if self.output.exists() else ""


def wait_until(condition, seconds):
    """Poll a condition; returns whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _started(pid):
    """Start time of a running process in ticks since boot, otherwise None."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[19]) if fields[0] not in "ZX" else None
