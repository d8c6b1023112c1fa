#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares chunk rows with the tables that an independent program made of 33 public captures.

The captures are not in this repository. They are looked for in $SEAMARK_SHARED/real-captures, else in
shared/real-captures beside the repository; without them this check is skipped (exit status 77).
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import compare
import tshark as runner

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("SEAMARK_SHARED", REPOSITORY.parent / "shared")) / "real-captures"
SKIPPED = 77

# {capture: reason, with the rule of DESIGN.md or the RFC that decides it}; at most three.
ACCEPTED = {}

# our key: theirs, and what to add to theirs (they count messages and chunks from 0)
KEYS = {
    "src": ("src", 0), "sport": ("sport", 0), "dst": ("dst", 0), "dport": ("dport", 0),
    "dir": ("dir", 0), "message": ("msg", 1), "exchange": ("exchange", 0), "chunk": ("chunk", 1),
    "hex": ("size_hex", 0), "size": ("size", 0), "ext": ("ext", 0), "offset": ("off", 0),
    "header_len": ("hdr_len", 0), "data_len": ("data_len", 0), "frames": ("frames", 0),
    "first_frame": ("first_frame", 0), "last_frame": ("last_frame", 0),
    "complete": ("complete", 0),
}


def translated(path):
    """The expected rows in our words, with their connection number as `stream`."""
    for line in path.read_text().splitlines():
        theirs = json.loads(line)
        if theirs["t"] == "chunk":
            row = {ours: theirs[key] + add if add else theirs[key]
                   for ours, (key, add) in KEYS.items()}
            row["stream"] = theirs["conn"]
            yield row


def by_connection(rows):
    """Rows grouped by connection, and the groups in an order that does not depend on how connections
    are numbered: by addresses and ports, and the same ones by turn."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["stream"]].append(row)

    def key(item):
        row = item[1][0]
        ends = sorted([(row["src"], row["sport"]), (row["dst"], row["dport"])])
        return (ends, item[0])

    return [group for _, group in sorted(groups.items(), key=key)]


def compare_capture(where, expected, output):
    rows = compare.chunk_objects(output)
    complaints = []
    ours, theirs = by_connection(rows), by_connection(expected)
    if len(ours) != len(theirs):
        complaints.append(f"{where}: chunks on {len(ours)} connections, expected {len(theirs)}")
    order = [(r["stream"], r["dir"] == "response", r["message"], r["chunk"]) for r in rows]
    if order != sorted(order):
        complaints.append(f"{where}: rows are not in the order of stream, direction, message, chunk")
    flat = [[dict(row, stream=number) for number, group in enumerate(groups) for row in group]
            for groups in (theirs, ours)]
    return complaints + compare.compare_chunks(where, flat[0], flat[1], KEYS)


def check(tshark, given):
    paths = sorted(p for p in FOLDER.glob("*.pcap") if given.only in p.name)
    tshark.add(paths)

    def work(path):
        expected = list(translated(FOLDER / "expected" / f"{path.name}.jsonl"))
        complaints = []
        for where, option in ((path.name, []), (f"{path.name} -2", ["-2"])):
            output = tshark.run(path.name, *option, "-q", "-z", "seamark,chunks,json")
            complaints += compare_capture(where, expected, output)
        return complaints, 2 * len(expected), 0

    results = runner.in_parallel(work, paths)
    complaints = []
    for name, (found, _, _) in zip([p.name for p in paths], results):
        if name in ACCEPTED:
            if found:
                print(f"{name}: differs as accepted: {ACCEPTED[name]}")
            else:
                complaints.append(f"{name}: agrees; take it off the list of accepted differences")
        else:
            complaints += found
    print(f"{len(results)} captures, {sum(r[1] for r in results)} chunk rows compared; "
          f"{sum(1 for r in results if r[0])} captures differ, {len(ACCEPTED)} accepted")
    return complaints if paths else [f"no capture in {FOLDER} has {given.only!r} in its name"]


if __name__ == "__main__":
    if not FOLDER.is_dir():
        print(f"skipped: there is no {FOLDER}; SEAMARK_SHARED names the folder that has real-captures")
        sys.exit(SKIPPED)
    runner.main(check, __doc__)
