# SPDX-License-Identifier: GPL-2.0-or-later
"""The truth about a capture, from its recipe: which frame brought which byte first, and what a reader
who goes by DESIGN.md can then know about each piece of the layout.

Nothing is parsed here. The walk goes over the pieces as they were laid out and asks
of each only: were these bytes captured (by now), and may a reader know that they stand here?
"""

from .layout import BLANK, BODY, DATA, FIELDS, JUNK, NO_MORE, REFUSED, SIZE_LINE, START

AT_END = 10**9  # a frame number behind all others
UNSAID = "?"  # a cell for which the contract gives no answer
COLUMNS = ["pass", "frame.number", "seamark.segment", "seamark.segment.offset",
           "seamark.segment.len", "seamark.segment.packets", "seamark.retransmission",
           "seamark.exchange", "seamark.message", "seamark.framing", "seamark.chunk",
           "seamark.chunk.hex", "seamark.chunk.size", "seamark.chunk.ext", "seamark.chunk.last",
           "seamark.chunk.offset", "seamark.chunk.here", "seamark.chunk.complete",
           "seamark.chunk.frame", "seamark.chunk.frames", "seamark.chunk.spread", "seamark.write",
           "seamark.write.range"]


class Arrival:
    """Which frame brought each byte of one direction first (0: none did)."""

    def __init__(self, side):
        self.owner = [0] * len(side.bytes)
        self.side = side
        self.repeats = {}  # frame -> frames whose bytes it repeats, in stream order
        self.index = {}  # frame -> number of its segment
        self.starts = set()  # where segments begin that brought the byte there
        for segment in side.segments:
            new, old = False, []
            if not self.owner[segment.start]:
                self.starts.add(segment.start)
            for i in range(segment.start, segment.captured):
                if self.owner[i]:
                    old.append(self.owner[i])
                else:
                    self.owner[i] = segment.frame
                    new = True
            self.repeats[segment.frame] = list(dict.fromkeys(old))
            if new:
                self.index[segment.frame] = len(self.index) + 1

    def base(self, by):
        """Layout offset of the byte that has stream offset 0, as known at frame `by`."""
        if self.side.syn_seen:
            return 0
        return min((s.start for s in self.side.segments if s.frame <= by), default=0)

    def begins_segment(self, start):
        """Does a segment begin here, or with empty lines right before? (The one place that looks at
        bytes: the end of a lost message can look like empty lines.)"""
        while start not in self.starts:
            start -= 1
            if start < 0 or not self.owner[start] or self.side.bytes[start] not in b"\r\n":
                return False
        return True

    def runs(self, start, end, by):
        """[[frame, bytes], …] of the range, in stream order, of frames up to number `by`."""
        result, previous = [], 0
        for frame in self.owner[start:end]:
            if 0 < frame <= by:
                if frame == previous:
                    result[-1][1] += 1
                else:
                    result.append([frame, 1])
                previous = frame
            else:
                previous = 0
        return result

    def reach(self, start, end, by):
        """The offset up to which the range has arrived without a hole by frame `by`."""
        at = start
        while at < end and 0 < self.owner[at] <= by:
            at += 1
        return at


class Reading:
    """What is known of one direction when the frames up to number `by` have been read.

    A hole in data or in a body of known length stops nobody, because the framing is known behind it.
    One in any piece that frames does: it may still be filled, until the capture is over. Then
    (`over`) the message ends there, and a start line that begins a segment is looked for.
    """

    def __init__(self, side, arrival, by, over):
        self.by = by
        self.messages = []  # (message, number, exchange)
        self.framed = set()  # messages whose head is whole
        self.chunks = []
        self.known = {}  # message -> ranges that belong to it
        self.unsure = []  # ranges of which the contract does not say whether they belong to one
        self._walk(side, arrival, over)

    def _walk(self, side, arrival, over):
        message, searching, finals = None, True, 0
        for piece in side.pieces:
            reach = arrival.reach(piece.start, piece.end, self.by)
            got = reach == piece.end
            if piece.kind in (REFUSED, NO_MORE):
                if message and piece.kind == REFUSED:
                    self.unsure.append((piece.start, piece.end))
                return
            if piece.kind == BLANK:
                continue
            if piece.kind == JUNK:
                message, searching = None, True
                if piece.unsure:
                    self.unsure.append((piece.start, piece.end))
                continue
            if piece.kind == START:
                message = None
                if not got and not over:
                    return
                if not got or (searching and not arrival.begins_segment(piece.start)):
                    searching = True
                    continue
                searching, message = False, piece.message
                self.messages.append((message, len(self.messages) + 1, finals + 1))
                finals += message.final
                self.known[message] = []
            if message is None:
                continue
            if not got and piece.kind not in (DATA, BODY):
                self.known[message].append((piece.start, reach))
                if not over:
                    return
                message, searching = None, True
                continue
            self.known[message].append((piece.start, piece.end))
            if piece.kind == FIELDS:
                self.framed.add(message)
            if piece.kind == SIZE_LINE:
                self.chunks.append(piece.chunk)

    def chunk_end(self, chunk, arrival):
        """The end of the bytes that belong to the chunk: of a line end or trailer section that is not
        whole, those up to the first missing one."""
        return arrival.reach(chunk.tail, chunk.end, self.by)


def directions(connection):
    for name, side in (("request", connection.client), ("response", connection.server)):
        yield name, side, Arrival(side)


class Leg:
    """A response and where the bytes of its body lie in its stream."""

    def __init__(self, capture, message):
        self.connection, self.side = next(
            (connection, side) for connection in capture.connections
            for side in (connection.client, connection.server)
            if any(piece.message is message for piece in side.pieces))
        self.body = [(at, piece.chunk) for piece in message.pieces if piece.kind in (DATA, BODY)
                     for at in range(piece.start, piece.end)]
        arrival = Arrival(self.side)
        self.owner = arrival.owner
        self.exchange = next(exchange for m, _, exchange in
                             Reading(self.side, arrival, AT_END, over=True).messages if m is message)

    def places(self, chunk):
        """Body offsets of the chunk's data."""
        return [i for i, (_, owner) in enumerate(self.body) if owner is chunk]


def other_leg(capture, ours, theirs, confidence, chunk):
    """What one leg has of a chunk of the other, byte by byte."""
    places = ours.places(chunk)
    there = [theirs.body[i] for i in places]
    frames = [(ours.owner[ours.body[i][0]], theirs.owner[theirs.body[i][0]]) for i in places]
    held = [abs(capture.frames[a - 1].time - capture.frames[b - 1].time) * 1000
            for a, b in frames if a and b]
    found = {"stream": theirs.connection.stream, "exchange": theirs.exchange,
             "confidence": confidence, "matched": len(held),
             "chunks": sorted({c.index for _, c in there if c}),
             "writes": sorted({w for _, c in there if c for w in c.write_list()}),
             "frames": sorted({b for _, b in frames if b})}
    if held:
        found |= {"held_ns": max(held), "held_shortest_ns": min(held)}
    return found


def leg_cells(capture, chunk):
    """The keys `upstream` and `downstream` of a chunk's row."""
    cells = {}
    for upstream, downstream, confidence in capture.legs:
        if chunk.message is downstream:
            cells["upstream"] = other_leg(capture, Leg(capture, downstream), Leg(capture, upstream),
                                          confidence, chunk)
        if chunk.message is upstream:
            cells["downstream"] = other_leg(capture, Leg(capture, upstream),
                                            Leg(capture, downstream), confidence, chunk)
    return cells


def chunk_rows(capture):
    """The rows of -z seamark,chunks,json. `faulty` stands for `faults`: true, non-empty; false,
    empty; null, not said."""
    for connection in capture.connections:
        for name, side, arrival in directions(connection):
            reading = Reading(side, arrival, AT_END, over=True)
            numbers = {m: (number, exchange) for m, number, exchange in reading.messages}
            for chunk in reading.chunks:
                number, exchange = numbers[chunk.message]
                frames = arrival.runs(chunk.start, reading.chunk_end(chunk, arrival), AT_END)
                complete = chunk.finished and arrival.reach(chunk.start, chunk.end,
                                                            AT_END) == chunk.end
                yield {
                    "stream": connection.stream,
                    "src": side.address, "sport": side.port,
                    "dst": side.peer.address, "dport": side.peer.port, "dir": name,
                    "message": number,
                    "exchange": number if name == "request" else exchange,
                    "chunk": chunk.index, "hex": chunk.hex, "size": chunk.size, "ext": chunk.ext,
                    "offset": chunk.start - arrival.base(AT_END), "header_len": chunk.data - chunk.start,
                    "data_len": sum(n for _, n in arrival.runs(chunk.data, chunk.tail, AT_END)),
                    "frames": frames,
                    "first_frame": min(f for f, _ in frames),
                    "last_frame": max(f for f, _ in frames),
                    "complete": complete, "writes": chunk.write_list(),
                    "faulty": chunk.faulty if complete else None,
                    **leg_cells(capture, chunk),
                }


def field_rows(capture, which_pass):
    """One dict of COLUMNS for each frame in which any field stands, in order of frames."""
    rows = {}
    for connection in capture.connections:
        for name, side, arrival in directions(connection):
            at_end = Reading(side, arrival, AT_END, over=True)
            for segment in side.segments:
                frame = segment.frame
                reading = Reading(side, arrival, frame, over=False) if which_pass == 1 else at_end
                if reading.messages:
                    cells = frame_cells(capture, side, arrival, reading, segment, name)
                elif which_pass == 1 and start_line_begun(arrival, at_end, frame):
                    cells = {column: [UNSAID] for column in COLUMNS[2:]}
                else:
                    continue
                cells["pass"], cells["frame.number"] = [which_pass], [frame]
                rows[frame] = {c: "|".join(map(str, cells.get(c, ()))) for c in COLUMNS}
    return [rows[frame] for frame in sorted(rows)]


def start_line_begun(arrival, at_end, frame):
    """Has a part of the first start line been read at this frame, and not all of it?"""
    start = at_end.messages[0][0].start if at_end.messages else 0
    return bool(at_end.messages) and arrival.reach(start, start + 1, frame) > start


def frame_cells(capture, side, arrival, reading, segment, direction):
    frame = segment.frame
    cells = {
        "seamark.segment": [arrival.index[frame]] if frame in arrival.index else [],
        "seamark.segment.offset": [segment.start - arrival.base(reading.by)],
        "seamark.segment.len": [segment.end - segment.start],
        "seamark.segment.packets": packets(side, segment, reading.by),
        "seamark.retransmission": arrival.repeats[frame],
    }

    def owns(start, end):
        return frame in arrival.owner[start:end]

    for message, number, exchange in reading.messages:
        if not any(owns(*r) for r in reading.known[message]):
            continue
        framed = message in reading.framed
        add(cells, "seamark.message", number)
        add(cells, "seamark.exchange", number if direction == "request" else exchange,
            unless=not framed)
        add(cells, "seamark.framing", message.framing, unless=not framed)
    if any(owns(*r) for r in reading.unsure):
        for column in ("seamark.message", "seamark.exchange", "seamark.framing"):
            cells[column] = [UNSAID]
    for chunk in reading.chunks:
        end = reading.chunk_end(chunk, arrival)
        runs = arrival.runs(chunk.start, end, reading.by)
        here = sum(n for f, n in runs if f == frame)
        if not here:
            continue
        frames = list(dict.fromkeys(f for f, _ in runs))
        complete = (chunk.finished and frame == max(frames)
                    and arrival.reach(chunk.start, chunk.end, reading.by) == chunk.end)
        add(cells, "seamark.chunk", chunk.index)
        add(cells, "seamark.chunk.hex", chunk.hex)
        add(cells, "seamark.chunk.size", chunk.size)
        add(cells, "seamark.chunk.last", int(chunk.last))
        add(cells, "seamark.chunk.offset", chunk.start - arrival.base(reading.by))
        add(cells, "seamark.chunk.here", here)
        add(cells, "seamark.chunk.complete", int(complete))
        add(cells, "seamark.chunk.frames", len(frames))
        for f in frames:
            add(cells, "seamark.chunk.frame", f)
        add(cells, "seamark.chunk.spread", spread(capture, frames))
        if chunk.ext:
            add(cells, "seamark.chunk.ext", chunk.ext)
        if chunk.writes or chunk.too_wide:
            add(cells, "seamark.write.range", chunk.writes, unless=chunk.too_wide)
        for w in chunk.write_list():
            add(cells, "seamark.write", w)
    return cells


def add(cells, column, value, unless=False):
    """Appends a value; a column in which one value is not said is not said as a whole."""
    values = cells.setdefault(column, [])
    if unless or values == [UNSAID]:
        cells[column] = [UNSAID]
    else:
        values.append(value)


def spread(capture, frames):
    """Seconds from the first capture of a byte to the last one, as tshark prints them."""
    times = [capture.frames[f - 1].time for f in frames]
    microseconds = max(times) - min(times)
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06}000"


def packets(side, segment, by):
    """How many packets of at most the handshake's MSS the segment is on a wire."""
    if not side.peer.syn_seen or side.peer.syn_frame > by:
        return []
    own = side.mss if side.syn_seen else side.peer.mss
    largest = min(own, side.peer.mss) - segment.options
    return [-(-(segment.end - segment.start) // largest)]
