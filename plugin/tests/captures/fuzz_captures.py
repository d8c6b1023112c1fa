#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Mutated captures through tshark with the plugin under AddressSanitizer and UBSan.

Nothing may be reported by a sanitizer, no "Dissector bug" or "Malformed" may stand in our subtree,
every other line of -V is as it is without the plugin, and one pass and two give the same chunk rows.
Many mutated captures share a file and so a run; a file that fails is halved until one capture is left.
"""

import argparse
import concurrent.futures
import hashlib
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import check_alongside
import check_events
import mutations
import tshark as runner
from check_captures import CAPTURES
from check_real import FOLDER as REAL

MOST_RECORDS = 500
ROWS = ["-z", "seamark,chunks,json"]
BAD_WORDS = ("Dissector bug", "Malformed Packet", "size limited during capture")


def inputs(only):
    """[(name, records)], of this repository and, where they are there, of the public captures."""
    paths = sorted(p for folder in (CAPTURES, CAPTURES / "labs", CAPTURES / "tls", REAL) for pattern in ("*.pcap", "*.pcapng")
                   for p in folder.glob(pattern) if only in p.name)
    found = [(p.name, mutations.records(p, MOST_RECORDS)) for p in paths]
    found += [(f"events in {name}", check_events.Subject(CAPTURES / name).records())
              for name in check_events.SUBJECTS if only in f"events in {name}"]
    return [(name, mutations.on_own_hosts(records, n)) for n, (name, records) in enumerate(found)]


class Batch:
    """Captures of one kind of mutation and one seed, which are made again alike for any part of them."""

    def __init__(self, kind, seed, captures):
        self.kind, self.seed, self.captures = kind, seed, captures
        names = "+".join(name for name, _ in captures)
        key = hashlib.sha256(f"{kind} {seed} {names}".encode()).hexdigest()[:12]
        self.file = f"{key}.pcapng"

    def __str__(self):
        what = self.captures[0][0] if len(self.captures) == 1 else f"{len(self.captures)} captures"
        return f"{what}, {self.kind}, seed {self.seed}"

    def write(self, folder):
        mutate, errors = mutations.KINDS[self.kind]
        found = []
        for name, records in self.captures:
            mutated = mutate(random.Random(f"{self.kind} {self.seed} {name}"), records)
            if errors:  # editcap's errors depend on the place in the file, so each goes alone
                mutated = with_errors(folder / f"e-{self.file}", mutated, errors, self.seed)
            found += mutated
        path = folder / self.file
        mutations.write(path, found)
        if self.kind == "truncated" and len(path.read_bytes()) > 400:
            path.write_bytes(path.read_bytes()[: -random.Random(self.seed).randint(1, 40)])
        return path

    def halves(self):
        middle = len(self.captures) // 2
        return [Batch(self.kind, self.seed, part)
                for part in (self.captures[:middle], self.captures[middle:])]


def with_errors(path, records, share, seed):
    mutations.write(path, records)
    spoilt = path.with_suffix(".spoilt")
    subprocess.run(["editcap", "-E", str(share), "--seed", str(seed), "-F", "pcapng", str(path),
                    str(spoilt)], check=True, capture_output=True)
    found = mutations.records(spoilt)
    path.unlink()
    spoilt.unlink()
    return found


def split_output(output):
    """(chunk rows, other lines)"""
    lines = output.split("\n")
    return [l for l in lines if l.startswith("{")], [l for l in lines if not l.startswith("{")]


def complaints_about(tshark, batch):
    name, found = batch.file, []

    def run(*arguments):
        output, errors = tshark.outputs(name, *arguments)
        for line in errors.splitlines():
            if "runtime error" in line or "is not analysed" in line or "AddressSanitizer" in line:
                found.append(f"{' '.join(arguments)}: {line}")
        return split_output(output)

    stock = split_output(tshark.run(name, "-V", plugin=False))[1]
    rows, lines = run("-V", *ROWS)
    kept = check_alongside.without_subtree("\n".join(lines))
    found += check_alongside.first_difference(str(batch), "-V", "\n".join(stock).splitlines(), kept)
    again, twice = run("-2", "-V", *ROWS)
    # Without -V there is no tree, but the columns, and ours in Info.
    taps = run("-z", "expert", "-z", "seamark,tree", "-z", "seamark,lanes", "-z", "seamark,chunks",
               "-z", "seamark,explain,25", *ROWS)[0]
    for what, other in (("-2", again), ("columns", taps)):
        found += check_alongside.first_difference(str(batch), f"rows with {what}", rows, other)
    # Stock tshark has bugs of its own, and in two passes others than in one.
    if any(word in line for line in twice for word in BAD_WORDS):
        stock = split_output(tshark.run(name, "-2", "-V", plugin=False))[1]
        kept = check_alongside.without_subtree("\n".join(twice))
        found += check_alongside.first_difference(str(batch), "-2 -V", "\n".join(stock).splitlines(), kept)
    for which in (lines, twice):
        found += [f"in our subtree: {line}" for line in our_lines(which)
                  if any(word in line for word in BAD_WORDS)]
    return found, len(rows)


def our_lines(lines):
    ours = False
    for line in lines:
        if not line.startswith(" "):
            ours = bool(check_alongside.OURS.match(line))
        if ours:
            yield line


def examine(tshark, batch, folder):
    """(complaints, chunk rows); what fails is halved down to single captures, whose files are kept."""
    path = batch.write(folder)
    tshark.add([path])
    try:
        found, rows = complaints_about(tshark, batch)
    except (runner.Failed, subprocess.TimeoutExpired) as error:
        found, rows = [str(error)], 0
    tshark.drop(batch.file)
    if not found:
        path.unlink()
        return [], rows
    if len(batch.captures) > 1:
        deeper = [c for half in batch.halves() for c in examine(tshark, half, folder)[0]]
        if deeper:
            path.unlink()
            return deeper, rows
    return [f"{batch}: {path}\n    " + "\n    ".join(found[:3])], rows


def sanitizers(plugin):
    """What makes tshark, which is not instrumented itself, run with an instrumented plugin."""
    needed = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=True).stdout
    runtime = re.search(r"asan\S* => (/\S+)", needed)
    if not runtime:
        raise runner.Unfit(f"{plugin} was not built with AddressSanitizer: cmake --preset asan")
    return {"LD_PRELOAD": os.path.realpath(runtime[1]), "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple",
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=0:exitcode=99",
            "UBSAN_OPTIONS": "print_stacktrace=1"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True, help="seamark.so, built with SEAMARK_SANITIZE")
    parser.add_argument("--work", required=True, type=Path, help="folder for what fails")
    parser.add_argument("--captures", type=int, default=5000, help="at least so many mutated captures")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only inputs whose name has this in it")
    parser.add_argument("--coverage", action="store_true",
                        help="the plugin was compiled to count what runs (LLVM_PROFILE_FILE says where), not with sanitizers")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    begun, captures = time.monotonic(), inputs(given.only)
    seeds = -(-given.captures // (len(captures) * len(mutations.KINDS)))
    # Fewer than each input with each mutation: each mutation of other inputs.
    step = max(len(captures) * len(mutations.KINDS) // given.captures, 1)
    batches = [Batch(kind, seed, part) for seed in range(given.first_seed, given.first_seed + seeds)
               for place, kind in enumerate(mutations.KINDS) if (part := captures[place % step::step])]
    try:
        with runner.Tshark(given.plugin, {} if given.coverage else sanitizers(given.plugin)) as tshark, \
                concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            results = list(pool.map(lambda b: examine(tshark, b, given.work), batches))
    except runner.Unfit as unfit:
        sys.exit(f"error: {unfit}")
    complaints = [c for found, _ in results for c in found]
    for complaint in complaints:
        print(complaint)
    public = sum(1 for name, _ in captures if (REAL / name).exists())
    print(f"{len(captures)} inputs ({public} public ones), {len(mutations.KINDS)} mutations, {seeds} seeds: "
          f"{sum(len(batch.captures) for batch in batches)} mutated captures, "
          f"{sum(len(records) for _, records in captures)} records a set, 4 runs of tshark each; "
          f"{sum(rows for _, rows in results)} chunk rows; {time.monotonic() - begun:.0f} s; "
          f"{len(complaints)} failed")
    print("mutations: " + ", ".join(mutations.KINDS))
    sys.exit(1 if complaints or not sum(rows for _, rows in results) else 0)


if __name__ == "__main__":
    main()
