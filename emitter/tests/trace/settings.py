# SPDX-License-Identifier: GPL-2.0-or-later
"""What the calls do not show of a socket is asked of it: a pacing rate that was set before connect, the
congestion control, and what was set by a call that no library sees.

usage: settings.py SEAMARK WORK"""

import os
import platform
import shutil
import struct
import subprocess
import sys

import events as recorded

seamark, work = os.path.abspath(sys.argv[1]), sys.argv[2]
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
if platform.machine() != "x86_64":
    print("skipped: the numbers of system calls are those of x86-64")
    sys.exit(77)
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chdir(work)
PROGRAM = """
import ctypes, socket, time
TCP, SETSOCKOPT = socket.IPPROTO_TCP, 54
def unseen(fd, name, value):
    assert ctypes.CDLL(None).syscall(SETSOCKOPT, fd, TCP, name, value, len(value)) == 0
server = socket.create_server(("127.0.0.1", 0))
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, 47, 1000000)
client.connect(server.getsockname())
peer = server.accept()[0]
print(client.getsockopt(TCP, socket.TCP_CONGESTION, 16).rstrip(b"\\0").decode(), flush=True)
client.send(b"first")
time.sleep(0.015)
unseen(client.fileno(), socket.TCP_NODELAY, (1).to_bytes(4, "little"))
unseen(client.fileno(), socket.TCP_CONGESTION, b"reno")
client.send(b"second")
client.send(b"third")
client.setsockopt(socket.SOL_SOCKET, 47, 2000000)
client.send(b"fourth")
client.close()
"""
CONGESTION, PACING_LIMIT, GETSOCKOPT = 3, 9, 21


def fields(record):
    """The optional fields of a record, by tag."""
    at, found = 84, {}
    while at + 4 <= len(record):
        tag, size = struct.unpack_from(">HH", record, at)
        found[tag] = record[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
    return found


run = subprocess.run([seamark, "trace", "-o", "events.pcapng", "--", sys.executable, "-c", PROGRAM], text=True,
                     capture_output=True)
assert run.returncode == 0, run.stderr
found = []
for _, _, packet in recorded.packets("events.pcapng"):
    at = 0
    while struct.unpack_from(">H", packet, at)[0] != 0:
        at += 4 + (struct.unpack_from(">H", packet, at + 2)[0] + 3) // 4 * 4
    record = packet[at + 4:]
    kind, flags, value, call = record[1], *struct.unpack_from(">I", record, 4), *struct.unpack_from(">Q", record, 24), \
        *struct.unpack_from(">H", record, 76)
    level, name = struct.unpack_from(">HH", record, 80)
    if flags & 64:  # of the side that connected
        found.append((kind, flags & 1, value, call, level, name, fields(record)))
writes = [at for at, event in enumerate(found) if event[0] == recorded.WRITE]
assert len(writes) == 4, found
first, second, third, fourth = (found[at] for at in writes)
assert first[6].get(CONGESTION) == run.stdout.strip().encode(), first
assert first[6].get(PACING_LIMIT) == struct.pack(">Q", 1000000), first
asked = [(at, event) for at, event in enumerate(found) if event[0] == recorded.OPTION and event[3] == GETSOCKOPT]
before = [event[2] for at, event in asked if at < writes[0] and event[4:6] == (1, 47)]
assert before == [1000000], f"set before connect: {before}"
between = {event[4:6]: event for at, event in asked if writes[0] < at < writes[1]}
assert between[6, 1][2] == 1 and between[6, 13][6].get(CONGESTION) == b"reno", between
assert [event[1] for event in (first, second, third)] == [0, 1, 1], "TCP_NODELAY in the flags of the writes"
set_now = [event for at, event in enumerate(found) if event[0] == recorded.OPTION and event[3] != GETSOCKOPT]
assert [event[6].get(PACING_LIMIT) for event in set_now] == [struct.pack(">Q", 2000000)], set_now
assert len(asked) == 3, f"asked and found {asked}"
print(f"{len(found)} events; {len(asked)} settings that no recorded call made")
