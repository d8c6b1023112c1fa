#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a large capture of chunked responses, always the same one for the same arguments.

    tokens  server-sent events of 40 to 300 bytes, a chunk each, in segments as chunky has them
    text    the same bytes as text/plain
    chunky  small tagged chunks in segments of MSS and tiny ones, several connections at a time
    bulk    64 KiB chunks in full segments
    pages   a response on each of many connections to one server, every target another
    crawl   one client asks as many servers for the same target, eight at a time, bodies of equal
            length and no two the same
    gateway likewise many clients, and who asked last is answered first, with the same body: as close
            to legs of a proxy as can be

All have a handshake and an ACK for every second data segment. Responses are of moderate
length, because tshark's own HTTP dissector grows quadratically with the segments of one, and would make
any addition to its time look small.
"""

import argparse
import struct
import sys
from typing import Callable, NamedTuple

MSS = 1460
START = 1_767_225_600  # seconds since 1970
FIN, SYN, PSH, ACK = 1, 2, 8, 16
REQUEST = b"GET / HTTP/1.1\r\nHost: seamark.test\r\n\r\n"
LETTERS = bytes(range(97, 123)) * 2600  # chunk data is cut out of this


class Writer:
    """A pcap file, written as a stream."""

    def __init__(self, file):
        self.file = file
        self.packets = self.bytes = 0
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.record = struct.Struct("<IIII")
        # Ethernet, IPv4 and TCP in one; checksums stay 0, for nothing here verifies them.
        self.headers = struct.Struct("!6s6sH BBHHHBBH4s4s HHIIBBHHH")

    def packet(self, sender, receiver, flags, payload=b"", options=b""):
        tcp_len = 20 + len(options)
        length = 20 + tcp_len + len(payload)
        self.file.write(self.record.pack(START + self.packets // 50_000,
                                         self.packets % 50_000 * 20, 14 + length, 14 + length))
        self.file.write(self.headers.pack(
            receiver.mac, sender.mac, 0x0800, 0x45, 0, length, sender.packets & 0xFFFF, 0x4000, 64, 6,
            0, sender.address, receiver.address, sender.port, receiver.port,
            sender.next & 0xFFFFFFFF, receiver.next & 0xFFFFFFFF if flags & ACK else 0,
            tcp_len // 4 << 4, flags, 65000, 0, 0))
        self.file.write(options)
        self.file.write(payload)
        sender.packets += 1
        sender.next += len(payload) + bool(flags & (SYN | FIN))
        self.packets += 1
        self.bytes += 30 + length


class End:
    def __init__(self, last_octet, port, sequence):
        self.mac = bytes([2, 0, 0x5E, 0, 0, last_octet])
        self.address = bytes([192, 0, 2, last_octet])
        self.port, self.next, self.packets = port, sequence, 0


def chunky_response(number):
    """200 chunks and a last one: (bytes, lengths of the segments)."""
    def chunk(i):
        size = (32, 32, 32, 17, 64, 100, 1, 32)[(i + number) % 8]
        start = (i * 7 + number) % 26
        return b"%x;w=%d\r\n%b\r\n" % (size, i + 2, LETTERS[start : start + size])

    return chunks_in_segments(b"Seamark: tag=w\r\n", chunk, b"0;w=202\r\n\r\n")


def token_response(number, media):
    """200 events, a chunk each, and a last chunk."""
    def chunk(i):
        size = (40, 80, 60, 150, 90, 300, 70, 110)[(i + number) % 8]
        start = (i * 7 + number) % 26
        before = b"id: %d\ndata: {\"delta\":\"" % i
        event = before + LETTERS[start : start + size - len(before) - 4] + b"\"}\n\n"
        return b"%x\r\n%b\r\n" % (len(event), event)

    return chunks_in_segments(b"Content-Type: %b\r\n" % media, chunk, b"0\r\n\r\n")


def chunks_in_segments(field, chunk_of, last):
    """A response of 200 chunks and a last one."""
    parts = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%b\r\n" % field]
    lengths = [len(parts[0])]
    merged = 0  # bytes still to go out in full segments
    for i in range(200):
        chunk = chunk_of(i)
        parts.append(chunk)
        # Of 200 chunks 80 go out one by one, 24 in pairs, and the others merge up to MSS.
        if i % 100 < 40:
            lengths.append(len(chunk))
        elif i % 100 < 52 and i % 2:
            lengths.append(len(chunk) + len(parts[-2]))
        elif i % 100 >= 52:
            merged += len(chunk)
            if merged >= MSS:
                lengths.append(MSS)
                merged -= MSS
            if i % 100 == 99 and merged:
                lengths.append(merged)
                merged = 0
    parts.append(last)
    lengths.append(len(parts[-1]))
    return b"".join(parts), lengths, 201


def bulk_response(number):
    """8 chunks of 64 KiB and a last one, in segments of MSS."""
    parts = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    for i in range(8):
        start = (i + number) % 26
        parts.append(b"10000\r\n%b\r\n" % LETTERS[start : start + 65536])
    parts.append(b"0\r\n\r\n")
    data = b"".join(parts)
    lengths = [MSS] * (len(data) // MSS) + [len(data) % MSS or MSS]
    return data, lengths, 9


def page_response(number):
    """Content-Length, 8 KiB, in segments of MSS; other bytes for each number."""
    body = b"%08d" % number * 1024
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n" + body
    return data, [MSS] * (len(data) // MSS) + [len(data) % MSS], 0


def ends(number):
    return End(1, 1024 + number % 60_000, 1_000_000 * number), End(80, 80, 4_294_000_000 + 77 * number)


def ends_of_many_servers(number):
    client, server = ends(number)
    server.address = bytes([10, number >> 16 & 255, number >> 8 & 255, number & 255])
    return client, server


def ends_of_many(number):
    client, server = ends_of_many_servers(number)
    client.address = bytes([11, *server.address[1:]])
    return client, server


def connection(writer, number, kind, totals):
    """Writes a connection; a generator, so that several can take turns, a few packets at a time."""
    client, server = kind.ends(number)
    option = struct.pack("!BBH", 2, 4, MSS)
    writer.packet(client, server, SYN, options=option)
    writer.packet(server, client, SYN | ACK, options=option)
    writer.packet(client, server, ACK)
    for response in range(kind.responses):
        writer.packet(client, server, PSH | ACK, kind.request(number))
        if kind.last_first:
            yield
        data, lengths, chunks = kind.response(number + response)
        totals["chunks"] += chunks
        position = 0
        for index, length in enumerate(lengths):
            writer.packet(server, client, PSH | ACK, data[position : position + length])
            position += length
            if index % 2:
                writer.packet(client, server, ACK)
                yield
        assert position == len(data), (position, len(data))
    writer.packet(server, client, FIN | ACK)
    writer.packet(client, server, FIN | ACK)
    writer.packet(server, client, ACK)


class Kind(NamedTuple):
    response: Callable  # number -> (bytes, lengths of the segments, chunks)
    responses: int = 20  # of a connection
    request: Callable = lambda number: REQUEST
    ends: Callable = ends  # number -> (client, server)
    last_first: bool = False  # all ask before the first is answered, and who asked last is answered first


KINDS = {
    "chunky": Kind(chunky_response),
    "tokens": Kind(lambda number: token_response(number, b"text/event-stream")),
    "text": Kind(lambda number: token_response(number, b"text/plain")),
    "bulk": Kind(bulk_response),
    "pages": Kind(page_response, 1, lambda number: REQUEST.replace(b"/", b"/%d" % number, 1)),
    "crawl": Kind(page_response, 1, ends=ends_of_many_servers, last_first=True),
    "gateway": Kind(lambda number: page_response(0), 1, ends=ends_of_many, last_first=True),
}


def take_turns(connections, at_a_time, last_first):
    active = []
    for fresh in connections:
        active.append(fresh)
        if last_first:
            next(fresh)
        while len(active) == at_a_time:
            active = turn(active, last_first)
    while active:
        active = turn(active, last_first)


def turn(active, last_first):
    """Those that are not done. Last first, a group ends before the next begins."""
    order = active[::-1] if last_first else active
    left = [one for one in order if next(one, "done") != "done"]
    return left[::-1] if last_first else left


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("path", help="capture to write")
    parser.add_argument("--chunks", type=int, default=1_000_000,
                        help="chunky, tokens, text: at least this many chunks (default: %(default)s)")
    parser.add_argument("--megabytes", type=int, default=200,
                        help="others: at least this many MB (default: %(default)s)")
    options = parser.parse_args()
    if min(options.chunks, options.megabytes) < 1:
        parser.error("--chunks and --megabytes must be at least 1")

    totals = {"chunks": 0}
    with open(options.path, "wb", buffering=1 << 20) as file:
        writer = Writer(file)

        def connections():
            number = 0
            while (totals["chunks"] < options.chunks if options.kind in ("chunky", "tokens", "text")
                   else writer.bytes < options.megabytes * 1_000_000):
                yield connection(writer, number, KINDS[options.kind], totals)
                number += 1

        take_turns(connections(), at_a_time=8, last_first=KINDS[options.kind].last_first)
    print(f"{options.path}: {writer.packets:,} packets, {totals['chunks']:,} chunks, "
          f"{writer.bytes / 1e6:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
