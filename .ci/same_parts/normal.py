# SPDX-License-Identifier: GPL-2.0-or-later
"""What differs between two runs of one and the same build, and what stands in its place when outputs are
compared. All of it is here, each with its reason; whatever is not here is compared to the byte."""

import re

# (what it is found by, what takes its place, why two runs differ there)
EVERYWHERE = [
    (rb"/tmp/seamark-[\w-]+(?:/\d+\b)?", b"/tmp/FOLDER", "scratch folders have random names, and each side has its own"),
    (rb"[^\s'\"=(:]*/build/same-build/", b"BUILD/", "each side runs programs of its own folder"),
]
TSHARK = [
    (rb'(<pdml [^>]*\btime=")[^"]*', rb"\1TIME", "PDML's first line tells when it was written"),
]
TSHARK_ERRORS = [
    (rb"\(tshark:\d+\) [\d:.]+ ", b"(tshark:PROCESS) TIME ", "what GLib logs tells the process and the time of day"),
]
EMITTER = [
    (rb"\b(?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0|\[::\]|localhost):\d{4,5}\b", b"HOST:PORT", "ports are the kernel's choice"),
    (rb"\b\d+(?:\.\d+)? (?:ms|us|ns|\xc2\xb5s|s)\b", b"DURATION", "how long something took"),
    (rb"\bid=[0-9a-f]{16}\b", b"id=ID", "an id begins at a random number in each process"),
    (rb'Content-Length: \d+(\r\n(?:[^\r\n]+\r\n)*\r\n\{"done")', rb"Content-Length: N\1", "times in /report have more or fewer digits"),
    (rb'"at":\d+', b'"at":TIME', "microseconds of each write in /report"),
    (rb"\b(recorded )\d+( events)|\b\d+( events recorded)", rb"\1N\2\3",
     "reads that found nothing are among them; recorded.py compares the number with what the file holds"),
    (rb"\b(?:process|pid|thread) \d+", b"PROCESS", "process numbers are the kernel's choice"),
]


def _compiled(*lists):
    return [(re.compile(found), put) for rules in lists for found, put, _ in rules]


_TSHARK, _EMITTER = _compiled(EVERYWHERE, TSHARK), _compiled(EVERYWHERE, EMITTER)
_TSHARK_ERRORS = _compiled(EVERYWHERE, TSHARK_ERRORS)


def _replaced(rules, data):
    for found, put in rules:
        data = found.sub(put, data)
    return data


def tshark_output(data):
    """Rules look at the head of what tshark prints alone: no name of a folder follows it, and a
    capture's own text may look like anything."""
    head, tail = data[:4096], data[4096:]
    return _replaced(_TSHARK, head) + tail


def tshark_errors(data):
    return _replaced(_TSHARK_ERRORS, data)


def emitter_output(data):
    return _replaced(_EMITTER, data)


# Of each recorded call (docs/event-format.md) these are not compared: when it was made and when it returned,
# the process and thread (numbers of the kernel's), and ports that the kernel chose. Reads that found nothing
# (EAGAIN) are left out: whether a request is there already when the server first asks for it is chance.
EAGAIN = 11


# The kernel's own state (parts 1 and 4 of a record) depends on how fast the peer was, but for these numbers, by
# place: they are compared, or whether they are 0.
STATE = {1: {0: "any", 2: "equal", 3: "any", 4: "any", 11: "any", 12: "any"}, 4: {1: "equal", 3: "equal"}}


def state_numbers(part, numbers):
    """What is compared of them, as text."""
    said = []
    for place, number in enumerate(numbers):
        how = STATE[part].get(place)
        said.append("?" if how is None else str(number) if how == "equal" else "0" if number == 0 else "+")
    return ",".join(said)
