# SPDX-License-Identifier: GPL-2.0-or-later
"""The files of a capture: pcap or pcapng, and the two baselines."""

import json
import struct

from . import oracle


def capture_file(capture) -> bytes:
    """The capture in the form that its recipe asks for."""
    return {"pcap": pcap, "pcapng": pcapng}[capture.form](capture)


def pcap(capture) -> bytes:
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, capture.snaplen, capture.link)]
    for frame in capture.frames:
        out.append(struct.pack("<IIII", frame.time // 1_000_000, frame.time % 1_000_000,
                               len(frame.data), frame.wire_len) + frame.data)
    return b"".join(out)


def pcapng(capture) -> bytes:
    """Section header, one interface, and a packet with its comment for each frame."""
    out = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
           _block(1, struct.pack("<HHI", capture.link, 0, capture.snaplen))]
    for frame in capture.frames:
        body = struct.pack("<IIIII", 0, frame.time >> 32, frame.time & 0xFFFFFFFF, len(frame.data),
                           frame.wire_len) + _padded(frame.data)
        if frame.says:
            comment = frame.says.encode()
            body += struct.pack("<HH", 1, len(comment)) + _padded(comment) + bytes(4)
        out.append(_block(6, body))
    return b"".join(out)


def _padded(data) -> bytes:
    return data + bytes(-len(data) % 4)


def _block(kind, body) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def baselines(capture):
    """{file name: bytes} of the capture and its two baselines."""
    rows = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in
                   oracle.chunk_rows(capture))
    lines = ["\t".join(oracle.COLUMNS)]
    for which_pass in (1, 2):
        for row in oracle.field_rows(capture, which_pass):
            lines.append("\t".join(row[c].replace("\t", "\\t") for c in oracle.COLUMNS))
    return {
        f"{capture.name}.{capture.form}": capture_file(capture),
        f"{capture.name}.chunks.jsonl": rows.encode(),
        f"{capture.name}.fields.tsv": ("\n".join(lines) + "\n").encode(),
    }
