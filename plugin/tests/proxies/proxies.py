#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real proxies between `seamark serve` and `seamark get`, captured on loopback with both legs in one
file: what the plugin says of each chunk's other leg is compared with what a reader of its own finds, and
how long bytes were held with the recorded calls of the proxy. Prints a line for each proxy."""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import legs
import setups

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "captures"))
import tshark as runner  # noqa: E402

SKIPPED = 77
PATIENCE = 30  # seconds for anything to start or stop


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def wait_for(ready, what, process=None):
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if process and process.poll() is not None:
            raise RuntimeError(f"{what}: it ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {PATIENCE} s")
        time.sleep(0.02)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running(command, log, ready, stop=signal.SIGTERM):
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   start_new_session=True)
        try:
            wait_for(ready, f"{command[0]} (see {log})", process)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(stop)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # of its own session, started above
                process.wait()
                raise


def plans(runs, seed, tagged):
    """Another response each time: sizes from one byte to more than any buffer, with and without
    pauses, chunks joined and cut."""
    dice = random.Random(seed)
    for _ in range(runs):
        writes = dice.choice((1, 3, 17, 40))
        size = dice.choice((1, 32, 500, 1448, 9000, 40000))
        gap = dice.choice(("0", "1ms", "5ms"))
        extra = dice.choice(("", "&nodelay=1", "&split=parts", "&writes-per-chunk=3",
                             "&chunks-per-write=2" if size > 1 else ""))
        tag = "" if tagged else "&tag=none"
        yield f"/emit?writes={writes}&size={size}&gap={gap}{extra}{tag}"


def record(setup, program, seamark, folder, targets):
    """Captures all targets through the proxy. Gives (capture, events of the proxy, ports)."""
    port, server = free_ports(2)
    capture, calls = folder / "packets.pcapng", folder / "calls.pcapng"
    command = setup.command(program, folder, port, server)
    traced = [seamark, "trace", "--quiet", "-o", str(calls), "--", *command]
    server_log = folder / "server.log"
    packets = ["dumpcap", "-q", "-i", "lo", "-B", "64", "-w", str(capture), "-f",
               f"tcp port {port} or tcp port {server}"]
    # nginx names its upstream group in the Host field.
    with running([seamark, "serve", "--quiet", "--host-name", "server", "--port", str(server)], server_log,
                 lambda: listens(server)), \
            running(traced, folder / "proxy.log", lambda: listens(port), signal.SIGTERM), \
            running(packets, folder / "dumpcap.log",
                    lambda: "File:" in (folder / "dumpcap.log").read_text(), signal.SIGINT):
        # dumpcap names its file before it captures: knock until a knock is in the file.
        wait_for(lambda: listens(server) and capture.stat().st_size > 1000, "dumpcap captures nothing")
        for target in targets:
            subprocess.run([seamark, "get", "-o", "discard", f"http://127.0.0.1:{port}{target}"],
                           check=True, timeout=PATIENCE, capture_output=True)
        last = -1
        while last != capture.stat().st_size:  # what is in the kernel's buffer is still to come
            last = capture.stat().st_size
            time.sleep(1)
    return capture, calls, port, server


def paired(capture, port, server):
    """[(upstream Response, downstream Response)]: one request was made after the other. Where heads
    have ids, these must say the same."""
    found = {server: [], port: []}
    for (source, _), ways in legs.directions(capture).items():
        for way in ways:
            found.get(source[1], []).extend(legs.responses(way))
    for responses in found.values():
        responses.sort(key=lambda response: response.direction.brought(response.begin)[1])
    pairs = list(zip(found[server], found[port]))
    assert all(up.seamark == down.seamark for up, down in pairs), "not in order"
    return pairs


def rows_of(tshark, capture):
    """{(source port, destination port, message): [row, …]}"""
    tshark.add([capture])
    rows = {}
    for line in tshark.run(capture.name, "-q", "-z", "seamark,chunks,json").splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            if row["dir"] == "response" and row["size"]:
                key = row["sport"], row["dport"], row["message"]
                rows.setdefault(key, []).append(row)
    return rows


def compare(ours, theirs, downstream, rows, confidence, complaints):
    """Chunk by chunk of one leg; gives how many bytes were compared and found matched."""
    key = ours.direction.source[1], ours.direction.peer[1], ours.number
    mine = rows.get(key, [])
    if len(mine) != len(ours.runs):
        complaints.append(f"{key}: {len(mine)} rows for {len(ours.runs)} chunks")
        return 0
    matched = 0
    for row, (begin, end, _) in zip(mine, ours.runs):
        said = row.get("upstream" if downstream else "downstream")
        if not said:
            complaints.append(f"{key} chunk {row['chunk']}: no other leg")
            continue
        want = legs.expected(ours, theirs, begin, end, downstream)
        have = legs.Expected(said["matched"], said["chunks"], said["frames"], said.get("held_ns"),
                             said.get("held_shortest_ns"))
        if said["confidence"] != confidence or have != want:
            complaints.append(f"{key} chunk {row['chunk']}: {said}, expected {want}")
        else:
            matched += said["matched"]
    return matched


def kernel_times(pairs, calls):
    """How long the kernel had body bytes before the proxy read them and after it wrote them: two sorted
    lists of ns, of the first and last byte of each chunk of either leg. What the capture calls held is
    these two and what the recorded calls say. Of the writes only those that asked for no delay: after
    TCP_CORK or MSG_MORE bytes wait as the proxy wants it; how many did is the third result."""
    before, after, waiting = [], [], 0
    for up, down in pairs:
        reads = calls[legs.recorded.READ, up.direction.peer, up.direction.source]
        writes = calls[legs.recorded.WRITE, down.direction.source, down.direction.peer]
        places = {at for leg in (up, down) for begin, end, _ in leg.runs for at in (begin, end - 1)}
        for at in places:
            _, returned, _ = reads.of(up.at(at))
            entered, _, delayed = writes.of(down.at(at))
            before.append(returned - up.direction.brought(up.at(at))[1])
            if delayed:
                waiting += 1
            else:
                after.append(down.direction.brought(down.at(at))[1] - entered)
            assert returned <= entered, "written before it was read"
    return sorted(before), sorted(after), waiting


def quantiles(values):
    """Median, 95 % and most, as columns of us."""
    if not values:
        return "      -" * 3
    return "".join(f"{value / 1000:7.0f}" for value in
                   (statistics.median(values), values[len(values) * 95 // 100], values[-1]))


def check(setup, program, given, tshark, folder):
    """(line of the table, complaints)"""
    targets = list(plans(given.runs, given.seed, setup.tagged))
    capture, events, port, server = record(setup, program, given.seamark, folder, targets)
    pairs = paired(capture, port, server)
    complaints = []
    if len(pairs) != len(targets):
        complaints.append(f"{len(pairs)} pairs in the capture, for {len(targets)} requests")
    rows = rows_of(tshark, capture)
    bytes_, matched, chunks_up, chunks_down, longest = 0, 0, 0, 0, 0
    for up, down in pairs:
        if up.body() != down.body():
            complaints.append(f"{setup.name}: the proxy changed a body")
            continue
        bytes_ += 2 * up.length()
        confidence = "known" if setup.tagged else "consistent"
        matched += compare(up, down, False, rows, confidence, complaints)
        if down.chunked:
            matched += compare(down, up, True, rows, confidence, complaints)
        else:
            bytes_ -= up.length()
        chunks_up += len(up.runs)
        chunks_down += len(down.runs) if down.chunked else 0
        mine = rows.get((up.direction.source[1], up.direction.peer[1], up.number), [])
        longest = max([longest, *(r["downstream"].get("held_ns", 0) for r in mine
                                  if "downstream" in r)])
    before, after, waiting = kernel_times(pairs, legs.calls(events))
    if before and before[0] < 0:
        complaints.append(f"a byte was read {-before[0]} ns before it was captured upstream")
    if after and after[0] < 0:
        complaints.append(f"a byte was captured downstream {-after[0]} ns before it was written")
    if matched != bytes_:
        complaints.append(f"{matched} of {bytes_} bytes matched")
    line = (f"{setup.name:17} {len(pairs):4} {chunks_up:7} {chunks_down:9} {bytes_:10} {matched:10} "
            f"{longest / 1e6:9.2f} {quantiles(before)} {quantiles(after)} {waiting:6}")
    return line, complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plugin", required=True, help="seamark.so as built")
    parser.add_argument("--seamark", required=True, help="the emitter as built")
    parser.add_argument("--runs", type=int, default=20, help="responses through each proxy (20)")
    parser.add_argument("--only", default="", help="only proxies whose name has this in it")
    parser.add_argument("--seed", type=int, default=7, help="of the responses (7)")
    parser.add_argument("--keep", type=Path, help="leave the captures in this folder")
    given = parser.parse_args()
    if not shutil.which("dumpcap") or subprocess.run(
            ["dumpcap", "-q", "-i", "lo", "-a", "duration:0", "-w", os.devnull],
            capture_output=True).returncode:
        print("skipped: dumpcap may not capture on lo; run it as root, or join the group wireshark")
        return SKIPPED
    chosen = [s for s in setups.ALL if given.only in s.name]
    missing = sorted({s.program for s in chosen if not setups.find(s.program)})
    bad = ran = 0
    print("                        chunks    chunks   bytes of       them     held,    us before the read"
          "    us after the write  behind\n"
          "proxy             runs      up      down       both    matched   max ms   median   95 %    max"
          "  median   95 %    max    cork")
    with runner.Tshark(given.plugin) as tshark:
        for setup in chosen:
            program = setups.find(setup.program)
            if not program:
                continue
            folder = Path(tempfile.mkdtemp(prefix=f"seamark-{setup.name}-"))
            folder.chmod(0o755)
            try:
                line, complaints = check(setup, program, given, tshark, folder)
                print(line, flush=True)
            except (RuntimeError, AssertionError, subprocess.SubprocessError) as error:
                complaints = [f"{type(error).__name__}: {error}"]
            for complaint in complaints[:20]:
                print(f"  {setup.name}: {complaint}")
            ran += 1
            bad += bool(complaints)
            if given.keep:
                shutil.copytree(folder, given.keep / setup.name, dirs_exist_ok=True)
            if not bad or given.keep:
                shutil.rmtree(folder)
    for program in missing:
        print(f"skipped: {program} is not installed")
    return 1 if bad else 0 if ran else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
