#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the plugin with the baselines of test-captures: chunk rows and fields, one pass and -2."""

import csv
import json
from pathlib import Path

import compare
import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
PASSES = {1: [], 2: ["-2"]}
JSON = ["-z", "seamark,chunks,json"]

LIST_TITLE = "Chunks (at most 50000; tshark -z seamark,chunks has all)"


def baseline(path):
    """(chunk rows, field table) of the baseline beside a capture."""
    stem = path.with_suffix("")
    rows = [json.loads(line) for line in Path(f"{stem}.chunks.jsonl").read_text().splitlines()]
    with open(f"{stem}.fields.tsv", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return rows, table


LEGS = ("upstream", "downstream")


def compare_rows(where, rows, output):
    """Complaints about tshark's chunk rows; of faults only whether there are any is compared."""
    have = compare.chunk_objects(output)
    said = {compare.place(row): row["faulty"] for row in rows}
    for row in have:
        faults = row.get("faults")
        row["faulty"] = bool(faults) if isinstance(faults, list) else "faults is not a list"
        if said.get(compare.place(row), 0) is None:
            row["faulty"] = None
    # No other leg where the recipe has none: a wrong pair is a fault.
    for row in (*rows, *have):
        for leg in LEGS:
            row.setdefault(leg, None)
    return compare.compare_chunks(where, rows, have, list(rows[0]) if rows else [])


def check_one(tshark, path):
    """(complaints, chunk rows compared, cells compared) of a capture."""
    rows, table = baseline(path)
    columns = [c for c in table[0] if c != "pass"]
    fields = ["-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|", "-E", "separator=/t"]
    for column in columns:
        fields += ["-e", column]
    complaints, cells = [], 0
    for number, option in PASSES.items():
        where = f"{path.name} pass {number}"
        # Rows and fields at once; check_redissect.py has the rows by themselves, which must be the same.
        output = tshark.run(path.name, *option, *fields, *JSON)
        complaints += compare_rows(where, rows, output)
        expected = {int(r["frame.number"]): r for r in table if r["pass"] == str(number)}
        more, compared = compare.compare_fields(where, expected,
                                                compare.field_table(output, columns), columns)
        complaints += more
        cells += compared
    more = check_filter(tshark, path, rows)
    return complaints + more, 2 * len(rows), cells


def check_filter(tshark, path, rows):
    """A filter keeps a chunk if any frame that carries it matches."""
    if not rows:
        return []
    frame = rows[len(rows) // 2]["last_frame"]
    kept = [row for row in rows if frame in [f for f, _ in row["frames"]]]
    output = tshark.run(path.name, "-q", "-z", f"seamark,chunks,json,frame.number=={frame}")
    return compare_rows(f"{path.name} filter frame.number=={frame}", kept, output)


def check_list(tshark, path):
    """The list of chunks, which the window shows too, stands below its title."""
    return [f"{path.name} -z seamark,table {option}: no line {LIST_TITLE!r}" for option in PASSES.values()
            if LIST_TITLE not in tshark.run(path.name, *option, "-q", "-z", "seamark,table").splitlines()]


def check(tshark, given):
    paths = [p for pattern in ("*.pcap", "*.pcapng") for p in CAPTURES.glob(pattern)
             if given.only in p.name]
    tshark.add(paths)
    results = runner.in_parallel(lambda path: check_one(tshark, path), sorted(paths))
    complaints = [c for result in results for c in result[0]]
    complaints += check_list(tshark, paths[0]) if paths else []
    bad = sum(1 for result in results if result[0])
    print(f"{len(paths)} captures, {sum(r[1] for r in results)} chunk rows and "
          f"{sum(r[2] for r in results)} field cells compared; {bad} captures differ")
    return complaints if paths else [f"no capture in {CAPTURES} has {given.only!r} in its name"]


if __name__ == "__main__":
    runner.main(check, __doc__)
