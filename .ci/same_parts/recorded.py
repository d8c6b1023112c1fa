# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded calls (docs/event-format.md) as lines of text, less what is chance (normal.py)."""

import re
import struct

from same_parts import normal

READ, STAMP, END = 2, 6, 7


def _pcapng(data):
    """(link type, packet, comment) of each packet, and b"" for what is no packet as (None, block, b"")."""
    at, links = 0, []
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or at + length > len(data):
            yield None, b"a broken block", b""
            return
        body = data[at + 8:at + length - 4]
        if kind == 1:
            links.append(struct.unpack_from("<H", body)[0])
        if kind == 6:
            interface, _, _, size, _ = struct.unpack_from("<IIIII", body)
            comment = b""
            for code, value in _options(body[20 + size + -size % 4:], "<"):
                if code == 1:
                    comment = value
            yield links[interface] if interface < len(links) else -1, body[20:20 + size], comment
        else:
            yield None, struct.pack("<I", kind) + body, b""
        at += length


def _options(data, order):
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 0:
            return
        yield code, data[at + 4:at + 4 + size]
        at += 4 + size + -size % 4


def _tags(packet):
    """({tag: value}, where the record begins)"""
    at, tags = 0, {}
    while at + 4 <= len(packet):
        tag, size = struct.unpack_from(">HH", packet, at)
        tags[tag] = packet[at + 4:at + 4 + size]
        at += 4 + size + -size % 4
        if tag == 0:
            break
    return tags, at


def _part(code, value):
    if code not in normal.STATE:
        return repr(value)
    return normal.state_numbers(code, struct.unpack(f">{len(value) // 4}I", value[:len(value) // 4 * 4]))


class Event:
    """One packet of a record: `key` groups the calls of a connection, `line` is what is compared."""

    def __init__(self, packet, comment):
        tags, at = _tags(packet)
        (version, self.kind, fixed, flags, self.index, self.offset, asked, taken, entered, left, self.error, fd,
         process, _, connection, call, recorder, stamp, level, name) = struct.unpack_from(">BBHIQQQqqqIiIIIHBBHH", packet, at)
        self.process, self.connection = process, connection
        self.ports = tuple(struct.unpack(">I", tags[tag])[0] for tag in (25, 26) if len(tags.get(tag, b"")) == 4)
        parts = [f"part {code} of {len(value)} {_part(code, value)}" for code, value in _options_of_record(packet[at + fixed:])]
        addresses = [f"{tag}:{value.hex()}" for tag, value in sorted(tags.items()) if tag in (12, 20, 21, 22, 23, 24)]
        self.asked = asked
        if self.kind == END:
            asked = "N"
        words = normal.emitter_output(comment).decode("utf-8", "backslashreplace")
        self.line = (f"version {version} kind {self.kind} fixed {fixed} flags {flags} index {self.index} offset {self.offset} "
                     f"asked {asked} taken {taken} {'in order' if left >= entered else 'returns before it enters'} "
                     f"errno {self.error} fd {'yes' if fd >= 0 else fd} call {call} recorder {recorder} stamp {stamp} level {level} "
                     f"option {name} {' '.join(addresses)} {' '.join(parts)} \"{words}\"")


def _options_of_record(data):
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from(">HH", data, at)
        yield code, data[at + 4:at + 4 + size]
        at += 4 + size + -size % 4


def lines(events):
    """What is compared of a connection's calls: each of them in turn, then which time stamps the kernel gave.
    It gives one for all that left together, so that their number is chance."""
    stamps = {re.sub(r"(offset|at) \d+", r"\1 N", event.line) for event in events if event.kind == STAMP}
    return [event.line for event in events if event.kind != STAMP] + sorted(stamps)


def kinds_of_calls(events):
    """Which kinds of calls there are, with no number: of programs whose processes race."""
    return sorted({re.sub(r"\b(index|offset|asked|taken) -?\d+|\".*\"", r"\1", event.line) for event in events})


def read(path):
    """([Event], lines for what else the file holds), without the reads that found nothing."""
    events, others = [], []
    for link, packet, comment in _pcapng(path.read_bytes()):
        if link == 252:
            try:
                events.append(Event(packet, comment))
            except struct.error:
                others.append(f"a packet that is no event, {len(packet)} bytes")
        else:
            others.append(f"link {link} {len(packet)} bytes {packet[:64].hex() if link is None else ''}")
    for event in events:
        if event.kind == END and event.asked != len(events) - 1:
            event.line += f" says {event.asked} events of {len(events) - 1}"
    return [e for e in events if not (e.kind == READ and e.error == normal.EAGAIN)], others
