# SPDX-License-Identifier: GPL-2.0-or-later
"""A client that opens its connection by TCP Fast Open is recorded from its first byte on, and a call that
failed with EINPROGRESS took none (fast_open.c), in a network of its own with Fast Open switched on.

usage: fast_open.py SEAMARK FAST_OPEN WORK"""

import collections
import errno
import os
import shutil
import subprocess
import sys

import events as recorded

seamark, program, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3]
if " " in seamark or ":" in seamark:
    print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
    sys.exit(77)
network = ["unshare", "-n" if os.geteuid() == 0 else "-rn", "sh", "-c",
           'echo 3 >/proc/sys/net/ipv4/tcp_fastopen && ip link set lo up && exec "$@"', "sh"]
if subprocess.run([*network, "true"], capture_output=True).returncode != 0:
    print("skipped: no network of its own with Fast Open on this system")
    sys.exit(77)
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
os.chdir(work)
at_once = 0
for way in ("sendto", "sendmsg", "connect"):
    path = way + ".pcapng"
    run = subprocess.run([*network, seamark, "trace", "-o", path, "--", program, way], text=True, capture_output=True)
    if run.returncode == 77:
        print(f"{way}: not on this system")
        continue
    assert run.returncode == 0, f"{way}: status {run.returncode}: {run.stderr}"
    truth = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        number, *rest = line.split()
        truth[int(number)].append((int(rest[0]), int(rest[1])) if rest != ["none"] else "none")
    clients = collections.defaultdict(list)
    for event in recorded.events(path):
        if event.kind in (recorded.OPENED, recorded.WRITE) and event.flags & 64:
            clients[event.source].append(event)
    assert len(clients) == 2, f"{way}: {clients}"
    for number, found in enumerate(sorted(clients.values(), key=lambda one: one[0].time), 1):
        assert sum(event.kind == recorded.OPENED for event in found) == 1, f"{way}: {found}"
        writes = sorted((event for event in found if event.kind == recorded.WRITE), key=lambda one: one.time)
        assert all(event.flags & recorded.OFFSET_KNOWN for event in writes), f"{way}: no offsets: {writes}"
        said = ["none" if event.taken < 0 else (event.offset, event.taken) for event in writes]
        assert said == truth[number], f"{way} {number}: {said}, not {truth[number]}"
        for event in writes:
            assert event.taken > 0 or (event.error, event.index, event.offset) == (errno.EINPROGRESS, 0, 0), event
        at_once += said[0] != "none"
        print(f"{way} {number}: {said}")
assert at_once >= 1, "no connection sent bytes with its SYN"
