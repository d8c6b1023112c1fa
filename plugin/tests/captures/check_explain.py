#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""-z seamark,explain,FRAME: for every frame of every capture a page of at most 100 columns, which
names the chunks that the capture's own baseline has in that frame, and no others.
"""

import json
import re
from collections import defaultdict
from pathlib import Path

import mutations
import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
MOST_LISTED = 4  # pieces of a page that are reported one by one


def chunks_by_frame(baseline):
    frames = defaultdict(set)
    for line in baseline.open():
        row = json.loads(line)
        for frame, _ in row["frames"]:
            frames[frame].add((row["chunk"], row["hex"]))
    return frames


def pages(text):
    """{frame: the page's text, unwrapped}: a page begins with its frame, unindented."""
    found = {}
    for line in text.splitlines():
        if heading := re.match(r"Frame (\d+): ", line):
            frame = int(heading[1])
        found[frame] = found.get(frame, "") + " " + line.strip()
    return found


def check_capture(tshark, baseline):
    path = next(baseline.parent.glob(baseline.name.replace(".chunks.jsonl", ".pcap*")))
    tshark.add([path])
    count = len(mutations.records(path))
    arguments = [part for frame in range(1, count + 2) for part in
                 ("-z", f"seamark,explain,{frame}")]
    text = tshark.run(path.name, "-q", *arguments)
    complaints = [f"{path.name}: wider than 100 columns: {line}"
                  for line in text.splitlines() if len(line) > 100]
    explained = pages(text)
    if sorted(explained) != list(range(1, count + 2)):
        return [f"{path.name}: pages of {sorted(explained)}, not of 1 to {count + 1}"], 0, 0
    wanted = chunks_by_frame(baseline)
    compared = 0
    for frame, page in explained.items():
        told = {(int(number), digits) for number, digits in
                re.findall(r"chunk (\d+): size line ([0-9A-Fa-f]+)", page)}
        if len(wanted[frame]) > MOST_LISTED or re.search(r"; \d+ more", page):
            continue
        compared += 1
        if told != wanted[frame]:
            complaints.append(f"{path.name}: frame {frame} tells of {told}, not {wanted[frame]}")
    return complaints, compared, count


# Frames of two-legs.pcap with bytes that a proxy held, by its recipe; all others were passed on within the
# time that the handshakes show for the network, or have no upstream leg.
HELD = {30: "42 to 43 ms", 31: "43 ms"}


def check_held(tshark):
    path = CAPTURES / "two-legs.pcap"
    tshark.add([path])
    count = len(mutations.records(path))
    arguments = ["-q", *(part for frame in range(1, count + 1) for part in ("-z", f"seamark,explain,{frame}"))]
    complaints = []
    texts = [tshark.run(path.name, *options, *arguments) for options in ([], ["-2"])]
    if texts[0] != texts[1]:
        complaints.append("two-legs.pcap: one pass and -2 explain frames differently")
    found = {frame: match[1] for frame, page in pages(texts[0]).items()
             if (match := re.search(r"Its bytes were held ([^,]*?) by the proxy, consistent with ", page))}
    if found != HELD:
        complaints.append(f"two-legs.pcap: held by the proxy {found}, not {HELD}")
    return complaints


# An ordinary frame of a recorded response in clear: a head, 19 writes that Nagle's algorithm merged, a recorded call.
ORDINARY = ("labs/nagle.pcapng", (13, 35, 46))
SCREEN = 25  # lines


def check_length(tshark):
    path = CAPTURES / ORDINARY[0]
    tshark.add([path])
    complaints = []
    for frame in ORDINARY[1]:
        lines = tshark.run(path.name, "-q", "-z", f"seamark,explain,{frame}").splitlines()
        sections = [line for line in lines if line and not line.startswith(" ")]
        if len(lines) > SCREEN or (frame != 46 and sections[1] != "Why"):
            complaints.append(f"{path.name}: the page of frame {frame} has {len(lines)} lines, in {sections}")
    return complaints


def check(tshark, given):
    baselines = sorted(path for path in CAPTURES.glob("*.chunks.jsonl") if given.only in path.name)
    results = runner.in_parallel(lambda path: check_capture(tshark, path), baselines)
    complaints = [line for found, _, _ in results for line in found]
    complaints += check_held(tshark)
    complaints += check_length(tshark)
    name = "chunk-over-segments.pcap"
    tshark.add([CAPTURES / name])
    for argument in ("", ",", ",0", ",-1", ",x", ",1x", ",99999999999"):
        try:
            tshark.run(name, "-q", "-z", "seamark,explain" + argument)
            complaints.append(f"-z seamark,explain{argument} was taken")
        except runner.Failed as error:
            if "name a frame by its number" not in str(error):
                complaints.append(f"-z seamark,explain{argument}: {error}")
    print(f"{sum(n for _, _, n in results)} frames of {len(baselines)} captures explained, the chunks "
          f"of {sum(n for _, n, _ in results)} compared")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
