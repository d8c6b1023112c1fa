#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a message ends before it is whole, a frame says so: the one with its last byte, with the byte
that broke it, or with the FIN or RST that cut it short; and the frame after missing bytes says that they
are. Each fault is one expert info, in one pass (what that can know) and in two.

The captures are made here, byte by byte, so that the frames are known by counting.
"""

import tempfile
from pathlib import Path

import limits
import tshark as runner

HEAD, CHUNK = limits.HEAD, b"5\r\nhello\r\n"
LOST = object()  # the segment in front of it is lost
FIN, RESET = object(), object()  # of the server
FIN_FLAGS, RESET_FLAGS = 0x11, 0x04
# (what, the segments of the response, from frame 4 on; and where each of these stands)
EXPERTS = ("seamark.missing_bytes", "seamark.fault.missing_bytes", "seamark.fault.unfinished",
           "seamark.fault.bad_chunk_end", "seamark.fault.cut_by_fin", "seamark.fault.cut_by_reset")
KNOWN_IN_ONE_PASS = EXPERTS[3:]
CASES = [
    ("whole", [HEAD + CHUNK, b"0\r\n\r\n"], [[], [], [], []]),
    ("no byte is missing from data", [HEAD + CHUNK[:5], LOST, CHUNK[5:], b"0\r\n\r\n"], [[], [], [], []]),
    ("the size line", [HEAD + CHUNK, b"5", b"\r", LOST, b"\nhello\r\n", CHUNK], [[6], [5], [], []]),
    ("a whole chunk", [HEAD, CHUNK, LOST, CHUNK, CHUNK], [[5], [4], [], []]),
    ("the head", [HEAD[:30], HEAD[30:40], LOST, HEAD[40:] + CHUNK], [[5], [4], [], []]),
    ("the capture ends in data", [HEAD + CHUNK, CHUNK[:5]], [[], [], [5], []]),
    ("the capture ends in front of a size line", [HEAD, CHUNK], [[], [], [5], []]),
    ("the capture ends in the head", [HEAD[:20], HEAD[20:40]], [[], [], [5], []]),
    ("Content-Length", [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"12345"], [[], [], [5], []]),
    ("no CRLF behind data", [HEAD + CHUNK, b"5\r\nhelloX", CHUNK], [[], [], [], [5]]),
    ("FIN in data", [HEAD + CHUNK, CHUNK[:5], FIN], [[], [], [], [], [6]]),
    ("FIN in front of a size line", [HEAD, CHUNK, FIN], [[], [], [], [], [6]]),
    ("FIN in the head", [HEAD[:20], FIN], [[], [], [], [], [5]]),
    ("FIN in a body of known length", [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", FIN], [[], [], [], [], [5]]),
    ("FIN behind a lost segment", [HEAD, CHUNK, CHUNK, LOST, FIN], [[], [5], [], [], []]),
    ("FIN behind the whole", [HEAD, b"0\r\n\r\n", FIN], [[]]),
    ("RST in data", [HEAD + CHUNK, CHUNK[:5], RESET], [[], [], [], [], [], [6]]),
    ("RST in a body that lasts to the close", [b"HTTP/1.1 200 OK\r\n\r\nbody", RESET], [[], [], [], [], [], [5]]),
    ("FIN at the end of such a body", [b"HTTP/1.1 200 OK\r\n\r\nbody", FIN], [[]]),
]
CASES = [(what, segments, frames + [[]] * (len(EXPERTS) - len(frames))) for what, segments, frames in CASES]
FIRST = 4


def make(path, segments):
    capture = limits.Capture(path)
    capture.stream(b"", 1)
    at = 0
    for number, data in enumerate(segments):
        if data is LOST:
            continue
        if data is FIN or data is RESET:
            capture.segment(0, True, at, b"", FIN_FLAGS if data is FIN else RESET_FLAGS)
            continue
        lost = number + 1 < len(segments) and segments[number + 1] is LOST
        if not lost:
            capture.segment(0, True, at, data)
        at += len(data)
    capture.close()


def read(tshark, name, fields, *options):
    """({field: frames that have it}, what else is printed)"""
    asked = [part for field in fields for part in ("-e", field)]
    printed = tshark.run(name, *options, "-T", "fields", "-e", "frame.number", *asked)
    found, rest = {field: [] for field in fields}, []
    for line in printed.splitlines():
        cells = line.split("\t")
        if len(cells) != 1 + len(fields):
            rest.append(line)
            continue
        for field, cell in zip(fields, cells[1:]):
            found[field] += [int(cells[0])] if cell else []
    return found, rest


def check(tshark, given):
    complaints, compared = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, segments, frames) in enumerate(CASES):
            path = Path(folder) / f"ending{number}.pcapng"
            make(path, segments)
            tshark.add([path])
            expected = dict(zip(EXPERTS, frames))
            once, _ = read(tshark, path.name, KNOWN_IN_ONE_PASS)
            twice, experts = read(tshark, path.name, EXPERTS, "-2", "-z", "expert")
            for passes, found in (("one pass", once), ("-2", twice)):
                for field, numbers in found.items():
                    compared += 1
                    if numbers != expected[field]:
                        complaints.append(f"{what} {passes}: {field} in frames {numbers}, expected {expected[field]}")
            faults = sum(len(frames) for frames in frames[1:])
            said = [line for line in experts if "Malformed" in line and "Seamark" in line]
            if [line.split()[0] for line in said] != ["1"] * faults:
                complaints.append(f"{what}: {faults} faults are said as {said}")
    print(f"{compared} lists of frames; {len(complaints)} differ")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
