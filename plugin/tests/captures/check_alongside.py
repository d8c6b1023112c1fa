#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""With the plugin loaded, everything but its own subtree is as it is without it."""

import re

import tshark as runner
from check_captures import CAPTURES

# The first line of our subtree in -V, at the margin.
OURS = re.compile(r"^Seamark\b", re.IGNORECASE)


def without_subtree(text):
    """-V's text less each subtree whose first line is ours."""
    kept, ours = [], False
    for line in text.splitlines():
        if not line.startswith(" "):
            ours = bool(OURS.match(line))
        if not ours:
            kept.append(line)
    return kept


def pdml_without_ours(text):
    """PDML's lines less each of our subtrees, and less those that show when it was written."""
    kept, ours = [], False
    for line in text.splitlines():
        if line.startswith("  <proto "):
            ours = 'name="seamark"' in line
        if not ours and not line.startswith(("<pdml", "<!--")):
            kept.append(line)
        if line.startswith("  </proto>"):
            ours = False
    return kept


def without_event_packets(lines):
    """-V or PDML less the frames that hold recorded calls, which no one else dissects."""
    kept, frame, event = [], [], False
    for line in lines:
        if line.startswith(("Frame ", "<packet>")):
            kept += [] if event else frame
            frame, event = [], False
        frame.append(line)
        event = event or "Protocols in frame: exported_pdu" in line
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
    stock, ours = (tshark.run(path.name, *options, "-T", "pdml", plugin=p) for p in (False, True))
    lines = pdml_without_ours(stock)
    complaints = first_difference(path.name, f"PDML {options}", lines, pdml_without_ours(ours))
    return complaints, len(lines), ours.count('<proto name="seamark"')


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
