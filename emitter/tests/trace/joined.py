# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds what the plugin says of a merged capture against what the ranges say by themselves: which
frames carry each recorded write and read, and which writes and reads each frame's bytes are of. The
ranges are those of the events (read here) and of stock tshark's relative sequence numbers."""

import collections
import csv
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../plugin/tests/captures"))
from tshark import Tshark  # noqa: E402

FIELDS = ("frame.number", "tcp.stream", "ip.src", "tcp.srcport", "tcp.seq", "tcp.len", "seamark.write",
          "seamark.write.event", "seamark.read", "seamark.read.event", "seamark.event.kind", "seamark.event.offset",
          "seamark.write.returned", "seamark.read.size", "seamark.write.frame", "seamark.read.frame",
          "exported_pdu.src_port", "exported_pdu.ipv4_src", "exported_pdu.src_port", "seamark.retransmission")


def numbers(text):
    return [int(part, 0) for part in text.split(",") if part]


def overlap(ranges, begin, end):
    """Keys of the ranges (key, begin, end), sorted by begin and apart, that share a byte with it."""
    return [key for key, first, last in ranges if first < end and last > begin]


def check(plugin, merged):
    """(writes, reads, segments) that were compared. AssertionError where they differ."""
    name = os.path.basename(merged)
    with Tshark(plugin) as tshark:
        tshark.add([merged])
        options = [argument for field in FIELDS for argument in ("-e", field)]
        text = tshark.run(name, "-2", "-T", "fields", *options)
    segments, calls, drawn = collections.defaultdict(list), collections.defaultdict(list), {}
    for row in csv.DictReader(text.splitlines(), FIELDS, delimiter="\t", quoting=csv.QUOTE_NONE):
        frame = int(row["frame.number"])
        drawn[frame] = row
        if row["seamark.event.kind"] in ("write", "read") and row["seamark." + row["seamark.event.kind"]]:
            kind = row["seamark.event.kind"]
            taken = int(row["seamark.write.returned" if kind == "write" else "seamark.read.size"])
            own = row["exported_pdu.ipv4_src"], row["exported_pdu.src_port"].split(",")[0]
            offset = int(row["seamark.event.offset"])
            calls[row["tcp.stream"], kind, own].append((frame, offset, offset + taken))
        elif row["tcp.len"] and int(row["tcp.len"]) > 0 and not row["seamark.retransmission"]:
            begin = int(row["tcp.seq"]) - 1
            segments[row["tcp.stream"], (row["ip.src"], row["tcp.srcport"])].append(
                (frame, begin, begin + int(row["tcp.len"])))
    counts = collections.Counter(segments=sum(map(len, segments.values())))
    for (stream, kind, own), ranges in calls.items():
        # A write's bytes leave by its own side, a read's came from the other.
        sides = [side for number, side in segments if number == stream and (side == own) == (kind == "write")]
        assert len(sides) == 1, f"stream {stream}: {kind}s of {own}, segments of {sides}"
        carried = sorted(segments[stream, sides[0]], key=lambda part: part[1])
        for frame, begin, end in ranges:
            here = numbers(drawn[frame][f"seamark.{kind}.frame"])
            wanted = sorted(overlap(carried, begin, end))
            assert sorted(here) == wanted != [], f"frame {frame}: {kind} in frames {here}, not {wanted}"
            counts[kind] += 1
        for frame, begin, end in carried:
            here = sorted(numbers(drawn[frame][f"seamark.{kind}.event"]))
            wanted = sorted(overlap(ranges, begin, end))
            assert here == wanted != [], f"frame {frame}: {kind} events {here}, not {wanted}"
    return counts["write"], counts["read"], counts["segments"]
