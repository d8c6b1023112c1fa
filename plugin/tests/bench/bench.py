#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs tshark, against baselines of the same run.

CPU is user and system time of the process. The variants of one capture take turns, so that a
machine that slows down slows them all; what is compared is the median of each. "Without" is the
same tshark with an empty plugin folder. Timing never makes this fail; a tshark that fails does.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "captures"))
sys.dont_write_bytecode = True
import make_big  # noqa: E402
from tshark import Tshark, Unfit  # noqa: E402


def start(tshark, capture, arguments, plugin, stdout):
    """tshark reads standard input, since it may run as someone with no access to the capture's folder."""
    with open(capture, "rb") as stdin:
        return tshark.start("-r", "-", *arguments, plugin=plugin, stdin=stdin, stdout=stdout)


def measure(tshark, capture, arguments, plugin):
    """CPU seconds and peak resident bytes of one run."""
    process = start(tshark, capture, arguments, plugin, subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: tshark {' '.join(arguments)} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def count_chunks(tshark, capture):
    """How many chunks the plugin finds."""
    process = start(tshark, capture, ["-q", "-z", "seamark,chunks,json"], True, subprocess.PIPE)
    count = sum(line.startswith(b"{") for line in process.stdout)
    if process.wait():
        sys.exit(f"bench: tshark -z seamark,chunks,json ended with status {process.returncode}")
    return count


CONV = ("-q", "-z", "conv,tcp")
UNPAIRED = ("-o", "seamark.pair_legs:FALSE", *CONV)
JSON = (*CONV, "-z", "seamark,chunks,json")
FIELDS = ("-T", "fields", "-e", "frame.number", "-e", "http.chunk_size")


def take_turns(tshark, capture, variants, runs):
    """{variant: [(cpu, rss), ...]}; each round begins with another variant."""
    results = {variant: [] for variant in variants}
    for turn in range(runs):
        start = turn % len(variants)
        for variant in variants[start:] + variants[:start]:
            results[variant].append(measure(tshark, capture, *variant))
        print(f"   round {turn + 1} of {runs}", file=sys.stderr, flush=True)
    return results


def compare(what, ours, baseline, bar, variant="with the plugin"):
    median = [statistics.median(cpu for cpu, _ in runs) for runs in (baseline, ours)]
    spread = ["–".join(f"{f(cpu for cpu, _ in runs):.2f}" for f in (min, max)) for runs in (baseline, ours)]
    ratio = median[1] / median[0]
    verdict = "met" if ratio <= bar else "NOT MET"
    print(f"{what}\n    baseline {median[0]:.2f} s ({spread[0]})   {variant} {median[1]:.2f} s ({spread[1]})"
          f"   ratio {ratio:.3f}   bar {bar:.2f}: {verdict}", flush=True)


def peak(results, variant):
    return statistics.median(rss for _, rss in results[variant]) / 1e6


def compare_pairing(tshark, kind, capture, runs):
    """What looking for legs of a proxy costs where there is no proxy, time and memory."""
    print(f"{kind}: {shape(capture)}; {runs} runs each")
    results = take_turns(tshark, capture, [(UNPAIRED, True), (CONV, True)], runs)
    compare("  tshark -q -z conv,tcp, pairing over seamark.pair_legs:FALSE", results[CONV, True],
            results[UNPAIRED, True], 1.01, "pairing")
    print(f"  memory: peak {peak(results, (UNPAIRED, True)):.1f} MB without pairing, "
          f"{peak(results, (CONV, True)):.1f} MB with it", flush=True)


def shape(capture):
    """Packets, as capinfos counts them, and size in MB."""
    out = subprocess.run(["capinfos", "-c", "-M", "-T", "-r", capture], check=True, capture_output=True, text=True)
    return f"{int(out.stdout.split()[-1]):,} packets, {os.path.getsize(capture) / 1e6:.0f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plugin", required=True, help="the seamark.so to measure")
    parser.add_argument("--work", required=True, type=Path, help="folder for the captures (1 GB)")
    parser.add_argument("--runs", type=int, default=7, help="runs of each variant (default 7)")
    options = parser.parse_args()

    options.work.mkdir(parents=True, exist_ok=True)
    captures = {kind: options.work / f"{kind}.pcap" for kind in make_big.KINDS}
    for kind, capture in captures.items():
        subprocess.run([sys.executable, HERE / "make_big.py", kind, capture], check=True, stdout=sys.stderr)

    with Tshark(options.plugin, as_installed=True) as tshark:
        for kind, bar in (("chunky", 1.10), ("bulk", 1.05)):
            capture = captures[kind]
            chunks = count_chunks(tshark, capture)
            print(f"{kind}: {shape(capture)}, {chunks:,} chunks; {options.runs} runs each, median CPU time (least–most)")
            runs = take_turns(tshark, capture, [(CONV, False), (CONV, True), (JSON, True), (FIELDS, False)],
                              options.runs)
            compare("  tshark -q -z conv,tcp, plugin over none", runs[CONV, True], runs[CONV, False], bar)
            compare("  the same with -z seamark,chunks,json, over tshark -T fields -e frame.number -e http.chunk_size",
                    runs[JSON, True], runs[FIELDS, False], 0.7)
            if kind == "chunky":
                peaks = [peak(runs, (CONV, plugin)) for plugin in (False, True)]
                print(f"  memory: peak {peaks[0]:.0f} MB without, {peaks[1]:.0f} MB with the plugin: "
                      f"{(peaks[1] - peaks[0]) * 1e6 / chunks:.0f} bytes a chunk, segments and all")
        print("what looking for legs of proxies costs where there are none:")
        for kind, capture in captures.items():
            compare_pairing(tshark, kind, capture, options.runs)


if __name__ == "__main__":
    try:
        main()
    except Unfit as unfit:
        sys.exit(f"bench: {unfit}")
