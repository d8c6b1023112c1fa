# SPDX-License-Identifier: GPL-2.0-or-later
"""What recording costs a send of 32 bytes, back to back on loopback, and how many segments the kernel
makes meanwhile: a bare loop, the same under seamark trace and (where there is one) under strace, and
the emitter without and with events, in each mode of --record. Medians of alternating runs.

CPU is that of the thread that sends. A busy machine makes all figures larger, so each run is held
against the bare one next to it. Exit status 1 if the traced loop takes more than 1.3 times the bare
one's CPU, or an event is missing.

usage: cost.py BUILD_DIR [RUNS]"""

import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import events as recorded

build, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 15
seamark, send_cost = build + "/bin/seamark", build + "/emitter/trace/tests/trace_send_cost"
WRITES, WARM_UP, LIMIT = 20000, 100, 1.3
DATA_SEGMENTS_IN = 152  # struct tcp_info, linux/tcp.h


def loop(prefix):
    run = subprocess.run([*prefix, send_cost, str(WRITES), "32"], capture_output=True, text=True, check=True)
    return tuple(map(float, run.stdout.split()))


def check_record(path, least):
    found = list(recorded.events(path))
    end, writes = found[-1], sum(event.kind == recorded.WRITE for event in found)
    assert (end.kind, end.taken) == (recorded.END, 0) and writes >= least, \
        f"{path}: {writes} writes recorded, {least} made, {end.taken} dropped"


def sending_cpu(process):
    """ns of the main thread, which sends, by the scheduler's account."""
    return int(open(f"/proc/{process}/task/{process}/schedstat").read().split()[0])


def emitter(options):
    server = subprocess.Popen([seamark, "serve", "--port", "0", "--quiet", *options], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = int(server.stdout.readline().split(":")[2].split("/")[0])
        figures = None
        for writes in (WARM_UP, WRITES):
            with socket.create_connection(("127.0.0.1", port)) as client:
                cpu = sending_cpu(server.pid)
                client.sendall(f"GET /emit?writes={writes}&size=32&gap=0&framing=length HTTP/1.1\r\n"
                               "Host: localhost\r\nConnection: close\r\n\r\n".encode())
                begin, room = time.monotonic(), bytearray(1 << 20)
                while client.recv_into(room):
                    pass
                took = time.monotonic() - begin
                info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
            figures = (took * 1e6 / writes, (sending_cpu(server.pid) - cpu) / 1e3 / writes,
                       struct.unpack_from("=I", info, DATA_SEGMENTS_IN)[0])
        return figures
    finally:
        server.terminate()
        server.wait()


work = tempfile.mkdtemp()
trace_file, serve_file = os.path.join(work, "trace.pcapng"), os.path.join(work, "serve.pcapng")
traced, serving = "loop, seamark trace", "seamark serve --events"
ways = {"loop, bare": lambda: loop([]),
        traced: lambda: loop([seamark, "trace", "--quiet", "-o", trace_file, "--"]),
        "loop, trace --record state":
            lambda: loop([seamark, "trace", "--quiet", "--record", "state", "-o", trace_file, "--"]),
        "seamark serve": lambda: emitter([]),
        serving: lambda: emitter(["--events", serve_file]),
        **{f"serve, --record {mode}": lambda mode=mode: emitter(["--events", serve_file, "--record", mode])
           for mode in ("state", "stamps", "all")}}
if shutil.which("strace"):
    ways["loop, strace -e sendto"] = lambda: loop(["strace", "-qq", "-e", "trace=sendto", "-o", work + "/strace"])
bare_of = {way: "seamark serve" if "serve" in way else "loop, bare" for way in ways}
figures = {way: [] for way in ways}
try:
    for _ in range(runs):
        for way, measure in ways.items():
            figures[way].append(measure())
            for path in (trace_file, serve_file):
                if os.path.exists(path):
                    check_record(path, WRITES + WARM_UP)
                    os.unlink(path)
finally:
    shutil.rmtree(work)

print(f"{WRITES} sends of 32 bytes, medians of {runs} alternating runs, load {os.getloadavg()[0]:.1f}\n"
      f"{'':28}{'µs a send':>11}{'CPU':>7}{'over bare':>11}   segments (least to most)")
ratios = {}
for way, rows in figures.items():
    took, cpu, segments = (statistics.median(column) for column in zip(*rows))
    ratios[way] = statistics.median(here[1] / there[1] for here, there in zip(rows, figures[bare_of[way]]))
    every = sorted(int(row[2]) for row in rows)
    print(f"{way:28}{took:11.2f}{cpu:7.2f}{ratios[way]:11.2f}   {segments:.0f} ({every[0]} to {every[-1]})")
print(f"under seamark trace: {ratios[traced]:.2f} times the bare CPU (wanted: at most {LIMIT})")
sys.exit(ratios[traced] > LIMIT)
