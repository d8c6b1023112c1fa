# SPDX-License-Identifier: GPL-2.0-or-later
"""Comparison of what tshark printed with a baseline; complaints in words a human can act on."""

import json


def chunk_objects(output):
    """The chunk objects in tshark's output: every line that starts with a brace."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def place(row):
    """What rows are matched by: no two chunks of a direction begin at the same byte, but where its tcp.stream has
    two connections."""
    return row["stream"], row["dir"], row["message"], row["offset"]


def name_of(row):
    return (f"stream {row['stream']} {row['dir']} message {row['message']} chunk {row['chunk']} "
            f"at offset {row['offset']}")


def short(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def compare_chunks(where, expected, actual, keys):
    """Complaints about rows of -z seamark,chunks,json: one for each row, naming the keys that differ."""
    complaints = []
    theirs = {place(row): row for row in expected}
    ours = {place(row): row for row in actual}
    if len(expected) != len(actual) or len(ours) != len(actual):
        complaints.append(f"{where}: {len(actual)} chunk rows, expected {len(expected)}")
    for at, want in theirs.items():
        if at not in ours:
            complaints.append(f"{where}: missing: {name_of(want)}")
            continue
        have = ours[at]
        absent = object()
        wrong = [f"    {key}: {short(have.get(key, '(absent)'))}, expected {short(want.get(key, '(absent)'))}"
                 for key in keys if have.get(key, absent) != want.get(key, absent)]
        if wrong:
            complaints.append(f"{where}: {name_of(want)}\n" + "\n".join(wrong))
    for at, have in ours.items():
        if at not in theirs:
            complaints.append(f"{where}: surplus: {short(have)}")
    if not complaints and list(theirs) != list(ours):
        complaints.append(f"{where}: the rows are right and in another order")
    return complaints


def field_table(output, columns):
    """{frame number: {column: text}} from -T fields with tabs; the first column is frame.number."""
    table = {}
    for line in output.splitlines():
        cells = line.split("\t")
        if len(cells) == len(columns) and cells[0].isdigit():
            table[int(cells[0])] = dict(zip(columns, cells))
    return table


def plain(text):
    """Undoes what differs between versions of tshark: True and 1, doubled backslashes."""
    words = {"True": "1", "False": "0"}
    return "|".join(words.get(word, word) for word in text.split("|")).replace("\\\\", "\\")


def compare_fields(where, expected, actual, columns):
    """Complaints about a field table, and the number of cells compared. A frame that `expected` lacks
    must have nothing but its number; a cell "?" there is not compared."""
    complaints, compared = [], 0
    for frame in sorted(expected.keys() - actual.keys()):
        complaints.append(f"{where}: tshark printed no line for frame {frame}")
    for frame, have in sorted(actual.items()):
        want = expected.get(frame, {})
        wrong = []
        for column in columns[1:]:
            cell = want.get(column, "")
            if cell == "?":
                continue
            compared += 1
            if plain(have[column]) != plain(cell):
                wrong.append(f"    {column}: {have[column]!r}, expected {cell!r}")
        if wrong:
            complaints.append(f"{where}: frame {frame}\n" + "\n".join(wrong))
    return complaints, compared
