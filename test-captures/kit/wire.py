# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets: who sends which bytes of a stream when, as frames of a capture.

Everything that could vary is fixed (times, MAC addresses, sequence numbers, IP identifications), so
that the same recipe always gives the same file.
"""

from dataclasses import dataclass
from typing import Callable, List, Optional

from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether

from .layout import Stream

START_OF_TIME = 1_767_225_600_000_000  # microseconds: 2026-01-01 00:00:00 UTC
LINKTYPE_ETHERNET = 1
MAC = {"client": "02:00:5e:00:00:01", "server": "02:00:5e:00:00:02"}


def ethernet(packet, source="client", target="server"):
    """The usual wrapping of an IP packet: one Ethernet frame."""
    return [Ether(src=MAC[source], dst=MAC[target]) / packet]


@dataclass
class Frame:
    """One frame of the capture file."""

    time: int  # microseconds since 1970
    data: bytes  # as captured
    wire_len: int
    says: str  # what it proves, "" for the uninteresting


@dataclass(frozen=True)
class Segment:
    """The oracle's view of a frame with payload: which bytes of which stream it holds."""

    frame: int  # from 1; the frame that completed its IP datagram
    start: int
    end: int  # on the wire
    captured: int  # end of what the snap length left
    options: int  # bytes of TCP options


class Side(Stream):
    """One end of a connection, and the stream that it sends."""

    def __init__(self, connection, name, address, port, isn, mss):
        super().__init__()
        self.connection, self.name, self.address, self.port = connection, name, address, port
        self.isn, self.mss = isn, mss
        self.window = 65000  # that it announces
        self.syn_seen = False
        self.syn_frame = 0
        self.finished = False  # has sent FIN, which takes a sequence number
        self.sent = 0  # offset behind the highest byte sent
        self.peer: Optional["Side"] = None
        self.segments: List[Segment] = []

    def send(self, upto=None, says="", mss=None, flags="PA"):
        """Sends what is laid out and not yet sent, up to offset `upto`, cut into pieces of `mss`."""
        upto = self.here if upto is None else upto
        while self.sent < upto:
            end = min(upto, self.sent + mss) if mss else upto
            self.segment(self.sent, end, says, flags=flags)
            says = ""

    def cut_at(self, *offsets, says=""):
        """Sends all that is laid out, cut at these offsets."""
        for offset in (*offsets, self.here):
            self.send(offset, says)
            says = ""

    def lose(self, upto):
        """Bytes that the receiver got and the capture did not."""
        self.sent = upto

    def segment(self, start, end, says="", content=None, flags="PA"):
        """Sends the bytes [start, end): again, early, or with other `content` than the layout's.

        Other content may only differ where a frame has brought those bytes before: first arrival
        wins, and the layout is what won.
        """
        payload = bytes(self.bytes[start:end])
        if content is not None:
            assert len(content) == end - start
            for i, (ours, other) in enumerate(zip(payload, content), start):
                assert ours == other or any(s.start <= i < s.captured for s in self.segments), i
            payload = content
        self.sent = max(self.sent, end)
        self._emit(flags, start, payload, says)

    def captured_again(self, says=""):
        """The last packet of this side with payload, captured at another interface of a router as well: the
        same IP identification, a hop less, a few microseconds later."""
        flags, offset, payload, identification = self.last_packet
        self.connection.capture.clock -= 990
        self._emit(flags, offset, payload, says, identification=identification, ttl=63)

    def syn(self, says="", payload_to=0, answers=True):
        """SYN, with MSS option; answers the peer's if that was sent, and is not on its way yet."""
        flags = "SA" if self.peer.syn_seen and answers else "S"
        self.syn_seen = True
        self.sent = payload_to
        self._emit(flags, -1, bytes(self.bytes[:payload_to]), says)
        self.syn_frame = len(self.connection.capture.frames)

    def ack(self, says=""):
        self._emit("A", self.sent + self.finished, b"", says)

    def fin(self, says=""):
        self._emit("FA", self.sent, b"", says)
        self.finished = True

    def reset(self, payload=b"", says=""):
        """RST; a payload on it is a diagnostic text and no part of the stream."""
        self._emit("RA", self.sent, payload, says)

    def _emit(self, flags, offset, payload, says, identification=None, ttl=64):
        conn, syn = self.connection, "S" in flags
        options = [("MSS", self.mss)] if syn else []
        if conn.timestamps:
            conn.ticks += 1
            options += [("NOP", None), ("NOP", None), ("Timestamp", (conn.ticks, conn.ticks - 1))]
        tcp = TCP(sport=self.port, dport=self.peer.port, flags=flags, window=self.window,
                  seq=(self.isn + 1 + offset) % 2**32, options=options,
                  ack=(self.peer.isn + 1 + self.peer.sent + self.peer.finished) % 2**32
                  if "A" in flags else 0)
        if ":" in self.address:
            ip = IPv6(src=self.address, dst=self.peer.address)
        else:
            identification = identification or conn.next_id()
            ip = IP(src=self.address, dst=self.peer.address, id=identification, flags="DF", ttl=ttl)
        if payload:
            self.last_packet = flags, offset, payload, identification
        frame, cut = conn.capture.add(
            conn.wrap(ip / tcp / payload, self.name, self.peer.name), len(payload), says)
        if payload and "R" not in flags:
            start = max(offset, 0)
            self.segments.append(Segment(frame, start, start + len(payload),
                                         start + len(payload) - cut, len(tcp) - 20))


class Connection:
    """A TCP connection; `stream` is the number that Wireshark gives it (order of first packet)."""

    def __init__(self, capture, stream, addresses, ports, mss, isn, timestamps, wrap):
        self.capture, self.stream, self.timestamps, self.wrap = capture, stream, timestamps, wrap
        self.ticks = 1000
        self.ids = 0
        self.client = Side(self, "client", addresses[0], ports[0], isn[0], mss[0])
        self.server = Side(self, "server", addresses[1], ports[1], isn[1], mss[1])
        self.client.peer, self.server.peer = self.server, self.client

    def next_id(self):
        self.ids += 1
        return self.ids

    def open(self):
        """The three-way handshake."""
        self.client.syn()
        self.server.syn()
        self.client.ack()
        return self

    def close(self):
        self.server.fin()
        self.client.fin()
        self.server.ack()


class Capture:
    """A capture file under construction. Set `form` to "pcapng" to keep the words as comments."""

    def __init__(self, name):
        self.name = name
        self.form = "pcap"
        self.snaplen = 262144
        self.link = LINKTYPE_ETHERNET
        self.frames: List[Frame] = []
        self.connections: List[Connection] = []
        self.clock = START_OF_TIME
        # (response upstream, response downstream, confidence): legs of one exchange, bodies the same
        self.legs: List[tuple] = []

    def connection(self, addresses=("192.0.2.1", "198.51.100.80"), ports=None, mss=(1460, 1460),
                   isn=None, timestamps=False, wrap: Callable = ethernet) -> Connection:
        """A new connection; mss, isn, addresses and ports are (client's, server's)."""
        n = len(self.connections)
        conn = Connection(self, n, addresses, ports or (50001 + n, 80), mss,
                          isn or (1000 + 100_000 * n, 5_000_000 + 100_000 * n), timestamps, wrap)
        self.connections.append(conn)
        return conn

    def wait(self, milliseconds):
        self.clock += milliseconds * 1000

    def add(self, packets, payload_len, says):
        """Appends the frames of one IP datagram. Gives the last one's number, and how many bytes of
        the payload, which ends the datagram, the snap length took away."""
        cut = 0
        for packet in packets:
            data = bytes(packet)
            cut = min(payload_len, max(0, len(data) - self.snaplen))
            last = packet is packets[-1]
            self.frames.append(
                Frame(self.clock, data[: self.snaplen], len(data), says if last else ""))
            self.clock += 1000
        return len(self.frames), cut
