#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the preferences cap is capped, and the tree says in which frame the cap was met.

The captures are made here, byte by byte, so the frames in which a cap is met are known by counting.
"""

import tempfile
from pathlib import Path

import check_events as calls
import limits
import tshark as runner

SIZE = 1000  # bytes of a segment
CHUNK = limits.HEAD + b"%x\r\n" % (10 * SIZE) + b"x" * 10 * SIZE + b"\r\n0\r\n\r\n"


def behind_a_hole(capture, segments, connection=0):
    """Both SYNs, a request, and so many segments of a response whose first byte is lost."""
    capture.segment(connection, False, 0, b"", limits.SYN)
    capture.segment(connection, True, 0, b"", limits.SYN)
    capture.segment(connection, False, 0, limits.REQUEST)
    answer = limits.HEAD + b"%x\r\n" % (segments * SIZE)
    data = answer + b"x" * (segments * SIZE - len(answer))
    for at in range(0, len(data), SIZE):
        capture.segment(connection, True, at + 1, data[at : at + SIZE])


def one_hole(capture):
    behind_a_hole(capture, 10)


def two_holes(capture):
    for connection in (0, 1):
        behind_a_hole(capture, 600, connection)


def one_chunk(capture):
    capture.stream(CHUNK, SIZE)


def wide_tags(capture):
    """4,300 chunks in one segment, each with a tag of 1,024 writes: 4.4 million."""
    tagged = limits.HEAD.replace(b"\r\n\r\n", b"\r\nSeamark: tag=w\r\n\r\n")
    capture.stream(tagged + b"1;w=1-1024\r\nx\r\n" * 4300 + b"0\r\n\r\n", 65000)


def scattered_tags(capture):
    """2,000 chunks whose writes have gaps, so that no two can be named as one range."""
    tagged = limits.HEAD.replace(b"\r\n\r\n", b"\r\nSeamark: tag=w\r\n\r\n")
    capture.stream(tagged + b"".join(b"1;w=%d\r\nx\r\n" % (3 * i) for i in range(1, 2001)) + b"0\r\n\r\n", 65000)


# Of 1, 2, 1, 2 and so on; the fifteenth of these runs begins within the 40 bytes after which none is added.
SIZES = [1, 2] * 7 + [10] * 3 + [11] + [10]


def many_sizes(capture):
    """Chunks whose sizes make more runs than a field of a segment has room for."""
    capture.stream(limits.HEAD + b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for size in SIZES) + b"0\r\n\r\n", 65000)


# 3 to 144 in steps, of which text has 200 bytes; then a run that begins within them, and grows; what follows is cut off.
WRITES = [*range(3, 148, 3), 148, 149, 160, 150]


def late_tags(capture):
    """Tags of writes that make more runs than there is room for; the last would prolong the last that is shown."""
    tagged = limits.HEAD.replace(b"\r\n\r\n", b"\r\nSeamark: tag=w\r\n\r\n")
    capture.stream(tagged + b"".join(b"1;w=%d\r\nx\r\n" % write for write in WRITES) + b"0\r\n\r\n", 65000)


BYTES = limits.HEAD + b"%x\r\n" % 30000 + b"x" * 30000 + b"\r\n0\r\n\r\n"


def calls_of_a_byte(capture):
    """One segment, each byte of it written and read by a call of its own; calls come first."""
    for at in range(len(BYTES)):
        capture.call(calls.WRITE, at + 1, at, 1)
        capture.call(calls.READ, at + 1, at, 1)
    capture.stream(BYTES, 65000)


def numbers(text):
    return [int(n) for n in text.replace(",", " ").split()]


TWO_LEGS = Path(__file__).resolve().parents[3] / "test-captures/two-legs.pcap"

# 3 frames come before the response; each segment waits with 1,000 bytes.
FIRST = 4
LIMIT = "seamark.limit_met"
LINKS = "seamark.links_cut"
ITEMS = "seamark.items_cut"
# (what, capture, preferences, arguments, expert info, the frames in which it stands)
CASES = [
    ("1024 KiB are more than 10,000 bytes", one_hole, {}, LIMIT, []),
    ("4 KiB are met by the fifth", one_hole, {"waiting_kib": 4}, LIMIT, [FIRST + 4]),
    ("0 is taken as 1", one_hole, {"waiting_kib": 0}, LIMIT, [FIRST + 1]),
    ("1 MiB in all is met in the second connection", two_holes, {"waiting_total_mib": 1}, LIMIT,
     [3 + 600 + 3 + (1048576 - 600000) // SIZE + 1]),
    ("256 MiB in all are not met", two_holes, {}, LIMIT, []),
    ("no more than 4,096 frames", one_chunk, {}, LINKS, []),
    # The chunk's ten and a bit segments, and the head's, which has its size line.
    ("3 of 11 frames listed", one_chunk, {"frame_links": 3}, LINKS, list(range(FIRST, FIRST + 11))),
]
# (capture, gui.max_tree_items, the frames that have more to list than half of that). From Wireshark 4.6 on, 50,000
# items of a post-dissector count as an endless loop, whatever the preference: only where they are drawn.
FULL_TREES = [
    (wide_tags, 1000000, [FIRST]),
    (calls_of_a_byte, 1000000, [2 * len(BYTES) + FIRST]),
    (calls_of_a_byte, 4000000, []),
    (one_chunk, 1000000, []),
]


def check_full_trees(tshark):
    """Of a tree with more than gui.max_tree_items libwireshark says "Dissector bug", and drops the rest."""
    complaints = []
    for make, most, frames in FULL_TREES:
        arguments = [f"{make.__name__}.pcap", "-o", f"gui.max_tree_items:{most}", "-Y", "tcp.srcport == 8000 && tcp.len"]
        found = numbers(tshark.run(*arguments[:-1], ITEMS, "-T", "fields", "-e", "frame.number"))
        if found != frames:
            complaints.append(f"{make.__name__}, trees of {most}: {ITEMS} in frames {found}, expected {frames}")
        tree = tshark.run(*arguments, "-V")
        endless = tshark.series >= (4, 6) and make is calls_of_a_byte
        if "Dissector bug" in tree or ("more messages, chunks, calls and verdicts" in tree) != (bool(frames) or endless):
            complaints.append(f"{make.__name__}, trees of {most}: -V ends with {tree[-600:]}")
    return complaints


def check(tshark, given):
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        for make in (one_hole, two_holes, one_chunk, wide_tags, scattered_tags, many_sizes, late_tags, calls_of_a_byte):
            path = Path(folder) / f"{make.__name__}.pcap"
            capture = limits.Capture(path)
            make(capture)
            capture.close()
            tshark.add([path])
    for what, make, preferences, field, frames in CASES:
        options = [o for name, value in preferences.items() for o in ("-o", f"seamark.{name}:{value}")]
        name = f"{make.__name__}.pcap"
        for passes in ([], ["-2"]) if field is LIMIT else (["-2"],):
            found = numbers(tshark.run(name, *passes, *options, "-Y", field, "-T", "fields", "-e", "frame.number"))
            if found != frames:
                complaints.append(f"{what}: {field} {passes} in frames {found}, expected {frames}")
    listed = tshark.run("one_chunk.pcap", "-2", "-o", "seamark.frame_links:3", "-Y", "frame.number == 9", "-T",
                        "fields", "-e", "seamark.chunk.frame", "-e", "seamark.chunk.frames").split()
    if listed != ["4,5,6", "11"]:
        complaints.append(f"3 links: frame 9 lists {listed}")
    columns = [tshark.run("one_chunk.pcap", "-o", f"seamark.info_column:{on}") for on in ("TRUE", "FALSE")]
    if "[head \u00b7 chunk 1]" not in columns[0] or "chunk 1" in columns[1]:
        complaints.append(f"info_column: {columns[0][:600]}")
    scattered = tshark.run("scattered_tags.pcap", "-Y", f"frame.number == {FIRST}")
    if "chunks 1\u20132001 \u00b7 writes 3, 6, 9, 12" not in scattered or ", \u2026]  HTTP/1.1 200 OK" not in scattered:
        complaints.append(f"scattered writes in the Info column: {scattered}")
    for name, field, wanted in (
            ("many_sizes", "sizes", ", ".join(["1", "2"] * 7) + ", a \u00d73, \u2026"),
            ("late_tags", "writes", ", ".join(map(str, range(3, 145, 3))) + ", 147\u2013149, \u2026")):
        found = tshark.run(f"{name}.pcap", "-Y", f"frame.number == {FIRST}", "-T", "fields", "-e", f"seamark.segment.{field}").strip()
        if found != wanted:
            complaints.append(f"{name}: seamark.segment.{field} is '{found}', not '{wanted}'")
    # Both legs of a proxy, and what cannot be distinguished, unless pairing is switched off.
    tshark.add([TWO_LEGS])
    for on, legs in (("TRUE", True), ("FALSE", False)):
        switch = ["-o", f"seamark.pair_legs:{on}"]
        lanes = tshark.run(TWO_LEGS.name, *switch, "-q", "-z", "seamark,lanes")
        seen = ["through a proxy" in lanes] + [
            bool(numbers(tshark.run(TWO_LEGS.name, "-2", *switch, "-Y", field, "-T", "fields", "-e", "frame.number")))
            for field in ("seamark.leg", "seamark.leg_doubt")]
        if seen != [legs] * 3:
            complaints.append(f"pair_legs {on}: stacked lanes, seamark.leg, seamark.leg_doubt: {seen}")
    complaints += check_full_trees(tshark)
    print(f"{len(CASES) + len(FULL_TREES)} caps; {len(complaints)} differ")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
