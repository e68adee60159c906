#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""netmeta-stack up, down, migrate and status: what they leave, and what they must not touch."""
import os
import pathlib
import signal
import subprocess
import sys
import urllib.error
import urllib.request

from stack import SOURCE, Stack, Suite, message_classes, new_incarnation
from manage.layout import Layout
from manage.process import Process, wait_until


def processes_of(folder):
    """Command lines of the processes that were started for a stack."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line and "netmeta-stack" not in line:
            found.append(line)
    return found


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows a redirection instead of following it."""

    def redirect_request(self, *_):
        return None


class Lifecycle:
    """The tests, in the order in which they stand: each goes on where the last one ended."""

    def __init__(self, suite, stack):
        self.suite, self.stack = suite, stack

    def run(self):
        """All of them."""
        self.test_again()
        self.test_page()
        self.test_killed()
        self.test_options()
        self.test_down()
        self.test_delete()

    def flows(self):
        """Rows stored so far."""
        return self.stack.plain().rows("SELECT count() AS n FROM netmeta.flows")[0]["n"]

    def test_again(self):
        """Commands that find everything done."""
        suite, stack = self.suite, self.stack
        before = processes_of(stack.home)
        suite.equal("a stack is two processes", len(before), 2)
        suite.check("up on a running stack changes nothing",
                    "TABLES  no changes" in stack.command("up") and
                    processes_of(stack.home) == before)
        suite.check("migrate a second time changes nothing",
                    "TABLES  no changes" in stack.command("migrate"))
        suite.equal("migrate --dry-run a second time prints nothing",
                    stack.command("migrate", "--dry-run"), "")
        status = stack.command("status")
        newest = len(list((SOURCE / "stack" / "sql" / "migrations").glob("*.sql")))
        suite.check("status tells health, versions and rows", all(
            words in status for words in (
                "https://127.0.0.1", "ClickHouse 26", f"schema      {newest} of {newest}",
                "flows                      0 rows")), status)
        flow = message_classes()["FlowMessage"]
        stack.post(f"lifecycle-{new_incarnation()}-0-flows-1", [flow(Bytes=1)] * 100)
        suite.check("status tells of an agent's rows",
                    "agent lifecycle: 100 rows" in stack.command("status"))
        suite.check("check finds nothing on a whole stack", "OK" in stack.command("check"))

    def fetch(self, path):
        """Status, content type or target, and body of a page."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
        try:
            with opener.open(f"http://127.0.0.1:{self.stack.http_port}{path}") as answer:
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Location"], b""

    def test_page(self):
        """What ClickHouse serves."""
        self.suite.equal("/ leads to the page", self.fetch("/")[:2], (302, "/view/"))
        wanted = [path for folder in ("view", "dashboards")
                  for path in (SOURCE / "stack" / folder).rglob("*.*")]
        wrong = []
        for path in wanted:
            name = str(path.relative_to(SOURCE / "stack"))
            status, content_type, body = self.fetch("/" + name)
            expected = {".js": "text/javascript", ".json": "application/json", ".css": "text/css",
                        ".html": "text/html"}.get(path.suffix)
            if expected and (status != 200 or expected not in content_type
                             or body != path.read_bytes()):
                wrong.append((name, status, content_type))
        self.suite.equal(f"each of the page's {len(wanted)} files is served as what it is",
                         wrong, [])
        for name in ("uPlot.esm.js", "uPlot.min.css"):
            self.suite.equal(f"the page finds {name}", self.fetch(f"/view/vendor/{name}")[0], 200)
        self.suite.check("without --open-reader nobody gets the reader's password",
                         self.stack.password("reader").encode()
                         not in self.fetch("/view/config.json")[2])

    def test_killed(self):
        """An engine that was killed."""
        engine = self.home_process("clickhouse")
        os.kill(engine.pid(), signal.SIGKILL)
        wait_until(lambda: engine.pid() is None, 10)
        self.suite.check("status of a broken stack fails", self.fails("status"))
        self.stack.command("up")
        self.suite.equal("up mends a stack whose engine was killed, with its rows",
                         self.flows(), 100)

    def test_options(self):
        """Settings that change."""
        passwords = [self.stack.password(user) for user in ("admin", "agent", "reader")]
        self.stack.command("up", "--open-reader", "--name", "collector.example")
        _, _, body = self.fetch("/view/config.json")
        self.suite.check("with --open-reader the page logs in by itself",
                         self.stack.password("reader").encode() in body, body)
        names = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in",
                                self.stack.home / "tls" / "server.pem"],
                               capture_output=True, text=True, check=True).stdout
        self.suite.check("--name puts a name into the certificate",
                         "DNS:collector.example" in names and "DNS:localhost" in names, names)
        self.suite.equal("passwords stay",
                         [self.stack.password(user) for user in ("admin", "agent", "reader")],
                         passwords)
        self.suite.equal("rows stay when settings change", self.flows(), 100)

    def test_down(self):
        """Stopping, and what must not be stopped."""
        self.stack.command("down")
        self.suite.equal("down leaves no process", processes_of(self.stack.home), [])
        self.suite.check("down leaves nothing of the run", not (self.stack.home / "run").exists())
        self.stack.command("down")
        with subprocess.Popen(["sleep", "600"]) as stranger:
            run = self.stack.home / "run"
            run.mkdir()
            (run / "stunnel.pid").write_text(f"{stranger.pid} 1\n")
            self.stack.command("down")
            self.suite.check("down does not stop a process that was given an old number",
                             stranger.poll() is None)
            stranger.kill()
        self.stack.command("up")
        self.suite.equal("rows are there after down and up", self.flows(), 100)

    def test_delete(self):
        """Nothing is left."""
        self.stack.command("down", "--delete")
        self.suite.equal("down --delete leaves no process", processes_of(self.stack.home), [])
        self.suite.equal("down --delete leaves no file", list(self.stack.folder.iterdir()), [])
        self.suite.check("verbs say so where no stack is", self.fails("status"))
        (self.stack.home).mkdir()
        (self.stack.home / "letter.txt").write_text("mine")
        self.suite.check("up does not touch a folder with other files", self.fails("up"))
        self.suite.equal("nor does it leave anything there",
                         [path.name for path in self.stack.home.iterdir()], ["letter.txt"])

    def home_process(self, name):
        """One of the stack's processes."""
        return Process(Layout(self.stack.home), name)

    def fails(self, verb):
        """Whether a verb exits with an error."""
        try:
            self.stack.command(verb)
        except RuntimeError:
            return True
        return False


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        Lifecycle(suite, stack).run()
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
