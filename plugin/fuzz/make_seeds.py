#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a seed corpus for each fuzzer from the test captures: make_seeds.py FOLDER

Writes FOLDER/chunk_parser, connection, io_event, items, message, record_framer, segment_lane and stream. Needs python3-scapy.
"""

import hashlib
import pathlib
import struct
import sys
import zlib

from scapy.all import TCP, IP, IPv6, rdpcap

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "test-captures"
LONGEST = 4096  # bytes of one direction that a seed has: fuzzers like short inputs


def directions(packets):
    """{(addresses, ports): [(sequence number, flags, payload), …]} in order of capture."""
    found = {}
    for packet in packets:
        layer = packet.getlayer(IPv6) or packet.getlayer(IP)
        if layer is None or TCP not in layer:
            continue
        tcp = layer[TCP]
        payload = bytes(tcp.payload)[:max(0, len(tcp.payload))]
        key = (layer.src, tcp.sport, layer.dst, tcp.dport)
        found.setdefault(key, []).append((tcp.seq, int(tcp.flags), payload))
    return found


def stream_of(segments):
    """The bytes in stream order, and (offset, length) of each segment with payload."""
    with_payload = [s for s in segments if s[2]]
    if not with_payload:
        return b"", []
    base = with_payload[0][0]
    offsets = [((seq - base + 2**31) % 2**32) - 2**31 for seq, _, _ in with_payload]
    low = min(offsets)
    stream = bytearray(max(o + len(p) for o, (_, _, p) in zip(offsets, with_payload)) - low)
    for offset, (_, _, payload) in reversed(list(zip(offsets, with_payload))):
        stream[offset - low:offset - low + len(payload)] = payload
    return bytes(stream), [(o - low, len(p)) for o, (_, _, p) in zip(offsets, with_payload)]


def io_event(kind, offset, length, entered):
    """A record as docs/event-format.md lays it out, with the kernel's state of its kind."""
    parts = {1: struct.pack(">HH16I", 1, 64, 10, 1, 8, 65535, 500, length, length // 2, 0, 1, 0, 900, 9000, 10**6, 0,
                            0, 0) + struct.pack(">HH5s3x", 3, 5, b"cubic"),
             2: struct.pack(">HH4I", 4, 16, 3, 1, 900, 9000)}
    return struct.pack(">BBHIQQQqqqiiIIIHBBHH", 1, kind, 84, 0x18, 1, offset, length + offset % 2, length, entered,
                       entered + 500, 0, 5, 77, 78, 1, 1 + offset % 20, 1, 0, 0, 0) + parts.get(kind, b"") + \
        struct.pack(">HH4s", 2, 4, b"test")


def optional_fields(number):
    """Those of docs/event-format.md that are one number each, from one of them on, with a tag that no one knows."""
    fields = [struct.pack(">HHI", tag, 4, value) for tag, value in
              ((5, (0xfffffff0 + number) % 2**32), (6, 1 + number % 4), (7, number % 3), (10, 1 + number % 11))]
    fields += [struct.pack(">HHQ", tag, 8, 2**64 - 1 - number) for tag in (8, 9, 11)]
    first = number % len(fields)
    return b"".join(fields[first:]) + struct.pack(">HH5s3x", 0x8001, 5, b"hello") + fields[first]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])

    def put(fuzzer, seed):
        folder = out / fuzzer
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(seed).hexdigest()[:16]).write_bytes(seed)

    for capture in sorted(CAPTURES.glob("*.pcap*")):
        records = b""
        told = b"".join(struct.pack("<BHBH", 0x82 | side, 0, 0xf0, 0) for side in (0, 1))  # handshake and calls
        for side, segments in enumerate(directions(rdpcap(str(capture))).values()):
            stream, cuts = stream_of(segments)
            for offset, length in cuts:
                payload = stream[offset:offset + min(length, 300)]
                records += struct.pack("<BHBH", side % 2, offset % 2**16, 0, len(payload)) + payload
                call = io_event(1, offset, len(payload), 10**9 + offset)
                told += struct.pack("<BHBH", 0x40 | side % 2, 0, 0, len(call)) + call
                told += struct.pack("<BHBH", 0x10 | side % 2, (offset + 1) % 2**16, 0x30, len(payload)) + payload
                told += struct.pack("<BHBH", 0x81 ^ side % 2, (offset + 1) % 2**16, 0x20, 0)
                call = io_event(2, offset, len(payload), 10**9 + 2 * offset)
                told += struct.pack("<BHBH", 0x41 ^ side % 2, 0, 0, len(call)) + call
            stream = stream[:LONGEST]
            put("message", b"\x07" + stream)
            body = stream.find(b"\r\n\r\n")
            if body >= 0:
                put("chunk_parser", b"\x03" + stream[body + 4:])
            cuts = [(o, n) for o, n in cuts if o < LONGEST][:40]
            put("segment_lane", b"".join(struct.pack("<HH", o, min(n, 2047)) for o, n in cuts))
            put("stream", stream + b"\xff\x00" +
                b"".join(struct.pack("<HB", o, min(n, 256) - 1) for o, n in cuts))
        put("connection", records[:2 * LONGEST])
        put("connection", told[:2 * LONGEST])
    for capture in sorted((CAPTURES / "tls").glob("*.pcapng")):
        records = b""
        for side, segments in enumerate(directions(rdpcap(str(capture))).values()):
            stream, cuts = stream_of(segments)
            put("record_framer", bytes((side, 16 * side)) + stream[:LONGEST])
            put("record_framer", bytes((200, 0xf2 + side)) + stream[:LONGEST])
            records += b"".join(struct.pack("<BHBH", side % 2, o % 2**16, 0, min(n, 300)) + stream[o:o + min(n, 300)]
                                for o, n in cuts[:20])
        put("connection", records[:2 * LONGEST])
    texts = [b"event: token\nid: 7\ndata: {}\n\n: ping\r\n\r\ndata: b\r\r", b'{"a":1}\n\n{"b":2}\r\n3', b'\x1e{"a":\n1}\n\x1e2\n',
             b"--cut\r\nContent-Type: text/plain\r\n\r\n1\r\n--cut\n\n2\n--cut--\r\n"]
    for kind, text in enumerate(texts):
        put("items", bytes((kind | 0x1c, 5)) + text)
        for coding, bits in ((0, 31), (1, 15), (1, -15)):
            for flush in (zlib.Z_SYNC_FLUSH, zlib.Z_NO_FLUSH):
                coder = zlib.compressobj(6, zlib.DEFLATED, bits)
                coded = b"".join(coder.compress(text) + coder.flush(flush) for _ in range(3)) + coder.flush()
                put("items", bytes((kind | coding << 2, 5 + kind * 30)) + coded)
        # One raw block, as zstd writes what it does not compress.
        put("items", bytes((kind | 3 << 2, 9)) + b"\x28\xb5\x2f\xfd\x00\x58" + (1 | len(text) << 3).to_bytes(3, "little") + text)
    for last in range(1, 12):
        records = b""
        for n in range(last):
            record = io_event(1 + n % 11, 7 * n, 7, 10**9) + (optional_fields(n) if last > 4 else b"")
            records += struct.pack("<BH", n % 4, len(record)) + record
        put("io_event", records)


main()
