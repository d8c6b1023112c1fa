#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Says in words what the lines of `tshark -z seamark,chunks,json` show of merging and cutting.

Reads those lines on standard input. Exit status 0 if there is at least one segment that merged
several writes and at least one chunk that a segment border cut, and every chunk is complete;
otherwise 1, with what is missing.
"""

import json
import sys
from collections import defaultdict


SHOWN = 4  # pieces of a chunk that are named; the others are counted


def runs(numbers):
    """[2, 3, 4, 7] as "2-4, 7"."""
    parts = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def frames_of(chunk):
    """{frame: bytes}, in stream order; a frame that recurs around a hole is one entry."""
    held = defaultdict(int)
    for frame, count in chunk["frames"]:
        held[frame] += count
    return held


def certain_writes(chunk):
    """The writes that surely put bytes into each frame of the chunk. Of several writes in several
    frames the tag does not say which is in which, so those count for none."""
    if len(chunk["writes"]) == 1 or len(frames_of(chunk)) == 1:
        return set(chunk["writes"])
    return set()


def merged(chunks):
    writes_in = defaultdict(set)
    for chunk in chunks:
        for frame in frames_of(chunk):
            writes_in[chunk["stream"], frame] |= certain_writes(chunk)
    return {place: writes for place, writes in writes_in.items() if len(writes) > 1}


def main():
    chunks = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    chunks = [chunk for chunk in chunks if chunk["dir"] == "response"]

    merges = merged(chunks)
    for (stream, frame), writes in sorted(merges.items(), key=lambda item: item[0][1]):
        print(f"frame {frame} (stream {stream}): one segment merged {len(writes)} writes: {runs(writes)}")

    cuts = [chunk for chunk in chunks if len(frames_of(chunk)) > 1]
    for chunk in cuts:
        frames = frames_of(chunk)
        pieces = ", ".join(f"{count} bytes in frame {frame}" for frame, count in list(frames.items())[:SHOWN])
        if len(frames) > SHOWN:
            pieces += f" and {len(frames) - SHOWN} more"
        writes = f", write {runs(chunk['writes'])}" if chunk["writes"] else ""
        print(f"chunk {chunk['chunk']} (stream {chunk['stream']}, hex {chunk['hex']}{writes}): "
              f"cut by segments: {pieces}")

    broken = [chunk for chunk in chunks if not chunk["complete"]]
    complaints = []
    if not chunks:
        complaints.append("no chunk of a response in the capture")
    else:
        if not merges:
            complaints.append("no segment merged several writes")
        if not cuts:
            complaints.append("no chunk was cut by a segment")
    complaints += [f"chunk {c['chunk']} of stream {c['stream']} is not complete" for c in broken]
    for complaint in complaints:
        print(f"seams: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
