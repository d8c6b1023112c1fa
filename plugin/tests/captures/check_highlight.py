#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Selecting an item lights exactly its bytes: heads, chunk data and trailer sections, in every frame of
every recipe and of some random connections, as PDML gives position and length.
"""

import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import check_random
import tshark as runner

ITEMS = ("seamark.head", "seamark.chunk.data", "seamark.trailer")


def pieces_of(reading, arrival):
    """(item, start, end) of what is to be lit in some frame, if that frame carried it."""
    from kit import layout
    for message, _, _ in reading.messages:
        head = [r for p, r in zip(message.pieces, reading.known[message])
                if p.kind in (layout.START, layout.FIELDS)]
        yield "seamark.head", head[0][0], head[-1][1]
    for chunk in reading.chunks:
        if chunk.last:
            end = min(chunk.section, reading.chunk_end(chunk, arrival))
            yield "seamark.trailer", chunk.tail, end
        else:
            yield "seamark.chunk.data", chunk.data, chunk.tail


def expected_items(capture):
    """{frame: sorted [(item, bytes)]} of all frames with any."""
    from kit import oracle
    items = {}
    for connection in capture.connections:
        for _, side, arrival in oracle.directions(connection):
            reading = oracle.Reading(side, arrival, oracle.AT_END, over=True)
            for item, start, end in pieces_of(reading, arrival):
                at = start
                while at < end:
                    frame, begin = arrival.owner[at], at
                    while at < end and arrival.owner[at] == frame:
                        at += 1
                    if frame:
                        items.setdefault(frame, []).append((item, bytes(side.bytes[begin:at])))
    return {frame: sorted(found) for frame, found in items.items()}


def shown_items(pdml, capture):
    """{frame: sorted [(item, bytes lit)]}. The bytes are taken from the frame where they are said to
    be; those of a reassembled datagram, which are in no frame, from what tshark says they are."""
    items = {}
    for number, packet in enumerate(ElementTree.fromstring(pdml), 1):
        frame = capture.frames[number - 1].data
        reassembled = any(p.get("name") == "ip.fragments" for p in packet.iter("field"))
        for field in packet.iter("field"):
            if field.get("name") in ITEMS:
                start = int(field.get("pos"))
                lit = (bytes.fromhex(field.get("value")) if reassembled
                       else frame[start : start + int(field.get("size"))])
                items.setdefault(number, []).append((field.get("name"), lit))
    return {frame: sorted(found) for frame, found in items.items()}


def check_one(tshark, capture):
    name = f"{capture.name}.{capture.form}"
    want = expected_items(capture)
    have = shown_items(tshark.run(name, "-2", "-T", "pdml"), capture)
    complaints = []
    for frame in sorted(want.keys() | have.keys()):
        ours, theirs = have.get(frame, []), want.get(frame, [])
        if ours != theirs:
            complaints.append(f"{name}: frame {frame}\n    lit:      {ours}\n    expected: {theirs}")
    return complaints, sum(len(found) for found in want.values()), 0


def check(tshark, given):
    from kit import catalogue, files
    captures = [c for _, c in catalogue.build_all() if given.only in c.name]
    captures.append(check_random.make(given.seed, 10))
    with tempfile.TemporaryDirectory() as folder:
        for capture in captures:
            path = Path(folder) / f"{capture.name}.{capture.form}"
            path.write_bytes(files.capture_file(capture))
            tshark.add([path])
        results = runner.in_parallel(lambda capture: check_one(tshark, capture), captures)
    complaints = [c for result in results for c in result[0]]
    print(f"{len(captures)} captures, {sum(r[1] for r in results)} items compared with their bytes; "
          f"{len(complaints)} frames differ")
    return complaints[:20]


if __name__ == "__main__":
    check_random.need_kit()
    runner.main(check, __doc__, ("--seed", {"type": int, "default": 7, "help": "for other connections"}))
