#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""With the plugin loaded, everything but its own subtree is as it is without it."""

import re

import tshark as runner
from check_captures import CAPTURES

OURS = re.compile(r'^  <proto name="seamark')


def without_subtree(lines):
    """PDML's lines less each of our subtrees."""
    kept, ours = [], False
    for line in lines:
        ours = ours or bool(OURS.match(line))
        if not ours:
            kept.append(line)
        ours = ours and line != "  </proto>"
    return kept


def without_event_packets(lines):
    """PDML less the frames that hold recorded calls, which no one else dissects."""
    kept, frame, event = [], [], False
    for line in lines:
        if line.startswith("<packet>"):
            kept += [] if event else frame
            frame, event = [], False
        frame.append(line)
        event = event or 'show="exported_pdu' in line
    return kept + ([] if event else frame)


def first_difference(where, what, stock, ours):
    stock, ours = without_event_packets(stock), without_event_packets(ours)
    for number, (a, b) in enumerate(zip(stock, ours), 1):
        if a != b:
            return [f"{where} {what}, line {number}:\n    without: {a}\n    with:    {b}"]
    if len(stock) != len(ours):
        return [f"{where} {what}: {len(ours)} lines with the plugin, {len(stock)} without"]
    return []


def check_one(tshark, path, options):
    stock, ours = (tshark.run(path.name, *options, "-T", "pdml", plugin=p).splitlines() for p in (False, True))
    stock, ours = ([line for line in lines if not line.startswith("<pdml ")] for lines in (stock, ours))  # has the time
    complaints = first_difference(path.name, f"PDML {options}", stock, without_subtree(ours))
    return complaints, len(stock), sum(1 for line in ours if OURS.match(line))


def check(tshark, given):
    paths = sorted(p for pattern in ("*.pcap", "*.pcapng") for p in CAPTURES.glob(pattern)
                   if given.only in p.name)
    tshark.add(paths)
    # Each in one pass or in two: a capture costs two runs of tshark.
    passes = {path: [] if number % 2 else ["-2"] for number, path in enumerate(paths)}
    results = runner.in_parallel(lambda path: check_one(tshark, path, passes[path]), paths)
    complaints = [c for result in results for c in result[0]]
    subtrees = sum(r[2] for r in results)
    print(f"{len(paths)} captures, {sum(r[1] for r in results)} lines compared, "
          f"{subtrees} subtrees of ours taken out; {len(complaints)} differences")
    if not subtrees:
        complaints.append("no subtree of ours was seen at all, so nothing was proved")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
