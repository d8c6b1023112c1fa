#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a large capture of chunked responses, always the same one for the same arguments.

    chunky  small tagged chunks in segments of MSS and tiny ones, several connections at a time
    bulk    64 KiB chunks in full segments

Both have keep-alive, a handshake, and an ACK for every second data segment. Responses are of moderate
length, because tshark's own HTTP dissector grows quadratically with the segments of one, and would make
any addition to its time look small.
"""

import argparse
import struct
import sys

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
    parts = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSeamark: tag=w\r\n\r\n"]
    lengths = [len(parts[0])]
    merged = 0  # bytes still to go out in full segments
    for i in range(200):
        size = (32, 32, 32, 17, 64, 100, 1, 32)[(i + number) % 8]
        start = (i * 7 + number) % 26
        chunk = b"%x;w=%d\r\n%b\r\n" % (size, i + 2, LETTERS[start : start + size])
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
    parts.append(b"0;w=202\r\n\r\n")
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


def connection(writer, number, responses, make, totals):
    """Writes a connection; a generator, so that several can take turns, a few packets at a time."""
    client = End(1, 1024 + number % 60_000, 1_000_000 * number)
    server = End(80, 80, 4_294_000_000 + 77 * number)  # wraps before long
    option = struct.pack("!BBH", 2, 4, MSS)
    writer.packet(client, server, SYN, options=option)
    writer.packet(server, client, SYN | ACK, options=option)
    writer.packet(client, server, ACK)
    for response in range(responses):
        writer.packet(client, server, PSH | ACK, REQUEST)
        data, lengths, chunks = make(number + response)
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


def take_turns(connections, at_a_time):
    active = []
    for fresh in connections:
        active.append(fresh)
        while len(active) == at_a_time:
            active = [one for one in active if next(one, "done") != "done"]
    while active:
        active = [one for one in active if next(one, "done") != "done"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("chunky", "bulk"))
    parser.add_argument("path", help="capture to write")
    parser.add_argument("--chunks", type=int, default=1_000_000,
                        help="chunky: at least this many chunks (default: %(default)s)")
    parser.add_argument("--megabytes", type=int, default=200,
                        help="bulk: at least this many MB (default: %(default)s)")
    options = parser.parse_args()
    if min(options.chunks, options.megabytes) < 1:
        parser.error("--chunks and --megabytes must be at least 1")

    make = {"chunky": chunky_response, "bulk": bulk_response}[options.kind]
    responses_each = {"chunky": 20, "bulk": 20}[options.kind]
    totals = {"chunks": 0}
    with open(options.path, "wb", buffering=1 << 20) as file:
        writer = Writer(file)

        def connections():
            number = 0
            while (totals["chunks"] < options.chunks if options.kind == "chunky"
                   else writer.bytes < options.megabytes * 1_000_000):
                yield connection(writer, number, responses_each, make, totals)
                number += 1

        take_turns(connections(), at_a_time=8)
    print(f"{options.path}: {writer.packets:,} packets, {totals['chunks']:,} chunks, "
          f"{writer.bytes / 1e6:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
