#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many instructions the plugin costs tshark, counted by valgrind (callgrind): a figure that a loaded machine
hardly changes: two runs differ by some millions. Nothing here judges; a tshark that fails ends it.

    -z conv,tcp       with the plugin and without it: what reading a packet costs, over packets
    a JSON row        -z seamark,chunks,json less -z conv,tcp, both with the plugin, over the rows

With `--events` what the events of bodies cost instead, on a capture of server-sent events, a chunk each, and on the same bytes as
text/plain, whose events are not read.

With `--tls SEAMARK` what a stream over TLS costs instead: without its keys, with them, and in clear, each captured by `seamark lab`
(as root, or where users may make networks), less what tshark takes for a capture of a few packets.

With `--profiles FOLDER` the profiles stay there, for callgrind_annotate."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "captures"))
sys.dont_write_bytecode = True
import make_big  # noqa: E402
from tshark import Tshark, Unfit  # noqa: E402

RUNS = {  # {name: (statistic, with the plugin)}
    "rows": ("seamark,chunks,json", True),
    "conversations": ("conv,tcp", True),
    "without": ("conv,tcp", False),
}


def count(tshark, capture, name):
    """(instructions, lines of standard output that are JSON objects, profile) of one of RUNS."""
    statistic, plugin = RUNS[name]
    profile = tshark.home / f"{capture.stem}-{name}.callgrind"
    program = shutil.which("tshark")
    process = tshark.start("--tool=callgrind", f"--callgrind-out-file={profile}", program, "-q", "-r", str(capture),
                           "-z", statistic, plugin=plugin, program=shutil.which("valgrind"),
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    total = re.search(rb"^==\d+== Collected : (\d+)", err, re.MULTILINE)
    if process.returncode or not total:
        sys.exit(f"instructions: tshark -z {statistic} ended with status {process.returncode}:\n"
                 + err.decode(errors="replace"))
    return int(total[1]), sum(line.startswith(b"{") for line in out.splitlines()), profile


def keep(given, profiles):
    if given.profiles:
        given.profiles.mkdir(parents=True, exist_ok=True)
        for profile in profiles:
            shutil.copyfile(profile, given.profiles / profile.name)


def make(folder, tshark, kind, chunks):
    made = Path(folder) / f"{kind}.pcap"
    subprocess.run([sys.executable, "-B", make_big.__file__, kind, made, "--chunks", str(chunks)], check=True, stdout=sys.stderr)
    tshark.add([made])
    return tshark.path_of(made.name)


def events(tshark, folder, given):
    """What the events of bodies cost. [profiles]"""
    captures = {kind: make(folder, tshark, kind, given.chunks) for kind in ("tokens", "text")}
    cases = [(kind, name) for kind in captures for name in ("conversations", "without")]
    with ThreadPoolExecutor(given.jobs) as pool:
        counts = dict(zip(cases, pool.map(lambda case: count(tshark, captures[case[0]], case[1]), cases)))
    for (kind, name), (total, *_) in counts.items():
        print(f"{kind}: tshark -q -z conv,tcp, {'with' if RUNS[name][1] else 'without'} the plugin: {total / 1e6:,.1f} M instructions")
    for kind in captures:
        print(f"{kind}: with the plugin {counts[kind, 'conversations'][0] / counts[kind, 'without'][0]:.4f} of without")
    added = {kind: counts[kind, "conversations"][0] - counts[kind, "without"][0] for kind in captures}
    share = (added["tokens"] - added["text"]) / counts["tokens", "without"][0]
    print(f"of which reading the events: {share:.4f} of without, {(added['tokens'] - added['text']) / given.chunks:,.0f} instructions an event")
    return [profile for *_, profile in counts.values()]


def lab(tshark, folder, seamark, name, query, *options):
    """A capture of one response of `seamark lab`, without the recorded calls."""
    whole, packets = Path(folder) / f"{name}.whole.pcapng", Path(folder) / f"{name}.pcapng"
    subprocess.run([seamark, "lab", "--quiet", "--record", "calls", "--emit", query + "&nodelay=1&tag=none", "-o", whole, *options],
                   check=True)
    subprocess.run([shutil.which("tshark"), "-r", whole, "-Y", "eth", "-w", packets], check=True, stderr=subprocess.DEVNULL)
    return packets


def tls(tshark, folder, given):
    """What a stream over TLS costs. [profiles]"""
    query = f"writes={given.chunks}&size=1000&gap=0"
    captures = {"few packets": lab(tshark, folder, given.tls, "few", "writes=1"),
                "in clear": lab(tshark, folder, given.tls, "clear", query),
                "with keys": lab(tshark, folder, given.tls, "keys", query, "--tls")}
    captures["without keys"] = Path(folder) / "sealed.pcapng"
    subprocess.run([shutil.which("editcap"), "--discard-all-secrets", captures["with keys"], captures["without keys"]], check=True)
    tshark.add(captures.values())
    cases = [(kind, name) for kind in captures for name in ("conversations", "without")]
    with ThreadPoolExecutor(given.jobs) as pool:
        counts = dict(zip(cases, pool.map(lambda case: count(tshark, tshark.path_of(captures[case[0]].name), case[1]), cases)))
    net = {(kind, name): counts[kind, name][0] - counts["few packets", name][0] for kind, name in cases}
    for kind in ("in clear", "with keys", "without keys"):
        print(f"{kind}: {net[kind, 'conversations'] / 1e6:,.1f} M instructions with the plugin, {net[kind, 'without'] / 1e6:,.1f} M "
              f"without it: {net[kind, 'conversations'] / net[kind, 'without']:.4f} times")
    added = {kind: net[kind, "conversations"] - net[kind, "without"] for kind in captures}
    records = len(tshark.run(captures["with keys"].name, "-Y", "tls.record.content_type", "-T", "fields", "-e",
                             "tls.record.length", plugin=False).replace(",", "\n").split())
    print(f"{records:,} records; with keys the plugin adds {added['with keys'] / 1e6:,.1f} M, in clear {added['in clear'] / 1e6:,.1f} M: "
          f"{(added['with keys'] - 1.05 * added['in clear']) / records:,.0f} instructions a record beyond 1.05 times that")
    return [profile for *_, profile in counts.values()]


def given_capture(tshark, given):
    """What a capture at hand costs, start included. [profiles]"""
    tshark.add([given.capture])
    counts = {name: count(tshark, tshark.path_of(given.capture.name), name) for name in ("conversations", "without")}
    (there, *_), (without, *_) = counts["conversations"], counts["without"]
    print(f"{given.capture.name}: {there / 1e6:,.1f} M instructions with the plugin, {without / 1e6:,.1f} M without it: {there / without:.4f} times")
    return [profile for *_, profile in counts.values()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="the seamark.so to measure: of a release build")
    parser.add_argument("--chunks", type=int, default=100_000, help="at least so many in the capture (%(default)s)")
    parser.add_argument("--events", action="store_true", help="what events of bodies cost, instead")
    parser.add_argument("--tls", metavar="SEAMARK", help="what a stream over TLS costs, instead: by this program's labs")
    parser.add_argument("--capture", type=Path, help="what this capture costs, instead")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (%(default)s)")
    parser.add_argument("--profiles", type=Path, help="a folder for the profiles")
    given = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("instructions: valgrind is not installed: apt install valgrind")

    with tempfile.TemporaryDirectory(prefix="seamark-instructions-") as folder, Tshark(given.plugin, as_installed=True) as tshark:
        if given.capture:
            keep(given, given_capture(tshark, given))
            return
        if given.tls:
            keep(given, tls(tshark, folder, given))
            return
        if given.events:
            keep(given, events(tshark, folder, given))
            return
        capture = make(folder, tshark, "chunky", given.chunks)
        with ThreadPoolExecutor(given.jobs) as pool:
            counts = dict(zip(RUNS, pool.map(lambda name: count(tshark, capture, name), RUNS)))
        keep(given, [profile for _, _, profile in counts.values()])
    rows, conversations, without = (counts[name][0] for name in RUNS)
    lines = counts["rows"][1]
    for name, (total, *_) in counts.items():
        statistic, plugin = RUNS[name]
        print(f"tshark -q -z {statistic}, {'with' if plugin else 'without'} the plugin: {total / 1e6:,.0f} M instructions")
    print(f"the plugin adds {(conversations - without) / 1e6:,.0f} M to -z conv,tcp, "
          f"{(conversations - without) / conversations:.1%} of it")
    print(f"a row of -z seamark,chunks,json: {(rows - conversations) / lines:,.0f} instructions "
          f"({rows / 1e6:,.0f} M less {conversations / 1e6:,.0f} M over {lines:,} rows)")


if __name__ == "__main__":
    try:
        main()
    except Unfit as unfit:
        sys.exit(f"instructions: {unfit}")
