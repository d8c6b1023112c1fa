#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a seed corpus for each fuzzer from the test captures: make_seeds.py FOLDER

Writes FOLDER/chunk_parser, connection, io_event, message, segment_lane and stream. Needs python3-scapy.
"""

import hashlib
import pathlib
import struct
import sys

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
        for side, segments in enumerate(directions(rdpcap(str(capture))).values()):
            stream, cuts = stream_of(segments)
            for offset, length in cuts:
                payload = stream[offset:offset + min(length, 300)]
                records += struct.pack("<BHBH", side % 2, offset % 2**16, 0, len(payload)) + payload
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
    for last in range(1, 8):
        # Kinds, indices, offsets and sizes as docs/event-format.md lays them out.
        records = b""
        for n in range(last):
            record = struct.pack(">BBHIQQQqqqiiIIIHBBHH", 1, 1 + n % 7, 84, 0x18, n + 1, 7 * n, 9, 7, 10**9, 10**9 + 5,
                                 0, 5, 77, 78, 1, 1 + n, 1, 0, 0, 0) + struct.pack(">HH4s", 2, 4, b"test")
            records += struct.pack("<BH", n % 4, len(record)) + record
        put("io_event", records)


main()
