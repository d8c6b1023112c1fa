# SPDX-License-Identifier: GPL-2.0-or-later
"""A byte stream laid out as messages and chunks.

A recipe lays a stream down piece by piece, and so knows where every size line, every byte of data and
every CRLF lies: nothing here or in the oracle ever finds that out by parsing bytes. Offsets are stream
offsets from 0, ranges are half-open. Pieces never overlap and cover the stream in order.
"""

from dataclasses import dataclass, field
from typing import List, Optional

# Kinds of pieces. A reader can go on behind a missing byte of BODY and DATA only.
START = "start line"
FIELDS = "fields and empty line"
SIZE_LINE = "size line"
DATA = "data"
LINE_END = "line end"  # behind data
TRAILER = "trailer section and final CRLF"  # behind the last chunk's size line
BODY = "body"  # of a message that is not chunked
BLANK = "empty line"  # between messages
JUNK = "not HTTP"
REFUSED = "refused"  # ends all recognition in this direction
NO_MORE = "no more HTTP"  # what follows a 101

MOST_WRITES = 1024  # in one tag


@dataclass(eq=False)
class Message:
    """A request or a response. `framing` as in docs/fields.md."""

    framing: str
    final: bool  # False for 1xx
    tagged: bool  # has "Seamark: tag=w"
    start: int
    pieces: List["Piece"] = field(default_factory=list)
    chunks: int = 0


@dataclass(eq=False)
class Chunk:
    """A chunk as laid out. `size` is what the size line says, which need not be the data behind it."""

    message: Message
    index: int
    hex: str
    size: int
    ext: str
    last: bool
    writes: str  # "7" or "7-9" if the tag is to be believed, else ""
    too_wide: bool  # the tag names more than MOST_WRITES, and so none
    faulty: Optional[bool]  # must `faults` be non-empty? None: the contract does not say
    finished: bool  # the layout holds its line end
    start: int = 0
    data: int = 0  # offset of the first data byte
    tail: int = 0  # offset behind the data
    section: int = 0  # of the last chunk: offset behind the trailer section, where the final CRLF is
    end: int = 0  # offset behind the line end

    def write_list(self) -> List[int]:
        return list(named_writes(self.writes)) if self.writes else []


def named_writes(tag):
    """The indices that "7" or "7-9" names."""
    first, _, last = tag.partition("-")
    return range(int(first), int(last or first) + 1)


@dataclass(eq=False)
class Piece:
    kind: str
    start: int
    end: int
    message: Optional[Message] = None
    chunk: Optional[Chunk] = None
    unsure: bool = False  # the contract does not say whether these bytes belong to a message


class Stream:
    """One direction's bytes, in the order in which they were sent."""

    def __init__(self):
        self.bytes = bytearray()
        self.pieces: List[Piece] = []
        self._message: Optional[Message] = None
        self._letters = 0

    @property
    def here(self) -> int:
        """The offset behind all that is laid out so far."""
        return len(self.bytes)

    def _lay(self, kind, data, message=None, chunk=None, unsure=False) -> Piece:
        piece = Piece(kind, self.here, self.here + len(data), message, chunk, unsure)
        self.bytes += data
        self.pieces.append(piece)
        if message:
            message.pieces.append(piece)
        return piece

    def _fill(self, data) -> bytes:
        """A number stands for so many letters, another letter each time."""
        if isinstance(data, int):
            letter = b"abcdefghijklmnopqrstuvwxyz"[self._letters % 26 : self._letters % 26 + 1]
            self._letters += 1
            return letter * data
        return data

    def _head(self, start_line, fields, framing, final, tagged, length, line_end):
        if framing == "chunked":
            fields = (*fields, "Transfer-Encoding: chunked")
        if length is not None:
            fields = (*fields, f"Content-Length: {length}")
        if tagged:
            fields = (*fields, "Seamark: tag=w")
        self._message = message = Message(framing, final, tagged, self.here)
        self._lay(START, (start_line + line_end).encode(), message)
        rest = "".join(f + line_end for f in (*fields, ""))
        self._lay(FIELDS, rest.encode(), message)
        return message

    def request(self, start="GET /", *fields, framing="none", length=None, tagged=False,
                version="1.1"):
        """A request's head. `framing` is what the fields mean; chunked adds its field itself."""
        return self._head(f"{start} HTTP/{version}", ("Host: seamark.test", *fields), framing, True,
                          tagged, length, "\r\n")

    def response(self, status="200 OK", *fields, framing="chunked", length=None, tagged=False,
                 version="1.1", line_end="\r\n"):
        """A response's head, as request()."""
        return self._head(f"HTTP/{version} {status}", fields, framing, not status.startswith("1"),
                          tagged, length, line_end)

    def chunk(self, data, *, w=None, ext="", hex=None, size=None, line_end=b"\r\n", end=b"\r\n",
              finished=True, faulty=False) -> Chunk:
        """A chunk of `data` (or of so many letters). `w` tags it, as in w=7 or w="7-9".

        `hex`, `size` say something else than the data's length; line ends may be bad ones.
        """
        data = self._fill(data)
        digits = hex if hex is not None else f"{len(data):x}"
        return self._lay_chunk(digits, len(data) if size is None else size, data, False, w, ext,
                               line_end, end, finished, faulty)

    def last(self, *trailer, w=None, ext="", hex="0", line_end=b"\r\n", end=b"\r\n", faulty=False):
        """The last chunk, with its trailer section (lines) and the final CRLF."""
        tail = b"".join(line.encode() + b"\r\n" for line in trailer) + end
        return self._lay_chunk(hex, 0, b"", True, w, ext, line_end, tail, True, faulty, len(end))

    def _lay_chunk(self, digits, size, data, last, w, ext, line_end, tail, finished, faulty,
                   final=0):
        message = self._message
        if w is not None:
            ext += f";w={w}"
        message.chunks += 1
        writes = str(w) if w is not None and message.tagged else ""
        too_wide = bool(writes) and len(named_writes(writes)) > MOST_WRITES
        chunk = Chunk(message, message.chunks, digits, size, ext, last, "" if too_wide else writes,
                      too_wide, faulty, finished, self.here)
        line = digits.encode() + ext.encode("latin-1") + line_end
        chunk.data = self._lay(SIZE_LINE, line, message, chunk).end
        if not last:
            self._lay(DATA, data, message, chunk)
        chunk.tail = self.here
        if finished:
            self._lay(TRAILER if last else LINE_END, tail, message, chunk)
        chunk.end = self.here
        chunk.section = chunk.end - final
        return chunk

    def body(self, data) -> Piece:
        """(More of) the body of a message that is not chunked."""
        return self._lay(BODY, self._fill(data), self._message)

    def blank(self, line_end=b"\r\n") -> Piece:
        """An empty line that belongs to no message."""
        return self._lay(BLANK, line_end)

    def junk(self, data, unsure=False) -> Piece:
        """Bytes that are no HTTP. A start line behind them must begin a segment."""
        return self._lay(JUNK, data, unsure=unsure)

    def refused(self, data) -> Piece:
        """Bytes of the current message that cannot be framed."""
        return self._lay(REFUSED, data, unsure=True)

    def no_more_http(self, data=b"") -> Piece:
        """The other protocol that follows an upgrade."""
        return self._lay(NO_MORE, data)
