#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How much of core/ the unit tests and golden cases reach, by lines and by branches.

    coverage.py [--out FOLDER]

clang builds the tests with counters (build/coverage), all of them run, and the counts of all are
put together; a branch counts twice, once for each way. Exit status 1: a test failed, or less than
LINES percent of the lines of core/ were reached.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
COUNTED = "-O0 -g -fprofile-instr-generate -fcoverage-mapping"
LINES = 95                  # percent


def run_tests(folder):
    """Build and run all tests; each process leaves its counts in FOLDER/counts."""
    counts = folder / "counts"
    counts.mkdir(parents=True, exist_ok=True)
    for old in counts.glob("*.profraw"):
        old.unlink()
    subprocess.run(["make", "-s", "-j2", f"O={folder}", "CC=clang", f"CFLAGS={COUNTED}", "check"],
                   cwd=TOP, check=True,
                   env={**os.environ, "LLVM_PROFILE_FILE": f"{counts}/%p.profraw"})
    return counts


def programs(folder):
    """The tests that were built."""
    return [path for path in sorted(folder.glob("tests/**/*"))
            if path.is_file() and os.access(path, os.X_OK) and not path.suffix]


def summaries(folder, counts):
    """(file, summary) for each file of core/, over all tests."""
    merged = folder / "all.profdata"
    raw = [str(path) for path in sorted(counts.glob("*.profraw"))]
    subprocess.run(["llvm-profdata", "merge", "-sparse", "-o", merged, *raw], check=True)
    first, *others = programs(folder)
    objects = [word for path in others for word in ("-object", str(path))]
    out = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}",
                          str(first), *objects], check=True, capture_output=True, text=True)
    rows = ((pathlib.Path(row["filename"]), row["summary"])
            for row in json.loads(out.stdout)["data"][0]["files"])
    return sorted((path.name, summary) for path, summary in rows
                  if path.parent == TOP / "core" and path.suffix == ".c")


def percent(part):
    """Of a summary's part; all of nothing is reached."""
    return 100 * part["covered"] / part["count"] if part["count"] else 100


def main():
    """Run them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=pathlib.Path, default=TOP / "build/coverage")
    folder = parser.parse_args().out.resolve()
    rows = summaries(folder, run_tests(folder))
    total = {kind: {key: sum(summary[kind][key] for _, summary in rows)
                    for key in ("covered", "count")} for kind in ("lines", "branches")}
    for name, summary in [*rows, ("core/", total)]:
        print(f"{name:24} " + "   ".join(
            f"{summary[kind]['covered']:5} of {summary[kind]['count']:5} {kind}"
            f" {percent(summary[kind]):5.1f} %" for kind in ("lines", "branches")))
    enough = percent(total["lines"]) >= LINES
    print(f"{int(enough)} passed, {int(not enough)} failed, 0 skipped")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
