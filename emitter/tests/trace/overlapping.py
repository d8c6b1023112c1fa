# SPDX-License-Identifier: GPL-2.0-or-later
"""Two writes of one connection that are under way at the same time: whose bytes went first is not known, so neither
has an offset; the next write has.

usage: overlapping.py SEAMARK WORK"""

import os
import struct
import subprocess
import sys

import events as recorded

seamark, work = os.path.abspath(sys.argv[1]), sys.argv[2]
recorded.stand_in(work, seamark)
LONG, SHORT = 4_000_000, 100
PROGRAM = f"""
import socket, threading, time
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer = server.accept()[0]
client.send(b"first")
long = threading.Thread(target=client.send, args=(b"l" * {LONG},))
long.start()
time.sleep(0.2)  # it waits for room
short = threading.Thread(target=client.send, args=(b"s" * {SHORT},))
short.start()
time.sleep(0.2)
left = {LONG} + {SHORT} + 5
while left:
    left -= len(peer.recv(1 << 20))
long.join()
short.join()
client.send(b"last")
client.close()
"""
OFFSET_KNOWN, CLIENT, AMBIGUOUS = 16, 64, 256

run = subprocess.run([seamark, "trace", "-o", "events.pcapng", "--", sys.executable, "-c", PROGRAM], text=True,
                     capture_output=True)
assert run.returncode == 0, run.stderr
writes = {}
for _, _, packet in recorded.packets("events.pcapng"):
    at = 0
    while struct.unpack_from(">H", packet, at)[0] != 0:
        at += 4 + (struct.unpack_from(">H", packet, at + 2)[0] + 3) // 4 * 4
    record = packet[at + 4:]
    flags, _, offset, _, taken = struct.unpack_from(">IQQQq", record, 4)
    if record[1] == recorded.WRITE and flags & CLIENT:
        writes[taken] = flags & (OFFSET_KNOWN | AMBIGUOUS), offset
assert set(writes) == {5, LONG, SHORT, 4}, writes
assert writes[5] == (OFFSET_KNOWN, 0), writes
assert writes[LONG][0] == writes[SHORT][0] == AMBIGUOUS, writes
assert writes[4] == (OFFSET_KNOWN, 5 + LONG + SHORT), writes
print("overlapping writes have no offset, those before and after have")
