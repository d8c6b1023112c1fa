#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The Info column never begins with "Continuation", HTTP's word for a piece that it cannot read, where Seamark has a
chunk, a write, a head or a body to name; and it loses nothing that other dissectors added.
"""

from pathlib import Path

import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
KNOWN = ("seamark.segment.chunks", "seamark.segment.writes", "seamark.message")
LEAST = 10  # frames of which HTTP says no more, in all captures


def infos(tshark, capture, *arguments, plugin=True):
    """{frame: (Info, whether Seamark knows what is in it)}"""
    # Columns as they are shown: from 4.4 on the field _ws.col.Info is taken before post-dissectors add to it.
    columns = ("%m", "%i", *(f"%Cus:{name}:0:R" for name in (KNOWN if plugin else ())))
    shown = ",".join(f'"{number}","{column}"' for number, column in enumerate(columns))
    lines = tshark.run(capture, *arguments, "-o", f"gui.column.format:{shown}", "-T", "tabs", plugin=plugin)
    rows = (line.split("\t") for line in lines.splitlines())
    return {int(frame): (info, any(known)) for frame, info, *known in rows}


def check_capture(tshark, path):
    plain = infos(tshark, path.name, plugin=False)
    complaints, named, rest = [], 0, 0
    for passes in ([], ["-2"]):
        for frame, (info, known) in infos(tshark, path.name, *passes).items():
            if known and info.startswith("Continuation"):
                complaints.append(f"{path.name} {passes} frame {frame}: '{info}', and what it carries is known")
            before = plain[frame][0]
            if not before.startswith("Continuation") or info.startswith("Continuation"):
                continue
            named += 1
            added = before.removeprefix("Continuation").strip()
            rest += bool(added)
            if added not in info:
                complaints.append(f"{path.name} {passes} frame {frame}: '{info}' has lost '{added}'")
    return complaints, named, rest


def check(tshark, given):
    captures = sorted(path for path in CAPTURES.glob("*.pcap*") if given.only in path.name)
    tshark.add(captures)
    results = runner.in_parallel(lambda path: check_capture(tshark, path), captures)
    complaints = [complaint for found, *_ in results for complaint in found]
    named, rest = (sum(result[i] for result in results) for i in (1, 2))
    print(f"{len(captures)} captures, {named} frames named instead of Continuation, {rest} of them with more to keep")
    if not given.only and (named < LEAST or rest == 0):
        complaints.append("too few frames of which HTTP says Continuation")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
