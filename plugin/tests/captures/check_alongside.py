#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""With the plugin loaded, everything but its own subtree is as it is without it."""

import re

import tshark as runner
from check_captures import CAPTURES

FIELDS = ["frame.number", "frame.protocols", "tcp.stream", "tcp.len", "tcp.seq", "tcp.ack",
          "tcp.analysis.flags", "tcp.reassembled.length", "tcp.segment.count", "http.request.method",
          "http.request.uri", "http.response.code", "http.chunk_size", "http.file_data",
          "http.request_in", "http.content_length"]
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


def check_one(tshark, path):
    fields = ["-T", "fields", "-E", "occurrence=a"]
    for field in FIELDS:
        fields += ["-e", field]
    # -V in one pass and fields in two: each option set costs two runs of tshark a capture.
    stock, ours = (tshark.run(path.name, "-2", *fields, plugin=p).splitlines()
                   for p in (False, True))
    complaints = first_difference(path.name, "-2 fields", stock, ours)
    lines = len(stock)
    stock, ours = (tshark.run(path.name, "-V", plugin=p) for p in (False, True))
    complaints += first_difference(path.name, "-V", stock.splitlines(), without_subtree(ours))
    lines += len(stock.splitlines())
    subtrees = sum(1 for line in ours.splitlines() if OURS.match(line))
    return complaints, lines, subtrees


def check(tshark, given):
    paths = sorted(p for pattern in ("*.pcap", "*.pcapng") for p in CAPTURES.glob(pattern)
                   if given.only in p.name)
    tshark.add(paths)
    results = runner.in_parallel(lambda path: check_one(tshark, path), paths)
    complaints = [c for result in results for c in result[0]]
    subtrees = sum(r[2] for r in results)
    print(f"{len(paths)} captures, {sum(r[1] for r in results)} lines compared, "
          f"{subtrees} subtrees of ours taken out; {len(complaints)} differences")
    if not subtrees:
        complaints.append("no subtree of ours was seen at all, so nothing was proved")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
