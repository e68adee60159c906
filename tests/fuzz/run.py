#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the fuzz targets with libFuzzer under ASan and UBSan, and says which lines they reach.

    run.py [--seconds N] [--lines PERCENT] [--workers N] [--out FOLDER] [TARGET...]

Each target starts from its seeds and from what earlier runs found, in FOLDER/corpus (build/fuzz).
The table at the end has the executions of this run and, over the whole corpus, the lines
reached in the files that a target is there for, if --lines asks for it. Exit status 1: a target
crashed, hung or leaked (the input is kept in FOLDER/found), or reached fewer of a file's lines than
--lines says.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import struct
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
HERE = TOP / "tests/fuzz"
FUZZ = ["-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"]
COVER = ["-O0", "-fsanitize=fuzzer", "-fprofile-instr-generate", "-fcoverage-mapping"]
PCAP_HEADER = 24
INPUT_MOST = 4096           # bytes; a datagram has at most 1500 to 9000, and seeds are shorter

# What each target is there for; of other files that it links it reaches what it happens to.
PURPOSE = {
    "fuzz-bpf_ring": "bpf_ring",
    "fuzz-conf": "conf conf_lex conf_option conf_value",
    "fuzz-decode": "detect netflow5 ipfix optdata park template layout steps section "
                   "sampling sflow sflow_sample sflow_record sflow_counter datasource",
    "fuzz-explain": "explain explain_netflow5 explain_ipfix explain_field explain_template "
                    "explain_sflow element",
    "fuzz-http": "http",
    "fuzz-netlink": "rtnl tc_read",
    "fuzz-nflog": "nflog_read",
    "fuzz-nl_attr": "nl_attr",
    "fuzz-packet": "packet packet_ip packet_link packet_media packet_text tunnel sample",
    "fuzz-packet_ring": "packet_ring",
    "fuzz-pcap": "pcap",
    "fuzz-psample": "psample_read",
    "fuzz-recall": "recall recollect",
    "fuzz-spool": "spool_inspect spool_send",
    "fuzz-tc": "tc_read",
}


class Build:
    """The sources and flags of each target, as make knows them."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run(["make", "-s", "-j2", f"O={folder}", "LIBMNL=own", "check"], cwd=TOP,
                       check=True, stdout=subprocess.DEVNULL)

    def targets(self):
        """Names of all targets."""
        return sorted(path.stem for path in HERE.glob("fuzz-*.c"))

    def words(self, output):
        """The command that made an output."""
        saved = (self.folder / output).parent / f".{pathlib.Path(output).name}.cmd"
        return shlex.split(saved.read_text().split(":=", 1)[1])

    def sources(self, target):
        """C files of a target, without the main program of its everyday form."""
        objects = [pathlib.Path(word).relative_to(self.folder)
                   for word in self.words(f"tests/fuzz/{target}") if word.endswith(".o")]
        return [str(self.source_of(path)) for path in objects if path.name != "replay.o"]

    def source_of(self, path):
        """The C file that an object was compiled from."""
        words = self.words(str(path))
        return words[-1]

    def flags(self, target):
        """Where headers are and which features are on; warnings are the compiler's that builds."""
        words = self.words(f"tests/fuzz/{target}.o")
        keep = []
        for i, word in enumerate(words):
            if word.startswith(("-I", "-D", "-std=")):
                keep.append(word)
            elif word in ("-include", "-isystem"):
                keep += [word, words[i + 1]]
        return keep

    def make(self, target, flags, name):
        """A program of clang's."""
        program = self.folder / name / target
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["clang", "-g", "-w", *flags, *self.flags(target),
                        *dict.fromkeys(self.sources(target)), "-o", str(program)],
                       cwd=TOP, check=True)
        return program


def datagrams(capture):
    """The datagrams of one of our own captures, in the form that fuzz-decode reads."""
    data, at = capture.read_bytes(), PCAP_HEADER
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + size]
        headers = 14 + 8 + (20 if frame[12:14] == b"\x08\x00" else 40)
        yield struct.pack(">HB", size - headers, 1) + frame[headers:]
        at += 16 + size


def pieces(inputs):
    """Inputs put together as far as they stay short; each piece begins with the first, which
    most often has the templates."""
    first, *others = inputs
    piece = first
    for one in others:
        if len(piece) + len(one) > INPUT_MOST:
            yield piece
            piece = first
        piece += one
    yield piece


def own_captures(folder):
    """Our own captures as inputs: what bends well."""
    for path in sorted((TOP / "tests/data").glob("*.pcap")):
        if path.name.startswith("hdr-"):
            continue
        for number, piece in enumerate(pieces(datagrams(path))):
            (folder / f"{path.stem}-{number}").write_bytes(piece)


def fuzz(build, target, seconds):
    """(whether all went well, executions) of one target."""
    program = build.make(target, FUZZ, "fuzz")
    corpus, found = build.folder / "corpus" / target, build.folder / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    if target == "fuzz-decode":
        own_captures(corpus)
    seeds = HERE / "seeds" / target.removeprefix("fuzz-")
    log = build.folder / f"{target}.log"
    with open(log, "w", encoding="utf-8") as output:
        status = subprocess.run(
            [program, f"-max_total_time={seconds}", f"-max_len={INPUT_MOST}", "-timeout=10",
             "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=1", "-seed=1",
             f"-artifact_prefix={found}/{target}-", corpus, seeds],
            cwd=build.folder, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    text = log.read_text(encoding="utf-8", errors="replace")
    if status:
        print(f"FAIL {target}:\n" + "\n".join(text.splitlines()[-40:]))
    units = re.search(r"number_of_executed_units: (\d+)", text)
    return status == 0, int(units.group(1)) if units else 0


def lines_reached(build, target):
    """(file, lines reached, lines) for the files that a target is there for; of one that it does
    not link there are no lines."""
    program = build.make(target, COVER, "cover")
    raw, data = program.with_suffix(".profraw"), program.with_suffix(".profdata")
    seeds = HERE / "seeds" / target.removeprefix("fuzz-")
    subprocess.run([program, "-runs=0", build.folder / "corpus" / target, seeds], check=True,
                   cwd=build.folder, env={**os.environ, "LLVM_PROFILE_FILE": str(raw)},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["llvm-profdata", "merge", "-o", data, raw], check=True)
    exported = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={data}",
                               program], check=True, capture_output=True, text=True).stdout
    rows = {name: (name, 0, 0) for name in (f"{stem}.c" for stem in PURPOSE[target].split())}
    for row in json.loads(exported)["data"][0]["files"]:
        name, lines = pathlib.Path(row["filename"]).name, row["summary"]["lines"]
        if name in rows:
            rows[name] = (name, lines["covered"], lines["count"])
    return list(rows.values())


def main():
    """Run them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=pathlib.Path, default=TOP / "build/fuzz")
    parser.add_argument("targets", nargs="*")
    args = parser.parse_args()
    build = Build(args.out.resolve())
    aimless = set(build.targets()) ^ set(PURPOSE)
    if aimless:
        sys.exit(f"{' '.join(sorted(aimless))}: not both a target and in PURPOSE")
    targets = args.targets or build.targets()
    with concurrent.futures.ThreadPoolExecutor(args.workers) as pool:
        runs = list(pool.map(lambda target: fuzz(build, target, args.seconds), targets))
    passed = failed = 0
    for target, (good, units) in zip(targets, runs):
        rows = lines_reached(build, target) if good and args.lines is not None else []
        print(f"{target}: {units:,} executions")
        failed += not good
        passed += good
        for name, reached, lines in rows:
            enough = lines > 0 and reached * 100 >= args.lines * lines
            share = reached * 100 / max(lines, 1)
            print(f"  {name:<20} {reached:5} of {lines:5} lines, {share:5.1f} %"
                  f"{'' if enough else '  FAIL: too few'}")
            passed += enough
            failed += not enough
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
