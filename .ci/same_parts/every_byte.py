# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture with each byte that can stand in a line, in the places whose text is shown: what makes text of
bytes has its limits at single values, which captures of real programs do not reach."""

import struct
import sys

from same_parts import builds

sys.path.insert(0, str(builds.TOP / "plugin" / "tests" / "captures"))
import mutations  # noqa: E402

CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 80])
BYTES = bytes(set(range(256)) - set(b"\r\n"))


def _frame(source, destination, ports, seq, ack, flags, data):
    tcp = struct.pack(">HHIIBBHHH", *ports, seq, ack, 0x50, flags, 65535, 0, 0) + data
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + source + destination
    return bytes(12) + b"\x08\x00" + ip + tcp


def _said():
    """What each side sends, in turn."""
    target = bytes(byte for byte in BYTES if byte != 0x20)
    yield True, b"GET /" + target + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    yield False, b"HTTP/1.1 200 " + BYTES + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    for byte in BYTES:
        yield False, b"1;e=" + bytes([byte]) + b"\r\nx\r\n"
    yield False, b"0\r\nA: " + BYTES + b"\r\n\r\n"


def write(path):
    """Writes it and returns its path."""
    found, sent = [], {True: 1000, False: 5000}

    def add(client, flags, data=b""):
        ports = (40000, 80) if client else (80, 40000)
        ends = (CLIENT, SERVER) if client else (SERVER, CLIENT)
        ack = 0 if flags == 2 else sent[not client]
        frame = _frame(*ends, ports, sent[client], ack, flags, data)
        found.append((10**18 + len(found) * 10**6, 1, frame, len(frame)))
        sent[client] += len(data) + (1 if flags & 3 else 0)
    add(True, 2)
    add(False, 18)
    add(True, 16)
    for client, data in _said():
        add(client, 24, data)
    add(False, 17)
    mutations.write(path, found)
    path.chmod(0o644)
    return path
