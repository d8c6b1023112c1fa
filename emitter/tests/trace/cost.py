# SPDX-License-Identifier: GPL-2.0-or-later
"""What recording costs a send: medians of alternating runs, bare, traced and (where there is one)
under strace.

usage: cost.py SEAMARK SEND_COST WORK [RUNS]"""

import os
import shutil
import statistics
import subprocess
import sys

import events as recorded

seamark, send_cost, work = sys.argv[1:4]
runs = int(sys.argv[4]) if len(sys.argv) > 4 else 11
os.makedirs(work, exist_ok=True)
file, log = os.path.join(work, "cost.pcapng"), os.path.join(work, "strace.txt")
writes = 20000
ways = {"bare": [], "seamark trace": [seamark, "trace", "--quiet", "-o", file, "--"]}
if shutil.which("strace"):
    ways["strace -e sendto"] = ["strace", "-qq", "-e", "trace=sendto", "-o", log]
times = {way: [] for way in ways}
for run in range(runs):
    for way, prefix in ways.items():
        out = subprocess.run([*prefix, send_cost, str(writes), "32"], capture_output=True, text=True,
                             check=True).stdout
        times[way].append(tuple(map(float, out.split())))
        if way == "seamark trace":
            end = list(recorded.events(file))[-1]
            sent = sum(1 for event in recorded.events(file) if event.kind == recorded.WRITE)
            assert sent == writes + 100 and end.taken == 0, f"{sent} events, {end.taken} dropped"
print(f"{writes} sends of 32 bytes, medians of {runs} alternating runs   µs a send   CPU   over bare")
bare = statistics.median(cpu for _, cpu in times["bare"])
for way, figures in times.items():
    wall, cpu = (statistics.median(part) for part in zip(*figures))
    print(f"{way:60}{wall:12.2f}{cpu:6.2f}{cpu / bare:12.2f}")
