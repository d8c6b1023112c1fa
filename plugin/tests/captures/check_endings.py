#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a message ends before it is whole, a frame says so: the one with its last byte, or with the byte
that broke it; and the frame behind missing bytes says that they are.

The captures are made here, byte by byte, so that the frames are known by counting.
"""

import tempfile
from pathlib import Path

import limits
import tshark as runner

HEAD, CHUNK = limits.HEAD, b"5\r\nhello\r\n"
LOST = object()  # the segment in front of it is lost
# (what, the segments of the response, from frame 4 on; and where each of these stands)
EXPERTS = ("seamark.missing_bytes", "seamark.fault.missing_bytes", "seamark.fault.unfinished",
           "seamark.fault.bad_chunk_end")
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
]
FIRST = 4


def make(path, segments):
    capture = limits.Capture(path)
    capture.stream(b"", 1)
    at = 0
    for number, data in enumerate(segments):
        if data is LOST:
            continue
        lost = number + 1 < len(segments) and segments[number + 1] is LOST
        if not lost:
            capture.segment(0, True, at, data)
        at += len(data)
    capture.close()


def numbers(text):
    return [int(n) for n in text.split()]


def check(tshark, given):
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, segments, frames) in enumerate(CASES):
            path = Path(folder) / f"ending{number}.pcapng"
            make(path, segments)
            tshark.add([path])
            for field, expected in zip(EXPERTS, frames):
                found = numbers(tshark.run(path.name, "-2", "-Y", field, "-T", "fields", "-e", "frame.number"))
                if found != expected:
                    complaints.append(f"{what}: {field} in frames {found}, expected {expected}")
    print(f"{len(CASES) * len(EXPERTS)} lists of frames; {len(complaints)} differ")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
