#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What repeats bytes, and why, in captures whose recipes say what is true, in one pass and with -2."""

import tshark as runner
from check_contracts import CAPTURES

COPY, AGAIN = "none duplicate known", "cut retransmission known"
# {capture: {frame: each verdict as kind, causes and confidence}}
TRUTH = {
    "copies.pcap": {5: COPY, 7: COPY, 9: COPY, 10: AGAIN, 11: COPY, 14: COPY},
    "retransmission.pcap": {5: AGAIN, 9: AGAIN, 10: AGAIN},
    "probes.pcap": {8: "none keep-alive consistent", 10: "none keep-alive consistent", 12: "none keep-alive consistent"},
}
FIELDS = ("frame.number", "seamark.segment.cause.kind", "seamark.segment.cause", "seamark.segment.cause.confidence")


def verdicts(tshark, name, passes):
    """{frame: its verdict}, of frames with one."""
    arguments = [part for field in FIELDS for part in ("-e", field)]
    lines = tshark.run(name, *passes, "-Y", FIELDS[1], "-T", "fields", *arguments).splitlines()
    return {int(number): " ".join(rest) for number, *rest in (line.split("\t") for line in lines)}


def check(tshark, given):
    complaints, checked = [], 0
    tshark.add(CAPTURES / name for name in TRUTH)
    for name, frames in TRUTH.items():
        one_pass, two_passes = verdicts(tshark, name, ()), verdicts(tshark, name, ("-2",))
        if one_pass != two_passes:
            complaints.append(f"{name}: one pass says {one_pass}, -2 {two_passes}")
        for frame, truth in frames.items():
            checked += 1
            if one_pass.get(frame) != truth:
                complaints.append(f"{name}, frame {frame}: {one_pass.get(frame)}, not {truth}")
    if "retransmission" in tshark.run("copies.pcap", "-q", "-z", "seamark,tree,frame.number in {1..9,11..99}"):
        complaints.append("copies.pcap: a copy is counted as a retransmission")
    print(f"{checked} verdicts of {len(TRUTH)} captures; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
