# SPDX-License-Identifier: Apache-2.0
"""What the stack needs from elsewhere: Debian packages, ClickHouse's engine from npm, the launcher.

npm's packages and the launcher are made once for all stacks of this source tree, in build/.
"""
import os
import pathlib
import shutil
import subprocess

from .layout import SOURCE, StackError

NPM = SOURCE / "build" / "stack-npm"
LAUNCHER = SOURCE / "build" / "stack-launcher"
LIBRARY = NPM / "node_modules" / "@chdb" / "lib-linux-x64-gnu" / "libchdb.so"
CHARTS = NPM / "node_modules" / "uplot" / "dist"

# A program, and the Debian packages that bring it.
PROGRAMS = {
    "gcc": ["gcc", "libc6-dev"],
    "npm": ["nodejs", "npm", "ca-certificates"],
    "openssl": ["openssl"],
    "stunnel4": ["stunnel4"],
}


def provide():
    """Have everything at hand; quick when nothing is missing."""
    missing = [package for program, packages in PROGRAMS.items() if not shutil.which(program)
               for package in packages]
    if missing:
        _run([SOURCE / "scripts" / "apt.sh", *missing], "installing " + " ".join(missing))
    _provide_npm()
    source = SOURCE / "stack" / "launcher" / "launcher.c"
    if not LAUNCHER.exists() or LAUNCHER.stat().st_mtime < source.stat().st_mtime:
        LAUNCHER.parent.mkdir(exist_ok=True)
        _run(["gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", source, "-o", LAUNCHER, "-ldl"],
             "compiling the launcher")


def _provide_npm():
    lock = (SOURCE / "stack" / "package-lock.json").read_text()
    installed = NPM / "installed-lock.json"     # written last: what stands in node_modules
    if installed.exists() and installed.read_text() == lock:
        return
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / "stack" / name, NPM / name)
    print("  NPM     ClickHouse's engine (550 MB)", flush=True)
    _run(["npm", "ci", "--prefix", NPM, "--ignore-scripts", "--no-audit", "--no-fund",
          "--loglevel=error"], "installing from npm")
    installed.write_text(lock)


def _run(command, doing):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            env=_environment(), check=False)
    if result.returncode:
        raise StackError(f"{doing} failed:\n{result.stdout}{result.stderr}".strip())


def _environment():
    """npm trusts its own list of authorities; let it see the machine's as well."""
    bundle = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
    environment = dict(os.environ)
    if bundle.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(bundle))
    return environment
