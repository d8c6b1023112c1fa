#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many instructions the plugin costs tshark, counted by valgrind (callgrind): a figure that a loaded machine
hardly changes: two runs differ by some millions. Nothing here judges; a tshark that fails ends it.

    -z conv,tcp       with the plugin and without it: what reading a packet costs, over packets
    a JSON row        -z seamark,chunks,json less -z conv,tcp, both with the plugin, over the rows

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
    profile = tshark.home / f"{name}.callgrind"
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="the seamark.so to measure: of a release build")
    parser.add_argument("--chunks", type=int, default=100_000, help="at least so many in the capture (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time (%(default)s)")
    parser.add_argument("--profiles", type=Path, help="a folder for the profiles")
    given = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("instructions: valgrind is not installed: apt install valgrind")

    with tempfile.TemporaryDirectory(prefix="seamark-instructions-") as folder, Tshark(given.plugin) as tshark:
        made = Path(folder) / "chunky.pcap"
        subprocess.run([sys.executable, "-B", make_big.__file__, "chunky", made, "--chunks", str(given.chunks)],
                       check=True, stdout=sys.stderr)
        tshark.add([made])
        capture = tshark.path_of(made.name)
        with ThreadPoolExecutor(given.jobs) as pool:
            counts = dict(zip(RUNS, pool.map(lambda name: count(tshark, capture, name), RUNS)))
        if given.profiles:
            given.profiles.mkdir(parents=True, exist_ok=True)
            for _, _, profile in counts.values():
                shutil.copyfile(profile, given.profiles / profile.name)
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
