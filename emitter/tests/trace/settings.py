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
unseen(client.fileno(), socket.TCP_NODELAY, (0).to_bytes(4, "little"))
client.close()
"""
AUTOCORKING, SYSCTL = 12, "/proc/sys/net/ipv4/tcp_autocorking"
CONGESTION, PACING_LIMIT, GETSOCKOPT = 3, 9, 21


def fields(record):
    """The optional fields of a record, by tag."""
    at, found = 84, {}
    while at + 4 <= len(record):
        tag, size = struct.unpack_from(">HH", record, at)
        found[tag] = record[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
    return found



def recorded_by(*options):
    """What the client did, and what the program printed."""
    run = subprocess.run([seamark, "trace", *options, "-o", "events.pcapng", "--", sys.executable, "-c", PROGRAM],
                         text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    return client_events(), run


def client_events():
    """Its records of the side that connected."""
    found = []
    for _, _, packet in recorded.packets("events.pcapng"):
        at = 0
        while struct.unpack_from(">H", packet, at)[0] != 0:
            at += 4 + (struct.unpack_from(">H", packet, at + 2)[0] + 3) // 4 * 4
        record = packet[at + 4:]
        kind, (flags,), (value,) = record[1], struct.unpack_from(">I", record, 4), struct.unpack_from(">Q", record, 24)
        call, = struct.unpack_from(">H", record, 76)
        level, name = struct.unpack_from(">HH", record, 80)
        if flags & 64:  # of the side that connected
            entered, left = struct.unpack_from(">qq", record, 40)
            found.append((kind, flags & 1, value, call, level, name, fields(record), entered, left))
    return found


found, run = recorded_by()
writes = [at for at, event in enumerate(found) if event[0] == recorded.WRITE]
assert len(writes) == 4, found
first, second, third, fourth = (found[at] for at in writes)
assert first[6].get(CONGESTION) == run.stdout.strip().encode(), first
assert first[6].get(PACING_LIMIT) == struct.pack(">Q", 1000000), first
asked = [event for event in found if event[0] == recorded.OPTION and event[3] == GETSOCKOPT]
before = [event for event in asked if event[4:6] == (1, 47)]
assert [event[2] for event in before] == [1000000] and before[0][8] <= first[7], f"set before connect: {before}"
# A change lies between two looks, of which the first is at the first write.
on, off = (event for event in asked if event[4:6] == (6, 1))
control, = (event for event in asked if event[4:6] == (6, 13))
assert on[2] == 1 and control[6].get(CONGESTION) == b"reno", (on, control)
for event in (on, control):
    assert event[7] <= first[7] and first[8] <= event[8] <= second[7], (event, first, second)
assert off[2] == 0 and off[7] <= second[7] and fourth[8] <= off[8], f"changed after the last write: {off}, {fourth}"
assert [event[1] for event in (first, second, third)] == [0, 1, 1], "TCP_NODELAY in the flags of the writes"
set_now = [event for at, event in enumerate(found) if event[0] == recorded.OPTION and event[3] != GETSOCKOPT]
assert [event[6].get(PACING_LIMIT) for event in set_now] == [struct.pack(">Q", 2000000)], set_now
assert len(asked) == 4, f"asked and found {asked}"
assert not any(AUTOCORKING in event[6] for event in found), "asked for with the kernel's state only"
if os.path.exists(SYSCTL):
    setting = struct.pack(">I", int(open(SYSCTL).read()))
    with_state = [event[6].get(AUTOCORKING) for event in recorded_by("--record", "state")[0]
                  if event[0] == recorded.WRITE]
    assert with_state == [setting] * 4, with_state
print(f"{len(found)} events; {len(asked)} settings that no recorded call made")
