#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No two fields or expert infos share a label, and each is called as the variable that is its handle. What this
check sees is tried on planted faults first."""

import re
from collections import Counter

import tshark as runner
from check_captures import CAPTURES

PLATFORM = CAPTURES.parent / "plugin" / "epan" / "platform"
ROW = re.compile(r'^ *row\((\w+), "((?:[^"\\]|\\.)*)", "([^"]*)"', re.MULTILINE)
EXPERT = re.compile(r'^ *\{&(\w+), \{"([^"]*)"', re.MULTILINE)


def shared_labels(labels):
    """labels: {name of a field: its label}"""
    counts = Counter(labels.values())
    return [f"{sorted(n for n, l in labels.items() if l == label)} share the label {label!r}"
            for label, times in counts.items() if times > 1]


def misnamed(source):
    """Variables in the text of a source file that do not match the name that is registered for them."""
    found = [(variable, name) for variable, _, name in ROW.findall(source)] + EXPERT.findall(source)
    return [f"{name} is registered for the variable {variable}" for variable, name in found
            if not re.fullmatch(r"seamark(\.[a-z][a-z0-9_]*)+", name)
            or name.removeprefix("seamark.").replace(".", "_") != variable], len(found)


def planted():
    """Faults that must be seen."""
    complaints = []
    if not shared_labels({"seamark.a": "Same", "seamark.b": "Same"}):
        complaints.append("a planted label that two fields share is not seen")
    for row in ('    row(chunk_hex, "Size as written", "seamark.chunk.hexa", "text"),',
                '    row(chunk_hex, "Size as written", "foo.chunk.hex", "text"),',
                '    {&split_chunk, {"seamark.split_chunks", PI_SEQUENCE, PI_NOTE, "text", EXPFILL}},'):
        if not misnamed(row)[0]:
            complaints.append(f"a planted name is not seen: {row}")
    return complaints


def check(tshark, _):
    out, _ = tshark.start("-G", "fields", stdout=-1, stderr=-1, text=True).communicate(timeout=120)
    labels = {cells[2]: cells[1] for cells in (line.split("\t") for line in out.splitlines())
              if cells[0] == "F" and cells[4] == "seamark"}
    complaints = planted() + shared_labels(labels)
    rows = 0
    for path in sorted(PLATFORM.glob("*.cpp")):
        wrong, count = misnamed(path.read_text())
        complaints += [f"{path.name}: {what}" for what in wrong]
        rows += count
    faults = sum(name.startswith("seamark.fault.") for name in labels)
    if rows + faults != len(labels):
        complaints.append(f"{rows} rows are read in {PLATFORM} and {faults} faults, but {len(labels)} fields are registered: "
                          "a row is written in another form than this check reads")
    print(f"{len(labels)} fields and expert infos; {len(complaints)} complaints")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
