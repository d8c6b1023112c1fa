# SPDX-License-Identifier: GPL-2.0-or-later
"""What a capture of both legs of a proxy holds, found out without the plugin: streams put together
from packets, bodies from chunks, and for each body byte the frame and the time that carried it.

For captures on loopback that lost nothing: it asserts what a real capture need not keep."""

import bisect
import collections
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "emitter/tests/trace"))
import events as recorded  # noqa: E402

ETHERNET = 1
DELAYED = 2 | 4  # TCP_CORK, MSG_MORE


@dataclass
class Direction:
    """Bytes one end sent, and which frame carried them."""

    source: Tuple[str, int]
    peer: Tuple[str, int]
    data: bytearray = field(default_factory=bytearray)
    starts: List[int] = field(default_factory=list)  # offset of each run
    frames: List[int] = field(default_factory=list)
    times: List[int] = field(default_factory=list)  # ns since 1970
    base: int = None

    def brought(self, at):
        """(frame, time) of the byte at an offset."""
        i = bisect.bisect_right(self.starts, at) - 1
        return self.frames[i], self.times[i]


@dataclass
class Response:
    direction: Direction
    begin: int  # offset of the head in the direction
    seamark: str  # value of the field, "" where there is none
    number: int  # among the responses of the connection, from 1
    runs: List[Tuple[int, int, int]] = field(default_factory=list)  # body begin, end, stream offset
    chunked: bool = True
    end: int = 0

    def at(self, body):
        """Stream offset of a body offset."""
        i = bisect.bisect_right([run[0] for run in self.runs], body) - 1
        return self.runs[i][2] + body - self.runs[i][0]

    def length(self):
        return self.runs[-1][1] if self.runs else 0

    def body(self):
        return b"".join(bytes(self.direction.data[at:at + end - begin])
                        for begin, end, at in self.runs)


def address(packet):
    return ".".join(str(b) for b in packet)


def directions(path):
    """{(source, peer): [Direction, …]} of a capture, in order of their SYNs."""
    found, frame = collections.defaultdict(list), 0
    for link, time, packet in recorded.packets(path):
        frame += 1
        if link != ETHERNET or packet[12:14] != b"\x08\x00" or packet[23] != 6:
            continue
        ip = packet[14:14 + struct.unpack_from(">H", packet, 16)[0]]
        header = (ip[0] & 15) * 4
        source_port, peer_port, sequence, _, rest, flags = struct.unpack_from(">HHIIBB", ip, header)
        source, peer = (address(ip[12:16]), source_port), (address(ip[16:20]), peer_port)
        payload = ip[header + (rest >> 4) * 4:]
        if flags & 2:
            found[source, peer].append(Direction(source, peer, base=(sequence + 1) % 2**32))
            continue
        if not payload or not found[source, peer]:
            continue
        way = found[source, peer][-1]
        at = (sequence - way.base) % 2**32
        assert at <= len(way.data), f"frame {frame}: {at - len(way.data)} bytes are missing"
        fresh = payload[len(way.data) - at:]
        if fresh:
            way.starts.append(len(way.data))
            way.frames.append(frame)
            way.times.append(time)
            way.data += fresh
    return found


def responses(way):
    """The responses of a direction, by RFC 9112 and nothing tolerated."""
    found, at, data = [], 0, bytes(way.data)
    while at < len(data):
        head_end = data.index(b"\r\n\r\n", at) + 4
        lines = data[at:head_end - 4].decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in
                  (line.partition(":") for line in lines[1:])}
        here = Response(way, at, fields.get("seamark", ""), len(found) + 1)
        found.append(here)
        at = head_end
        here.chunked = fields.get("transfer-encoding") == "chunked"
        if not here.chunked:
            length = int(fields.get("content-length", len(data) - at))
            here.runs.append((0, length, at))
            at += length
        body = 0
        while here.chunked:
            line_end = data.index(b"\r\n", at)
            size = int(data[at:line_end].split(b";")[0], 16)
            at = line_end + 2
            if size == 0:
                at = data.index(b"\r\n", at) + 2
                break
            here.runs.append((body, body + size, at))
            body += size
            at += size
            assert data[at:at + 2] == b"\r\n"
            at += 2
        here.end = at
    return found


@dataclass
class Expected:
    """What the plugin has to say of a chunk of one leg."""

    matched: int
    chunks: List[int]
    frames: List[int]
    longest: int
    shortest: int


def expected(ours, theirs, begin, end, ours_is_downstream):
    """For body bytes [begin, end) of `ours`: what `theirs` has of them."""
    chunks = [n for n, (b, e, _) in enumerate(theirs.runs, 1)
              if b < end and begin < e] if theirs.chunked else []
    frames, held = set(), []
    for at in range(begin, end):
        frame, there = theirs.direction.brought(theirs.at(at))
        here = ours.direction.brought(ours.at(at))[1]
        frames.add(frame)
        held.append(here - there if ours_is_downstream else there - here)
    return Expected(end - begin, chunks, sorted(frames), max(held), min(held))


class Calls:
    """The recorded calls of one direction at one end: which took the byte at an offset."""

    def __init__(self, calls):
        self.calls = sorted(calls, key=lambda call: call[0])
        self.offsets = [call[0] for call in self.calls]

    def of(self, at):
        """(entered, returned, asked for a delay) of the call that moved the byte at an offset."""
        i = bisect.bisect_right(self.offsets, at) - 1
        assert i >= 0 and at < self.calls[i][0] + self.calls[i][1], f"no call moved byte {at}"
        return self.calls[i][2:]


def calls(path):
    """{(kind, source, peer): Calls} of an event file. Where a pair of ports was used twice, that
    is an error here."""
    found = collections.defaultdict(list)
    for event, left in recorded.events_with_return(path):
        if event.kind in (recorded.WRITE, recorded.READ) and event.index > 0:
            found[event.kind, event.source, event.peer].append(
                (event.offset, event.taken, event.time, left, event.flags & DELAYED != 0))
    return {key: Calls(group) for key, group in found.items()}
