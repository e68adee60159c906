#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Mutation run: small faults are put into the decoders, one at a time; do the tests notice?

    mutate.py [--count N] [--out FOLDER] [--workers N] [FILE.c...]

N mutants (400) are picked from all of the files, always the same ones. A mutant that does not
compile is not counted; one is caught when a test that links its object fails, crashes or does not
end. Survivors that change nothing anybody could see are listed with their reason in
tests/mutation/survivors. Exit status 1: less than 90 % were caught.
"""
import argparse
import concurrent.futures
import os
import pathlib
import resource
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from mutants import mutants_of       # pylint: disable=wrong-import-position

TOP = pathlib.Path(__file__).resolve().parents[2]
FILES = """detect decode exporter netflow5 ipfix optdata park recall recollect template layout
steps section sampling unknown sflow sflow_sample sflow_record sflow_counter datasource packet
packet_ip packet_link packet_media packet_text tunnel""".split()
SURVIVORS = TOP / "tests/mutation/survivors"
LIMIT_S = 20                # CPU seconds of a test; the slowest takes three
MEMORY = 4 << 30
TARGET = 90                 # percent


class Build:
    """What make built, and how."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(["make", "-s", "-j2", f"O={folder}", "check"], cwd=TOP, check=True,
                       stdout=subprocess.DEVNULL)
        self.tests = [self.command(path.with_name(path.name[1:-4]))
                      for path in sorted(folder.glob("tests/**/.*.cmd"))
                      if not path.name.endswith((".o.cmd", ".a.cmd"))]

    def command(self, output):
        """The command that made an output."""
        saved = output.with_name(f".{output.name}.cmd").read_text()
        return shlex.split(saved.split(":=", 1)[1])

    def compile_of(self, path):
        """The command that compiles a file of ours, without what it is compiled to and from."""
        words = self.command(self.folder / path.replace(".c", ".o"))
        return words[:words.index("-o")] + ["-w"]

    def links_of(self, path):
        """The link commands of the tests that need its object, small ones first."""
        wanted = str(self.folder / path.replace(".c", ".o"))
        return sorted((words for words in self.tests if wanted in words), key=len)


def limits():
    """For a child that may do anything."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 24, 1 << 24))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def passes(words, seconds=None):
    """Whether a command ends well."""
    try:
        return subprocess.run(words, cwd=TOP, stdout=subprocess.DEVNULL, timeout=seconds,
                              stderr=subprocess.DEVNULL, preexec_fn=limits,
                              check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def judge(build, mutant):
    """"caught by NAME", "survives", or "" when it is no program."""
    with tempfile.TemporaryDirectory() as folder:
        source, changed = pathlib.Path(folder, "mutant.c"), pathlib.Path(folder, "mutant.o")
        source.write_text(mutant.apply((TOP / mutant.path).read_text()))
        if not passes(build.compile_of(mutant.path) + ["-o", str(changed), str(source)]):
            return ""
        wanted = str(build.folder / mutant.path.replace(".c", ".o"))
        for words in build.links_of(mutant.path):
            name = pathlib.Path(words[words.index("-o") + 1]).name
            # a test finds its data by its own name
            program = pathlib.Path(folder, name)
            linked = [str(changed) if word == wanted else word for word in words]
            linked[linked.index("-o") + 1] = str(program)
            if not passes(linked) or not passes([str(program)], 4 * LIMIT_S):
                return f"caught by {name}"
            program.unlink()
    return "survives"


def known_survivors():
    """Name of a mutant -> the reason why nobody can see it."""
    known, reason = {}, ""
    for line in SURVIVORS.read_text().splitlines() if SURVIVORS.exists() else []:
        if line.startswith("# "):
            reason = line[2:]
        elif line:
            known[line] = reason
    return known


def pick(files, count):
    """The first mutants of the order of their names; `count` are enough that some do not compile."""
    found = []
    for path in files:
        found += mutants_of(path, (TOP / path).read_text())
    return sorted(found, key=lambda mutant: mutant.order()), count


def run(build, mutants, count, workers):
    """(mutant, verdict) of the first `count` that compile."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        at = 0
        while len(results) < count and at < len(mutants):
            some = mutants[at:at + min(50, count - len(results))]
            at += len(some)
            for mutant, verdict in zip(some, pool.map(lambda m: judge(build, m), some)):
                if verdict:
                    results.append((mutant, verdict))
                    print(f"{len(results):4} {mutant.path}:{mutant.line_number}: {mutant.line}: "
                          f"{mutant.what}: {verdict}", flush=True)
    return results


def report(results):
    """Say what survived; the exit status."""
    known = known_survivors()
    survivors = [mutant for mutant, verdict in results if verdict == "survives"]
    by_file = {}
    for mutant, verdict in results:
        row = by_file.setdefault(mutant.path, [0, 0])
        row[0] += verdict != "survives"
        row[1] += 1
    print("\ncaught  of  file")
    for path, (caught, total) in sorted(by_file.items()):
        print(f"{caught:6} {total:4} {path}")
    for mutant in survivors:
        print(f"\nsurvives: {mutant.name()}\n          "
              f"{known.get(mutant.name(), 'no reason is listed')}")
    caught = len(results) - len(survivors)
    unexplained = sum(mutant.name() not in known for mutant in survivors)
    good = caught * 100 >= TARGET * len(results) > 0
    print(f"\n{caught} of {len(results)} mutants caught "
          f"({caught * 1000 // max(len(results), 1) / 10} %), {len(survivors)} survive, "
          f"{unexplained} of them without a listed reason")
    print(f"{int(good)} passed, {int(not good)} failed, 0 skipped")
    return 0 if good else 1


def main():
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=pathlib.Path, default=TOP / "build/mutation")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    files = args.files or [f"core/{name}.c" for name in FILES if (TOP / f"core/{name}.c").exists()]
    build = Build(args.out.resolve())
    mutants, count = pick(files, args.count)
    print(f"{len(mutants)} mutants of {len(files)} files, {count} of them run")
    return report(run(build, mutants, count, args.workers))


if __name__ == "__main__":
    sys.exit(main())
