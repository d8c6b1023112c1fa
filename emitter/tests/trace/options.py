#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What seamark trace --record state records of options that decide on causes: a pacing limit that was set before
connect(), and taken off later; a congestion control that is set in the middle of a connection, by name.

    options.py SEAMARK FOLDER
"""

import os
import struct
import subprocess
import sys

import events

PROGRAM = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, 47, 500_000)
client.connect(listener.getsockname())
server, _ = listener.accept()
client.sendall(b"a" * 100)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno")
client.sendall(b"b" * 100)
client.setsockopt(socket.SOL_SOCKET, 47, b"\\xff" * 8)
client.sendall(b"c" * 100)
"""
CONGESTION, PACING_LIMIT = 3, 9
NONE = 2**64 - 1


def fields(record):
    """{tag: value}: the optional fields of a record."""
    at, found = struct.unpack_from(">H", record, 2)[0], {}
    while at + 4 <= len(record):
        tag, size = struct.unpack_from(">HH", record, at)
        found[tag] = record[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
    return found


def records(path):
    for link, _, packet in events.packets(path):
        if link != 252:
            continue
        at, tag = 0, None
        while tag != 0:
            tag, size = struct.unpack_from(">HH", packet, at)
            at += 4 + (size + 3) // 4 * 4
        yield packet[at:]


def main(seamark, folder):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "options.pcapng")
    if os.path.exists(path):
        os.unlink(path)
    subprocess.run([seamark, "trace", "--record", "state", "-o", path, "--", sys.executable, "-c", PROGRAM], check=True)
    writes, options = [], []
    for record in records(path):
        found = fields(record)
        if record[1] == events.WRITE:
            writes.append(struct.unpack(">Q", found.get(PACING_LIMIT, bytes(8)))[0])
        elif record[1] == events.OPTION:
            name = struct.unpack_from(">H", record, 82)[0]
            options.append((name, found.get(CONGESTION, b"").decode()))
    assert writes == [500_000, 500_000, NONE], f"pacing limits of the writes: {writes}"
    # The first is what the recorder found when it first saw the connection: it was set before connect().
    assert options == [(47, ""), (13, "reno"), (47, "")], f"options that were found or set: {options}"


if __name__ == "__main__":
    main(*sys.argv[1:])
